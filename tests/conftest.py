"""What tests share: the S3 and SQS of the local cloud, and an environment in which no test reaches AWS."""

from collections.abc import Callable, Iterator
from functools import cache
from itertools import count

import pytest
from tilepress.adapters import photos
from tilepress.dev.aws_server import AwsServer

_numbers = count(1)
photos.photo = cache(photos.photo)  # the example's photos are the same in every test


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where `make screenshots` wants its pictures."""
    parser.addoption("--screenshots", default="", help="a folder for pictures of the example site")


@pytest.fixture(autouse=True)
def _no_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a machine's environment says of AWS, tests do not hear it."""
    for name in (
        "AWS_PROFILE",
        "AWS_ENDPOINT_URL",
        "SOURCE_BUCKET",
        "SITE_BUCKET",
        "TEMPLATES_DIR",
        "DISTRIBUTION_ID",
        "QUEUE_URL",
        "IMAGES_QUEUE_URL",
        "SEARCH_QUEUE_URL",
        "SCHEDULE_GROUP",
    ):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def make_aws() -> Iterator[Callable[[], AwsServer]]:
    """Makes servers with buckets of their own, and closes them."""
    made: list[AwsServer] = []

    def make() -> AwsServer:
        made.append(AwsServer(prefix=f"t{next(_numbers)}-"))
        return made[-1]

    yield make
    for server in made:
        server.close()
