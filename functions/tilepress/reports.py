"""What is to be told → reports beside the sources: `reports/<key>.json` for programs, `.html` for people. Pure.

A report of a file stands as long as there is something to tell of it. What only the whole site shows stands in one of its own,
`reports/site.html`, which search's run writes (`tilepress.survey`).
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from html import escape
from itertools import groupby

from tilepress.addresses import fits
from tilepress.artifacts import HTML, JSON, Artifact, json_bytes
from tilepress.artifacts import PRIVATE as NOT_CACHED
from tilepress.pages import Problem
from tilepress.site import Site
from tilepress.status import Status, has_error, url_of
from tilepress.wording import Wording

REPORTS = "reports/"
WHOLE = "site"
"""What stands in place of a file's key in the name of the whole site's report. No source file has this key."""
_SAYS: dict[Wording, dict[str, str]] = {
    "en": {
        "place": "line {line}, column {column} · {severity}",
        "error": "mistake",
        "warning": "note",
        "published": "The file is published.",
        "published at": "The page is published at {where}.",
        "last version": "The last version without a mistake stays online at {where}, until the file is mended and uploaded again.",
        "nothing": "Nothing of it is online, until the file is mended and uploaded again.",
        "whole": "The whole website",
        "why": "What no page shows by itself: links, categories, translations. Nothing of it keeps a page from being published. "
        "The list is made anew after each change.",
    },
    "de": {
        "place": "Zeile {line}, Spalte {column} · {severity}",
        "error": "Fehler",
        "warning": "Hinweis",
        "published": "Die Datei ist veröffentlicht.",
        "published at": "Die Seite ist veröffentlicht unter {where}.",
        "last version": "Die letzte fehlerfreie Fassung bleibt online unter {where}, bis die Datei berichtigt und neu hochgeladen ist.",
        "nothing": "Davon ist nichts online, bis die Datei berichtigt und neu hochgeladen ist.",
        "whole": "Die ganze Website",
        "why": "Was keine Seite für sich zeigt: Links, Kategorien, Übersetzungen. Nichts davon verhindert, dass eine Seite erscheint. "
        "Die Liste entsteht nach jeder Änderung neu.",
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
h1, h2 {{ font-size: 1.5rem; line-height: 1.25; overflow-wrap: anywhere }}
h2 {{ font-size: 1.125rem; margin-top: 2.5rem }}
ol {{ list-style: none; padding: 0 }}
li {{ border-left: .25rem solid #c2410c; padding: .125rem 0 .125rem 1rem; margin: 1.5rem 0 }}
li.warning {{ border-color: #ca8a04 }}
p {{ margin: .25rem 0 }}
.where {{ opacity: .75; font-size: .9375rem }}
</style>
<h1>{title}</h1>
<p>{said}</p>
{problems}"""
_ENTRY = """<li class="{severity}">
<p class="where">{place}</p>
<p><strong>{message}</strong></p>
<p>{hint}</p>
</li>
"""


def report_keys(key: str) -> tuple[str, ...]:
    """Where the reports of a source file stand; nowhere for a name that leaves no room for one."""
    keys = (f"{REPORTS}{key}.json", f"{REPORTS}{key}.html")
    return keys if all(map(fits, keys)) else ()


def report_of(report_key: str) -> str:
    """The source file that a report is of."""
    return report_key.removeprefix(REPORTS).rpartition(".")[0]


def reports(status: Status, site: Site | None) -> tuple[Artifact, ...]:
    """The report of a file with problems, for programs and for people; none where all is well."""
    if not status.problems:
        return ()
    says = _SAYS[status.wording]
    urls = [url_of(address, site) for address in status.addresses]
    live, nowhere = ("last version", "nothing") if has_error(status.problems) else ("published at", "published")
    about = {"file": status.key, "etag": status.etag, "state": status.state, "urls": urls}
    page = _page(status.key, says[live if urls else nowhere].format(where=", ".join(urls)), _list(status.problems, status.wording), status.wording)
    return _both(status.key, about, status.problems, page)


def codes_in(body: bytes) -> frozenset[str]:
    """The codes of the problems that a report for programs tells of; none where it is none of ours."""
    try:
        return frozenset(problem["code"] for problem in json.loads(body)["problems"])
    except (ValueError, KeyError, TypeError):
        return frozenset()


def site_reports(problems: Sequence[Problem], wording: Wording) -> tuple[Artifact, ...]:
    """The report of what only the whole site shows, file by file; none where all is well. The problems come in the order of their files."""
    if not problems:
        return ()
    files = [f"<h2>{escape(file)}</h2>\n{_list(found, wording)}" for file, found in groupby(problems, key=lambda one: one.file)]
    return _both(WHOLE, {}, problems, _page(_SAYS[wording]["whole"], _SAYS[wording]["why"], "".join(files), wording))


def _both(key: str, about: Mapping[str, object], problems: Iterable[Problem], page: str) -> tuple[Artifact, ...]:
    said = json_bytes({"version": 1, **about, "problems": [asdict(problem) for problem in problems]})
    bodies = ((said, JSON), (page.encode(), HTML))
    return tuple(Artifact(where, body, kind, NOT_CACHED) for where, (body, kind) in zip(report_keys(key), bodies, strict=False))


def _page(title: str, said: str, problems: str, wording: Wording) -> str:
    return _PAGE.format(lang=wording, title=escape(title), said=escape(said), problems=problems)


def _list(problems: Iterable[Problem], wording: Wording) -> str:
    says = _SAYS[wording]
    told = (
        _ENTRY.format(
            severity=problem.severity,
            place=says["place"].format(line=problem.line, column=problem.column, severity=says[problem.severity]),
            message=escape(problem.message),
            hint=escape(problem.hint),
        )
        for problem in problems
    )
    return f"<ol>\n{''.join(told)}</ol>\n"
