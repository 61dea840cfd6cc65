"""Messages → reports, each message done or to be handed back. What the Lambda handler and `tilepress dev` both call.

All keys of a batch are reconciled in one run: a burst of uploads is a handful of ledger writes, not one for each file.
A change of settings, data or templates concerns every page, and is a resync.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tilepress.addresses import DATA, SETTINGS_KEY
from tilepress.errors import TryAgain
from tilepress.events import Message
from tilepress.ports import Cloud
from tilepress.reconcile import reconcile
from tilepress.report import Report
from tilepress.resync import resync
from tilepress.theme import Theme


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a batch: the report, and the messages that are not done, each with the reason."""

    report: Report
    failed: tuple[tuple[Message, str], ...] = ()


def publish(messages: Sequence[Message], cloud: Cloud, theme: Theme, *, again: bool = False) -> Outcome:
    """Bring the site up to date with what the messages point at.

    A batch that cannot be done is tried again message by message, so that one that never will harms no other. `again`
    says that these messages have been worked on before, and perhaps not to the end.
    """
    keys = frozenset(key for message in messages for key in message.keys)
    again = again or any(message.again for message in messages)
    try:
        if any(message.resync for message in messages) or any(_concerns_all(key) for key in keys):
            return Outcome(resync(cloud, theme, again=again))
        return Outcome(reconcile(keys, cloud, theme, again=again) if keys else Report())
    except TryAgain as error:
        if len(messages) == 1:
            return Outcome(Report(), ((messages[0], str(error)),))
    outcomes = [publish([message], cloud, theme, again=True) for message in messages]
    total = Report()
    for outcome in outcomes:
        total += outcome.report
    return Outcome(total, tuple(failure for outcome in outcomes for failure in outcome.failed))


def _concerns_all(key: str) -> bool:
    return key == SETTINGS_KEY or (key.startswith(DATA) and key.endswith(".yaml"))
