"""What Lambda is called with → the keys to look at again, by message. Pure, and never raises on what S3 or SQS may send.

Understood: SQS records that hold S3 notifications, EventBridge events or our own messages; S3 notifications as they are;
EventBridge's S3 events; `{"keys": […]}`, with `"again": true` where a run before may have left something (or `"retries"`, a number above
zero), and `"trust": false` where ledgers and authors may not say what stands there; `{"resync": true}`; `{"invalidate": […]}` with paths
that the CDN was too busy to be told of.
Of an event only the key counts: what happened to it is looked up, so that duplicates and disorder do no harm. `s3:TestEvent`,
and what nobody knows, are acknowledged.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

SENT_KEYS_MAX = 100
"""How many files are sent in a message: a photo may be shown by every page of a site, and SQS takes so many bytes and no more."""

# What we do to source files ourselves, to tell their authors: it must never be taken for a change of theirs.
_OURS = ("ObjectTagging:", "Object Tags Added", "Object Tags Deleted")


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to acknowledge or to hand back. `message_id` is None for what did not come from a queue.

    `attempts` says how often the queue has handed it out, this time included: whoever had it before may have died on the way.
    `unsure` says from the first time on that a run before may have left something there. Where there is no `trust`, ledgers may say otherwise
    than what stands there, and authors may not know. `paths` are what the CDN is still to forget.
    """

    message_id: str | None
    keys: frozenset[str] = frozenset()
    resync: bool = False
    attempts: int = 1
    unsure: bool = False
    trust: bool = True
    paths: frozenset[str] = frozenset()

    @property
    def again(self) -> bool:
        """Whether somebody may have worked on it before."""
        return self.unsure or self.attempts > 1


def naming(keys: Iterable[str], **said: bool) -> list[dict[str, Any]]:
    """What is to be sent so that these files are looked at. Whatever else is `said` stands in each of the messages."""
    ordered = sorted(keys)
    return [{"keys": ordered[start : start + SENT_KEYS_MAX], **said} for start in range(0, len(ordered), SENT_KEYS_MAX)]


def messages(event: Any) -> tuple[Message, ...]:
    """The messages of a Lambda event."""
    records = event.get("Records") if isinstance(event, Mapping) else None
    if not isinstance(records, list):
        return (_message(None, event),)
    if all(isinstance(record, Mapping) and record.get("eventSource") == "aws:sqs" for record in records):
        return tuple(_message(record.get("messageId"), _body(record.get("body")), _attempts(record)) for record in records)
    return (_message(None, event),)


def _message(message_id: str | None, content: Any, attempts: int = 1) -> Message:
    if not isinstance(content, Mapping):
        return Message(message_id)
    retries = content.get("retries")
    unsure = content.get("again") is True or (isinstance(retries, int) and retries > 0)
    resync, trust = content.get("resync") is True, content.get("trust") is not False
    paths = frozenset(path for path in _texts(content.get("invalidate")) if path.startswith("/"))
    return Message(message_id, frozenset(_keys(content)), resync=resync, attempts=attempts, unsure=unsure, trust=trust, paths=paths)


def _attempts(record: Mapping[str, Any]) -> int:
    said = str(_at(record, "attributes", "ApproximateReceiveCount") or "")
    return int(said) if said.isdecimal() else 1


def _keys(content: Mapping[str, Any]) -> Iterator[str]:
    records = content.get("Records")
    for record in records if isinstance(records, list) else ():
        if str(_at(record, "eventName")).removeprefix("s3:").startswith(_OURS):
            continue
        key = _at(record, "s3", "object", "key")
        if isinstance(key, str):
            yield unquote_plus(key)
    key = _at(content, "detail", "object", "key")
    if isinstance(key, str) and content.get("detail-type") not in _OURS:  # EventBridge does not encode keys
        yield key
    yield from _texts(content.get("keys"))


def _texts(value: Any) -> Iterator[str]:
    yield from (text for text in value if isinstance(text, str)) if isinstance(value, list) else ()


def _at(value: Any, *names: str) -> Any:
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _body(text: Any) -> Any:
    try:
        return json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return None
