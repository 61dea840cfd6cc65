"""A source file's text → its front matter as located values, and its Markdown. Never guesses in silence.

Front matter is YAML between two lines `---`, TOML between two lines `+++`, or a JSON object, as with Hugo.
"""

import codecs
import re
from dataclasses import dataclass

from frontmatter.default_handlers import BaseHandler, YAMLHandler

from tilepress.nodes import CONTROL, Broken, Mapping, place
from tilepress.pages import Problem, SourceFile
from tilepress.toml_json import json_end, json_fields, toml_fields
from tilepress.wording import Tell, Wording, teller
from tilepress.yaml_nodes import compose_fields

FILE_BYTES_MAX = 1024 * 1024
FRONT_MATTER_BYTES_MAX = 64 * 1024

FENCE_CHARS = 3
_YAML, _TOML = YAMLHandler(), BaseHandler(re.compile(r"^\+{3,}\s*$", re.MULTILINE), "+++", "+++")
_SEPARATORS = dict.fromkeys((0x85, 0x2028, 0x2029), " ")  # word processors leave them; libyaml would count them as lines, editors do not


@dataclass(frozen=True, slots=True)
class Document:
    """A source file taken apart. `body_line` is the line on which the Markdown starts."""

    fields: Mapping
    body: str
    body_line: int
    warnings: tuple[Problem, ...]


def read(source: SourceFile, wording: Wording) -> Document:
    """Take a Markdown file apart.

    Raises `Broken` with the located problem when there is no front matter that can be relied on.
    """
    tell = teller(source.key, wording)
    text = decode(source, wording)
    start = len(text) - len(text.lstrip())
    line = place(text, start)[0]
    fields: Mapping
    if text.startswith("{", start):
        end = json_end(text, start, tell)
        fields, warnings = json_fields(_bounded(text[start:end], tell), tell, first_line=line)
        body = text[end:]
    else:
        handler = next((handler for handler in (_YAML, _TOML) if handler.detect(text[start:])), None)
        if handler is None:
            raise Broken(tell("front-matter-missing", line=line))
        front, body = _split(handler, text[start:], tell, line)
        first_line = place(text, text.index(front, start + FENCE_CHARS))[0]
        compose = compose_fields if handler is _YAML else toml_fields
        fields, warnings = compose(_bounded(front, tell), tell, first_line=first_line)
    body = body.lstrip("\n")
    return Document(fields, body, place(text, len(text) - len(body))[0], warnings)


def decode(source: SourceFile, wording: Wording) -> str:
    """The file's text: UTF-8, with or without a byte order mark; line ends become line feeds."""
    tell, body = teller(source.key, wording), source.body
    if len(body) > FILE_BYTES_MAX:
        raise Broken(tell("file-too-large", kib=_kib(len(body)), most=_kib(FILE_BYTES_MAX)))
    if not body.strip():
        raise Broken(tell("file-empty"))
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or body[:4].count(0) == 2:  # noqa: PLR2004 - without a mark, each of the two first signs has one byte of zero
        raise Broken(tell("encoding.utf-16"))
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Broken(_not_utf8(body, error.start, tell)) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_SEPARATORS)
    if found := CONTROL.search(text):
        line, column = place(text, found.start())
        raise Broken(tell("control-character", line=line, column=column, sign=f"U+{ord(found.group()):04X}"))
    return text


def _not_utf8(body: bytes, start: int, tell: Tell) -> Problem:
    """What is wrong at the first byte that is not UTF-8; most often it is a letter of an older encoding."""
    start += len(codecs.BOM_UTF8) if body.startswith(codecs.BOM_UTF8) else 0  # which the decoder has cut off, and does not count
    before = body[:start].decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    line, column = place(before, len(before))
    return tell("encoding.latin-1", line=line, column=column, byte=f"0x{body[start]:02x}", letter=body[start : start + 1].decode("latin-1"))


def _split(handler: BaseHandler, text: str, tell: Tell, line: int) -> tuple[str, str]:
    """What stands between the fences, and what after them."""
    try:
        front, body = handler.split(text)
    except ValueError:
        raise Broken(tell("front-matter-unclosed", line=line, fence=text[:FENCE_CHARS])) from None
    return front, body


def _bounded(front: str, tell: Tell) -> str:
    """The front matter, if it is not too large to be read."""
    size = len(front.encode())
    if size > FRONT_MATTER_BYTES_MAX:
        raise Broken(tell("front-matter-too-large", kib=_kib(size), most=_kib(FRONT_MATTER_BYTES_MAX)))
    return front


def _kib(size: int) -> int:
    """Kibibytes, rounded up, so that one byte too many shows."""
    return -(-size // 1024)
