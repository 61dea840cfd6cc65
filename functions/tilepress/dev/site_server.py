"""The site bucket as the CDN would show it: default documents, the language's 404 page, headers; and live reload on top.

Pages are served byte for byte, but for one script element at the end that waits for news (only here, never published).
"""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any
from urllib.parse import quote, unquote

from werkzeug.serving import make_server

from tilepress.addresses import PRIVATE
from tilepress.artifacts import HTML
from tilepress.dev.aws_server import POLL_SECONDS, Quiet

RELOAD_PATH = "/-/reload"
_SCRIPT = b"""(() => {
  const news = new EventSource("/-/reload/news");
  news.onmessage = () => location.reload();
})();
"""
_ELEMENT = f'<script src="{RELOAD_PATH}.js"></script>'.encode()
HEARTBEAT_SECONDS = 10
SECURITY_HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    (
        "Content-Security-Policy",
        "default-src 'self'; img-src 'self' data:; frame-src https:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    ),
)

StartResponse = Callable[..., Any]


class SiteServer:
    """Serves a bucket on loopback."""

    def __init__(self, s3: Any, bucket: str, *, port: int = 0) -> None:
        self._s3 = s3
        self._bucket = bucket
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
        path = unquote(environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace"))
        if path == f"{RELOAD_PATH}/news":
            start_response("200 OK", [("Content-Type", "text/event-stream"), ("Cache-Control", "no-store")])
            return self._news()
        if path == f"{RELOAD_PATH}.js":
            start_response("200 OK", [("Content-Type", "text/javascript"), ("Content-Length", str(len(_SCRIPT)))])
            return [_SCRIPT]
        return self._page(path, environ, start_response)

    def _page(self, path: str, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        key = path.lstrip("/") + ("index.html" if path.endswith("/") else "")
        found = None if key.startswith(PRIVATE) else self._get(key)
        status = HTTPStatus.OK
        if found is None and not path.endswith("/") and self._get(f"{key}/index.html"):
            start_response("301 Moved Permanently", [("Location", quote(path) + "/"), ("Content-Length", "0")])
            return []
        if found is None:
            status = HTTPStatus.NOT_FOUND
            language = path.lstrip("/").partition("/")[0]
            found = self._get(f"{language}/404.html") or self._get("404.html") or (b"Nothing is here yet.\n", "text/plain", "")
        body, content_type, cache_control = found
        if content_type == HTML:
            body = body.replace(b"</body>", _ELEMENT + b"</body>")
        # The edge keeps what it may; a browser on this machine should not.
        headers = [
            ("Content-Type", content_type),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-cache"),
            ("X-Cache-Control", cache_control),
        ]
        start_response(f"{status.value} {status.phrase}", [*headers, *SECURITY_HEADERS])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _get(self, key: str) -> tuple[bytes, str, str] | None:
        try:
            answer = self._s3.get_object(Bucket=self._bucket, Key=key)
        except self._s3.exceptions.NoSuchKey:
            return None
        return answer["Body"].read(), answer["ContentType"], answer.get("CacheControl", "")

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
