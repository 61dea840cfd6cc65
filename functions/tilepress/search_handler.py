"""The Lambda function of search: wiring, and nothing else. However many messages come, it looks once, at everything."""

import os
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from tilepress.adapters.aws import aws_cloud
from tilepress.adapters.templates import release
from tilepress.errors import GiveUp, TryAgain
from tilepress.ports import Cloud
from tilepress.reindex import reindex
from tilepress.settings import read_settings

logger = Logger(service="tilepress")
metrics = Metrics(namespace="Tilepress", service="search")


@cache
def wired() -> Cloud:
    """Where to read and write."""
    return aws_cloud(read_settings(os.environ))


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: Any, context: Any) -> dict[str, Any]:  # noqa: ARG001 - the context is for the decorators
    """Make search find what is published. What is not done goes back to the queue; without a queue, it is an error."""
    waiting = [record["messageId"] for record in event.get("Records", ())]
    metrics.add_metric(name="Messages", unit=MetricUnit.Count, value=len(waiting))
    try:
        report = reindex(wired(), release())
    except (TryAgain, GiveUp) as error:
        if not waiting:
            raise
        log = logger.error if isinstance(error, GiveUp) else logger.warning
        log("not done", extra={"reason": str(error)})
        return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in waiting]}
    for fault in report.faults:
        logger.error("fault", extra={"reason": fault})
    logger.info("indexed", extra={"put": report.put, "deleted": report.deleted, "messages": len(waiting)})
    for name, found in {"Put": report.put, "Deleted": report.deleted}.items():
        metrics.add_metric(name=name, unit=MetricUnit.Count, value=len(found))
    return {"batchItemFailures": []}
