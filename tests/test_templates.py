"""The theme that Tilepress ships: documented truthfully, complete in each language, and never with a hole."""

import re
from dataclasses import fields, is_dataclass
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from builders import ledger, page, record, root_artifacts, section_artifacts, site, tile
from tilepress import contexts
from tilepress.adapters.templates import read_theme
from tilepress.artifacts import HTML, Artifact
from tilepress.ledger import GroupRecord, Intro, Ledger, settle
from tilepress.pages import Html, Page
from tilepress.pictures import Picture
from tilepress.render import page_artifact
from tilepress.root import Root, summaries
from tilepress.site import Site

TEMPLATES = Path(__file__).parents[1] / "templates"
THEME = read_theme(TEMPLATES)
CONTEXTS = [found for name, found in vars(contexts).items() if name.endswith("Context") and is_dataclass(found)]
LANGUAGES = ("de", "en")

BARE = site()
FULL = site(
    """
    title: {de: Beispiel, en: Example}
    description: Eine Seite
    base_url: https://example.org
    logo: logo.svg
    menu: [{url: /projekte/, title: Projekte}, {url: "https://x.de", title: X}]
    footer: [{url: /impressum/, title: Impressum}]
    """,
    team="eva: {name: Eva, position: Leitung, mail: eva@x.de, img: team/eva.jpg}",
)
TEXTS = "subtitle description type img img_alt img_header img_license years partners financing website cta cta_text more_text tags"
EVERYTHING = dict.fromkeys(TEXTS.split(), "A") | {
    "kategorien": "[A, B]",
    "people": "[{name: A, role: B}, C]",
    "contact": "{twitter: a, email: a@x.de, anything: https://x.de}",
    "contact_person": "eva",
    "website": "https://x.de",
    "date": "2024-01-01",
    "lastmod": "2024-02-29",
}


def written(of: Site, found: Page, *translations: Page) -> str:
    """A page as HTML."""
    return page_artifact(found, [found, *translations], of, THEME).body.decode()


@cache
def pages() -> dict[str, str]:
    """Each page type, with as little and with as much as there can be, by name."""
    found = {}
    for name, key in (("project", "content/projekte/ogp.md"), ("page", "content/impressum.md")):
        found[f"{name}, bare"] = written(BARE, page("", key=key))
        full = page("*Text*", key=key, **EVERYTHING)
        found[f"{name}, full"] = written(FULL, full, page(key=key.replace(".md", ".en.md")))
    for size, of, book in (("bare", BARE, bare_ledger()), ("full", FULL, full_ledger())):
        settled = settle(book, (), 0, 240)
        root = Root(sections={"projekte": summaries(settled), "": {"de": summaries(settled)["de"]}})
        for artifact in (*section_artifacts(settled, of, THEME), *root_artifacts(root, of, THEME)):
            if artifact.content_type == HTML:
                found[f"{artifact.key}, {size}"] = artifact.body.decode()
    return found


def bare_ledger() -> Ledger:
    """A section with a page of which next to nothing is known, and a redirect to it."""
    return ledger(a=record("a", aliases=("/projekte/alt/",)))


def full_ledger() -> Ledger:
    """A section with a text and every kind of tile, in both languages."""
    rest: dict[str, Any] = {"subtitle": "S", "categories": ("A",), "img": "/files/x.jpg", "img_alt": "X"}
    kinds = [("single", ""), ("double", ""), ("none", ""), ("single", "archive"), ("single", "politics")]
    groups = {f"p{number}": record(f"p{number}", tile=size, type=kind, **rest) for number, (size, kind) in enumerate(kinds)}
    groups["de"] = record("de", aliases=("/projekte/alt/",))
    groups["en"] = record("en", lang="en", address="/en/projekte/en/")
    text: dict[str, Any] = {"title": "T", "subtitle": "S", "description": "D", "img_header": "/files/h.jpg", "img_alt": "H"}
    intros = tuple(Intro(key="content/projekte/_index.md", lang=lang, body=Html("<p>Text</p>"), **text) for lang in LANGUAGES)
    return ledger(_index=GroupRecord(intros=intros), **groups)


