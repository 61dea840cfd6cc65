"""Lines of Markdown → a tree of blocks, as CommonMark 0.31 describes it (https://spec.commonmark.org/0.31.2/#phase-1-block-structure).

Each line first continues as many of the open blocks as it can, then starts new ones, and what is left of it is text of the
innermost one. So a list may follow a paragraph's line, a fence may stand in a list, and raw HTML ends where CommonMark says:
which is where Python-Markdown, splitting at blank lines and looking four spaces ahead, differs from what authors see.
GitHub's tables and footnote definitions are blocks, too, and so are definition lists. The texts of blocks stay as they are.

Time is linear in the text: a line looks at the open blocks only, and these are no deeper than `DEPTH_MAX`.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from tilepress.markup.links import LinkTarget, definitions

DEPTH_MAX = 100
"""How deep lists and quotes may stand in one another; what would go deeper is text."""

_CODE_INDENT = 4
_BLANKS = re.compile(r"[ \t]*")
_RULE = re.compile(r"(?:(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|(?:-[ \t]*){3,})\Z")
_HEADING = re.compile(r"#{1,6}(?=[ \t]|\Z)")
_UNDERLINE = re.compile(r"(?:=+|-+)[ \t]*\Z")
_FENCE = re.compile(r"`{3,}(?!.*`)|~{3,}")
_BULLET = re.compile(r"[*+-](?=[ \t]|\Z)")
_NUMBER = re.compile(r"(\d{1,9})([.)])(?=[ \t]|\Z)")
_FOOTNOTE = re.compile(r"\[\^([^\]\s]{1,100})\]:[ \t]*")
_DEFINITION = re.compile(r":(?=[ \t])")
_DELIMITER_ROW = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*\Z")

ATTRIBUTE = r"""\s+[a-zA-Z_:][\w:.-]*+(?:\s*+=\s*+(?:[^\s"'=<>`]++|'[^']*+'|"[^"]*+"))?+"""
OPEN_TAG = rf"<[A-Za-z][A-Za-z0-9-]*+(?:{ATTRIBUTE})*+\s*+/?>"
CLOSE_TAG = r"</[A-Za-z][A-Za-z0-9-]*+\s*+>"
_BLOCK_TAGS = """
    address article aside base basefont blockquote body caption center col colgroup dd details dialog dir div dl dt fieldset figcaption
    figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr html iframe legend li link main menu menuitem nav noframes ol
    optgroup option p param search section summary table tbody td tfoot th thead title tr track ul
""".split()
# How raw HTML starts, and what ends it; None: a blank line.
_HTML: tuple[tuple[re.Pattern[str], re.Pattern[str] | None], ...] = (
    (re.compile(r"<(?:script|pre|textarea|style)(?=\s|>|\Z)", re.IGNORECASE), re.compile(r"</(?:script|pre|textarea|style)>", re.IGNORECASE)),
    (re.compile(r"<!--"), re.compile(r"-->")),
    (re.compile(r"<\?"), re.compile(r"\?>")),
    (re.compile(r"<![A-Za-z]"), re.compile(r">")),
    (re.compile(r"<!\[CDATA\["), re.compile(r"\]\]>")),
    (re.compile(rf"</?(?:{'|'.join(_BLOCK_TAGS)})(?=\s|/?>|\Z)", re.IGNORECASE), None),
)
_LONE_TAG = re.compile(rf"(?:{OPEN_TAG}|{CLOSE_TAG})[ \t]*\Z")


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


_CONTAINERS = frozenset({Kind.DOCUMENT, Kind.QUOTE, Kind.LIST, Kind.LIST_MEMBER, Kind.FOOTNOTE, Kind.DEFINITIONS, Kind.DEFINITION})
_VERBATIM = frozenset({Kind.CODE, Kind.FENCE, Kind.HTML})


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
    targets: Mapping[str, LinkTarget]
    footnotes: Mapping[str, Block]


def read(lines: Iterable[str]) -> Document:
    """The blocks of these lines."""
    reader = _Reader()
    for line in lines:
        reader.take(_Line(line))
    reader.close(reader.root)
    return Document(reader.root, reader.targets, reader.footnotes)


class _Line:
    """A place in a line that counts in columns, a tab going on to the next multiple of four."""

    __slots__ = ("blank", "column", "indent", "next", "offset", "part_of_tab", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.offset = self.column = 0
        self.part_of_tab = False
        self.look()

    def look(self) -> None:
        """See how far the next character is that is no white space."""
        found = _BLANKS.match(self.text, self.offset)
        self.next = found.end() if found else self.offset
        column = self.column
        if "\t" in self.text[self.offset : self.next]:
            for char in self.text[self.offset : self.next]:
                column += 4 - column % 4 if char == "\t" else 1
        else:
            column += self.next - self.offset
        self.indent, self.blank = column - self.column, self.next == len(self.text)

    def skip(self, columns: int) -> None:
        """Go on by some columns; a tab may be left half-way."""
        while columns > 0 and self.offset < len(self.text):
            width = 4 - self.column % 4 if self.text[self.offset] == "\t" else 1
            self.part_of_tab = width > columns
            self.offset += not self.part_of_tab
            self.column += min(width, columns)
            columns -= width
        self.look()

    def skip_indent(self) -> None:
        """Go on to the next character that is no white space."""
        self.skip(self.indent)

    def at_blank(self) -> bool:
        """Whether white space stands here."""
        return self.text[self.offset : self.offset + 1] in {" ", "\t"}

    @property
    def rest(self) -> str:
        """What is left, the rest of a tab as spaces."""
        if self.part_of_tab:
            return " " * (4 - self.column % 4) + self.text[self.offset + 1 :]
        return self.text[self.offset :]


class _Reader:
    """The open blocks, and what has been found so far."""

    def __init__(self) -> None:
        self.root = Block(Kind.DOCUMENT)
        self.tip = self.root
        self.targets: dict[str, LinkTarget] = {}
        self.footnotes: dict[str, Block] = {}
        self.depth = 0

    def take(self, line: _Line) -> None:
        """One more line."""
        matched, consumed = self._continued(line)
        if consumed:
            return
        unmatched = matched is not self.tip
        # A line that is text of a paragraph further in need not repeat the markers of what that stands in.
        lazy = unmatched and self.tip.kind is Kind.PARAGRAPH
        container, leaf = self._started(line, matched, lazy=lazy)
        if lazy and container is matched and not leaf and not line.blank:
            if self.tip.lazy_from is None:
                self.tip.lazy_from = len(self.tip.lines)
            self._add(line)
            return
        if container is matched and unmatched and not leaf:
            self._close_below(matched)
        self._note_blank(line, container)
        self._text(line, container, leaf=leaf)

    def close(self, block: Block) -> None:
        """Close a block and everything open in it."""
        while True:
            tip = self.tip
            tip.open = False
            self._finish(tip)
            self.tip = tip.parent or self.root
            if tip is block:
                return

    def _continued(self, line: _Line) -> tuple[Block, bool]:
        """The innermost open block that this line continues, and whether that took all of it."""
        block, depth = self.root, 0
        while block.children and (inner := block.children[-1]).open:
            going_on = _CONTINUES[inner.kind](inner, line)
            if going_on is None:
                self.close(inner)
                return inner, True
            if not going_on:
                break
            block, depth = inner, depth + 1
        self.depth = depth
        return block, False

    def _started(self, line: _Line, container: Block, *, lazy: bool) -> tuple[Block, bool]:
        """The innermost block after those that this line starts, and whether it is a leaf that has just been started."""
        matched = container
        while container.kind not in _VERBATIM and not line.blank:
            if line.indent >= _CODE_INDENT:
                if lazy or self.tip.kind is Kind.PARAGRAPH:
                    break
                line.skip(_CODE_INDENT)
                return self.open(Kind.CODE, container, matched), True
            for start in _STARTS:
                started = start(self, line, container, matched, lazy)
                if started is not None:
                    break
            else:
                break
            container = matched = started
            if started.kind not in _CONTAINERS:
                return started, True
            lazy = False
        return container, False

    def open(self, kind: Kind, container: Block, matched: Block) -> Block:
        """A new block in the container, or in what the container stands in if it can hold none."""
        self._close_below(matched)
        while container.kind not in _CONTAINERS or (container.kind is Kind.LIST and kind is not Kind.LIST_MEMBER):
            self.close(container)
            container = container.parent or self.root
        if container.kind is Kind.DEFINITIONS and kind not in {Kind.TERM, Kind.DEFINITION}:
            self.close(container)
            container = container.parent or self.root
        block = Block(kind, container)
        container.children.append(block)
        self.tip = block
        self.depth += kind in _CONTAINERS
        return block

    def _close_below(self, block: Block) -> None:
        while self.tip is not block:
            self.close(self.tip)

    def _note_blank(self, line: _Line, container: Block) -> None:
        """Remember blank lines: they decide which lists are tight."""
        if line.blank and container.children:
            container.children[-1].blank_after = True
        fresh_member = container.kind is Kind.LIST_MEMBER and not container.children
        container.blank_after = line.blank and container.kind not in {Kind.QUOTE, Kind.FENCE, Kind.HEADING} and not fresh_member
        block = container.parent
        while block is not None:
            block.blank_after = False
            block = block.parent

    def _text(self, line: _Line, container: Block, *, leaf: bool) -> None:
        """What is left of the line is text."""
        if container.kind in _VERBATIM:
            if not (leaf and container.kind is Kind.FENCE):
                self._add(line)
            if container.ending is not None and container.ending.search(line.rest):
                self.close(container)
        elif container.kind is Kind.PARAGRAPH:
            if not line.blank:
                self._add(line)
        elif not leaf and not line.blank:
            self.open(Kind.PARAGRAPH, container, container)
            self._add(line)

    def _add(self, line: _Line) -> None:
        if self.tip.kind is Kind.PARAGRAPH:
            line.skip_indent()
        self.tip.lines.append(line.rest)

    def _finish(self, block: Block) -> None:
        if block.kind is Kind.CODE:
            while block.lines and not block.lines[-1].strip(" \t"):
                block.lines.pop()
        elif block.kind is Kind.PARAGRAPH:
            self._finish_paragraph(block)
        elif block.kind is Kind.LIST:
            block.tight = _is_tight(block)

    def _finish_paragraph(self, block: Block) -> None:
        """Take the definitions of links that it begins with; make a table what is one."""
        siblings = block.parent.children if block.parent else []
        self.take_definitions(block)
        header = _header_row(block)
        if header is not None:
            table = Block(Kind.TABLE, block.parent, lines=block.lines[header:], open=False, blank_after=block.blank_after)
            block.lines = block.lines[:header]
            siblings.append(table)
        if not block.lines:
            siblings.remove(block)

    def take_definitions(self, block: Block) -> None:
        """Move the definitions of links at a paragraph's beginning to `targets`."""
        if block.lines and block.lines[0].startswith("["):
            found, rest = definitions(block.text)
            for label, target in found:
                self.targets.setdefault(label, target)
            if found:
                before = len(block.lines)
                block.lines = rest.split("\n") if rest.strip() else []
                if block.lazy_from is not None:
                    block.lazy_from -= before - len(block.lines)


def _is_tight(block: Block) -> bool:
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


def _header_row(block: Block) -> int | None:
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


# What continues a block: True or False; None when the line ends it and belongs to it.


def _always(_block: Block, _line: _Line) -> bool | None:
    return True


def _never(_block: Block, _line: _Line) -> bool | None:
    return False


def _quote_goes_on(_block: Block, line: _Line) -> bool | None:
    if line.indent >= _CODE_INDENT or line.blank or line.text[line.next] != ">":
        return False
    line.skip(line.indent + 1)
    if line.at_blank():
        line.skip(1)
    return True


def _member_goes_on(block: Block, line: _Line) -> bool | None:
    if line.blank:
        if not block.children:
            return False
        line.skip_indent()
        return True
    if line.indent < block.indent:
        return False
    line.skip(block.indent)
    return True


def _fence_goes_on(block: Block, line: _Line) -> bool | None:
    rest = line.text[line.next :].rstrip(" \t")
    if line.indent < _CODE_INDENT and len(rest) >= len(block.marker) and not rest.strip(block.marker[0]):
        return None
    line.skip(min(block.indent, line.indent))
    return True


def _code_goes_on(_block: Block, line: _Line) -> bool | None:
    if line.indent >= _CODE_INDENT:
        line.skip(_CODE_INDENT)
    elif line.blank:
        line.skip_indent()
    else:
        return False
    return True


def _html_goes_on(block: Block, line: _Line) -> bool | None:
    return block.ending is not None or not line.blank


def _paragraph_goes_on(_block: Block, line: _Line) -> bool | None:
    return not line.blank


_CONTINUES: Mapping[Kind, Callable[[Block, _Line], bool | None]] = {
    Kind.QUOTE: _quote_goes_on,
    Kind.LIST: _always,
    Kind.DEFINITIONS: _always,
    Kind.LIST_MEMBER: _member_goes_on,
    Kind.DEFINITION: _member_goes_on,
    Kind.FOOTNOTE: _member_goes_on,
    Kind.TERM: _never,
    Kind.PARAGRAPH: _paragraph_goes_on,
    Kind.HEADING: _never,
    Kind.RULE: _never,
    Kind.TABLE: _never,
    Kind.CODE: _code_goes_on,
    Kind.FENCE: _fence_goes_on,
    Kind.HTML: _html_goes_on,
}


# What starts a block, tried in this order: the block, or None.


def _quote(reader: _Reader, line: _Line, container: Block, matched: Block, _lazy: bool) -> Block | None:
    if line.text[line.next] != ">" or reader.depth >= DEPTH_MAX:
        return None
    line.skip(line.indent + 1)
    if line.at_blank():
        line.skip(1)
    return reader.open(Kind.QUOTE, container, matched)


def _heading(reader: _Reader, line: _Line, container: Block, matched: Block, _lazy: bool) -> Block | None:
    found = _HEADING.match(line.text, line.next)
    if not found:
        return None
    text = line.text[found.end() :].strip(" \t")
    without_hashes = text.rstrip("#")
    if not without_hashes or without_hashes[-1] in " \t":
        text = without_hashes.rstrip(" \t")
    block = reader.open(Kind.HEADING, container, matched)
    block.level = len(found.group())
    block.lines = [text]
    return block


def _fence(reader: _Reader, line: _Line, container: Block, matched: Block, _lazy: bool) -> Block | None:
    found = _FENCE.match(line.text, line.next)
    if not found:
        return None
    block = reader.open(Kind.FENCE, container, matched)
    block.marker = found.group()
    block.indent = line.indent
    block.info = line.text[found.end() :].strip()
    return block


def _html(reader: _Reader, line: _Line, container: Block, matched: Block, lazy: bool) -> Block | None:
    if line.text[line.next] != "<":
        return None
    rest = line.text[line.next :]
    known = next((ending for ending in _HTML if ending[0].match(rest)), None)
    if known is None and (container.kind is Kind.PARAGRAPH or lazy or not _LONE_TAG.match(rest)):
        return None
    block = reader.open(Kind.HTML, container, matched)
    block.ending = known[1] if known else None
    return block


def _underlined_heading(reader: _Reader, line: _Line, container: Block, _matched: Block, _lazy: bool) -> Block | None:
    if container.kind is not Kind.PARAGRAPH or not _UNDERLINE.match(line.text, line.next):
        return None
    reader.take_definitions(container)
    if not container.lines or _header_row(container) is not None:
        return None
    container.kind = Kind.HEADING
    container.level = 1 if line.text[line.next] == "=" else 2
    container.lines[-1] = container.lines[-1].rstrip()
    return container


def _rule(reader: _Reader, line: _Line, container: Block, matched: Block, _lazy: bool) -> Block | None:
    return reader.open(Kind.RULE, container, matched) if _RULE.match(line.text, line.next) else None


def _footnote(reader: _Reader, line: _Line, container: Block, matched: Block, _lazy: bool) -> Block | None:
    found = _FOOTNOTE.match(line.text, line.next)
    if not found or reader.depth >= DEPTH_MAX:
        return None
    line.skip(line.indent + len(found.group()))
    block = reader.open(Kind.FOOTNOTE, container, matched)
    block.info = found.group(1)
    block.indent = _CODE_INDENT
    reader.footnotes.setdefault(block.info.casefold(), block)
    return block


def _definition(reader: _Reader, line: _Line, container: Block, matched: Block, lazy: bool) -> Block | None:
    """A line that begins with a colon defines what the paragraph before it names."""
    if not _DEFINITION.match(line.text, line.next) or reader.depth >= DEPTH_MAX or (lazy and container.kind is not Kind.DEFINITIONS):
        return None
    if container.kind is Kind.PARAGRAPH:
        reader.take_definitions(container)
        if not container.lines or _header_row(container) is not None:
            return None
        reader.tip = container = matched = container.parent or reader.root
    before = container if container.kind is Kind.DEFINITIONS else container.children[-1] if container.children else None
    if before is None or before.kind not in {Kind.PARAGRAPH, Kind.DEFINITIONS} or (before.kind is Kind.DEFINITIONS and not before.open):
        return None
    loose = bool(before.children) and before.children[-1].blank_after
    if before.kind is Kind.PARAGRAPH:
        container.children.remove(before)
        before.open = False
        loose = before.blank_after
        container = matched = _definitions_of(reader, before, container, matched)
    indent = line.indent
    line.skip(line.indent + 1)
    width = line.indent if line.indent <= _CODE_INDENT else 1
    line.skip(width)
    block = reader.open(Kind.DEFINITION, container, matched)
    block.indent = indent + 1 + width
    block.tight = not loose
    return block


def _definitions_of(reader: _Reader, terms: Block, container: Block, matched: Block) -> Block:
    """A list of definitions, each line of the paragraph before it a term; or the one that this goes on."""
    last = container.children[-1] if container.children else None
    if last is not None and last.kind is Kind.DEFINITIONS:
        last.open = True
        block = last
        reader.tip = block
    else:
        block = reader.open(Kind.DEFINITIONS, container, matched)
    block.children.extend(Block(Kind.TERM, block, lines=[text.strip()], open=False) for text in terms.lines)
    return block


def _list(reader: _Reader, line: _Line, container: Block, matched: Block, _lazy: bool) -> Block | None:
    found = _BULLET.match(line.text, line.next) or _NUMBER.match(line.text, line.next)
    if not found or reader.depth >= DEPTH_MAX:
        return None
    number = int(found.group(1)) if found.lastindex else None
    if container.kind is Kind.PARAGRAPH and (number not in {None, 1} or not line.text[found.end() :].strip(" \t")):
        return None
    marker = found.group(2) if found.lastindex else found.group()
    outer = line.indent
    line.skip(line.indent + len(found.group()))
    width = line.indent
    if not 1 <= width <= _CODE_INDENT or line.blank:
        width = 1
    line.skip(width if line.at_blank() else 0)
    if container.kind is not Kind.LIST or container.marker != marker:
        container = matched = reader.open(Kind.LIST, container, matched)
        container.marker = marker
        container.start = 1 if number is None else number
    block = reader.open(Kind.LIST_MEMBER, container, matched)
    block.indent = outer + len(found.group()) + width
    return block


_Start = Callable[[_Reader, _Line, Block, Block, bool], Block | None]
_STARTS: tuple[_Start, ...] = (_quote, _heading, _fence, _html, _underlined_heading, _rule, _footnote, _definition, _list)
