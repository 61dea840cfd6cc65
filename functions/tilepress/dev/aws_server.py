"""S3, SQS and EventBridge Scheduler on loopback: moto, served over HTTP, with what it lacks for our purpose added around it.

- Its conditional writes check, then act, and so do its queues: one lock around every request makes them atomic. Only
  those that wait for messages are without it.
- It tells nobody of deletions in versioned buckets: such a deletion is put on the queue here, as S3 would put it.
- Its schedules never go off by themselves: `send_what_is_due` does that.
"""

import json
import logging
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import cache
from threading import Lock, Thread
from typing import Any
from urllib.parse import quote_plus, unquote
from uuid import uuid4

import boto3
from botocore.config import Config
from moto.moto_server.werkzeug_app import create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

from tilepress.dev.stack import read_stack

REGION = "eu-central-1"
# The values mean nothing: moto takes any, and boto3 must have some.
CREDENTIALS = {"aws_access_key_id": "local", "aws_secret_access_key": "local", "region_name": REGION}
POLL_SECONDS = 0.05
"""How soon a server notices that it is to stop."""
VISIBILITY_SECONDS = 30
BATCH_MAX = 10
"""Messages of one call to SQS."""
RECEIVE_COUNT_MAX = 3

CREATED, REMOVED = "s3:ObjectCreated:*", "s3:ObjectRemoved:*"

StartResponse = Callable[..., Any]
Environ = dict[str, Any]


