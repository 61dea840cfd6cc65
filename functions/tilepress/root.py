"""The root ledger: one summary a section, from which the root manifests, home pages and 404 pages are derived."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from tilepress.artifacts import json_bytes
from tilepress.ledger import Intro, Settled, Tile
from tilepress.ledger_json import Json, intro_from_json, lean, tile_from_json
from tilepress.manifest import in_order, moment

VERSION = 1
LEAD_TILES = 6
"""How many tiles of a section its summary carries, for the home page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A section in one language, as the rest of the site knows it. `lastmod` is its newest change."""

    count: int = 0
    lastmod: str = ""
    intro: Intro | None = None
    tiles: tuple[Tile, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """Every section's summaries by language. The section "" holds the pages in no folder and the home page's text.

    `basis` is the digest of the settings, data, templates and code that the root was last derived from with.
    """

    sections: Mapping[str, Mapping[str, Summary]] = field(default_factory=dict)
    basis: str = ""


def summaries(settled: Settled) -> dict[str, Summary]:
    """What the root ledger holds of a section, by language; empty when nothing of it can be seen."""
    intros = settled.ledger.intros()
    tiles: dict[str, list[Tile]] = {}
    for page in settled.holders.pages.values():
        tiles.setdefault(page.tile.lang, []).append(page.tile)
    found = {}
    for lang in sorted({*intros, *tiles}):
        ordered = in_order(tiles.get(lang, ()))
        lead = [tile for tile in ordered if tile.type != "archive" and tile.tile != "none"][:LEAD_TILES]
        found[lang] = Summary(
            count=len(ordered),
            lastmod=newest_change(ordered),
            intro=intros.get(lang),
            tiles=tuple(replace(tile, source_etag="") for tile in lead) if settled.ledger.section else (),
        )
    return found


def newest_change(tiles: Iterable[Tile]) -> str:
    """When the last of these pages changed, as their authors say; "" where none says so."""
    return max((said for tile in tiles if (said := tile.lastmod or tile.date)), key=moment, default="")


def merge_root(root: Root, changed: Mapping[str, Mapping[str, Summary]], basis: str = "") -> Root:
    """The root ledger with these sections' summaries as they are now."""
    sections = {section: found for section, found in {**root.sections, **changed}.items() if found}
    return Root(sections=sections, basis=basis)


def to_bytes(root: Root) -> bytes:
    """The root ledger's JSON, byte-deterministic."""
    sections = {section: {lang: lean(root.sections[section][lang]) for lang in sorted(root.sections[section])} for section in sorted(root.sections)}
    return json_bytes({"version": VERSION, "basis": root.basis, "sections": sections})


def from_json(value: Json) -> Root:
    """The root ledger from its JSON. Raises KeyError or TypeError for what is none."""
    if value["version"] != VERSION:
        raise KeyError(f"root ledger version {value['version']}")
    return Root(
        sections={section: {lang: _summary(summary) for lang, summary in languages.items()} for section, languages in value["sections"].items()},
        basis=value.get("basis", ""),
    )


def _summary(value: Json) -> Summary:
    intro = value.get("intro")
    return Summary(
        count=value.get("count", 0),
        lastmod=value.get("lastmod", ""),
        intro=intro_from_json(intro) if intro else None,
        tiles=tuple(tile_from_json(tile) for tile in value.get("tiles", ())),
    )
