"""A world in which the real publishing code runs step by step: two buckets, a queue, a CDN, workers, a clock.

Theory. The publishing code is sequential; all that can happen to it happens at its calls to the outside. So every such
call hands control back to the scheduler, which picks at random (from a seed, so that a run can be repeated) who goes next:
another worker, the author, a reader. At each call it may also let the caller crash, before or after the effect, or let the
request fail, before or after the effect. A worker that lives longer than the function's timeout is killed. A message whose
worker died, or that was handed back, is delivered again. Time passes only as steps are taken.

Workers are greenlets: they run the code unchanged, and switching costs next to nothing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any, NamedTuple

from greenlet import getcurrent, greenlet
from tilepress.adapters.fans import Inline
from tilepress.artifacts import Artifact, Copy, Observed, etag_of
from tilepress.developer import develop_for
from tilepress.errors import Stale, TryAgain
from tilepress.events import Message, messages
from tilepress.pages import SourceFile
from tilepress.pictures import Developed
from tilepress.ports import Cloud, Store
from tilepress.publisher import publish
from tilepress.reindex import reindex
from tilepress.theme import Theme

STEP_SECONDS = 1.0
TIMEOUT_SECONDS = 400.0
RETIRE_AFTER_SECONDS = 2 * TIMEOUT_SECONDS
STEPS_MAX = 60_000
GIVE_UPS_MAX = 3


def encode(body: bytes) -> Developed:
    """An encoder that takes no time."""
    if body == b"damaged":
        return Developed(problem="picture-unreadable")
    files = {f"320.{form}": form.encode() + body for form in ("avif", "webp", "jpg")}
    return Developed(400, 300, (320,), "320.jpg", files, "picture-location" if body == b"located" else "")


acknowledged: set[int] = set()
"""Workers whose messages a planted fault acknowledged too early."""


class Crash(BaseException):
    """The end of a worker in the middle of its work: nothing may catch it."""


@dataclass(frozen=True, slots=True)
class Faults:
    """How often what goes wrong, per call or per event; and how much may go wrong in all."""

    crash: float = 0.004
    fail: float = 0.006
    duplicate: float = 0.25
    lose: float = 0.0
    most: int = 8


class Stored(NamedTuple):
    """An object, and what a store says of it."""

    body: bytes
    etag: str
    content_type: str = ""
    cache_control: str = ""
    copied_from: str | None = None


@dataclass(slots=True)
class Bucket:
    """Objects, and every version that there was."""

    objects: dict[str, Stored] = field(default_factory=dict)
    versions: dict[tuple[str, str], bytes] = field(default_factory=dict)
    tags: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)

    def write(self, key: str, body: bytes, content_type: str = "", cache_control: str = "", copied_from: str | None = None) -> str:
        """Put an object. Versions of the same bytes are the same version: that loses nothing, and repeats runs exactly."""
        etag = etag_of(body)
        self.objects[key] = Stored(body, etag, content_type, cache_control, copied_from)
        self.versions[key, etag] = body
        return etag

    def public(self) -> dict[str, bytes]:
        """The published site."""
        return {key: found.body for key, found in sorted(self.objects.items()) if not key.startswith(".tilepress/")}


class World:
    """Everything there is, and the scheduler. `searchable` says whether search is told of pages, and looks."""

    def __init__(self, seed: int, *, theme: Theme, faults: Faults, workers: int = 3, searchable: bool = False) -> None:
        self.random = Random(seed)  # noqa: S311 - repeatable is what it is to be
        self.theme = theme
        self.faults = faults
        self.source = Bucket()
        self.site = Bucket()
        self.now = 0.0
        self.trace: list[str] = []
        self.queue: list[tuple[Message, int]] = []
        self.undeveloped: list[tuple[Message, int]] = []
        self.to_search = 0
        self.searchable = searchable
        self.cached: dict[str, bytes | None] = {}
        self.lost = 0
        self._spent = 0
        self._dead: dict[int, int] = {}
        self._numbers = iter(range(10**9))
        self._workers = [_Worker(self, number) for number in range(workers)]
        self._calm = False

    # What the author and readers do

    def upload(self, key: str, body: bytes) -> None:
        """A file comes into the source bucket, and its event on its way."""
        self.source.write(key, body)
        self._tell(key)

    def remove(self, key: str) -> None:
        """A file goes from the source bucket, and its event is on its way."""
        if self.source.objects.pop(key, None):
            self._tell(key)

    def read(self, key: str) -> None:
        """A reader asks the CDN, which keeps what the site bucket answers, be it that there is nothing."""
        if key not in self.cached:
            found = self.site.objects.get(key)
            self.cached[key] = found.body if found else None

    def _tell(self, key: str) -> None:
        if self.random.random() < self.faults.lose:
            self.lost += 1
            return
        self.deliver({"keys": [key]}, self.queue)

    def deliver(self, content: Mapping[str, Any], queue: list[tuple[Message, int]]) -> None:
        """A message of this content comes into a queue, perhaps twice."""
        copies = 1 + (self.random.random() < self.faults.duplicate)
        (message,) = messages(content)
        queue += [(replace(message, message_id=str(next(self._numbers))), 1) for _ in range(copies)]

    def send(self, message: Message) -> None:
        """A message comes into the queue."""
        self.queue.append((message, 1))

    # The scheduler

    def run(self, actions: Sequence[Callable[["World"], None]], *, patient: bool = False) -> None:
        """Let the author act and everybody work, until all actions are done and nothing is left to do.

        A `patient` author acts only when all is quiet: then nothing of what an action asks for is seen to by the next one's runs.
        """
        pending = list(actions)
        for _ in range(STEPS_MAX):
            choices: list[Callable[[], None]] = []
            idle = None
            for worker in self._workers:
                if worker.alive:
                    choices.append(worker.step)
                else:
                    idle = idle or worker
            if self.queue and idle:
                choices += [idle.take] * 2
            if self.undeveloped and idle:
                choices.append(idle.take_images)
            if self.to_search and idle:
                choices.append(idle.search)
            if pending and not patient and self.random.random() < 0.05:
                pending.pop(0)(self)
                continue
            if not choices:
                if not pending:
                    return
                pending.pop(0)(self)
                continue
            self.random.choice(choices)()
        raise AssertionError("the world does not come to rest")

    def calm(self) -> None:
        """From now on nothing fails."""
        self._calm = True

    def sleep(self, seconds: float) -> None:
        """Time passes while nobody works."""
        self.now += seconds

    def turn(self, *what: str) -> None:
        """A worker is about to call the outside: others may go first, and it may end here."""
        getcurrent().parent.switch()
        self.now += STEP_SECONDS
        self._maybe_crash("before", *what)

    def after(self, *what: str) -> None:
        """A worker's call had its effect; it may not live to see that, or not hear of it."""
        self._maybe_crash("after", *what)
        if self._chance(self.faults.fail / 2):
            self.note(f"lost answer of {' '.join(what)}")
            raise TryAgain(" ".join(what))

    def failing(self, *what: str) -> None:
        """A worker's call may fail without any effect."""
        if self._chance(self.faults.fail):
            self.note(f"failed {' '.join(what)}")
            raise TryAgain(" ".join(what))

    def conflict(self, what: str) -> None:
        """A conditional write may be refused since another is going on."""
        if self._chance(self.faults.fail):
            self.note(f"409 {what}")
            raise Stale(what)

    def note(self, what: str) -> None:
        """Remember what happened, for the story of a failure."""
        worker = getattr(getcurrent(), "number", "-")
        self.trace.append(f"{self.now:6.0f} worker {worker}: {what}")

    def _maybe_crash(self, *what: str) -> None:
        if self._chance(self.faults.crash):
            self.note(f"crashes {' '.join(what)}")
            raise Crash(" ".join(what))

    def _chance(self, likelihood: float) -> bool:
        if self._calm or self._spent >= self.faults.most or self.random.random() >= likelihood:
            return False
        self._spent += 1
        return True

    def cloud(self) -> Cloud:
        """The world as the publishing code sees it."""
        return Cloud(
            source=WatchedStore(self, self.source, "source"),
            site=WatchedStore(self, self.site, "site"),
            cdn=WatchedCdn(self),
            fan=Inline(),
            now=lambda: self.now,
            pause=lambda _: self.turn("pause"),
            guard=nullcontext,
            retire_after=RETIRE_AFTER_SECONDS,
            tells_authors=True,
            queue=WatchedOutbox(self, self.queue, "queue"),
            images=WatchedOutbox(self, self.undeveloped, "images"),
            search=WatchedSearch(self) if self.searchable else None,
        )

    def handed_back(self, messages: Sequence[tuple[Message, int]], queue: list[tuple[Message, int]]) -> None:
        """Messages come back into their queue, to be delivered again."""
        for message, count in messages:
            queue.append((replace(message, attempts=count + 1), count + 1))

    def gave_up(self, messages: Sequence[tuple[Message, int]], queue: list[tuple[Message, int]]) -> None:
        """What cannot be done comes back a few times, and then stands in the dead letters."""
        self.handed_back([entry for entry in messages if entry[1] < GIVE_UPS_MAX], queue)


