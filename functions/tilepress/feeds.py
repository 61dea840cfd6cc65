"""A section's newest pages → its feeds: RSS, Atom and JSON Feed, with full texts and absolute addresses. Pure.

A feed holds the `FEED_PAGES` newest pages of a language, those without a date last. Their texts stand in the ledger, and those
of the `SPARE_PAGES` that come next, so that a feed costs no request but its own. A page that comes into the feed, and whose
text is not at hand, is looked at once more (`without_text`). Feeds need the site's `base_url`; without one there are none.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from heapq import nsmallest
from io import StringIO
from types import ModuleType
from typing import Any
from urllib.parse import urljoin

from tilepress.addresses import href
from tilepress.artifacts import Artifact, json_artifact
from tilepress.ledger import GroupRecord, Holders, Ledger, PageRecord, Tile
from tilepress.manifest import moment, rank
from tilepress.pages import NO_HTML, Html
from tilepress.rewriting import with_tags
from tilepress.site import Site

FEED_NAMES = ("index.xml", "atom.xml", "feed.json")
FEED_PAGES = 10
SPARE_PAGES = 10
"""The texts of how many more pages are kept, so that the one that moves up when another goes is at hand."""
TEXT_CHARS_MAX = 60_000
"""A longer text does not stand in the feed: its reader is sent to the page."""
NO_TEXT = Html("\n")
"""What is kept of a page whose text is empty, or too long: that it has been looked at."""
UNDATED = datetime(1970, 1, 1, tzinfo=UTC)
"""Atom demands a time of each page; this one says that the author gave none."""

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINKS = re.compile(r' (href|src|poster|cite)="([^"]*)"')
_SETS = re.compile(r' srcset="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Entry:
    """A page in a feed."""

    tile: Tile
    text: Html


@dataclass(frozen=True, slots=True)
class Feed:
    """A section in one language, as feeds tell of it. Addresses are quoted, and start at the root of the site."""

    title: str
    description: str
    lang: str
    url: str
    author: str
    base_url: str
    entries: tuple[Entry, ...]


def kept_text(body: Html) -> Html:
    """What the ledger keeps of a page's text."""
    return body if body.strip() and len(body) <= TEXT_CHARS_MAX else NO_TEXT


def keep_texts(ledger: Ledger, site: Site) -> Ledger:
    """The ledger with the texts of just those pages that stand in a feed, or come next."""
    wanted = {page.tile.address for page in _in_feeds(ledger, site, FEED_PAGES + SPARE_PAGES)}
    groups = {name: _trimmed(record, wanted) for name, record in ledger.groups.items()}
    return ledger if all(groups[name] is record for name, record in ledger.groups.items()) else replace(ledger, groups=groups)


def _trimmed(record: GroupRecord, wanted: set[str]) -> GroupRecord:
    if all(page.tile.address in wanted or not page.body for page in record.pages):
        return record
    return replace(record, pages=tuple(page if page.tile.address in wanted else replace(page, body=NO_HTML) for page in record.pages))


def without_text(ledger: Ledger, site: Site) -> set[str]:
    """The keys of pages that stand in a feed, and whose text the ledger does not have yet."""
    return {page.tile.key for page in _in_feeds(ledger, site, FEED_PAGES) if not page.body}


def _in_feeds(ledger: Ledger, site: Site, count: int) -> list[PageRecord]:
    if not ledger.section or not site.base_url:
        return []
    return [page for lang in site.languages for page in newest(ledger.holders, lang, count)]


def newest(found: Holders, lang: str, count: int = FEED_PAGES) -> list[PageRecord]:
    """The pages that stand in a language's feed, the newest first, those without a date as overviews have them."""
    pages = (page for page in found.pages.values() if page.tile.lang == lang)
    return nsmallest(count, pages, key=lambda page: (-moment(page.tile.date) if page.tile.date else 0, *rank(page.tile)))


def entries(found: Holders, lang: str) -> tuple[Entry, ...]:
    """The entries of a language's feed. What the reader does not see there, such as a page's weight, is left out of them."""
    return tuple(Entry(replace(page.tile, source_etag="", weight=0, tile="single"), Html(page.body.strip())) for page in newest(found, lang))


def feed_artifact(key: str, feed: Feed) -> Artifact:
    """A feed in the format that its name stands for."""
    if key.endswith(".json"):
        return replace(json_artifact(key, _json(feed)), content_type="application/feed+json; charset=utf-8")
    atom = key.endswith("atom.xml")
    return Artifact(key, _xml(key, feed, atom=atom).encode(), f"application/{'atom' if atom else 'rss'}+xml; charset=utf-8")


