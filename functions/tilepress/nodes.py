"""What stands in front matter, settings and data files: values that know their line and column.

A scalar keeps the text that the author wrote, so a title of `no`, a time of `12:30` or a number of `0123` is not what
YAML 1.1 makes of it, but what its field means.
"""

import re
from dataclasses import dataclass

from tilepress.pages import Problem, Value
from tilepress.wording import Tell

DEPTH_MAX = 20
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
"""What no file may hold, and no text that a file describes with escapes."""

_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)\Z")
_FLOAT = re.compile(r"[-+]?(0|[1-9][0-9]*)?\.[0-9]+([eE][-+]?[0-9]+)?\Z")


class Broken(Exception):
    """A mistake that leaves nothing to go on with."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value as written; `plain` is false for quoted and block texts."""

    text: str
    plain: bool
    line: int
    column: int

    def value(self) -> Value:
        """The value by YAML 1.2's core schema: null, true, false, decimal numbers, else text."""
        if not self.plain:
            return self.text
        if self.text in {"", "~", "null", "Null", "NULL"}:
            return None
        if self.text.lower() in {"true", "false"}:
            return self.text.lower() == "true"
        if _INT.match(self.text) and len(self.text) <= 18:  # noqa: PLR2004 - what 64 bits surely hold
            return int(self.text)
        return float(self.text) if _FLOAT.match(self.text) else self.text


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    nodes: tuple["Node", ...]
    line: int
    column: int

    def value(self) -> Value:
        """The list as plain values."""
        return [node.value() for node in self.nodes]


@dataclass(frozen=True, slots=True)
class Mapping:
    """Named values, each with the place of its name."""

    fields: dict[str, "Node"]
    names: dict[str, Scalar]
    line: int
    column: int

    def value(self) -> Value:
        """The mapping as plain values."""
        return {name: node.value() for name, node in self.fields.items()}


Node = Scalar | Sequence | Mapping


def scalar(text: str, tell: Tell, *, plain: bool, line: int, column: int) -> Scalar:
    """A scalar, if it is one that can be shown: escapes may describe what no file may hold. Raises `Broken` otherwise."""
    if found := CONTROL.search(text):
        raise Broken(tell("control-character", line=line, column=column, sign=f"U+{ord(found.group()):04X}"))
    return Scalar(text.encode("utf-8", "replace").decode("utf-8"), plain, line, column)  # a half of a surrogate pair is "?"


def place(text: str, offset: int) -> tuple[int, int]:
    """Line and column, from 1, of an offset into the text."""
    return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1
