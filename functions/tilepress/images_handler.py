"""The Lambda function for images: wiring, and nothing else. Keys of images come in, variants come out, and the publisher is told.

A function of its own, since Pillow and seconds of computing have no place where pages are published.
"""

import os
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from tilepress.adapters.aws import aws_cloud
from tilepress.adapters.photos import photo
from tilepress.developer import develop_for
from tilepress.errors import GiveUp
from tilepress.events import messages
from tilepress.ports import Cloud, Outbox
from tilepress.settings import read_settings

logger = Logger(service="tilepress")
metrics = Metrics(namespace="Tilepress", service=os.environ.get("AWS_LAMBDA_FUNCTION_NAME", "images"))


@cache
def wired() -> tuple[Cloud, Outbox]:
    """Where to read and write, and the publisher's queue."""
    cloud = aws_cloud(read_settings(os.environ))
    if cloud.queue is None:
        raise GiveUp("QUEUE_URL is not set: nobody would be told which pages show an image")
    return cloud, cloud.queue


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: Any, context: Any) -> dict[str, Any]:  # noqa: ARG001 - the context is for the decorators
    """Develop the images that the event names. `batchItemFailures` names the messages to be delivered again."""
    cloud, publisher = wired()
    report, failed = develop_for(messages(event), cloud, photo, publisher)
    logger.info("developed", extra={"put": report.put, "deleted": report.deleted})
    metrics.add_metric(name="Put", unit=MetricUnit.Count, value=len(report.put))
    metrics.add_metric(name="NotDone", unit=MetricUnit.Count, value=len(failed))
    for one in failed:
        log = logger.error if one.terminal else logger.warning
        log("not done", extra={"message_id": one.message.message_id, "reason": one.reason, "attempts": one.message.attempts})
        if one.message.message_id is None:
            raise GiveUp(one.reason)
    return {"batchItemFailures": [{"itemIdentifier": one.message.message_id} for one in failed]}
