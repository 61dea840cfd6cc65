"""Ledgers, and what was read of all pages → what only the whole site shows its authors, though every page could be published. Pure.

Links that lead nowhere, categories that are written in two ways, translations that are missing. A page that comes or goes
may be right or wrong by many others: so this is never a part of publishing, whose cost does not grow with the site.
What a page's own text shows, its author is told at once (`tilepress.remarks`).
"""

import difflib
import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urljoin, urlsplit

from tilepress.addresses import address_of, category_slug, group_of, href, object_key, section_address, section_of
from tilepress.derive_root import root_derived_keys
from tilepress.derive_section import section_derived_keys
from tilepress.ledger import GroupRecord, Ledger, Settled, Tile
from tilepress.pages import Problem
from tilepress.reading import Reading, links_of
from tilepress.root import Root
from tilepress.site import Site
from tilepress.wording import teller

FORGOTTEN_ONE_IN = 10
"""Where at most one in so many of a section's pages is without a translation, it was forgotten; where more are, that is how it is meant."""
ALIKE = 0.8
ALIKE_CHARS_MAX = 200
COMPARISONS_MAX = 20_000
"""How many addresses are compared with those of dead links, in all: two to four seconds at most."""
_ELSEWHERE = re.compile(r".*://|www\.|[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/", re.IGNORECASE)
"""How an address of another site is written by who leaves out `https://`, or has something before it."""
_CATEGORY_FIELD = re.compile(r"^\s*(?:kategorien|categories)\s*:", re.MULTILINE)
_ORIGIN = "https://site.invalid"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is to be told of a source file: a problem's key and what it names. `needle` stands in the line that it is about, quoted or not.

    `path` is the address that a link leads to, where nothing is.
    """

    key: str
    code: str
    needle: str = ""
    said: str = ""
    usual: str = ""
    lang: str = ""
    path: str = ""


def check_site(
    sections: Sequence[Settled], root: Root, readings: Mapping[tuple[str, str], Reading], uploads: Iterable[str], site: Site
) -> list[Finding]:
    """What is to be told of the files of these sections, in their order.

    `readings` are of the pages by source key and language, `uploads` the keys of the site at which uploaded files stand.
    """
    there = known_keys(sections, root, uploads, site)
    anchors = {
        object_key(page.tile.address): frozenset(reading.anchors)
        for settled in sections
        for page in settled.holders.pages.values()
        if (reading := readings.get((page.tile.key, page.tile.lang)))
    }
    found: list[Finding] = []
    for settled in sections:
        for key, address, links in _links(settled, readings, site):
            found += _dead(key, address, links, there, anchors)
        tiles = [page.tile for page in settled.holders.pages.values()]
        found += [*_spellings(tiles), *_untranslated(settled.ledger, site)]
    return sorted(dict.fromkeys(found), key=lambda one: (one.key, one.code, one.said, one.lang))


def known_keys(sections: Iterable[Settled], root: Root, uploads: Iterable[str], site: Site) -> set[str]:
    """The keys of the site at which somebody stands who is to stay: not what is retired."""
    keys = {*uploads, *root_derived_keys(root, site)}
    for settled in sections:
        keys |= section_derived_keys(settled, site)
        keys |= {object_key(address) for address in (*settled.holders.pages, *settled.holders.aliases)}
    return keys


def problems_of(findings: Iterable[Finding], sources: Mapping[str, str], there: Iterable[str], site: Site) -> tuple[Problem, ...]:
    """The findings in words, each at the first line of its source file that it may be about, dead links with the nearest address."""
    addresses = _Addresses(address_of(key) for key in there if not key.endswith((".xml", ".json")))
    told = []
    for one in findings:
        near = addresses.near(one.path) if one.path else ""
        about = {name: value for name, value in (("said", one.said), ("usual", one.usual), ("lang", one.lang), ("near", near)) if value}
        text = sources.get(one.key, "")
        line = text.count("\n", 0, _place(one, text)) + 1
        told.append(teller(one.key, site.wording)("link.near" if near else one.code, line=line, **about))
    return tuple(told)


def _place(one: Finding, text: str) -> int:
    """Where in its source file a finding is about."""
    if one.code == "category":
        field = _CATEGORY_FIELD.search(text)
        found = re.compile(rf"(?<!\w){re.escape(one.needle)}(?!\w)").search(text, field.end() if field else 0)
        return found.start() if found else 0
    written = (one.needle, unquote(one.needle), html.escape(one.needle)) if one.needle else ()
    return next((at for needle in written if (at := text.find(needle)) >= 0), 0)


class _Addresses:
    """All addresses, to find the one in that somebody may have meant."""

    def __init__(self, addresses: Iterable[str]) -> None:
        self._by_name: dict[str, str] = {}
        self._by_start: dict[str, list[str]] = {}
        self._left = COMPARISONS_MAX
        for address in sorted(addresses, reverse=True):
            self._by_name[_name(address)] = address
            self._by_start.setdefault(_start(address), []).append(address)

    def near(self, path: str) -> str:
        """One of the same name elsewhere, else one in the same folder at the top that is written alike; quoted where it has to be."""
        path = path.lower()  # as addresses are
        found = self._by_name.get(_name(path), "") or self._alike(path)
        return href(found) if set("#?%") & set(found) else found

    def _alike(self, path: str) -> str:
        most = (1 - ALIKE) * 2 * len(path) / ALIKE
        alike = [address for address in self._by_start.get(_start(path), ()) if abs(len(address) - len(path)) <= most]
        self._left -= len(alike)
        return next(iter(difflib.get_close_matches(path, alike, 1, cutoff=ALIKE)), "") if self._left >= 0 and len(path) <= ALIKE_CHARS_MAX else ""


def _links(settled: Settled, readings: Mapping[tuple[str, str], Reading], site: Site) -> Iterator[tuple[str, str, Iterable[str]]]:
    """The links of a section's pages, and of the texts that open its overviews: source file, address, links."""
    for page in settled.holders.pages.values():
        reading = readings.get((page.tile.key, page.tile.lang), Reading())
        yield page.tile.key, page.tile.address, reading.links
    for lang, intro in settled.ledger.intros().items():
        yield intro.key, section_address(settled.ledger.section, lang, site.default_language), links_of(intro.body)


