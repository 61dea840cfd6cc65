"""Reconcile everything: for the daily check, for new templates, settings or data, and for `tilepress build`.

What is current is skipped: a ledger knows each page's source, and what it was rendered with. The order of reading
matters. The site bucket is listed first, then the source bucket, then the ledgers are read: so whatever the first
listing shows and the later ones do not explain is an orphan, and not a page that is just being published.

Where there is a queue, and much to do, a resync keeps for itself what concerns the whole (ledgers, what is derived from
them, orphans), and hands the files on in batches, each a message like an event's: "look at these again". They go last,
after its deletes: so whatever it deleted too much, they see missing. They never hold what would cause another resync.
A site that is too large even to be listed in a run's time goes to the state machine, which has every file looked at; orphans
stay then, until a resync without a limit of time (`tilepress rebuild`).
"""

from collections.abc import Container, Iterable, Mapping
from dataclasses import replace
from itertools import zip_longest
from typing import Any, NamedTuple

from tilepress.addresses import (
    ASSETS,
    CONTENT,
    PRIVATE,
    STATIC,
    forms,
    group_keys,
    group_of,
    is_index,
    is_search_file,
    object_key,
    page_address,
    section_of,
    upload_key,
)
from tilepress.artifacts import Observed
from tilepress.authors import Authors, report_orphans
from tilepress.books import Seen, read_ledger, read_ledgers, read_root, section_of_ledger, write
from tilepress.derive_root import overview_addresses, root_derived_keys
from tilepress.derive_section import section_derived_keys
from tilepress.errors import GiveUp
from tilepress.groups import basis_of, guest_spaces, guests_in
from tilepress.illustrations import known_digest
from tilepress.imaging import all_images, develop, note, problem_with
from tilepress.inputs import Inputs, read_inputs
from tilepress.ledger import GroupRecord, Ledger, merge, settle
from tilepress.pages import SourceFile
from tilepress.pictures import ImageRecord, is_image
from tilepress.plan import Delete, Plan
from tilepress.ports import Cloud, Listings
from tilepress.reconcile import converge, send_ahead
from tilepress.report import Report
from tilepress.reports import report_keys, report_of, reports
from tilepress.site import Site, data_keys, theme_keys
from tilepress.site_bucket import SiteBucket
from tilepress.statics import target_of
from tilepress.status import of_uploads
from tilepress.theme import Theme
from tilepress.todo import ALONE_KEYS_MAX, Todo, sort_out

BATCH_KEYS_MAX = 100
"""Files in a batch: 3 s, so that the ledgers' reading and writing is little beside it, and a run's timeout is far."""


class Orphans(NamedTuple):
    """What nothing explains: keys of the site, and reports in the source bucket."""

    site: list[str]
    reports: list[str]


