"""The source bucket × ledgers and reports → is it live? What `tilepress status` shows, and what `sync --wait` waits for.

Costs a listing, and a request for each section and each report; no page is read.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, Literal

from tilepress.addresses import CONTENT, group_of, section_of
from tilepress.books import read_ledgers, read_root
from tilepress.inputs import read_site
from tilepress.ledger import GroupRecord, SourceRecord, State
from tilepress.pages import Problem, Severity, SourceFile
from tilepress.ports import Cloud, Store
from tilepress.reports import REPORTS, WHOLE, report_keys, report_of
from tilepress.site import Site
from tilepress.status import TAG_PREFIX, addresses_of

Standing = State | Literal["waiting"]
"""A source file's state; `waiting` while what was uploaded last has not been looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """What is known of a source file. `urls` are where it is live, be it an earlier version; `due` as in `SourceRecord`.

    `current` says whether it was looked at with the settings, templates and code with which the home page was made last.
    """

    key: str
    state: Standing
    urls: tuple[str, ...] = ()
    due: float = 0
    problems: tuple[Problem, ...] = ()
    current: bool = True


def look_up(cloud: Cloud) -> tuple[Live, ...]:
    """Every page's source file, and every other file of which there is a report, by key."""
    there = {found.key: found.etag for found in cloud.source.list()}
    site = read_site(cloud)
    languages = site.languages if site else ()
    pages = [key for key in there if key.startswith(CONTENT) and key.endswith(".md")]
    sections = {section_of(group_of(key, languages)[0]) for key in pages}
    known = {
        source.key: (source, record)
        for seen in read_ledgers(sections, cloud).values()
        for record in seen.value.groups.values()
        for source in record.sources
    }
    told = [report_of(key) for key in there if key.startswith(REPORTS) and key.endswith(".json") and report_of(key) in there]
    reports = dict(zip(told, cloud.fan.io(partial(read_report, cloud.source), told), strict=True))
    found = [_live(key, there[key], known.get(key), reports.get(key), site) for key in pages]
    basis = read_root(cloud.site).value.basis
    found = [replace(live, current=live.key in known and known[live.key][1].basis == basis) for live in found]
    found += [report for key, report in reports.items() if report and key not in pages]
    of_the_whole = read_report(cloud.source, WHOLE) if report_keys(WHOLE)[0] in there else None
    return tuple(sorted(_with(of_the_whole, found), key=lambda live: live.key))


def read_report(store: Store, key: str) -> Live | None:
    """What the report of a source file says; None where there is none, or none of ours."""
    keys = report_keys(key)
    file = store.get(keys[0]) if keys else None
    return _from_report(key, file) if file else None


def read_state(store: Store, key: str) -> str:
    """The state of the newest version of a source file, as its tags tell it; "" before it has been looked at."""
    return store.tags(key).get(f"{TAG_PREFIX}state", "")


def _live(key: str, etag: str, known: tuple[SourceRecord, GroupRecord] | None, report: Live | None, site: Site | None) -> Live:
    if known is None or known[0].etag != etag:
        waiting = known is None and report is not None and report.state == "problem"  # it cannot even be looked at; its report says why
        return report if report and waiting else Live(key=key, state="waiting")
    source, record = known
    urls = tuple(f"{site.base_url}{address}" for address in addresses_of(key, record, site)) if site else ()
    if report:
        return Live(key=key, state=report.state, urls=report.urls, due=source.due, problems=report.problems)
    return Live(key=key, state=source.state, urls=urls, due=source.due)


def _with(of_the_whole: Live | None, lives: Iterable[Live]) -> Iterator[Live]:
    """With what only the whole site shows of each file, unless there is a newer version of it."""
    more: dict[str, list[Problem]] = {}
    for problem in of_the_whole.problems if of_the_whole else ():
        more.setdefault(problem.file, []).append(problem)
    for live in lives:
        yield live if live.state == "waiting" else replace(live, problems=(*live.problems, *more.get(live.key, ())))


def _from_report(key: str, file: SourceFile) -> Live | None:
    try:
        said: dict[str, Any] = json.loads(file.body)
        problems = tuple(Problem(**problem | {"severity": Severity(problem["severity"])}) for problem in said["problems"])
        return Live(key=key, state=said.get("state", "published"), urls=tuple(said.get("urls", ())), problems=problems)
    except (ValueError, KeyError, TypeError):
        return None


def in_a_line(live: Live) -> str:
    """What to know of a source file: what is wrong with it, when it is due, where it is live."""
    if live.problems:
        first = live.problems[0]
        more = f" (and {len(live.problems) - 1} more)" if len(live.problems) > 1 else ""
        return f"{first.line}:{first.column}: {first.message}{more}"
    due = f"due {datetime.fromtimestamp(live.due, UTC):%Y-%m-%d %H:%M} UTC" if live.due else ""
    return " · ".join([*live.urls, *([due] if due else [])])


def progress(lives: Iterable[Live]) -> str:
    """How far a rebuild has come; "" when it is over. A file that has only just been uploaded waits, and is none of its work."""
    known = [live for live in lives if live.state != "waiting"]
    current = sum(live.current for live in known)
    return f"rebuilding: {current} of {len(known)} files done" if current < len(known) else ""


def lives_as_json(lives: Iterable[Live]) -> str:
    """A JSON list."""
    return json.dumps([asdict(live) for live in lives], ensure_ascii=False, indent=2)
