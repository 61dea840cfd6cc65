"""Amazon CloudFront, and no CDN at all, as the cache before the site bucket."""

from collections.abc import Callable, Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from tilepress.artifacts import digest
from tilepress.errors import TryAgain


class CloudFront:
    """One distribution. `now` makes the caller reference, so that a request sent twice at once counts once."""

    def __init__(self, client: Any, distribution_id: str, now: Callable[[], float]) -> None:
        self._client = client
        self._distribution_id = distribution_id
        self._now = now

    def invalidate(self, paths: Sequence[str]) -> None:
        """See `tilepress.ports.Cdn`."""
        batch = {"Paths": {"Quantity": len(paths), "Items": list(paths)}, "CallerReference": f"{self._now():.6f}-{digest(*paths)}"}
        try:
            self._client.create_invalidation(DistributionId=self._distribution_id, InvalidationBatch=batch)
        except (ClientError, BotoCoreError) as error:
            raise TryAgain(f"invalidate {len(paths)} paths of {self._distribution_id}: {error}") from error


class NoCdn:
    """Readers get the site bucket's objects as they are."""

    def invalidate(self, paths: Sequence[str]) -> None:
        """See `tilepress.ports.Cdn`."""
