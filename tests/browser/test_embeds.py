"""Embeds and the content security policy, seen in a real browser on the example site."""

from typing import Any
from urllib.parse import quote

import pytest
from browser.conftest import ORIGIN, Served, serve
from tilepress.dev.edge import headers_of
from tilepress.dev.stack import read_stack

EMBED = "projekte/radio-hinterhof/"


@pytest.fixture(scope="module")
def files(example: Served) -> dict[str, bytes]:
    """The files of the example site."""
    return example.files()


def policy() -> dict[str, str]:
    """The content security policy of the stack."""
    stack = read_stack(given={"EmbedHosts": "https://www.youtube-nocookie.com"})
    headers = headers_of(stack.properties("Headers")["ResponseHeadersPolicyConfig"])
    return {"Content-Security-Policy": headers["content-security-policy"]}


def test_honest_pages_break_no_policy(chromium: Any, files: dict[str, bytes]) -> None:
    """Nothing on any page of the example is refused by the content security policy of the stack."""
    context = chromium.new_context()
    serve(context, files, policy())
    page = context.new_page()
    broken: list[str] = []
    page.on("console", lambda message: broken.append(f"{page.url}: {message.text}") if "Content Security Policy" in message.text else None)
    for key in sorted(files):
        if key.endswith(".html") and b'http-equiv="refresh"' not in files[key]:
            page.goto(f"{ORIGIN}/{quote(key)}", wait_until="load")
    context.close()
    assert broken == []


def test_an_embed_asks_no_other_host_before_the_click(chromium: Any, files: dict[str, bytes]) -> None:
    """Until an embed is clicked no other host hears of the reader; then the frame takes its place, by keyboard too."""
    context = chromium.new_context()
    elsewhere = serve(context, files, policy())
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


def test_an_embed_is_a_link_without_script(chromium: Any, files: dict[str, bytes]) -> None:
    """Where no script runs an embed is a link to what it would show."""
    context = chromium.new_context(java_script_enabled=False)
    serve(context, files)
    page = context.new_page()
    page.goto(f"{ORIGIN}/{EMBED}", wait_until="load")
    assert (page.locator("[data-embed] a").get_attribute("href") or "").startswith("https://www.youtube-nocookie.com/embed/")
    context.close()
