"""Where links lead, as CommonMark writes it: `(address "title")` after a link's text, and `[label]: address "title"` lines.

The functions look at one place in a text; what is not there is None. Each looks at a character once.
"""

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from html.entities import html5
from urllib.parse import quote

from tilepress.errors import TooComplex

PARENTHESES_MAX = 32
LABEL_CHARS_MAX = 999
REFERENCED_CHARS_MAX = 100_000
"""How much naming references may add to a text, which may be longer itself: then that."""

ENTITY = re.compile(r"&(?:#[xX](?P<hex>[0-9a-fA-F]{1,6})|#(?P<number>[0-9]{1,7})|(?P<name>[A-Za-z][A-Za-z0-9]{1,31}));")
_ESCAPE = re.compile(rf"\\(?P<escaped>[!-/:-@\[-`{{-~])|{ENTITY.pattern}")
_BRACKETED = re.compile(r"<((?:[^<>\n\\]|\\.)*+)>")
_TITLE = re.compile(r""""((?:[^"\\]|\\.|\\)*+)"|'((?:[^'\\]|\\.|\\)*+)'|\(((?:[^()\\]|\\.|\\)*+)\)""", re.DOTALL)
_BLANKS = re.compile(r"[ \t]*+(?:\n[ \t]*+)?+")
_LABEL = re.compile(r"\[((?:[^\[\]\\]|\\.)*+)\]", re.DOTALL)
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_CHARACTERS = range(ord(" "), sys.maxunicode + 1)
_SURROGATES = range(0xD800, 0xE000)
_ADDRESS_CHARS = "%/?:@!$&'()*+,;=~#-._"


@dataclass(frozen=True, slots=True)
class LinkTarget:
    """Where a link leads, and its title."""

    address: str
    title: str = ""


class References:
    """The targets of links that a document defines, by label.

    What naming them adds to a text is limited, as in cmark: a long address that is named thousands of times would be a page of
    hundreds of megabytes.
    """

    def __init__(self, targets: Mapping[str, LinkTarget], document_chars: int) -> None:
        self._targets = targets
        self._left_chars = max(REFERENCED_CHARS_MAX, document_chars)

    def find(self, label: str) -> LinkTarget | None:
        """The target of this label, if there is one. Raises TooComplex when the document says too much by its references."""
        target = self._targets.get(normal_label(label))
        if target:
            self._left_chars -= len(target.address) + len(target.title)
            if self._left_chars < 0:
                raise TooComplex
        return target


def unescaped(text: str) -> str:
    """The text with backslashes before punctuation gone, and entities as their characters."""
    return _ESCAPE.sub(lambda found: found.group("escaped") or character(found), text) if "\\" in text or "&" in text else text


def character(found: re.Match[str]) -> str:
    """What an entity that `ENTITY` has found stands for; itself when it stands for nothing."""
    if found["name"]:
        return html5.get(found["name"] + ";", found.group())
    number = int(found["hex"], 16) if found["hex"] else int(found["number"])
    return chr(number) if number in _CHARACTERS and number not in _SURROGATES else "\ufffd"


def normal_label(text: str) -> str:
    """The form in which labels are compared; "" for one that is blank or too long."""
    return " ".join(text.split()).casefold() if len(text) <= LABEL_CHARS_MAX else ""


def address_of(written: str) -> str:
    """An address as written in Markdown in the form that HTML wants, quoted where it must be."""
    return quote(unescaped(written), safe=_ADDRESS_CHARS)


def label_at(text: str, at: int) -> tuple[str, int] | None:
    """`[label]` here: the label as written, and where it ends."""
    found = _LABEL.match(text, at, at + LABEL_CHARS_MAX + 2)
    return (found.group(1), found.end()) if found else None


def destination_at(text: str, at: int) -> tuple[str, int] | None:
    """An address here, as written, and where it ends."""
    if text.startswith("<", at):
        found = _BRACKETED.match(text, at)
        return (found.group(1), found.end()) if found else None
    end, depth = at, 0
    while end < len(text):
        char = text[end]
        if char == "\\" and end + 1 < len(text) and text[end + 1] > " ":
            end += 1
        elif char == "(":
            depth += 1
            if depth > PARENTHESES_MAX:
                return None
        elif char == ")":
            if not depth:
                break
            depth -= 1
        elif char <= " " or char == "\x7f":
            break
        end += 1
    return None if depth else (text[at:end], end)


def title_at(text: str, at: int) -> tuple[str, int] | None:
    """A title here, in quotation marks or parentheses, and where it ends."""
    found = _TITLE.match(text, at)
    if not found or _BLANK_LINE.search(found.group()):
        return None
    return unescaped(found.group(found.lastindex or 1)), found.end()


def tail_at(text: str, at: int) -> tuple[LinkTarget, int] | None:
    """`(address "title")` here, and where it ends."""
    at = _after_blanks(text, at + 1)
    destination = destination_at(text, at)
    if destination is None:
        return None
    written, end = destination
    title, after = "", _after_blanks(text, end)
    if after > end and (found := title_at(text, after)):
        title, after = found[0], _after_blanks(text, found[1])
    return (LinkTarget(address_of(written), title), after + 1) if text.startswith(")", after) else None


def definitions(text: str) -> tuple[list[tuple[str, LinkTarget]], str]:
    """The definitions of links that a paragraph begins with, by label, and the rest of it."""
    found, at = [], 0
    while text.startswith("[", at) and (definition := _definition_at(text, at)):
        label, target, at = definition
        found.append((label, target))
    return found, text[at:]


def _definition_at(text: str, at: int) -> tuple[str, LinkTarget, int] | None:
    label = label_at(text, at)
    if not label or not label[0].strip() or not text.startswith(":", label[1]):
        return None
    start = _after_blanks(text, label[1] + 1)
    destination = destination_at(text, start)
    if not destination or destination[1] == start:
        return None
    written, end = destination
    title, after = "", _line_end(text, end)
    title_start = _after_blanks(text, end)
    if title_start > end and (found := title_at(text, title_start)) and (line_end := _line_end(text, found[1])) is not None:
        title, after = found[0], line_end
    return None if after is None else (normal_label(label[0]), LinkTarget(address_of(written), title), after)


def _after_blanks(text: str, at: int) -> int:
    """Where white space that stands here, with one line end at most in it, ends."""
    found = _BLANKS.match(text, at)
    return found.end() if found else at


def _line_end(text: str, at: int) -> int | None:
    """The beginning of the next line, if nothing but white space is left of this one."""
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    return None if text[at:end].strip(" \t") else min(end + 1, len(text))