def _dead(key: str, address: str, links: Iterable[str], there: set[str], anchors: Mapping[str, frozenset[str]]) -> Iterator[Finding]:
    """Links that lead to no page, no file, or no place on a page."""
    for link in links:
        said = unquote(link)  # as the author wrote it, most often
        try:
            parts = urlsplit(urljoin(_ORIGIN + href(address), link))
        except ValueError:
            continue
        if f"{parts.scheme}://{parts.netloc}" != _ORIGIN:
            continue
        path = unquote(parts.path)
        target = _target(path, there)
        anchor = unquote(parts.fragment).partition(":~:")[0]  # what follows is a text to mark, for browsers
        if target is None:
            elsewhere = _ELSEWHERE.match(link)
            yield Finding(key, "link.host" if elsewhere else "link", link, said=said, path="" if elsewhere else path)
        elif target in anchors and anchor.lower() not in {"", "top"} and anchor not in anchors[target]:
            yield Finding(key, "anchor", link, said=said)


def _target(path: str, there: set[str]) -> str | None:
    """The key at which a path ends: the CDN leads on to the one with a slash, unless the name has a dot."""
    last = path.rpartition("/")[2]
    keys = [path.lstrip("/"), *(() if "." in last else (object_key(f"{path}/"),))] if last else [object_key(path)]
    return next((key for key in keys if key in there), None)


def _name(address: str) -> str:
    return address.rstrip("/").rpartition("/")[2]


def _start(address: str) -> str:
    return address.strip("/").partition("/")[0][:3]


def _spellings(tiles: Iterable[Tile]) -> Iterator[Finding]:
    """Categories that most pages of the section write otherwise."""
    named = [(tile, name) for tile in tiles for name in tile.categories if category_slug(name)]
    counts: dict[tuple[str, str], Counter[str]] = {}
    for tile, name in named:
        counts.setdefault((tile.lang, category_slug(name)), Counter())[name] += 1
    for tile, name in named:
        found = counts[tile.lang, category_slug(name)]
        usual = min(found, key=lambda one: (-found[one], one))
        if name != usual:
            yield Finding(tile.key, "category", name, said=name, usual=usual)


def _untranslated(ledger: Ledger, site: Site) -> Iterator[Finding]:
    """Pages without the translation that nearly all others of their section have."""
    groups = {name: record for name, record in ledger.groups.items() if record.pages}
    there = {name: _languages(record, site) for name, record in groups.items()}
    for lang in site.languages:
        without = [record for name, record in groups.items() if lang not in there[name] and section_of(name) == ledger.section]
        if without and len(without) * FORGOTTEN_ONE_IN <= len(groups):
            for record in without:
                yield Finding(record.pages[0].tile.key, "translation", lang=lang)


def _languages(record: GroupRecord, site: Site) -> set[str]:
    """The languages in which there is something of a page, be it a draft."""
    files = {group_of(source.key, site.languages)[1] or site.default_language for source in record.sources}
    return files | {page.tile.lang for page in record.pages}
