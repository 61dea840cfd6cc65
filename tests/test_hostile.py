"""What somebody might upload to do harm: each ends as a located problem, or harmlessly, and in the time of a page."""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from builders import page_text, parsed, site, source
from tilepress.addresses import RESERVED_NAMES, object_key, page_address
from tilepress.errors import DeadlineExceeded
from tilepress.fields import ASKED_MAX
from tilepress.front_matter import FRONT_MATTER_BYTES_MAX
from tilepress.pages import PROBLEMS_MAX, Severity
from tilepress.parse import parse
from tilepress.todo import sort_out

LANGUAGES = ("de", "en")
LAUGHS = "a: &a [x, x]\n" + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20))
MERGES = "a: &a {x: 1}\n" + "".join(f"{chr(98 + n)}: &{chr(98 + n)} {{<<: [*{chr(97 + n)}, *{chr(97 + n)}]}}\n" for n in range(20))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param(f"---\n{LAUGHS}---\n", "yaml-alias", id="billion laughs"),
        pytest.param(f"---\n{MERGES}---\n", "yaml-alias", id="merge keys"),
        pytest.param("---\na: " + "[" * 30_000 + "]" * 30_000 + "\n---\n", "yaml-depth", id="lists in lists"),
        pytest.param("---\na: " + "{a: " * 10_000 + "\n---\n", "yaml-depth", id="fields in fields"),
        pytest.param("---\n" + "".join(" " * depth + "a:\n" for depth in range(300)) + "---\n", "yaml-depth", id="fields below fields"),
        pytest.param("---\n" + "? " * 5000 + "\n---\n", "yaml-depth", id="keys of keys"),
        pytest.param("+++\na = " + "[" * 30_000 + "]" * 30_000 + "\n+++\n", "yaml-depth", id="TOML, lists in lists"),
        pytest.param("+++\n" + ".".join("a" * 20_000) + " = 1\n+++\n", "yaml-depth", id="TOML, names in names"),
        pytest.param("+++\na = " + "9" * 30_000 + "\n+++\n", "toml", id="TOML, a number of thousands of digits"),
        pytest.param('{"a": ' + "[" * 30_000 + "]" * 30_000 + "}\n", "yaml-depth", id="JSON, lists in lists"),
        pytest.param('{"a": ' + "9" * 30_000 + "}\n", "yaml-depth", id="JSON, a number of thousands of digits"),
        pytest.param('{"title": "a\\u0000b"}\n', "control-character", id="JSON, a described zero"),
        pytest.param('+++\ntitle = "a\\u0007b"\n+++\n', "control-character", id="TOML, a described bell"),
        pytest.param("---\n" + "".join(f"k{n}: x\n" for n in range(100_000)) + "---\n", "front-matter-too-large", id="100,000 keys"),
        pytest.param("+++\n" + "".join(f"k{n}=1\n" for n in range(100_000)) + "+++\n", "front-matter-too-large", id="TOML, 100,000 keys"),
        pytest.param("{" + ",".join(f'"{n}":1' for n in range(100_000)) + "}", "front-matter-too-large", id="JSON, 100,000 keys"),
        pytest.param("---\ntitle: !!python/object/apply:os.system [x]\n---\n", "yaml-tag", id="a call"),
    ],
)
def test_front_matter_that_would_grow_is_refused(text, code):
    """Little bombs are one problem each, located in the file."""
    found = parsed(text)
    assert [problem.code for problem in found.problems] == [code]
    assert 1 <= found.problems[0].line <= text.count("\n") + 1


def test_front_matter_has_a_deadline():
    """Names in names that stand in a value are left to the bound on time: what is not read by then is a problem."""

    @contextmanager
    def at_once() -> Iterator[None]:
        yield
        raise DeadlineExceeded

    found = parse(source("+++\na = {" + ".".join("a" * 50) + " = 1}\n+++\n"), site(), at_once)
    assert [problem.code for problem in found.problems] == ["yaml-depth"]
    found = parse(source(page_text()), site(), at_once)
    assert [problem.code for problem in found.problems] == ["front-matter-too-complex"]


