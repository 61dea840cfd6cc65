"""The site bucket as the CDN shows it (`tilepress.dev.edge`), over HTTP; and live reload on top.

Pages are served byte for byte, but for one script element at the end that waits for news (only here, never published).
"""

from collections.abc import Callable, Iterable
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any

from werkzeug.serving import make_server

from tilepress.addresses import PRIVATE
from tilepress.artifacts import HTML
from tilepress.dev.aws_server import POLL_SECONDS, Quiet
from tilepress.dev.edge import Answer, Edge
from tilepress.dev.stack import Stack

RELOAD_PATH = "/-/reload"
_SCRIPT = b"""(() => {
  const news = new EventSource("/-/reload/news");
  news.onmessage = () => location.reload();
})();
"""
_ELEMENT = f'<script src="{RELOAD_PATH}.js"></script>'.encode()
HEARTBEAT_SECONDS = 10
StartResponse = Callable[..., Any]


class SiteServer:
    """Serves a bucket on loopback."""

    def __init__(self, s3: Any, bucket: str, stack: Stack, *, port: int = 0) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._edge = Edge(stack, self._get)
        self._listeners: list[SimpleQueue[bytes]] = []
        self._lock = Lock()
        self._server = make_server("127.0.0.1", port, self._app, threaded=True, request_handler=Quiet)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        Thread(target=self._server.serve_forever, args=(POLL_SECONDS,), daemon=True).start()

    def reload(self) -> None:
        """Let every open page load itself again."""
        with self._lock:
            for listener in self._listeners:
                listener.put(b"data: reload\n\n")

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()

    def _app(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        path, _, query = environ["REQUEST_URI"].partition("?")
        if path == f"{RELOAD_PATH}/news":
            start_response("200 OK", [("Content-Type", "text/event-stream"), ("Cache-Control", "no-store")])
            return self._news()
        if path == f"{RELOAD_PATH}.js":
            start_response("200 OK", [("Content-Type", "text/javascript"), ("Content-Length", str(len(_SCRIPT)))])
            return [_SCRIPT]
        answer = self._edge.answer(path, query, environ.get("HTTP_HOST", ""))
        headers = dict(answer.headers)
        body = answer.body.replace(b"</body>", _ELEMENT + b"</body>") if headers.get("content-type") == HTML else answer.body
        # The edge keeps what it may; a browser on this machine should not.
        headers |= {"content-length": str(len(body)), "x-cache-control": headers.get("cache-control", ""), "cache-control": "no-cache"}
        start_response(answer.line, [(name.title(), value) for name, value in headers.items()])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _get(self, key: str) -> Answer:
        """What S3 answers to the CDN, which may neither list the bucket nor read the ledgers."""
        if not key or key.startswith(PRIVATE):
            return Answer(403, {"content-type": "text/plain"})
        try:
            found = self._s3.get_object(Bucket=self._bucket, Key=key)
        except self._s3.exceptions.NoSuchKey:
            return Answer(403, {"content-type": "text/plain"}, b"Nothing is here yet.\n")
        metadata = {f"x-amz-meta-{name}": value for name, value in found["Metadata"].items()}
        headers = {"content-type": found["ContentType"], "cache-control": found.get("CacheControl", ""), "etag": found["ETag"]}
        return Answer(200, headers | metadata, found["Body"].read())

    def _news(self) -> Iterable[bytes]:
        listener: SimpleQueue[bytes] = SimpleQueue()
        with self._lock:
            self._listeners.append(listener)
        try:
            yield b": here\n\n"
            while True:
                try:
                    yield listener.get(timeout=HEARTBEAT_SECONDS)
                except Empty:
                    yield b": still here\n\n"
        finally:
            with self._lock:
                self._listeners.remove(listener)