class Elements(HTMLParser):
    """The attributes of every element, and the ids that others refer to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def having(self, attribute: str) -> list[str]:
        """The values of this attribute."""
        return [value or "" for _, attributes in self.elements for name, value in attributes.items() if name == attribute]


def table_of(context: str) -> list[str]:
    """The names in the first column of the table below a heading of templates/README.md."""
    text = (TEMPLATES / "README.md").read_text()
    chapter = re.search(rf"^### {context}\n(.*?)(?=^#|\Z)", text, re.MULTILINE | re.DOTALL)
    assert chapter, f"there is no heading ### {context}"
    return re.findall(r"^\| `(\w+)` \|", chapter.group(1), re.MULTILINE)


@pytest.mark.parametrize("context", CONTEXTS, ids=lambda context: context.__name__)
def test_readme_lists_every_field(context):
    """Whoever writes a template finds each field of each context in the README, and no other."""
    assert table_of(context.__name__) == [field.name for field in fields(context)]


def test_every_language_has_the_same_words():
    """A word that the theme has in one language it has in the other."""
    de, en = (THEME.texts[lang] for lang in LANGUAGES)
    assert list(de) == list(en)


def test_words_are_texts():
    """No word of the theme, and no name of one, is what YAML takes for something else."""
    words: list[object] = [word for lang in LANGUAGES for pair in THEME.texts[lang].items() for word in pair]
    assert {type(word) for word in words} == {str}


def names(template: str) -> set[str]:
    """The words that a template asks for."""
    return set(re.findall(r"\btext\.(?!get\b)(\w+)", template))


def test_every_word_is_there():
    """No template asks for a word that the theme does not have."""
    asked = {name for path in TEMPLATES.rglob("*.html") for name in names(path.read_text())}
    assert asked <= set(THEME.texts["en"])


EXPECTED = [
    f"{name}, {size}"
    for size in ("bare", "full")
    for name in ("project", "page", "projekte/index.html", "index.html", "404.html", "projekte/alt/index.html")
]


@pytest.mark.parametrize("name", EXPECTED)
def test_every_template_renders_little_and_much(name):
    """With just a title, and with everything, a template gives a whole page: an undefined variable would be a fault."""
    assert pages()[name].rstrip().endswith("</html>")


@pytest.mark.parametrize("name", [name for name in EXPECTED if name.startswith(("project,", "page,"))])
def test_text_stands_in_exactly_one_place(name):
    """The rendered Markdown of a page is in exactly one element that says so."""
    assert len(Elements(pages()[name]).having("data-body")) == 1


@pytest.mark.parametrize("name", EXPECTED)
def test_page_has_one_heading_and_says_its_language(name):
    """Every page has one main heading, and names its language."""
    found = Elements(pages()[name])
    assert ([tag for tag, _ in found.elements].count("h1"), found.having("lang")[0]) == (1, "en" if name.startswith("en/") else "de")


@pytest.mark.parametrize("name", EXPECTED)
def test_ids_are_one_of_a_kind_and_found(name):
    """No id stands twice on a page, and what refers to one finds it."""
    found = Elements(pages()[name])
    ids = found.having("id")
    assert len(ids) == len(set(ids))
    assert {*found.having("aria-labelledby"), *(url[1:] for url in found.having("href") if url.startswith("#"))} <= set(ids)


@pytest.mark.parametrize("name", EXPECTED)
def test_page_keeps_to_the_content_security_policy(name):
    """No inline style or script, no address of another host that would be loaded; JSON-LD is data."""
    found = Elements(pages()[name])
    scripts = [attributes for tag, attributes in found.elements if tag == "script"]
    assert [script for script in scripts if "src" not in script and script.get("type") != "application/ld+json"] == []
    assert "style" not in {tag for tag, _ in found.elements}
    assert not found.having("style")
    assert not [src for src in found.having("src") if not src.startswith("/")]


@pytest.mark.parametrize("name", EXPECTED)
def test_every_image_has_a_text_alternative(name):
    """An image says what it shows, or that it only decorates."""
    assert [attributes.get("src") for tag, attributes in Elements(pages()[name]).elements if tag == "img" and "alt" not in attributes] == []


@pytest.mark.parametrize(("written_title", "shown"), [("'<b>A</b> & B'", "&lt;b&gt;A&lt;/b&gt; &amp; B")])
def test_titles_are_escaped(written_title, shown):
    """What an author writes in a title is shown as it is written."""
    html = written(FULL, page(title=written_title))
    assert f"<h1>{shown}</h1>" in html
    assert "<b>A" not in html


def artifacts_of(count: int, double: int) -> list[Artifact]:
    """A section's overview with so many tiles, one of them double where that is asked for."""
    tiles = {f"p{number}": record(f"p{number}", tile="double" if number == double else "single") for number in range(count)}
    return section_artifacts(settle(ledger(**tiles), (), 0, 240), BARE, THEME)


@pytest.mark.parametrize("count", range(1, 9))
@pytest.mark.parametrize("double", [-1, 0, 3])
def test_every_tile_is_shown(count, double):
    """However many tiles there are, and whichever are double, each is shown once."""
    html = artifacts_of(count, double)[0].body.decode()
    assert sorted(re.findall(r'href="(/projekte/p\d/)"', html)) == [tile(key=f"content/projekte/p{number}.md").address for number in range(count)]


PHOTO = Picture(1600, 900, "abc", (320, 1280), "1280.jpg")
ASKED_BY_OTHERS = re.compile(r'<meta (?:property|name)="((?:og:image|twitter)[^"]*)" content="([^"]*)">')


@pytest.mark.parametrize(
    ("fields", "preview", "shown"),
    [
        (
            {"img": "a.jpg", "img_alt": "Ein A"},
            "preview: teilen.jpg",
            [
                ("og:image", "https://example.org/assets/pictures/abc-1280.jpg"),
                ("og:image:width", "1280"),
                ("og:image:height", "720"),
                ("og:image:alt", "Ein A"),
                ("twitter:card", "summary_large_image"),
            ],
        ),
        (
            {"img": "a.svg"},
            "preview: teilen.jpg",
            [("og:image", "https://example.org/files/teilen.jpg"), ("twitter:card", "summary_large_image")],
        ),
        ({"img": "a.svg"}, "", []),
        ({}, "preview: teilen.svg", []),
    ],
    ids=["photo", "drawing", "nothing to show", "preview that is a drawing"],
)
def test_what_others_show_of_a_page(fields: dict[str, str], preview: str, shown: list[tuple[str, str]]) -> None:
    """Where a page is shared stands its photo, else the site's, with whole addresses; never a drawing, which others do not show."""
    found = page(**fields)
    html = page_artifact(found, [found], site(f"base_url: https://example.org\n{preview}"), THEME, {"static/files/a.jpg": PHOTO}).body.decode()
    assert ASKED_BY_OTHERS.findall(html) == shown