def test_as_many_fields_as_fit_are_no_problem():
    """The limit of bytes is one of fields, too: thousands are kept, and no more of them asked about than people read."""
    lines = "".join(f"titl{n}: x\n" for n in range(4000))
    found = parsed(f"---\ntitle: x\n{lines}---\n")
    assert len(lines) < FRONT_MATTER_BYTES_MAX
    assert (len(found.pages[0].params), len(found.problems) <= ASKED_MAX) == (4000, True)


def test_problems_of_one_file_are_told_up_to_a_number():
    """Ten thousand mistakes in a file fill no report; and its errors are among those that are told."""
    found = parsed("---\ntitle: x\n" + "a: x\n" * 10_000 + "date: gestern\n---\n")
    assert len(found.problems) == PROBLEMS_MAX
    assert [problem.code for problem in found.problems if problem.severity is Severity.ERROR] == ["date"]


def test_no_message_is_long():
    """A value of 60 KB is quoted in a line."""
    found = parsed(page_text(date="x" * 60_000, tile="y" * 1000, website="z" * 1000))
    assert found.problems
    assert all(len(problem.message + problem.hint) < 400 for problem in found.problems)


@pytest.mark.parametrize("written", ['"\\x1b[31m"', '"a\\u202eb"', '"\\u200b"'], ids=["terminal", "turned around", "invisible"])
def test_messages_show_nothing_that_acts(written):
    """What an author writes cannot colour a terminal, or turn a report around."""
    found = parsed(page_text(date=written))
    assert found.problems
    said = "".join(problem.message for problem in found.problems)
    assert not any(unicodedata.category(char) in {"Cc", "Cf"} for char in said)


@pytest.mark.parametrize(
    "name",
    [
        "../x",
        "a/../../x",
        "./x",
        "/x",
        "a//b",
        "a\\..\\..\\b\x00",
        "a\nb",
        "a\rb",
        "a\x1b[31m",
        "a\u202egpj",
        "a\u2066b",
        "a\u200bb",
        "a\u00adb",
        "\ufeffa",
        "a\u2028b",
        "\ud800",
        "üu\u0308",
        "!!!",
        "%%%",
        "en/x",
        "x" * 1100,
        "index",
        "projekte/index",
        "tiles.json",
        "projekte/TILES.json",
        "404.html",
        "projekte/index.html",
    ],
    ids=ascii,
)
def test_names_of_files_that_lead_astray_are_problems(name):
    """Nothing of such a file is published, and its author is told."""
    found = sort_out([f"content/{name}.md"], LANGUAGES)
    assert found.groups == frozenset()
    assert [problem.severity for problem in found.problems] == [Severity.ERROR]


@pytest.mark.parametrize(
    "name",
    [
        "projekte/tiles.j\u0455on",
        "projekte/\uff54iles.json",
        "projekte/tile\u017f.json",
        "projekte/\u0456ndex.html",
        "projekte/\u2024\u2024",
        "\u0435n/seite",
        "projekte/..%2f..%2fx",
        "projekte/%2e%2e",
        "\u2024tilepress/ledger",
        "projekte/x?y#z",
        "projekte/<script>alert(1)<\uff0fscript>",
        "projekte/{{ 7 * 7 }}",
        "con",
    ],
    ids=ascii,
)
def test_names_that_look_like_ours_are_only_names(name):
    """Letters that look like those of a reserved name make another address, within the site, that is nobody else's."""
    found = sort_out([f"content/{name}.md"], LANGUAGES)
    for group in found.groups:
        key = object_key(page_address(group, "de", "de"))
        assert not key.startswith((".tilepress", "/", "en/"))
        assert not {".", "..", ""} & set(key.split("/"))
        assert not (RESERVED_NAMES & set(key.split("/")[:-1]))
        assert not set(key) & set("<>{}?\\%\"'")


