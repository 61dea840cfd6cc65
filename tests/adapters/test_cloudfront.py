"""What an invalidation asks of CloudFront, and what each of its answers means."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import boto3
import pytest
from botocore.stub import ANY, Stubber
from tilepress.adapters.cloudfront import ATTEMPTS_MAX, CloudFront
from tilepress.adapters.memory import MemoryOutbox
from tilepress.errors import GiveUp, TryAgain

PATHS = ("/projekte/", "/projekte/%C3%BC/")
CREDENTIALS = {"aws_access_key_id": "x", "aws_secret_access_key": "x", "region_name": "us-east-1"}


class Distribution:
    """A distribution whose answers are written down beforehand."""

    def __init__(self) -> None:
        make: Any = boto3.client
        client = make("cloudfront", **CREDENTIALS)
        self.stub = Stubber(client)
        self.pauses: list[int] = []
        self.make = partial(CloudFront, client, "E1", lambda: 17.5, self.pauses.append)
        self.cdn = self.make()

    def answers(self) -> None:
        """Take the invalidation, which must name the paths."""
        batch: Any = {"Paths": {"Quantity": 2, "Items": list(PATHS)}, "CallerReference": ANY}
        self.stub.add_response("create_invalidation", {}, {"DistributionId": "E1", "InvalidationBatch": batch})

    def fails(self, code: str, times: int = 1) -> None:
        """Refuse it."""
        for _ in range(times):
            self.stub.add_client_error("create_invalidation", code)


@pytest.fixture
def distribution() -> Iterator[Distribution]:
    """A distribution that is asked just as often as it has answers."""
    made = Distribution()
    with made.stub:
        yield made
        made.stub.assert_no_pending_responses()


def test_all_paths_go_in_one_request(distribution: Distribution) -> None:
    """A run's changes are one invalidation."""
    distribution.answers()
    distribution.cdn.invalidate(PATHS)


def test_a_busy_cdn_is_asked_again(distribution: Distribution) -> None:
    """Too many invalidations at once are waited for: a whole run would be dearer to do again."""
    distribution.fails("TooManyInvalidationsInProgress", 2)
    distribution.answers()
    distribution.cdn.invalidate(PATHS)
    assert distribution.pauses == [1, 2]


@pytest.mark.parametrize(
    ("code", "times", "fault"),
    [
        ("TooManyInvalidationsInProgress", ATTEMPTS_MAX, TryAgain),
        ("ServiceUnavailable", 1, TryAgain),
        ("AccessDenied", 1, GiveUp),
        ("NoSuchDistribution", 1, GiveUp),
    ],
)
def test_a_fault_says_what_to_do(distribution: Distribution, code: str, times: int, fault: type[Exception]) -> None:
    """What may pass goes back to the queue; what will not is told."""
    distribution.fails(code, times)
    with pytest.raises(fault, match="E1"):
        distribution.cdn.invalidate(PATHS)


def test_the_same_at_the_same_time_counts_once() -> None:
    """The caller's reference follows from the paths and the time, by which CloudFront knows a repeated request."""
    seen = []
    for _ in range(2):
        made = Distribution()
        events: Any = made.stub.client.meta.events
        events.register("before-parameter-build", lambda params, **_: seen.append(params["InvalidationBatch"]["CallerReference"]))
        with made.stub:
            made.answers()
            made.cdn.invalidate(PATHS)
    assert seen[0] == seen[1]


def test_what_a_busy_cdn_is_not_told_goes_into_the_queue(distribution: Distribution) -> None:
    """The run is done: what is left of it is a message of its own, which nobody is told of as a fault."""
    later = MemoryOutbox()
    distribution.cdn = distribution.make(later)
    distribution.fails("TooManyInvalidationsInProgress", ATTEMPTS_MAX)
    distribution.cdn.invalidate(PATHS)
    assert later.sent == [{"invalidate": list(PATHS)}]
