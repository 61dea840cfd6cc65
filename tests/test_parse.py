"""A source file becomes its pages, or problems; it never raises."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count

import pytest
from builders import page, page_text, parsed, problem_codes, site, source
from hypothesis import given, settings
from hypothesis import strategies as st
from tilepress.errors import DeadlineExceeded
from tilepress.pages import Parsed, Severity
from tilepress.parse import Guard, parse
from tilepress.vocabulary import NAMES

SITE = site("title: X\nmarkdown: {embed_hosts: [player.vimeo.com]}")


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=300))
def test_no_bytes_make_it_raise(body):
    """Whatever the bytes are, there are pages or there is an error."""
    found = parse(source(body), SITE)
    assert found.pages or any(problem.severity is Severity.ERROR for problem in found.problems)


LINES = st.sampled_from(
    """
    title: x|title: [a]|date: 2024-1-1|date: x|weight: y|draft: maybe|tags: {a: b}|tags: [a, [b]]|aliases: [/a, //b, ../c]|slug: "/"|slug: ..
    people: [a, {name: b}, [c]]|contact:|contact: {mastodon: {handle: a}}|contact: [a]|contact: {x: "@a", y: {}}|contact_person: nobody
    de: {content: [a]}|en: {title: b}|img: ../a|img: //b|cta_text: "<b>[x](javascript:y)"|"": x|params: {a: [1, null]}|layout: base|tile: tripel|- a
    """.strip()
    .replace("\n    ", "|")
    .split("|")
)


@settings(deadline=None, max_examples=200)
@given(st.lists(LINES, max_size=8), st.text(alphabet="ab#*[]()<>`_ \n-|:{}&", max_size=60))
def test_no_fields_make_it_raise(lines, body):
    """Whatever stands in front matter and text, there are pages or there is an error, located within the file."""
    text = "\n".join(["---", *lines, "---", body])
    found = parse(source(text), SITE)
    assert found.pages or any(problem.severity is Severity.ERROR for problem in found.problems)
    assert all(1 <= problem.line <= text.count("\n") + 1 and problem.column >= 1 for problem in found.problems)


def test_page_of_a_title_has_sensible_rest():
    """A title is enough for a page."""
    found = page("")
    assert (found.title, found.address, found.section, found.lang, found.tile, found.weight, found.body) == (
        "Titel",
        "/projekte/ogp/",
        "projekte",
        "de",
        "single",
        0,
        "",
    )


@pytest.mark.parametrize(
    ("name", "written", "expected"),
    [
        ("title", "no", "no"),
        ("subtitle", "12:30", "12:30"),
        ("description", "Geb&auml;ude", "Gebäude"),
        ("summary", "0123", "0123"),
        ("years", "2014", "2014"),
        ("years", "2011 - 2025", "2011 - 2025"),
        ("type", "Archive", "archive"),
        ("tile", "double", "double"),
        ("weight", "'10'", 10),
        ("layout", "interview", "interview"),
        ("img_alt", "Ein Bild", "Ein Bild"),
        ("img_license", "CC BY 4.0", "CC BY 4.0"),
        ("tags", "[a, b]", ("a", "b")),
        ("search_keys", "suche", ("suche",)),
        ("partners", "[A, B]", ("A", "B")),
        ("financing", "BMBF", ("BMBF",)),
        ("website", "www.x.de", "https://www.x.de"),
        ("cta", "Mach mit", "Mach mit"),
        ("cta_text", "'[x](https://x.de)'", '<a href="https://x.de" rel="external noopener">x</a>'),
        ("more_text", "<script>alert(1)</script>a", "a"),
        ("date", "2024-03-31", "2024-03-31T00:00:00+00:00"),
        ("lastmod", "null", ""),
    ],
)
def test_field_reaches_the_page(name, written, expected):
    """Each field of the front matter is on the page in the form that its kind has."""
    assert getattr(page(**{name: written}), name) == expected


def test_dates_are_in_the_sites_zone():
    """A date without a zone is the site's."""
    assert page(date="2024-07-01", settings="time_zone: Europe/Berlin").date == "2024-07-01T00:00:00+02:00"


def test_body_is_sanitised_html():
    """The text is HTML that can do no harm."""
    assert page("*a* <script>b</script>[c](javascript:d)").body == "<p><em>a</em> <a>c</a></p>"


def test_embeds_follow_the_settings():
    """An embed of a host that the settings name stays one."""
    text = '<iframe src="https://x.de/1"></iframe>'
    assert 'class="embed"' in page(text, settings="markdown: {embed_hosts: [x.de]}").body
    assert 'class="embed-link"' in page(text).body


def test_the_engine_follows_the_settings():
    """The engine that site.yaml names reads the text: attributes of an image are Python-Markdown's alone."""
    assert "{.x}" in page("![a](b){.x}", settings="markdown: {engine: commonmark}").body
    assert "{.x}" not in page("![a](b){.x}").body


def test_links_to_other_hosts_are_marked():
    """A link that leaves the site says so; one to the site's own address does not."""
    body = page("[a](https://own.example/a) [b](https://x.de)", settings="base_url: https://own.example").body
    assert body == '<p><a href="https://own.example/a">a</a> <a href="https://x.de" rel="external noopener">b</a></p>'


def test_text_is_no_template():
    """What looks like a template in an author's text stays a text."""
    assert "{{ site.title }}" in page("{{ site.title }}").body


def test_unknown_fields_are_kept():
    """A field that means nothing to us reaches templates as it is, typed by YAML's core schema."""
    assert page(lab="Berlin", zahl="3", liste="[a, null]", wahr="true").params == {"lab": "Berlin", "zahl": 3, "liste": ["a", None], "wahr": True}


def test_known_fields_are_no_params():
    """A field that we know is not among the others."""
    assert page(**dict.fromkeys(NAMES, "null") | {"title": "x"}).params == {}


def test_misspelt_field_is_a_warning():
    """A misspelt field is asked about, and the page is published."""
    found = parsed(page_text(subtitel="x"))
    assert (problem_codes(found), len(found.pages)) == (["unknown-field"], 1)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        pytest.param({"title": "null"}, "title-missing", id="no title"),
        pytest.param({"title": "'&#32;'"}, "title-missing", id="title of a blank"),
        pytest.param({"date": "gestern"}, "date", id="date that is none"),
        pytest.param({"draft": "vielleicht"}, "wrong-type", id="flag that is none"),
        pytest.param({"weight": "schwer"}, "wrong-type", id="weight that is none"),
        pytest.param({"people": "[[a]]"}, "wrong-type", id="people in a list in a list"),
        pytest.param({"contact": "[a]"}, "wrong-type", id="contact that is a list"),
        pytest.param({"tags": "[a: b]"}, "wrong-type", id="tag with a colon"),
    ],
)
def test_error_keeps_the_page_from_being_published(fields, code):
    """With an error there are no pages, and the problem says what to do."""
    found = parsed(page_text(**fields))
    assert (problem_codes(found), found.pages) == ([code], ())


