"""What a rebuild costs: `python -m tests.bench.rebuild`. One batch of it as a resync hands it on, rendered anew after a change of settings.

S3 is a process of its own, so that the processor time is the handler's alone. Wall time is moto's, and not told.
"""

import time
from collections import Counter
from collections.abc import Sequence
from contextlib import redirect_stdout
from io import StringIO
from typing import Any

import boto3
from rich.console import Console
from rich.table import Table
from tilepress import handler
from tilepress.resync import BATCH_KEYS_MAX

from .requests import CONTEXT, page
from .server import s3_server

BATCHES = 4
WORDS = 250
SETTINGS = "title: Seite {}\nbase_url: https://x.de\nlanguages: [de, en]\n"


def measure() -> list[tuple[str, float, Counter[str]]]:
    """Of each batch of a section that all of them share, what it is, the seconds of processor time, and its requests."""
    with s3_server() as told:
        s3: Any = boto3.client("s3")
        requests: Counter[str] = Counter()
        cloud, _ = handler.wired()
        cloud.source.client.meta.events.register("before-call.s3", lambda model, **_: requests.update([model.name]))  # type: ignore[attr-defined]
        body = page("Seite") + b"Wort " * WORDS
        keys = [f"content/projekte/seite-{number:03}.md" for number in range(BATCHES * BATCH_KEYS_MAX)]
        for key in keys:
            s3.put_object(Bucket=told["SOURCE_BUCKET"], Key=key, Body=body)
        found: list[tuple[str, float, Counter[str]]] = []

        def publish(what: str, start: int, among: Sequence[str] = keys, **more: bool) -> None:
            requests.clear()
            began = time.process_time()
            with redirect_stdout(StringIO()):
                handler.lambda_handler({"keys": among[start : start + BATCH_KEYS_MAX]} | more, CONTEXT)
            found.append((what, time.process_time() - began, Counter(requests)))

        for round_ in range(2):
            s3.put_object(Bucket=told["SOURCE_BUCKET"], Key="site.yaml", Body=SETTINGS.format(round_).encode())
            found.clear()
            for start in range(0, len(keys), BATCH_KEYS_MAX):
                publish("another" if start else "the first of its section", start)
        s3.put_object(Bucket=told["SOURCE_BUCKET"], Key="site.yaml", Body=SETTINGS.format(2).encode())
        publish("the state machine's first", 0, trust=False)
        publish("another", BATCH_KEYS_MAX, trust=False)
        publish("one that is current", BATCH_KEYS_MAX, trust=False)
        uploads = [f"static/files/{number:03}.pdf" for number in range(BATCH_KEYS_MAX)]
        for key in uploads:
            s3.put_object(Bucket=told["SOURCE_BUCKET"], Key=key, Body=body)
        for what in ("uploads", "uploads that are current"):
            publish(what, 0, uploads, trust=False)
        return found


def main() -> None:
    """Print the table."""
    table = Table("batch of 100 files", "processor seconds", "GET", "HEAD", "PUT", "LIST")
    for what, seconds, requests in measure():
        shown = [
            requests["GetObject"] + requests["GetObjectTagging"],
            requests["HeadObject"],
            requests["PutObject"] + requests["PutObjectTagging"],
            requests["ListObjectsV2"],
        ]
        table.add_row(what, f"{seconds:.2f}", *(str(count) for count in shown))
    Console().print(table)


if __name__ == "__main__":
    main()
