"""A store in memory, with versions and conditional writes: for tests, and the measure of what the other stores do. And an outbox."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import RLock
from typing import Any

from tilepress.artifacts import Artifact, Copy, Observed, etag_of
from tilepress.errors import Stale
from tilepress.pages import SourceFile
from tilepress.ports import Store
from tilepress.status import tags_beside


@dataclass(frozen=True, slots=True)
class _Object:
    body: bytes
    version_id: str
    content_type: str
    cache_control: str
    copied_from: str | None = None
    location: str = ""


class MemoryStore:
    """Objects in a dictionary."""

    def __init__(self) -> None:
        self._objects: dict[str, _Object] = {}
        self._versions: dict[tuple[str, str], _Object] = {}
        self._tags: dict[tuple[str, str], dict[str, str]] = {}
        self._lock = RLock()

    def get(self, key: str, version_id: str | None = None) -> SourceFile | None:
        """See `tilepress.ports.Store`."""
        found = self._versions.get((key, version_id)) if version_id else self._objects.get(key)
        return SourceFile(key, found.body, etag_of(found.body), found.version_id, len(self._tags.get((key, found.version_id), ()))) if found else None

    def head(self, key: str) -> Observed | None:
        """See `tilepress.ports.Store`."""
        found = self._objects.get(key)
        if found is None:
            return None
        return Observed(
            key,
            etag_of(found.body),
            len(found.body),
            found.content_type,
            found.cache_control,
            found.copied_from,
            found.location,
            found.version_id,
            len(self.tags(key)),
        )

    def list(self, prefix: str = "") -> Iterator[Observed]:
        """See `tilepress.ports.Store`."""
        for key in sorted(key for key in self._objects if key.startswith(prefix)):
            found = self._objects[key]
            yield Observed(key, etag_of(found.body), len(found.body))

    def put(self, artifact: Artifact) -> str:
        """See `tilepress.ports.Store`."""
        return self._write(artifact.key, artifact.body, artifact.content_type, artifact.cache_control, location=artifact.location)

    def replace(self, artifact: Artifact, etag: str | None) -> str:
        """See `tilepress.ports.Store`."""
        with self._lock:
            found = self._objects.get(artifact.key)
            if (etag_of(found.body) if found else None) != etag:
                raise Stale(artifact.key)
            return self.put(artifact)

    def copy(self, origin: Store, seen: Observed, copy: Copy) -> None:
        """See `tilepress.ports.Store`."""
        found = origin.get(seen.key)
        if found is None or found.etag != seen.etag:
            raise Stale(seen.key)
        self._write(copy.key, found.body, copy.content_type, copy.cache_control, copied_from=found.etag)

    def delete(self, key: str) -> None:
        """See `tilepress.ports.Store`."""
        with self._lock:
            self._objects.pop(key, None)

    def tag(self, file: SourceFile, tags: Mapping[str, str]) -> bool:
        """See `tilepress.ports.Store`."""
        version = (file.key, file.version_id or "")
        if version not in self._versions:
            return False
        had = self._tags.get(version, {})
        self._tags[version] = tags_beside(had, tags)
        return self._tags[version] != had

    def tags(self, key: str) -> dict[str, str]:
        """See `tilepress.ports.Store`."""
        found = self._objects.get(key)
        return dict(self._tags.get((key, found.version_id), {})) if found else {}

    def _write(self, key: str, body: bytes, content_type: str, cache_control: str, *, copied_from: str | None = None, location: str = "") -> str:
        with self._lock:
            version_id = f"v{len(self._versions) + 1}"
            self._objects[key] = self._versions[key, version_id] = _Object(body, version_id, content_type, cache_control, copied_from, location)
        return etag_of(body)


class MemoryOutbox:
    """What was sent, in a list, as JSON gives it back."""

    def __init__(self) -> None:
        self.sent: list[Any] = []

    def send(self, messages: Sequence[Mapping[str, Any]], *, delay: float = 0) -> None:  # noqa: ARG002 - nobody waits in memory
        """See `tilepress.ports.Outbox`."""
        self.sent += [json.loads(json.dumps(message)) for message in messages]
