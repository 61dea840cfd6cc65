"""What holds for any input whatever. Each function takes bytes, as a fuzzer gives them, and fails where a property does not hold.

A text that takes too long ends as a problem, by the deadline that the real thing has; whoever calls these measures nothing.
"""

import json
import re
import unicodedata
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import html5lib
from html5lib import constants, html5parser
from tilepress import markup
from tilepress.adapters.deadline import deadline
from tilepress.addresses import PRIVATE, RESERVED_NAMES, group_of, key_fault, normal_address, object_key, page_address
from tilepress.errors import DeadlineExceeded, TooComplex
from tilepress.events import messages
from tilepress.front_matter import decode
from tilepress.markup.policy import clean
from tilepress.nodes import Broken
from tilepress.pages import Page, Parsed, Problem, Severity, SourceFile
from tilepress.parse import parse
from tilepress.site import ENGINES, Site, parse_site
from tilepress.todo import sort_out

INPUT_BYTES_MAX = 4096
TEXT_SECONDS_MAX = 5.0
HOSTS = ("www.youtube-nocookie.com", "x.de")
GUARD = partial(deadline, TEXT_SECONDS_MAX)
_SETTINGS = "title: X\ntime_zone: Europe/Berlin\nmarkdown: {{engine: {engine}, embed_hosts: [{hosts}]}}\n"
_SCHEMES = ("javascript:", "data:", "vbscript:")
_ADDRESSES = {"href", "src", "action", "formaction", "poster", "cite", "srcdoc", "background"}
_NEVER = {"script", "style", "form", "button", "object", "embed", "iframe", "base", "meta", "link", "svg", "math", "template", "noscript"}
# What nh3 writes is a tree written down; what html5lib may still say of it is about nesting that browsers mend alike.
_HARMLESS = {"expected-doctype-but-got-start-tag", "expected-doctype-but-got-chars", "expected-doctype-but-got-eof"}
_NESTED = {"unexpected-start-tag-implies-end-tag", "unexpected-end-tag", "adoption-agency-1.3", "adoption-agency-4.4"}
_INVISIBLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}

# html5lib's list is older than these: without them it would end a list's entry at the next one within its caption.
html5parser.specialElements |= {(constants.namespaces["html"], name) for name in ("figcaption", "main", "summary")}


@cache
def site(engine: str) -> Site:
    """The settings under which pages are parsed here."""
    found, problems = parse_site(SourceFile("site.yaml", _SETTINGS.format(engine=engine, hosts=", ".join(HOSTS)).encode(), '"s"'))
    assert found is not None, problems
    return found


def check_parse(data: bytes, engine: str = ENGINES[0]) -> None:
    """A file gives pages or an error that is located within it; its HTML does no harm; the same bytes give the same pages."""
    file = SourceFile("content/projekte/seite.md", data, '"e"')
    found = parse(file, site(engine), GUARD)
    failed = [problem for problem in found.problems if problem.severity is Severity.ERROR]
    assert bool(found.pages) is not bool(failed), "pages or an error, and never both"
    lines = len(re.split(rb"\r\n|\r|\n", data))
    for problem in found.problems:
        check_problem(problem, lines)
    for page in found.pages:
        check_page(page)
    if not too_complex(found):  # whether a text is done in time, the machine's load may decide
        assert parse(file, site(engine), GUARD) == found, "the same bytes are the same page"


def check_problem(problem: Problem, lines: int) -> None:
    """A problem names a place in the file, says what is wrong and what to do, in one line of text that can be shown."""
    assert problem.code != "internal"
    assert 1 <= problem.line <= lines, f"line {problem.line} of {lines}"
    assert problem.column >= 1
    assert problem.message
    assert problem.hint
    assert "\n" not in problem.message + problem.hint


def check_page(page: Page) -> None:
    """Whatever of a page reaches a reader is text, an address of the kind that it claims to be, or harmless HTML."""
    for html in (page.body, page.cta_text, page.more_text):
        check_html(html)
    for text in (page.title, page.subtitle, page.description, *page.tags, *page.categories):
        assert text == " ".join(text.split()), "texts are on one line"
    for address in (page.address, *page.aliases):
        check_address(address)
    for image in (page.img, page.img_header):
        assert not image or (image.startswith("/") and not image.startswith("//")), image
        assert ".." not in image.split("/")
        assert not set(image) & set("\\?#"), image
    for link in (page.website, *(contact.url for contact in page.contacts)):
        assert not link or link.lower().startswith(("http://", "https://", "mailto:", "tel:")), link


def check_address(address: str) -> None:
    """An address is one of this site's, never one that is ours, and stays what it is when it is made normal once more."""
    assert address.startswith("/")
    assert address.endswith("/")
    assert "//" not in address
    parts = address.strip("/").split("/")
    assert not {".", ".."} & set(parts)
    assert not RESERVED_NAMES & set(parts), address
    assert not object_key(address).startswith(PRIVATE)
    if not set(address) & set("#?"):  # which a file's name may have, and an alias may not
        assert normal_address(address) == address


