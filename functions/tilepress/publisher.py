"""Messages → reports, each message done or to be handed back. What the Lambda handler and `tilepress dev` both call.

All keys of a batch are reconciled in one run: a burst of uploads is a handful of ledger writes, not one for each file.
A change of settings, data or templates concerns every page, and is a resync. A message that fails harms no other, and
does not fail in silence: the authors of its files are told.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from tilepress.addresses import CONTENT, DATA, SETTINGS_KEY, THEME
from tilepress.authors import Authors, Word
from tilepress.errors import GiveUp, TryAgain, unforeseen
from tilepress.events import Message
from tilepress.pages import Problem
from tilepress.plan import together
from tilepress.ports import Cloud
from tilepress.reconcile import reconcile
from tilepress.report import Report
from tilepress.resync import resync
from tilepress.site import wording_of
from tilepress.status import withheld
from tilepress.theme import Theme
from tilepress.wording import problem

TRIES = 3
"""How often a run tries a message that something passing stands against: back in the queue it would wait for minutes."""
SUSPECT_AFTER = 3
"""A message handed out as often as this is worked on by itself, after all others: perhaps it is what kills its runs."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A message that is not done, and why. A terminal one would fail in the same way again, until something else is put right."""

    message: Message
    reason: str
    terminal: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a batch: the report, and the messages that are not done."""

    report: Report
    failed: tuple[Failure, ...] = ()

    def __add__(self, later: "Outcome") -> "Outcome":
        return Outcome(self.report + later.report, (*self.failed, *later.failed))

    def parted(self) -> tuple["Outcome", list[Message]]:
        """The outcome without what only something passing stands against, and the messages of that."""
        terminal = tuple(failure for failure in self.failed if failure.terminal)
        return Outcome(self.report, terminal), [failure.message for failure in self.failed if not failure.terminal]


def publish(messages: Sequence[Message], cloud: Cloud, theme: Theme) -> Outcome:
    """Bring the site up to date with what the messages point at.

    A batch that cannot be done is tried again message by message, so that one that never will harms no other; and what
    was not ready the first time, again after a while.
    """
    outcome = _publish([message for message in messages if message.attempts < SUSPECT_AFTER], cloud, theme, again=False)
    for attempt in range(1, TRIES):
        terminal, transient = outcome.parted()
        if transient:
            cloud.pause(attempt)
            outcome = terminal + _publish(transient, cloud, theme, again=True)
    for message in messages:
        if message.attempts >= SUSPECT_AFTER:
            if message.attempts == SUSPECT_AFTER:  # once: if this is what it dies of, the next try gets further
                _tell(message, partial(problem, "not-published.tried", times=message.attempts - 1), cloud)
            outcome += _publish([message], cloud, theme, again=True)
    return outcome


def _publish(messages: Sequence[Message], cloud: Cloud, theme: Theme, *, again: bool) -> Outcome:
    """One run for these messages; one for each when that fails. `again` says that a run before it may not have come to its end."""
    keys = frozenset(key for message in messages for key in message.keys)
    again = again or any(message.again for message in messages)
    try:
        everything = any(message.resync for message in messages) or any(_concerns_all(key) for key in keys)
        how = {"again": again, "trust": all(message.trust for message in messages)}
        report = resync(cloud, theme, keys, **how) if everything else reconcile(keys, cloud, theme, **how) if keys else Report()
        if paths := together(path for message in messages for path in message.paths):
            cloud.cdn.invalidate(paths)
        _tell_search(report, cloud, anyway=everything or (again and bool(keys)))
        return Outcome(report)
    except Exception as error:  # noqa: BLE001 - a fault of ours that one message brings to light is no reason to leave the others
        if len(messages) == 1:
            return _failure(messages[0], error if isinstance(error, TryAgain | GiveUp) else unforeseen(error), cloud)
    outcome = Outcome(Report())
    for message in messages:
        outcome += _publish([message], cloud, theme, again=True)
    return outcome


def _tell_search(report: Report, cloud: Cloud, *, anyway: bool) -> None:
    """Have search look again where pages have changed, or files have come or gone that they may link to.

    Or `anyway`, as a run before this one may have died before it could.
    """
    changed = report.sections or report.deleted or any(key.endswith(".html") or reason == "new" for key, reason in report.put.items())
    if cloud.search and (changed or anyway):
        cloud.search.send([{"sections": sorted(report.sections)}])


def _failure(message: Message, error: TryAgain | GiveUp, cloud: Cloud) -> Outcome:
    terminal = isinstance(error, GiveUp)
    if terminal:
        _tell(message, partial(problem, "not-published.fault", reason=str(error)), cloud)
    return Outcome(Report(), (Failure(message, str(error), terminal),))


def _tell(message: Message, reason: Callable[..., Problem], cloud: Cloud) -> None:
    """Tell the authors of a message's pages why they are not published, if that at least works."""
    try:
        found = cloud.fan.io(cloud.source.get, sorted(key for key in message.keys if key.startswith(CONTENT)))
        files = tuple(file for file in found if file)
        keys = frozenset(file.key for file in files)
        wording = wording_of(cloud.source.get(SETTINGS_KEY))
        statuses = withheld(files, partial(reason, wording=wording), wording)
        Authors(cloud, again=True).tell(Word(keys=keys, statuses=statuses, told=keys, files=files), None, None)
    except (TryAgain, GiveUp):
        return


def _concerns_all(key: str) -> bool:
    return key == SETTINGS_KEY or key.startswith(THEME) or (key.startswith(DATA) and key.endswith(".yaml"))
