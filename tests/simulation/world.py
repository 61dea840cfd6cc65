"""A world in which the real publishing code runs step by step: two buckets, a queue, a CDN, workers, a clock.

Theory. The publishing code is sequential; all that can happen to it happens at its calls to the outside. So every such
call hands control back to the scheduler, which picks at random (from a seed, so that a run can be repeated) who goes next:
another worker, the author, a reader. At each call it may also let the caller crash, before or after the effect, or let the
request fail, before or after the effect. A worker that lives longer than the function's timeout is killed. A message whose
worker died, or that was handed back, is delivered again. Time passes only as steps are taken.

Workers are greenlets: they run the code unchanged, and switching costs next to nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from greenlet import getcurrent, greenlet
from tilepress.adapters.fans import Inline
from tilepress.addresses import PRIVATE
from tilepress.errors import Stale, TryAgain
from tilepress.events import Message, messages
from tilepress.ports import Cloud
from tilepress.theme import Theme

from .watched import Bucket, WatchedCdn, WatchedOutbox, WatchedSearch, WatchedStateMachine, WatchedStore, WatchedTimer
from .workers import TIMEOUT_SECONDS, Crash, Worker

STEP_SECONDS = 1.0
RETIRE_AFTER_SECONDS = 2 * TIMEOUT_SECONDS
STEPS_MAX = 60_000
GIVE_UPS_MAX = 3
READ_ONE_IN = 40
"""How often between two steps a reader asks the CDN for something."""
SLEPT_SECONDS = (5, 700)
"""How long a call takes that takes its time: a worker may finish several runs meanwhile, or the sleeper's time may be up."""
READS = frozenset(("get", "head", "list"))

acknowledged: set[greenlet] = set()
"""Workers whose messages a planted fault acknowledged too early."""


@dataclass(frozen=True, slots=True)
class Faults:
    """How often what goes wrong, per call or per event; and how much may go wrong in all. `sleep` is how often a write takes its time."""

    crash: float = 0.004
    fail: float = 0.006
    duplicate: float = 0.25
    lose: float = 0.0
    sleep: float = 0.0
    most: int = 8


class World:
    """Everything there is, and the scheduler. `searchable` says whether search is told of pages, and looks.

    `above` is the number of pages from which on a site is the state machine's to rebuild; None where there is none. Perhaps it has
    `outgrown` the runs that list it: nobody deletes what a resync that died wrote of files that are gone, until `tilepress rebuild`.
    """

    def __init__(self, seed: int, *, theme: Theme, faults: Faults, workers: int = 3, searchable: bool = False, above: int | None = None) -> None:
        self.random = Random(seed)  # noqa: S311 - repeatable is what it is to be
        self.theme = theme
        self.faults = faults
        self.source = Bucket()
        self.site = Bucket()
        self.now = 0.0
        self.trace: list[str] = []
        self.queue: list[tuple[Message, int]] = []
        self.undeveloped: list[tuple[Message, int]] = []
        self.times: dict[str, float] = {}
        self.delayed: list[tuple[float, Mapping[str, Any], list[tuple[Message, int]]]] = []
        self.to_list = 0
        self.above = above
        self.outgrown = False
        self.to_search = 0
        self.searchable = searchable
        self.cached: dict[str, bytes | None] = {}
        self.lost = 0
        self._spent = 0
        self._dead: dict[int, int] = {}
        self._numbers = iter(range(10**9))
        self._workers = [Worker(self, number) for number in range(workers)]
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

    def ask(self, data: str) -> None:
        """What an author asks for besides uploading: everything looked at again."""
        self.deliver({data: True}, self.queue)

    def _tell(self, key: str) -> None:
        if self.random.random() < self.faults.lose:
            self.lost += 1
            return
        self.deliver({"keys": [key]}, self.queue)

    def deliver(self, content: Mapping[str, Any], queue: list[tuple[Message, int]], delay: float = 0) -> None:
        """A message of this content comes into a queue, perhaps twice, when this delay is over."""
        if delay:
            self.delayed.append((self.now + delay, content, queue))
            return
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
            if self.random.random() < 1 / READ_ONE_IN:
                self._be_read()
            choices = self._choices()
            if pending and not patient and self.random.random() < 0.05:
                pending.pop(0)(self)
            elif choices:
                self.random.choice(choices)()
            elif (sleepers := [worker.step for worker in self._workers if worker.alive]) and (not pending or self.random.random() < 0.5):
                self.random.choice(sleepers)()
            elif pending:
                pending.pop(0)(self)
            elif self.delayed:
                self.now = min(at for at, *_ in self.delayed)
            else:
                return
        raise AssertionError("the world does not come to rest")

    def _choices(self) -> list[Callable[[], None]]:
        """What may happen next by itself."""
        choices: list[Callable[[], None]] = []
        idle = None
        for worker in self._workers:
            if not worker.alive:
                idle = idle or worker
            elif not worker.asleep:
                choices.append(worker.step)
        if self.queue and idle:
            choices += [idle.take] * 2
        if self.undeveloped and idle:
            choices.append(idle.take_images)
        if self.to_search and idle:
            choices.append(idle.search)
        if self.to_list and idle:
            choices.append(idle.list_everything)
        if self.times and min(self.times.values()) <= self.now:
            choices.append(self._ring)
        if self.delayed and min(at for at, *_ in self.delayed) <= self.now:
            choices.append(self._arrive)
        return choices

    def _ring(self) -> None:
        """A key comes back whose time has come."""
        key = self.random.choice(sorted(key for key, at in self.times.items() if at <= self.now))
        del self.times[key]
        self.note(f"it is time for {key}")
        self.deliver({"keys": [key]}, self.queue)

    def _arrive(self) -> None:
        """A message comes into its queue whose delay is over."""
        first = min(range(len(self.delayed)), key=lambda place: self.delayed[place][0])
        _, content, queue = self.delayed.pop(first)
        self.deliver(content, queue)

    def _be_read(self) -> None:
        keys = sorted({key for key in self.site.objects if not key.startswith(PRIVATE)} | self.cached.keys())
        if keys:
            self.read(self.random.choice(keys))

    def calm(self) -> None:
        """From now on nothing fails."""
        self._calm = True

    def sleep(self, seconds: float) -> None:
        """Time passes while nobody works."""
        self.now += seconds

    def turn(self, *what: str) -> None:
        """A worker is about to call the outside: others may go first, whole runs of theirs, and it may end here."""
        if self.faults.sleep and not self._calm and self.random.random() < (self.faults.sleep / 4 if what[0] in READS else self.faults.sleep):
            worker = self._workers[getcurrent().number]
            worker.sleep(self.random.uniform(*SLEPT_SECONDS))
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
            timer=WatchedTimer(self),
            state_machine=None if self.above is None else WatchedStateMachine(self, self.above),
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
