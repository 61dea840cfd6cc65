"""Uploaded files below `static/`: copied as they are, however large, to the key that theirs implies.

Nothing else of the site depends on them, and they on nothing, so they need no ledger.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tilepress.addresses import STATIC, nfc
from tilepress.artifacts import UPLOADED, Copy, Observed, content_type
from tilepress.ports import Cloud, Listings


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A key below `static/`, and what both buckets say of it."""

    key: str
    source: Observed | None
    actual: Observed | None

    @property
    def target(self) -> str:
        """The key in the site bucket."""
        return target_of(self.key)

    @property
    def current(self) -> bool:
        """Whether the copy is what the upload is."""
        if self.source is None or self.actual is None:
            return self.source is self.actual
        same = self.source.etag in {self.actual.etag, self.actual.copied_from}
        headers = (self.actual.content_type, self.actual.cache_control)
        return same and headers in {(None, None), (content_type(self.target), UPLOADED)}


def target_of(key: str) -> str:
    """Where a static file is published."""
    return nfc(key.removeprefix(STATIC))


def read_statics(keys: Sequence[str], cloud: Cloud, listed: Listings | None) -> tuple[StaticFile, ...]:
    """Look at static files in both buckets."""
    sources = [listed.source.get(key) for key in keys] if listed else cloud.fan.io(cloud.source.head, keys)
    actual = cloud.fan.io(cloud.site.head, [target_of(key) for key in keys])
    return tuple(StaticFile(key, source, there) for key, source, there in zip(keys, sources, actual, strict=True))


def copy_of(file: StaticFile) -> Copy:
    """What is published of a file."""
    return Copy(file.target, content_type(file.target))
