"""What the publishing code calls in the simulated world: buckets, queues, a CDN, a timer. Each call is a step of the scheduler's."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from tilepress.addresses import PRIVATE
from tilepress.artifacts import Artifact, Copy, Observed, etag_of
from tilepress.errors import Stale
from tilepress.events import Message
from tilepress.pages import SourceFile
from tilepress.ports import Store

if TYPE_CHECKING:
    from .world import World


WRITES = frozenset(("put", "replace", "copy", "delete", "tag"))


class Stored(NamedTuple):
    """An object, and what a store says of it."""

    body: bytes
    etag: str
    content_type: str = ""
    cache_control: str = ""
    copied_from: str | None = None
    location: str = ""


@dataclass(slots=True)
class Bucket:
    """Objects, and every version that there was."""

    objects: dict[str, Stored] = field(default_factory=dict)
    versions: dict[tuple[str, str], bytes] = field(default_factory=dict)
    tags: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)

    def write(
        self, key: str, body: bytes, content_type: str = "", cache_control: str = "", copied_from: str | None = None, location: str = ""
    ) -> str:
        """Put an object. Versions of the same bytes are the same version: that loses nothing, and repeats runs exactly."""
        etag = etag_of(body)
        self.objects[key] = Stored(body, etag, content_type, cache_control, copied_from, location)
        self.versions[key, etag] = body
        return etag

    def public(self) -> dict[str, Stored]:
        """The published site."""
        return {key: found for key, found in sorted(self.objects.items()) if not key.startswith(PRIVATE)}


class WatchedOutbox:
    """A queue, each message to which is a step."""

    def __init__(self, world: "World", queue: list[tuple[Message, int]], name: str) -> None:
        self._world = world
        self._queue = queue
        self._name = name

    def send(self, messages: Sequence[Mapping[str, Any]], *, delay: float = 0) -> None:
        """See `tilepress.ports.Outbox`."""
        for message in messages:
            what = f"send {self._name} {' '.join(message['keys'])}"
            self._world.turn(what)
            self._world.failing(what)
            self._world.note(what)
            self._world.deliver(message, self._queue, delay)
            self._world.after(what)


class WatchedSearch:
    """What search is told comes together as one."""

    def __init__(self, world: "World") -> None:
        self._world = world

    def send(self, messages: Sequence[Mapping[str, Any]], *, delay: float = 0) -> None:  # noqa: ARG002 - nothing for search is delayed
        """See `tilepress.ports.Outbox`."""
        self._world.turn("send to search")
        self._world.failing("send to search")
        self._world.note("search is to look again")
        self._world.to_search += len(messages)
        self._world.after("send to search")


class BucketStore:
    """A bucket as a store. What happens before and after each call is its subclass's affair."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    def get(self, key: str, version_id: str | None = None) -> SourceFile | None:
        """See `tilepress.ports.Store`."""
        self._begin("get", key)
        if version_id:
            body, etag = self._bucket.versions.get((key, version_id)), version_id
        else:
            found = self._bucket.objects.get(key)
            body, etag = (found.body, found.etag) if found else (None, "")
        return None if body is None else SourceFile(key, body, etag, etag, len(self._bucket.tags.get((key, etag), ())))

    def head(self, key: str) -> Observed | None:
        """See `tilepress.ports.Store`."""
        self._begin("head", key)
        found = self._bucket.objects.get(key)
        if found is None:
            return None
        tags = self._bucket.tags.get((key, found.etag), ())
        return Observed(key, found.etag, len(found.body), *found[2:], version_id=found.etag, tag_count=len(tags))

    def list(self, prefix: str = "") -> Iterator[Observed]:
        """See `tilepress.ports.Store`."""
        self._begin("list", prefix)
        return iter([Observed(key, found.etag, len(found.body)) for key, found in sorted(self._bucket.objects.items()) if key.startswith(prefix)])

    def put(self, artifact: Artifact) -> str:
        """See `tilepress.ports.Store`."""
        self._begin("put", artifact.key)
        self._write(artifact)
        self._end("put", artifact.key)
        return artifact.etag

    def replace(self, artifact: Artifact, etag: str | None) -> str:
        """See `tilepress.ports.Store`."""
        self._begin("replace", artifact.key)
        found = self._bucket.objects.get(artifact.key)
        if (found.etag if found else None) != etag:
            self._note(f"412 {artifact.key}")
            raise Stale(artifact.key)
        self._write(artifact)
        self._end("replace", artifact.key)
        return artifact.etag

    def copy(self, origin: Store, seen: Observed, copy: Copy) -> None:
        """See `tilepress.ports.Store`."""
        found = origin.get(seen.key)
        self._begin("copy", copy.key)
        if found is None or found.etag != seen.etag:
            raise Stale(seen.key)
        self._bucket.write(copy.key, found.body, copy.content_type, copy.cache_control, found.etag)
        self._end("copy", copy.key)

    def delete(self, key: str) -> None:
        """See `tilepress.ports.Store`."""
        self._begin("delete", key)
        self._bucket.objects.pop(key, None)
        self._end("delete", key)

    def tags(self, key: str) -> Mapping[str, str]:
        """See `tilepress.ports.Store`."""
        self._begin("get", key)
        found = self._bucket.objects.get(key)
        return self._bucket.tags.get((key, found.etag), {}) if found else {}

    def tag(self, file: SourceFile, tags: Mapping[str, str]) -> bool:
        """See `tilepress.ports.Store`."""
        self._begin("tag", file.key)
        version = (file.key, file.version_id or "")
        if version not in self._bucket.versions:
            return False
        had = self._bucket.tags.get(version)
        self._bucket.tags[version] = dict(tags)
        self._end("tag", file.key)
        return had != tags

    def _write(self, artifact: Artifact) -> None:
        self._bucket.write(artifact.key, artifact.body, artifact.content_type, artifact.cache_control, None, artifact.location)

    def _begin(self, what: str, key: str) -> None:
        """What happens before a call has its effect."""

    def _end(self, what: str, key: str) -> None:
        """What happens once a call has had its effect."""

    def _note(self, what: str) -> None:
        """Remember what happened."""


