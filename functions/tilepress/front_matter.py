"""A source file's text → its front matter as located values, and its Markdown. Never guesses in silence.

python-frontmatter cuts the file at its fences; what stands between them is composed here, from PyYAML's events, into
`Scalar`, `Sequence` and `Mapping` nodes that know their line and column. A scalar keeps the text that the author wrote,
so a title of `no`, a time of `12:30` or a number of `0123` is not what YAML 1.1 makes of it, but what its field means.

Not supported on purpose: anchors, aliases and merge keys (a few lines of them can grow to gigabytes), tags, and TOML or
JSON front matter. Each of these is a problem that says what to write instead.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml
from frontmatter.default_handlers import YAMLHandler

from tilepress.pages import Problem, Severity, SourceFile, Value

FILE_BYTES_MAX = 1024 * 1024
FRONT_MATTER_BYTES_MAX = 64 * 1024
DEPTH_MAX = 20

_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)\Z")
_FLOAT = re.compile(r"[-+]?(0|[1-9][0-9]*)?\.[0-9]+([eE][-+]?[0-9]+)?\Z")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")  # what no YAML may hold
_SEPARATORS = dict.fromkeys((0x85, 0x2028, 0x2029), " ")  # word processors leave them; libyaml would count them as lines, editors do not
_FORMS = {"\ufeff+++": "TOML", "+++": "TOML", "{": "JSON"}
_UNEVEN = "Lines that belong together are indented by the same number of blanks; a text with quotation marks goes in marks of the other kind."
# By what the parser says: libyaml and, where that is missing, PyYAML have words of their own.
_YAML_HINTS = {
    "mapping values are not allowed": 'A colon followed by a blank means "field: value". Put a text with one in quotation marks.',
    "expected key": _UNEVEN,
    "expected <block end>": _UNEVEN,
    "expected ',' or": "Close the bracket, or put a text that starts with one in quotation marks.",
    "could not find expected ':'": 'Each line needs the form "field: value"; a longer text goes in quotation marks or below "field: |-".',
    "while scanning a quoted scalar": "The closing quotation mark is missing.",
}
# By the character at which it stops.
_CHARACTER_HINTS = {
    "\t": "Indent with blanks: YAML does not allow tabs there.",
    **dict.fromkeys("@%`", "Put a text that starts with a special character in quotation marks."),
}


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


@dataclass(frozen=True, slots=True)
class Document:
    """A source file taken apart. `body_line` is the line on which the Markdown starts."""

    fields: Mapping
    body: str
    body_line: int
    warnings: tuple[Problem, ...]


def read(source: SourceFile) -> Document:
    """Take a Markdown file apart.

    Raises `Broken` with the located problem when there is no front matter that can be relied on.
    """
    text = decode(source)
    front, front_line, body, body_line = _split(source.key, text)
    fields, warnings = compose_fields(source.key, front, first_line=front_line)
    return Document(fields, body, body_line, warnings)


def decode(source: SourceFile) -> str:
    """The file's text: UTF-8, with or without a byte order mark; line ends become line feeds."""
    key, body = source.key, source.body
    if len(body) > FILE_BYTES_MAX:
        message = f"The file has {len(body):,} bytes; {FILE_BYTES_MAX:,} are allowed."
        raise Broken(Problem(file=key, code="file-too-large", message=message, hint="Upload images and documents below static/ and link to them."))
    if not body.strip():
        raise Broken(Problem(file=key, code="file-empty", message="The file is empty.", hint='Start it with "---", a line "title: …", and "---".'))
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Broken(Problem(file=key, code="encoding", message="The file is in UTF-16.", hint="Save it as UTF-8."))
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = body[: error.start]
        line, column = before.count(b"\n") + 1, len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
        guess = body[error.start : error.start + 1].decode("latin-1")
        message = f"The file is not UTF-8: the byte 0x{body[error.start]:02x} at this place is {guess!r} in Latin-1."
        raise Broken(Problem(file=key, code="encoding", message=message, hint="Save it as UTF-8.", line=line, column=column)) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_SEPARATORS)
    if found := _CONTROL.search(text):
        line, column = _place(text, found.start())
        message = f"There is a control character (U+{ord(found.group()):04X}) at this place."
        raise Broken(Problem(file=key, code="control-character", message=message, hint="Delete it: it cannot be seen.", line=line, column=column))
    return text


def _split(key: str, text: str) -> tuple[str, int, str, int]:
    """The front matter and its first line, the Markdown and its first line."""
    start = len(text) - len(text.lstrip())
    opening = text[start:]
    if not YAMLHandler.FM_BOUNDARY.match(opening):
        form = next((name for mark, name in _FORMS.items() if opening.startswith(mark)), None)
        said = f"The front matter is {form}." if form else "The file does not start with front matter."
        hint = 'Start the file with a line "---", then "title: …" and other fields as "field: value", and end them with another line "---".'
        raise Broken(Problem(file=key, code="front-matter-missing", message=said, hint=hint, line=_place(text, start)[0]))
    handler = YAMLHandler()
    try:
        front, body = handler.split(opening)
    except ValueError:
        hint = 'Write a line "---" where the fields end and the text begins.'
        raise Broken(
            Problem(file=key, code="front-matter-unclosed", message="The front matter does not end.", hint=hint, line=_place(text, start)[0])
        ) from None
    if len(front.encode()) > FRONT_MATTER_BYTES_MAX:
        message = f"The front matter has {len(front.encode()):,} bytes; {FRONT_MATTER_BYTES_MAX:,} are allowed."
        raise Broken(Problem(file=key, code="front-matter-too-large", message=message, hint="Move long texts below the front matter."))
    front_start = text.index(front, start + 3)
    body = body.lstrip("\n")
    return front, text.count("\n", 0, front_start) + 1, body, text.count("\n", 0, len(text) - len(body)) + 1


