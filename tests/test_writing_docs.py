"""What editors are told about writing a page is what happens: fields, mistakes, Markdown, in both languages."""

import re
from pathlib import Path

import pytest
from builders import page_text, parsed, site, source
from tilepress.adapters.templates import read_theme
from tilepress.groups import GroupSources, compute
from tilepress.schema import ABOUT
from tilepress.vocabulary import NAMES

ROOT = Path(__file__).parents[1]
DOCS = {"de": ROOT / "docs/seite-schreiben.md", "en": ROOT / "docs/writing-a-page.md"}
TEAM = "ada: {name: Ada Beispiel}\n"
NOT_SHOWN = {"de": ("bleibt, wie sie war", "erscheint"), "en": ("stays as it was", "appears")}


def blocks(lang: str, kind: str) -> list[str]:
    """The fenced blocks of a kind."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", DOCS[lang].read_text(), re.MULTILINE | re.DOTALL)


def rows(lang: str, number: int) -> list[list[str]]:
    """The cells of a table of the document, outside of blocks."""
    text = re.sub(r"^```.*?^```$", "", DOCS[lang].read_text(), flags=re.MULTILINE | re.DOTALL)
    table = re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE)[number]
    return [line.strip("| \n").split(" | ") for line in table.splitlines()[2:]]


@pytest.mark.parametrize("lang", DOCS)
def test_the_table_of_fields_is_complete_and_true(lang):
    """Each field has a row, in the order of the forms, that says of it what these say."""
    assert [(name.strip("`"), text) for name, text, _ in rows(lang, 0)] == [(name, ABOUT[name][lang][1]) for name in NAMES]


@pytest.mark.parametrize("lang", DOCS)
def test_examples_of_fields_are_accepted(lang):
    """Each example in the table of fields is a page without problems."""
    from tilepress.parse import parse

    for name, _, example in rows(lang, 0):
        told = parse(source(page_text(**{"img_alt": "Ein Haus", name.strip("`"): example.strip("`")})), site(team=TEAM)).problems
        assert told == (), name


@pytest.mark.parametrize("lang", DOCS)
def test_mistakes_are_told_as_it_says(lang):
    """Each mistake gives just that message, and keeps the page from appearing or does not."""
    for written, told, shown in rows(lang, 1):
        line = written.strip("`")
        title = "" if line.startswith("tit") else "title: x\n"
        found = parsed(f"---\n{title}{line}\n---\nText.\n", settings=f"messages: {lang}")
        assert (" ".join(problem.message for problem in found.problems), NOT_SHOWN[lang][bool(found.pages)]) == (told, shown)


@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
@pytest.mark.parametrize("lang", DOCS)
def test_markdown_is_not_shown_as_it_is_written(lang, engine):
    """Each example of Markdown becomes something else than text, in both engines."""
    for written, _ in rows(lang, 2):
        text = written.strip("`")
        body = parsed(page_text(f"\n{text}\n"), settings=f"markdown: {{engine: {engine}}}").pages[0].body
        assert re.search(r"<(?!/?p>)", body), text
        assert f"<p>{text}</p>" not in body


@pytest.mark.parametrize("lang", DOCS)
def test_whole_pages_are_rendered(lang):
    """Each page on it is published without a problem, with its title and text on it."""
    for number, text in enumerate(blocks(lang, "markdown")):
        done = compute(GroupSources("projekte/x", (source(text, f"content/projekte/x{number}.md"),)), site(), read_theme(ROOT / "templates"), 0.0)
        assert done.problems == ()
        assert b"<h2" in done.artifacts[0].body
        assert "Bänke für alle".encode() in done.artifacts[0].body


@pytest.mark.parametrize("lang", DOCS)
def test_fields_in_blocks_are_accepted(lang):
    """Fields that are shown below each other are a page without problems."""
    for text in blocks(lang, "yaml"):
        assert parsed(f"---\ntitle: x\n{text}---\n").problems == ()


@pytest.mark.parametrize("lang", DOCS)
def test_texts_in_blocks_are_tables_and_footnotes(lang):
    """What is shown of tables and footnotes becomes these."""
    for text in blocks(lang, "text"):
        body = parsed(page_text(text)).pages[0].body
        assert "<table" in body
        assert "doc-endnotes" in body


def test_both_documents_have_the_same_parts():
    """The translation has as many headings, blocks and tables as the original."""
    shapes = [re.findall(r"^(#+ |```\w+|\| --)", path.read_text(), re.MULTILINE) for path in DOCS.values()]
    assert shapes[0] == shapes[1]
