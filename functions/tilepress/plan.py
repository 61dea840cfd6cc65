"""Desired artifacts × what is there → a plan: what to put, what to delete, what to leave, and why; and what to invalidate."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from tilepress.addresses import address_of, href
from tilepress.artifacts import Artifact, Observed

INVALIDATION_ADDRESSES_MAX = 15
NOT_TO_BE_QUOTED = "/~@!$&'()+,;=:"
"""Signs that the CDN wants as they are; a browser may quote some of them, and then it keeps two copies."""


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

    Each path counts in the bill, and a wildcard counts as one: many addresses of a section become the section's wildcard,
    and many sections the whole site's.
    """
    addresses = sorted({address_of(key) for key in keys})
    if len(addresses) <= INVALIDATION_ADDRESSES_MAX:
        return _paths(addresses)
    by_section: dict[str, list[str]] = {}
    for address in addresses:
        head, slash, _ = address.lstrip("/").partition("/")
        by_section.setdefault(f"/{head}/" if slash else "", []).append(address)
    wildcards = [f"{href(section)}*" for section, found in by_section.items() if section and len(found) > 1]
    single = [address for section, found in by_section.items() if not section or len(found) == 1 for address in found]
    if len(wildcards) + len(single) > INVALIDATION_ADDRESSES_MAX:
        return ("/*",)
    return tuple(sorted([*wildcards, *_paths(single)]))


def together(paths: Iterable[str]) -> tuple[str, ...]:
    """The paths of several invalidations as those of one, which CloudFront takes even where it takes no more of them."""
    wanted = sorted(set(paths))
    return tuple(wanted) if sum(path.endswith("*") for path in wanted) <= INVALIDATION_ADDRESSES_MAX else ("/*",)


def _paths(addresses: Iterable[str]) -> tuple[str, ...]:
    """How the CDN may know these addresses: of a page also as its function has it ask the bucket, and in whichever way signs are quoted.

    Source: CloudFront's Developer Guide, "What you need to know when invalidating paths".
    """
    names = [name for address in addresses for name in ((address, f"{address}index.html") if address.endswith("/") else (address,))]
    return tuple(sorted({path for name in names for path in (href(name), quote(name, safe=NOT_TO_BE_QUOTED))}))
