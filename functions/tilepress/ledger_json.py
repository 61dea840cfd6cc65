"""Ledgers ↔ their JSON: byte-deterministic, so that equal ledgers have one ETag. Fields that are empty are left out."""

import json
from dataclasses import replace
from functools import lru_cache
from typing import Any

from tilepress.ledger import Alias, GroupRecord, Intro, Ledger, PageRecord, Retired, SourceRecord, Tile
from tilepress.pictures import Picture, picture_from_json

VERSION = 1
RECORDS_REMEMBERED = 16_384

Json = dict[str, Any]


def to_bytes(ledger: Ledger) -> bytes:
    """The ledger's JSON, keys in order."""
    groups = ",".join(_group_text(name, ledger.groups[name]) for name in sorted(ledger.groups))
    start = _text({"version": VERSION, "section": ledger.section, "basis": ledger.basis})
    end = _text(
        {
            "guests": {name: [lean(alias) for alias in ledger.guests[name]] for name in sorted(ledger.guests)},
            "retired": {address: lean(ledger.retired[address]) for address in sorted(ledger.retired)},
            "reports": dict(sorted(ledger.reports.items())),
        }
    )
    return f'{start[:-1]},"groups":{{{groups}}},{end[1:]}\n'.encode()


def in_order(ledger: Ledger) -> Ledger:
    """The ledger as it would be read back: keys in order."""
    return replace(
        ledger,
        groups=dict(sorted(ledger.groups.items())),
        guests=dict(sorted(ledger.guests.items())),
        retired=dict(sorted(ledger.retired.items())),
        reports=dict(sorted(ledger.reports.items())),
    )


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


@lru_cache(maxsize=RECORDS_REMEMBERED)
def _group_text(name: str, record: GroupRecord) -> str:
    """A group's part of the JSON. Nearly all groups are as they were when the ledger was last written."""
    return f"{_text(name)}:{_text(lean(record))}"


def from_json(value: Json) -> Ledger:
    """A ledger from its JSON. Raises KeyError or TypeError for what is none."""
    if value["version"] != VERSION:
        raise KeyError(f"ledger version {value['version']}")
    reports = value.get("reports", {})
    return Ledger(
        section=value["section"],
        basis=value.get("basis", ""),
        groups={name: _group(record) for name, record in value["groups"].items()},
        guests={name: tuple(Alias(**alias) for alias in aliases) for name, aliases in value["guests"].items()},
        retired={address: Retired(**entry) for address, entry in value["retired"].items()},
        reports=dict.fromkeys(reports, "") if isinstance(reports, list) else dict(reports),  # a list: of before there were ETags
    )


def _group(value: Json) -> GroupRecord:
    return GroupRecord(
        basis=value.get("basis", ""),
        images=tuple(value.get("images", ())),
        pictures=value.get("pictures", ""),
        sources=tuple(SourceRecord(**source) for source in value.get("sources", ())),
        pages=tuple(_page(page) for page in value.get("pages", ())),
        intros=tuple(intro_from_json(intro) for intro in value.get("intros", ())),
    )


def _page(value: Json) -> PageRecord:
    tile = value["tile"]
    rest = {name: part for name, part in value.items() if name not in {"tile", "aliases", "elsewhere", "search_keys"}}
    elsewhere = tuple(Alias(**alias) for alias in value.get("elsewhere", ()))
    keys = tuple(value.get("search_keys", ()))
    return PageRecord(tile=tile_from_json(tile), aliases=tuple(value.get("aliases", ())), elsewhere=elsewhere, search_keys=keys, **rest)


def tile_from_json(value: Json) -> Tile:
    """A tile from a ledger's JSON."""
    return Tile(**{**value, "picture": _picture(value), "categories": tuple(value.get("categories", ()))})


def intro_from_json(value: Json) -> Intro:
    """A section's title and text from a ledger's JSON."""
    return Intro(**{**value, "picture": _picture(value)})


def _picture(value: Json) -> Picture | None:
    return picture_from_json(value["picture"]) if value.get("picture") else None


def lean(value: Any) -> Any:
    """A record for JSON, without the fields that are empty."""
    if isinstance(value, tuple):
        return [lean(part) for part in value]
    if not hasattr(value, "__slots__") or isinstance(value, str):
        return value
    return {name: lean(part) for name in value.__slots__ if (part := getattr(value, name)) or name in {"key", "since"}}
