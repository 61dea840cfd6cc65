"""Our Python-Markdown extension: it gives Python-Markdown CommonMark's eyes.

Python-Markdown keeps what is its own (the document, the tree of elements, attribute lists, the HTML that it writes); what
reads the text is replaced, since its own readers are neither CommonMark nor linear: `tilepress.markup.blocks` finds the
blocks, `tilepress.markup.inlines` what stands in a line, and here both become elements of Python-Markdown's tree.
"""

import re
from collections.abc import Iterable, Mapping
from xml.etree.ElementTree import Element, ElementTree, SubElement

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.extensions import Extension
from markdown.extensions.attr_list import AttrListTreeprocessor
from markdown.preprocessors import Preprocessor

from tilepress.markup import blocks, inlines
from tilepress.markup.block_tree import Block, Document, Kind, cells
from tilepress.markup.links import unescaped
from tilepress.markup.pieces import Close, Code, FootnoteMark, Open, Raw, Void

MISSING_CELLS_MAX = 10_000
"""How many cells that rows lack are made up for: a wide head and short rows would be a huge table otherwise."""

_CONTROLS = re.compile(r"[\x00\x02\x03]")
_NEVER_HERE = "html_block", "normalize_whitespace", "inline", "prettify", "unescape", "amp_substitute"


class CommonMarkExtension(Extension):
    """Registers our readers, and removes those that they replace."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        """See `markdown.extensions.Extension`."""
        for registry in (md.preprocessors, md.treeprocessors, md.postprocessors):
            for name in _NEVER_HERE:
                if name in registry:
                    registry.deregister(name)
        md.preprocessors.register(_Lines(md), "lines", 0)
        md.treeprocessors.register(_AttributeLists(md), "attribute_lists", 0)
        md.parser = _Blocks(md)


class _Lines(Preprocessor):
    """Lines without their ends, and without the characters that Python-Markdown marks places with."""

    def run(self, lines: list[str]) -> list[str]:
        text = "\n".join(lines).replace("\r\n", "\n").replace("\r", "\n")
        return _CONTROLS.sub("\ufffd", text).split("\n")


class _AttributeLists(AttrListTreeprocessor):
    """`{#id .class key=value}`, as Python-Markdown has it; other text in braces stays text."""

    BASE_RE = r"\{:?[ ]*((?:[#.][\w-]|[\w-]+=)[^\n{}]*)\}"  # type: ignore[misc] # its stubs call them final
    HEADER_RE = re.compile(rf"[ ]+{BASE_RE}[ ]*$")  # type: ignore[misc] # its stubs call them final
    BLOCK_RE = re.compile(rf"\n[ ]*{BASE_RE}[ ]*$")  # type: ignore[misc] # its stubs call them final
    INLINE_RE = re.compile(rf"^{BASE_RE}")  # type: ignore[misc] # its stubs call them final


class _Blocks(BlockParser):
    """A document's lines → Python-Markdown's tree."""

    def parseDocument(self, lines: Iterable[str]) -> "ElementTree[Element]":  # type: ignore[override]  # noqa: N802 - Python-Markdown's name
        """See `markdown.blockparser.BlockParser`."""
        self.root = Element(self.md.doc_tag)
        _Builder(self.md, blocks.read(lines)).build(self.root)
        return ElementTree(self.root)


class _Builder:
    """Makes elements of blocks. Footnotes are numbered as the text comes to them."""

    def __init__(self, md: Markdown, document: Document) -> None:
        self._md = md
        self._document = document
        self._missing_max = MISSING_CELLS_MAX
        self._labels: list[str] = []
        self._numbers: dict[str, int] = {}
        self._marks: dict[str, int] = {}

    def build(self, root: Element) -> None:
        """The whole document, its footnotes at the end."""
        self._children(self._document.root, root)
        if self._labels:
            self._footnotes(root)

    def _children(self, block: Block, parent: Element, *, bare: int = 0) -> None:
        """What stands in a block. Of the first `bare` children those that are paragraphs are text without an element."""
        for number, child in enumerate(block.children):
            if child.kind is Kind.PARAGRAPH and number < bare:
                self._inlines(child.text, parent)
                _append(parent, "\n" if child is not block.children[-1] else "")
            elif child.kind is Kind.HTML:
                _append(parent, self._md.htmlStash.store(child.text) + "\n")
            elif child.kind is not Kind.FOOTNOTE:
                self._block(child, parent)

    def _block(self, block: Block, parent: Element) -> None:
        element = SubElement(parent, _tag(block))
        if block.kind in {Kind.PARAGRAPH, Kind.HEADING, Kind.TERM}:
            self._inlines(block.text, element)
        elif block.kind in {Kind.CODE, Kind.FENCE}:
            _code(block, element)
        elif block.kind is Kind.TABLE:
            self._table(block, element)
        elif block.kind is Kind.LIST:
            self._list(block, element)
        elif block.kind is Kind.DEFINITION:
            self._children(block, element, bare=int(block.tight))
        elif block.kind is not Kind.RULE:
            element.text = "\n"
            self._children(block, element)
        element.tail = "\n"

    def _list(self, block: Block, element: Element) -> None:
        if block.start != 1:
            element.set("start", str(block.start))
        element.text = "\n"
        for member in block.children:
            inner = SubElement(element, "li")
            if not block.tight:
                inner.text = "\n"
            self._children(member, inner, bare=len(member.children) if block.tight else 0)
            inner.tail = "\n"

    def _table(self, block: Block, element: Element) -> None:
        aligned = [_alignment(cell) for cell in cells(block.lines[1])]
        rows = [block.lines[0], *block.lines[2:]]
        for number, row in enumerate(rows):
            if number < 2:  # noqa: PLR2004 - the head, and the body from its first row on
                part = SubElement(element, "tbody" if number else "thead")
            line = SubElement(part, "tr")
            written = cells(row)[: len(aligned)]
            missing = min(len(aligned) - len(written), self._missing_max)
            self._missing_max -= missing
            for text, alignment in zip(written + [""] * missing, aligned, strict=False):
                cell = SubElement(line, "td" if number else "th", {"align": alignment} if alignment else {})
                self._inlines(text, cell)

    def _inlines(self, text: str, parent: Element) -> None:
        """The text's elements, put at the end of what the parent has."""
        open_elements, buffer = [parent], [""]
        for piece in inlines.read(text.strip(" \t\n"), self._document.targets, self._document.footnotes):
            if isinstance(piece, str):
                buffer.append(_escaped(piece))
                continue
            if isinstance(piece, Raw):
                buffer.append(self._md.htmlStash.store(piece.html))
                continue
            _append(open_elements[-1], "".join(buffer))
            buffer.clear()
            if isinstance(piece, Open):
                open_elements.append(SubElement(open_elements[-1], piece.tag, _attributes(piece.attributes)))
            elif isinstance(piece, Close):
                open_elements.pop()
            else:
                self._void(piece, open_elements[-1])
        _append(open_elements[-1], "".join(buffer))

    def _void(self, piece: Void | Code | FootnoteMark, parent: Element) -> None:
        if isinstance(piece, Code):
            SubElement(parent, "code").text = _escaped(piece.text)
        elif isinstance(piece, FootnoteMark):
            self._mark(piece.label, parent)
        else:
            alt = {"alt": _escaped(piece.alt)} if piece.tag == "img" else {}
            SubElement(parent, piece.tag, _attributes(piece.attributes) | alt)

    def _mark(self, label: str, parent: Element) -> None:
        if label not in self._numbers:
            self._labels.append(label)
            self._numbers[label] = len(self._labels)
        number = self._numbers[label]
        self._marks[label] = self._marks.get(label, 0) + 1
        sup = SubElement(parent, "sup", {"id": _mark_id(number, self._marks[label])})
        SubElement(sup, "a", {"href": f"#fn:{number}", "class": "footnote-ref"}).text = str(number)

    def _footnotes(self, root: Element) -> None:
        """The footnotes that the text comes to, and those that these come to, each with links back."""
        division = SubElement(root, "div", {"class": "footnotes"})
        SubElement(division, "hr")
        notes = SubElement(division, "ol")
        elements: list[tuple[str, Element]] = []
        while len(elements) < len(self._labels):
            label = self._labels[len(elements)]
            note = SubElement(notes, "li", {"id": f"fn:{self._numbers[label]}"})
            self._children(self._document.footnotes[label], note)
            elements.append((label, note))
        for label, note in elements:
            place = note[-1] if len(note) and note[-1].tag == "p" else SubElement(note, "p")
            for nth in range(1, self._marks[label] + 1):
                _append(place, "\u00a0")
                target = f"#{_mark_id(self._numbers[label], nth)}"
                SubElement(place, "a", {"href": target, "class": "footnote-backref"}).text = "\u21a9\ufe0e"


