"""Located values become values by the kind of their field, tolerantly where the meaning is plain."""

from datetime import UTC, datetime
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from builders import fields
from hypothesis import given, settings
from hypothesis import strategies as st
from tilepress.fields import ASKED_MAX, link, plain
from tilepress.pages import Severity

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("yaml", "text"),
    [
        ("no", "no"),
        ("12:30", "12:30"),
        ("0123", "0123"),
        ("1_000", "1_000"),
        ("2014", "2014"),
        ("true", "true"),
        ("Geb&auml;ude&shy;daten", "Gebäude\u00addaten"),
        ("U\u0308ber", "Über"),
        ('" a\\n  b "', "a b"),
        ("|\n  a\n  b\n", "a b"),
        ("|\n   \n", ""),
        ("null", ""),
        ("", ""),
        ('"null"', "null"),
    ],
)
def test_text_is_what_the_author_wrote(yaml, text):
    """A text field keeps what YAML would take for something else; entities are characters, white space is folded."""
    assert fields(f"a: {yaml}\n")[0].text("a") == text


def test_missing_moment_is_none():
    """A date that is null counts as not given."""
    reader, problems = fields("a: null\n")
    assert (reader.moment("a", BERLIN), problems) == (None, [])


def test_raw_text_keeps_its_lines():
    """A text of several lines keeps them where that matters."""
    assert fields("a: |\n  b\n  c\n")[0].raw("a") == "b\nc\n"


@pytest.mark.parametrize("kind", ["text", "raw", "texts", "flag", "number", "mapping_of"])
@pytest.mark.parametrize("yaml", ["a: null\n", "b: x\n"], ids=["null", "not given"])
def test_missing_field_is_empty_and_no_problem(kind, yaml):
    """A field that is null counts as not given, and that is fine with every kind."""
    reader, problems = fields(yaml)
    assert not getattr(reader, kind)("a")
    assert problems == []


@pytest.mark.parametrize(
    ("yaml", "texts"),
    [
        ("[a, b]", ("a", "b")),
        ("a", ("a",)),
        ("[2014, no]", ("2014", "no")),
        ("[a, null, '', ~]", ("a",)),
        ("[]", ()),
    ],
)
def test_texts_are_a_list_or_a_single_one(yaml, texts):
    """Where a list is meant, one text is a list of one; what is empty is left out."""
    assert fields(f"a: {yaml}\n")[0].texts("a") == texts


@pytest.mark.parametrize(
    ("yaml", "flag"),
    [("true", True), ("1", True), ("yes", True), ("Ja", True), ('"on"', True), ("0", False), ("no", False), ("NEIN", False), ("''", False)],
)
def test_flag_has_many_spellings(yaml, flag):
    """True and false are understood in the usual spellings, `draft: 1` among them."""
    assert fields(f"a: {yaml}\n")[0].flag("a") is flag


@pytest.mark.parametrize(("yaml", "number"), [("10", 10), ("-3", -3), ("'7'", 7), ("+2", 2), ("010", 10), ("1_000", 1000), ("10.0", 10)])
def test_number_is_whole(yaml, number):
    """A whole number is read, quoted or not."""
    assert fields(f"a: {yaml}\n")[0].number("a") == number


@pytest.mark.parametrize(
    ("kind", "yaml"),
    [
        pytest.param("text", "[a]", id="list for a text"),
        pytest.param("text", "{a: b}", id="fields for a text"),
        pytest.param("raw", "[a]", id="list for a long text"),
        pytest.param("texts", "[[a]]", id="list in a list"),
        pytest.param("texts", "{a: b}", id="fields for a list"),
        pytest.param("texts", "[a: b]", id="text with a colon in a list"),
        pytest.param("flag", "maybe", id="word for a flag"),
        pytest.param("flag", "[true]", id="list for a flag"),
        pytest.param("number", "viel", id="word for a number"),
        pytest.param("number", "1.5", id="fraction for a number"),
        pytest.param("number", "[1]", id="list for a number"),
        pytest.param("number", "1000000001", id="number that is too large"),
        pytest.param("number", "9" * 5000, id="number beyond reading"),
        pytest.param("mapping_of", "text", id="text for fields"),
        pytest.param("mapping_of", "[a]", id="list for fields"),
    ],
)
def test_what_is_of_another_kind_is_refused(kind, yaml):
    """A value that cannot be what its field means counts as not given, and is an error."""
    reader, problems = fields(f"a: {yaml}\n")
    assert not getattr(reader, kind)("a")
    assert [(problem.code, problem.severity) for problem in problems] == [("wrong-type", Severity.ERROR)]


