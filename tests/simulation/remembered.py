"""Pure functions of the core, remembered by what they are given: the same few contents come again and again in small worlds.

Nothing that touches a store, or asks for the time, is remembered; what is, is a value that nobody changes.
"""

from collections.abc import Callable, Hashable
from types import ModuleType
from typing import Any

from tilepress import books, inputs, reconcile

KEPT_MAX = 50_000
_kept: dict[str, dict[Hashable, Any]] = {}


def remember(put: Callable[[ModuleType, str, Any], None] = setattr) -> None:
    """From now on each of these is computed once. `put` may be a test's own `setattr`, which it takes back at its end."""
    for module, name, key in _PURE:
        kept = _kept.setdefault(f"{module.__name__}.{name}", {})
        put(module, name, _remembered(vars(module)[name], key, kept))


def _remembered(function: Callable[..., Any], key: Callable[..., Hashable], kept: dict[Hashable, Any]) -> Callable[..., Any]:
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


def _group(sources: Any, site: Any, theme: Any, now: float = 0, guard: object = None) -> Hashable:  # noqa: ARG001 - no page here has a time
    good = tuple((key, file.etag) for key, file in sorted(sources.good.items()))
    return sources.group, tuple((file.key, file.etag) for file in sources.files), good, site.digest, theme.digest


_PURE: tuple[tuple[ModuleType, str, Callable[..., Hashable]], ...] = (
    (reconcile, "compute_or_crash", _group),
    (reconcile, "artifact", lambda derived, site, theme: (derived, site.digest, theme.digest)),
    (inputs, "parse_site", lambda source: source.body if source else None),
    (inputs, "with_data", lambda site, files: (site.digest, tuple((file.key, file.body) for file in files))),
    (books, "_json", lambda body: body),
)
