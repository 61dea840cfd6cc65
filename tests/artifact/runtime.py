"""Lambda around the built artifact: execution environments with a Runtime API each, and the event source mapping before them.

An environment is a process of AWS's own runtime client (awslambdaric) with the artifact as its code, nothing else on its
path but what Lambda's Python brings (boto3), and the layer of the images' function (Pillow). See https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html.
"""

import json
import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Empty, Queue, SimpleQueue
from threading import Event, Thread
from typing import Any

from tilepress.dev.aws_server import AwsServer

PUBLISHER = "tilepress.handler.lambda_handler"
IMAGES = "tilepress.images_handler.lambda_handler"
Answer = tuple[str, Any]
"""`response` with what the function returned, or `error` with what it raised."""


class TimedOut(Exception):
    """The function did not answer in time, and its environment was ended."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """A client that was killed breaks its connection."""


class Environment:
    """One execution environment: handles one event at a time."""

    def __init__(self, python: Path, artifact: Path, environ: Mapping[str, str], log: Path, handler: str = PUBLISHER) -> None:
        self._events: SimpleQueue[tuple[str, str, float]] = SimpleQueue()
        self._answers: SimpleQueue[Answer] = SimpleQueue()
        self._count = 0
        self._log = log
        self._api = _Server(("127.0.0.1", 0), self._requests())
        Thread(target=self._api.serve_forever, args=(0.05,), daemon=True).start()
        own = {
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{self._api.server_port}",
            "AWS_LAMBDA_FUNCTION_NAME": "publisher",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1769",
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "LAMBDA_TASK_ROOT": str(artifact),
            "PATH": os.environ["PATH"],
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        with log.open("ab") as out:
            command = [str(python), "-m", "awslambdaric", handler]
            self._process = subprocess.Popen(command, cwd=artifact, env=own | dict(environ), stdout=out, stderr=subprocess.STDOUT)

    def invoke(self, event: Mapping[str, Any], timeout_seconds: float) -> Answer:
        """Hand over an event, and wait for the answer. Raises TimedOut, after which this environment is no more."""
        self._count += 1
        self._events.put((f"request-{self._count}", json.dumps(event), time.time() + timeout_seconds))
        try:
            return self._answers.get(timeout=timeout_seconds)
        except Empty as error:
            self.close()
            raise TimedOut(self._log.read_text()[-2000:]) from error

    def close(self) -> None:
        """End it, as Lambda does: without asking."""
        self._process.kill()
        self._process.wait()
        self._api.shutdown()
        self._api.server_close()

    def _requests(self) -> type[BaseHTTPRequestHandler]:
        events, answers = self._events, self._answers

        class Requests(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                request_id, event, deadline = events.get()
                self.answer(
                    200,
                    event.encode(),
                    {
                        "Content-Type": "application/json",
                        "Lambda-Runtime-Aws-Request-Id": request_id,
                        "Lambda-Runtime-Deadline-Ms": str(int(deadline * 1000)),
                        "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:eu-central-1:123456789012:function:publisher",
                    },
                )

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or b"null")
                answers.put((self.path.rpartition("/")[2], body))
                self.answer(202, b'{"status":"OK"}\n', {"Content-Type": "application/json"})

            def answer(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Say nothing of single requests."""

        return Requests


@dataclass
class Mapped:
    """What the event source mapping has seen: the answer to each batch, by the ids of its messages."""

    answers: list[tuple[list[str], Answer]] = field(default_factory=list)
    timeouts: int = 0

    @property
    def failures(self) -> set[str]:
        """The messages that any answer named as not done."""
        return {one["itemIdentifier"] for _, (kind, said) in self.answers if kind == "response" for one in said["batchItemFailures"]}


class EventSourceMapping:
    """Takes batches from a queue, hands each to a free environment, and deletes the messages that are done.

    What is not done is left to the queue, which hands it out again when it is visible again.
    """

    def __init__(
        self, aws: AwsServer, make: Any, *, environments: int, queue_url: str = "", batch_max: int = 10, timeout_seconds: float = 60
    ) -> None:
        self._aws = aws
        self._queue_url = queue_url or aws.queue_url
        self._make = make
        self._count = environments
        self._batch_max = batch_max
        self.timeout_seconds = timeout_seconds
        self.mapped = Mapped()

    def drain(self) -> Mapped:
        """Work until nothing waits in the queue, nor is hidden there."""
        free: Queue[Environment] = Queue()
        for _ in range(self._count):
            free.put(self._make())
        try:
            with ThreadPoolExecutor(self._count) as pool:
                for poller in [pool.submit(self._poll, free) for _ in range(self._count)]:
                    poller.result()
        finally:
            while not free.empty():
                free.get().close()
        return self.mapped

    def _poll(self, free: "Queue[Environment]") -> None:
        while not self._done():
            batch = self._aws.receive(most=self._batch_max, queue_url=self._queue_url)
            if not batch:
                time.sleep(0.1)
                continue
            environment = free.get()
            try:
                answer = environment.invoke({"Records": batch}, self.timeout_seconds)
            except TimedOut:
                self.mapped.timeouts += 1
                free.put(self._make())
                continue
            free.put(environment)
            self.mapped.answers.append(([record["messageId"] for record in batch], answer))
            kind, said = answer
            if kind == "response":
                undone = {one["itemIdentifier"] for one in said["batchItemFailures"]}
                self._aws.acknowledge((record for record in batch if record["messageId"] not in undone), queue_url=self._queue_url)

    def _done(self) -> bool:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        told = self._aws.sqs.get_queue_attributes(QueueUrl=self._queue_url, AttributeNames=names)["Attributes"]
        return all(told[name] == "0" for name in names)


@contextmanager
def faulty(aws: AwsServer, key: str, *, hold: Event | None = None) -> Iterator[Event]:
    """S3 answers 503 for a key of the source bucket until the event is set; with `hold` it answers nothing until that is set."""
    mended = Event()
    app = aws._app

    def broken(environ: dict[str, Any], start_response: Any) -> Any:
        if environ["PATH_INFO"].endswith(key) and environ["REQUEST_METHOD"] == "GET" and not mended.is_set():
            if hold is not None:
                hold.wait()
            else:
                start_response("503 Slow Down", [("Content-Type", "application/xml"), ("Content-Length", "0")])
                return []
        return app(environ, start_response)

    aws._server.app = broken
    try:
        yield mended
    finally:
        mended.set()
        aws._server.app = app
