"""What authors are told, in each language: complete, alike, and safe to show whatever they wrote."""

import re
import unicodedata
from pathlib import Path
from string import Formatter

import pytest
import tilepress
from builders import page_text, parsed, site, source
from hypothesis import given, settings
from hypothesis import strategies as st
from tilepress.pages import Severity
from tilepress.site import parse_site
from tilepress.todo import sort_out
from tilepress.wording import QUOTED_CHARS_MAX, TEXTS, WARNINGS, problem, quote

PACKAGE = Path(tilepress.__file__).parent
KEYS = sorted(TEXTS["en"])


def names(text: str) -> set[str]:
    """What a text leaves open."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_both_languages_say_the_same_things():
    """What can be told in one language can be told in the other."""
    assert TEXTS["de"].keys() == TEXTS["en"].keys()


@pytest.mark.parametrize("key", KEYS)
def test_both_languages_name_the_same(key):
    """What a message names in one language, it names in the other; and both have a hint."""
    german, english = TEXTS["de"][key], TEXTS["en"][key]
    assert [names(text) for text in german] == [names(text) for text in english]
    assert all((*german, *english))


def test_every_text_is_used():
    """Each key stands somewhere in the code, and each warning is a key."""
    code = "".join(path.read_text() for path in PACKAGE.rglob("*.py") if not path.stem.startswith("wording"))
    assert [key for key in KEYS if f'"{key}"' not in code] == []
    assert set(KEYS) >= WARNINGS


def test_no_problem_is_worded_elsewhere():
    """Whoever makes a problem takes its words from here; only what was a problem before is made one again."""
    made = {path.stem for path in PACKAGE.rglob("*.py") if re.search(r"\bProblem\((?!\*\*)", path.read_text())}
    assert made == {"wording"}


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("", "Titel"),
        ("default_language: de", "Titel"),
        ("default_language: en", "title"),
        ("default_language: fr", "title"),
        ("default_language: en\nmessages: de", "Titel"),
        ('messages: "en"', "title"),
        ("messages: English", "title"),
    ],
)
def test_the_settings_choose_the_language(settings, said):
    """Problems are told in the language of `messages`, else in German where the site is German."""
    (found,) = parsed(page_text(title="null"), settings=settings).problems
    assert said in found.message


def test_problems_of_the_settings_are_in_that_language_too():
    """Also where the settings cannot be read for the mistake in them."""
    found, (told,) = parse_site(source("messages: en\ntitle: a: b\n", "site.yaml"))
    assert (found, "quotation marks" in told.hint) == (None, True)


def test_a_language_that_there_is_not_is_asked_about():
    """Whoever wants messages in a third language is told which there are."""
    _, (told,) = parse_site(source("messages: fr\n", "site.yaml"))
    assert (told.code, told.severity, "de" in told.hint) == ("unknown-value", Severity.WARNING, True)


def test_problems_of_keys_are_in_that_language():
    """A file name that cannot be published is told of in the site's language."""
    (told,) = sort_out(["content/en/x.md"], ("de", "en"), site().wording).problems
    assert "Sprache" in told.message


def test_code_is_the_first_part_of_a_key():
    """Programs see one code where people read one of several texts."""
    told = problem("wrong-type.number", "en", "x.md", 3, 4, name="weight")
    assert (told.code, told.line, told.column, told.message) == ("wrong-type", 3, 4, "“weight” should be a whole number.")


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=200))
def test_what_authors_wrote_is_quoted_harmlessly(text):
    """Whatever is quoted stays on its line, is not long, and has nothing in it that cannot be seen."""
    shown = quote(text)
    assert not any(unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for char in shown)
    assert len(shown) <= 12 * QUOTED_CHARS_MAX


def test_braces_of_authors_mean_nothing():
    """What looks like a placeholder in an author's text stays as it is."""
    assert "{0.__class__}" in problem("date", "en", "x", name="date", said="{0.__class__}").message
