"""Settings → a `Cloud` on AWS, or on what speaks its protocols (`AWS_ENDPOINT_URL`)."""

import random
import time

import boto3
from botocore.config import Config

from tilepress.adapters.cloudfront import CloudFront, NoCdn
from tilepress.adapters.deadline import deadline
from tilepress.adapters.fans import Threads
from tilepress.adapters.s3 import S3Store
from tilepress.adapters.scheduler import Scheduler
from tilepress.adapters.sqs import SqsOutbox
from tilepress.adapters.step_functions import StepFunctions
from tilepress.ports import Cloud
from tilepress.settings import Settings

CONNECTIONS_MAX = 16
PAUSE_SECONDS = 0.05
PAUSE_SECONDS_MAX = 2.0


def aws_cloud(settings: Settings) -> Cloud:
    """Clients that try again a few times by themselves, with connections enough for the threads that use them."""
    config = Config(
        max_pool_connections=CONNECTIONS_MAX,
        connect_timeout=3,
        read_timeout=20,
        retries={"mode": "standard", "max_attempts": 4},
    )
    client = boto3.client("s3", config=config)

    def outbox(queue_url: str) -> SqsOutbox | None:
        return SqsOutbox(lambda: boto3.client("sqs", config=config), queue_url, pause) if queue_url else None

    def state_machine() -> StepFunctions | None:
        arn = settings.state_machine_arn
        return StepFunctions(lambda: boto3.client("stepfunctions", config=config), arn, settings.state_machine_above) if arn else None

    told, queue = settings.distribution_id, outbox(settings.queue_url)
    cdn = CloudFront(boto3.client("cloudfront", config=config), told, time.time, pause, queue) if told else NoCdn()
    return Cloud(
        source=S3Store(client, settings.source_bucket),
        site=S3Store(client, settings.site_bucket),
        cdn=cdn,
        fan=Threads(CONNECTIONS_MAX),
        now=time.time,
        pause=pause,
        guard=deadline,
        retire_after=settings.retire_after_seconds,
        tells_authors=True,
        timer=Scheduler(lambda: boto3.client("scheduler", config=config), settings.schedules, time.time) if settings.schedules else None,
        queue=queue,
        state_machine=state_machine(),
        images=outbox(settings.images_queue_url),
        search=outbox(settings.search_queue_url),
    )


def pause(attempt: int) -> None:
    """Wait before another attempt: longer each time, and never as long as somebody else who waits."""
    longest = min(PAUSE_SECONDS_MAX, PAUSE_SECONDS * 2**attempt)
    time.sleep(longest * (0.5 + random.random() / 2))  # noqa: S311 - spreads attempts, hides nothing
