"""Ledgers in the site bucket: where they stand, how they are read, and how one is replaced by compare-and-swap.

`.tilepress/sections/<section>.json` is a section's ledger, `.tilepress/pages.json` that of the pages in no folder,
`.tilepress/root.json` the root ledger, `.tilepress/images/<folder>.json` the ledger of the images of a folder below `static/`,
`.tilepress/images.json` that of those in no folder. The CDN may not read below `.tilepress/`.
"""

import json
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import Generic, TypeVar

from tilepress import ledger_json as ledgers
from tilepress import pictures
from tilepress import root as roots
from tilepress.addresses import PRIVATE
from tilepress.artifacts import JSON, Artifact, Observed
from tilepress.artifacts import PRIVATE as NOT_CACHED
from tilepress.errors import GiveUp
from tilepress.ledger import Ledger
from tilepress.ledger_json import Json
from tilepress.pictures import ImageLedger
from tilepress.ports import Cloud, Listings, Store
from tilepress.root import Root

ROOT_KEY = f"{PRIVATE}root.json"

IMAGES = f"{PRIVATE}images"

Book = TypeVar("Book", Ledger, Root, ImageLedger)

PAGES_REMEMBERED = 10_000
_remembered: "OrderedDict[str, Seen[Ledger]]" = OrderedDict()
"""The sections' ledgers as they were last read or written here, by key: one that still has that ETag need not be read out of its JSON again."""
_remembering = Lock()


@dataclass(frozen=True, slots=True)
class Seen(Generic[Book]):
    """A ledger as it was read. The ETag is None where there was none."""

    value: Book
    key: str
    etag: str | None


def ledger_key(section: str) -> str:
    """Where a section's ledger stands."""
    return f"{PRIVATE}sections/{section}.json" if section else f"{PRIVATE}pages.json"


def section_of_ledger(key: str) -> str | None:
    """The section whose ledger stands at this key; None where no section's does."""
    if key == ledger_key(""):
        return ""
    prefix = f"{PRIVATE}sections/"
    return key.removeprefix(prefix).removesuffix(".json") if key.startswith(prefix) and key.endswith(".json") else None


def read_ledger(store: Store, section: str, listed: Mapping[str, Observed] | None = None) -> Seen[Ledger]:
    """A section's ledger; an empty one where there is none. Raises GiveUp for one that cannot be read.

    It is not asked for where it is remembered, and a listing of a moment ago shows that very ETag.
    """
    key = ledger_key(section)
    known = _remembered.get(key)
    if known and listed and (seen := listed.get(key)) and seen.etag == known.etag:
        return _remember(known)
    found = store.get(key)
    if found is None:
        return Seen(Ledger(section=section), key, None)
    if known and known.etag == found.etag:
        return _remember(known)
    try:
        return _remember(Seen(ledgers.from_json(_json(found.body)), key, found.etag))
    except (ValueError, KeyError, TypeError) as error:
        raise GiveUp(f"{key} is not a ledger: {error!r}. Delete it and run a resync, which makes it anew.") from error


def read_ledgers(sections: Iterable[str], cloud: Cloud, listed: Listings | None = None) -> dict[str, Seen[Ledger]]:
    """The ledgers of these sections, in the order of their names."""
    wanted = sorted(sections)
    read = partial(read_ledger, cloud.site, listed=listed.site if listed else None)
    return dict(zip(wanted, cloud.fan.io(read, wanted), strict=True))


def read_root(store: Store) -> Seen[Root]:
    """The root ledger; an empty one where there is none. Raises GiveUp for one that cannot be read."""
    found = store.get(ROOT_KEY)
    if found is None:
        return Seen(Root(), ROOT_KEY, None)
    try:
        return Seen(roots.from_json(_json(found.body)), ROOT_KEY, found.etag)
    except (ValueError, KeyError, TypeError) as error:
        raise GiveUp(f"{ROOT_KEY} is not the root ledger: {error!r}. Delete it and run a resync, which makes it anew.") from error


def image_ledger_key(folder: str) -> str:
    """Where the ledger of a folder's images stands."""
    return f"{IMAGES}/{folder}.json" if folder else f"{IMAGES}.json"


def folder_of_ledger(key: str) -> str | None:
    """The folder whose image ledger stands at this key; None where no folder's does."""
    if key == image_ledger_key(""):
        return ""
    return key.removeprefix(f"{IMAGES}/").removesuffix(".json") if key.startswith(f"{IMAGES}/") and key.endswith(".json") else None


def read_image_ledger(store: Store, folder: str) -> Seen[ImageLedger]:
    """The ledger of a folder's images; an empty one where there is none. Raises GiveUp for one that cannot be read."""
    key = image_ledger_key(folder)
    found = store.get(key)
    if found is None:
        return Seen(ImageLedger(folder=folder), key, None)
    try:
        return Seen(pictures.from_json(_json(found.body)), key, found.etag)
    except (ValueError, KeyError, TypeError) as error:
        raise GiveUp(f"{key} is not an image ledger: {error!r}. Delete it and run a resync, which makes it anew.") from error


def read_image_ledgers(folders: Iterable[str], cloud: Cloud) -> dict[str, Seen[ImageLedger]]:
    """The image ledgers of these folders, in the order of their names."""
    wanted = sorted(folders)
    return dict(zip(wanted, cloud.fan.io(partial(read_image_ledger, cloud.site), wanted), strict=True))


def write(store: Store, seen: Seen[Book], value: Book) -> Seen[Book]:
    """Replace what was seen by this value, if it says something else. Raises Stale when somebody else was faster."""
    artifact = Artifact(seen.key, _bytes(value), JSON, NOT_CACHED)
    if artifact.etag == seen.etag:
        return seen
    etag = store.replace(artifact, seen.etag)
    if isinstance(value, Ledger):
        _remember(Seen(ledgers.in_order(value), seen.key, etag))
    return Seen(value, seen.key, etag)


def _remember(seen: Seen[Ledger]) -> Seen[Ledger]:
    """Keep a ledger for the next run of this process; the oldest ones go, as many as it takes."""
    with _remembering:
        _remembered[seen.key] = seen
        _remembered.move_to_end(seen.key)
        while sum(len(one.value.groups) for one in _remembered.values()) > PAGES_REMEMBERED:
            _remembered.popitem(last=False)
    return seen


def _bytes(value: Ledger | Root | ImageLedger) -> bytes:
    if isinstance(value, ImageLedger):
        return pictures.to_bytes(value)
    return ledgers.to_bytes(value) if isinstance(value, Ledger) else roots.to_bytes(value)


def _json(body: bytes) -> Json:
    value = json.loads(body)
    if not isinstance(value, dict):
        raise TypeError(type(value).__name__)
    return value
