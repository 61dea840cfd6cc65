"""Messages that name images → their variants, and word to the publisher of what to look at again. What the images' Lambda handler calls.

An image whose message fails harms no other: it is handed back by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tilepress.errors import GiveUp, TryAgain, unforeseen
from tilepress.events import Message, naming
from tilepress.imaging import develop, present, showing
from tilepress.ports import Cloud, Encoder, Outbox
from tilepress.report import Report


@dataclass(frozen=True, slots=True)
class Undeveloped:
    """A message that is not done, and why."""

    message: Message
    reason: str
    terminal: bool


def develop_for(messages: Sequence[Message], cloud: Cloud, encoder: Encoder, publisher: Outbox) -> tuple[Report, tuple[Undeveloped, ...]]:
    """Develop the images of these messages, and tell the publisher of them and of the pages that show them. What was done, and what was not."""
    report, failed = Report(), []
    for message in messages:
        if not message.keys:
            continue
        try:
            report += develop(message.keys, cloud, encoder)
            # Told in any case, and after the ledgers: a run before this one may have died between the two.
            publisher.send(naming(showing(message.keys, cloud) | present(message.keys, cloud)))
        except Exception as error:  # noqa: BLE001 - a fault of ours that one image brings to light is no reason to leave the others
            fault = error if isinstance(error, TryAgain | GiveUp) else unforeseen(error)
            failed.append(Undeveloped(message, str(fault), isinstance(fault, GiveUp)))
    return report, tuple(failed)
