"""A section's ledger, its merge, and who holds which address. Values and pure functions; `ledger_json` says how they are kept.

The ledger is the section's private memory, and the one object that is written by compare-and-swap: per page group the
state of its source files and what the overview has to know of its pages. Whatever is public beyond the pages themselves
is a pure function of it.

Addresses. Most follow from a page's key. Those that no key implies (a slug's, an alias's) are in the ledger before
anything is written there, and stay in it as *retired* when nobody holds them any more, until no run that might still
write there can be alive. An alias may lie in another section's space: it is a *guest* in the ledger of that section.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from tilepress.addresses import space_of
from tilepress.pages import NO_HTML, Html, Page, TileSize
from tilepress.pictures import Picture

State = Literal["published", "problem", "draft", "scheduled", "expired"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """What overviews, manifests and feeds know of a page. `img` is "" where there is no image, or none to be shown."""

    key: str
    lang: str
    address: str
    title: str
    subtitle: str = ""
    tile: TileSize = "single"
    type: str = ""
    img: str = ""
    img_alt: str = ""
    picture: Picture | None = None
    focus: str = ""
    categories: tuple[str, ...] = ()
    weight: int = 0
    date: str = ""
    lastmod: str = ""
    source_etag: str = ""


@dataclass(frozen=True, slots=True)
class Alias:
    """A further address, and the page's own that it leads to."""

    address: str
    target: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRecord:
    """A page that is published, or would be if nobody went before it at its address.

    `aliases` lie in this section's space, those `elsewhere` in another's, where they are guests. `etag` is its
    artifact's. `body` is kept for the pages that stand in a feed (`tilepress.feeds`), "" for others. `summary` and
    `search_keys` are for search, which finds all else in the page itself.
    """

    tile: Tile
    slugged: bool = False
    aliases: tuple[str, ...] = ()
    elsewhere: tuple[Alias, ...] = ()
    etag: str = ""
    body: Html = NO_HTML
    summary: str = ""
    search_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Intro:
    """A section's own title and text in one language, from its `_index.md`."""

    key: str
    lang: str
    title: str
    subtitle: str = ""
    description: str = ""
    img_header: str = ""
    img_alt: str = ""
    picture: Picture | None = None
    focus: str = ""
    body: Html = NO_HTML


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRecord:
    """A source file as last looked at. `good` is the version that still stands for it while its state is "problem"."""

    key: str
    etag: str
    state: State
    good: str = ""
    due: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRecord:
    """All languages of one page, or of a section's `_index`.

    `basis` is the digest of the settings, data, templates and code that it was computed with, `images` are the keys of those
    that its pages show, or would if there were any, and `pictures` is a digest of what was known of them.
    """

    basis: str = ""
    images: tuple[str, ...] = ()
    pictures: str = ""
    sources: tuple[SourceRecord, ...] = ()
    pages: tuple[PageRecord, ...] = ()
    intros: tuple[Intro, ...] = ()


@dataclass(frozen=True, slots=True)
class Retired:
    """An address that lost its holder (or was claimed) at `since`, in seconds; a redirect to `target` if there is one.

    `elsewhere` marks one in another section's space: there is nothing of it here but the memory that it may be a guest there.
    """

    since: float
    target: str = ""
    elsewhere: bool = False


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """The state of one section.

    `basis` is the digest of the settings, data, templates and code that it was last derived from with, `reports` are the
    source files whose authors have been told of problems, each with the ETag of its report.
    """

    section: str
    basis: str = ""
    groups: Mapping[str, GroupRecord] = field(default_factory=dict)
    guests: Mapping[str, tuple[Alias, ...]] = field(default_factory=dict)
    retired: Mapping[str, Retired] = field(default_factory=dict)
    reports: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def holders(self) -> "Holders":
        """Who holds which address where nobody from outside has one of them."""
        return holders(self)

    def pages(self) -> Iterator[PageRecord]:
        """Every page record, those that lost their address included."""
        for record in self.groups.values():
            yield from record.pages

    def is_bare(self) -> bool:
        """Whether there is nothing in the section to show."""
        return not any(record.pages or record.intros for record in self.groups.values())

    def aliases(self) -> Iterator[Alias]:
        """Every alias that lies in this section's space."""
        for page in self.pages():
            for address in page.aliases:
                yield Alias(address, page.tile.address, page.tile.key)
        for aliases in self.guests.values():
            yield from aliases

    def claims(self, group: str) -> dict[str, str]:
        """The addresses here that a group has and no key implies, each with the address of its page."""
        record = self.groups.get(group)
        pages = reversed(record.pages if record else ())  # where two languages have one alias, the first one's page counts
        own = {address: page.tile.address for page in pages for address in _asked(page)}
        return {alias.address: "" for alias in self.guests.get(group, ())} | own

    def intros(self) -> dict[str, Intro]:
        """The section's title and text by language. Of folders that differ only in how they are written the smaller name wins."""
        return {intro.lang: intro for name in sorted(self.groups, reverse=True) for intro in self.groups[name].intros}


