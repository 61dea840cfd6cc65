"""Lines of Markdown → a tree of blocks, as CommonMark 0.31 describes it (https://spec.commonmark.org/0.31.2/#phase-1-block-structure).

Each line first continues as many of the open blocks as it can, then starts new ones, and what is left of it is text of the
innermost one. So a list may follow a paragraph's line, a fence may stand in a list, and raw HTML ends where CommonMark says:
which is where Python-Markdown, splitting at blank lines and looking four spaces ahead, differs from what authors see.
GitHub's tables and footnote definitions are blocks, too, and so are definition lists. The texts of blocks stay as they are.

Time is linear in the text: a line looks at the open blocks only, and these are no deeper than `DEPTH_MAX`.
"""

from collections.abc import Iterable

from tilepress.markup.block_rules import CONTINUES, STARTS
from tilepress.markup.block_tree import CONTAINERS, VERBATIM, Block, Document, Kind
from tilepress.markup.lines import CODE_INDENT, Line
from tilepress.markup.links import References
from tilepress.markup.open_blocks import OpenBlocks


def read(lines: Iterable[str]) -> Document:
    """The blocks of these lines."""
    reader, chars = _Reader(), 0
    for line in lines:
        reader.take(Line(line))
        chars += len(line)
    blocks = reader.blocks
    blocks.close(blocks.root)
    return Document(blocks.root, References(blocks.targets, chars), blocks.footnotes)


class _Reader:
    """Takes one line after the other."""

    def __init__(self) -> None:
        self.blocks = OpenBlocks()

    def take(self, line: Line) -> None:
        """One more line."""
        matched, consumed = self._continued(line)
        if consumed:
            return
        unmatched = matched is not self.blocks.tip
        # A line that is text of a paragraph further in need not repeat the markers of what that stands in.
        lazy = unmatched and self.blocks.tip.kind is Kind.PARAGRAPH
        container, leaf = self._started(line, matched, lazy=lazy)
        if lazy and container is matched and not leaf and not line.blank:
            if self.blocks.tip.lazy_from is None:
                self.blocks.tip.lazy_from = len(self.blocks.tip.lines)
            self._add(line)
            return
        if container is matched and unmatched and not leaf:
            self.blocks.close_below(matched)
        self._note_blank(line, container)
        self._text(line, container, leaf=leaf)

    def _continued(self, line: Line) -> tuple[Block, bool]:
        """The innermost open block that this line continues, and whether that took all of it."""
        block, depth = self.blocks.root, 0
        while block.children and (inner := block.children[-1]).open:
            going_on = CONTINUES[inner.kind](inner, line)
            if going_on is None:
                self.blocks.close(inner)
                return inner, True
            if not going_on:
                break
            block, depth = inner, depth + 1
        self.blocks.depth = depth
        return block, False

    def _started(self, line: Line, container: Block, *, lazy: bool) -> tuple[Block, bool]:
        """The innermost block after those that this line starts, and whether it is a leaf that has just been started."""
        matched = container
        while container.kind not in VERBATIM and not line.blank:
            if line.indent >= CODE_INDENT:
                if lazy or self.blocks.tip.kind is Kind.PARAGRAPH:
                    break
                line.skip(CODE_INDENT)
                return self.blocks.open(Kind.CODE, container, matched), True
            for start in STARTS:
                started = start(self.blocks, line, container, matched, lazy)
                if started is not None:
                    break
            else:
                break
            container = matched = started
            if started.kind not in CONTAINERS:
                return started, True
            lazy = False
        return container, False

    def _note_blank(self, line: Line, container: Block) -> None:
        """Remember blank lines: they decide which lists are tight."""
        if line.blank and container.children:
            container.children[-1].blank_after = True
        fresh_member = container.kind is Kind.LIST_MEMBER and not container.children
        container.blank_after = line.blank and container.kind not in {Kind.QUOTE, Kind.FENCE, Kind.HEADING} and not fresh_member
        block = container.parent
        while block is not None:
            block.blank_after = False
            block = block.parent

    def _text(self, line: Line, container: Block, *, leaf: bool) -> None:
        """What is left of the line is text."""
        if container.kind in VERBATIM:
            if not (leaf and container.kind is Kind.FENCE):
                self._add(line)
            if container.ending is not None and container.ending.search(line.rest):
                self.blocks.close(container)
        elif container.kind is Kind.PARAGRAPH:
            if not line.blank:
                self._add(line)
        elif not leaf and not line.blank:
            self.blocks.open(Kind.PARAGRAPH, container, container)
            self._add(line)

    def _add(self, line: Line) -> None:
        if self.blocks.tip.kind is Kind.PARAGRAPH:
            line.skip_indent()
        self.blocks.tip.lines.append(line.rest)
