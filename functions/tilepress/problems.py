"""Problems → lines for people, JSON for programs, annotations for GitHub."""

import json
from collections.abc import Iterable
from dataclasses import asdict

from tilepress.pages import Problem, Severity


def in_file_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems by file and place."""
    return tuple(sorted(problems, key=lambda problem: (problem.file, problem.line, problem.column, problem.code)))


def as_text(problem: Problem) -> str:
    """`file:line:column: error code: message` and, on a line of its own, the hint."""
    line = f"{problem.file}:{problem.line}:{problem.column}: {problem.severity} {problem.code}: {problem.message}"
    return f"{line}\n    {problem.hint}" if problem.hint else line


def as_json(problems: Iterable[Problem]) -> str:
    """A JSON list."""
    return json.dumps([asdict(problem) for problem in problems], ensure_ascii=False, indent=2)


def as_github(problem: Problem, folder: str) -> str:
    """A workflow command that makes GitHub show the problem at its place."""
    kind = "error" if problem.severity is Severity.ERROR else "warning"
    path = f"{folder.rstrip('/')}/{problem.file}".removeprefix("./")
    text = f"{problem.message} {problem.hint}".strip()
    return f"::{kind} file={_property(path)},line={problem.line},col={problem.column},title={_property(problem.code)}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
