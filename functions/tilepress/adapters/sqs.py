"""Amazon SQS as an outbox. Messages go in batches, as large as a request takes; those that the queue refuses for now go again."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from math import ceil
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from tilepress.errors import GiveUp, TilepressError, TryAgain

BATCH_MAX = 10
BATCH_BYTES_MAX = 256 * 1024
"""What a request may hold, by the older limit of SQS: not every account and endpoint has the newer one of a mebibyte."""
ATTEMPTS_MAX = 4
DELAY_SECONDS_MAX = 900
_TERMINAL = {"AccessDenied", "AccessDeniedException", "NonExistentQueue", "QueueDoesNotExist", "InvalidMessageContents", "BatchRequestTooLong"}
"""Codes, without the name of the service that some bear in front (`AWS.SimpleQueueService.`)."""


class SqsOutbox:
    """One queue. The client is made when the first message goes out: most runs send none."""

    def __init__(self, make_client: Callable[[], Any], queue_url: str, pause: Callable[[int], None]) -> None:
        self._make_client = make_client
        self._queue_url = queue_url
        self._pause = pause

    def send(self, messages: Sequence[Mapping[str, Any]], *, delay: float = 0) -> None:
        """See `tilepress.ports.Outbox`. A delay longer than the longest that SQS knows is that one."""
        for batch in _batches([json.dumps(message, ensure_ascii=False) for message in messages]):
            self._send(batch, min(ceil(delay), DELAY_SECONDS_MAX))

    @cached_property
    def _client(self) -> Any:
        return self._make_client()

    def _send(self, bodies: list[str], delay_seconds: int) -> None:
        entries: list[dict[str, Any]] = [{"Id": str(number), "MessageBody": body} for number, body in enumerate(bodies)]
        if delay_seconds:
            entries = [entry | {"DelaySeconds": delay_seconds} for entry in entries]
        for attempt in range(1, ATTEMPTS_MAX + 1):
            failed = self._refused(entries)
            if not failed:
                return
            refused = ", ".join(sorted({f"{one.get('Code')}: {one.get('Message', '')}" for one in failed.values()}))
            said = f"send {len(failed)} messages to {self._queue_url}: {refused}"
            if any(one.get("SenderFault") for one in failed.values()):
                raise GiveUp(said)
            if attempt == ATTEMPTS_MAX:
                raise TryAgain(said)
            entries = [entry for entry in entries if entry["Id"] in failed]
            self._pause(attempt)

    def _refused(self, entries: list[dict[str, Any]]) -> dict[str, Mapping[str, Any]]:
        """What the queue did not take, by the entries' ids."""
        try:
            answer = self._client.send_message_batch(QueueUrl=self._queue_url, Entries=entries)
        except (ClientError, BotoCoreError) as error:
            raise _fault(error, f"send {len(entries)} messages to {self._queue_url}") from error
        return {one["Id"]: one for one in answer.get("Failed", ())}


def _batches(bodies: Sequence[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for body in bodies:
        length = len(body.encode())
        if batch and (len(batch) == BATCH_MAX or size + length > BATCH_BYTES_MAX):
            yield batch
            batch, size = [], 0
        batch.append(body)
        size += length
    if batch:
        yield batch


def _fault(error: ClientError | BotoCoreError, what: str) -> TilepressError:
    code = error.response.get("Error", {}).get("Code", "") if isinstance(error, ClientError) else ""
    return GiveUp(f"{what}: {error}") if code.rpartition(".")[2] in _TERMINAL else TryAgain(f"{what}: {error}")
