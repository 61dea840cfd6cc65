"""What continues a block of each kind, and what starts one: the rules of CommonMark, of GitHub's extensions, and of definition lists."""

import re
from collections.abc import Callable, Mapping

from tilepress.markup.block_tree import Block, Kind, header_row
from tilepress.markup.lines import CODE_INDENT, Line
from tilepress.markup.open_blocks import OpenBlocks
from tilepress.markup.raw_html import CLOSE_TAG, OPEN_TAG, STARTS_OF_HTML

DEPTH_MAX = 100
"""How deep lists and quotes may stand in one another; what would go deeper is text."""

_RULE = re.compile(r"(?:(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|(?:-[ \t]*){3,})\Z")
_HEADING = re.compile(r"#{1,6}(?=[ \t]|\Z)")
_UNDERLINE = re.compile(r"(?:=+|-+)[ \t]*\Z")
_FENCE = re.compile(r"`{3,}(?!.*`)|~{3,}")
_BULLET = re.compile(r"[*+-](?=[ \t]|\Z)")
_NUMBER = re.compile(r"(\d{1,9})([.)])(?=[ \t]|\Z)")
_FOOTNOTE = re.compile(r"\[\^([^\]\s]{1,100})\]:[ \t]*")
_DEFINITION = re.compile(r":(?=[ \t])")
_LONE_TAG = re.compile(rf"(?:{OPEN_TAG}|{CLOSE_TAG})[ \t]*\Z")


# What continues a block: True or False; None when the line ends it and belongs to it.


def _always(_block: Block, _line: Line) -> bool | None:
    return True


def _never(_block: Block, _line: Line) -> bool | None:
    return False


def _quote_goes_on(_block: Block, line: Line) -> bool | None:
    if line.indent >= CODE_INDENT or line.blank or line.text[line.next] != ">":
        return False
    line.skip(line.indent + 1)
    if line.at_blank():
        line.skip(1)
    return True


def _member_goes_on(block: Block, line: Line) -> bool | None:
    if line.blank:
        if not block.children:
            return False
        line.skip_indent()
        return True
    if line.indent < block.indent:
        return False
    line.skip(block.indent)
    return True


def _fence_goes_on(block: Block, line: Line) -> bool | None:
    rest = line.text[line.next :].rstrip(" \t")
    if line.indent < CODE_INDENT and len(rest) >= len(block.marker) and not rest.strip(block.marker[0]):
        return None
    line.skip(min(block.indent, line.indent))
    return True


def _code_goes_on(_block: Block, line: Line) -> bool | None:
    if line.indent >= CODE_INDENT:
        line.skip(CODE_INDENT)
    elif line.blank:
        line.skip_indent()
    else:
        return False
    return True


def _html_goes_on(block: Block, line: Line) -> bool | None:
    return block.ending is not None or not line.blank


def _paragraph_goes_on(_block: Block, line: Line) -> bool | None:
    return not line.blank