@pytest.mark.parametrize(
    ("fields", "body", "code"),
    [
        pytest.param({"tile": "tripel"}, "", "unknown-value", id="tile that there is not"),
        pytest.param({"website": "javascript:x"}, "", "address", id="link that runs something"),
        pytest.param({"img": "../x.jpg"}, "", "image", id="image from elsewhere"),
        pytest.param({}, 'a\n\n{{< figure src="x" >}}', "shortcode", id="shortcode"),
        pytest.param({}, "{{% x %}}", "shortcode", id="shortcode of the other kind"),
    ],
)
def test_warning_lets_the_page_pass(fields, body, code):
    """With a warning alone the page is published."""
    found = parsed(page_text(body, **fields))
    assert (problem_codes(found), len(found.pages)) == ([code], 1)


def test_shortcode_is_located():
    """A shortcode is found at its line in the file."""
    assert parsed("---\ntitle: x\n---\n\na\n\n{{< b >}}\n").problems[0].line == 7


def test_problems_stand_in_the_order_of_the_file():
    """An author reads problems from the top of the file to its end."""
    text = "---\ntitle: x\nweight: a\nweight: schwer\nimg: ../x\n---\n{{< a >}}\n"
    assert problem_codes(parsed(text)) == ["duplicate-field", "wrong-type", "image", "shortcode"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"draft": "true"}, "draft"),
        ({"draft": "1"}, "draft"),
        ({"draft": "false"}, "published"),
        ({"publishDate": "2030-01-01"}, "scheduled"),
        ({"expiryDate": "2020-01-01"}, "expired"),
        ({"expiryDate": "2030-01-01", "publishDate": "2020-01-01"}, "published"),
        ({"date": "2030-01-01"}, "published"),
    ],
    ids=["draft", "draft: 1", "no draft", "later", "over", "between", "date alone"],
)
def test_visibility_follows_from_the_front_matter(fields, expected):
    """Drafts and pages before or after their time are not published."""
    assert parsed(page_text(**fields)).visibility.state(datetime(2025, 1, 1, tzinfo=UTC)) == expected


@pytest.mark.parametrize(
    ("fields", "due"),
    [
        ({"publishDate": "2030-01-01", "expiryDate": "2031-01-01"}, datetime(2030, 1, 1, tzinfo=UTC)),
        ({"publishDate": "2020-01-01", "expiryDate": "2031-01-01"}, datetime(2031, 1, 1, tzinfo=UTC)),
        ({"publishDate": "2030-01-01", "draft": "true"}, None),
        ({}, None),
    ],
    ids=["publication", "end", "draft", "never"],
)
def test_next_change_by_itself_is_known(fields, due):
    """The moment at which a page comes or goes without an upload is known; a draft has none."""
    assert parsed(page_text(**fields)).visibility.due(datetime(2025, 1, 1, tzinfo=UTC)) == due


def exceeded() -> Guard:
    """A guard under which the fields are read, and the time of each text is up at once."""
    uses = count()

    @contextmanager
    def guard() -> Iterator[None]:
        yield
        if next(uses):
            raise DeadlineExceeded

    return guard


def too_deep() -> Parsed:
    """A file whose text is nested more deeply than anybody means."""
    return parsed(page_text("<div>" * 600))


def test_text_that_takes_too_long_is_a_problem():
    """A text whose time is up is a problem of the page, not of the program."""
    assert problem_codes(parse(source(page_text("a")), SITE, exceeded())) == ["text-too-complex"]


def test_short_text_that_takes_too_long_is_a_problem_at_its_place():
    """A field's text is bounded like the page's, and located."""
    text = "---\ntitle: x\ncta_text: y\n---\n"
    assert [(problem.code, problem.line) for problem in parse(source(text), SITE, exceeded()).problems][-1][0] == "text-too-complex"


def test_text_that_is_nested_too_deeply_is_a_problem():
    """A text with hundreds of elements in one another is a problem at the line where it starts."""
    assert [(problem.code, problem.line) for problem in too_deep().problems] == [("text-too-complex", 4)]


def test_same_file_gives_the_same_pages():
    """Parsing depends on nothing but the file and the settings: one page's text leaves nothing behind for the next."""
    note = page_text("a[^1]\n\n[^1]: b\n\n[x]: https://x.de\n")
    first = parsed(note)
    parsed(page_text("[x] [^1]"))
    assert parsed(note) == first
