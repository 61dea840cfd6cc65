"""A site's own templates, words and assets stand in for the theme's; what is wrong with them is told before it does harm."""

from contextlib import contextmanager
from pathlib import Path

import pytest
from builders import site, source
from tilepress.adapters.deadline import deadline
from tilepress.adapters.templates import read_theme
from tilepress.errors import DeadlineExceeded
from tilepress.own_theme import own_theme

TEMPLATES = Path(__file__).parents[1] / "templates"


@pytest.fixture(scope="module")
def given():
    """The theme that is deployed."""
    return read_theme(TEMPLATES)


def own(given, guard=None, **files):
    """The site's own theme with these files, and what is wrong with them as (file, line, code)."""
    sources = [source(body, f"theme/{name}") for name, body in files.items()]
    found, problems = own_theme(
        given, site("messages: en\ntitle: A\nlanguages: [de, en]\nmenu: [{title: B, url: /b/}]"), sources, guard or (lambda: deadline(60))
    )
    return found, [(problem.file, problem.line, problem.code) for problem in problems]


def test_without_files_and_look_the_theme_is_the_one_that_was_deployed(given):
    """The same digest, so that nothing is rendered anew."""
    assert own(given)[0].digest == given.digest


def test_a_block_can_be_replaced(given):
    """The theme's own template is there to be extended."""
    found, problems = own(given, **{"404.html": '{% extends "tilepress/404.html" %}{% block footer %}Mein Fuß{% endblock %}'})
    assert problems == []
    template = found.environment.get_template("404.html")
    assert list(template.blocks["footer"](template.new_context())) == ["Mein Fuß"]
    assert dict(found.files)["tilepress/404.html"] == dict(given.files)["404.html"]


def test_a_partial_can_be_replaced(given):
    """One region, in all page types."""
    found, problems = own(given, **{"partials/footer.html": "<footer>{{ site.title }}</footer>"})
    assert problems == []
    assert "partials/footer.html" in dict(found.files)
    assert dict(found.files)["partials/footer.html"] == b"<footer>{{ site.title }}</footer>"


def test_a_page_may_get_a_template_of_its_own(given):
    """`layout: interview` finds it."""
    found, problems = own(given, **{"interview.html": '{% extends "page.html" %}'})
    assert problems == []
    assert found.has_layout("interview")


def test_words_are_replaced_one_by_one(given):
    """The others stay the theme's."""
    found, problems = own(given, **{"i18n/de.yaml": "skip: Hopp\n"})
    assert problems == []
    assert found.text("de")["skip"] == "Hopp"
    assert found.text("de")["moved"] == given.text("de")["moved"]


def test_a_language_that_the_theme_does_not_know_has_the_english_words_beneath(given):
    """A translation may be begun."""
    found, _ = own(given, **{"i18n/fr.yaml": "skip: Sauter\n"})
    assert (found.text("fr")["skip"], found.text("fr")["moved"]) == ("Sauter", given.text("en")["moved"])


def test_words_are_texts(given):
    """What looks like a date, a number or a `no` is what an author wants to be read."""
    found, problems = own(given, **{"i18n/de.yaml": "years: 2024\nno: 2024-02-30\n"})
    assert problems == []
    assert (found.text("de")["years"], found.text("de")["no"]) == ("2024", "2024-02-30")


@pytest.mark.parametrize(("by", "lacking"), [("de", "en"), ("en", "de"), ("de", "fr"), ("fr", "de")])
def test_a_word_that_only_one_language_has_stands_in_all(given, by, lacking):
    """A template may use it, and nothing of a language's own words is lost."""
    found, problems = own(given, **{f"i18n/{by}.yaml": "spende: Give!\n", "partials/footer.html": "{{ text.spende }}"})
    assert problems == []
    assert (found.text(lacking)["spende"], found.text(lacking)["moved"]) == ("Give!", given.text(lacking)["moved"])


