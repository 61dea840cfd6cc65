"""A file of the older shape holds all languages of a page in its front matter, and gives a page for each."""

from builders import parsed, problem_codes
from tilepress.pages import Parsed

OLD_SHAPE = """---
title: Titel
weight: 3
de:
  subtitle: Untertitel
  content: |
    Deutscher *Text*.
en:
  title: Title
  content: English text.
---
"""


def old_shape(key: str = "content/projekte/ogp.md") -> Parsed:
    """A file with the texts of both languages in its front matter."""
    return parsed(OLD_SHAPE, key)


def test_old_shape_gives_a_page_for_each_language():
    """Texts below `de:` and `en:` are a page each, at the addresses of two files."""
    assert [(found.lang, found.address, found.title) for found in old_shape().pages] == [
        ("de", "/projekte/ogp/", "Titel"),
        ("en", "/en/projekte/ogp/", "Title"),
    ]


def test_old_shape_has_its_text_in_the_front_matter():
    """The body of each language is its `content`."""
    assert [found.body for found in old_shape().pages] == ["<p>Deutscher <em>Text</em>.</p>", "<p>English text.</p>"]


def test_old_shape_shares_what_no_language_has_of_its_own():
    """A language's fields go over those that stand for all."""
    assert [(found.weight, found.subtitle) for found in old_shape().pages] == [(3, "Untertitel"), (3, "")]


def test_old_shape_has_no_other_params():
    """The languages' texts are not among the unknown fields."""
    assert [found.params for found in old_shape().pages] == [{}, {}]


def test_body_goes_before_content():
    """A text below the front matter is the default language's, whatever stands in `content`."""
    assert parsed(OLD_SHAPE + "Unten.\n").pages[0].body == "<p>Unten.</p>"


def test_file_of_one_language_has_that_language():
    """A file with a language's suffix is a page of that language only."""
    assert [found.lang for found in old_shape("content/projekte/ogp.en.md").pages] == ["en"]


def test_problem_of_an_overlay_is_told_once():
    """A mistake in a field that both languages share is one problem."""
    assert problem_codes(parsed(OLD_SHAPE.replace("weight: 3", "weight: schwer"))) == ["wrong-type"]
