"""The local cloud: embedded S3 and SQS, the queue drained into the very Lambda handler, the site served, files watched.

The queue is drained in the calling thread, which must be the main one: there the bound on a text's conversion works.
"""

import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from threading import Event, Thread
from types import SimpleNamespace
from typing import Any

from watchfiles import Change, watch

from tilepress.adapters.directory import DirectoryStore
from tilepress.adapters.fans import Threads
from tilepress.adapters.s3 import S3Store
from tilepress.addresses import nfc
from tilepress.dev.aws_server import BATCH_MAX, AwsServer
from tilepress.dev.site_server import SiteServer
from tilepress.dev.stack import read_stack
from tilepress.live import read_report
from tilepress.pages import Problem
from tilepress.reports import WHOLE
from tilepress.sync import carry_out, compare, is_source, sync_keys

BATCHES_MAX = 20
SHOWN_MAX = 4
UPLOADS_AT_ONCE = 4
IDLE_WAIT_SECONDS = 1
IMAGES_MAX = 4
Handler = Callable[[dict[str, Any], Any], dict[str, Any]]
CONTEXT = SimpleNamespace(
    function_name="tilepress-dev",
    memory_limit_in_mb=1769,
    invoked_function_arn="arn:aws:lambda:eu-central-1:123456789012:function:tilepress-dev",
    aws_request_id="local",
)


@dataclass(frozen=True, slots=True)
class Published:
    """One batch that the handler has done: what it logged, and the milliseconds since the oldest event in it."""

    put: dict[str, str]
    deleted: dict[str, str]
    problems: tuple[Problem, ...]
    milliseconds: float

    def line(self) -> str:
        """The batch in a line: what changed, and in how many milliseconds from the event to the site."""
        changes = [*(f"+ {key}" if why == "new" else f"~ {key}" for key, why in self.put.items()), *(f"- {key}" for key in self.deleted)]
        shown = ", ".join(changes[:SHOWN_MAX]) + (f" and {len(changes) - SHOWN_MAX} more" if len(changes) > SHOWN_MAX else "")
        return f"{self.milliseconds:7,.0f} ms  {shown or 'nothing to change'}"


