"""Step 4: what a run has to do once more, since what it read is not as it was, or since it may have written where others stand."""

from collections.abc import Iterable, Mapping

from tilepress.addresses import address_of, group_keys, group_of, object_key, space_of
from tilepress.books import Seen, read_ledger
from tilepress.derive_root import search_addresses
from tilepress.feeds import without_text
from tilepress.groups import Computed
from tilepress.imaging import Shelf
from tilepress.ledger import Ledger, PageRecord, Settled
from tilepress.observing import observe
from tilepress.pictures import folder_of, is_image
from tilepress.places import moved_groups
from tilepress.ports import Cloud
from tilepress.root import Root
from tilepress.runs import Run
from tilepress.site import Site
from tilepress.site_bucket import SiteBucket
from tilepress.statics import StaticFile
from tilepress.todo import Todo

Holding = Mapping[str, PageRecord]
"""The pages of a section by the addresses that they hold."""
Former = dict[str, list[Holding]]
"""Who held the addresses of a section, as each attempt found it: one that came no further may have written its ledger, others as well since."""


def look_again(run: Run, site: Site, ledgers: Mapping[str, Seen[Ledger]], root: Seen[Root], statics: Iterable[StaticFile], cloud: Cloud) -> Todo:
    """What was read, and is not as it was."""
    keys = [key for sources in run.sources for key in group_keys(sources.group, site.languages)]
    read = dict.fromkeys(keys) | {file.key: file.etag for sources in run.sources for file in sources.files}
    read |= {form: etag for file in statics for form, etag in file.looked.items()}
    inputs = dict(run.inputs.etags)
    looked = [*read, *inputs, *run.faulty]
    if run.listed:
        there = {seen.key: seen.etag for seen in cloud.source.list()}
        found = {key: there.get(key) for key in looked}
    else:
        found = {key: seen.etag if seen else None for key, seen in observe(looked, cloud.source, cloud.fan).items()}
    books: list[Seen[Ledger] | Seen[Root]] = [*ledgers.values(), root]
    now = cloud.fan.io(cloud.site.head, [book.key for book in books])
    moved = [book for book, seen in zip(books, now, strict=True) if (seen.etag if seen else None) != book.etag]
    if any(found[key] != etag for key, etag in inputs.items()):
        return run.todo
    told = {one.file for one in run.problems}
    changed = {key for key, etag in read.items() if found[key] != etag} | {key for key in run.faulty if (key in told) != (found[key] is not None)}
    sections = {book.value.section for book in moved if isinstance(book.value, Ledger)}
    if root in moved and "" in ledgers:  # whether a page in no folder keeps its address depends on the root ledger
        sections.add("")
    return Todo(keys=frozenset(changed), sections=frozenset(sections), root=root in moved)


def look_at_images_again(run: Run, computed: Iterable[Computed], shelf: Shelf) -> Todo:
    """For image ledgers: the groups, and the images, of the folders whose ledger is not as it was read."""
    moved = shelf.moved()
    if not moved:
        return Todo()
    groups = {one.group for one in computed if one.record and any(folder_of(key) in moved for key in one.record.images)}
    shown = {group_keys(sources.group, ())[0] for sources in run.sources if sources.group in groups}
    return Todo(keys=frozenset(shown | {key for key in run.statics if is_image(key) and folder_of(key) in moved}))


def overviews_again(addresses: set[str], site: Site, bucket: SiteBucket) -> Todo:
    """For overviews that are not this run's: where it may have written over one of them, or one that died, that is made again."""
    sections = {
        _section_of_overview(address, site)
        for address in addresses - search_addresses(site)  # search pages are the root's
        if _section_of_overview(address, site) not in bucket.sections or object_key(address) in bucket.touched
    }
    return Todo(sections=frozenset(sections))


def strays(bucket: SiteBucket, site: Site) -> Todo:
    """The sections in whose spaces this run has written, and which are not its own: the languages were others then."""
    spaces = {space_of(address_of(key), site.languages) for key in bucket.touched if key.endswith(".html")}
    return Todo(sections=frozenset(spaces - bucket.sections - {""}))


def overwritten_pages(pages: Mapping[str, PageRecord], bucket: SiteBucket) -> dict[str, str]:
    """Those of these pages, by address, that do not stand there any more, each with its key."""
    there = bucket.etags(object_key(address) for address in pages)
    return {address: page.tile.key for address, page in pages.items() if there[object_key(address)] != page.etag}


def _section_of_overview(address: str, site: Site) -> str:
    lang, _, rest = address.strip("/").partition("/")
    return rest if lang in site.languages and rest else address.strip("/")


def follow_ups(former: Former, computed: list[Computed], settled: Mapping[str, Settled], changed: set[str], site: Site, cloud: Cloud) -> Todo:
    """Pages outside this run that came to hold an address, or lost it, by what it did. `changed` are overviews that came or went."""
    addresses = {
        section: {address for before in former.pop(section, ()) for address in _changed_hands(before, one.holders.pages)}
        for section, one in settled.items()
    }
    ledgers = {section: one.ledger for section, one in settled.items()}
    if changed:
        addresses[""] = addresses.get("", set()) | changed
        ledgers.setdefault("", read_ledger(cloud.site, "").value)
    mine = {one.group for one in computed}
    keys = {
        page.tile.key
        for section, ledger in ledgers.items()
        for group, record in ledger.groups.items()
        for page in record.pages
        if group not in mine and page.tile.address in addresses[section]
    }
    keys |= {key for ledger in ledgers.values() for key in without_text(ledger, site) if group_of(key, site.languages)[0] not in mine}
    # Before the root ledger told of it, others may have written where an overview came or went: these look once more.
    sections = frozenset({"", *settled}) if changed else frozenset[str]()
    moved = moved_groups(computed, (one.ledger for one in settled.values()), site)
    return Todo(keys=frozenset(keys | moved), sections=sections)


def _changed_hands(before: Holding, after: Holding) -> set[str]:
    """The addresses at which another page stands than before."""
    return {address for address in before.keys() & after.keys() if before[address].tile.key != after[address].tile.key}
