"""What the shell needs from outside: stores, the CDN, a clock, and hands to work with.

The core gives and takes values; everything here is passed in at the edge (`tilepress.adapters`), so that the same
`reconcile` runs in Lambda, on a laptop and in tests.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from tilepress.artifacts import Artifact, Copy, Observed
from tilepress.pages import SourceFile
from tilepress.parse import Guard
from tilepress.pictures import Developed

Encoder = Callable[[bytes], Developed]
"""Makes an image's variants. Equal bytes give equal bytes; never raises on what an author may upload. May have to be pickled."""

Given = TypeVar("Given")
Made = TypeVar("Made")


class Store(Protocol):
    """A bucket, or what stands for one. One contract suite holds for every store (tests/adapters/test_stores.py).

    Any method may raise TryAgain (throttled, timed out) or GiveUp (not permitted); absence is None, never an error.
    """

    def get(self, key: str, version_id: str | None = None) -> SourceFile | None:
        """The object, or one of its earlier versions where the store keeps them."""
        ...

    def head(self, key: str) -> Observed | None:
        """The object's description, headers included."""
        ...

    def list(self, prefix: str = "") -> Iterator[Observed]:
        """Every object below a prefix in the order of keys, without headers."""
        ...

    def put(self, artifact: Artifact) -> str:
        """Write the artifact, whatever is there. Its ETag."""
        ...

    def replace(self, artifact: Artifact, etag: str | None) -> str:
        """Write the artifact if the object there has this ETag (None: if there is none). Its new ETag.

        Raises Stale when something else is there, or something is being written there at the same time.
        """
        ...

    def copy(self, origin: "Store", seen: Observed, copy: Copy) -> None:
        """Write the object that was seen in the origin, as it is, however large.

        Raises Stale when something else, or nothing, is there by now.
        """
        ...

    def delete(self, key: str) -> None:
        """Remove the object; nothing happens when there is none."""
        ...

    def tags(self, key: str) -> Mapping[str, str]:
        """The tags of the object; none where there is no object, or the store has no tags."""
        ...

    def tag(self, file: SourceFile, tags: Mapping[str, str]) -> bool:
        """Give this version of an object our tags, in the place of those that were ours. Whether it had others, or none.

        Nothing happens when it is gone, or the store has no tags.
        """
        ...


class Cdn(Protocol):
    """The cache before the site bucket."""

    def invalidate(self, paths: Sequence[str]) -> None:
        """Forget these paths, quoted; one may end in `*`."""
        ...


class Timer(Protocol):
    """What brings a key back when its time has come."""

    def set(self, key: str, at: float) -> None:
        """Look at this key again at this time, in seconds since 1970, or soon if it is past; in the place of any other that was set for it."""
        ...

    def clear(self, key: str) -> None:
        """Forget the time that was set for this key."""
        ...


class Outbox(Protocol):
    """A queue, seen by who puts something in. One contract suite holds for every outbox (tests/adapters/test_outboxes.py)."""

    def send(self, messages: Sequence[Mapping[str, Any]], *, delay: float = 0) -> None:
        """Put these messages in, each as JSON, in no order. Each arrives at least once.

        It does so not before this delay, in seconds, is over, or the longest that the queue knows.
        Raises TryAgain or GiveUp when not all of them went; some may have.
        """
        ...


class StateMachine(Protocol):
    """What lists every file below content/ and static/ by itself, and has many runs look at them."""

    above: int
    """A site with more pages than this is its work, since a run could not even list it in its time."""

    def start(self) -> None:
        """Begin. Raises TryAgain or GiveUp when it did not."""
        ...


class Fan(Protocol):
    """Hands to do several things at once. Results come in the order of what was given."""

    def io(self, function: Callable[[Given], Made], given: Iterable[Given]) -> list[Made]:
        """Call a function that waits for the network."""
        ...

    def cpu(self, function: Callable[[Given], Made], given: Sequence[Given], *, long: bool = False) -> list[Made]:
        """Call a function that computes; it and its values may have to be pickled. `long`: each call takes a good part of a second."""
        ...


@dataclass(frozen=True, slots=True)
class Listings:
    """Every object of both buckets, by key, as listed a moment ago: so that a resync need not ask for each of them."""

    source: Mapping[str, Observed]
    site: Mapping[str, Observed]


@dataclass(frozen=True, slots=True)
class Cloud:
    """Where one run reads and writes. `retire_after` is the grace of retired addresses, in seconds.

    `tells_authors` says whether authors are told in the source store, as in a bucket, or by the command that runs, as in a
    folder, to which nothing is added then. Without a `timer` the next resync picks up what is due. Into the `queue` goes what
    is to be done by other runs; without one, a run does all its work itself. The `state_machine` rebuilds sites too large for
    one run to list; without it, a run tries. Variants of images are made by whoever takes what is
    put into `images`; without that, by the run itself with its `encoder`; without both there are none. `search` is told when
    pages have changed; without it, whoever calls makes the index of search as well (`tilepress.reindex`).
    """

    source: Store
    site: Store
    cdn: Cdn
    fan: Fan
    now: Callable[[], float]
    pause: Callable[[int], None]
    guard: Guard
    retire_after: float
    tells_authors: bool = False
    timer: Timer | None = None
    queue: Outbox | None = None
    state_machine: StateMachine | None = None
    images: Outbox | None = None
    encoder: Encoder | None = None
    search: Outbox | None = None