def _json(feed: Feed) -> dict[str, object]:
    """JSON Feed 1.1: https://www.jsonfeed.org/version/1.1/."""
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.base_url + feed.url,
        "feed_url": f"{feed.base_url}{feed.url}feed.json",
        "description": feed.description,
        "language": feed.lang,
        "authors": [{"name": feed.author}],
        "items": [_json_item(entry, feed) for entry in feed.entries],
    }


def _json_item(entry: Entry, feed: Feed) -> dict[str, object]:
    tile, url = entry.tile, feed.base_url + href(entry.tile.address)
    item: dict[str, object] = {"id": url, "url": url, "title": tile.title, "content_html": _content(entry, feed)}
    if tile.subtitle:
        item["summary"] = tile.subtitle
    if tile.img:
        item["image"] = feed.base_url + (tile.picture.source() if tile.picture and tile.picture.widths else href(tile.img))
    if tile.date:
        item["date_published"] = tile.date
    if tile.lastmod:
        item["date_modified"] = tile.lastmod
    if tile.categories:
        item["tags"] = list(tile.categories)
    return item


def _xml(key: str, feed: Feed, *, atom: bool) -> str:
    make = (_formats().Atom if atom else _formats().Rss)(
        title=_xml_text(feed.title),
        link=feed.base_url + feed.url,
        description=_xml_text(feed.description or feed.title),
        language=feed.lang,
        feed_url=f"{feed.base_url}/{href(key)}",
        author_name=_xml_text(feed.author),
    )
    for entry in feed.entries:
        tile, url = entry.tile, feed.base_url + href(entry.tile.address)
        content = _xml_text(_content(entry, feed))
        published = _moment(tile.date) if tile.date else None
        make.add_item(
            title=_xml_text(tile.title),
            link=url,
            unique_id=url,
            unique_id_is_permalink=True,
            description=(_xml_text(tile.subtitle) or None) if atom else content,
            content=content,
            pubdate=published,
            updateddate=max(filter(None, (published, _moment(tile.lastmod) if tile.lastmod else None)), default=UNDATED),
            categories=[_xml_text(name) for name in tile.categories],
        )
    out = StringIO()
    make.write(out, "utf-8")
    return out.getvalue() + "\n"


def _xml_text(text: str) -> str:
    """Text without the characters that XML cannot hold."""
    return _NOT_XML.sub("", text)


@cache
def _formats() -> Any:
    """The writers of both formats. Imported when a feed is first written: 12 to 30 ms that a cold start need not wait for."""
    import email.utils  # noqa: PLC0415, F401 - feedgenerator uses it, and does not import it

    from feedgenerator import Atom1Feed, Rss201rev2Feed  # noqa: PLC0415 - see above

    class Atom(Atom1Feed):  # type: ignore[misc]
        """Atom, with no clock where nothing has a date."""

        def latest_post_date(self) -> datetime:
            return _latest(self.items)

    class Rss(Rss201rev2Feed):  # type: ignore[misc]
        """RSS, with no clock where nothing has a date."""

        def latest_post_date(self) -> datetime:
            return _latest(self.items)

    found = ModuleType("formats")
    vars(found).update(Atom=Atom, Rss=Rss)
    return found


def _latest(items: Iterable[dict[str, Any]]) -> datetime:
    return max((item["updateddate"] for item in items), default=UNDATED)


def _moment(date: str) -> datetime:
    return datetime.fromisoformat(date) if date else UNDATED


def _content(entry: Entry, feed: Feed) -> str:
    """A page's text with absolute addresses: a feed is read elsewhere. A page without text has its second line."""
    if not entry.text:
        return absolute(f"<p>{_escaped(entry.tile.subtitle)}</p>", "") if entry.tile.subtitle else ""
    return absolute(entry.text, feed.base_url + href(entry.tile.address))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def absolute(html: str, page_url: str) -> str:
    """Sanitised HTML with every address in it absolute. The sanitiser writes attributes in quotation marks, each after a blank."""

    def changed(tag: str) -> str:
        tag = _SETS.sub(lambda found: f' srcset="{", ".join(_joined(page_url, one) for one in found[1].split(", "))}"', tag)
        return _LINKS.sub(lambda found: f' {found[1]}="{_joined(page_url, found[2])}"', tag)

    return with_tags(html, changed)


def _joined(page_url: str, address: str) -> str:
    try:
        return urljoin(page_url, address)
    except ValueError:
        return address
