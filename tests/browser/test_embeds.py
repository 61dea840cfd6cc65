"""Embeds and the content security policy, seen in a real browser on the example site."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from browser.conftest import ORIGIN, serve
from tilepress.adapters.directory import DirectoryStore
from tilepress.adapters.folders import folder_cloud
from tilepress.adapters.templates import read_theme
from tilepress.dev.edge import headers_of
from tilepress.dev.stack import read_stack
from tilepress.resync import resync

ROOT = Path(__file__).parents[2]
EMBED = "projekte/radio-hinterhof/"


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The example site."""
    site = tmp_path_factory.mktemp("site")
    resync(folder_cloud(ROOT / "example", DirectoryStore(site)), read_theme(ROOT / "templates"))
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file() and ".tilepress" not in path.parts}


def policy() -> dict[str, str]:
    """The content security policy of the stack."""
    stack = read_stack(given={"EmbedHosts": "https://www.youtube-nocookie.com"})
    headers = headers_of(stack.properties("Headers")["ResponseHeadersPolicyConfig"])
    return {"Content-Security-Policy": headers["content-security-policy"]}


def test_honest_pages_break_no_policy(chromium: Any, example: dict[str, bytes]) -> None:
    """Nothing on any page of the example is refused by the content security policy of the stack."""
    context = chromium.new_context()
    serve(context, example, policy())
    page = context.new_page()
    broken: list[str] = []
    page.on("console", lambda message: broken.append(f"{page.url}: {message.text}") if "Content Security Policy" in message.text else None)
    for key in sorted(example):
        if key.endswith(".html") and b'http-equiv="refresh"' not in example[key]:
            page.goto(f"{ORIGIN}/{quote(key)}", wait_until="load")
    context.close()
    assert broken == []


def test_an_embed_asks_no_other_host_before_the_click(chromium: Any, example: dict[str, bytes]) -> None:
    """Until an embed is clicked no other host hears of the reader; then the frame takes its place, by keyboard too."""
    context = chromium.new_context()
    elsewhere = serve(context, example, policy())
    page = context.new_page()
    page.goto(f"{ORIGIN}/{EMBED}", wait_until="load")
    assert elsewhere == []
    link = page.locator("[data-embed] a")
    link.focus()
    page.keyboard.press("Enter")
    frame = page.locator("[data-embed] iframe")
    frame.wait_for(state="attached")
    assert (frame.get_attribute("title") or "").startswith("Radio Hinterhof")
    assert page.url == f"{ORIGIN}/{EMBED}"
    assert elsewhere == [frame.get_attribute("src")]
    context.close()


def test_an_embed_is_a_link_without_script(chromium: Any, example: dict[str, bytes]) -> None:
    """Where no script runs an embed is a link to what it would show."""
    context = chromium.new_context(java_script_enabled=False)
    serve(context, example)
    page = context.new_page()
    page.goto(f"{ORIGIN}/{EMBED}", wait_until="load")
    assert (page.locator("[data-embed] a").get_attribute("href") or "").startswith("https://www.youtube-nocookie.com/embed/")
    context.close()
