"""A page's text, and what became of it → warnings about what its author may not have meant.

Only what the text says by itself: whether its links lead anywhere, the whole site has to say (`tilepress.checks`).
"""

import html
import re
from itertools import pairwise
from urllib.parse import unquote

from tilepress.pages import PROBLEMS_MAX, Html, Problem
from tilepress.wording import Tell

PLACEHOLDER = re.compile(r"\b(?:[Ll]orem ipsum|TODO|FIXME|TBD|PLATZHALTER|Platzhaltertext)\b")
"""As they are written by who means one: “todo” is a word in other languages, and one may write of placeholders."""
_SHORTCODE = re.compile(r"\{\{[<%]")
_FIRST_HEADING = re.compile(r"^ {0,3}(?:#(?:[ \t]|$)|=+[ \t]*$)|<h1\b", re.MULTILINE | re.IGNORECASE)
_FOREIGN_EMBED = re.compile(r'class="embed-link" data-embed href="https?://([^/"?#]+)')
_MEDIA = re.compile(r'<(?:audio|img|source|track|video)(?:[^">]++|"[^"]*+")*+>')
_ELSEWHERE = re.compile(r'\s(?:poster|src)="(?:https?:)?//([^/"?#]+)', re.IGNORECASE)
_IMAGE = re.compile(r"<img\b[^>]*>")
_ALT, _SRC = re.compile(r'\salt="\s*[^"\s]'), re.compile(r'\ssrc="([^"]*)"')
_HEADING = re.compile(r"<h([1-6])\b[^>]*>(.*?)</h\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def remarks(text: str, line: int, body: Html, tell: Tell, host: str) -> list[Problem]:
    """Warnings about a text that starts at this line of its file, and is this HTML; the site's own `host` is "" where nobody knows it."""

    def line_of(at: int) -> int:
        return line + text.count("\n", 0, max(0, at))

    found = []
    if shortcode := _SHORTCODE.search(text):
        found.append(tell("shortcode", line=line_of(shortcode.start())))
    if "<h1" in body and (heading := _FIRST_HEADING.search(text)):
        found.append(tell("heading-level", line=line_of(heading.start())))
    hosts = list(dict.fromkeys(_FOREIGN_EMBED.findall(body)))[:PROBLEMS_MAX]
    found += [tell("embed-host", line=line_of(text.find(host)), host=host) for host in hosts]
    found += [tell("picture-elsewhere", line=line_of(text.find(other)), host=other) for other in _hosts(body, host)[:PROBLEMS_MAX]]
    found += [tell("alt", line=line_of(_image_at(src, text)), src=unquote(src)) for src in _silent(body)[:PROBLEMS_MAX]]
    if skipped := _skipped_level(body):
        before, level, words = skipped
        found.append(tell("heading", line=line_of(_heading_at(level, words, text)), before=before, level=level))
    if placeholders := list(PLACEHOLDER.finditer(text)):
        shown = html.unescape(_TAG.sub(" ", body))  # of which comments are no part
        found += [tell("placeholder", line=line_of(one.start()), said=one[0]) for one in placeholders if one[0] in shown][:1]
    return found


def _hosts(body: Html, own: str) -> list[str]:
    """The other hosts from which images, films or sounds would come: the site's pages load nothing from them."""
    named = (host for media in _MEDIA.findall(body) for host in _ELSEWHERE.findall(media))
    return [host for host in dict.fromkeys(named) if html.unescape(host).lower() != own]


def _silent(body: Html) -> list[str]:
    """The images without a text alternative, as the page names them."""
    if "<img" not in body:
        return []
    named = (_SRC.search(image) for image in _IMAGE.findall(body) if not _ALT.search(image))
    return list(dict.fromkeys(html.unescape(src[1]) for src in named if src))


def _image_at(src: str, text: str) -> int:
    """Where an image without a text alternative stands in its text: as Markdown, as HTML, else where its name is first."""
    names = "|".join(re.escape(name) for name in dict.fromkeys((src, unquote(src))))
    found = re.search(rf"!\[\s*\]\(\s*<?(?:{names})", text) or re.search(rf"\ssrc\s*=\s*[\"']?(?:{names})", text) or re.search(names, text)
    return found.start() if found else 0


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
