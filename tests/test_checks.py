"""What only the whole site shows its authors, though every page could be published: in `tilepress check`, and in a report."""

from contextlib import nullcontext
from dataclasses import replace

import pytest
from builders import page_text, theme
from tilepress.adapters.fans import Inline
from tilepress.adapters.memory import MemoryStore
from tilepress.artifacts import Artifact
from tilepress.checks import COMPARISONS_MAX, _Addresses
from tilepress.pages import Severity
from tilepress.ports import Cloud
from tilepress.resync import resync
from tilepress.theme import Theme
from tilepress.verify import look_around

BODY = "<div data-body>{{ page.body }}</div>"
LOOK = theme(
    section=BODY, home=BODY, project='<main><h1 id="oben">x</h1><div data-body>{{ page.body }}</div><div><a href="/nichts/">x</a></div></main>'
)


class _Silent:
    def invalidate(self, paths: object) -> None:
        """Nobody reads this site."""


def told(files: dict[str, str], look: Theme = LOOK) -> list[tuple[str, int, str]]:
    """The problems of a built site: code, line and hint."""
    sources = MemoryStore()
    for key, text in files.items():
        sources.put(Artifact(key, text.encode(), ""))
    cloud = Cloud(sources, MemoryStore(), _Silent(), Inline(), lambda: 0.0, lambda _: None, nullcontext, 0.0)
    resync(cloud, look)
    found = look_around(replace(cloud))
    assert all(problem.severity is Severity.WARNING for problem in found)
    return [(problem.code, problem.line, problem.hint) for problem in found]


def codes(body: str) -> list[str]:
    """What is told of a page of this text, in short; it has a neighbour, and a file beside it."""
    files = {
        "site.yaml": "title: X\nmessages: en\nbase_url: https://y.de\n",
        "content/projekte/a.md": page_text(body),
        "content/projekte/Über uns.md": page_text('## Wir\n\n<a name="alter-anker"></a>Text.', aliases="[/alt/]", kategorien="[Rot]"),
        "static/files/a.pdf": "x",
    }
    return [code for code, _, _ in told(files)]


@pytest.mark.parametrize(
    "link",
    """
    /projekte/a/ /projekte/a ../über-uns/ /projekte/%C3%BCber-uns/#wir #oben /files/a.pdf https://x.de/ mailto:a@x.de /
    /alt/ /projekte/ /projekte/kategorie/rot/ /projekte/index.xml /suche/ /tiles.json
    #top /projekte/über-uns/#:~:text=Wir /projekte/über-uns/#alter-anker
    """.split(),
)
def test_link_that_leads_somewhere_is_fine(link):
    """Pages, files, places on them, and whatever is elsewhere can be linked to."""
    assert codes(f"[x]({link})") == []


@pytest.mark.parametrize(
    ("link", "code"), [("/projekte/b/", "link"), ("b", "link"), ("/files/b.pdf", "link"), ("#unten", "anchor"), ("../über-uns/#sie", "anchor")]
)
def test_link_that_leads_nowhere_is_told(link, code):
    """A link to what there is not is told, and one to a place that is not on its page."""
    assert codes(f"[x]({link})") == [code]


@pytest.mark.parametrize("link", ["/projekt/über-uns/", "/über-uns/"])
def test_nearest_address_is_offered(link):
    """A link that is a little wrong is told with the address that may be meant, at its line."""
    files = {"site.yaml": "messages: en", "content/projekte/a.md": page_text(f"Text.\n\n[x]({link})"), "content/projekte/Über uns.md": page_text()}
    assert told(files) == [("link", 6, "Did you mean “/projekte/über-uns/”?")]


def test_addresses_with_signs_of_their_own_are_addresses():
    """A page whose name holds a sharp has relative links and footnotes like any other, and is offered as it has to be written."""
    files = {
        "site.yaml": "messages: en",
        "content/projekte/C# Kurs.md": page_text("Text[^1] [b](../b/) [k](#kopf)\n\n## Kopf\n\n[^1]: Note"),
        "content/projekte/b.md": page_text("[x](/C%23-Kurs/)"),
    }
    assert told(files) == [("link", 4, "Did you mean “/projekte/c%23-kurs/”?")]


@pytest.mark.parametrize("link", ["/files/a%20c.pdf", "</files/a c.pdf>", "/projekte/%C3%BCber/", "/projekte/über/", "/nichts/?a=1&amp;b=2"])
def test_link_is_found_as_it_is_written(link):
    """At its line, however its author wrote it."""
    files = {"site.yaml": "messages: en", "content/projekte/a.md": page_text(f"Text.\n\n[x]({link})")}
    assert [(code, line) for code, line, _ in told(files)] == [("link", 6)]


