"""A page's text, and what became of it → warnings about what its author may not have meant.

Only what the text says by itself: whether its links lead anywhere, the whole site has to say (`tilepress.checks`).
"""

import html
import re
from itertools import pairwise

from tilepress.pages import Html, Problem
from tilepress.wording import Tell

PLACEHOLDER = re.compile(r"\blorem ipsum\b|\bTODO\b|\bFIXME\b|\bTBD\b|\bPlatzhalter\b", re.IGNORECASE)
_SHORTCODE = re.compile(r"\{\{[<%]")
_FIRST_HEADING = re.compile(r"^ {0,3}(?:#(?:[ \t]|$)|=+[ \t]*$)|<h1\b", re.MULTILINE | re.IGNORECASE)
_FOREIGN_EMBED = re.compile(r'class="embed-link" data-embed href="https?://([^/"?#]+)')
_IMAGE = re.compile(r"<img\b[^>]*>")
_ALT, _SRC = re.compile(r'\salt="\s*[^"\s]'), re.compile(r'\ssrc="([^"]*)"')
_HEADING = re.compile(r"<h([1-6])\b[^>]*>(.*?)</h\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def remarks(text: str, line: int, body: Html, tell: Tell) -> list[Problem]:
    """Warnings about a text that starts at this line of its file, and is this HTML."""

    def line_of(at: int) -> int:
        return line + text.count("\n", 0, max(0, at))

    found = []
    if shortcode := _SHORTCODE.search(text):
        found.append(tell("shortcode", line=line_of(shortcode.start())))
    if "<h1" in body and (heading := _FIRST_HEADING.search(text)):
        found.append(tell("heading-level", line=line_of(heading.start())))
    hosts = dict.fromkeys(_FOREIGN_EMBED.findall(body))
    found += [tell("embed-host", line=line_of(text.find(host)), host=host) for host in hosts]
    found += [tell("alt", line=line_of(text.find(src)), src=src) for src in _silent(body)]
    if skipped := _skipped_level(body):
        before, level, words = skipped
        found.append(tell("heading", line=line_of(_heading_at(level, words, text)), before=before, level=level))
    if (placeholder := PLACEHOLDER.search(text)) and placeholder[0] in html.unescape(_TAG.sub(" ", body)):
        found.append(tell("placeholder", line=line_of(placeholder.start()), said=placeholder[0]))
    return found


def _silent(body: Html) -> list[str]:
    """The images without a text alternative, as their author named them."""
    if "<img" not in body:
        return []
    named = (_SRC.search(image) for image in _IMAGE.findall(body) if not _ALT.search(image))
    return list(dict.fromkeys(html.unescape(src[1]) for src in named if src))


def _skipped_level(body: Html) -> tuple[int, int, str] | None:
    """The first heading that leaves out a level: that of the one before it, its own, and its words."""
    headings = [(int(level), inner) for level, inner in _HEADING.findall(body)] if "<h" in body else []
    skipped = ((before, level, inner) for (before, _), (level, inner) in pairwise(headings) if level > before + 1)
    return next(((before, level, html.unescape(_TAG.sub("", inner)).strip()) for before, level, inner in skipped), None)


def _heading_at(level: int, words: str, text: str) -> int:
    """Where a heading stands in its text: where its words do after as many signs, else the first of its level."""
    marks = re.escape("#" * level)
    found = re.search(rf"^ {{0,3}}{marks}[ \t]+{re.escape(words)}", text, re.MULTILINE) or re.search(rf"^ {{0,3}}{marks}[ \t]", text, re.MULTILINE)
    return found.start() if found else text.find(f"<h{level}")
