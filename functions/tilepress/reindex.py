"""Ledgers and pages → the files that search reads, and the report of the whole site. A run of its own, so that no page waits for it.

What it does follows from what it finds, as with `reconcile`; a message only says "look again". A run
  1. reads the settings, the ledgers, and the extracts of each section as the last run left them, each with its ETag;
  2. reads the pages that are not what their extracts were made from, and replaces extracts by compare-and-swap;
  3. derives from all extracts the files of the index: puts those that are missing, each language's `index.json` last;
     what is not named any more retires, and is deleted after the grace by whichever run comes next; and tells authors what
     the extracts and ledgers show of the whole, dead links say;
  4. looks again: unless all that it read is as it was, it begins anew.
Whoever changes a page, or a ledger, sends a message when that is done. A run that wrote an older index over a newer one
finds at its second look that the extracts, or what they come from, have changed. One that dies is done again, since its
message comes again; a file that it left, and that no index names, shows in the listing of the next run.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from tilepress.addresses import PRIVATE, SEARCH, SETTINGS_KEY, is_search_file, object_key
from tilepress.artifacts import JSON, Artifact, json_bytes
from tilepress.artifacts import PRIVATE as NOT_CACHED
from tilepress.books import ROOT_KEY, Seen, ledger_key, read_ledgers, read_root, section_of_ledger
from tilepress.derive_root import overview_addresses
from tilepress.errors import GiveUp, Stale, TryAgain
from tilepress.ledger import Ledger, PageRecord, holders, settle
from tilepress.pages import Problem, SourceFile
from tilepress.ports import Cloud
from tilepress.reading import Reading, read_page
from tilepress.report import Report
from tilepress.root import Root
from tilepress.search.extracts import Extract, basis_of, extract, from_json, to_bytes
from tilepress.search.index import index_files
from tilepress.site import Site, parse_site
from tilepress.survey import survey, tell_survey, uploads_of

EXTRACTS = f"{PRIVATE}search/"
RETIRED_KEY = f"{EXTRACTS}retired.json"
ATTEMPTS_MAX = 12
PAGES_AT_ONCE = 256
"""How many pages are in memory at a time."""


@dataclass(frozen=True, slots=True)
class _Read:
    """What a run works from. There is no site while there is an error in site.yaml. `etags` are those of what it read of the site bucket."""

    site: Site | None
    settings_etag: str | None
    ledgers: Mapping[str, Seen[Ledger]]
    root: Root
    taken: frozenset[str]
    etags: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class _Kept:
    """A section's extracts as they were read. The ETag is None where there were none."""

    key: str
    etag: str | None
    extracts: tuple[Extract, ...]


def reindex(cloud: Cloud, release: str) -> Report:
    """Make search find what is published, and nothing else. `release` names the code: extracts of another are not current.

    Raises TryAgain when something outside was not ready, GiveUp when trying again would not help.
    """
    report = Report()
    for attempt in range(ATTEMPTS_MAX):
        if attempt:
            cloud.pause(attempt)
        try:
            read = _read(cloud)
            if read.site is None:  # pages stay as they are as well, until the settings are mended, which brings a message
                return report
            extracts, written = _extracts(read, cloud, release)
            report += _put(index_files(extracts, read.site), cloud)
            report += _tell_authors(read, read.site, extracts, cloud)
        except Stale:
            continue
        if not _changed(read, written, cloud):
            return report
    raise TryAgain(f"search is not settled after {ATTEMPTS_MAX} attempts: pages keep changing")


def retired_files(cloud: Cloud) -> dict[str, float]:
    """The files of former indexes that still stand, each with the time since when no index names it, in seconds."""
    return _retired(cloud)[0]


def _read(cloud: Cloud) -> _Read:
    there = _books(cloud)
    ledgers = read_ledgers({section for key in there if (section := section_of_ledger(key)) is not None}, cloud)
    root, settings = read_root(cloud.site), cloud.source.get(SETTINGS_KEY)
    site, _ = parse_site(settings)
    etags = {seen.key: seen.etag for seen in ledgers.values()} | {ROOT_KEY: root.etag}
    taken = frozenset(overview_addresses(root.value, site)) if site else frozenset[str]()
    return _Read(site, settings.etag if settings else None, ledgers, root.value, taken, etags)


def _books(cloud: Cloud) -> dict[str, str]:
    """The ledgers that there are, and their ETags."""
    found = {seen.key: seen.etag for seen in cloud.site.list(f"{PRIVATE}sections/")}
    pages = cloud.site.head(ledger_key(""))
    return found | ({pages.key: pages.etag} if pages else {})


def _extracts(read: _Read, cloud: Cloud, release: str) -> tuple[list[Extract], dict[str, str]]:
    """The extracts of all pages that can be seen; and the ETags of what they are kept in."""
    site = read.site
    if site is None or not (site.search or cloud.tells_authors):
        return [], {}
    found: list[Extract] = []
    written: dict[str, str] = {}
    kept = dict(zip(read.ledgers, cloud.fan.io(partial(_read_extracts, cloud), read.ledgers), strict=True))
    for section, seen in read.ledgers.items():
        pages = _visible(seen.value, () if section else read.taken, site)
        current = _current(pages, kept[section].extracts, cloud, release)
        if kept[section].etag is not None or current:
            written[kept[section].key] = _replace(kept[section].key, kept[section].etag, to_bytes(current), cloud)
        found += current
    return found, written


def _visible(ledger: Ledger, taken: Iterable[str], site: Site) -> list[PageRecord]:
    """The pages of a section that hold their addresses."""
    return [page for page in holders(ledger, taken).pages.values() if page.tile.lang in site.languages]