_TAGS: Mapping[Kind, str] = {
    Kind.PARAGRAPH: "p",
    Kind.QUOTE: "blockquote",
    Kind.RULE: "hr",
    Kind.TABLE: "table",
    Kind.DEFINITIONS: "dl",
    Kind.TERM: "dt",
    Kind.DEFINITION: "dd",
    Kind.CODE: "pre",
    Kind.FENCE: "pre",
}


def _tag(block: Block) -> str:
    if block.kind is Kind.HEADING:
        return f"h{block.level}"
    if block.kind is Kind.LIST:
        return "ul" if block.marker in "*+-" else "ol"
    return _TAGS[block.kind]


def _code(block: Block, element: Element) -> None:
    code = SubElement(element, "code")
    language = unescaped(block.info).split(maxsplit=1)[0] if block.info else ""
    if language:
        code.set("class", _escaped(f"language-{language}"))
    code.text = _escaped("".join(f"{line}\n" for line in block.lines))


def _alignment(cell: str) -> str:
    left, right = cell.startswith(":"), cell.endswith(":")
    return "center" if left and right else "left" if left else "right" if right else ""


def _mark_id(number: int, nth: int) -> str:
    return f"fnref:{number}" if nth == 1 else f"fnref{nth - 1}:{number}"


def _attributes(attributes: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {name: _escaped(value) for name, value in attributes}


def _escaped(text: str) -> str:
    """Text as Python-Markdown's serializer wants it: what looks like an entity is one there."""
    return text.replace("&", "&amp;")


def _append(element: Element, text: str) -> None:
    """Put text at the end of what an element has."""
    if text and len(element):
        element[-1].tail = (element[-1].tail or "") + text
    elif text:
        element.text = (element.text or "") + text
