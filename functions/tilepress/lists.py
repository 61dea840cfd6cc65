"""A section's pages → the lists that are shown of them: the overview, its next pages, and a page for each category. Pure.

A list has at most `TILES_PER_PAGE` tiles on a page; what is more stands on next pages. Categories whose names give the same
address (in capitals or not, say) are one category. Where lists stand follows from the ledger, but from tiles that it may have
forgotten by the next run: so an address that a section had, and has no more, retires.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tilepress.addresses import category_address, category_slug, next_page_address, section_address
from tilepress.ledger import Holders, Ledger, Tile, retire
from tilepress.manifest import folded, in_order
from tilepress.site import Site

TILES_PER_PAGE = 200


@dataclass(frozen=True, slots=True)
class Category:
    """A category of a section in one language, with its tiles in order."""

    slug: str
    title: str
    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class Lists:
    """What a section shows in one language."""

    tiles: tuple[Tile, ...]
    categories: tuple[Category, ...]


@lru_cache(maxsize=16)
def lists_of(found: Holders, lang: str) -> Lists:
    """The tiles of a section in a language, and its categories. Remembered, since a run asks several times."""
    tiles = tiles_of(found, lang)
    return Lists(tuple(tiles), tuple(categories(tiles)))


def tiles_of(found: Holders, lang: str) -> list[Tile]:
    """What a section shows in a language, as overviews show it: what has a tile, then what has none, then what is finished."""
    return sorted(in_order(page.tile for page in found.pages.values() if page.tile.lang == lang), key=_part)


def _part(tile: Tile) -> int:
    return 2 if tile.type == "archive" else int(tile.tile == "none")


def categories(tiles: Iterable[Tile]) -> list[Category]:
    """The categories of these tiles, by title. Of several ways to write one the most frequent is its title, then the first in order."""
    members: dict[str, dict[tuple[str, str], Tile]] = {}
    names: dict[str, Counter[str]] = {}
    for tile in tiles:
        for name in tile.categories:
            if slug := category_slug(name):
                members.setdefault(slug, {})[tile.key, tile.address] = tile
                names.setdefault(slug, Counter())[name] += 1
    titles = {slug: min(found, key=lambda name: (-found[name], name)) for slug, found in names.items()}
    return [Category(slug, titles[slug], tuple(members[slug].values())) for slug in sorted(members, key=lambda slug: (folded(titles[slug]), slug))]


def pages_of(tiles: Sequence[Tile], per_page: int = TILES_PER_PAGE) -> list[Sequence[Tile]]:
    """The tiles of each page of a list; there is one page at least."""
    return [tiles[start : start + per_page] for start in range(0, max(len(tiles), 1), per_page)]


def list_addresses(section: str, found: Holders, site: Site) -> set[str]:
    """Where a section's lists stand, the overviews themselves aside."""
    return {address for lang in site.languages for address in _addresses(section, lang, lists_of(found, lang), site)} if section else set()


def _addresses(section: str, lang: str, lists: Lists, site: Site) -> Iterator[str]:
    overview = section_address(section, lang, site.default_language)
    for number in range(2, len(pages_of(lists.tiles)) + 1):
        yield next_page_address(overview, number, lang)
    for category in lists.categories:
        address = category_address(section, lang, site.default_language, category.slug)
        for number in range(1, len(pages_of(category.tiles)) + 1):
            yield next_page_address(address, number, lang)


def retire_lists(ledger: Ledger, before: Ledger, site: Site, now: float) -> Ledger:
    """The ledger with those addresses of lists retired that it had before and has no more."""
    gone = list_addresses(ledger.section, before.holders, site) - list_addresses(ledger.section, ledger.holders, site)
    return retire(ledger, sorted(gone), now)