class _Worker:
    """One Lambda environment."""

    def __init__(self, world: World, number: int) -> None:
        self._world = world
        self._number = number
        self._greenlet: Any = None
        self._since = 0.0
        self._batch: list[tuple[Message, int]] = []
        self._queue = world.queue

    @property
    def alive(self) -> bool:
        return self._greenlet is not None and not self._greenlet.dead

    def take(self) -> None:
        """Take a batch from the queue, in any order, and start on it."""
        self._take(self._world.queue, self._work)

    def take_images(self) -> None:
        """The same with images to be developed."""
        self._take(self._world.undeveloped, self._develop)

    def _take(self, queue: list[tuple[Message, int]], work: Callable[[], None]) -> None:
        world = self._world
        size = min(len(queue), world.random.choice((1, 1, 2, 5)))
        self._queue = queue
        self._batch = [queue.pop(world.random.randrange(len(queue))) for _ in range(size)]
        self._start(work)

    def _start(self, work: Callable[[], None]) -> None:
        self._since = self._world.now
        self._greenlet = greenlet(work)
        self._greenlet.number = self._number
        self.step()

    def search(self) -> None:
        """Take all that search was told, and start on it."""
        self._batch, self._world.to_search = [], 0
        self._start(self._reindex)

    def step(self) -> None:
        """Go on to the next call to the outside; or end, when the time is up."""
        if self._world.now - self._since > TIMEOUT_SECONDS:
            self._greenlet.throw(Crash, Crash("timeout"), None)
        else:
            self._greenlet.switch()

    def _work(self) -> None:
        world = self._world
        keys = sorted(key for message, _ in self._batch for key in message.keys)
        world.note(f"starts on {', '.join(keys) or 'a resync'}")
        try:
            outcome = publish([message for message, _ in self._batch], world.cloud(), world.theme)
        except Crash as crash:
            world.note(f"is dead ({crash})")
            world.handed_back(self._batch, self._queue)
            return
        failed = {failure.message.message_id: failure for failure in outcome.failed}
        for entry in self._batch:
            if failure := failed.get(entry[0].message_id):
                world.note(f"not done: {failure.reason}")
                (world.gave_up if failure.terminal else world.handed_back)([entry], self._queue)
        world.note(f"is done: put {sorted(outcome.report.put)}, deleted {sorted(outcome.report.deleted)}")

    def _develop(self) -> None:
        world = self._world
        world.note(f"develops {', '.join(sorted(key for message, _ in self._batch for key in message.keys))}")
        cloud = replace(world.cloud(), images=None, encoder=encode)
        try:
            _, failed = develop_for([message for message, _ in self._batch], cloud, encode, WatchedOutbox(world, world.queue, "publisher"))
        except Crash as crash:
            world.note(f"is dead ({crash})")
            world.handed_back(self._batch, self._queue)
            return
        undone = {id(one.message): one for one in failed}
        for entry in self._batch:
            if failure := undone.get(id(entry[0])):
                world.note(f"not developed: {failure.reason}")
                (world.gave_up if failure.terminal else world.handed_back)([entry], self._queue)

    def _reindex(self) -> None:
        world = self._world
        world.note("starts on search")
        try:
            report = reindex(world.cloud(), world.theme.release)
        except (Crash, TryAgain) as error:
            world.note(f"search is not done ({error})")
            world.to_search += 1
            return
        world.note(f"search is done: put {sorted(report.put)}, deleted {sorted(report.deleted)}")


