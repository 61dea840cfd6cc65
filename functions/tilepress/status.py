"""What became of each source file → a word to its author, in tags on the file: whether it is live, and where. Pure.

Where there is more to tell, a report says it (`tilepress.reports`).
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from tilepress.addresses import CONTENT, STATIC, group_of, nfc, section_address, section_of
from tilepress.groups import Computed, GroupSources
from tilepress.ledger import GroupRecord, Settled, State
from tilepress.pages import Problem, Severity, SourceFile
from tilepress.site import Site
from tilepress.wording import Wording

TAG_PREFIX = "tilepress-"
TAGS_MAX = 10
TAG_CHARACTERS_MAX = 256
_TAG_SIGNS = "+-=._:/@"
_TAG_SPELLINGS = str.maketrans({"–": "-", "—": "-", "…": ".", ";": ".", "(": "-", ")": "-", "“": "", "”": "", "„": "", "’": ""})
_SAYS: dict[Wording, dict[str, str]] = {
    "en": {"line": "line {line}: {message}", "more": " (and {count} more)", "from": "from {moment}", "until": "until {moment}"},
    "de": {"line": "Zeile {line}: {message}", "more": " (und {count} weitere)", "from": "ab {moment}", "until": "bis {moment}"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What became of one version of a source file. `addresses` are those at which it is live, be it an earlier version of it.

    `due` is when its state changes by itself, in seconds since 1970; 0 when it does not.
    """

    key: str
    etag: str = ""
    state: State
    addresses: tuple[str, ...] = ()
    due: float = 0
    problems: tuple[Problem, ...] = ()
    wording: Wording = "en"


def statuses_of(
    computed: Iterable[Computed], sources: Iterable[GroupSources], settled: Mapping[str, Settled], problems: Iterable[Problem], site: Site
) -> dict[str, Status]:
    """The status of each page's source file of a run, by key."""
    told = _by_file(problems)
    found = {}
    for one, given in zip(computed, sources, strict=True):
        record = one.record or GroupRecord()
        lost = {page.tile.address for page in record.pages if not settled[section_of(one.group)].holders.holds(page)}
        states = {source.key: source for source in record.sources}
        for file in given.files:
            mine = told.get(file.key, ())
            source = states.get(file.key)
            found[file.key] = Status(
                key=file.key,
                etag=file.etag,
                state="problem" if source is None or has_error(mine) else source.state,
                addresses=tuple(address for address in addresses_of(file.key, record, site) if address not in lost),
                due=source.due if source else 0,
                problems=mine,
                wording=site.wording,
            )
    return found


def addresses_of(key: str, record: GroupRecord, site: Site) -> tuple[str, ...]:
    """The addresses that a source file asks for: its pages', or that of the overview whose text it is."""
    section = section_of(group_of(key, site.languages)[0])
    sections = (section_address(section, intro.lang, site.default_language) for intro in record.intros if intro.key == key)
    return (*(page.tile.address for page in record.pages if page.tile.key == key), *sections)


def withheld(files: Iterable[SourceFile], reason: Callable[..., Problem], wording: Wording) -> dict[str, Status]:
    """The statuses of files that wait for something else to be put right first. `reason` makes the problem that says so of each."""
    return {file.key: Status(key=file.key, etag=file.etag, state="problem", problems=(reason(file=file.key),), wording=wording) for file in files}


def of_uploads(files: Iterable[SourceFile], problems: Iterable[Problem] = (), wording: Wording = "en") -> dict[str, Status]:
    """The statuses of static files, which are published as they are, and of settings and data, which have no address of their own.

    `problems` are told by the composed form of the file's key.
    """
    told = _by_file(problems)
    return {
        file.key: Status(
            key=file.key,
            etag=file.etag,
            state="problem" if has_error(told.get(nfc(file.key), ())) else "published",
            addresses=(f"/{nfc(file.key.removeprefix(STATIC))}",) if file.key.startswith(STATIC) else (),
            problems=told.get(nfc(file.key), ()) if file.key.startswith(STATIC) else (),
            wording=wording,
        )
        for file in files
    }


def of_others(problems: Iterable[Problem], keys: Collection[str], wording: Wording) -> dict[str, Status]:
    """The statuses of those of these files that have a problem: settings, which may have but a warning, and what is no page."""
    told = {key: found for key, found in _by_file(problems).items() if key in keys}
    failed = {key for key, found in told.items() if has_error(found) or key.startswith((CONTENT, STATIC))}
    return {key: Status(key=key, state="problem" if key in failed else "published", problems=told[key], wording=wording) for key in sorted(told)}


def tags(status: Status, site: Site | None) -> dict[str, str]:
    """The tags of a source file: its state, its addresses, and a message, in the letters that S3 takes for tags."""
    said = {"state": status.state, "address": " ".join(url_of(address, site) for address in status.addresses), "message": _message(status, site)}
    return {f"{TAG_PREFIX}{name}": _tag_value(text) for name, text in said.items() if text}


def tags_beside(there: Mapping[str, str], ours: Mapping[str, str]) -> dict[str, str]:
    """The tags that a file is to have: others' as they are, and of ours as many as S3 lets a file have."""
    others = {name: text for name, text in there.items() if not name.startswith(TAG_PREFIX)}
    return dict([*others.items(), *ours.items()][:TAGS_MAX])


def _by_file(problems: Iterable[Problem]) -> dict[str, tuple[Problem, ...]]:
    told: dict[str, dict[Problem, None]] = {}
    for problem in problems:
        told.setdefault(problem.file, {})[problem] = None
    return {file: tuple(sorted(found, key=lambda one: (one.severity, one.line, one.column, one.code))) for file, found in told.items()}


def has_error(problems: Iterable[Problem]) -> bool:
    """Whether one of them keeps its file from being published."""
    return any(problem.severity is Severity.ERROR for problem in problems)


def url_of(address: str, site: Site | None) -> str:
    """The whole address, where it is known what the site's is."""
    return f"{site.base_url if site else ''}{address}"


def _message(status: Status, site: Site | None) -> str:
    """What an author should know in one line."""
    says = _SAYS[status.wording]
    if status.problems:
        first = status.problems[0]
        more = says["more"].format(count=len(status.problems) - 1) if len(status.problems) > 1 else ""
        return says["line"].format(line=first.line, message=first.message) + more
    if not status.due:
        return ""
    moment = datetime.fromtimestamp(status.due, site.time_zone if site else UTC).strftime("%Y-%m-%d %H:%M")
    return says["from" if status.state == "scheduled" else "until"].format(moment=moment)


def _tag_value(text: str) -> str:
    """The text in the signs that S3 takes for a tag: letters and digits of any script, blanks, and a few more."""
    spelled = "".join(sign if sign.isalnum() or sign in _TAG_SIGNS else " " for sign in text.translate(_TAG_SPELLINGS))
    value = " ".join(spelled.split())
    return value if len(value) <= TAG_CHARACTERS_MAX else f"{value[: TAG_CHARACTERS_MAX - 3]}..."