class LocalCloud:
    """Everything that `tilepress dev` runs, for one source folder."""

    def __init__(self, source: Path, *, templates: Path, port: int = 0) -> None:
        self._folder = DirectoryStore(source.resolve())  # changes are told of by whole paths
        self._templates = templates
        self.aws = AwsServer()
        self.site = SiteServer(self.aws.client("s3"), self.aws.site_bucket, read_stack(), port=port)
        self._bucket = S3Store(self.aws.client("s3"), self.aws.source_bucket)
        self._closing = Event()
        self._logged: list[logging.LogRecord] = []
        self._whole: tuple[Problem, ...] = ()
        self._told: tuple[Problem, ...] = ()
        self._handler, self._search_handler = self._wire()

    def upload(self) -> int:
        """Make the source bucket what the folder is. How many files that took."""
        wanted = compare(self._folder, self._bucket)
        carry_out(wanted, self._folder, self._bucket, Threads(UPLOADS_AT_ONCE))
        return len(wanted.uploads) + len(wanted.deletes)

    def watch(self) -> None:
        """Upload from now on, in another thread, whatever changes in the folder."""
        Thread(target=self._watch, daemon=True).start()

    def drain(self, *, wait_seconds: int = 0) -> Published | None:
        """Hand one batch of messages to the handler, as Lambda would. None when there was none: then search looks, if it was told to."""
        batch = self.aws.receive(most=BATCH_MAX, wait_seconds=wait_seconds)
        if not batch:
            self._index()
            return None
        while len(batch) < BATCH_MAX * BATCHES_MAX and (more := self.aws.receive(most=BATCH_MAX)):
            batch += more
        oldest = min(int(record["attributes"]["SentTimestamp"]) for record in batch)
        self._logged.clear()
        with redirect_stdout(StringIO()):  # where the handler prints its metrics
            answer = self._handler({"Records": batch}, CONTEXT)
        failed = {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}
        self.aws.acknowledge(record for record in batch if record["messageId"] not in failed)
        self.site.reload()
        milliseconds = time.time() * 1000 - oldest
        log = next((record for record in self._logged if record.msg == "published"), None)
        return Published(
            put=getattr(log, "put", {}),
            deleted=getattr(log, "deleted", {}),
            problems=tuple(Problem(**problem) for problem in getattr(log, "problems", ())),
            milliseconds=milliseconds,
        )

    def develop(self) -> bool:
        """Hand one batch of images to their handler. Whether there was one. What shows them comes into the queue again."""
        batch = self.aws.receive(most=IMAGES_MAX, queue_url=self.aws.images_queue_url)
        if not batch:
            return False
        from tilepress import images_handler  # noqa: PLC0415 - Pillow takes a while to import

        with redirect_stdout(StringIO()):
            answer = images_handler.lambda_handler({"Records": batch}, CONTEXT)
        failed = {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}
        self.aws.acknowledge((record for record in batch if record["messageId"] not in failed), queue_url=self.aws.images_queue_url)
        return True

    def news(self) -> tuple[Problem, ...]:
        """What only the whole site shows its authors, and they have not been told yet: dead links, say."""
        found = tuple(problem for problem in self._whole if problem not in self._told)
        self._told = self._whole
        return found

    def run(self, tell: Callable[[Published], None], tell_news: Callable[[tuple[Problem, ...]], None]) -> None:
        """Drain until `close`, telling of each batch, and of what the whole site shows after it."""
        busy = True
        while not self._closing.is_set():
            self.aws.send_what_is_due(time.time())
            done = self.drain(wait_seconds=0 if busy else IDLE_WAIT_SECONDS)
            if done:
                tell(done)
            else:
                tell_news(self.news())
            busy = not done and self.develop()  # pages go first

    def close(self) -> None:
        """Stop everything."""
        self._closing.set()
        self.site.close()
        self.aws.close()

    def _index(self) -> None:
        """Hand all that search was told to its own handler."""
        queue_url = self.aws.search_queue_url
        batch = self.aws.receive(most=BATCH_MAX, queue_url=queue_url)
        while batch and (more := self.aws.receive(most=BATCH_MAX, queue_url=queue_url)):
            batch += more
        if batch:
            with redirect_stdout(StringIO()):
                answer = self._search_handler({"Records": batch}, CONTEXT)
            if not answer["batchItemFailures"]:
                self.aws.acknowledge(batch, queue_url=queue_url)
            told = read_report(self._bucket, WHOLE)
            self._whole = told.problems if told else ()

    def _wire(self) -> tuple[Handler, Handler]:
        """The handlers, in the environment of this cloud. What they log is kept, not printed."""
        os.environ.update(self.aws.environ() | {"TEMPLATES_DIR": str(self._templates)})
        from tilepress import handler, search_handler  # noqa: PLC0415 - they read the environment that was just made

        handler.wired.cache_clear()
        search_handler.wired.cache_clear()
        log = logging.getLogger("tilepress")
        keep = _Keep(self._logged)
        keep.setFormatter(log.handlers[0].formatter)  # in which the loggers of all handlers, imported later as well, keep their state
        log.handlers[:] = [keep]
        return handler.lambda_handler, search_handler.lambda_handler

    def _watch(self) -> None:
        for changes in self._changes():
            keys = {nfc(Path(path).relative_to(self._folder.root).as_posix()) for _, path in changes}
            sync_keys(sorted(key for key in keys if is_source(key)), self._folder, self._bucket)

    def _changes(self) -> Iterator[set[tuple[Change, str]]]:
        return watch(self._folder.root, stop_event=self._closing, debounce=100, step=20, raise_interrupt=False)


class _Keep(logging.Handler):
    def __init__(self, kept: list[logging.LogRecord]) -> None:
        super().__init__()
        self._kept = kept

    def emit(self, record: logging.LogRecord) -> None:
        self._kept.append(record)
