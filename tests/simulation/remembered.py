"""Pure functions of the core, remembered by what they are given: the same few contents come again and again in small worlds.

Nothing that touches a store, or asks for the time, is remembered; what is, is a value that nobody changes.
"""

import gc
import sys
from bisect import bisect
from collections.abc import Callable, Hashable
from functools import wraps
from types import ModuleType
from typing import Any

from tilepress import addresses, books, derive_root, derive_section, groups, inputs, ledger_json, pictures, reconcile, reindex, root
from tilepress.lists import TILES_PER_PAGE

KEPT_MAX = 50_000
MOMENTS = (0, 180, 480, 1200, 2400)
"""The moments, in seconds, at which a page here may come or go: between two of them it is one and the same."""
DATED = b"Date:"
"""What stands in a page that comes or goes at a moment: any other is the same at all of them."""
_kept: dict[str, dict[Hashable, Any]] = {}


def remember(put: Callable[[ModuleType, str, Any], None] = setattr) -> None:
    """From now on each of these is computed once. `put` may be a test's own `setattr`, which it takes back at its end.

    What is remembered lives on: to look through it for garbage again and again would take a tenth of the time.
    """
    gc.set_threshold(100_000, 50, 100)
    _replace(put, _remembered, _kept)


def _replace(put: Callable[[ModuleType, str, Any], None], wrap: Callable[..., Callable[..., Any]], kept: dict[str, dict[Hashable, Any]]) -> None:
    for module, name, key in _PURE:
        function = vars(module)[name]
        other = wrap(function, key, kept.setdefault(f"{module.__name__}.{name}", {}))
        for user in [loaded for called, loaded in sys.modules.items() if called.startswith("tilepress.")]:
            if vars(user).get(name) is function:
                put(user, name, other)


def compare(put: Callable[[ModuleType, str, Any], None]) -> None:
    """Compute everything every time instead, and raise AssertionError where what is remembered is something else.

    That is a key which says too little; or a function of the core that is not one of what its value says: of the order of groups in a
    ledger, for instance, which no file keeps.
    """

    def compared(function: Callable[..., Any], key: Callable[..., Hashable], kept: dict[Hashable, Any]) -> Callable[..., Any]:
        once = _remembered(function, key, kept)

        def both(*given: Any, **more: Any) -> Any:
            remembered = once(*given, **more)
            assert remembered == function(*given, **more), f"{function.__name__} of {key(*given, **more)}"
            return remembered

        return both

    _replace(put, compared, {})


def _remembered(function: Callable[..., Any], key: Callable[..., Hashable], kept: dict[Hashable, Any]) -> Callable[..., Any]:
    @wraps(function)
    def once(*given: Any, **more: Any) -> Any:
        name = key(*given, **more)
        try:
            if name in kept:
                return kept[name]
        except TypeError:  # some root manifests are made from dictionaries
            return function(*given, **more)
        if len(kept) >= KEPT_MAX:
            kept.clear()
        kept[name] = function(*given, **more)
        return kept[name]

    return once


class _Same:
    """A value as a key, by what it is and not by what it says. While it is kept nothing else can take its place in memory."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value

    def __hash__(self) -> int:
        return id(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.value is self.value


def _group(sources: Any, site: Any, theme: Any, now: float = 0, guard: object = None) -> Hashable:  # noqa: ARG001 - no page here takes long
    good = tuple((key, file.etag, file.version_id) for key, file in sorted(sources.good.items()))
    pictures = tuple(sorted(sources.pictures.items(), key=lambda one: one[0]))
    return (
        sources.group,
        tuple((file.key, file.etag, file.version_id) for file in sources.files),
        good,
        pictures,
        site.digest,
        theme.digest,
        bisect(MOMENTS, now) if any(DATED in file.body for file in (*sources.files, *sources.good.values())) else 0,
    )


def _settled(settled: Any, site: Any, per_page: int = TILES_PER_PAGE) -> Hashable:
    return vars(books)["_bytes"](settled.ledger), tuple(settled.redirects.items()), tuple(settled.holders.pages), site.digest, per_page


_PURE: tuple[tuple[ModuleType, str, Callable[..., Hashable]], ...] = (
    (addresses, "href", lambda address: address),
    (addresses, "sanitize", lambda name: name),
    (books, "_json", lambda body: body),
    (ledger_json, "from_json", _Same),
    (root, "from_json", _Same),
    (pictures, "from_json", _Same),
    (books, "_bytes", _Same),
    (reindex, "index_files", lambda extracts, site: (tuple(extracts), site.digest)),
    (inputs, "parse_site", lambda source: source.body if source else None),
    (inputs, "with_data", lambda site, files: (site.digest, tuple((file.key, file.body) for file in files))),
    (groups, "parse", lambda source, site, guard=None: (source.key, source.body, site.digest)),  # noqa: ARG005 - no page here takes long
    (reconcile, "compute_or_crash", _group),
    (derive_section, "section_derived", _settled),
    (derive_root, "root_derived", lambda root, site: (vars(books)["_bytes"](root), site.digest)),
    (reconcile, "artifact", lambda derived, site, theme: (derived, site.digest, theme.digest)),
)
