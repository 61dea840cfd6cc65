"""TOML and JSON text → the same located nodes as YAML's, for pages that come from a Hugo site.

What TOML's and JSON's own readers accept is accepted. JSON's places are exact; TOML's are those of the fields' names, as
far as they can be seen in the text, since its reader tells none.
"""

import json
import re
from collections.abc import Iterator
from datetime import date, time
from typing import Any

from tilepress.nodes import DEPTH_MAX, Broken, Mapping, Node, Scalar, Sequence, place, scalar
from tilepress.pages import Problem
from tilepress.wording import Tell

_JSON = json.JSONDecoder()
_BLANK = re.compile(r"[ \t\n\r]*")
_TOML_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)\Z")
_TOML_PART = r"(?:[\w-]+|\"[^\"\n]*\"|'[^'\n]*')"
_TOML_NAME = re.compile(rf"^[ \t]*(?:(\[\[?)([^\]\n]+)\]|({_TOML_PART}(?:[ \t]*\.[ \t]*{_TOML_PART})*)[ \t]*=)", re.MULTILINE)


def json_end(text: str, start: int, tell: Tell) -> int:
    """Where the JSON object ends that starts there. Raises `Broken` when it is not JSON."""
    try:
        return _JSON.raw_decode(text, start)[1]
    except json.JSONDecodeError as error:
        line, column = place(text, min(error.pos, len(text)))
        raise Broken(tell("json", line=line, column=column, said=error.msg)) from None
    except (RecursionError, ValueError):  # brackets, or digits, by the thousand
        raise Broken(tell("yaml-depth", line=place(text, start)[0], most=DEPTH_MAX)) from None


def json_fields(text: str, tell: Tell, *, first_line: int = 1) -> tuple[Mapping, tuple[Problem, ...]]:
    """A JSON object as a mapping of located nodes, with a warning for each field that stands twice."""
    walk = _Walk(text, tell, first_line - 1)
    node = walk.mapping(1)
    return node, tuple(walk.warnings)


class _Walk:
    """One walk over a text that is known to be JSON."""

    def __init__(self, text: str, tell: Tell, lines_before: int) -> None:
        self.text = text
        self.tell = tell
        self.lines_before = lines_before
        self.at = 0
        self.warnings: list[Problem] = []

    def mapping(self, depth: int) -> Mapping:
        line, column = self._place()
        fields: dict[str, Node] = {}
        names: dict[str, Scalar] = {}
        for _ in self._members("}"):
            name = self._scalar()
            self._skip(":")
            if name.text in fields:
                first = names[name.text].line
                self.warnings.append(self.tell("duplicate-field", line=name.line, column=name.column, name=name.text, first=first))
            fields[name.text], names[name.text] = self._node(depth + 1), name
        return Mapping(fields, names, line, column)

    def _node(self, depth: int) -> Node:
        line, column = self._place()
        if depth > DEPTH_MAX:
            raise Broken(self.tell("yaml-depth", line=line, column=column, most=DEPTH_MAX))
        if self.text[self.at] == "{":
            return self.mapping(depth)
        if self.text[self.at] == "[":
            return Sequence(tuple(self._node(depth + 1) for _ in self._members("]")), line, column)
        return self._scalar()

    def _members(self, end: str) -> Iterator[None]:
        """Once for each member of an object or list, standing at its start."""
        self._skip(self.text[self.at])
        while self.text[self.at] != end:
            yield
            self._skip(",")
        self.at += 1

    def _scalar(self) -> Scalar:
        line, column = self._place()
        start = self.at
        value, self.at = _JSON.raw_decode(self.text, start)
        written = value if isinstance(value, str) else self.text[start : self.at]
        return scalar(written, self.tell, plain=not isinstance(value, str), line=line, column=column)

    def _skip(self, sign: str) -> None:
        """Past white space, the sign if it stands here, and white space."""
        self.at = _BLANK.match(self.text, self.at).end()  # type: ignore[union-attr] # matches anything, nothing included
        if self.text[self.at] == sign:
            self.at = _BLANK.match(self.text, self.at + 1).end()  # type: ignore[union-attr] # as above

    def _place(self) -> tuple[int, int]:
        line, column = place(self.text, self.at)
        return line + self.lines_before, column


