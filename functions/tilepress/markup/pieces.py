"""What the text of a block is made of: text, elements that open and close, raw HTML."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Open:
    """An element begins."""

    tag: str
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Close:
    """An element ends."""

    tag: str


@dataclass(frozen=True, slots=True)
class Void:
    """An element with nothing in it. `alt` is what an image shows, in words."""

    tag: str
    attributes: tuple[tuple[str, str], ...] = ()
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Raw:
    """HTML as the author wrote it."""

    html: str


@dataclass(frozen=True, slots=True)
class Code:
    """A code span."""

    text: str


@dataclass(frozen=True, slots=True)
class FootnoteMark:
    """The place that a footnote belongs to."""

    label: str


Piece = str | Open | Close | Void | Raw | Code | FootnoteMark