@dataclass(frozen=True, slots=True, eq=False)
class Holders:
    """Who holds which address of a section: a page goes before an alias, then the smaller key wins.

    Compared by identity, so that what is made of thousands of pages can be remembered (`tilepress.lists.lists_of`).
    """

    pages: Mapping[str, PageRecord]
    aliases: Mapping[str, Alias]

    def contested(self, ledger: Ledger) -> set[str]:
        """The addresses that somebody in this ledger asks for, and somebody else has."""
        pages = {page.tile.address for page in ledger.pages() if not self.holds(page)}
        return pages | {alias.address for alias in ledger.aliases() if self.aliases.get(alias.address) != alias}

    def holds(self, page: PageRecord) -> bool:
        """Whether this page is what stands at its address."""
        found = self.pages.get(page.tile.address)
        return found is not None and (found.tile.key, found.tile.lang) == (page.tile.key, page.tile.lang)


def holders(ledger: Ledger, taken: Iterable[str] = ()) -> Holders:
    """Settle every address of the section. `taken` are addresses that are somebody else's (sections' overviews)."""
    others = set(taken)
    pages: dict[str, PageRecord] = {}
    for page in ledger.pages():
        address = page.tile.address
        if address not in others and (address not in pages or page.tile.key < pages[address].tile.key):
            pages[address] = page
    aliases: dict[str, Alias] = {}
    for alias in ledger.aliases():
        if alias.address in pages or alias.address in others or alias.target == alias.address:
            continue
        if alias.address not in aliases or alias.key < aliases[alias.address].key:
            aliases[alias.address] = alias
    return Holders(pages, aliases)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A section after a merge: its ledger, who holds what, where redirects lead, and which retired addresses are over.

    `uploads` are addresses at which uploaded pages stand, as far as somebody looked: they go before redirects.
    """

    ledger: Ledger
    holders: Holders
    redirects: Mapping[str, str]
    expired: tuple[str, ...]
    uploads: frozenset[str] = frozenset()

    def yielding(self, uploads: frozenset[str]) -> "Settled":
        """The same without the redirects at whose addresses uploaded pages stand."""
        redirects = {address: target for address, target in self.redirects.items() if address not in uploads}
        return replace(self, redirects=redirects, uploads=uploads) if uploads else self

    def within(self, languages: Sequence[str]) -> "Settled":
        """The same without redirects at retired addresses that lie in other sections' spaces, since the languages have changed."""
        ours = {address: target for address, target in self.redirects.items() if space_of(address, languages) == self.ledger.section}
        return self if len(ours) == len(self.redirects) else replace(self, redirects=ours)


def settle(ledger: Ledger, taken: Collection[str], now: float, retire_after: float) -> Settled:
    """Decide what stands at each of the section's addresses at this moment.

    A retired address that nobody else holds redirects for the first half of its grace. A run that still puts that redirect
    has then the other half to end, before whichever run comes next deletes the object and forgets the address.
    """
    found = holders(ledger, taken) if taken else ledger.holders
    held = found.pages.keys() | found.aliases.keys() | set(taken)
    redirects = {address: alias.target for address, alias in found.aliases.items()}
    for address, entry in ledger.retired.items():
        if entry.target and not entry.elsewhere and address not in held and now < entry.since + retire_after / 2:
            redirects[address] = entry.target
    expired = sorted(address for address, entry in ledger.retired.items() if now >= entry.since + retire_after)
    return Settled(ledger=ledger, holders=found, redirects=redirects, expired=tuple(expired))


def retire(ledger: Ledger, addresses: Iterable[str], now: float) -> Ledger:
    """The ledger with the memory that something stood at these addresses, and may be written there for a while."""
    lost = {address: Retired(now) for address in addresses}
    return replace(ledger, retired={**ledger.retired, **lost}) if lost else ledger


