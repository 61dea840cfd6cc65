"""Ledgers, and what was read of all pages → what only the whole site shows its authors, though every page could be published. Pure.

Links that lead nowhere, categories that are written in two ways, translations that are missing. A page that comes or goes
may be right or wrong by many others: so this is never a part of publishing, whose cost does not grow with the site.
What a page's own text shows, its author is told at once (`tilepress.remarks`).
"""

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urljoin, urlsplit

from tilepress.addresses import address_of, category_slug, object_key, section_address, section_of
from tilepress.derive_root import root_derived_keys
from tilepress.derive_section import section_derived_keys
from tilepress.ledger import Ledger, Settled, Tile
from tilepress.pages import Problem
from tilepress.reading import Reading, links_of
from tilepress.root import Root
from tilepress.site import Site
from tilepress.wording import teller

FORGOTTEN_ONE_IN = 10
"""Where at most one in so many of a section's pages is without a translation, it was forgotten; where more are, that is how it is meant."""
ALIKE = 0.8
ALIKE_CHARS_MAX = 200
COMPARED_MAX = 100
"""For how many dead links all addresses are compared with theirs, which takes some hundredths of a second on a large site."""
_ORIGIN = "https://site.invalid"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is to be told of a source file: a problem's key and what it names. `needle` stands in the line that it is about.

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
    addresses = sorted(address_of(key) for key in there if not key.endswith((".xml", ".json")))
    by_name: dict[str, str] = {}
    for address in reversed(addresses):
        by_name[_name(address)] = address
    told, compared = [], 0
    for one in findings:
        near = by_name.get(_name(one.path), "") if one.path else ""
        if one.path and not near and compared < COMPARED_MAX:
            near, compared = _alike(one.path, addresses), compared + 1
        about = {name: value for name, value in (("said", one.said), ("usual", one.usual), ("lang", one.lang), ("near", near)) if value}
        lines = enumerate(sources.get(one.key, "").splitlines(), start=1)
        line = next((number for number, text in lines if one.needle and one.needle in text), 1)
        told.append(teller(one.key, site.wording)("link.near" if near else one.code, line=line, **about))
    return tuple(told)


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
            parts = urlsplit(urljoin(_ORIGIN + address, link))
        except ValueError:
            continue
        if f"{parts.scheme}://{parts.netloc}" != _ORIGIN:
            continue
        path = unquote(parts.path)
        target = next((one for one in (object_key(path) if path.endswith("/") else path.lstrip("/"), object_key(f"{path}/")) if one in there), None)
        if target is None:
            yield Finding(key, "link", said, said=said, path=path)
        elif parts.fragment and target in anchors and unquote(parts.fragment) not in anchors[target]:
            yield Finding(key, "anchor", said, said=said)


def _name(address: str) -> str:
    return address.rstrip("/").rpartition("/")[2]


def _alike(path: str, addresses: list[str]) -> str:
    """The address that somebody may have meant."""
    if len(path) > ALIKE_CHARS_MAX:
        return ""
    alike = [address for address in addresses if abs(len(address) - len(path)) * ALIKE <= (1 - ALIKE) * 2 * len(path)]
    return next(iter(difflib.get_close_matches(path, alike, 1, cutoff=ALIKE)), "")


def _spellings(tiles: Iterable[Tile]) -> Iterator[Finding]:
    """Categories that most pages of the section write otherwise."""
    named = [(tile, name) for tile in tiles for name in tile.categories]
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
    groups = {name: {page.tile.lang: page.tile for page in record.pages} for name, record in ledger.groups.items() if record.pages}
    for lang in site.languages:
        without = [found for name, found in groups.items() if lang not in found and section_of(name) == ledger.section]
        if without and len(without) * FORGOTTEN_ONE_IN <= len(groups):
            for found in without:
                yield Finding(next(iter(found.values())).key, "translation", lang=lang)