def compose_fields(key: str, text: str, *, first_line: int = 1) -> tuple[Mapping, tuple[Problem, ...]]:
    """YAML text as a mapping of located nodes; see `compose`. Raises `Broken` when it is something else than a mapping."""
    node, warnings = compose(key, text, first_line=first_line)
    if node is None:
        return Mapping({}, {}, first_line, 1), warnings
    if not isinstance(node, Mapping):
        hint = 'Write fields as "field: value", a line each.'
        raise Broken(Problem(file=key, code="not-a-mapping", message="There are no fields here.", hint=hint, line=node.line, column=node.column))
    return node, warnings


def compose(key: str, text: str, *, first_line: int = 1) -> tuple[Node | None, tuple[Problem, ...]]:
    """YAML text as located nodes, with a warning for each field that stands twice (the last one counts).

    None for an empty text. Raises `Broken` when it is not YAML, or uses what is not supported.
    """
    composer = _Composer(key, first_line - 1)
    try:
        node = composer.document(yaml.parse(text, Loader=_Loader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + first_line, mark.column + 1) if mark else (first_line, 1)
        said = " ".join(part for part in (error.context, error.problem) if part)
        stopped = text.split("\n")[mark.line : mark.line + 1] if mark else []
        at = stopped[0][mark.column : mark.column + 1] if mark and stopped else ""
        by_words = (hint for part, hint in _YAML_HINTS.items() if part in said)
        hint = _CHARACTER_HINTS.get(at) or next(by_words, "Compare the line with a page that works.")
        message = f"This is not YAML: {error.problem or said}."
        raise Broken(Problem(file=key, code="yaml", message=message, hint=hint, line=line, column=column)) from None
    return node, tuple(composer.warnings)


class _Composer:
    """Events to nodes. Depth is bounded, so that recursion here is too."""

    def __init__(self, key: str, lines_before: int) -> None:
        self.key = key
        self.lines_before = lines_before
        self.warnings: list[Problem] = []

    def document(self, events: Iterator[yaml.Event]) -> Node | None:
        root: Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    raise self._broken(
                        event, "yaml-documents", "A second YAML document starts here.", 'Delete the line "---" within the front matter.'
                    )
            elif isinstance(event, yaml.NodeEvent):
                root = self._node(event, events, depth=1)
        return root

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
        line, column = self._place(event)
        if depth > DEPTH_MAX:
            raise self._broken(event, "yaml-depth", f"Fields are nested more than {DEPTH_MAX} deep.", "Use fewer levels.")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise self._broken(
                event,
                "yaml-alias",
                "Anchors (&name) and aliases (*name) are not supported.",
                "Write the value out, or put a text in quotation marks.",
            )
        if getattr(event, "tag", None) not in {None, "!"}:
            raise self._broken(event, "yaml-tag", f"Tags such as {getattr(event, 'tag', '')} are not supported.", "Put the text in quotation marks.")
        if isinstance(event, yaml.ScalarEvent):
            return Scalar(event.value, not event.style, line, column)  # libyaml says "" of a plain one, PyYAML None
        if isinstance(event, yaml.SequenceStartEvent):
            nodes = []
            while not isinstance(item := next(events), yaml.SequenceEndEvent):
                nodes.append(self._node(item, events, depth + 1))
            return Sequence(tuple(nodes), line, column)
        return self._mapping(events, line, column, depth)

    def _mapping(self, events: Iterator[yaml.Event], line: int, column: int, depth: int) -> Mapping:
        fields: dict[str, Node] = {}
        names: dict[str, Scalar] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            name = self._node(event, events, depth + 1)
            if not isinstance(name, Scalar):
                raise self._broken(
                    event, "yaml-key", "A field's name must be a text.", 'Put "{…}" or "[…]" in quotation marks if it is meant as text.'
                )
            if name.text == "<<" and name.plain:
                raise self._broken(event, "yaml-alias", "Merge keys (<<) are not supported.", "Write the fields out.")
            value = self._node(next(events), events, depth + 1)
            if name.text in fields:
                first = names[name.text].line
                message = f"The field “{name.text}” stands twice, in line {first} and here; this one counts."
                self.warnings.append(self._problem(name, "duplicate-field", message, "Delete one of them."))
            fields[name.text] = value
            names[name.text] = name
        return Mapping(fields, names, line, column)

    def _place(self, event: yaml.Event) -> tuple[int, int]:
        mark = event.start_mark
        return (mark.line + 1 + self.lines_before, mark.column + 1) if mark else (self.lines_before + 1, 1)

    def _problem(self, at: Scalar, code: str, message: str, hint: str) -> Problem:
        return Problem(file=self.key, code=code, message=message, hint=hint, line=at.line, column=at.column, severity=Severity.WARNING)

    def _broken(self, event: yaml.Event, code: str, message: str, hint: str) -> Broken:
        line, column = self._place(event)
        return Broken(Problem(file=self.key, code=code, message=message, hint=hint, line=line, column=column))


def _place(text: str, offset: int) -> tuple[int, int]:
    """Line and column, from 1, of an offset into the text."""
    return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1
