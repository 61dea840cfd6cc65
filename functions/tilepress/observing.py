"""Look at many keys of a store: each by a request of its own, or a folder at once where many of them are in it."""

from collections.abc import Collection, Iterable
from itertools import islice

from tilepress.artifacts import Observed
from tilepress.ports import Fan, Store

LISTED_FROM = 50
"""From so many keys of a folder on it is listed: a thousand objects a request, which costs as much as twelve that look at one."""
OBJECTS_A_KEY_MAX = 10
"""As many objects are listed for each key at most: what a change costs is not to grow with the folder."""


def observe(keys: Iterable[str], store: Store, fan: Fan) -> dict[str, Observed | None]:
    """What stands at these keys now. Without headers where a folder was listed."""
    wanted = list(dict.fromkeys(keys))
    found = _listed(wanted, store, fan)
    others = [key for key in wanted if key not in found]
    return found | dict(zip(others, fan.io(store.head, others), strict=True))


def without_missing(keys: Iterable[str], store: Store, fan: Fan) -> list[str]:
    """These keys but for those that a listing shows to be missing. For few keys none is made: reading them shows the same."""
    wanted = list(dict.fromkeys(keys))
    found = _listed(wanted, store, fan)
    return [key for key in wanted if key not in found or found[key]]


def _listed(keys: Iterable[str], store: Store, fan: Fan) -> dict[str, Observed | None]:
    """What listings say of those keys of which there are many in a folder."""
    folders: dict[str, list[str]] = {}
    for key in keys:
        folders.setdefault(_folder(key), []).append(key)
    busy = [(folder, found) for folder, found in folders.items() if folder and len(found) >= LISTED_FROM]
    listings = fan.io(lambda one: _list_folder(*one, store), busy)
    return {key: seen for found in listings for key, seen in found.items()}


def _list_folder(folder: str, keys: Collection[str], store: Store) -> dict[str, Observed | None]:
    """Of these keys those that come within the first objects of a folder. They come in the order of their keys."""
    most = len(keys) * OBJECTS_A_KEY_MAX
    objects = {seen.key: seen for seen in islice(store.list(folder), most)}
    last = max(objects) if len(objects) == most else None
    return {key: objects.get(key) for key in keys if last is None or key <= last}


def _folder(key: str) -> str:
    """Where a key's neighbours are: a page's `index.html` stands in a folder of its own, among others of its kind."""
    parent = key.removesuffix("/index.html").rpartition("/")[0]
    return parent and f"{parent}/"
