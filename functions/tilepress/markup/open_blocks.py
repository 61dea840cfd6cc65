"""The blocks that are open, and what has been found so far, while a text is read line by line."""

from tilepress.markup.block_tree import CONTAINERS, Block, Kind, header_row, is_tight
from tilepress.markup.links import LinkTarget, definitions


class OpenBlocks:
    """The tree from its root down to the innermost open block, the tip. `depth` counts the containers that a line goes on with."""

    def __init__(self) -> None:
        self.root = Block(Kind.DOCUMENT)
        self.tip = self.root
        self.targets: dict[str, LinkTarget] = {}
        self.footnotes: dict[str, Block] = {}
        self.depth = 0

    def open(self, kind: Kind, container: Block, matched: Block) -> Block:
        """A new block in the container, or in what the container stands in if it can hold none."""
        self.close_below(matched)
        while container.kind not in CONTAINERS or (container.kind is Kind.LIST and kind is not Kind.LIST_MEMBER):
            self.close(container)
            container = container.parent or self.root
        if container.kind is Kind.DEFINITIONS and kind not in {Kind.TERM, Kind.DEFINITION}:
            self.close(container)
            container = container.parent or self.root
        block = Block(kind, container)
        container.children.append(block)
        self.tip = block
        self.depth += kind in CONTAINERS
        return block

    def close(self, block: Block) -> None:
        """Close a block and everything open in it."""
        while True:
            tip = self.tip
            tip.open = False
            self._finish(tip)
            self.tip = tip.parent or self.root
            if tip is block:
                return

    def close_below(self, block: Block) -> None:
        """Close everything open in a block."""
        while self.tip is not block:
            self.close(self.tip)

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

    def _finish(self, block: Block) -> None:
        if block.kind is Kind.CODE:
            while block.lines and not block.lines[-1].strip(" \t"):
                block.lines.pop()
        elif block.kind is Kind.PARAGRAPH:
            self._finish_paragraph(block)
        elif block.kind is Kind.LIST:
            block.tight = is_tight(block)

    def _finish_paragraph(self, block: Block) -> None:
        """Take the definitions of links that it begins with; make a table what is one."""
        siblings = block.parent.children if block.parent else []
        self.take_definitions(block)
        header = header_row(block)
        if header is not None:
            table = Block(Kind.TABLE, block.parent, lines=block.lines[header:], open=False, blank_after=block.blank_after)
            block.lines = block.lines[:header]
            siblings.append(table)
        if not block.lines:
            siblings.remove(block)
