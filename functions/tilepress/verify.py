"""The site bucket × what a clean build of the sources would hold → drift. Reads sources and ledgers, and of the site only a listing.

For a file that is broken stands its last good version, as the ledgers know it; so the ledgers are what a clean build starts
from here, in a scratch store. What is retired is no drift: it goes in its time.
"""

from dataclasses import dataclass, replace
from typing import Literal

from tilepress.addresses import PRIVATE, object_key
from tilepress.artifacts import JSON, Artifact
from tilepress.books import read_ledger, section_of_ledger
from tilepress.checks import check_site
from tilepress.imaging import all_images
from tilepress.inputs import read_site
from tilepress.pages import Problem
from tilepress.ports import Cloud, Store
from tilepress.reindex import reindex, retired_files
from tilepress.resync import resync
from tilepress.theme import Theme


@dataclass(frozen=True, slots=True)
class Drift:
    """A key of the site bucket at which not that stands which should."""

    key: str
    kind: Literal["missing", "stale", "orphan"]


def verify(cloud: Cloud, scratch: Store, theme: Theme) -> tuple[Drift, ...]:
    """Every drift, by key. `scratch` is an empty store for the clean build; nothing else is written."""
    retired: set[str] = set()
    variants: dict[str, str] = {}
    for seen in cloud.site.list(PRIVATE):
        found = cloud.site.get(seen.key)
        if found:
            scratch.put(Artifact(seen.key, found.body, JSON))
        if (section := section_of_ledger(seen.key)) is not None:
            ledger = read_ledger(cloud.site, section).value
            retired |= {object_key(address) for address, entry in ledger.retired.items() if not entry.elsewhere}
    retired |= retired_files(cloud).keys()
    clean = replace(cloud, site=scratch, cdn=_Nobody(), tells_authors=False, timer=None, queue=None, images=None, encoder=None)
    resync(clean, theme)
    reindex(clean, theme.release)
    for record in all_images(replace(cloud, site=scratch)).values():  # a clean build would make them of the same bytes: that takes long
        variants |= record.keys()
        retired |= record.retired_keys()
    expected = {seen.key: seen.etag for seen in scratch.list() if not seen.key.startswith(PRIVATE)} | variants
    there = {seen.key: seen.etag for seen in cloud.site.list() if not seen.key.startswith(PRIVATE)}
    drift = [Drift(key, "missing") for key in expected.keys() - there.keys()]
    drift += [Drift(key, "stale") for key in expected.keys() & there.keys() if expected[key] != there[key]]
    drift += [Drift(key, "orphan") for key in there.keys() - expected.keys() - retired]
    return tuple(sorted(drift, key=lambda one: one.key))


def look_around(cloud: Cloud) -> list[Problem]:
    """What authors should know of a site that is built: links that lead nowhere and the like. Reads every page, so never a part of publishing."""
    site = read_site(cloud)
    if site is None:
        return []
    keys = [seen.key for seen in cloud.site.list()]
    ledgers = [read_ledger(cloud.site, section).value for key in keys if (section := section_of_ledger(key)) is not None]
    public = [key for key in keys if not key.startswith(PRIVATE)]
    html = {key: found.body.decode(errors="replace") for key in public if key.endswith(".html") and (found := cloud.site.get(key))}
    wanted = {page.tile.key for ledger in ledgers for page in ledger.pages()} | {
        intro.key for ledger in ledgers for intro in ledger.intros().values()
    }
    sources = {key: found.body.decode(errors="replace") for key in sorted(wanted) if (found := cloud.source.get(key))}
    return check_site(ledgers, html, public, sources, site)


class _Nobody:
    def invalidate(self, paths: object) -> None:
        """A scratch store has no readers."""
