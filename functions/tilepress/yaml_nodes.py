"""YAML text → located nodes, composed from PyYAML's events. Never guesses in silence.

Not supported on purpose: anchors, aliases and merge keys (a few lines of them can grow to gigabytes), and tags. Each of
these is a problem that says what to write instead.
"""

from collections.abc import Iterator

import yaml

from tilepress.nodes import DEPTH_MAX, Broken, Mapping, Node, Scalar, Sequence, scalar
from tilepress.pages import Problem
from tilepress.wording import Tell

_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# By what the parser says: libyaml and, where that is missing, PyYAML have words of their own.
_BY_WORDS = {
    "mapping values are not allowed": "yaml.colon",
    "expected key": "yaml.uneven",
    "expected <block end>": "yaml.uneven",
    "expected ',' or": "yaml.bracket",
    "could not find expected ':'": "yaml.no-colon",
    "while scanning a quoted scalar": "yaml.quotation",
}
# By the character at which it stops.
_BY_CHARACTER = {"\t": "yaml.tab", **dict.fromkeys("@%`", "yaml.special")}


def compose_fields(text: str, tell: Tell, *, first_line: int = 1) -> tuple[Mapping, tuple[Problem, ...]]:
    """YAML text as a mapping of located nodes; see `compose`. Raises `Broken` when it is something else than a mapping."""
    node, warnings = compose(text, tell, first_line=first_line)
    if node is None:
        return Mapping({}, {}, first_line, 1), warnings
    if not isinstance(node, Mapping):
        raise Broken(tell("not-a-mapping", line=node.line, column=node.column))
    return node, warnings


def compose(text: str, tell: Tell, *, first_line: int = 1) -> tuple[Node | None, tuple[Problem, ...]]:
    """YAML text as located nodes, with a warning for each field that stands twice (the last one counts).

    None for an empty text. Raises `Broken` when it is not YAML, or uses what is not supported.
    """
    composer = _Composer(tell, first_line - 1)
    try:
        node = composer.document(yaml.parse(text, Loader=_Loader))
    except yaml.MarkedYAMLError as error:
        raise Broken(_problem(error, text, tell, first_line)) from None
    return node, tuple(composer.warnings)


def _problem(error: yaml.MarkedYAMLError, text: str, tell: Tell, first_line: int) -> Problem:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    said = " ".join(part for part in (error.context, error.problem) if part)
    at = "".join(text.split("\n")[line : line + 1])[column : column + 1]
    key = _BY_CHARACTER.get(at) or next((key for part, key in _BY_WORDS.items() if part in said), "yaml.other")
    return tell(key, line=line + first_line, column=column + 1, said=error.problem or said)


class _Composer:
    """Events to nodes. Depth is bounded, so that recursion here is too."""

    def __init__(self, tell: Tell, lines_before: int) -> None:
        self.tell = tell
        self.lines_before = lines_before
        self.warnings: list[Problem] = []

    def document(self, events: Iterator[yaml.Event]) -> Node | None:
        root: Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    raise self._broken("yaml-documents", event)
            elif isinstance(event, yaml.NodeEvent):
                root = self._node(event, events, depth=1)
        return root

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
        line, column = self._place(event)
        if depth > DEPTH_MAX:
            raise self._broken("yaml-depth", event, most=DEPTH_MAX)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise self._broken("yaml-alias", event)
        if getattr(event, "tag", None) not in {None, "!"}:
            raise self._broken("yaml-tag", event, tag=getattr(event, "tag", ""))
        if isinstance(event, yaml.ScalarEvent):
            return scalar(event.value, self.tell, plain=not event.style, line=line, column=column)  # libyaml says "" of a plain one, PyYAML None
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
                raise self._broken("yaml-key", event)
            if name.text == "<<" and name.plain:
                raise self._broken("yaml-alias.merge", event)
            value = self._node(next(events), events, depth + 1)
            if name.text in fields:
                first = names[name.text].line
                self.warnings.append(self.tell("duplicate-field", line=name.line, column=name.column, name=name.text, first=first))
            fields[name.text] = value
            names[name.text] = name
        return Mapping(fields, names, line, column)

    def _place(self, event: yaml.Event) -> tuple[int, int]:
        mark = event.start_mark
        return (mark.line + 1 + self.lines_before, mark.column + 1) if mark else (self.lines_before + 1, 1)

    def _broken(self, key: str, event: yaml.Event, **about: str | int) -> Broken:
        line, column = self._place(event)
        return Broken(self.tell(key, line=line, column=column, **about))
