"""Reconcile everything: for the daily check, for new templates, settings or data, and for `tilepress build`.

What is current is skipped: a ledger knows each page's source, and what it was rendered with. The order of reading
matters. The site bucket is listed first, then the source bucket, then the ledgers are read: so whatever the first
listing shows and the later ones do not explain is an orphan, and not a page that is just being published.
"""

from collections.abc import Mapping
from dataclasses import replace

from tilepress.addresses import CONTENT, PRIVATE, forms, group_keys, group_of, object_key, section_of
from tilepress.artifacts import Observed
from tilepress.authors import Authors, report_orphans
from tilepress.books import Seen, read_ledger, read_ledgers, read_root, section_of_ledger, write
from tilepress.derive_root import overview_addresses, root_derived_keys
from tilepress.derive_section import section_derived_keys
from tilepress.errors import GiveUp
from tilepress.groups import basis_of, guest_spaces, guests_in
from tilepress.inputs import read_inputs
from tilepress.ledger import GroupRecord, Ledger, merge, settle
from tilepress.plan import Delete, Plan
from tilepress.ports import Cloud, Listings
from tilepress.reconcile import converge
from tilepress.report import Report
from tilepress.site import Site
from tilepress.site_bucket import SiteBucket
from tilepress.statics import target_of
from tilepress.status import report_keys, report_of
from tilepress.theme import Theme
from tilepress.todo import Todo, sort_out


def resync(cloud: Cloud, theme: Theme, keys: frozenset[str] = frozenset(), *, again: bool = False) -> Report:
    """Make the whole site what the source bucket says, and delete what nothing explains.

    `keys` are looked at even where they are current: somebody waits for word of them.
    `again` says that a resync may have died on the way: the CDN is then told to forget everything.
    Raises GiveUp when the source bucket lists no page at all though there is a site: a listing that comes back empty
    is more likely wrong than meant, and would delete everything.
    """
    if again:
        cloud.cdn.invalidate(("/*",))
    actual = {found.key: found for found in cloud.site.list()}
    listed = Listings({found.key: found for found in cloud.source.list()}, actual)
    sources = {key: found.etag for key, found in listed.source.items()}
    if not any(key.startswith(CONTENT) for key in sources) and any(not key.startswith(PRIVATE) for key in actual):
        raise GiveUp("the source bucket lists nothing below content/; the site is left as it is")
    inputs = read_inputs(cloud)
    if inputs.site is None:
        return converge(Todo(keys=keys, root=True), cloud, theme, listed, again=again)
    ledgers = _with_right_guests(_read_all(sources, actual, inputs.site, cloud), inputs.site, cloud)
    todo = Todo(keys=keys) | _todo(sources, actual, ledgers, inputs.site, cloud, theme)
    report = converge(todo, cloud, theme, listed)
    settled = read_ledgers(ledgers.keys(), cloud)
    orphans = _orphans(sources, actual, settled, inputs.site, cloud, theme)
    told = {key for seen in settled.values() for key in seen.value.reports} | {problem.file for problem in report.problems}
    outdated = report_orphans(listed, told) if cloud.tells_authors else []
    if not orphans and not outdated:
        return report
    bucket = SiteBucket(cloud, listed, again=False)
    bucket.delete(Plan(deletes=tuple(Delete(key, "orphan") for key in orphans)))
    report += bucket.finish(())
    since = {found.key: found.etag for found in cloud.source.list()}
    changed = {key for key in since if since[key] != sources.get(key)}
    mended = {report_of(key) for key in outdated} & since.keys()  # their tags still tell of what is over
    report += converge(Todo(keys=frozenset(changed | mended)), cloud, theme, again=bool(mended))
    authors = Authors(cloud, again=False)
    authors.forget(key for key in outdated if report_of(key) not in since)
    return replace(report, faults=(*report.faults, *authors.faults))


