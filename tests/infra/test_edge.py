"""The CDN's functions, headers and error pages: run as they stand in the template."""

import re
from collections.abc import Callable, Mapping
from urllib.parse import quote, urljoin, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tilepress.dev.edge import Answer, Edge
from tilepress.dev.stack import Stack, read_stack
from tilepress.plan import invalidation

PAGE = Answer(200, {"content-type": "text/html; charset=utf-8"}, b"<p>Page")
MOVED = Answer(200, {"content-type": "text/html; charset=utf-8", "x-amz-meta-location": "/projekte/%C3%BC/"}, b"<p>Moved")
COPY = Answer(200, {"content-type": "image/svg+xml", "x-amz-meta-copied-from": '"e"', "x-amz-version-id": "v"}, b"<svg>")
OBJECTS = {
    "index.html": PAGE,
    "projekte/ü/index.html": PAGE,
    "alt/index.html": MOVED,
    "files/logo.svg": COPY,
    "assets/style.0db794795c.css": Answer(200, {"content-type": "text/css"}, b"a{}"),
    ".well-known/token": PAGE,
    "404.html": Answer(200, {"content-type": "text/html; charset=utf-8"}, b"<p>Nothing here"),
}


def origin(objects: Mapping[str, Answer]) -> Callable[[str], Answer]:
    """A bucket that may not be listed."""
    return lambda key: objects.get(key, Answer(403, {}))


EDGE = Edge(read_stack(), origin(OBJECTS))
OF_ONE_HOST = Edge(read_stack(given={"DomainName": "www.example.org"}), origin(OBJECTS))


@pytest.mark.parametrize("uri", ["/", "/projekte/%C3%BC/", "/files/logo.svg", "/.well-known/token", "//", "/assets/style.0db794795c.css"])
def test_what_is_there_is_shown(uri: str) -> None:
    """A page is found by its address, a file by its name."""
    assert EDGE.answer(uri).status == 200


@pytest.mark.parametrize("uri", ["/", "/projekte/%C3%BC/", "/files/logo%20(1).svg"])
def test_what_is_invalidated_is_what_is_kept(uri: str) -> None:
    """The cache knows a page by what the function makes of its address; the address itself is told as well."""
    asked: list[str] = []

    def answer(key: str) -> Answer:
        asked.append(key)
        return PAGE

    Edge(read_stack(), answer).answer(uri)
    (key,) = asked
    assert {uri, "/" + quote(key, safe="/()")} <= {*invalidation([key])}


@pytest.mark.parametrize(
    ("uri", "query", "location"),
    [
        ("/projekte/%C3%BC", "", "/projekte/%C3%BC/"),
        ("/projekte", "utm=1&x=%C3%BC&x=2&flag", "/projekte/?utm=1&x=%C3%BC&x=2&flag"),
        ("//elsewhere.example/x", "", "/elsewhere.example/x/"),
        ("/\\elsewhere.example/x", "", "/elsewhere.example/x/"),
    ],
)
def test_an_address_without_its_slash_leads_to_the_one_with_it(uri: str, query: str, location: str) -> None:
    """One page has one address; what is asked is kept, and nobody is led to another host."""
    answer = EDGE.answer(uri, query)
    assert (answer.status, answer.headers["location"]) == (301, location)


@settings(deadline=None, max_examples=60)
@given(st.text(st.sampled_from("/\\.:@%e"), max_size=12).map(lambda rest: "/" + rest))
def test_no_address_leads_to_another_host(uri: str) -> None:
    """Whatever a link that somebody sends around looks like, it ends on the site."""
    location = EDGE.answer(uri).headers.get("location", "/")
    assert urlsplit(urljoin("https://site.example/", location.replace("\\", "/"))).netloc == "site.example"


def test_a_former_address_is_a_real_redirect() -> None:
    """A page whose metadata names a target answers 301; the page that leads on stays its body; nobody sees the metadata."""
    answer = EDGE.answer("/alt/")
    assert (answer.status, answer.headers["location"], answer.body) == (301, "/projekte/%C3%BC/", MOVED.body)
    assert "x-amz-meta-location" not in answer.headers


def test_every_other_host_leads_to_the_one() -> None:
    """Of several hosts one is the site's, the others lead to the same address there, in one step."""
    assert OF_ONE_HOST.answer("/projekte", "a=1", "example.org").headers["location"] == "https://www.example.org/projekte/?a=1"
    assert OF_ONE_HOST.answer("/", "", "d1.cloudfront.net").headers["location"] == "https://www.example.org/"
    assert OF_ONE_HOST.answer("/", "", "www.example.org").status == 200


@pytest.mark.parametrize("uri", ["/nowhere/", "/files/none.svg", "/.tilepress/root.json", "/en/nowhere/"])
def test_what_is_not_there_is_a_404(uri: str) -> None:
    """A missing address answers 404, never 200 or 403, with the site's own page."""
    answer = EDGE.answer(uri)
    assert (answer.status, answer.body) == (404, OBJECTS["404.html"].body)


def test_before_anything_is_published_the_origin_speaks() -> None:
    """Without a 404 page the answer is an error all the same."""
    assert Edge(read_stack(), origin({})).answer("/").status == 403


@pytest.mark.parametrize("uri", ["/", "/alt/", "/nowhere/", "/projekte", "/assets/style.0db794795c.css"])
def test_every_answer_has_the_security_headers(uri: str) -> None:
    """Pages, redirects, errors and assets alike."""
    headers = EDGE.answer(uri).headers
    assert {"content-security-policy", "strict-transport-security", "x-content-type-options", "referrer-policy"} <= headers.keys()
    assert (headers["x-content-type-options"], headers["x-frame-options"]) == ("nosniff", "DENY")


def test_what_s3_says_of_itself_is_not_passed_on() -> None:
    """Versions and origins of copies are nobody's business."""
    assert [name for name in EDGE.answer("/files/logo.svg").headers if name.startswith("x-amz")] == []


@pytest.mark.parametrize("name", ["ViewerRequest", "ViewerResponse"])
def test_functions_fit_the_cdn(stack: Stack, name: str) -> None:
    """At most 10 KB, and nothing that CloudFront's JavaScript does not have (it is ECMAScript 5.1 and some of what came later)."""
    code = stack.properties(name)["FunctionCode"]
    assert len(code.encode()) <= 10 * 1024
    assert re.findall(r"\b(class|import|require|fetch|setTimeout|let|yield)\b|\?\.|\?\?", code) == []