def merge(
    ledger: Ledger,
    groups: Mapping[str, GroupRecord | None],
    guests: Mapping[str, tuple[Alias, ...]],
    now: float,
) -> Ledger:
    """The ledger with these groups (None: gone) and these groups' guests as they are now.

    An address that one of them does not ask for any more retires, even where another holds it now: a run that read the
    former version may be about to write there.
    """
    if not groups and not guests:
        return ledger
    merged = replace(
        ledger,
        groups={name: record for name, record in {**ledger.groups, **groups}.items() if record is not None},
        guests={name: aliases for name, aliases in {**ledger.guests, **guests}.items() if aliases},
    )
    lost: dict[str, Retired] = {}
    for name in sorted({**groups, **guests}, reverse=True):  # of two that lose an address, the smaller name is who had it
        moved = _moved(ledger.groups.get(name), merged.groups.get(name))
        kept = merged.claims(name)
        lost |= {address: Retired(now, moved.get(target, "")) for address, target in ledger.claims(name).items() if address not in kept}
        now_elsewhere = {alias.address for alias in aliases_elsewhere(merged.groups.get(name))}
        before = {alias.address for alias in aliases_elsewhere(ledger.groups.get(name))}
        lost |= {address: Retired(now, elsewhere=True) for address in before - now_elsewhere}
    return replace(merged, retired={**ledger.retired, **lost})


def aliases_elsewhere(record: GroupRecord | None) -> tuple[Alias, ...]:
    """The aliases of a group that lie in other sections' spaces."""
    return tuple(alias for page in (record.pages if record else ()) for alias in page.elsewhere)


def _moved(before: GroupRecord | None, after: GroupRecord | None) -> dict[str, str]:
    """Where a group's pages are now, by where they were."""
    now = {page.tile.lang: page.tile.address for page in (after.pages if after else ())}
    return {page.tile.address: now[page.tile.lang] for page in (before.pages if before else ()) if page.tile.lang in now}


def _asked(page: PageRecord) -> tuple[str, ...]:
    """The addresses in its own section's space that a page asks for, and its key does not imply."""
    return (*page.aliases, page.tile.address) if page.slugged else page.aliases


def claim(ledger: Ledger, records: Mapping[str, GroupRecord], now: float, retire_after: float) -> Ledger:
    """The ledger with the slugs' addresses noted that these groups are about to write, and did not have before.

    Noted as retired: if the run that writes them comes to its end, they are held as well; if it dies, they are watched and
    deleted in their time. What is noted already, long enough for this run, is not noted again.
    """
    noted = {}
    for name, record in records.items():
        had = ledger.claims(name)
        for page in record.pages:
            address, entry = page.tile.address, ledger.retired.get(page.tile.address)
            if page.slugged and address not in had and (entry is None or entry.since + retire_after / 2 < now):
                noted[address] = Retired(now, entry.target if entry else "")
    return replace(ledger, retired={**ledger.retired, **noted}) if noted else ledger


def note_elsewhere(ledger: Ledger, address: str, now: float, retire_after: float) -> Ledger:
    """The ledger with the memory that runs of this section may write at an address in another's space."""
    entry = ledger.retired.get(address)
    if entry is not None and now <= entry.since + retire_after / 2:
        return ledger
    return replace(ledger, retired={**ledger.retired, address: Retired(now, elsewhere=True)})


def forget(ledger: Ledger, addresses: Iterable[str]) -> Ledger:
    """The ledger without these retired addresses, where nothing stands any more that should not."""
    gone = set(addresses)
    kept = {address: entry for address, entry in ledger.retired.items() if address not in gone}
    return ledger if len(kept) == len(ledger.retired) else replace(ledger, retired=kept)


def with_reports(ledger: Ledger, looked_at: Iterable[str], told: Mapping[str, str]) -> Ledger:
    """The ledger with the memory of who has been told of problems, as far as these source files were looked at."""
    others = ledger.reports.keys() - set(looked_at)
    reports = {key: etag for key, etag in ledger.reports.items() if key in others} | dict(told)
    return ledger if reports == ledger.reports else replace(ledger, reports=reports)


def tile_of(page: Page, source_etag: str, picture: Picture | None = None) -> Tile:
    """What is remembered of a page. `picture` is what is known of its image."""
    return Tile(
        key=page.key,
        lang=page.lang,
        address=page.address,
        title=page.title,
        subtitle=page.subtitle,
        tile=page.tile,
        type=page.type,
        img=page.img or page.img_header,
        img_alt=page.img_alt,
        picture=picture,
        focus=page.focus,
        categories=page.categories,
        weight=page.weight,
        date=page.date,
        lastmod=page.lastmod,
        source_etag=source_etag,
    )
