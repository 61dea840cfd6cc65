"""Worker processes around one S3 server that knows who asks, and can let them wait, or kill them, at any request.

So a worker dies, and races are lost, at a certain point of its work and not at a time: before or after the effect of just
that request. What one had sent before it died has had its effect, and what it had not, has none.
"""

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock
from typing import Any

from tilepress.artifacts import content_type
from tilepress.dev.aws_server import AwsServer

WAIT_SECONDS_MAX = 240
"""Nothing takes this long, however busy the machine: who waits longer waits for what does not come."""
POLL_SECONDS = 0.02
RECEIVE_COUNT_MAX = 1000
_USER_AGENT = re.compile(r"app/worker-(\d+)")


@dataclass(slots=True)
class Worker:
    """A process, as the server knows it. `writes` have had their effect."""

    pid: int
    number: int
    writes: int = 0
    idle: bool = False
    dead: bool = False
    lock: Lock = field(default_factory=Lock)

    def kill(self) -> None:
        """End the process here and now."""
        self.dead = True
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)


@dataclass(frozen=True, slots=True)
class Request:
    """What a worker asks of S3."""

    worker: Worker
    method: str
    bucket: str
    key: str

    @property
    def writes(self) -> bool:
        """Whether it changes anything."""
        return self.method in {"PUT", "POST", "DELETE"}


Rule = Callable[[Request], None]


class Hold:
    """A rule: requests of one kind wait here until they are let go. `held` are the workers that have come to it."""

    def __init__(self, method: str, key: str) -> None:
        self._wanted = (method, key)
        self._go = Event()
        self.held: set[int] = set()

    def __call__(self, request: Request) -> None:
        if (request.method, request.key) == self._wanted:
            self.held.add(request.worker.pid)
            self._go.wait(WAIT_SECONDS_MAX)

    def release(self) -> None:
        """Let all go on."""
        self._go.set()


class WatchedAws(AwsServer):
    """S3 and SQS, with rules for the requests of workers: one before the effect, one after it.

    Without `conditions` it has no conditional writes: it takes every write as if nothing had been asked of it.
    """

    def __init__(self, *, prefix: str, conditions: bool = True) -> None:
        self.workers: dict[int, Worker] = {}
        self.before: Rule = _anything
        self.after: Rule = _anything
        self.refused = 0
        self._conditions = conditions
        super().__init__(prefix=prefix)

    def _app(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        found = _USER_AGENT.search(environ.get("HTTP_USER_AGENT", ""))
        if not found:
            return super()._app(environ, start_response)
        pid = int(found.group(1))
        worker = self.workers.setdefault(pid, Worker(pid, len(self.workers)))
        if worker.dead:
            return _nothing(start_response)
        if "HTTP_X_AMZ_TARGET" in environ:
            answer = list(super()._app(environ, start_response))
            worker.idle = environ["HTTP_X_AMZ_TARGET"].endswith(".ReceiveMessage") and b"ReceiptHandle" not in b"".join(answer)
            return answer
        bucket, _, key = environ["PATH_INFO"].encode("latin-1").decode().lstrip("/").partition("/")
        request = Request(worker, environ["REQUEST_METHOD"], bucket, key)
        return self._write(request, environ, start_response) if request.writes else self._read(request, environ, start_response)

    def _read(self, request: Request, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        self.before(request)
        return super()._app(environ, start_response)

    def _write(self, request: Request, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """One write of a worker at a time: so that which is its last is certain."""

        def note(status: str, headers: Any, *rest: Any) -> Any:
            self.refused += status.startswith("412")
            return start_response(status, headers, *rest)

        worker = request.worker
        with worker.lock:
            if not worker.dead:
                self.before(request)
            if worker.dead:
                return _nothing(start_response)
            if not self._conditions:
                for name in ("HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH"):
                    environ.pop(name, None)
            answer = list(super()._app(environ, note))
            worker.writes += 1
            self.after(request)
            return answer


class Fleet:
    """A server, its author, and as many workers as are asked for. `starter` is a process of `worker.py`."""

    def __init__(self, aws: WatchedAws, starter: subprocess.Popen[str], log: Path, **options: str) -> None:
        self.aws = aws
        self._starter = starter
        self._log = log
        self._options = options
        self.visibility(WAIT_SECONDS_MAX)

    def visibility(self, seconds: int) -> None:
        """After how long the queue hands out a message once more that a worker has taken."""
        url = self.aws.queue_url
        redrive = json.loads(self.aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]["RedrivePolicy"])
        attributes = {"VisibilityTimeout": str(seconds), "RedrivePolicy": json.dumps(redrive | {"maxReceiveCount": RECEIVE_COUNT_MAX})}
        self.aws.sqs.set_queue_attributes(QueueUrl=url, Attributes=attributes)

    def author(self, changes: Iterable[tuple[str, str]]) -> None:
        """Upload files, and delete those without a text. Each event comes twice."""
        for key, text in changes:
            if text:
                self.aws.s3.put_object(Bucket=self.aws.source_bucket, Key=key, Body=text.encode(), ContentType=content_type(key))
            else:
                self.aws.s3.delete_object(Bucket=self.aws.source_bucket, Key=key)
            self.send({"keys": [key]})

    def send(self, body: dict[str, Any]) -> None:
        """Put a message into the queue."""
        self.aws.sqs.send_message(QueueUrl=self.aws.queue_url, MessageBody=json.dumps(body))

    def start(self, **environ: str) -> Worker:
        """One more worker."""
        known = set(self.aws.workers)
        told = self.aws.environ() | {"WORKER_QUEUE_URL": self.aws.queue_url} | environ
        assert self._starter.stdin
        self._starter.stdin.write(json.dumps({"environ": told, **self._options}) + "\n")
        self._starter.stdin.flush()
        self.until(lambda: len(self.aws.workers) > len(known))
        return next(worker for pid, worker in self.aws.workers.items() if pid not in known)

    def start_until_held(self, hold: Hold) -> Worker:
        """One more worker, that has come to where it has to wait."""
        worker = self.start()
        self.until(lambda: worker.pid in hold.held)
        return worker

    def alive(self) -> list[Worker]:
        """The workers that live."""
        return [worker for worker in list(self.aws.workers.values()) if not worker.dead]

    def until(self, reached: Callable[[], bool]) -> None:
        """Wait for something to be so. Whoever dies meanwhile without being killed has a fault."""
        end = time.monotonic() + WAIT_SECONDS_MAX
        while not reached():
            assert time.monotonic() < end, self._log.read_text()[-4000:]
            for worker in self.alive():
                assert _exists(worker.pid) or worker.dead, self._log.read_text()[-4000:]
            time.sleep(POLL_SECONDS)

    def quiet(self) -> bool:
        """Whether no message waits or is being worked on, and no worker is at work."""
        return self._idle() and self._empty() and self._idle()  # idle after the queue was empty is what counts; before it spares requests

    def _idle(self) -> bool:
        return all(worker.idle for worker in self.alive())

    def _empty(self) -> bool:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        counts = self.aws.sqs.get_queue_attributes(QueueUrl=self.aws.queue_url, AttributeNames=names)["Attributes"]
        return set(counts.values()) == {"0"}

    def dismiss(self) -> None:
        """End all workers."""
        for worker in self.alive():
            worker.kill()


def _anything(_: Request) -> None:
    """The rule that has no objection."""


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _nothing(start_response: Callable[..., Any]) -> Iterable[bytes]:
    """An answer that nobody hears."""
    start_response("503 Service Unavailable", [("Content-Length", "0")])
    return []
