"""What became of each source file → a word to its author: tags on the file, and a report where something is wrong. Pure.

Authors look where they uploaded: the tags of a file say whether it is live, and where. A report stands beside the sources
as `reports/<key>.json`, for programs, and `.html`, for people, for as long as there is something to tell.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from html import escape

from tilepress.addresses import CONTENT, KEY_BYTES_MAX, STATIC, group_of, nfc, section_address, section_of
from tilepress.artifacts import HTML, JSON, Artifact, json_bytes
from tilepress.artifacts import PRIVATE as NOT_CACHED
from tilepress.groups import Computed, GroupSources
from tilepress.ledger import GroupRecord, Settled, State
from tilepress.pages import Problem, Severity, SourceFile
from tilepress.site import Site
from tilepress.wording import Wording

REPORTS = "reports/"
TAG_PREFIX = "tilepress-"
TAGS_MAX = 10
TAG_CHARACTERS_MAX = 256
_TAG_SIGNS = "+-=._:/@"
_TAG_SPELLINGS = str.maketrans({"–": "-", "—": "-", "…": ".", ";": ".", "(": "-", ")": "-", "“": "", "”": "", "„": "", "’": ""})


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
                state="problem" if source is None or _has_error(mine) else source.state,
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
            state="problem" if _has_error(told.get(nfc(file.key), ())) else "published",
            addresses=(f"/{nfc(file.key.removeprefix(STATIC))}",) if file.key.startswith(STATIC) else (),
            problems=told.get(nfc(file.key), ()) if file.key.startswith(STATIC) else (),
            wording=wording,
        )
        for file in files
    }


def of_others(problems: Iterable[Problem], keys: Collection[str], wording: Wording) -> dict[str, Status]:
    """The statuses of those of these files that have a problem: settings, which may have but a warning, and what is no page."""
    told = {key: found for key, found in _by_file(problems).items() if key in keys}
    failed = {key for key, found in told.items() if _has_error(found) or key.startswith((CONTENT, STATIC))}
    return {key: Status(key=key, state="problem" if key in failed else "published", problems=told[key], wording=wording) for key in sorted(told)}


def tags(status: Status, site: Site | None) -> dict[str, str]:
    """The tags of a source file: its state, its addresses, and a message, in the letters that S3 takes for tags."""
    said = {"state": status.state, "address": " ".join(_url(address, site) for address in status.addresses), "message": _message(status, site)}
    return {f"{TAG_PREFIX}{name}": _tag_value(text) for name, text in said.items() if text}


def tags_beside(there: Mapping[str, str], ours: Mapping[str, str]) -> dict[str, str]:
    """The tags that a file is to have: others' as they are, and of ours as many as S3 lets a file have."""
    others = {name: text for name, text in there.items() if not name.startswith(TAG_PREFIX)}
    return dict([*others.items(), *ours.items()][:TAGS_MAX])


def report_keys(key: str) -> tuple[str, ...]:
    """Where the reports of a source file stand; nowhere for a name that leaves no room for one."""
    keys = (f"{REPORTS}{key}.json", f"{REPORTS}{key}.html")
    return keys if all(len(one.encode()) <= KEY_BYTES_MAX for one in keys) else ()


def report_of(report_key: str) -> str:
    """The source file that a report is of."""
    return report_key.removeprefix(REPORTS).rpartition(".")[0]


def reports(status: Status, site: Site | None) -> tuple[Artifact, ...]:
    """The report of a file with problems, for programs and for people; none where all is well."""
    keys = report_keys(status.key) if status.problems else ()
    bodies = ((_json(status, site), JSON), (_html(status, site).encode(), HTML))
    return tuple(Artifact(key, body, kind, NOT_CACHED) for key, (body, kind) in zip(keys, bodies, strict=False))


def _by_file(problems: Iterable[Problem]) -> dict[str, tuple[Problem, ...]]:
    told: dict[str, dict[Problem, None]] = {}
    for problem in problems:
        told.setdefault(problem.file, {})[problem] = None
    return {file: tuple(sorted(found, key=lambda one: (one.severity, one.line, one.column, one.code))) for file, found in told.items()}


def _has_error(problems: Iterable[Problem]) -> bool:
    return any(problem.severity is Severity.ERROR for problem in problems)


def _url(address: str, site: Site | None) -> str:
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


def _json(status: Status, site: Site | None) -> bytes:
    return json_bytes(
        {
            "version": 1,
            "file": status.key,
            "etag": status.etag,
            "state": status.state,
            "urls": [_url(address, site) for address in status.addresses],
            "problems": [asdict(problem) for problem in status.problems],
        }
    )


_SAYS: dict[Wording, dict[str, str]] = {
    "en": {
        "line": "line {line}: {message}",
        "more": " (and {count} more)",
        "from": "from {moment}",
        "until": "until {moment}",
        "place": "line {line}, column {column} · {severity}",
        "error": "mistake",
        "warning": "note",
        "published": "The file is published.",
        "published at": "The page is published at {where}.",
        "last version": "The last version without a mistake stays online at {where}, until the file is mended and uploaded again.",
        "nothing": "Nothing of it is online, until the file is mended and uploaded again.",
    },
    "de": {
        "line": "Zeile {line}: {message}",
        "more": " (und {count} weitere)",
        "from": "ab {moment}",
        "until": "bis {moment}",
        "place": "Zeile {line}, Spalte {column} · {severity}",
        "error": "Fehler",
        "warning": "Hinweis",
        "published": "Die Datei ist veröffentlicht.",
        "published at": "Die Seite ist veröffentlicht unter {where}.",
        "last version": "Die letzte fehlerfreie Fassung bleibt online unter {where}, bis die Datei berichtigt und neu hochgeladen ist.",
        "nothing": "Davon ist nichts online, bis die Datei berichtigt und neu hochgeladen ist.",
    },
}
_PAGE = """<!doctype html>
<html lang="{lang}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark }}
body {{ font: 1.0625rem/1.5 system-ui, sans-serif; max-width: 44rem; margin: 3rem auto; padding: 0 1.25rem }}
h1 {{ font-size: 1.5rem; line-height: 1.25; overflow-wrap: anywhere }}
ol {{ list-style: none; padding: 0 }}
li {{ border-left: .25rem solid #c2410c; padding: .125rem 0 .125rem 1rem; margin: 1.5rem 0 }}
li.warning {{ border-color: #ca8a04 }}
p {{ margin: .25rem 0 }}
.where {{ opacity: .75; font-size: .9375rem }}
</style>
<h1>{title}</h1>
<p>{live}</p>
<ol>
{problems}</ol>
"""
_ENTRY = """<li class="{severity}">
<p class="where">{place}</p>
<p><strong>{message}</strong></p>
<p>{hint}</p>
</li>
"""


def _html(status: Status, site: Site | None) -> str:
    says = _SAYS[status.wording]
    where = ", ".join(_url(address, site) for address in status.addresses)
    if _has_error(status.problems):
        live = says["last version"].format(where=where) if where else says["nothing"]
    else:
        live = says["published at"].format(where=where) if where else says["published"]
    entries = [
        _ENTRY.format(
            severity=problem.severity,
            place=says["place"].format(line=problem.line, column=problem.column, severity=says[problem.severity]),
            message=escape(problem.message),
            hint=escape(problem.hint),
        )
        for problem in status.problems
    ]
    return _PAGE.format(lang=status.wording, title=escape(status.key), live=escape(live), problems="".join(entries))
