"""Sanitised HTML ↔ tags and texts.

The sanitiser's form is regular (attributes in quotation marks, no comments), so a tag is found by its look; nothing here may
be used on HTML that has not been through it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape, unescape

_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)((?: [^\s=\">]+=\"[^\"]*\")*)>")
_ATTRIBUTE = re.compile(r" ([^\s=\">]+)=\"([^\"]*)\"")
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BOOLEAN = frozenset("checked controls data-embed default disabled loop muted open playsinline reversed".split())


@dataclass(slots=True)
class Tag:
    """A start tag with its attributes (values unescaped), or an end tag."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    ends: bool = False

    def add(self, attribute: str, word: str) -> None:
        """Add a word to an attribute that holds several, such as a class."""
        self.attributes[attribute] = f"{self.attributes[attribute]} {word}" if self.attributes.get(attribute) else word

    @property
    def classes(self) -> list[str]:
        """The words of its class attribute."""
        return self.attributes.get("class", "").split()


Token = Tag | str
"""A tag, or the HTML of a text between tags."""


def read(html: str) -> Iterator[Token]:
    """The tags and texts of sanitised HTML."""
    at = 0
    for found in _TAG.finditer(html):
        if found.start() > at:
            yield html[at : found.start()]
        at = found.end()
        ends, name, attributes = found.groups()
        yield Tag(name, {key: unescape(value) for key, value in _ATTRIBUTE.findall(attributes)}, bool(ends))
    if at < len(html):
        yield html[at:]


def write(tokens: Iterable[Token]) -> str:
    """The HTML of tags and texts."""
    return "".join(token if isinstance(token, str) else _written(token) for token in tokens)


def words(tokens: Iterable[Token]) -> str:
    """What a reader reads of them."""
    return unescape("".join(token for token in tokens if isinstance(token, str)))


def element(name: str, text: str, attributes: Mapping[str, str] | None = None) -> list[Token]:
    """An element with nothing in it but text."""
    return [Tag(name, dict(attributes or {})), escape(text, quote=False), Tag(name, ends=True)]


def end_of(tokens: list[Token], start: int) -> int:
    """Where the element ends whose start tag stands there."""
    first = tokens[start]
    depth = 0
    for at in range(start, len(tokens)):
        token = tokens[at]
        if isinstance(token, Tag) and isinstance(first, Tag) and token.name == first.name:
            depth += -1 if token.ends else 1
            if not depth:
                return at
    return len(tokens)


def is_start(token: Token, name: str) -> bool:
    """Whether this is the start tag of such an element."""
    return isinstance(token, Tag) and token.name == name and not token.ends


def _written(tag: Tag) -> str:
    if tag.ends:
        return f"</{tag.name}>"
    return f"<{tag.name}{''.join(_attribute(name, value) for name, value in tag.attributes.items())}>"


def _attribute(name: str, value: str) -> str:
    written = escape(value, quote=False).replace('"', "&quot;")
    return f' {name}="{written}"' if value or name not in _BOOLEAN else f" {name}"