class AwsServer:
    """A source bucket that notifies a queue, a site bucket, and the server that holds them.

    Servers of one process share what moto stores; their buckets and queues differ by the prefix.
    """

    def __init__(self, *, port: int = 0, prefix: str = "") -> None:
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self.source_bucket = f"{prefix}source"
        self.site_bucket = f"{prefix}site"
        self._queue_name = f"{prefix}tilepress"
        self._lock = Lock()
        self._services = {name: create_backend_app(name) for name in ("s3", "sqs", "scheduler")}
        self._server = make_server("127.0.0.1", port, self._app, threaded=True, request_handler=Quiet)
        self.endpoint_url = f"http://127.0.0.1:{self._server.server_port}"
        Thread(target=self._server.serve_forever, args=(POLL_SECONDS,), daemon=True).start()
        self.s3 = self.client("s3")
        self.sqs = self.client("sqs")
        self.scheduler = self.client("scheduler")
        self.queue_url, self.queue_arn, self.search_queue_url = self._make()
        self.images_queue_url = str(self.sqs.create_queue(QueueName=f"{self._queue_name}-images")["QueueUrl"])

    def client(self, service: str) -> Any:
        """A boto3 client of this server."""
        make: Any = boto3.client  # its own types know no service by a variable's name
        return make(service, endpoint_url=self.endpoint_url, config=Config(retries={"total_max_attempts": 1}), **CREDENTIALS)

    def environ(self) -> dict[str, str]:
        """The environment in which any AWS SDK, and the handler, finds this server."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_DEFAULT_REGION": REGION,
            "SOURCE_BUCKET": self.source_bucket,
            "SITE_BUCKET": self.site_bucket,
            "QUEUE_URL": self.queue_url,
            "IMAGES_QUEUE_URL": self.images_queue_url,
            "SEARCH_QUEUE_URL": self.search_queue_url,
            "SCHEDULE_GROUP": self._queue_name,
            "QUEUE_ARN": self.queue_arn,
            "SCHEDULER_ROLE_ARN": f"arn:aws:iam::123456789012:role/{self._queue_name}",
        }

    def upload_line(self, file: str, key: str) -> str:
        """A shell command that uploads a file to the source bucket."""
        credentials = f"AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_DEFAULT_REGION={REGION}"
        return f"{credentials} aws --endpoint-url {self.endpoint_url} s3 cp {file} s3://{self.source_bucket}/{key}"

    def receive(self, *, most: int = 10, wait_seconds: int = 0, queue_url: str = "") -> list[dict[str, Any]]:
        """Messages of the queue of uploads, or of another one, as Lambda hands them to a function."""
        url = queue_url or self.queue_url
        answer = self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=most, WaitTimeSeconds=wait_seconds, AttributeNames=["All"])
        return [
            {
                "messageId": message["MessageId"],
                "receiptHandle": message["ReceiptHandle"],
                "body": message["Body"],
                "attributes": message.get("Attributes", {}),
                "messageAttributes": {},
                "md5OfBody": message["MD5OfBody"],
                "eventSource": "aws:sqs",
                "eventSourceARN": f"arn:aws:sqs:{REGION}:123456789012:tilepress",
                "awsRegion": REGION,
            }
            for message in answer.get("Messages", [])
        ]

    def acknowledge(self, records: Iterable[dict[str, Any]], *, queue_url: str = "") -> None:
        """Delete messages that are done. One that another has deleted meanwhile counts as done, as it does on AWS."""
        entries = [{"Id": str(number), "ReceiptHandle": record["receiptHandle"]} for number, record in enumerate(records)]
        for start in range(0, len(entries), BATCH_MAX):
            answer = self.sqs.delete_message_batch(QueueUrl=queue_url or self.queue_url, Entries=entries[start : start + BATCH_MAX])
            if others := [one for one in answer.get("Failed", ()) if one["Code"] != "ReceiptHandleIsInvalid"]:
                raise RuntimeError(f"messages could not be deleted: {others}")

    def send_what_is_due(self, now: float) -> int:
        """Let every schedule go off whose time has come: what it holds comes into the queue. How many those were."""
        sent = 0
        for found in self.scheduler.list_schedules(GroupName=self._queue_name)["Schedules"]:
            schedule = self.scheduler.get_schedule(Name=found["Name"], GroupName=self._queue_name)
            moment = re.fullmatch(r"at\((.+)\)", schedule["ScheduleExpression"])
            if moment and datetime.fromisoformat(moment[1]).replace(tzinfo=UTC).timestamp() <= now:
                self.sqs.send_message(QueueUrl=self.queue_url, MessageBody=schedule["Target"]["Input"])
                self.scheduler.delete_schedule(Name=found["Name"], GroupName=self._queue_name)
                sent += 1
        return sent

    def close(self) -> None:
        """Stop serving. Whatever was stored is gone."""
        self._server.shutdown()
        self._server.server_close()

    def _make(self) -> tuple[str, str, str]:
        self.scheduler.create_schedule_group(Name=self._queue_name)
        for bucket in (self.source_bucket, self.site_bucket):
            self.s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
            self.s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        dead = self.sqs.create_queue(QueueName=f"{self._queue_name}-dead")["QueueUrl"]
        dead_arn = self.sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        redrive = json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": RECEIVE_COUNT_MAX})
        attributes = {"VisibilityTimeout": str(VISIBILITY_SECONDS), "RedrivePolicy": redrive}
        url = self.sqs.create_queue(QueueName=self._queue_name, Attributes=attributes)["QueueUrl"]
        arn = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        created = [
            {"QueueArn": arn, "Events": [event], "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": prefix}]}}}
            for event, prefix in told_of()
            if event == CREATED
        ]
        self.s3.put_bucket_notification_configuration(Bucket=self.source_bucket, NotificationConfiguration={"QueueConfigurations": created})
        search = self.sqs.create_queue(QueueName=f"{self._queue_name}-search", Attributes=attributes)["QueueUrl"]
        return str(url), str(arn), str(search)

    def _app(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if _comes_from_a_website(environ):
            start_response("403 Forbidden", [("Content-Length", "0")])
            return []
        if environ.get("HTTP_X_AMZ_TARGET", "").endswith(".ReceiveMessage"):
            return list(self._services["sqs"](environ, start_response))
        signed = environ.get("HTTP_AUTHORIZATION", "")
        service = next((name for name in self._services if f"/{name}/" in signed), "s3")
        with self._lock:
            body = list(self._services[service](environ, start_response))
        bucket, _, key = unquote(environ.get("PATH_INFO", "")).encode("latin-1", "replace").decode("utf-8", "replace").lstrip("/").partition("/")
        if environ["REQUEST_METHOD"] == "DELETE" and bucket == self.source_bucket and key:
            self._tell_of_deletion(key)
        return body

    def _tell_of_deletion(self, key: str) -> None:
        if not any(event == REMOVED and key.startswith(prefix) for event, prefix in told_of()):
            return
        stored = {"bucket": {"name": self.source_bucket}, "object": {"key": quote_plus(key, safe="/"), "sequencer": uuid4().hex}}
        record = {"eventVersion": "2.1", "eventSource": "aws:s3", "eventName": "ObjectRemoved:DeleteMarkerCreated", "s3": stored}
        self.sqs.send_message(QueueUrl=self.queue_url, MessageBody=json.dumps({"Records": [record]}))


def _comes_from_a_website(environ: Environ) -> bool:
    """Whether a page that a browser shows has made this request, or a name that leads here by a trick: drafts are none of its business."""
    host = environ.get("HTTP_HOST", "").rpartition(":")[0]
    return "HTTP_ORIGIN" in environ or not (host in {"127.0.0.1", "localhost"} or host.endswith(".localhost"))


@cache
def told_of() -> tuple[tuple[str, str], ...]:
    """What the source bucket tells of, as the stack says it: kinds of event, each with a prefix of keys."""
    found = read_stack().properties("SourceBucket")["NotificationConfiguration"]["QueueConfigurations"]
    return tuple((one["Event"], rule["Value"]) for one in found for rule in one["Filter"]["S3Key"]["Rules"])


class Quiet(WSGIRequestHandler):
    """Keeps connections, and keeps silent."""

    protocol_version = "HTTP/1.1"
    # Without this a kept connection waits for the delayed acknowledgement of its peer: 40 ms a request.
    disable_nagle_algorithm = True

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - the name is werkzeug's
        """Say nothing of single requests."""
