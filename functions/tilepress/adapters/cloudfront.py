"""Amazon CloudFront, and no CDN at all, as the cache before the site bucket."""

from collections.abc import Callable, Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from tilepress.artifacts import digest
from tilepress.errors import GiveUp, TryAgain

ATTEMPTS_MAX = 6
_BUSY = "TooManyInvalidationsInProgress"
"""CloudFront carries out 15 wildcards at a time: the next one has to wait for seconds."""
_TERMINAL = {"AccessDenied", "NoSuchDistribution"}


class CloudFront:
    """One distribution. `now` makes the caller reference, so that a request sent twice at once counts once."""

    def __init__(self, client: Any, distribution_id: str, now: Callable[[], float], pause: Callable[[int], None]) -> None:
        self._client = client
        self._distribution_id = distribution_id
        self._now = now
        self._pause = pause

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
                said = f"invalidate {len(paths)} paths of {self._distribution_id}: {error}"
                raise (GiveUp if code in _TERMINAL else TryAgain)(said) from error
            return


class NoCdn:
    """Readers get the site bucket's objects as they are."""

    def invalidate(self, paths: Sequence[str]) -> None:
        """See `tilepress.ports.Cdn`."""
