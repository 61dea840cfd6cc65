"""Workers of the simulated world: what a Lambda environment does with what it takes from a queue.

They are greenlets, so that they run the code unchanged; switching costs next to nothing.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from greenlet import getcurrent, greenlet
from tilepress.addresses import CONTENT, STATIC
from tilepress.developer import develop_for
from tilepress.errors import TryAgain
from tilepress.events import Message
from tilepress.pictures import Developed
from tilepress.publisher import publish
from tilepress.reindex import reindex

from .watched import WatchedOutbox

if TYPE_CHECKING:
    from .world import World

TIMEOUT_SECONDS = 900.0
BATCHED = 2
"""How many files the state machine has a run look at."""


class Crash(BaseException):
    """The end of a worker in the middle of its work: nothing may catch it."""


def encode(body: bytes) -> Developed:
    """An encoder that takes no time."""
    if body == b"damaged":
        return Developed(problem="picture-unreadable")
    files = {f"320.{form}": form.encode() + body for form in ("avif", "webp", "jpg")}
    return Developed(400, 300, (320,), "320.jpg", files, "picture-location" if body == b"located" else "")


class Worker:
    """One Lambda environment."""

    def __init__(self, world: "World", number: int) -> None:
        self._world = world
        self._number = number
        self._greenlet: Any = None
        self._since = 0.0
        self._batch: list[tuple[Message, int]] = []
        self._queue = world.queue
        self._asleep_until = 0.0

    @property
    def alive(self) -> bool:
        """Whether it is in the middle of its work."""
        return self._greenlet is not None and not self._greenlet.dead

    @property
    def asleep(self) -> bool:
        """Whether the call that it makes takes its time, while others finish whole runs."""
        return self._world.now < self._asleep_until

    def sleep(self, seconds: float) -> None:
        """Let the call that it is about to make take so long."""
        self._asleep_until = self._world.now + seconds

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
        self._since = self._asleep_until = self._world.now
        self._greenlet = greenlet(work)
        self._greenlet.number = self._number
        self.step()

    def search(self) -> None:
        """Take all that search was told, and start on it."""
        self._batch, self._world.to_search = [], 0
        self._start(self._reindex)

    def list_everything(self) -> None:
        """Be the state machine: send everything below content/ and static/ to the queue, batch by batch, as it is listed."""
        self._batch, self._world.to_list = [], self._world.to_list - 1
        self._start(self._list)

    def step(self) -> None:
        """Go on to the next call to the outside; or end, when the time is up."""
        self._asleep_until = self._world.now
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

    def _list(self) -> None:
        world = self._world
        world.note("lists everything")
        for prefix in (CONTENT, STATIC):
            keys = sorted(key for key in world.source.objects if key.startswith(prefix))
            for start in range(0, len(keys), BATCHED):
                getcurrent().parent.switch()  # it is not ours, and does not crash
                world.deliver({"keys": keys[start : start + BATCHED], "trust": False}, world.queue)
