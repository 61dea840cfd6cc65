"""A section's newest pages become feeds."""

import json
import re
from dataclasses import replace
from typing import Any

import feedparser
import pytest
from builders import ledger, record, site, tile
from tilepress.artifacts import Artifact
from tilepress.feeds import (
    FEED_PAGES,
    NO_TEXT,
    SPARE_PAGES,
    TEXT_CHARS_MAX,
    Entry,
    Feed,
    absolute,
    feed_artifact,
    keep_texts,
    kept_text,
    newest,
    without_text,
)
from tilepress.ledger import GroupRecord, Ledger, holders
from tilepress.pages import Html

SITE = site("base_url: https://x.de")
FULL = tile(
    "Über <b> & mehr",
    address="/projekte/über-uns/",
    subtitle="Eine Zeile",
    date="2024-01-02T00:00:00+01:00",
    lastmod="2025-02-03T04:05:06+01:00",
    categories=("Bildung",),
    img="/files/a b.jpg",
)


def feed(*entries: Entry) -> Feed:
    """A feed of these entries."""
    return Feed(title="Projekte – X", description="D", lang="de", url="/projekte/", author="X", base_url="https://x.de", entries=entries)


def written(name: str, *entries: Entry) -> Artifact:
    """A feed in the format of this name."""
    return feed_artifact(f"projekte/{name}", feed(*entries))


def with_text(name: str, text: str = "<p>T</p>", **given: Any) -> GroupRecord:
    """A page's record with its text."""
    found = record(name, **given)
    return replace(found, pages=tuple(replace(page, body=Html(text)) for page in found.pages))


@pytest.mark.parametrize("name", ["index.xml", "atom.xml"])
@pytest.mark.parametrize("entry", [Entry(FULL, Html('<p>Text <a href="/x/">x</a></p>')), Entry(tile(), Html(""))], ids=["full", "bare"])
def test_feed_is_well_formed(name, entry):
    """A feed reader finds no fault, and the page's title, address and text."""
    found = feedparser.parse(written(name, entry).body)
    assert (found.bozo, found.version) == (False, "rss20" if name == "index.xml" else "atom10")
    one = found.entries[0]
    assert (one.link, one.id) == ("https://x.de" + ("/projekte/%C3%BCber-uns/" if entry.tile is FULL else "/projekte/ogp/"),) * 2


@pytest.mark.parametrize("name", ["index.xml", "atom.xml"])
def test_feed_has_all_of_a_page(name):
    """Title, text with whole addresses, times and categories stand in a feed."""
    one = feedparser.parse(written(name, Entry(FULL, Html('<p>Text <a href="/x/">x</a> <img src="y.png"></p>'))).body).entries[0]
    text = one.content[0].value if "content" in one else one.summary
    assert 'href="https://x.de/x/"' in text
    assert 'src="https://x.de/projekte/%C3%BCber-uns/y.png"' in text
    assert (one.published_parsed[:3], one.tags[0].term) == ((2024, 1, 1), "Bildung")


def test_json_feed_has_all_of_a_page():
    """A JSON Feed says the same."""
    found = json.loads(written("feed.json", Entry(FULL, Html("<p>T</p>"))).body)
    assert found["items"] == [
        {
            "id": "https://x.de/projekte/%C3%BCber-uns/",
            "url": "https://x.de/projekte/%C3%BCber-uns/",
            "title": "Über <b> & mehr",
            "content_html": "<p>T</p>",
            "summary": "Eine Zeile",
            "image": "https://x.de/files/a%20b.jpg",
            "date_published": "2024-01-02T00:00:00+01:00",
            "date_modified": "2025-02-03T04:05:06+01:00",
            "tags": ["Bildung"],
        }
    ]


@pytest.mark.parametrize("name", ["index.xml", "atom.xml", "feed.json"])
@pytest.mark.parametrize("entries", [(), (Entry(tile(), Html("")),), (Entry(FULL, Html("")),)], ids=["empty", "undated", "dated"])
def test_no_clock_shows_in_a_feed(name, entries):
    """The only times in a feed are those of its pages, or the beginning of time."""
    years = set(re.findall(rb"\b(?:19|20)\d\d\b", written(name, *entries).body.replace(b"2005/Atom", b"")))
    assert years <= ({b"2024", b"2025"} if entries and entries[0].tile is FULL else {b"1970"})


