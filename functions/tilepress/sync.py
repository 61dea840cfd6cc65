"""A source folder × the source bucket → what to upload and what to delete; compared by content, never by time.

An upload is an event, and an event is work: what the bucket has already is not uploaded again. Whatever ends a sync
half-way, the next one does the rest.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from tilepress.addresses import CONTENT, DATA, SETTINGS_KEY, STATIC, THEME
from tilepress.artifacts import Artifact, content_type
from tilepress.errors import GiveUp
from tilepress.live import read_report, read_state
from tilepress.pages import Problem, SourceFile
from tilepress.ports import Fan, Store
from tilepress.site import data_keys, parse_site
from tilepress.todo import sort_out

PARTS = (CONTENT, DATA, STATIC, THEME)
DELETES_MAX = 256
POLL_SECONDS = 0.25

Tell = Callable[[str], None]
"""Is called with each key that is done."""


@dataclass(frozen=True, slots=True)
class SyncPlan:
    """Keys to upload, and keys to delete."""

    uploads: tuple[str, ...]
    deletes: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.uploads or self.deletes)


@dataclass(frozen=True, slots=True)
class Awaited:
    """What became of uploads: those published, those with problems, and those of which there was no word in time."""

    published: tuple[str, ...]
    problems: tuple[Problem, ...]
    waiting: tuple[str, ...]


def is_source(key: str) -> bool:
    """Whether a file of the folder belongs in the source bucket."""
    return key == SETTINGS_KEY or key.startswith(PARTS)


def plan_sync(folder: Mapping[str, str], bucket: Mapping[str, str], deletes_max: int = DELETES_MAX) -> SyncPlan:
    """Compare, by ETag.

    Raises GiveUp for a folder without any page, and for more deletions than were expected: neither is likely meant.
    """
    wanted = {key: etag for key, etag in folder.items() if is_source(key)}
    if not any(key.startswith(CONTENT) for key in wanted) and any(key.startswith(CONTENT) for key in bucket):
        raise GiveUp("there is nothing below content/ in this folder; the bucket is left as it is")
    uploads = sorted((key for key, etag in wanted.items() if bucket.get(key) != etag), key=upload_order)
    deletes = tuple(sorted(key for key in bucket if is_source(key) and key not in wanted))
    if len(deletes) > deletes_max:
        shown = "".join(f"\n  {key}" for key in deletes)
        raise GiveUp(f"{len(deletes)} files would be deleted, and no more than {deletes_max} may be (--max-deletes):{shown}")
    return SyncPlan(tuple(uploads), deletes)


def upload_order(key: str) -> tuple[int, str]:
    """Settings and data come first, then images, so that pages need not be rendered twice."""
    return (0 if key == SETTINGS_KEY or key.startswith(DATA) else 1 if key.startswith(STATIC) else 2), key


def compare(folder: Store, bucket: Store, deletes_max: int = DELETES_MAX) -> SyncPlan:
    """What would make the bucket what the folder is. Raises GiveUp as `plan_sync`."""
    there = {found.key: found.etag for part in (SETTINGS_KEY, *PARTS) for found in bucket.list(part)}
    return plan_sync({found.key: found.etag for found in folder.list()}, there, deletes_max)


def carry_out(plan: SyncPlan, folder: Store, bucket: Store, fan: Fan, tell: Tell = lambda _: None) -> None:
    """Upload, then delete."""
    for rank in sorted({upload_order(key)[0] for key in plan.uploads}):
        fan.io(partial(_do, folder=folder, bucket=bucket, tell=tell), [key for key in plan.uploads if upload_order(key)[0] == rank])
    fan.io(partial(_do, folder=folder, bucket=bucket, tell=tell), plan.deletes)


def sync_keys(keys: Iterable[str], folder: Store, bucket: Store) -> None:
    """Make these keys of the bucket what they are in the folder."""
    for key in keys:
        _do(key, folder, bucket, lambda _: None)


def await_publication(uploads: Sequence[str], settings: SourceFile | None, bucket: Store, fan: Fan, *, seconds_max: float, tell: Tell) -> Awaited:
    """Wait until each upload is published, or its author has been told why not. `settings` is the folder's own site.yaml."""
    site, _ = parse_site(settings)
    sorted_out = sort_out(uploads, site.languages if site else (), site.wording if site else "en")
    hopeless = {problem.file for problem in sorted_out.problems}
    used = {SETTINGS_KEY, *(data_keys(site) if site else ())}
    waiting = [key for key in uploads if key not in hopeless and (key in used or key.startswith((CONTENT, STATIC)))]
    published: list[str] = []
    problems = list(sorted_out.problems)
    end = time.monotonic() + seconds_max
    while waiting and time.monotonic() < end:
        states = dict(zip(waiting, fan.io(partial(read_state, bucket), waiting), strict=True))
        done = [key for key in waiting if states[key]]
        reports = fan.io(partial(read_report, bucket), done)
        for key, report in zip(done, reports, strict=True):
            problems.extend(report.problems if report else ())
            if states[key] != "problem":
                published.append(key)
            tell(key)
        waiting = [key for key in waiting if not states[key]]
        if waiting:
            time.sleep(POLL_SECONDS)
    return Awaited(tuple(published), tuple(problems), tuple(waiting))


def _do(key: str, folder: Store, bucket: Store, tell: Tell) -> None:
    found = folder.get(key)
    if found is None:
        bucket.delete(key)
    else:
        bucket.put(Artifact(key, found.body, content_type(key), "no-cache"))
    tell(key)