class WatchedOutbox:
    """A queue, each message to which is a step."""

    def __init__(self, world: World, queue: list[tuple[Message, int]], name: str) -> None:
        self._world = world
        self._queue = queue
        self._name = name

    def send(self, messages: Sequence[Mapping[str, Any]]) -> None:
        """See `tilepress.ports.Outbox`."""
        for message in messages:
            what = f"send {self._name} {' '.join(message['keys'])}"
            self._world.turn(what)
            self._world.failing(what)
            self._world.note(what)
            self._world.deliver(message, self._queue)
            self._world.after(what)


class WatchedSearch:
    """What search is told comes together as one."""

    def __init__(self, world: World) -> None:
        self._world = world

    def send(self, messages: Sequence[Mapping[str, Any]]) -> None:
        """See `tilepress.ports.Outbox`."""
        self._world.turn("send to search")
        self._world.failing("send to search")
        self._world.note("search is to look again")
        self._world.to_search += len(messages)
        self._world.after("send to search")


class WatchedStore:
    """A bucket, each call to which is a step."""

    def __init__(self, world: World, bucket: Bucket, name: str) -> None:
        self._world = world
        self._bucket = bucket
        self._name = name

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
        self._bucket.write(artifact.key, artifact.body, artifact.content_type, artifact.cache_control)
        self._end("put", artifact.key)
        return artifact.etag

    def replace(self, artifact: Artifact, etag: str | None) -> str:
        """See `tilepress.ports.Store`."""
        self._begin("replace", artifact.key)
        self._world.conflict(f"replace {artifact.key}")
        found = self._bucket.objects.get(artifact.key)
        if (found.etag if found else None) != etag:
            self._world.note(f"412 {artifact.key}")
            raise Stale(artifact.key)
        self._bucket.write(artifact.key, artifact.body, artifact.content_type, artifact.cache_control)
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
        had = self._bucket.tags.get((file.key, file.etag))
        self._bucket.tags[file.key, file.etag] = dict(tags)
        self._end("tag", file.key)
        return had != tags

    def _begin(self, what: str, key: str) -> None:
        self._world.turn(what, self._name, key)
        self._world.failing(what, self._name, key)
        if what in {"put", "replace", "copy", "delete", "tag"}:
            self._world.note(f"{what} {key}")

    def _end(self, what: str, key: str) -> None:
        self._world.after(what, self._name, key)


class WatchedCdn:
    """A cache that forgets what it is told to forget, as a step."""

    def __init__(self, world: World) -> None:
        self._world = world

    def invalidate(self, paths: Sequence[str]) -> None:
        """See `tilepress.ports.Cdn`."""
        from urllib.parse import unquote

        from tilepress.addresses import address_of

        self._world.turn("invalidate")
        self._world.failing("invalidate")
        self._world.note(f"invalidate {' '.join(paths)}")
        wanted = [unquote(path) for path in paths]
        for key in list(self._world.cached):
            address = address_of(key)
            if any(address == path or (path.endswith("*") and address.startswith(path[:-1])) for path in wanted):
                del self._world.cached[key]
        self._world.after("invalidate")