def resync(cloud: Cloud, theme: Theme, keys: frozenset[str] = frozenset(), *, again: bool = False, trust: bool = True) -> Report:
    """Make the whole site what the source bucket says, and delete what nothing explains.

    `keys` are looked at even where they are current: somebody waits for word of them.
    `again` says that a resync may have died on the way: the CDN is then told to forget everything. `trust` is as in `reconcile`.
    Raises GiveUp when the source bucket lists no page at all though there is a site: a listing that comes back empty
    is more likely wrong than meant, and would delete everything.
    """
    if again:
        cloud.cdn.invalidate(("/*",))
    if (actual := _list_site(cloud)) is None:
        return _leave_to_state_machine(keys, cloud, theme, again=again, trust=trust)
    listed = Listings({found.key: found for found in cloud.source.list()}, actual)
    sources = {key: found.etag for key, found in listed.source.items()}
    if not any(key.startswith(CONTENT) for key in sources) and any(not key.startswith(PRIVATE) for key in actual):
        raise GiveUp("the source bucket lists nothing below content/; the site is left as it is")
    images, developed = _see_to_images(listed, cloud)
    inputs = read_inputs(cloud, theme)
    if inputs.site is None:
        return converge(Todo(keys=keys, root=True), cloud, theme, listed, again=again, trust=trust)
    ledgers = _with_right_guests(_read_all(sources, actual, inputs.site, cloud), inputs.site, cloud)
    listed = _with_what_came_since(listed, ledgers, cloud)
    sources = {key: found.etag for key, found in listed.source.items()}
    unreported = _unreported(sources, ledgers, images, inputs.site) if cloud.tells_authors else set()
    trust = trust and not unreported  # whoever wrote the ledgers may have ended, or died, over settings that were broken
    todo = Todo(keys=keys | unreported) | _todo(sources, actual, ledgers, images, inputs.site, cloud, inputs.theme)
    if again:  # a run before this one may have brought up to date whatever is current, and died before it told the authors
        todo |= Todo(keys=frozenset(key for key in sources if key.startswith((CONTENT, STATIC))))
    for_others = _for_others(todo.keys - keys, cloud)
    report = developed + converge(replace(todo, keys=todo.keys - for_others), cloud, theme, listed, again=again, trust=trust)
    told = {problem.file for problem in report.problems} | for_others
    site, own_theme = inputs.site, inputs.theme

    def unexplained(books: Mapping[str, Seen[Ledger]], pictures: Mapping[str, ImageRecord]) -> Orphans:
        expected = _expected(sources, books, pictures, site, cloud, own_theme) | _undecided(for_others, listed, books, site, own_theme)
        reports_of = told | _faulty(pictures) | {key for seen in books.values() for key in seen.value.reports}
        return Orphans(
            sorted(key for key in listed.site if key not in expected and not key.startswith(PRIVATE) and not is_search_file(key)),
            report_orphans(listed, reports_of) if cloud.tells_authors else [],
        )

    if not report.is_idle or any(unexplained(ledgers, images)):  # nothing is deleted on the word of what may be otherwise by now
        cleared = _clear(unexplained(read_ledgers(ledgers, cloud), all_images(cloud)), listed, cloud, theme)
        report += cleared
        if cleared.deleted and _have_changed(inputs, cloud):  # what nothing explained by them may be what others rely on by now
            return report + resync(cloud, theme, keys, again=again, trust=trust)
    if cloud.queue and for_others:
        reported = for_others if again else _reported(for_others, listed, inputs.site)
        batches: list[dict[str, Any]] = [{"keys": batch} for batch in _batches(for_others - reported, inputs.site)]
        cloud.queue.send([*batches, *({"keys": batch, "trust": False} for batch in _batches(reported, inputs.site))])
    return replace(report, handed_on=len(for_others))


def _have_changed(inputs: Inputs, cloud: Cloud) -> bool:
    """Whether the settings are other ones by now."""
    now = cloud.fan.io(cloud.source.head, inputs.etags)
    return any((seen.etag if seen else None) != etag for seen, etag in zip(now, inputs.etags.values(), strict=True))


def _list_site(cloud: Cloud) -> dict[str, Observed] | None:
    """Every object of the site bucket, by key; none when it holds more pages than are a run's work."""
    actual: dict[str, Observed] = {}
    pages = 0
    for found in cloud.site.list():
        actual[found.key] = found
        pages += found.key.endswith("/index.html")
        if cloud.state_machine and pages > cloud.state_machine.above:
            return None
    return actual


def _leave_to_state_machine(keys: frozenset[str], cloud: Cloud, theme: Theme, *, again: bool, trust: bool) -> Report:
    """Do what concerns the whole, and have every page looked at. Not while the settings have a problem: then nothing can be rendered."""
    report = converge(Todo(keys=keys, root=True), cloud, theme, again=again, trust=trust)
    if cloud.state_machine and read_inputs(cloud, theme).site:
        cloud.state_machine.start()
        report = replace(report, handed_on=cloud.state_machine.above)
    return report


def _for_others(keys: frozenset[str], cloud: Cloud) -> frozenset[str]:
    """Of what is not current, what other runs are to do."""
    files = frozenset(key for key in keys if key.startswith((CONTENT, STATIC)))
    return files if cloud.queue and len(files) > ALONE_KEYS_MAX else frozenset()


def _reported(keys: Iterable[str], listed: Listings, site: Site) -> frozenset[str]:
    """Those of these keys in whose group there is a file with a report.

    No ledger may know of it, if pages were withheld while the settings were broken: whoever publishes the file is to look.
    """
    of = {key: group_keys(group_of(key, site.languages)[0], site.languages) if key.startswith(CONTENT) else forms(key) for key in keys}
    return frozenset(key for key, files in of.items() if any(report in listed.source for file in files for report in report_keys(file)))


def _batches(keys: Iterable[str], site: Site) -> list[list[str]]:
    """Keys of a section together, since they share its ledger; and those of different sections in turn, since they do not."""
    wanted = sorted(keys)
    by_section: dict[str, list[list[str]]] = {}
    for start in range(0, len(wanted), BATCH_KEYS_MAX):
        batch = wanted[start : start + BATCH_KEYS_MAX]
        section = section_of(group_of(batch[0], site.languages)[0]) if batch[0].startswith(CONTENT) else STATIC
        by_section.setdefault(section, []).append(batch)
    return [batch for turn in zip_longest(*by_section.values()) for batch in turn if batch]