@pytest.mark.parametrize("slug", ["index.html", "a/tiles.json", "TILES.JSON", "404.html", ".."])
def test_slugs_take_no_reserved_address(slug):
    """A slug that would overwrite what the publisher writes is an error."""
    assert [problem.code for problem in parsed(page_text(slug=slug)).problems] == ["slug"]


@pytest.mark.parametrize("slug", ["../../tiles", ".tilepress/root.json", "/en/x", "a\u202eb", "ti\u217ces.json", "kategorie\u200b/x", "%2e%2e/x"])
def test_odd_slugs_stay_in_their_section(slug):
    """Whatever a slug is, its page stands below its own section, or is a problem."""
    found = parsed(page_text(slug=f'"{slug}"'))
    for page in found.pages:
        assert page.address.startswith("/projekte/")
        assert ".." not in page.address
    assert found.pages or found.problems


@pytest.mark.parametrize(
    "alias",
    [
        "/.tilepress/root.json",
        "//evil.example/",
        "https://evil.example/",
        "javascript:alert(1)",
        "\\\\\\\\evil",
        "/../../x/",
        "/tiles.json",
        "/%2e%2e/",
    ],
)
def test_aliases_lead_from_this_site_only(alias):
    """An alias is an address of the site, and not one of ours; whatever else it is, is left out or made so."""
    for page in parsed(page_text(aliases=f'"{alias}"')).pages:
        for address in page.aliases:
            assert address.startswith("/")
            assert not address.startswith(("//", "/.tilepress"))
            assert not set(address) & set(':\\%"<>')
            assert not RESERVED_NAMES & set(address.split("/"))


@pytest.mark.parametrize(
    "written",
    [
        "?x",
        "#x",
        "data:image/svg+xml,<svg onload=alert(1)>",
        "DATA:x",
        "javascript:alert(1)",
        "a/",
        "/",
        "a//b",
        "//evil.example/x.jpg",
        "\\\\evil\\x",
        "http:x.jpg",
        "a/../b.jpg",
        "/.",
        "&#47;/evil.example",
    ],
)
def test_images_that_are_none_are_left_out(written):
    """What is no path of an image gives no address, and a problem at its place."""
    found = parsed(page_text(img=f"'{written}'"))
    assert ([problem.code for problem in found.problems], found.problems[0].line, found.pages[0].img) == (["image"], 3, "")


@pytest.mark.parametrize("name", ["index.html", "tiles.json", "projekte/tiles.json", "404.html", ".tilepress/root.json", ".htaccess", "a/../x"])
def test_static_files_overwrite_nothing_of_ours(name):
    """An uploaded file cannot take the place of what the publisher writes."""
    found = sort_out([f"static/{name}"], LANGUAGES)
    assert found.statics == frozenset()


def test_languages_that_are_paths_are_refused():
    """A site's languages are codes: no path, no dots."""
    from tilepress.site import parse_site

    for written in ("[de, ../x]", "[de, a/b]", "[de, '']", "[de, '.']"):
        found, problems = parse_site(source(f"languages: {written}\n", "site.yaml"))
        assert found is None or not any(set(lang) & set("./") or not lang for lang in found.languages), problems


def test_the_next_page_is_unharmed():
    """After the worst of front matter a page is what it is without it."""
    honest = source(page_text("*a*"))
    before = parse(honest, site())
    parsed(f"---\n{LAUGHS}---\n")
    parsed("---\na: " + "[" * 30_000 + "\n---\n")
    assert parse(honest, site()) == before


@pytest.mark.parametrize("field", ["title", "subtitle", "focus", "kategorien", "people", "img", "contact_person", "website", "slug"])
@pytest.mark.parametrize("form", ["&#{};", "{}% 5%", "{}"])
def test_a_number_of_thousands_of_digits_is_a_text_like_any_other(field, form):
    """Python reads no such number. Where it stands for nothing, it stands for itself; else it is a problem of its field."""
    found = parsed(page_text(**{"title": "T", field: '"' + form.format("9" * 5000) + '"'}))
    assert all(problem.line > 1 for problem in found.problems)
