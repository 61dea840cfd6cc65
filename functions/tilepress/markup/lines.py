"""A place in a line of Markdown, which counts in columns as CommonMark does (https://spec.commonmark.org/0.31.2/#tabs)."""

import re

CODE_INDENT = 4
"""How many columns make an indented code block, and how far tabs stand apart."""
_BLANKS = re.compile(r"[ \t]*")


class Line:
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
