"""A source folder × the source bucket → what to upload and what to delete; compared by content, never by time.

An upload is an event, and an event is work: what the bucket has already is not uploaded again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tilepress.addresses import CONTENT, DATA, SETTINGS_KEY, STATIC
from tilepress.artifacts import Artifact, content_type
from tilepress.ports import Store

PARTS = (CONTENT, DATA, STATIC)


@dataclass(frozen=True, slots=True)
class SyncPlan:
    """Keys to upload, and keys to delete."""

    uploads: tuple[str, ...]
    deletes: tuple[str, ...]


def is_source(key: str) -> bool:
    """Whether a file of the folder belongs in the source bucket."""
    return key == SETTINGS_KEY or key.startswith(PARTS)


def plan_sync(folder: Mapping[str, str], bucket: Mapping[str, str]) -> SyncPlan:
    """Compare, by ETag. Settings and data come first, so that pages are not rendered twice."""
    wanted = {key: etag for key, etag in folder.items() if is_source(key)}
    uploads = sorted((key for key, etag in wanted.items() if bucket.get(key) != etag), key=lambda key: (key.startswith(CONTENT), key))
    return SyncPlan(tuple(uploads), tuple(sorted(key for key in bucket if is_source(key) and key not in wanted)))


def sync(folder: Store, bucket: Store) -> SyncPlan:
    """Make the bucket what the folder is. What was done."""
    done = plan_sync({found.key: found.etag for found in folder.list()}, {found.key: found.etag for found in bucket.list()})
    sync_keys((*done.uploads, *done.deletes), folder, bucket)
    return done


def sync_keys(keys: Iterable[str], folder: Store, bucket: Store) -> None:
    """Make these keys of the bucket what they are in the folder."""
    for key in keys:
        found = folder.get(key)
        if found is None:
            bucket.delete(key)
        else:
            bucket.put(Artifact(key, found.body, content_type(key), "no-cache"))
