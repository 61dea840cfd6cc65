"""Images in a real browser: drawings that hold scripts, and photos that come in fitting widths without moving anything."""

from typing import Any

import pytest
from browser.conftest import ORIGIN, serve
from tilepress.dev.edge import headers_of
from tilepress.dev.stack import read_stack

HIT = "document.documentElement.setAttribute('data-hit', '1')"
FILES = {
    "files/inline.svg": f'<svg xmlns="http://www.w3.org/2000/svg"><script>{HIT}</script></svg>'.encode(),
    "files/uploaded.svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script href="/files/evil.js"/></svg>',
    "files/onload.svg": f'<svg xmlns="http://www.w3.org/2000/svg" onload="{HIT}"/>'.encode(),
    "files/evil.js": HIT.encode(),
}


def policy(name: str) -> dict[str, str]:
    """A content security policy of the stack."""
    headers = headers_of(read_stack(given={"EmbedHosts": "https://x.example"}).properties(name)["ResponseHeadersPolicyConfig"])
    return {"Content-Security-Policy": headers["content-security-policy"]}


def hit(chromium: Any, key: str, headers: dict[str, str]) -> bool:
    """Whether a drawing's script runs when the drawing is opened under these headers."""
    context = chromium.new_context()
    serve(context, FILES, headers)
    page = context.new_page()
    page.goto(f"{ORIGIN}/{key}", wait_until="load")
    found: bool = page.locator("[data-hit]").count() == 1
    context.close()
    return found


@pytest.mark.parametrize("key", [key for key in FILES if key.endswith(".svg")])
def test_a_drawing_runs_no_script(chromium: Any, key: str) -> None:
    """Opened by itself, under the stack's headers for drawings; without any it does, so this would be seen."""
    assert (hit(chromium, key, {}), hit(chromium, key, policy("DrawingHeaders"))) == (True, False)


def test_what_pages_are_served_under_would_not_do(chromium: Any) -> None:
    """A drawing may fetch an uploaded script under the policy of pages: hence one of its own."""
    assert hit(chromium, "files/uploaded.svg", policy("Headers"))


@pytest.mark.parametrize(("width", "chosen"), [(375, "640"), (1280, "960")])
def test_a_photo_comes_in_a_fitting_width(open_tab: Any, example: Any, width: int, chosen: str) -> None:
    """The smaller format, as wide as its place, and no upload; nothing moves when it comes."""
    tab = open_tab(example, viewport={"width": width, "height": 800})
    loaded: list[str] = []
    tab.page.on("request", lambda request: loaded.append(request.url))
    tab.page.add_init_script(
        "window.moved = 0; new PerformanceObserver(list => { for (const one of list.getEntries()) window.moved += one.value })"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    page = tab.open("/projekte/kuehle-orte/")
    photos = [url for url in loaded if "/assets/pictures/" in url or url.endswith(".jpg")]
    assert [url.rpartition("-")[2] for url in photos] == [f"{chosen}.avif"]
    assert page.evaluate("window.moved") < 0.01
