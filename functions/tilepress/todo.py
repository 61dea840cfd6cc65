"""What a run is to look at, and how keys of the source bucket are sorted out. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tilepress.addresses import CONTENT, RESERVED_KEYS, RESERVED_NAMES, STATIC, from_name, group_of, is_leftover, key_fault, nfc
from tilepress.pages import Problem, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """Keys to look at again; sections whose derived artifacts are to be made again; and whether the root's are."""

    keys: frozenset[str] = frozenset()
    sections: frozenset[str] = frozenset()
    root: bool = False

    def __bool__(self) -> bool:
        return bool(self.keys or self.sections or self.root)

    def __or__(self, other: "Todo") -> "Todo":
        return Todo(keys=self.keys | other.keys, sections=self.sections | other.sections, root=self.root or other.root)


@dataclass(frozen=True, slots=True)
class Sorted:
    """Keys by what they are."""

    groups: frozenset[str]
    statics: frozenset[str]
    problems: tuple[Problem, ...]


def sort_out(keys: Iterable[str], languages: Sequence[str]) -> Sorted:
    """Page groups, static files, and problems with keys that cannot be published. What is none of our business is left out."""
    groups, statics, problems = set(), set(), []
    for key in sorted(keys):
        if is_leftover(key):
            continue
        if not key.startswith((CONTENT, STATIC)) or key.endswith("/"):
            continue
        problem = _problem(key, languages)
        if problem is not None:
            problems.append(problem)
        if problem is None or problem.severity is Severity.WARNING:
            if key.startswith(STATIC):
                statics.add(nfc(key))
            elif key.endswith(".md"):
                groups.add(group_of(key, languages)[0])
    return Sorted(frozenset(groups), frozenset(statics), tuple(problems))


def _problem(key: str, languages: Sequence[str]) -> Problem | None:
    if fault := key_fault(key):
        return Problem(file=key, code="key", message=f"This file cannot be published: {fault}.", hint="Give it another name.")
    if key.startswith(STATIC):
        target = key.removeprefix(STATIC)
        hidden = target.startswith(".") and not target.startswith(".well-known/")
        if target.rpartition("/")[2] in RESERVED_NAMES or target in RESERVED_KEYS or hidden:
            hint = "Give the file another name; a page is a Markdown file below content/."
            return Problem(file=key, code="reserved-name", message="Tilepress writes files of this name itself.", hint=hint)
        return None
    if not key.endswith(".md"):
        hint = "Upload images and documents below static/; write pages as .md files."
        message = "Only Markdown files are published from content/; this file is left out."
        return Problem(file=key, code="not-markdown", message=message, hint=hint, severity=Severity.WARNING)
    group = group_of(key, languages)[0]
    parts = [from_name(part) for part in group.split("/")]
    if parts[0] in languages:
        hint = f"Call it otherwise; translations are files such as page.{parts[0]}.md, beside page.md."
        return Problem(file=key, code="reserved-name", message=f"“{parts[0]}” is a language: its pages stand below /{parts[0]}/.", hint=hint)
    if any(part in {"", ".", "..", *RESERVED_NAMES} for part in parts) or parts[0].startswith("."):
        return Problem(file=key, code="key", message="No address can be made of this name.", hint="Use letters, digits and hyphens.")
    if parts[-1] == "index" and len(parts) < 3:  # noqa: PLR2004 - content/section/page/index.md has three parts
        hint = "Call it _index.md: that is the text of the overview."
        return Problem(file=key, code="reserved-name", message="The overview stands at this address.", hint=hint)
    return None