CONTINUES: Mapping[Kind, Callable[[Block, Line], bool | None]] = {
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


def _quote(blocks: OpenBlocks, line: Line, container: Block, matched: Block, _lazy: bool) -> Block | None:
    if line.text[line.next] != ">" or blocks.depth >= DEPTH_MAX:
        return None
    line.skip(line.indent + 1)
    if line.at_blank():
        line.skip(1)
    return blocks.open(Kind.QUOTE, container, matched)


def _heading(blocks: OpenBlocks, line: Line, container: Block, matched: Block, _lazy: bool) -> Block | None:
    found = _HEADING.match(line.text, line.next)
    if not found:
        return None
    text = line.text[found.end() :].strip(" \t")
    without_hashes = text.rstrip("#")
    if not without_hashes or without_hashes[-1] in " \t":
        text = without_hashes.rstrip(" \t")
    block = blocks.open(Kind.HEADING, container, matched)
    block.level = len(found.group())
    block.lines = [text]
    return block


def _fence(blocks: OpenBlocks, line: Line, container: Block, matched: Block, _lazy: bool) -> Block | None:
    found = _FENCE.match(line.text, line.next)
    if not found:
        return None
    block = blocks.open(Kind.FENCE, container, matched)
    block.marker = found.group()
    block.indent = line.indent
    block.info = line.text[found.end() :].strip()
    return block


def _html(blocks: OpenBlocks, line: Line, container: Block, matched: Block, lazy: bool) -> Block | None:
    if line.text[line.next] != "<":
        return None
    rest = line.text[line.next :]
    known = next((ending for ending in STARTS_OF_HTML if ending[0].match(rest)), None)
    if known is None and (container.kind is Kind.PARAGRAPH or lazy or not _LONE_TAG.match(rest)):
        return None
    block = blocks.open(Kind.HTML, container, matched)
    block.ending = known[1] if known else None
    return block


def _underlined_heading(blocks: OpenBlocks, line: Line, container: Block, _matched: Block, _lazy: bool) -> Block | None:
    if container.kind is not Kind.PARAGRAPH or not _UNDERLINE.match(line.text, line.next):
        return None
    blocks.take_definitions(container)
    if not container.lines or header_row(container) is not None:
        return None
    container.kind = Kind.HEADING
    container.level = 1 if line.text[line.next] == "=" else 2
    container.lines[-1] = container.lines[-1].rstrip()
    return container


def _rule(blocks: OpenBlocks, line: Line, container: Block, matched: Block, _lazy: bool) -> Block | None:
    return blocks.open(Kind.RULE, container, matched) if _RULE.match(line.text, line.next) else None


def _footnote(blocks: OpenBlocks, line: Line, container: Block, matched: Block, _lazy: bool) -> Block | None:
    found = _FOOTNOTE.match(line.text, line.next)
    if not found or blocks.depth >= DEPTH_MAX:
        return None
    line.skip(line.indent + len(found.group()))
    block = blocks.open(Kind.FOOTNOTE, container, matched)
    block.info = found.group(1)
    block.indent = CODE_INDENT
    blocks.footnotes.setdefault(block.info.casefold(), block)
    return block


def _definition(blocks: OpenBlocks, line: Line, container: Block, matched: Block, lazy: bool) -> Block | None:
    """A line that begins with a colon defines what the paragraph before it names."""
    if not _DEFINITION.match(line.text, line.next) or blocks.depth >= DEPTH_MAX or (lazy and container.kind is not Kind.DEFINITIONS):
        return None
    if container.kind is Kind.PARAGRAPH:
        blocks.take_definitions(container)
        if not container.lines or header_row(container) is not None:
            return None
        blocks.tip = container = matched = container.parent or blocks.root
    before = container if container.kind is Kind.DEFINITIONS else container.children[-1] if container.children else None
    if before is None or before.kind not in {Kind.PARAGRAPH, Kind.DEFINITIONS} or (before.kind is Kind.DEFINITIONS and not before.open):
        return None
    loose = bool(before.children) and before.children[-1].blank_after
    if before.kind is Kind.PARAGRAPH:
        container.children.remove(before)
        before.open = False
        loose = before.blank_after
        container = matched = _definitions_of(blocks, before, container, matched)
    indent = line.indent
    line.skip(line.indent + 1)
    width = line.indent if line.indent <= CODE_INDENT else 1
    line.skip(width)
    block = blocks.open(Kind.DEFINITION, container, matched)
    block.indent = indent + 1 + width
    block.tight = not loose
    return block


def _definitions_of(blocks: OpenBlocks, terms: Block, container: Block, matched: Block) -> Block:
    """A list of definitions, each line of the paragraph before it a term; or the one that this goes on."""
    last = container.children[-1] if container.children else None
    if last is not None and last.kind is Kind.DEFINITIONS:
        last.open = True
        block = last
        blocks.tip = block
    else:
        block = blocks.open(Kind.DEFINITIONS, container, matched)
    block.children.extend(Block(Kind.TERM, block, lines=[text.strip()], open=False) for text in terms.lines)
    return block


def _list(blocks: OpenBlocks, line: Line, container: Block, matched: Block, _lazy: bool) -> Block | None:
    found = _BULLET.match(line.text, line.next) or _NUMBER.match(line.text, line.next)
    if not found or blocks.depth >= DEPTH_MAX:
        return None
    number = int(found.group(1)) if found.lastindex else None
    if container.kind is Kind.PARAGRAPH and (number not in {None, 1} or not line.text[found.end() :].strip(" \t")):
        return None
    marker = found.group(2) if found.lastindex else found.group()
    outer = line.indent
    line.skip(line.indent + len(found.group()))
    width = line.indent
    if not 1 <= width <= CODE_INDENT or line.blank:
        width = 1
    line.skip(width if line.at_blank() else 0)
    if container.kind is not Kind.LIST or container.marker != marker:
        container = matched = blocks.open(Kind.LIST, container, matched)
        container.marker = marker
        container.start = 1 if number is None else number
    block = blocks.open(Kind.LIST_MEMBER, container, matched)
    block.indent = outer + len(found.group()) + width
    return block


_Start = Callable[[OpenBlocks, Line, Block, Block, bool], Block | None]
STARTS: tuple[_Start, ...] = (_quote, _heading, _fence, _html, _underlined_heading, _rule, _footnote, _definition, _list)
