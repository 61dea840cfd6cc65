"""What a run is to look at, and how keys of the source bucket are sorted out. Pure."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from tilepress.addresses import (
    ASSETS,
    CONTENT,
    DATA,
    KEY_BYTES_MAX,
    RESERVED_KEYS,
    RESERVED_NAMES,
    STATIC,
    THEME,
    from_name,
    group_of,
    is_leftover,
    is_search_file,
    key_fault,
    nfc,
)
from tilepress.pages import Problem, Severity
from tilepress.wording import Tell, Wording, problem, teller

ALONE_KEYS_MAX = 200
"""As many files as this a run looks at besides those of its messages: 6 s of a whole processor (docs/aws.md), which several runs would
hardly shorten. More are handed on to others."""


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


def sort_out(keys: Iterable[str], languages: Sequence[str], wording: Wording = "en", named: Container[str] | None = None) -> Sorted:
    """Page groups, static files, and problems with keys that cannot be published. What is none of our business is left out.

    `named` are the files of data and theme that the settings name: the others have no effect, and are warned of.
    """
    groups, statics, problems = set(), set(), []
    for key in sorted(keys):
        if is_leftover(key):
            continue
        if key.startswith((DATA, THEME)) and named is not None and key not in named and not key.endswith("/"):
            problems.append(problem("not-named.theme" if key.startswith(THEME) else "not-named.data", wording, key, name=key.partition("/")[2]))
        if not key.startswith((CONTENT, STATIC)) or key.endswith("/"):
            continue
        wrong = _problem(key, languages, teller(key, wording))
        if wrong is not None:
            problems.append(wrong)
        if wrong is None or wrong.severity is Severity.WARNING:
            if key.startswith(STATIC):
                statics.add(nfc(key))
            elif key.endswith(".md"):
                groups.add(group_of(key, languages)[0])
    return Sorted(frozenset(groups), frozenset(statics), tuple(problems))


def _problem(key: str, languages: Sequence[str], tell: Tell) -> Problem | None:
    if fault := key_fault(key):
        return tell(fault, most=KEY_BYTES_MAX)
    return _static_problem(key, tell) if key.startswith(STATIC) else _page_problem(key, languages, tell)


def _static_problem(key: str, tell: Tell) -> Problem | None:
    target = key.removeprefix(STATIC)
    if target.startswith(ASSETS):  # the theme and the variants of images have these keys, and drawings there may run scripts
        return tell("reserved-name.assets-file")
    hidden = target.startswith(".") and not target.startswith(".well-known/")
    reserved = target.rpartition("/")[2] in RESERVED_NAMES or target in RESERVED_KEYS or is_search_file(target)
    return tell("reserved-name.file") if reserved or hidden else None


def _page_problem(key: str, languages: Sequence[str], tell: Tell) -> Problem | None:
    if not key.endswith(".md"):
        return tell("not-markdown")
    parts = [from_name(part) for part in group_of(key, languages)[0].split("/")]
    if parts[0] in languages:
        return tell("reserved-name.language", lang=parts[0])
    if f"{parts[0]}/" == ASSETS:
        return tell("reserved-name.assets")
    if any(part in {"", ".", "..", *RESERVED_NAMES} for part in parts) or parts[0].startswith("."):
        return tell("key.no-address")
    if parts[-1] == "index" and len(parts) < 3:  # noqa: PLR2004 - content/section/page/index.md has three parts
        return tell("reserved-name.index")
    return None
