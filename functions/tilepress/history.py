"""The versions of the source bucket → what a rollback writes. Pure.

A rollback never touches the site: it puts former versions of source files on top of the present ones, and deletes what was not
there then. Both are events like any other, so the site follows by itself, and a rollback can be rolled back.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from tilepress.errors import GiveUp
from tilepress.sync import DELETES_MAX, is_source, upload_order

KEPT_FOR_GOOD = 10
"""Former versions of a file that the bucket keeps whatever their age (infra/template.yaml); of those before them some may be gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version of a source file; one that is `deleted` marks that there was none from then on. `at` is in seconds since 1970."""

    key: str
    version_id: str
    at: float
    current: bool
    deleted: bool = False
    etag: str = ""
    size: int = 0
    state: str = ""


@dataclass(frozen=True, slots=True)
class Rollback:
    """What to write: versions to put on top, settings first, and keys to delete. Of `unknown` files nobody can say what they were."""

    restores: tuple[Version, ...] = ()
    deletes: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.restores or self.deletes)


def to_version(history: Sequence[Version], version_id: str = "") -> Rollback:
    """Bring one file back to a version, or to the last one that says something else than now. `history` is that file's, newest first.

    Raises GiveUp where there is no such version.
    """
    now = _current(history)
    if version_id:
        wanted = next((one for one in history if one.version_id == version_id and not one.deleted), None)
    else:
        wanted = next((one for one in history if not one.deleted and (now is None or one.etag != now.etag)), None)
    if wanted is None:
        raise GiveUp(f"there is no version {version_id}" if version_id else "there is no former version with another content")
    return Rollback() if now and now.etag == wanted.etag else Rollback((wanted,))


def to_time(histories: Iterable[Sequence[Version]], at: float, deletes_max: int = DELETES_MAX) -> Rollback:
    """Bring every source file back to what it was at a time, in seconds since 1970. Each history is a file's, newest first.

    Raises GiveUp for a time at which there was no page, and for more deletions than were expected: neither is likely meant.
    """
    restores: list[Version] = []
    deletes: list[str] = []
    unknown: list[str] = []
    pages = 0
    for history in histories:
        now, then = _current(history), next((one for one in history if one.at <= at), None)
        key = history[0].key
        if then is None and len(history) > KEPT_FOR_GOOD:
            unknown.append(key)
        elif then is None or then.deleted:
            deletes.extend([key] if now else [])
        else:
            restores.extend([then] if now is None or now.etag != then.etag else [])
        pages += then is not None and not then.deleted and key.endswith(".md")
    if not pages:
        raise GiveUp(f"there was no page at {utc(at)}; the bucket is left as it is")
    if len(deletes) > deletes_max:
        shown = "".join(f"\n  {key}" for key in sorted(deletes))
        raise GiveUp(f"{len(deletes)} files would be deleted, and no more than {deletes_max} may be (--max-deletes):{shown}")
    return Rollback(tuple(sorted(restores, key=lambda one: upload_order(one.key))), tuple(sorted(deletes)), tuple(sorted(unknown)))


def by_file(versions: Iterable[Version]) -> list[list[Version]]:
    """The versions of each source file, in the order that they come in; what is no source file is left out."""
    found: dict[str, list[Version]] = {}
    for one in versions:
        if is_source(one.key):
            found.setdefault(one.key, []).append(one)
    return list(found.values())


def utc(at: float) -> str:
    """A time as people read and type it."""
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}"


def in_a_line(one: Version) -> str:
    """What to know of a version."""
    standing = "deleted" if one.deleted else "current" if one.current else "former"
    size = "" if one.deleted else f"{one.size:,}"
    return f"{utc(one.at)}  {standing:7}  {size:>9}  {one.version_id}  {one.key}  {one.state}".rstrip()


def versions_as_json(versions: Iterable[Version]) -> str:
    """A JSON list; times as ISO 8601."""
    return json.dumps([asdict(one) | {"at": utc(one.at)} for one in versions], ensure_ascii=False, indent=2)


def _current(history: Sequence[Version]) -> Version | None:
    """What stands there now."""
    return next((one for one in history if one.current and not one.deleted), None)
