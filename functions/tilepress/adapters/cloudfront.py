"""Amazon CloudFront, and no CDN at all, as the cache before the site bucket."""

from collections.abc import Callable, Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from tilepress.artifacts import digest
from tilepress.errors import GiveUp, TryAgain
from tilepress.ports import Outbox

ATTEMPTS_MAX = 6
LATER_SECONDS = 60.0
_BUSY = "TooManyInvalidationsInProgress"
"""CloudFront carries out 15 wildcards at a time, each of which may take it a minute: while a large site is rebuilt, the next one has to wait.

Source: CloudFront's Developer Guide, "Concurrent invalidation request maximum".
"""
_TERMINAL = {"AccessDenied", "NoSuchDistribution"}


class CloudFront:
    """One distribution. `now` makes the caller reference, so that a request sent twice at once counts once.

    What it is too busy for goes into the queue `later`, if there is one: the publisher's, who asks again when he gets it back.
    """

    def __init__(
        self, client: Any, distribution_id: str, now: Callable[[], float], pause: Callable[[int], None], later: Outbox | None = None
    ) -> None:
        self._client = client
        self._distribution_id = distribution_id
        self._now = now
        self._pause = pause
        self._later = later

    def invalidate(self, paths: Sequence[str]) -> None:
        """See `tilepress.ports.Cdn`."""
        batch = {"Paths": {"Quantity": len(paths), "Items": list(paths)}, "CallerReference": f"{self._now():.6f}-{digest(*paths)}"}
        for attempt in range(1, ATTEMPTS_MAX + 1):
            try:
                self._client.create_invalidation(DistributionId=self._distribution_id, InvalidationBatch=batch)
            except (ClientError, BotoCoreError) as error:
                code = error.response["Error"]["Code"] if isinstance(error, ClientError) else ""
                if code == _BUSY and attempt < ATTEMPTS_MAX:
                    self._pause(attempt)
                    continue
                if code == _BUSY and self._later:
                    self._later.send([{"invalidate": list(paths)}], delay=LATER_SECONDS)
                    return
                said = f"invalidate {len(paths)} paths of {self._distribution_id}: {error}"
                raise (GiveUp if code in _TERMINAL else TryAgain)(said) from error
            return


class NoCdn:
    """Readers get the site bucket's objects as they are."""

    def invalidate(self, paths: Sequence[str]) -> None:
        """See `tilepress.ports.Cdn`."""