class WatchedStore(BucketStore):
    """A bucket, each call to which is a step."""

    def __init__(self, world: "World", bucket: Bucket, name: str) -> None:
        super().__init__(bucket)
        self._world = world
        self._name = name

    def _begin(self, what: str, key: str) -> None:
        self._world.turn(what, self._name, key)
        self._world.failing(what, self._name, key)
        if what in WRITES:
            self._world.note(f"{what} {key}")
        if what == "replace":
            self._world.conflict(f"replace {key}")

    def _end(self, what: str, key: str) -> None:
        self._world.after(what, self._name, key)

    def _note(self, what: str) -> None:
        self._world.note(what)


class WatchedCdn:
    """A cache that forgets what it is told to forget, as a step."""

    def __init__(self, world: "World") -> None:
        self._world = world

    def invalidate(self, paths: Sequence[str]) -> None:
        """See `tilepress.ports.Cdn`."""
        self._world.turn("invalidate")
        self._world.failing("invalidate")
        self._world.note(f"invalidate {' '.join(paths)}")
        wanted = [unquote(path) for path in paths]
        for key in list(self._world.cached):
            asked = f"/{key}"  # what its function makes of a reader's address
            if any(asked == path or (path.endswith("*") and asked.startswith(path[:-1])) for path in wanted):
                del self._world.cached[key]
        self._world.after("invalidate")


class WatchedTimer:
    """Times at which keys come back, as steps. One that is set for a moment that is past goes off at once."""

    def __init__(self, world: "World") -> None:
        self._world = world

    def set(self, key: str, at: float) -> None:
        """See `tilepress.ports.Timer`."""
        self._act(f"time {key} for {at}", lambda: self._world.times.update({key: at}))

    def clear(self, key: str) -> None:
        """See `tilepress.ports.Timer`."""
        self._act(f"no time for {key}", lambda: self._world.times.pop(key, None))

    def _act(self, what: str, act: Callable[[], object]) -> None:
        self._world.turn(what)
        self._world.failing(what)
        self._world.note(what)
        act()
        self._world.after(what)


class WatchedStateMachine:
    """What rebuilds a site that is too large for a run to list: each start is one more listing of everything, which a worker takes up."""

    def __init__(self, world: "World", above: int) -> None:
        self._world = world
        self.above = above

    def start(self) -> None:
        """See `tilepress.ports.StateMachine`."""
        self._world.turn("start the state machine")
        self._world.failing("start the state machine")
        self._world.note("the state machine starts")
        self._world.outgrown = self.above > 0
        self._world.to_list += 1
        self._world.after("start the state machine")
