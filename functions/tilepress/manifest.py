"""Tiles → their order, and the public manifests (`tiles.json`) in that order.

The order is Hugo's: by weight (none comes last), then the newer date, then the title, then the key. It depends on
nothing but the tiles, so equal ledgers give equal bytes. `docs/tiles.schema.json` describes the section manifest.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from math import inf

from tilepress.addresses import REMEMBERED, href
from tilepress.ledger import Tile

VERSION = 1


def in_order(tiles: Iterable[Tile]) -> list[Tile]:
    """Tiles as Hugo would list their pages."""
    return sorted(tiles, key=rank)


def rank(tile: Tile) -> tuple[float, float, str, str]:
    """What a tile is sorted by."""
    return tile.weight or inf, -moment(tile.date) if tile.date else inf, folded(tile.title), tile.key


@lru_cache(maxsize=REMEMBERED)
def moment(date: str) -> float:
    """A date of an author, as seconds since 1970."""
    return datetime.fromisoformat(date).timestamp()


def manifest(section: str, lang: str, tiles: Sequence[Tile]) -> dict[str, object]:
    """A section's public manifest in one language. `tiles` are in order."""
    return {"version": VERSION, "section": section, "lang": lang, "tiles": [_tile(tile) for tile in tiles]}


@lru_cache(maxsize=REMEMBERED)
def _tile(tile: Tile) -> dict[str, object]:
    return {
        "url": href(tile.address),
        "title": tile.title,
        "subtitle": tile.subtitle,
        "tile": tile.tile,
        "type": tile.type,
        "img": tile.picture.source() if tile.picture and tile.picture.widths else href(tile.img),
        "img_alt": tile.img_alt,
        "categories": list(tile.categories),
        "weight": tile.weight,
        "date": tile.date,
        "source": {"key": tile.key, "etag": tile.source_etag.strip('"')},
    }


@lru_cache(maxsize=REMEMBERED)
def folded(title: str) -> str:
    """The title as a reader looks it up: Ä beside A, capitals beside small letters."""
    return "".join(char for char in unicodedata.normalize("NFKD", title.casefold()) if not unicodedata.combining(char))
