"""Whatever is uploaded, no script of it runs: seen in a real browser, with no content security policy to help."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml
from browser.conftest import ORIGIN, serve
from tilepress.adapters.directory import DirectoryStore
from tilepress.adapters.folders import folder_cloud
from tilepress.adapters.templates import read_theme
from tilepress.resync import resync

ROOT = Path(__file__).parents[2]
PAYLOADS: Mapping[str, list[Any]] = yaml.safe_load((ROOT / "tests/hostile/payloads.yaml").read_text(encoding="utf-8"))
SETTINGS = "title: X\nbase_url: https://own.example\nlanguages: [de, en]\nmarkdown: {{engine: {engine}, embed_hosts: [player.example]}}\n"
# Touch everything, as an impatient reader would, without leaving the page.
TOUCH = """async () => {
  addEventListener("click", (event) => {
    const link = event.target.closest?.("a, area");
    if (link && /^https?:/.test(link.protocol)) event.preventDefault();
  });
  addEventListener("submit", (event) => event.preventDefault());
  const kinds = ["pointerenter", "pointerover", "mouseenter", "mouseover", "mousedown", "mouseup", "auxclick", "focus", "focusin", "blur",
    "keydown", "toggle", "beforetoggle", "animationstart", "transitionend", "load", "error", "start", "bounce", "loadstart", "close"];
  for (const element of document.querySelectorAll("*")) {
    for (const kind of kinds) element.dispatchEvent(new Event(kind, {bubbles: false}));
    element.focus?.();
    if (element.matches("a, area, button, summary, input, [onclick]")) element.click?.();
  }
  await new Promise((done) => setTimeout(done, 0));
}"""


def built(folder: Path, files: Mapping[str, str]) -> dict[str, bytes]:
    """The site of these source files, as `tilepress build` writes it."""
    for name, text in files.items():
        path = folder / "source" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    site = folder / "site"
    resync(folder_cloud(folder / "source", DirectoryStore(site)), read_theme(ROOT / "templates"))
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file() and ".tilepress" not in path.parts}


def run_in(chromium: Any, files: Mapping[str, bytes]) -> dict[str, int]:
    """The pages on which a script of the payload ran, each with how often."""
    context = chromium.new_context()
    hits: dict[str, int] = {}
    current = [""]

    def hit(*_given: Any) -> None:
        hits[current[0]] = hits.get(current[0], 0) + 1

    context.expose_function("hit", hit)
    serve(context, {**files, "hit.js": b"hit()"})
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.on("dialog", lambda dialog: dialog.dismiss())
    for key in sorted(files):
        if key.endswith(".html"):
            current[0] = key
            page.goto(f"{ORIGIN}/{quote(key)}", wait_until="load")
            if b'http-equiv="refresh"' not in files[key]:  # a redirect leaves before it can be touched
                page.evaluate(TOUCH)
    context.close()
    return hits


def pages_of(bodies: list[str]) -> dict[str, str]:
    """A source file for each body."""
    return {f"content/a/{number:03}.md": f"---\ntitle: P{number}\n---\n{body}\n" for number, body in enumerate(bodies)}


def test_the_trap_works(chromium: Any) -> None:
    """Put into a page as they are, many of these payloads do run: what catches nothing below would catch nothing here."""
    raw = {f"{number:03}.html": f"<!doctype html><body>{body}".encode() for number, body in enumerate(PAYLOADS["bodies"][:60])}
    assert len(run_in(chromium, raw)) > 30


def test_no_script_in_a_body_runs(chromium: Any, tmp_path: Path) -> None:
    """A page's Markdown and HTML run nothing, whichever engine reads them. Pages that both make alike are looked at once."""
    bodies = pages_of(PAYLOADS["bodies"])
    one, other = (built(tmp_path / engine, bodies | {"site.yaml": SETTINGS.format(engine=engine)}) for engine in ("markdown", "commonmark"))
    assert all(sum(key.startswith("a/") and key.endswith("index.html") for key in files) > len(bodies) for files in (one, other))
    assert run_in(chromium, one) == {}
    differing = {key: body for key, body in other.items() if not key.endswith(".html") or one.get(key) != body}
    assert sum(key.endswith(".html") for key in differing) > 20
    assert run_in(chromium, differing) == {}


def test_no_script_in_front_matter_or_a_name_runs(chromium: Any, tmp_path: Path) -> None:
    """Front matter and file names run nothing: on their pages, overviews, redirects, or wherever else they are shown."""
    sources = {"site.yaml": SETTINGS.format(engine="markdown")}
    for number, fields in enumerate(PAYLOADS["fields"]):
        given = {"title": f"P{number}", "kategorien": ["K"]} | fields
        sources[f"content/f/{number:03}.md"] = f"---\n{yaml.safe_dump(given, allow_unicode=True)}---\nText.\n"
    sources |= {f"content/n/{name}.md": "---\ntitle: N\n---\nText.\n" for name in PAYLOADS["names"]}
    files = built(tmp_path, sources)
    assert len(files) > 80
    assert run_in(chromium, files) == {}


def test_there_are_many_payloads() -> None:
    """The corpus holds at least 200 of them, each once."""
    bodies = PAYLOADS["bodies"]
    assert len(bodies) == len(set(bodies))
    assert len(bodies) + len(PAYLOADS["fields"]) + len(PAYLOADS["names"]) >= 200
