"""A real Chromium, and sites that it sees without a network: Playwright answers every request from a dictionary."""

import shutil
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from tilepress.artifacts import content_type

ORIGIN = "http://site.test"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The Chromium of this machine, driven by Playwright."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("there is no chromium on this machine")
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"])
        yield browser
        browser.close()


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