def _read_all(sources: Mapping[str, str], actual: Mapping[str, Observed], site: Site, cloud: Cloud) -> dict[str, Seen[Ledger]]:
    """The ledger of every section that has source files, or a ledger."""
    of_sources = {section_of(group_of(key, site.languages)[0]) for key in sources if key.startswith(CONTENT)}
    of_ledgers = {section for key in actual if (section := section_of_ledger(key)) is not None}
    return read_ledgers(of_sources | of_ledgers, cloud)


def _with_right_guests(ledgers: dict[str, Seen[Ledger]], site: Site, cloud: Cloud) -> dict[str, Seen[Ledger]]:
    """The ledgers with just those guests that their own sections' ledgers name: a run that died may have left it otherwise."""
    own = {section: seen.value for section, seen in ledgers.items()}
    hosts = ledgers | {space: read_ledger(cloud.site, space) for space in sorted(guest_spaces(own.values(), site) - ledgers.keys())}
    changed = {section: guests_in(section, own, seen.value, site) for section, seen in hosts.items()}
    return {
        section: write(cloud.site, seen, merge(seen.value, {}, changed[section], cloud.now())) if changed[section] else seen
        for section, seen in hosts.items()
    }


def _todo(
    sources: Mapping[str, str], actual: Mapping[str, Observed], ledgers: Mapping[str, Seen[Ledger]], site: Site, cloud: Cloud, theme: Theme
) -> Todo:
    """Everything that is not current."""
    wanted = sort_out(sources, site.languages, site.wording)
    files: dict[str, dict[str, str]] = {group: {} for group in wanted.groups}
    for key, etag in sources.items():
        if key.startswith(CONTENT) and (group := group_of(key, site.languages)[0]) in files:
            files[group][key] = etag
    basis, now = basis_of(site, theme), cloud.now()
    records = {group: record for seen in ledgers.values() for group, record in seen.value.groups.items()}
    stale = {group for group in {*files, *records} if not _current(records.get(group), files.get(group, {}), basis, now, actual)}
    statics = {
        key for key in wanted.statics if (there := actual.get(target_of(key))) is None or there.etag not in {sources.get(form) for form in forms(key)}
    }
    faulty = {problem.file for problem in wanted.problems}
    told = {key for seen in ledgers.values() for key in seen.value.reports} if cloud.tells_authors else set()
    unreported = {key for key in told if not all(report in sources for report in report_keys(key))}
    keys = {group_keys(group, site.languages)[0] for group in stale} | statics | faulty | unreported
    return Todo(keys=frozenset(keys), sections=frozenset(ledgers), root=True)


def _current(record: GroupRecord | None, files: Mapping[str, str], basis: str, now: float, actual: Mapping[str, Observed]) -> bool:
    """Whether a group's pages are what its files give. A file with a problem never counts as current: it is to be told again."""
    if record is None or record.basis != basis:
        return False
    if {source.key: source.etag for source in record.sources} != dict(files):
        return False
    if any(source.state == "problem" or 0 < source.due <= now for source in record.sources):
        return False
    there = [actual.get(object_key(page.tile.address)) for page in record.pages]
    return all(found is not None and found.etag == page.etag for found, page in zip(there, record.pages, strict=True))


def _orphans(
    sources: Mapping[str, str], actual: Mapping[str, Observed], ledgers: Mapping[str, Seen[Ledger]], site: Site, cloud: Cloud, theme: Theme
) -> list[str]:
    """What the listing shows, and nothing explains."""
    root = read_root(cloud.site)
    overviews = overview_addresses(root.value, site)
    settled = [settle(seen.value, () if section else overviews, cloud.now(), cloud.retire_after) for section, seen in ledgers.items()]
    expected = {asset.key for asset in theme.assets} | root_derived_keys(root.value, site)
    expected |= {target_of(key) for key in sort_out(sources, site.languages).statics}
    for one in settled:
        expected |= section_derived_keys(one, site) | {object_key(address) for address in (*one.holders.pages, *one.redirects, *one.ledger.retired)}
    return sorted(key for key in actual if key not in expected and not key.startswith(PRIVATE))
