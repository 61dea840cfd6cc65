"""The site bucket × what a clean build of the sources would hold → drift. Reads sources and ledgers, and of the site only a listing.

For a file that is broken stands its last good version, as the ledgers know it; so the ledgers are what a clean build starts
from here, in a scratch store. What is retired is no drift: it goes in its time.
"""

from dataclasses import dataclass, replace
from typing import Literal

from tilepress.addresses import PRIVATE, object_key
from tilepress.artifacts import JSON, Artifact
from tilepress.books import read_ledger, read_root, section_of_ledger
from tilepress.derive_root import overview_addresses
from tilepress.imaging import all_images
from tilepress.inputs import read_site
from tilepress.ledger import settle
from tilepress.pages import Problem
from tilepress.ports import Cloud, Store
from tilepress.reading import read_page
from tilepress.reindex import reindex, retired_files
from tilepress.resync import resync
from tilepress.survey import survey, uploads_of
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


def look_around(cloud: Cloud) -> tuple[Problem, ...]:
    """What only the whole of a site that is built shows its authors: links that lead nowhere and the like."""
    site = read_site(cloud)
    if site is None:
        return ()
    names = [section for seen in cloud.site.list(PRIVATE) if (section := section_of_ledger(seen.key)) is not None]
    root = read_root(cloud.site).value
    taken = overview_addresses(root, site)
    sections = [settle(read_ledger(cloud.site, name).value, () if name else taken, 0, 0) for name in names]
    tiles = [page.tile for settled in sections for page in settled.holders.pages.values()]
    pages = {(tile.key, tile.lang): cloud.site.get(object_key(tile.address)) for tile in tiles}
    readings = {name: read_page(page.body.decode(errors="replace")) for name, page in pages.items() if page}
    return survey(sections, root, readings, uploads_of(cloud), site, cloud.source)


class _Nobody:
    def invalidate(self, paths: object) -> None:
        """A scratch store has no readers."""
