"""How many S3 requests a change costs, and how many paths of the CDN: the table of `python -m tests.bench.requests`, and of the test that holds it.

Counted are the calls that the handler's S3 client makes, on a site of two sections with 30 pages each.
"""

import logging
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table
from tilepress.artifacts import content_type
from tilepress.dev.aws_server import AwsServer

ROOT = Path(__file__).parents[2]
PAGES = 30
BURST = 200
CONTEXT = SimpleNamespace(function_name="bench", memory_limit_in_mb=1769, invoked_function_arn="arn:aws:lambda:x:1:function:b", aws_request_id="1")


class Cost(NamedTuple):
    """What a change costs: requests to S3 by name, and paths that the CDN is told to forget."""

    requests: Counter[str]
    paths: int


def page(title: str, text: str = "Ein Absatz.") -> bytes:
    """A project page."""
    return f"---\ntitle: {title}\nsubtitle: Eine Zeile\nkategorien: [Bildung]\n---\n{text}\n".encode()


class Counting:
    """The handler on a local S3, with its requests counted."""

    def __init__(self) -> None:
        self.aws = AwsServer(prefix="bench-")
        told = {"TEMPLATES_DIR": str(ROOT / "templates"), "POWERTOOLS_LOG_LEVEL": "ERROR", "RETIRE_AFTER_SECONDS": "0.01"}
        os.environ.update(self.aws.environ() | told)
        from tilepress import handler

        handler.wired.cache_clear()
        logging.getLogger("tilepress").handlers.clear()
        self._handler = handler.lambda_handler
        self._requests: Counter[str] = Counter()
        self._paths = 0
        self._last: list[dict[str, Any]] = []
        cloud, _ = handler.wired()
        cloud.source.client.meta.events.register("before-call.s3", lambda model, **_: self._requests.update([model.name]))  # type: ignore[attr-defined]
        vars(cloud.cdn)["invalidate"] = self._count

    def _count(self, paths: Sequence[str]) -> None:
        self._paths += len(paths)

    def come_again(self) -> Cost:
        """The requests when S3 delivers the last event a second time."""
        return self._handle([record | {"messageId": f"again-{record['messageId']}"} for record in self._last])

    def change(self, files: Mapping[str, bytes | None]) -> Cost:
        """The requests by which these uploads and deletions (None) are published, in one batch."""
        for key, body in files.items():
            if body is None:
                self.aws.s3.delete_object(Bucket=self.aws.source_bucket, Key=key)
            else:
                self.aws.s3.put_object(Bucket=self.aws.source_bucket, Key=key, Body=body, ContentType=content_type(key))
        batch: list[dict[str, Any]] = []
        while more := self.aws.receive():
            batch += more
        self._last = batch
        done = self._handle(batch)
        self.aws.acknowledge(batch)
        return done

    def _handle(self, batch: list[dict[str, Any]]) -> Cost:
        self._requests.clear()
        self._paths = 0
        with redirect_stdout(StringIO()):  # where the handler prints its metrics
            answer = self._handler({"Records": batch}, CONTEXT)
        assert answer == {"batchItemFailures": []}, answer
        return Cost(Counter(self._requests), self._paths)


def measure() -> dict[str, Cost]:
    """What each kind of change costs."""
    counting = Counting()
    site = {f"content/{section}/seite-{number}.md": page(f"Seite {number}") for section in ("projekte", "blog") for number in range(PAGES)}
    counting.change({"site.yaml": b"title: Seite\nbase_url: https://x.de\nlanguages: [de, en]\n"} | site)
    counting.change({"content/projekte/seite-1.md": page("Seite eins")})  # a new section is looked at more closely for a while
    edited = {"content/projekte/seite-3.md": page("Seite drei")}
    rows = {
        "one page edited": counting.change(edited),
        "the same event again": counting.come_again(),
        "the same bytes again": counting.change(edited),
        "one text edited": counting.change({"content/projekte/seite-3.md": page("Seite drei", "Ein anderer Absatz.")}),
        "one new page": counting.change({"content/projekte/neu.md": page("Neu")}),
        "one page deleted": counting.change({"content/projekte/neu.md": None}),
        f"a burst of {BURST} new pages": counting.change({f"content/projekte/viele-{number}.md": page(f"Viele {number}") for number in range(BURST)}),
    }
    counting.aws.close()
    return rows


def main() -> None:
    """Print the table."""
    table = Table("change", "requests", "GET", "HEAD", "PUT", "DELETE", "LIST", "paths")
    for name, (found, paths) in measure().items():
        shown = [found.total(), *(found[f"{kind}Object"] for kind in ("Get", "Head", "Put", "Delete")), found["ListObjectsV2"], paths]
        table.add_row(name, *(str(number) for number in shown))
    Console().print(table)


if __name__ == "__main__":
    main()