@pytest.mark.parametrize(("link", "full"), [("www.x.de", 1), ("x.org/", 1), ("(https://x.de)", 1), ("b.html", 0), ("b/c.pdf", 0), ("/x.org/", 0)])
def test_address_of_another_site_is_to_be_written_in_full(link, full):
    """What looks like one, and leads beside the page, is not compared with addresses of this site."""
    files = {"site.yaml": "messages: en", "content/projekte/a.md": page_text(f"[x](<{link}>)"), "content/x.org.md": page_text()}
    hints = [hint for _, _, hint in told(files)]
    assert hints.count("Write addresses of other sites in full: https://…") == full


def test_a_name_with_a_dot_needs_its_slash():
    """The CDN takes it for a file's name, and leads nobody on."""
    files = {"site.yaml": "messages: en", "content/projekte/a.md": page_text("[x](/projekte/v1.0) [y](/projekte/b)")}
    files |= {f"content/projekte/{name}.md": page_text() for name in ("v1.0", "b")}
    assert told(files) == [("link", 4, "Did you mean “/projekte/v1.0/”?")]


def test_a_search_for_alike_addresses_ends():
    """However many dead links there are, and however many addresses."""
    addresses = _Addresses(f"/news/{'x' * 40}{number}/" for number in range(COMPARISONS_MAX // 2))
    assert addresses.near(f"/news/{'x' * 39}y7/")
    assert addresses.near(f"/news/{'x' * 39}y8/")
    assert addresses.near(f"/news/{'x' * 39}y9/") == ""


@pytest.mark.parametrize("key", ["content/_index.md", "content/projekte/_index.md", "content/projekte/_index.en.md"])
def test_openings_of_home_and_overviews_are_looked_at(key):
    """Dead links in what most readers see first are told at their lines."""
    files = {"site.yaml": "messages: en\nlanguages: [de, en]"}
    files |= {f"content/projekte/a{lang}.md": page_text() for lang in ("", ".en")}
    files[key] = page_text("Text.\n\n[x](/nichts/) [y](/projekte/a/)")
    assert [(code, line) for code, line, _ in told(files)] == [("link", 6)]


def test_texts_in_fields_are_looked_at():
    """A call, and where to read on, are an author's text as well."""
    look = theme(project="<div data-body>{{ page.body }}</div><div data-text>{{ page.cta_text }}</div><div data-text>{{ page.more_text }}</div>")
    found = told({"content/projekte/a.md": page_text(cta_text="'[x](/nichts/)'", more_text="'[y](/niemand/)'")}, look)
    assert [code for code, _, _ in found] == ["link", "link"]


def test_category_is_written_in_one_way():
    """A category that most pages write otherwise is told, and how they write it."""
    names = {"a": "Bildung", "b": "Bildung", "c": "bildung"}
    files = {f"content/projekte/{name}.md": page_text(title="Die bildung", kategorien=f"[{said}]") for name, said in names.items()}
    assert told(files | {"site.yaml": "messages: en"}) == [("category", 3, "Write it as they do.")]


def test_category_of_signs_alone_is_no_other():
    """There is no page of such a category that they could share."""
    files = {f"content/projekte/{name}.md": page_text(kategorien=f"['{said}']") for name, said in {"a": "!!", "b": "??", "c": "??"}.items()}
    assert told(files | {"site.yaml": "messages: en"}) == []


@pytest.mark.parametrize(("translated", "expected"), [(9, ["translation"]), (8, [])])
def test_missing_translation_is_told_where_nearly_all_have_one(translated, expected):
    """One of ten pages without its translation was forgotten; two were meant so."""
    files = {f"content/projekte/p{number}.md": page_text() for number in range(10)}
    files |= {f"content/projekte/p{number}.en.md": page_text() for number in range(translated)}
    assert [code for code, _, _ in told(files)] == expected


@pytest.mark.parametrize("text", [page_text(draft="true"), "---\ntitle: [\n---\n"])
def test_translation_that_is_not_shown_yet_is_there(text):
    """A draft, or a file with a mistake, was not forgotten."""
    files = {f"content/projekte/p{number}{suffix}.md": page_text() for number in range(10) for suffix in ("", ".en")}
    assert told(files | {"content/projekte/p3.en.md": text}) == []


def test_broken_settings_are_told_elsewhere():
    """Without settings there is no site to look at."""
    assert told({"site.yaml": "title: [", "content/projekte/a.md": page_text("[x](/y/)")}) == []
