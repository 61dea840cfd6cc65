"""Uploaded files below `static/`: copied as they are, however large, to the key that theirs implies.

They depend on nothing, and of the site nothing on them but one: an alias may ask for the address of an uploaded page
(`/alt.html`). The upload has it. So whoever writes such a redirect looks at the upload too, before and after, and needs no ledger.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tilepress.addresses import STATIC, forms, nfc
from tilepress.artifacts import UPLOADED, Copy, Observed, content_type
from tilepress.pages import SourceFile
from tilepress.ports import Cloud, Listings, Store


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A key below `static/` in its composed form, and what both buckets say of it. `looked` are the ETags of all forms of it."""

    key: str
    looked: Mapping[str, str | None]
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


def read_statics(keys: Iterable[str], rivals: Iterable[str], cloud: Cloud, listed: Listings | None) -> tuple[StaticFile, ...]:
    """Look at static files in both buckets. `rivals` are those that an alias may be in the way of: what stands where none is, is not theirs."""
    own = dict.fromkeys(keys)
    every = [*own, *(key for key in dict.fromkeys(rivals) if key not in own)]
    wanted = [form for key in every for form in forms(key)]
    sources = dict(zip(wanted, [listed.source.get(key) for key in wanted] if listed else cloud.fan.io(cloud.source.head, wanted), strict=True))
    copied = [key for key in every if key in own or any(sources[form] for form in forms(key))]
    actual = dict(zip(copied, cloud.fan.io(cloud.site.head, [target_of(key) for key in copied]), strict=True))
    return tuple(_static_file(key, sources, actual.get(key)) for key in every)


def _static_file(key: str, sources: Mapping[str, Observed | None], actual: Observed | None) -> StaticFile:
    found = [sources[form] for form in forms(key)]
    looked = {form: source.etag if source else None for form, source in zip(forms(key), found, strict=True)}
    return StaticFile(key, looked, next((source for source in found if source), None), actual)


def uploaded(source: Store, key: str) -> SourceFile | None:
    """An upload as it is tagged: its version, without its bytes."""
    seen = source.head(key)
    return SourceFile(seen.key, b"", seen.etag, seen.version_id, seen.tag_count) if seen else None


def copied_version(file: StaticFile, source: Store) -> SourceFile | None:
    """The upload that was copied, as it is tagged; None when it is gone, or another by now."""
    seen = file.source
    if seen is None:
        return None
    if seen.version_id:
        return SourceFile(seen.key, b"", seen.etag, seen.version_id, seen.tag_count)
    found = uploaded(source, seen.key)  # a listing does not tell versions
    return found if found and found.etag == seen.etag else None


def copy_of(file: StaticFile) -> Copy:
    """What is published of a file."""
    return Copy(file.target, content_type(file.target))