def toml_fields(text: str, tell: Tell, *, first_line: int = 1) -> tuple[Mapping, tuple[Problem, ...]]:
    """TOML text as a mapping of located nodes. Raises `Broken` when it is not TOML: a field that stands twice is not."""
    places = list(_toml_places(text, first_line - 1))
    if deep := next((at for path, at in places if len(path) > DEPTH_MAX), None):  # its reader would look at each part from each other
        raise Broken(tell("yaml-depth", line=deep[0], column=deep[1], most=DEPTH_MAX))
    import tomllib  # noqa: PLC0415 - most sites have none of it, and a cold start need not wait for it

    try:
        found = tomllib.loads(text)
    except RecursionError:
        raise Broken(tell("yaml-depth", line=first_line, most=DEPTH_MAX)) from None
    except ValueError as error:  # the reader's own, and Python's, of a number of thousands of digits
        said = str(error)
        # Before Python 3.14 the place is told in the message alone.
        where = _TOML_PLACE.search(said)
        ends = (text.rstrip("\n").count("\n") + 1, 1)
        line, column = (int(where[1]), int(where[2])) if where and where[1] else ends
        raise Broken(tell("toml", line=line + first_line - 1, column=column, said=_TOML_PLACE.sub("", said))) from None
    return _Located(dict(places), tell).mapping(found, (), (first_line, 1)), ()


class _Located:
    """TOML's values, each at the place where its name is first seen."""

    def __init__(self, places: dict[tuple[str, ...], tuple[int, int]], tell: Tell) -> None:
        self.places = places
        self.tell = tell

    def mapping(self, values: dict[str, Any], path: tuple[str, ...], at: tuple[int, int]) -> Mapping:
        if len(path) >= DEPTH_MAX:
            raise Broken(self.tell("yaml-depth", line=at[0], column=at[1], most=DEPTH_MAX))
        places = {name: self.places.get((*path, name), at) for name in values}
        names = {name: self._scalar(name, where, plain=True) for name, where in places.items()}
        return Mapping({name: self._node(value, (*path, name), places[name]) for name, value in values.items()}, names, *at)

    def _node(self, value: Any, path: tuple[str, ...], at: tuple[int, int]) -> Node:
        if isinstance(value, dict):
            return self.mapping(value, path, at)
        if isinstance(value, list):
            if len(path) >= DEPTH_MAX:
                raise Broken(self.tell("yaml-depth", line=at[0], column=at[1], most=DEPTH_MAX))
            return Sequence(tuple(self._node(one, (*path, ""), at) for one in value), *at)
        if isinstance(value, str):
            return self._scalar(value, at, plain=False)
        if isinstance(value, date | time):
            return self._scalar(value.isoformat(), at, plain=False)
        return self._scalar(str(value).lower(), at, plain=True)

    def _scalar(self, text: str, at: tuple[int, int], *, plain: bool) -> Scalar:
        return scalar(text, self.tell, plain=plain, line=at[0], column=at[1])


def _toml_places(text: str, lines_before: int) -> Iterator[tuple[tuple[str, ...], tuple[int, int]]]:
    """The names that stand at the start of lines, with the table that they are in; the last of a name counts."""
    table: tuple[str, ...] = ()
    for found in _TOML_NAME.finditer(text):
        path = tuple(part.strip(" \t\"'") for part in (found[2] or found[3]).split("."))
        line, column = place(text, found.start(2) if found[2] else found.start(3))
        if found[1]:
            table = path if found[1] == "[" else (*path, "")
            yield path, (line + lines_before, column)
        else:
            yield (*table, *path), (line + lines_before, column)