def test_a_word_that_a_language_lacks_is_the_default_languages(given):
    """Of several that have it."""
    found, _ = own(given, **{"i18n/de.yaml": "spende: Spenden!\n", "i18n/es.yaml": "spende: Dar\n", "i18n/fr.yaml": "spende: Donner\n"})
    assert [found.text(lang)["spende"] for lang in ("de", "en", "es", "fr")] == ["Spenden!", "Spenden!", "Dar", "Donner"]


@pytest.mark.parametrize(
    ("name", "body", "line"),
    [
        ("page.html", '{% extends "base.html" %}\n{% block main %}', 2),
        ("page.html", "<p>\n{{ page.titel }}", 2),
        ("404.html", "{{ page.title.__class__.__mro__ }}", 1),
        ("section.html", "\n{% for n in range(10 ** 9) %}{% endfor %}", 2),
        ("home.html", '{% include "partials/nothing.html" %}', 1),
        ("partials/footer.html", "\n\n{{ nothing }}", 3),
        ("redirect.html", "{{ page.title / 0 }}", 1),
        ("interview.html", "\n{{ page.contact_person.name }}", 2),
        ("interview.html", "\n{{ page.contact_person.phone if page.contact_person }}", 2),
        ("interview.html", '\n{{ {"de": 1}[site.lang] }}', 2),
        ("section.html", "\n{% if page.number > 1 %}{{ nothing }}{% endif %}", 2),
        ("section.html", "\n{% if page.finished %}{{ nothing }}{% endif %}", 2),
        ("section.html", "\n{% if page.body %}{{ nothing }}{% endif %}", 2),
        ("home.html", "\n{% if page.body %}{{ nothing }}{% endif %}", 2),
        ("home.html", "\n{% if not page.sections %}{{ nothing }}{% endif %}", 2),
        ("redirect.html", '\n{{ {"de": 1}[site.lang] }}', 2),
        ("partials/header.html", "\n{% for link in site.menu %}{{ link.titel }}{% endfor %}", 2),
        ("interview.html", "{{ " + "(" * 400 + "1" + ")" * 400 + " }}", 1),
        ("interview.html", "{{ " + " + ".join(["page.title"] * 1500) + " }}", 1),
        ("interview.html", "{% for a in [1] %}" * 25 + "{% endfor %}" * 25, 1),
        ("i18n/de.yaml", "a: " + "[" * 3000 + "]" * 3000, 1),
        ("i18n/en.yaml", 'date: "{tag}"', 1),
        ("page.html", b"\n\xff", 2),
        ("i18n/de.yaml", "a: 1\nb: [", 2),
        ("i18n/de.yaml", "- a", 1),
        ("i18n/de.yaml", "skip: [a]", 1),
    ],
)
def test_what_is_wrong_with_a_file_is_told_with_its_place(given, name, body, line):
    """Before a page is rendered with it."""
    assert own(given, **{name: body}) == (None, [(f"theme/{name}", line, "theme")])


def test_a_file_of_another_kind_is_refused(given):
    """A theme is templates, words and assets."""
    assert own(given, **{"run.php": "x"}) == (None, [("theme/run.php", 1, "theme")])


def test_a_template_that_never_ends_is_a_problem(given):
    """Its time is limited as a page's is."""
    endless = "{% for a in range(90000) %}{% for b in range(90000) %}{% endfor %}{% endfor %}"
    assert own(given, lambda: deadline(0.2), **{"404.html": endless}) == (None, [("theme/404.html", 1, "theme")])


def test_a_theme_that_takes_too_long_to_read_is_a_problem(given, monkeypatch):
    """Compiling templates and reading words are limited like rendering."""
    bounded = []

    @contextmanager
    def guard():
        bounded.append(True)
        yield
        bounded.pop()

    def slow(*_):
        if bounded:
            raise DeadlineExceeded("more than 5 seconds")

    monkeypatch.setattr("tilepress.own_theme.dressed", slow)
    assert own(given, guard, **{"i18n/de.yaml": "skip: Hopp\n"}) == (None, [("theme/i18n/de.yaml", 1, "theme")])


def test_templates_cannot_change_what_they_get(given):
    """They run in Jinja's sandbox."""
    found, problems = own(given, **{"404.html": "{% set _ = page.languages.append(1) %}"})
    assert found is None
    assert problems
