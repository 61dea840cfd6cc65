"""Sitemaps, robots.txt and security.txt."""

from dataclasses import replace
from xml.etree.ElementTree import Element, fromstring

import pytest
from builders import ledger, record, root_artifacts, section_artifacts, site, theme
from tilepress.ledger import Ledger, settle
from tilepress.root import Root, Summary

SITE = site("base_url: https://x.de\nlanguages: [de, en]\nsecurity: {contact: 'mailto:a@x.de', expires: 2027-01-01T00:00:00Z}")
NS = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def sitemap(book: Ledger, key: str = "projekte/sitemap.xml") -> Element:
    """A section's sitemap."""
    found = {artifact.key: artifact.body for artifact in section_artifacts(settle(book, (), 0, 240), SITE, None)}  # type: ignore[arg-type]
    return fromstring(found[key])  # noqa: S314 - our own


def locations(found: Element) -> list[str]:
    """Every address in a sitemap."""
    return [element.text or "" for element in found.findall(".//s:loc", NS)]


@pytest.fixture(autouse=True)
def _lists_need_no_theme(monkeypatch):
    from tilepress import derive_root, derive_section
    from tilepress.artifacts import html_artifact

    monkeypatch.setattr(derive_root, "render", lambda *_: "")
    monkeypatch.setattr(derive_section, "render", lambda *_: "")
    monkeypatch.setattr(derive_root, "_not_found", lambda key, *_, **__: html_artifact(key, ""))


def test_sitemap_has_overview_categories_and_pages():
    """Whatever of a section can be read stands in its sitemap."""
    assert locations(sitemap(ledger(a=record("a", categories=("Ä",))))) == [
        "https://x.de/projekte/",
        "https://x.de/projekte/kategorie/%C3%A4/",
        "https://x.de/projekte/a/",
    ]


@pytest.mark.parametrize("names", [("a", "b"), ("b", "a")])
def test_who_lost_an_address_takes_no_translations_from_who_has_it(names):
    """Whichever of the two comes first in the ledger: translations are those of the page that stands there."""
    english = record("a.en", lang="en", address="/en/projekte/a/")
    groups = {"a": replace(record("a"), pages=(*record("a").pages, *english.pages)), "b": record("b", address="/projekte/a/")}
    found = sitemap(ledger(**{name: groups[name] for name in names}))
    (page,) = [url for url in found if url.findtext("s:loc", None, NS) == "https://x.de/projekte/a/"]
    assert [link.get("hreflang") for link in page.findall("x:link", NS)][:2] == ["de", "en"]


def test_change_is_what_the_author_says():
    """The time of a change is lastmod, else date, else there is none; a list has its newest page's."""
    found = sitemap(
        ledger(
            a=record("a", date="2024-01-01T00:00:00+00:00", lastmod="2025-01-01T00:00:00+00:00"),
            b=record("b"),
            c=record("c", date="2023-01-01T00:00:00+00:00"),
        )
    )
    assert [url.findtext("s:lastmod", None, NS) for url in found] == [
        "2025-01-01T00:00:00+00:00",
        "2025-01-01T00:00:00+00:00",
        None,
        "2023-01-01T00:00:00+00:00",
    ]


def test_translations_are_named():
    """A page in two languages names both, and which of them is for everybody else; one in a single language names none."""
    de, en = record("a"), record("a", lang="en", address="/en/projekte/a/")
    book = ledger(a=replace(de, pages=(*de.pages, *en.pages)), b=record("b"))
    links = {url.findtext("s:loc", "", NS): [(link.get("hreflang"), link.get("href")) for link in url.findall("x:link", NS)] for url in sitemap(book)}
    assert links["https://x.de/projekte/a/"] == [
        ("de", "https://x.de/projekte/a/"),
        ("en", "https://x.de/en/projekte/a/"),
        ("x-default", "https://x.de/projekte/a/"),
    ]
    assert links["https://x.de/projekte/b/"] == []


def root(of: object = SITE) -> dict[str, bytes]:
    """What the root derives of a site with a section in both languages, and a page in no folder."""
    summary = {"de": Summary(count=1, lastmod="2024-01-01T00:00:00+00:00"), "en": Summary(count=1)}
    found = Root(sections={"projekte": summary, "": {"de": Summary(count=1), "en": Summary()}, "en": {"de": Summary(count=1)}})
    return {artifact.key: artifact.body for artifact in root_artifacts(found, of, theme())}  # type: ignore[arg-type]


def test_index_names_every_sitemap():
    """The index has the home pages, each section in each of its languages, and the pages in no folder where there are any."""
    found = fromstring(root()["sitemap.xml"])  # noqa: S314 - our own
    assert locations(found) == [
        "https://x.de/sitemap-home.xml",
        "https://x.de/sitemap-pages.xml",
        "https://x.de/projekte/sitemap.xml",
        "https://x.de/en/projekte/sitemap.xml",
    ]
    assert found[2].findtext("s:lastmod", None, NS) == "2024-01-01T00:00:00+00:00"


def test_robots_are_told_where_the_sitemap_is():
    """robots.txt names the sitemap, if there is one."""
    assert (b"Sitemap: https://x.de/sitemap.xml" in root()["robots.txt"], root(site())["robots.txt"]) == (True, b"User-agent: *\nAllow: /\n")


def test_security_txt_says_what_the_settings_say():
    """Whom to tell of a hole stands where RFC 9116 wants it; without settings there is no such file."""
    assert root()[".well-known/security.txt"] == b"Contact: mailto:a@x.de\nExpires: 2027-01-01T00:00:00Z\n"
    assert ".well-known/security.txt" not in root(site())


def test_site_without_an_address_has_no_sitemaps():
    """Sitemaps need whole addresses."""
    assert not [key for key in root(site()) if "sitemap" in key]
