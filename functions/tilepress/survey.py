"""Ledgers, and what was read of all pages → what only the whole site shows its authors, told in a report beside the sources.

It is a function of ledgers, readings, uploads and settings, and obeys the law of the site: whoever writes it from what is
over meanwhile finds that out at its second look (`tilepress.reindex`).
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from tilepress.addresses import STATIC
from tilepress.checks import check_site, known_keys, problems_of
from tilepress.ledger import Settled
from tilepress.pages import Problem
from tilepress.plan import Delete, plan
from tilepress.ports import Cloud, Store
from tilepress.reading import Reading
from tilepress.reports import WHOLE, report_keys, site_reports
from tilepress.root import Root
from tilepress.site import Site
from tilepress.statics import target_of
from tilepress.todo import sort_out

FILES_MAX = 100
FINDINGS_MAX = 100
"""Of how many files a report tells at most, and how much of each: whoever mends these sees the others."""


def survey(
    sections: Sequence[Settled], root: Root, readings: Mapping[tuple[str, str], Reading], uploads: Iterable[str], site: Site, source: Store
) -> tuple[Problem, ...]:
    """What is to be told of the files of these sections, in the order of their keys. `readings` and `uploads` as in `check_site`.

    The versions in which lines are looked for are those that the ledgers name: what stands there by now, others have in hand.
    """
    given = frozenset(uploads)
    findings = check_site(sections, root, readings, given, site)
    by_file = {key: list(found)[:FINDINGS_MAX] for key, found in groupby(findings, key=lambda one: one.key)}
    files = list(by_file)[:FILES_MAX]
    good = {source.key: source.good for settled in sections for record in settled.ledger.groups.values() for source in record.sources}
    read = {key: found.body.decode(errors="replace") for key in files if (found := source.get(key, good.get(key) or None))}
    told = [one for key in files for one in by_file[key]]
    return problems_of(told, read, known_keys(sections, root, given, site) if told else (), site)


def uploads_of(cloud: Cloud) -> frozenset[str]:
    """The keys of the site at which uploaded files are to stand."""
    return frozenset(target_of(key) for key in sort_out((seen.key for seen in cloud.source.list(STATIC)), ()).statics)


def tell_survey(problems: Sequence[Problem], site: Site, cloud: Cloud) -> None:
    """Make the report of the whole site what it should be: none where there is nothing to tell. Raises GiveUp without permission."""
    keys = report_keys(WHOLE)
    seen = dict(zip(keys, cloud.fan.io(cloud.source.head, keys), strict=True))
    done = plan(site_reports(problems, site.wording), seen, [Delete(key, "not derived any more") for key in keys])
    cloud.fan.io(lambda put: cloud.source.put(put.artifact), done.puts)
    cloud.fan.io(cloud.source.delete, [delete.key for delete in done.deletes])
