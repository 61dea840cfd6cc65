"""What editors know of the fields is what pages are read by."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from builders import page_text, parsed, site, source
from tilepress.fields import Fields
from tilepress.front_matter import read
from tilepress.pages import SourceFile
from tilepress.parse import parse
from tilepress.schema import ABOUT, cms_config, json_schema, vscode_settings
from tilepress.vocabulary import FIELD_WORDS, FIELDS, NAMES, TILE_WORDS, TILES, Kind

ROOT = Path(__file__).parents[1]
SCHEMA: dict[str, Any] = json.loads(json_schema())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
EXAMPLE = sorted((ROOT / "example/content").rglob("*.md"))


def faults(file: SourceFile) -> list[str]:
    """What the schema finds wrong with a file's front matter."""
    return [f"{list(error.path)}: {error.message}" for error in VALIDATOR.iter_errors(read(file, "en").fields.value())]


def test_the_published_schema_is_current():
    """docs/front-matter.schema.json is what `tilepress schema` writes."""
    assert (ROOT / "docs/front-matter.schema.json").read_text() == json_schema("en")


def test_the_schema_is_one():
    """It is a JSON Schema itself."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_every_field_is_described_in_both_languages():
    """Each field of the table has a label and a hint in German and in English, in the table's order, and no other has."""
    assert tuple(ABOUT) == NAMES
    assert all(all(text) for about in ABOUT.values() for text in (about["de"], about["en"]))


READERS = ("text", "texts", "raw", "flag", "number", "moment", "choice", "link", "image", "mapping_of", "node")


def test_every_field_is_read_as_the_table_says(monkeypatch):
    """A page's fields are read by the readers of their kinds."""
    seen: dict[str, set[str]] = {}
    for reader in READERS:
        original = getattr(Fields, reader)

        def spy(self, name, *rest, _reader=reader, _original=original):
            seen.setdefault(name, set()).add(_reader)
            return _original(self, name, *rest)

        monkeypatch.setattr(Fields, reader, spy)
    parse(source(page_text()), site())
    expected = {field.name: {Kind.CONTACT: "mapping_of", Kind.PEOPLE: "node"}.get(field.kind, field.kind.value) for field in FIELDS}
    assert {name: kind for name, kind in expected.items() if kind != "any" and kind not in seen.get(name, set())} == {}


@pytest.mark.parametrize("path", EXAMPLE, ids=lambda path: path.stem)
def test_the_example_is_valid(path):
    """Each page of the example is what the schema describes."""
    assert faults(source(path.read_bytes())) == []


GOOD = [
    ("years", "2014"),
    ("title", "no"),
    ("tags", "[a, 1]"),
    ("tags", "a"),
    ("draft", "Ja"),
    ("draft", "1"),
    ("weight", "010"),
    ("weight", "'7'"),
    ("date", "31.3.2026"),
    ("date", "2026-03-31 14:00"),
    ("tile", "none"),
    ("img", "projects/x.jpg"),
    ("img", "null"),
    ("people", "[{name: A, role: B}, C]"),
    ("contact", "{mastodon: {handle: a, server: b.de}}"),
    ("partners", "null"),
    ("lab", "{a: [1]}"),
]
BAD = [
    ("title", "[a]"),
    ("tags", "[[a]]"),
    ("draft", "vielleicht"),
    ("weight", "schwer"),
    ("date", "gestern"),
    ("tile", "riesig"),
    ("img", "https://x.de/x.jpg"),
    ("img", '"data:image/png;base64,x"'),
    ("people", "[[a]]"),
    ("contact", "[a]"),
]


@pytest.mark.parametrize(("name", "written"), GOOD)
def test_what_is_accepted_is_valid(name, written):
    """What `check` has nothing to say about, an editor underlines nowhere."""
    text = page_text(**{"img_alt": "Ein Haus", name: written})
    assert (parsed(text).problems, faults(source(text))) == ((), [])


@pytest.mark.parametrize(("name", "written"), BAD)
def test_what_is_not_accepted_is_invalid(name, written):
    """What `check` tells of, an editor underlines."""
    text = page_text(**{name: written})
    assert parsed(text).problems
    assert faults(source(text))


def test_a_page_needs_a_title():
    """A file without one is invalid; one with texts by language is not."""
    assert faults(source("---\nsubtitle: x\n---\n"))
    assert not faults(source("---\nde: {title: x}\n---\n"))


