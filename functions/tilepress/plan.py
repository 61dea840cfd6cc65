"""Desired artifacts × what is there → a plan: what to put, what to delete, what to leave, and why; and what to invalidate."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from tilepress.addresses import address_of, href
from tilepress.artifacts import Artifact, Observed

INVALIDATION_PATHS_MAX = 15


@dataclass(frozen=True, slots=True)
class Put:
    """Write this artifact. `headers` means: the body is there already, under other headers."""

    artifact: Artifact
    reason: Literal["new", "changed", "headers"]


@dataclass(frozen=True, slots=True)
class Delete:
    """Remove this object."""

    key: str
    reason: Literal["source gone", "not derived any more", "retired", "orphan"]


@dataclass(frozen=True, slots=True)
class Plan:
    """What makes the actual state the desired one."""

    puts: tuple[Put, ...] = ()
    deletes: tuple[Delete, ...] = ()
    unchanged: tuple[str, ...] = ()


def plan(desired: Iterable[Artifact], actual: Mapping[str, Observed | None], undesired: Iterable[Delete] = ()) -> Plan:
    """Compare. `undesired` are deletions to make where there is something to delete and nothing is desired."""
    puts: list[Put] = []
    unchanged: list[str] = []
    wanted = {artifact.key: artifact for artifact in desired}
    for key, artifact in wanted.items():
        found = actual.get(key)
        if found is None:
            puts.append(Put(artifact, "new"))
        elif found.shows(artifact):
            unchanged.append(key)
        else:
            puts.append(Put(artifact, "headers" if found.etag == artifact.etag else "changed"))
    deletes = {delete.key: delete for delete in undesired if delete.key not in wanted and actual.get(delete.key) is not None}
    return Plan(tuple(puts), tuple(deletes.values()), tuple(unchanged))


def invalidation(keys: Iterable[str]) -> tuple[str, ...]:
    """The paths to invalidate for these changed keys.

    Each path counts in the bill, and a wildcard counts as one: many paths of a section become the section's wildcard,
    and many sections the whole site's.
    """
    paths = sorted({href(address_of(key)) for key in keys})
    if len(paths) <= INVALIDATION_PATHS_MAX:
        return tuple(paths)
    by_section: dict[str, list[str]] = {}
    for path in paths:
        head, slash, _ = path.lstrip("/").partition("/")
        by_section.setdefault(f"/{head}/*" if slash else "", []).append(path)
    folded = [path for wildcard, found in by_section.items() for path in ([wildcard] if wildcard and len(found) > 1 else found)]
    return tuple(sorted(folded)) if len(folded) <= INVALIDATION_PATHS_MAX else ("/*",)
