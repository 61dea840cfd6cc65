"""Workers: processes that do with the queue what Lambda does, around the very handler.

`python -u worker.py` imports everything once, and becomes a worker more for each line on its standard input: a fork, since
importing anew takes a second. A line is JSON: `environ`, in which the handler finds its settings, and `fault`, a part of
the protocol to leave out. Each worker has clients and connections of its own, and its process id in its user agent.
"""

import json
import os
import signal
import sys
import time
import traceback
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
from tilepress import handler, reconcile
from tilepress.adapters.cloudfront import NoCdn
from tilepress.adapters.fans import Inline
from tilepress.adapters.memory import MemoryStore
from tilepress.adapters.templates import read_theme
from tilepress.artifacts import Artifact
from tilepress.ports import Cloud
from tilepress.resync import resync
from tilepress.settings import templates_dir
from tilepress.todo import Todo

BATCH_MAX = 10
POLL_SECONDS = 0.1
CONTEXT = SimpleNamespace(
    function_name="worker", memory_limit_in_mb=1769, invoked_function_arn="arn:aws:lambda:eu-central-1:1:function:worker", aws_request_id="1"
)


def main() -> None:
    """Make workers until standard input ends."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead need no burial
    _warm_up()
    for line in sys.stdin:
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            work(**json.loads(line))


def work(environ: dict[str, str], fault: str = "") -> None:
    """Take messages, hand them to the handler, delete those that it did; until somebody ends this process."""
    os.environ.update(environ, AWS_SDK_UA_APP_ID=f"worker-{os.getpid()}")
    if fault == "no second look":
        setattr(reconcile, "look_again", lambda *_: Todo())  # noqa: B010 - a type checker would not have it
    sqs, url = boto3.client("sqs"), environ["WORKER_QUEUE_URL"]
    while True:
        records = [_record(message) for message in _received(sqs, url)]
        if not records:
            time.sleep(POLL_SECONDS)
            continue
        if fault == "acknowledged first":
            _delete(sqs, url, records)
        try:
            answer = handler.lambda_handler({"Records": records}, CONTEXT)
        except Exception:  # noqa: BLE001 - Lambda, too, leaves the messages in the queue then
            traceback.print_exc()
            continue
        failed = {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}
        _delete(sqs, url, [record for record in records if record["messageId"] not in failed])


def _warm_up() -> None:
    """Do once what each worker would do for the first time: describe services, load and compile templates, publish a page. No connection is made."""
    for service in ("s3", "sqs"):
        make: Any = boto3.client
        make(service)
    sources = MemoryStore()
    for key, text in (("site.yaml", "title: X\nlanguages: [de, en]\n"), ("content/a/b.md", "---\ntitle: B\naliases: [/c/]\n---\nText.\n")):
        sources.put(Artifact(key, text.encode(), ""))
    cloud = Cloud(sources, MemoryStore(), NoCdn(), Inline(), time.time, lambda _: None, nullcontext, 0.0)
    resync(cloud, read_theme(Path(templates_dir(os.environ))))


def _received(sqs: Any, url: str) -> list[dict[str, Any]]:
    answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=BATCH_MAX, MessageSystemAttributeNames=["All"])
    found: list[dict[str, Any]] = answer.get("Messages", [])
    return found


def _record(message: dict[str, Any]) -> dict[str, Any]:
    """A message as Lambda hands it to a function."""
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "eventSource": "aws:sqs",
    }


def _delete(sqs: Any, url: str, records: list[dict[str, Any]]) -> None:
    """Delete messages. Some may be gone: who took too long is not the only one who has them."""
    if records:
        sqs.delete_message_batch(QueueUrl=url, Entries=[{"Id": record["messageId"], "ReceiptHandle": record["receiptHandle"]} for record in records])


if __name__ == "__main__":
    main()