@pytest.mark.parametrize("word", [*FIELD_WORDS, *(name.upper() for name in NAMES)])
def test_words_that_authors_use_are_asked_about(word):
    """Each word for a field leads to the question whether that field was meant."""
    if word in NAMES:
        pytest.skip("a name in capitals only")
    found = parsed(page_text(**{word: "x"} if word.lower() != "title" else {"title": "y", word: "x"}))
    meant = FIELD_WORDS.get(word, next((name for name in NAMES if name.upper() == word), ""))
    assert [problem.code for problem in found.problems] == ([] if meant == "title" else ["unknown-field"])


@pytest.mark.parametrize(("word", "tile"), TILE_WORDS.items())
def test_words_for_tiles_are_taken_for_them(word, tile):
    """A German or usual word for a tile's size is that size, with a warning."""
    found = parsed(page_text(tile=f'"{word}"'))
    assert (found.pages[0].tile, [problem.code for problem in found.problems]) == (tile, ["unknown-value"])


def test_the_cms_has_a_collection_for_each_section():
    """Decap and Sveltia get a collection a section, with every field, its label in the site's language, and the images' folder."""
    config = yaml.safe_load(cms_config(site(), ["blog", "projekte"], translations=False))
    assert [(one["name"], one["folder"]) for one in config["collections"]] == [("blog", "content/blog"), ("projekte", "content/projekte")]
    fields = {field["name"]: field for field in config["collections"][0]["fields"]}
    assert set(fields) == {field.name for field in FIELDS if field.kind is not Kind.ANY} | {"body"}
    assert (fields["subtitle"]["label"], fields["tile"]["options"], config["media_folder"], config["public_folder"]) == (
        "Untertitel",
        list(TILES),
        "static/files",
        "/files",
    )


def test_the_configuration_stands_for_itself():
    """It is plain YAML, without anchors that its readers would have to follow."""
    assert "&id" not in cms_config(site(), ["a", "b"], translations=True)


def test_the_cms_speaks_english_on_an_english_site():
    """Labels are in the language of the site's messages."""
    config = yaml.safe_load(cms_config(site("default_language: en"), ["news"], translations=False))
    assert config["collections"][0]["fields"][1]["label"] == "Subtitle"


def test_translations_keep_our_names_of_files():
    """Sveltia writes x.md and x.en.md, as Tilepress reads them; a site in one language has no translations."""
    config = yaml.safe_load(cms_config(site(), ["projekte"], translations=True))
    assert config["i18n"]["omit_default_locale_from_file_path"] is True
    assert "i18n" not in yaml.safe_load(cms_config(site("languages: [de]"), ["projekte"], translations=True))


def test_what_a_cms_writes_is_accepted():
    """The defaults and kinds of values of its widgets are a page without problems."""
    config = yaml.safe_load(cms_config(site(), ["projekte"], translations=False))
    texts = {"string": "Text", "text": "a", "datetime": "2026-03-31", "select": "single", "image": "/files/x.jpg"}
    values: dict[str, Any] = texts | {"boolean": False, "number": 3}
    written = {field["name"]: values[field["widget"]] for field in config["collections"][0]["fields"] if field["widget"] in values}
    written |= {field["name"]: ["Text"] for field in config["collections"][0]["fields"] if field["widget"] == "list" and field["name"] != "people"}
    written |= {"website": "https://x.de", "slug": "x", "focus": "top", "contact_person": None, "contact": {}, "people": []}
    found = parsed(f"---\n{yaml.safe_dump(written, allow_unicode=True)}---\n")
    assert (found.problems, len(found.pages)) == ((), 1)


def test_vscode_gets_a_form():
    """The settings name every section's folder, and the fields that a form can have."""
    settings = json.loads(vscode_settings(site(), ["projekte"]))
    assert settings["frontMatter.content.pageFolders"] == [{"title": "Projekte", "path": "[[workspace]]/content/projekte"}]
    assert {field["name"] for field in settings["frontMatter.taxonomy.contentTypes"][0]["fields"]} <= set(NAMES)


@pytest.mark.parametrize("editor", ["json-schema", "vscode", "decap", "sveltia"])
def test_the_command_prints_what_an_editor_reads(editor, capfd):
    """`tilepress schema example --for …` prints JSON or YAML and nothing else."""
    from tilepress.cli import app

    app(["schema", str(ROOT / "example"), "--for", editor], standalone_mode=False)
    printed = capfd.readouterr().out
    assert "title" in printed
    assert yaml.safe_load(printed)