def test_problem_is_located_at_the_value():
    """A problem stands at the value that it is about."""
    reader, problems = fields("b: 1\na: viel\n")
    reader.number("a")
    assert [(problem.line, problem.column) for problem in problems] == [(2, 4)]


@pytest.mark.parametrize(
    ("yaml", "moment"),
    [
        pytest.param("2024-03-31", datetime(2024, 3, 31, tzinfo=BERLIN), id="date"),
        pytest.param("2024-3-1", datetime(2024, 3, 1, tzinfo=BERLIN), id="date without zeros"),
        pytest.param('"2024-03-31"', datetime(2024, 3, 31, tzinfo=BERLIN), id="quoted"),
        pytest.param("2024-03-31 14:00", datetime(2024, 3, 31, 14, tzinfo=BERLIN), id="date and time"),
        pytest.param("31.3.2024", datetime(2024, 3, 31, tzinfo=BERLIN), id="German date"),
        pytest.param("1. 3. 2024, 9:30 Uhr", datetime(2024, 3, 1, 9, 30, tzinfo=BERLIN), id="German date and time"),
        pytest.param("2024-07-01T14:00:05.25", datetime(2024, 7, 1, 14, 0, 5, tzinfo=BERLIN), id="fraction of a second"),
        pytest.param("2024-07-01T12:00:00Z", datetime(2024, 7, 1, 12, tzinfo=UTC), id="UTC"),
        pytest.param("2024-07-01t12:00:00z", datetime(2024, 7, 1, 12, tzinfo=UTC), id="UTC, small letters"),
        pytest.param("2024-07-01T12:00:00+02:00", datetime(2024, 7, 1, 10, tzinfo=UTC), id="offset"),
        pytest.param("2024-07-01T12:00:00 -0330", datetime(2024, 7, 1, 15, 30, tzinfo=UTC), id="offset without colon"),
    ],
)
def test_moment_has_many_forms(yaml, moment):
    """A date is read in the forms that Hugo and people use; without a zone of its own, in the site's."""
    assert fields(f"a: {yaml}\n")[0].moment("a", BERLIN) == moment


@pytest.mark.parametrize(
    ("yaml", "written"),
    [
        ("2024-07-01", "2024-07-01T00:00:00+02:00"),
        ("2024-01-01 09:30", "2024-01-01T09:30:00+01:00"),
        ("2024-07-01T12:00:00Z", "2024-07-01T12:00:00+00:00"),
    ],
    ids=["summer", "winter", "UTC"],
)
def test_moment_keeps_the_zone_of_its_author(yaml, written):
    """A moment is written in the zone that its author meant, daylight saving time included."""
    found = fields(f"a: {yaml}\n")[0].moment("a", BERLIN)
    assert found is not None
    assert found.isoformat() == written


@pytest.mark.parametrize(
    "yaml",
    [
        "3/31/2024",
        "31.2.2024",
        "2024-02-30",
        "2024-13-01",
        "gestern",
        "2024",
        "2024-03-31 25:00",
        "2024-03-31T12:00:00+99:99",
        "0000-01-01",
        "0001-01-01",
        "0001-01-02T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "2024-03-31x",
    ],
)
def test_what_is_no_date_is_refused(yaml):
    """A date that does not exist, or is none, is an error."""
    reader, problems = fields(f"a: {yaml}\n")
    assert reader.moment("a", BERLIN) is None
    assert [problem.code for problem in problems] == ["date"]


@pytest.mark.parametrize(
    ("yaml", "choice"),
    [
        ("single", "single"),
        ("Double", "double"),
        ("doubel", "double"),
        ("riesig", "single"),
        ("doppel", "double"),
        ("Doppelt", "double"),
        ("", "single"),
    ],
)
def test_choice_is_the_nearest(yaml, choice):
    """A word that is none of the choices stands for the nearest, else for the usual one."""
    assert fields(f"a: {yaml}\n")[0].choice("a", ("single", "double"), {"doppel": "double"}) == choice


def test_unknown_choice_is_warned_of_with_the_choices():
    """A word that is none of the choices gives a warning that lists them."""
    reader, problems = fields("a: riesig\n")
    reader.choice("a", ("single", "double"), {"doppel": "double"})
    assert [(problem.code, problem.severity, problem.hint) for problem in problems] == [
        ("unknown-value", Severity.WARNING, "Write one of: single, double.")
    ]


