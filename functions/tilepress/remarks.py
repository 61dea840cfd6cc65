"""A page's text, and what became of it → warnings about what its author may not have meant."""

import re

from tilepress.pages import Html, Problem
from tilepress.wording import Tell

_SHORTCODE = re.compile(r"\{\{[<%]")
_FIRST_HEADING = re.compile(r"^ {0,3}(?:#(?:[ \t]|$)|=+[ \t]*$)|<h1\b", re.MULTILINE | re.IGNORECASE)
_FOREIGN_EMBED = re.compile(r'class="embed-link" data-embed href="https?://([^/"?#]+)')


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
    return found + [tell("embed-host", line=line_of(text.find(host)), host=host) for host in hosts]
