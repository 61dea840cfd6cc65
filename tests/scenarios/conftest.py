"""An author and a machine: files are uploaded to S3, their events reach the handler, and the site is looked at."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tilepress import handler, images_handler, search_handler
from tilepress.adapters.folders import folder_cloud
from tilepress.adapters.memory import MemoryStore
from tilepress.adapters.templates import read_theme
from tilepress.artifacts import Artifact, content_type
from tilepress.dev.aws_server import AwsServer
from tilepress.resync import resync

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
EXAMPLE = ROOT / "example"
CONTEXT = SimpleNamespace(
    function_name="publisher", memory_limit_in_mb=1769, invoked_function_arn="arn:aws:lambda:eu-central-1:1:function:p", aws_request_id="1"
)

Site = dict[str, bytes]


class Stage:
    """A source bucket, its queue, the real handler, and the site bucket."""

    def __init__(self, aws: AwsServer) -> None:
        self.aws = aws
        self.logs: list[dict[str, Any]] = []
        self.requests: Counter[tuple[str, str]] = Counter()
        handler.wired.cache_clear()
        cloud, _ = handler.wired()
        events: Any = cloud.source.client.meta.events  # type: ignore[attr-defined]
        events.register("before-call.s3", self._count)

    def upload(self, key: str, text: str | bytes) -> None:
        """Put a source file; its event waits in the queue."""
        body = text.encode() if isinstance(text, str) else text
        self.aws.s3.put_object(Bucket=self.aws.source_bucket, Key=key, Body=body, ContentType=content_type(key))

    def remove(self, key: str) -> None:
        """Delete a source file; its event waits in the queue."""
        self.aws.s3.delete_object(Bucket=self.aws.source_bucket, Key=key)

    def deliver(self) -> list[str]:
        """Hand everything that waits to the handler, and acknowledge what it did. The messages that it did not do."""
        failed: list[str] = []
        while True:
            while batch := self.aws.receive():
                answer = self.call({"Records": batch})
                undone = {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}
                self.aws.acknowledge(record for record in batch if record["messageId"] not in undone)
                failed += undone
            if not self.develop():
                return failed

    def develop(self) -> bool:
        """Hand images to their handler. Whether there were any."""
        if not (batch := self.aws.receive(queue_url=self.aws.images_queue_url)):
            return False
        images_handler.wired.cache_clear()
        assert images_handler.lambda_handler({"Records": batch}, CONTEXT) == {"batchItemFailures": []}
        self.aws.acknowledge(batch, queue_url=self.aws.images_queue_url)
        return True

    def call(self, event: dict[str, Any]) -> dict[str, Any]:
        """Call the handler."""
        answer: dict[str, Any] = handler.lambda_handler(event, CONTEXT)
        return answer

    def index(self) -> None:
        """Let search look, as it was told to."""
        search_handler.wired.cache_clear()
        search_handler.lambda_handler({}, CONTEXT)

    def publish(self, files: Mapping[str, str | bytes]) -> None:
        """Upload files and deliver their events."""
        for key, text in files.items():
            self.upload(key, text)
        self.deliver()

    def site(self) -> Site:
        """What the site bucket holds, ledgers aside."""
        return contents(self.aws, self.aws.site_bucket)

    def clean_build(self) -> Site:
        """What a build of the sources as they are now gives."""
        sources = MemoryStore()
        for key, body in contents(self.aws, self.aws.source_bucket).items():
            sources.put(Artifact(key, body, content_type(key)))
        return built(sources)

    def _count(self, model: Any, **_: Any) -> None:
        self.requests[model.name, "site" if model.name in {"PutObject", "CopyObject", "DeleteObject"} else ""] += 1


def contents(aws: AwsServer, bucket: str) -> Site:
    """Every public object of a bucket."""
    found = aws.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    keys = [entry["Key"] for page in found for entry in page.get("Contents", ())]
    return {key: aws.s3.get_object(Bucket=bucket, Key=key)["Body"].read() for key in keys if not key.startswith(".tilepress/")}


def built(sources: MemoryStore) -> Site:
    """A clean build of these sources."""
    from dataclasses import replace

    site = MemoryStore()
    resync(replace(folder_cloud(EXAMPLE, site), source=sources), read_theme(TEMPLATES))
    return {found.key: body.body for found in site.list() if not found.key.startswith(".tilepress/") and (body := site.get(found.key))}


@pytest.fixture
def stage(make_aws: Callable[[], AwsServer], monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """A stage with empty buckets."""
    aws = make_aws()
    for name, value in (aws.environ() | {"TEMPLATES_DIR": str(TEMPLATES), "RETIRE_AFTER_SECONDS": "3600"}).items():
        monkeypatch.setenv(name, value)
    yield Stage(aws)
    handler.wired.cache_clear()


def example_files(*, below: str = "") -> dict[str, bytes]:
    """The example site's source files."""
    files = {path.relative_to(EXAMPLE).as_posix(): path.read_bytes() for path in sorted(EXAMPLE.rglob("*")) if path.is_file()}
    return {key: body for key, body in files.items() if key.startswith(below)}


def event(name: str) -> dict[str, Any]:
    """An event of tests/events/."""
    found: dict[str, Any] = json.loads((ROOT / "tests" / "events" / f"{name}.json").read_text())
    return found


def project(title: str = "Titel", /, body: str = "Text.", **fields: Any) -> str:
    """A project page."""
    lines = "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in {"title": title, **fields}.items())
    return f"---\n{lines}---\n{body}\n"


def differing(one: Site, other: Site) -> Iterable[str]:
    """The keys at which two sites differ: a failing test names them, and not megabytes."""
    return sorted(key for key in one.keys() | other.keys() if one.get(key) != other.get(key))
