"""Amazon EventBridge Scheduler as the timer: one schedule a source file, which sends its key to the queue and is deleted then.

A schedule goes off within the minute that it names. It is set to the full minute after the moment, so never before it; and a moment
that is past, which AWS would refuse, to the next full minute.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property
from math import ceil
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from tilepress.artifacts import digest
from tilepress.errors import GiveUp, TilepressError, TryAgain
from tilepress.settings import Schedules

MINUTE_SECONDS = 60
LEAD_SECONDS = 5.0
"""How far ahead a moment has to be, so that it still is when the request arrives."""
_TERMINAL = {"AccessDeniedException", "ValidationException", "ServiceQuotaExceededException"}


class Scheduler:
    """One group of schedules. The client is made when the first page with a time comes: most sites have few of them."""

    def __init__(self, make_client: Callable[[], Any], schedules: Schedules, now: Callable[[], float]) -> None:
        self._make_client = make_client
        self._schedules = schedules
        self._now = now

    def set(self, key: str, at: float) -> None:
        """See `tilepress.ports.Timer`."""
        wanted = self._schedule(key, at)
        try:
            try:
                self._client.create_schedule(**wanted)
            except self._client.exceptions.ConflictException:
                self._client.update_schedule(**wanted)
        except (ClientError, BotoCoreError) as error:
            raise _fault(error, f"schedule {key}") from error

    def clear(self, key: str) -> None:
        """See `tilepress.ports.Timer`."""
        try:
            self._client.delete_schedule(Name=digest(key), GroupName=self._schedules.group)
        except self._client.exceptions.ResourceNotFoundException:
            return
        except (ClientError, BotoCoreError) as error:
            raise _fault(error, f"delete the schedule of {key}") from error

    @cached_property
    def _client(self) -> Any:
        return self._make_client()

    def _schedule(self, key: str, at: float) -> dict[str, Any]:
        moment = datetime.fromtimestamp(ceil(max(at, self._now() + LEAD_SECONDS) / MINUTE_SECONDS) * MINUTE_SECONDS, UTC)
        return {
            "Name": digest(key),
            "GroupName": self._schedules.group,
            "Description": key[:512],
            "ScheduleExpression": f"at({moment:%Y-%m-%dT%H:%M:%S})",
            "ScheduleExpressionTimezone": "UTC",
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "ActionAfterCompletion": "DELETE",
            "Target": {
                "Arn": self._schedules.queue_arn,
                "RoleArn": self._schedules.role_arn,
                "Input": json.dumps({"keys": [key]}, ensure_ascii=False),
            },
        }


def _fault(error: ClientError | BotoCoreError, what: str) -> TilepressError:
    code = error.response.get("Error", {}).get("Code", "") if isinstance(error, ClientError) else ""
    return GiveUp(f"{what}: {error}") if code in _TERMINAL else TryAgain(f"{what}: {error}")