def _clear(orphans: Orphans, listed: Listings, cloud: Cloud, theme: Theme) -> Report:
    """Delete what nothing explains."""
    if not any(orphans):
        return Report()
    bucket = SiteBucket(cloud, listed, again=False)
    bucket.delete(Plan(deletes=tuple(Delete(key, "orphan") for key in orphans.site)))
    cleared = bucket.finish(())
    since = {found.key: found.etag for found in cloud.source.list()}
    changed = {key for key in since if key not in listed.source or since[key] != listed.source[key].etag}
    mended = {report_of(key) for key in orphans.reports} & since.keys()  # their tags still tell of what is over
    again = bool(mended or (changed and orphans.site))  # what has been deleted, ledgers say is there
    send_ahead(frozenset(key for key in changed | mended if key.startswith((CONTENT, STATIC))), cloud)
    cleared += converge(Todo(keys=frozenset(changed | mended)), cloud, theme, again=again)
    authors = Authors(cloud, again=False)
    authors.forget(key for key in orphans.reports if report_of(key) not in since)
    return replace(cleared, faults=(*cleared.faults, *authors.faults))


def _see_to_images(listed: Listings, cloud: Cloud) -> tuple[dict[str, ImageRecord], Report]:
    """Note which images there are, and see to it that they are developed, and no variant is missing. What is known then, and what was done."""
    known = all_images(cloud)
    keys = {key for key in sort_out((*listed.source, *known), ()).statics if is_image(key)}
    noted = note(keys, cloud, listed)
    wanted = noted.undeveloped(keys, cloud.now(), cloud.retire_after)
    wanted += [key for key, record in noted.images().items() if key not in wanted and not _stand(record, listed.site)]
    if wanted and cloud.images:
        cloud.images.send([{"keys": [key]} for key in wanted])
    elif wanted and cloud.encoder:
        report = develop(wanted, cloud, cloud.encoder)
        return all_images(cloud), report
    return noted.images(), Report()


def _stand(record: ImageRecord, actual: Mapping[str, Observed]) -> bool:
    return all((there := actual.get(key)) is not None and there.etag == etag for key, etag in record.keys().items())


def _unreported(sources: Mapping[str, str], ledgers: Mapping[str, Seen[Ledger]], images: Mapping[str, ImageRecord], site: Site) -> set[str]:
    """The files of which there should be a report, and is none, or another: while the settings were broken, say, it was told of these."""
    wanted = {key: etag for seen in ledgers.values() for key, etag in seen.value.reports.items()}
    faulty = [SourceFile(key, b"", sources[key]) for key in sorted(_faulty(images) & sources.keys())]
    problems = [problem_with(key, record, site.wording) for key, record in images.items()]
    statuses = of_uploads(faulty, [one for one in problems if one], site.wording)
    wanted |= {key: found[0].etag for key, status in statuses.items() if (found := reports(status, site))}
    standing = {key: [sources.get(report) for report in report_keys(key)] for key in wanted}
    return {key for key, etags in standing.items() if etags and (not etags[-1] or etags[0] != wanted[key])}


def _faulty(images: Mapping[str, ImageRecord]) -> set[str]:
    """The images of which there is something to tell, in either form of their key."""
    return {form for key, record in images.items() if record.etag and record.problem for form in forms(key)}


def _read_all(sources: Mapping[str, str], actual: Mapping[str, Observed], site: Site, cloud: Cloud) -> dict[str, Seen[Ledger]]:
    """The ledger of every section that has source files, or a ledger."""
    of_sources = {section_of(group_of(key, site.languages)[0]) for key in sources if key.startswith(CONTENT)}
    of_ledgers = {section for key in actual if (section := section_of_ledger(key)) is not None}
    return read_ledgers(of_sources | of_ledgers, cloud)