def _current(pages: list[PageRecord], known: Iterable[Extract], cloud: Cloud, release: str) -> list[Extract]:
    """An extract of each page: the known one where it was made from what is there."""
    by_page = {(one.key, one.lang): one for one in known}
    wanted = {(page.tile.key, page.tile.lang): (page, basis_of(page, page.etag, release)) for page in pages}
    current = [one for name, (_, basis) in wanted.items() if (one := by_page.get(name)) and one.basis == basis]
    made = {(one.key, one.lang) for one in current}
    missing = [page for name, (page, _) in wanted.items() if name not in made]
    for start in range(0, len(missing), PAGES_AT_ONCE):
        pages = missing[start : start + PAGES_AT_ONCE]
        found = cloud.fan.io(cloud.site.get, [object_key(page.tile.address) for page in pages])
        there = [(page, file) for page, file in zip(pages, found, strict=True) if file]
        current += cloud.fan.cpu(partial(_extract, release), there)
    return current


def _extract(release: str, given: tuple[PageRecord, SourceFile]) -> Extract:
    """A page's extract, from what stands at its address. Never in a thread: Snowball's stemmers are not made for that.

    What stands there may not be what the ledger names. Then its writer is still at work, and sends a message at its end; the
    extract's basis is of what was found, so that the next run looks again.
    """
    page, found = given
    return extract(page, read_page(found.body.decode(errors="replace")), basis_of(page, found.etag, release))


def _put(files: list[Artifact], cloud: Cloud) -> Report:
    """Make what stands below `_search/` these files. Those of a former index stay for the grace: a reader may have that index."""
    there = {seen.key: seen.etag for seen in cloud.site.list(SEARCH) if is_search_file(seen.key)}
    missing = [file for file in files if there.get(file.key) != file.etag]
    indexes = [file for file in missing if file.key.endswith("/index.json")]
    cloud.fan.io(cloud.site.put, [file for file in missing if file not in indexes])
    cloud.fan.io(cloud.site.put, indexes)
    retired, etag = _retired(cloud)
    now = cloud.now()
    unnamed = {key: retired.get(key, now) for key in sorted(there.keys() - {file.key for file in files})}
    over = [key for key, since in unnamed.items() if now >= since + cloud.retire_after]
    kept = {key: since for key, since in unnamed.items() if key not in over}
    if kept != retired:  # before deleting: who decides on a file is who knows of it last
        _replace(RETIRED_KEY, etag, json_bytes(kept), cloud)
    cloud.fan.io(cloud.site.delete, over)
    put = {file.key: "changed" if file.key in there else "new" for file in missing}
    return Report(put=put, deleted=dict.fromkeys(over, "not named any more"), unchanged=len(files) - len(missing))


def _survey(read: _Read, site: Site, extracts: Iterable[Extract], uploads: frozenset[str], cloud: Cloud) -> tuple[Problem, ...]:
    """What only the whole site shows its authors, with these uploads."""
    readings = {(one.key, one.lang): Reading("", one.links, one.anchors) for one in extracts}
    sections = [settle(seen.value, () if section else read.taken, 0, 0) for section, seen in read.ledgers.items()]
    return survey(sections, read.root, readings, uploads, site, cloud.source)


def _tell_authors(read: _Read, site: Site, extracts: Iterable[Extract], cloud: Cloud) -> Report:
    """Tell authors what only the whole site shows, until that is what it shows. That this is not permitted is no reason not to make the index.

    Uploads come and go without a ledger: what matters of them is whether any page leads there.
    """
    if not cloud.tells_authors:
        return Report()
    try:
        uploads = uploads_of(cloud)
        tell_survey(told := _survey(read, site, extracts, uploads, cloud), site, cloud)
        while (there := uploads_of(cloud)) != uploads and (found := _survey(read, site, extracts, there, cloud)) != told:
            tell_survey(found, site, cloud)
            told, uploads = found, there
    except GiveUp as error:
        return Report(faults=(f"authors are not told: {error}",))
    return Report()


def _changed(read: _Read, written: Mapping[str, str], cloud: Cloud) -> bool:
    """Step 4: whether anything is not as it was when it was read, or written."""
    settings = cloud.source.head(SETTINGS_KEY)
    if (settings.etag if settings else None) != read.settings_etag:
        return True
    root = cloud.site.head(ROOT_KEY)
    there: dict[str, str | None] = {**_books(cloud), ROOT_KEY: root.etag if root else None}
    kept = {seen.key: seen.etag for seen in cloud.site.list(EXTRACTS)}
    return there != dict(read.etags) or any(kept.get(key) != etag for key, etag in written.items())


def _read_extracts(cloud: Cloud, section: str) -> _Kept:
    """A section's extracts. What cannot be read, of a former version say, is made anew."""
    key = EXTRACTS + ledger_key(section).removeprefix(PRIVATE)
    found = cloud.site.get(key)
    try:
        return _Kept(key, found.etag if found else None, from_json(json.loads(found.body)) if found else ())
    except (ValueError, KeyError, TypeError, AttributeError):
        return _Kept(key, found.etag if found else None, ())


def _retired(cloud: Cloud) -> tuple[dict[str, float], str | None]:
    found = cloud.site.get(RETIRED_KEY)
    return (json.loads(found.body), found.etag) if found else ({}, None)


def _replace(key: str, etag: str | None, body: bytes, cloud: Cloud) -> str:
    """Write this unless it is there. Its ETag. Raises Stale when something else is there than was read."""
    artifact = Artifact(key, body, JSON, NOT_CACHED)
    return artifact.etag if artifact.etag == etag else cloud.site.replace(artifact, etag)
