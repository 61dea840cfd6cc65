"""A browser, and the example site as the CDN would serve it: with the stack's own headers, functions and 404 page."""

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from tilepress.adapters.folders import folder_cloud
from tilepress.adapters.memory import MemoryStore
from tilepress.adapters.templates import read_theme
from tilepress.artifacts import content_type
from tilepress.dev.aws_server import Quiet
from tilepress.dev.edge import Answer, Edge
from tilepress.dev.stack import read_stack
from tilepress.reindex import reindex
from tilepress.resync import resync
from werkzeug.serving import make_server

ORIGIN = "http://site.test"
ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]


class Served:
    """A site on loopback."""

    def __init__(self, source: Path) -> None:
        self._site = MemoryStore()
        cloud, theme = folder_cloud(source, self._site), read_theme(ROOT / "templates")
        resync(cloud, theme)
        reindex(cloud, theme.release)
        self._edge = Edge(read_stack(), self._get)
        self._server = make_server("127.0.0.1", 0, self._app, threaded=True, request_handler=Quiet)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()

    def files(self) -> dict[str, bytes]:
        """What is published, by key."""
        keys = [seen.key for seen in self._site.list() if not seen.key.startswith(".")]
        return {key: found.body for key in keys if (found := self._site.get(key))}

    def _get(self, key: str) -> Answer:
        found, seen = self._site.get(key), self._site.head(key)
        if not found or not seen or key.startswith("."):
            return Answer(403, {"content-type": "text/plain"})
        headers = {"content-type": seen.content_type or "", "cache-control": seen.cache_control or ""}
        return Answer(200, headers | ({"x-amz-meta-location": seen.location} if seen.location else {}), found.body)

    def _app(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        path, _, query = environ["REQUEST_URI"].partition("?")
        answer = self._edge.answer(path, query, environ.get("HTTP_HOST", ""))
        start_response(answer.line, [(name.title(), value) for name, value in answer.headers.items()])
        return [answer.body]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Chromium, where there is one."""
    if not CHROMIUM:
        pytest.skip("there is no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def example() -> Iterator[Served]:
    """The example site."""
    served = Served(ROOT / "example")
    yield served
    served.close()


@pytest.fixture(scope="session")
def long_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A site with a section of more pages than stand on one page of its overview."""
    folder = tmp_path_factory.mktemp("long")
    (folder / "content/projekte").mkdir(parents=True)
    for number in range(450):
        text = f"---\ntitle: Seite {number:03}\nkategorien: [{'Rot' if number % 3 else 'Blau'}]\n---\nText.\n"
        (folder / f"content/projekte/p{number:03}.md").write_text(text)
    served = Served(folder)
    yield served
    served.close()


@dataclass
class Tab:
    """A tab of the browser; `complaints` are what went wrong in it: errors, violations of the policy, requests to other hosts."""

    page: Any
    url: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Any:
        """Go to an address of the site."""
        self.page.goto(self.url + path)
        return self.page


@pytest.fixture
def open_tab(chromium: Any) -> Iterator[Callable[..., Tab]]:
    """Opens tabs, each with a profile of its own, and holds at the end that nothing went wrong in any."""
    tabs: list[Tab] = []

    def opened(served: Served, **options: Any) -> Tab:
        page = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **options}).new_page()
        tab = Tab(page, served.url)
        page.on("console", lambda said: tab.complaints.append(said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: tab.complaints.append(str(error)))
        page.on("request", lambda request: None if re.match(rf"(data:|{served.url})", request.url) else tab.complaints.append(request.url))
        tabs.append(tab)
        return tab

    yield opened
    for tab in tabs:
        tab.page.context.close()
    assert [complaint for tab in tabs for complaint in tab.complaints] == []


def serve(context: Any, files: Mapping[str, bytes], headers: Mapping[str, str] | None = None) -> list[str]:
    """Have a browser context see these files at ORIGIN, and nothing else. The list gathers what it asks of other hosts."""
    elsewhere: list[str] = []

    def answer(route: Any, request: Any) -> None:
        if not request.url.startswith(ORIGIN):
            elsewhere.append(request.url)
            route.abort()
            return
        path = unquote(urlsplit(request.url).path).lstrip("/")
        key = f"{path}index.html" if path.endswith("/") or not path else path
        body = files.get(key)
        if body is None:
            route.fulfill(status=404, body="", headers=dict(headers or {}))
        else:
            route.fulfill(body=body, content_type=content_type(key), headers=dict(headers or {}))

    context.route("**/*", answer)
    return elsewhere
