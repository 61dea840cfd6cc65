"""The Lambda function: wiring, and nothing else. Events come in, keys go to `publish`, what failed goes back to the queue.

Clients, templates and settings are made at the first invocation and kept for the next ones.
"""

import os
from dataclasses import asdict
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from tilepress.adapters.aws import aws_cloud
from tilepress.adapters.templates import read_theme
from tilepress.errors import GiveUp
from tilepress.events import messages
from tilepress.ports import Cloud
from tilepress.publisher import publish
from tilepress.settings import read_settings
from tilepress.theme import Theme

logger = Logger(service="tilepress")
# By the function's name, which Lambda gives: two stacks in an account would otherwise set off each other's alarms.
metrics = Metrics(namespace="Tilepress", service=os.environ.get("AWS_LAMBDA_FUNCTION_NAME", "publisher"))


@cache
def wired() -> tuple[Cloud, Theme]:
    """Where to read and write, and what to render with."""
    settings = read_settings(os.environ)
    return aws_cloud(settings), read_theme(settings.templates_dir)


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: Any, context: Any) -> dict[str, Any]:  # noqa: ARG001 - the context is for the decorators
    """Publish what the event points at. For a queue, `batchItemFailures` names the messages to be delivered again."""
    batch = messages(event)
    metrics.add_metric(name="Messages", unit=MetricUnit.Count, value=len(batch))
    cloud, theme = wired()
    outcome = publish(batch, cloud, theme)
    report = outcome.report
    logger.info(
        "published",
        extra={
            "put": report.put,
            "deleted": report.deleted,
            "invalidated": list(report.invalidated),
            "problems": [asdict(problem) for problem in report.problems],
            "attempts": report.attempts,
            "handed_on": report.handed_on,
        },
    )
    counted = {"Put": report.put, "Deleted": report.deleted, "Problems": report.problems, "NotDone": outcome.failed}
    for name, found in counted.items():
        metrics.add_metric(name=name, unit=MetricUnit.Count, value=len(found))
    for fault in report.faults:
        logger.error("fault", extra={"reason": fault})
    for failure in outcome.failed:
        log = logger.error if failure.terminal else logger.warning
        log("not done", extra={"message_id": failure.message.message_id, "reason": failure.reason, "attempts": failure.message.attempts})
        if failure.message.message_id is None:
            raise GiveUp(failure.reason)
    return {"batchItemFailures": [{"itemIdentifier": failure.message.message_id} for failure in outcome.failed]}