@pytest.mark.parametrize(
    ("said", "url"),
    [
        pytest.param("https://x.de/a", "https://x.de/a", id="https"),
        pytest.param("http://x.de", "http://x.de", id="http"),
        pytest.param("HTTPS://X.DE", "HTTPS://X.DE", id="capitals"),
        pytest.param("www.x.de", "https://www.x.de", id="no scheme"),
        pytest.param("x.de/a?b#c", "https://x.de/a?b#c", id="no scheme, with a path"),
        pytest.param("übermorgen.de", "https://übermorgen.de", id="umlaut"),
        pytest.param("x.de:8080", "https://x.de:8080", id="port"),
        pytest.param("info@x.de", "mailto:info@x.de", id="mailbox"),
        pytest.param("mailto:info@x.de", "mailto:info@x.de", id="mailto"),
        pytest.param("a@" + "." * 1_000_000 + ":", "", id="dots without end"),
        pytest.param("tel:+4930", "tel:+4930", id="telephone"),
        pytest.param("https://medium.com/@x/a.b", "https://medium.com/@x/a.b", id="at sign in a path"),
        pytest.param("https://user@x.de", "https://user@x.de", id="at sign in a host"),
        pytest.param("javascript:alert(1)", "", id="script"),
        pytest.param("JavaScript:alert@x.de", "", id="script that looks like a mailbox"),
        pytest.param("java\tscript:alert(1)", "", id="script with a tab"),
        pytest.param("data:text/html,x", "", id="data"),
        pytest.param("vbscript:x", "", id="another script"),
        pytest.param("ftp://x.de", "", id="ftp"),
        pytest.param("//x.de", "", id="no scheme but a host"),
        pytest.param("https://", "", id="no host"),
        pytest.param("http://[x", "", id="broken host"),
        pytest.param("https://x.de/a b", "", id="blank"),
        pytest.param('https://x.de/"onclick', "", id="quotation mark"),
        pytest.param("einfach so", "", id="words"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_link_may_be_followed(said, url):
    """Only addresses of the web, of mailboxes and telephones are links; one without a scheme gets it."""
    assert link(said) == url


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet=st.sampled_from("javscriptdhx:/.@ \t\n&;%#?<>\"'\\[]ü0"), max_size=25))
def test_no_link_runs_anything(said):
    """Whatever is written, what comes out has a harmless scheme or is nothing."""
    assert link(said).lower().startswith(("http://", "https://", "mailto:", "tel:")) or link(said) == ""


def test_field_that_is_no_link_is_left_out_with_a_warning():
    """A link that cannot be followed does not keep the page from being published."""
    reader, problems = fields("a: javascript:alert(1)\n")
    assert reader.link("a") == ""
    assert [(problem.code, problem.severity) for problem in problems] == [("address", Severity.WARNING)]


def test_fields_within_a_field_are_read():
    """A field of further fields is a mapping."""
    found = fields("a:\n   b: c\n")[0].mapping_of("a")
    assert found is not None
    assert found.value() == {"b": "c"}


def test_unknown_fields_are_those_that_nobody_read():
    """What was not read is unknown, in the order in which it stands."""
    reader, _ = fields("z: 1\nb: 2\na: 3\n")
    reader.text("b")
    assert reader.unknown(("b",), {}) == ("z", "a")


@pytest.mark.parametrize("name", ["subtitel", "Subtitle", "sub-title", "subtitl", "untertitel", "Unter-Titel", "untertitl"])
def test_misspelt_field_is_hinted_at(name):
    """A field that looks like a known one is asked about."""
    reader, problems = fields(f"{name}: x\n")
    reader.unknown(("title", "subtitle"), {"untertitel": "subtitle"})
    assert [(problem.code, problem.severity) for problem in problems] == [("unknown-field", Severity.WARNING)]


def test_only_so_many_unknown_fields_are_asked_about():
    """Hundreds of fields that are nearly known take no more time, and no more of a report, than fifty."""
    written = ("".join(letters) for letters in product(*("sS", "uU", "bB", "tT", "iI", "tT", "lL", "eE")))
    reader, problems = fields("".join(f"{name}: x\n" for name in written if name != "subtitle"))
    reader.unknown(("subtitle",), {})
    assert len(problems) == ASKED_MAX


@pytest.mark.parametrize("text", ["lab: Berlin\n", "subtitel: x\nsubtitle: y\n"], ids=["nothing like it", "the known one is there as well"])
def test_other_unknown_fields_are_nobodys_mistake(text):
    """A field of the author's own is no problem."""
    reader, problems = fields(text)
    reader.unknown(("title", "subtitle"), {})
    assert problems == []


@pytest.mark.parametrize("written", ["a\u202eb", "a&#x202e;b", "a\u2066b\u2069"], ids=["override", "described", "isolate"])
def test_plain_text_turns_nothing_around(written):
    """What would reverse the text after it on a page is not in any plain text."""
    assert plain(written) == "ab"


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=30).filter(lambda text: "&" not in text))
def test_plain_text_stays_plain(text):
    """Plain text on one line is in its final form."""
    assert plain(plain(text)) == plain(text)
