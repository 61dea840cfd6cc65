"""Blocks of Markdown, and what can be said of one from its lines and from what stands in it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from tilepress.markup.links import References

_DELIMITER_ROW = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*\Z")


class Kind(Enum):
    """What a block is."""

    DOCUMENT = auto()
    QUOTE = auto()
    LIST = auto()
    LIST_MEMBER = auto()
    FOOTNOTE = auto()
    DEFINITIONS = auto()
    TERM = auto()
    DEFINITION = auto()
    PARAGRAPH = auto()
    HEADING = auto()
    CODE = auto()
    FENCE = auto()
    HTML = auto()
    RULE = auto()
    TABLE = auto()


CONTAINERS = frozenset({Kind.DOCUMENT, Kind.QUOTE, Kind.LIST, Kind.LIST_MEMBER, Kind.FOOTNOTE, Kind.DEFINITIONS, Kind.DEFINITION})
VERBATIM = frozenset({Kind.CODE, Kind.FENCE, Kind.HTML})


@dataclass(slots=True, eq=False)
class Block:
    """One block. `lines` are a leaf's own text; the rest is what its kind needs."""

    kind: Kind
    parent: "Block | None" = None
    children: list["Block"] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    open: bool = True
    blank_after: bool = False
    level: int = 0  # of a heading
    marker: str = ""  # what a list's members, or a fence, start with
    start: int = 1  # the first number of a list
    indent: int = 0  # columns that continue a list's member or a definition; those of a fence
    info: str = ""  # a fence's language, a footnote's label
    ending: re.Pattern[str] | None = None  # what ends raw HTML
    lazy_from: int | None = None  # the first of a paragraph's lines that lacks the markers of what it stands in
    tight: bool = True  # a list, or a definition, in which a paragraph is bare text

    @property
    def text(self) -> str:
        """The block's own text."""
        return "\n".join(self.lines)


@dataclass(frozen=True, slots=True)
class Document:
    """The blocks of a text, where its reference links lead, and its footnotes by label."""

    root: Block
    targets: References
    footnotes: Mapping[str, Block]


def is_tight(block: Block) -> bool:
    """Whether no blank line stands between a list's members, or between the blocks of one of them."""
    for member in block.children:
        last = member is block.children[-1]
        if _ends_blank(member) and not last:
            return False
        if any(_ends_blank(inner) and not (last and inner is member.children[-1]) for inner in member.children):
            return False
    return True


def _ends_blank(block: Block) -> bool:
    while not block.blank_after and block.kind in {Kind.LIST, Kind.LIST_MEMBER} and block.children:
        block = block.children[-1]
    return block.blank_after


def header_row(block: Block) -> int | None:
    """The line of a paragraph that heads a table: the first with one of dashes and bars below it, of as many cells."""
    lines = block.lines
    for at in range(1, len(lines) if block.lazy_from is None else min(block.lazy_from, len(lines))):
        if "-" in lines[at] and _DELIMITER_ROW.match(lines[at].strip()) and len(cells(lines[at])) == len(cells(lines[at - 1])):
            return at - 1 if "|" in lines[at] + lines[at - 1] or ":" in lines[at] else None
    return None


def cells(row: str) -> list[str]:
    """The cells of a table's row. A bar with a backslash before it divides nothing."""
    row = row.strip()
    row = row.removeprefix("|")
    parts = re.split(r"(?<!\\)\|", row)
    if len(parts) > 1 and not parts[-1].strip():
        parts.pop()
    return [part.strip().replace("\\|", "|") for part in parts]