@pytest.mark.parametrize("name", ["index.xml", "atom.xml"])
def test_characters_that_xml_cannot_hold_are_left_out(name):
    """A control character in a text breaks no feed."""
    found = feedparser.parse(written(name, Entry(tile("A\x0cB", categories=("\x01C",)), Html("\x02x\ufffe"))).body)
    assert (found.bozo, found.entries[0].title) == (False, "AB")


def test_page_without_text_has_its_second_line():
    """A page whose text is not at hand is told of by its subtitle, escaped."""
    assert b"&amp;lt;A&amp;gt; &amp;amp; B" in written("index.xml", Entry(tile(subtitle="<A> & B"), Html(""))).body


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<a href="#x">', '<a href="https://x.de/p/#x">'),
        ('<a href="../q/">', '<a href="https://x.de/q/">'),
        ('<a href="mailto:a@x.de">', '<a href="mailto:a@x.de">'),
        ('<img src="//y.de/z">', '<img src="https://y.de/z">'),
        ('<a href="http://[x">', '<a href="http://[x">'),
        ("<p>href=x</p>", "<p>href=x</p>"),
        ('<code>&lt;a href="/x/"&gt;</code>', '<code>&lt;a href="/x/"&gt;</code>'),
        ('<i title="> a" class="x"></i><a href="/q/">', '<i title="> a" class="x"></i><a href="https://x.de/q/">'),
    ],
)
def test_addresses_are_made_absolute(html, expected):
    """A feed is read elsewhere: each address in it is whole."""
    assert absolute(html, "https://x.de/p/") == expected


def test_newest_pages_stand_first_and_undated_ones_last():
    """A feed is ordered by date; what has none stands as on the overview."""
    book = ledger(
        a=record("a", title="A"), b=record("b", title="B", date="2024-01-01T00:00:00+00:00"), c=record("c", date="2025-01-01T00:00:00+00:00")
    )
    assert [page.tile.key[-4] for page in newest(holders(book), "de")] == ["c", "b", "a"]


def dated(count: int) -> Ledger:
    """A section of so many pages, each with its text, the last one the newest."""
    return ledger(**{f"p{number}": with_text(f"p{number}", date=f"2024-01-{number + 1:02}T00:00:00+00:00") for number in range(count)})


def test_texts_of_just_the_pages_in_a_feed_are_kept():
    """The ledger does not grow by the texts of all pages."""
    found = keep_texts(dated(FEED_PAGES + SPARE_PAGES + 3), SITE)
    assert sum(bool(page.body) for page in found.pages()) == FEED_PAGES + SPARE_PAGES
    assert not next(page.body for page in found.pages() if page.tile.key.endswith("p0.md"))


@pytest.mark.parametrize("settings", ["", "title: X"])
def test_without_a_base_url_no_text_is_kept(settings):
    """Feeds need whole addresses; where there are none, no text is needed."""
    assert not any(page.body for page in keep_texts(dated(2), site(settings)).pages())


def test_page_that_comes_into_a_feed_is_missed_for_its_text():
    """When more pages go than there are texts at hand, those that move up are looked at for theirs."""
    book = keep_texts(dated(FEED_PAGES + SPARE_PAGES + 1), SITE)
    kept = {f"projekte/p{number}" for number in range(FEED_PAGES)}
    shorter = replace(book, groups={name: found for name, found in book.groups.items() if name in kept})
    assert without_text(shorter, SITE) == {"content/projekte/p0.md"}


@pytest.mark.parametrize(("body", "kept"), [("", NO_TEXT), ("\n", NO_TEXT), ("x" * (TEXT_CHARS_MAX + 1), NO_TEXT), ("<p>T</p>", "<p>T</p>")])
def test_page_is_looked_at_for_its_text_once(body, kept):
    """Of a text that is empty or too long it is kept that it has been looked at."""
    assert kept_text(Html(body)) == kept