def check_markup(data: bytes, engine: str = ENGINES[0]) -> None:
    """Any text becomes HTML that does no harm, the same each time, whatever was converted in between."""
    try:
        text = decode(SourceFile("x.md", data.decode("utf-8", "replace").encode(), '"e"'), "en")
    except Broken:
        return
    html = converted(text, engine)
    if html is None:
        return
    check_html(html)
    converted("- a\n\n    1. b[^1]\n\n[^1]: c\n", engine)
    again = converted(text, engine)
    assert again is None or again == html, "the same text is the same HTML"
    check_clean(text)


def converted(text: str, engine: str) -> str | None:
    """The text as HTML; None where it is nested too deeply, or takes too long."""
    try:
        with deadline(TEXT_SECONDS_MAX):
            return markup.to_html(text, markup.Rules(engine, HOSTS))
    except (DeadlineExceeded, RecursionError, TooComplex):
        return None


def check_html(html: str) -> None:
    """HTML that a browser reads as it was written, with nothing in it that runs, and that the sanitiser leaves alone."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parseFragment(html)
    wrong = [(code, dict(more)) for _, code, more in parser.errors if code not in _HARMLESS]
    # A footnote's mark in a link that its author did not close is a link in a link: browsers end the outer one there.
    nested = any(more.get("startName") == "a" == more.get("endName") for _, more in wrong)
    errors = [f"{code} {more}" for code, more in wrong if not (nested and code in _NESTED)]
    assert errors == [], f"not HTML: {errors} in {html!r}"
    for element in tree.iter():
        name = element.tag if isinstance(element.tag, str) else ""
        assert name not in _NEVER, f"<{name}> in {html!r}"
        assert name != "input" or (element.get("type"), "disabled" in element.attrib) == ("checkbox", True), html
        for attribute, value in element.attrib.items():
            assert not str(attribute).startswith("on"), f"{attribute} in {html!r}"
            address = re.sub(r"[\x00-\x20]", "", value).lower()
            assert not (attribute in _ADDRESSES and address.startswith(_SCHEMES)), f"{attribute}={value!r}"


def check_clean(text: str) -> None:
    """What the sanitiser has cleaned, it leaves alone."""
    try:
        with deadline(TEXT_SECONDS_MAX):
            once = clean(text)
            again = clean(once)
    except (DeadlineExceeded, TooComplex):
        return
    assert again == once, "the sanitiser has nothing more to do"


def check_events(data: bytes) -> None:
    """Any event gives messages with keys that are texts; and what S3 says of keys, it says of keys that can be sorted out."""
    for event in (as_json(data), {"Records": as_json(data)}, {"Records": [{"eventSource": "aws:sqs", "messageId": "m", "body": text_of(data)}]}):
        found = messages(event)
        assert found == messages(event)
        for message in found:
            assert all(isinstance(key, str) for key in message.keys)
            sort_out(message.keys, ("de", "en"))


def check_keys(data: bytes) -> None:
    """Any key is left alone, is a problem, or becomes an address that is its page's alone to have."""
    key = "content/" + text_of(data) + ("" if data.endswith(b".") else ".md")
    wanted = sort_out([key, "static/" + text_of(data)], ("de", "en"))
    for group in wanted.groups:
        assert not any(unicodedata.category(char) in _INVISIBLE for char in group), ascii(group)
        for lang in ("de", "en"):
            address = page_address(group, lang, "de")
            if group_of(key, ("de", "en"))[0].rpartition("/")[2] not in {"_index", "index"}:
                check_address(address)
    for static in wanted.statics:
        assert key_fault(static) is None
        assert static.rpartition("/")[2] not in RESERVED_NAMES
        assert not static.removeprefix("static/").startswith(PRIVATE)
    for problem in wanted.problems:
        check_problem(problem, 1)


def too_complex(found: Parsed) -> bool:
    """Whether a file was given up on for its text."""
    return any(problem.code == "text-too-complex" for problem in found.problems)


def as_json(data: bytes) -> object:
    """The bytes as JSON; as a text where they are none."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return text_of(data)


def text_of(data: bytes) -> str:
    """The bytes as a text, half surrogates and all: that is what JSON may hold."""
    return data.decode("utf-8", "surrogatepass") if b"\xed" in data and _decodes(data) else data.decode("utf-8", "replace")


def _decodes(data: bytes) -> bool:
    try:
        data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


TARGETS: dict[str, Callable[[bytes], None]] = {
    **{f"parse-{engine}": partial(check_parse, engine=engine) for engine in ENGINES},
    **{f"markup-{engine}": partial(check_markup, engine=engine) for engine in ENGINES},
    "events": check_events,
    "keys": check_keys,
}
"""What a fuzzer may be let loose on, by name."""

FOUND = Path(__file__).parent / "found"
"""Inputs that broke a property once, by target: `found/<target>/<what it was>`."""