def _with_what_came_since(listed: Listings, ledgers: Mapping[str, Seen[Ledger]], cloud: Cloud) -> Listings:
    """The listings, with the files that the source bucket's does not show, though ledgers that were read later name them, and that are there.

    Else a page that somebody has published since would be gone until the second look.
    """
    named = {source.key for seen in ledgers.values() for record in seen.value.groups.values() for source in record.sources}
    missing = sorted(named - listed.source.keys())
    found = {key: seen for key, seen in zip(missing, cloud.fan.io(cloud.source.head, missing), strict=True) if seen}
    return replace(listed, source={**listed.source, **found}) if found else listed


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
    sources: Mapping[str, str],
    actual: Mapping[str, Observed],
    ledgers: Mapping[str, Seen[Ledger]],
    images: Mapping[str, ImageRecord],
    site: Site,
    cloud: Cloud,
    theme: Theme,
) -> Todo:
    """Everything that is not current."""
    wanted = sort_out(sources, site.languages, site.wording, named={*data_keys(site), *theme_keys(site)})
    files: dict[str, dict[str, str]] = {group: {} for group in wanted.groups}
    for key, etag in sources.items():
        if key.startswith(CONTENT) and (group := group_of(key, site.languages)[0]) in files:
            files[group][key] = etag
    basis, now = basis_of(site, theme), cloud.now()
    records = {group: record for seen in ledgers.values() for group, record in seen.value.groups.items()}
    stale = {group for group in {*files, *records} if not _current(records.get(group), files.get(group, {}), basis, now, actual, images)}
    statics = {
        key for key in wanted.statics if (there := actual.get(target_of(key))) is None or there.etag not in {sources.get(form) for form in forms(key)}
    }
    faulty = {problem.file for problem in wanted.problems} | _outdone_untold(sources, ledgers)
    keys = {group_keys(group, site.languages)[0] for group in stale} | statics | faulty
    return Todo(keys=frozenset(keys), sections=frozenset(ledgers), root=True)


def _outdone_untold(sources: Container[str], ledgers: Mapping[str, Seen[Ledger]]) -> set[str]:
    """The pages with an alias at which an upload stands whose authors have not been told; and the other way round."""
    told = {key for seen in ledgers.values() for key in seen.value.reports}
    asked = [(alias.key, upload_key(alias.address)) for seen in ledgers.values() for alias in seen.value.aliases() if upload_key(alias.address)]
    return {key for key, upload in asked if any(form in sources for form in forms(upload)) != (key in told)}


def _current(
    record: GroupRecord | None,
    files: Mapping[str, str],
    basis: str,
    now: float,
    actual: Mapping[str, Observed],
    images: Mapping[str, ImageRecord],
) -> bool:
    """Whether a group's pages are what its files give. A file with a problem never counts as current: it is to be told again."""
    if record is None or record.basis != basis:
        return False
    if {source.key: source.etag for source in record.sources} != dict(files):
        return False
    if any(source.state == "problem" or 0 < source.due <= now for source in record.sources):
        return False
    if record.pictures != known_digest(record.images, {key: images.get(key, ImageRecord()).picture() for key in record.images}):
        return False
    there = [actual.get(object_key(page.tile.address)) for page in record.pages]
    return all(found is not None and found.etag == page.etag for found, page in zip(there, record.pages, strict=True))


def _expected(
    sources: Iterable[str],
    ledgers: Mapping[str, Seen[Ledger]],
    images: Mapping[str, ImageRecord],
    site: Site,
    cloud: Cloud,
    theme: Theme,
) -> set[str]:
    """The keys of the site bucket that sources, ledgers and the theme explain."""
    root = read_root(cloud.site)
    overviews = overview_addresses(root.value, site)
    settled = [settle(seen.value, () if section else overviews, cloud.now(), cloud.retire_after) for section, seen in ledgers.items()]
    expected = {asset.key for asset in theme.assets} | root_derived_keys(root.value, site)
    expected |= {target_of(key) for key in sort_out(sources, site.languages).statics}
    expected |= {key for record in images.values() for key in (*record.keys(), *record.retired_keys())}
    for one in settled:
        expected |= section_derived_keys(one, site) | {object_key(address) for address in (*one.holders.pages, *one.redirects, *one.ledger.retired)}
    return expected


def _undecided(for_others: frozenset[str], listed: Listings, ledgers: Mapping[str, Seen[Ledger]], site: Site, theme: Theme) -> set[str]:
    """What the runs to which these keys are handed on may yet explain.

    Where pages of which no ledger knows yet may stand already: after a ledger was lost, that is every page of a section.
    And the assets of a theme before this one: pages that are not rendered anew yet ask for them.
    """
    if not for_others:
        return set()
    known = {source.key: source.etag for seen in ledgers.values() for record in seen.value.groups.values() for source in record.sources}
    new = sort_out((key for key in for_others if key in listed.source and known.get(key) != listed.source[key].etag), site.languages).groups
    pages = {object_key(page_address(group, lang, site.default_language)) for group in new if not is_index(group) for lang in site.languages}
    basis = basis_of(site, theme)
    is_behind = any(record.basis != basis for seen in ledgers.values() for record in seen.value.groups.values())
    return pages | {key for key in listed.site if is_behind and key.startswith(ASSETS)}
