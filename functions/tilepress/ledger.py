"""A section's ledger, its merge, and who holds which address. Values and pure functions; no JSON here but its own form.

The ledger is the section's private memory, and the one object that is written by compare-and-swap: per page group the
state of its source files and what the overview has to know of its pages. Whatever is public beyond the pages themselves
is a pure function of it.

Addresses. Most follow from a page's key. Those that no key implies (a slug's, an alias's) are in the ledger before
anything is written there, and stay in it as *retired* when nobody holds them any more, until no run that might still
write there can be alive. An alias may lie in another section's space: it is a *guest* in the ledger of that section.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tilepress.artifacts import json_bytes
from tilepress.pages import NO_HTML, Html, Page, TileSize

VERSION = 1

State = Literal["published", "problem", "draft", "scheduled", "expired"]
Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """What overviews, manifests and feeds know of a page."""

    key: str
    lang: str
    address: str
    title: str
    subtitle: str = ""
    tile: TileSize = "single"
    type: str = ""
    img: str = ""
    img_alt: str = ""
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
    artifact's, `basis` the digest of the settings, data, templates and code that it was rendered with.
    """

    tile: Tile
    slugged: bool = False
    aliases: tuple[str, ...] = ()
    elsewhere: tuple[Alias, ...] = ()
    etag: str = ""


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

    `basis` is the digest of the settings, data, templates and code that it was computed with.
    """

    basis: str = ""
    sources: tuple[SourceRecord, ...] = ()
    pages: tuple[PageRecord, ...] = ()
    intros: tuple[Intro, ...] = ()


@dataclass(frozen=True, slots=True)
class Retired:
    """An address that lost its holder (or was claimed) at `since`, in seconds; a redirect to `target` if there is one."""

    since: float
    target: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The state of one section."""

    section: str
    groups: Mapping[str, GroupRecord] = field(default_factory=dict)
    guests: Mapping[str, tuple[Alias, ...]] = field(default_factory=dict)
    retired: Mapping[str, Retired] = field(default_factory=dict)

    def pages(self) -> Iterator[PageRecord]:
        """Every page record, those that lost their address included."""
        for record in self.groups.values():
            yield from record.pages

    def aliases(self) -> Iterator[Alias]:
        """Every alias that lies in this section's space."""
        for page in self.pages():
            for address in page.aliases:
                yield Alias(address, page.tile.address, page.tile.key)
        for aliases in self.guests.values():
            yield from aliases

    def claimed(self) -> dict[str, str]:
        """The addresses here that no key implies, each with the page's own address that it belongs to."""
        slugged = {page.tile.address: page.tile.address for page in self.pages() if page.slugged}
        aliased: dict[str, str] = {}
        for alias in sorted(self.aliases(), key=lambda alias: alias.key):  # the smaller key wins, as in `holders`
            aliased.setdefault(alias.address, alias.target)
        return aliased | slugged

    def intros(self) -> dict[str, Intro]:
        """The section's title and text by language."""
        return {intro.lang: intro for record in self.groups.values() for intro in record.intros}


@dataclass(frozen=True, slots=True)
class Holders:
    """Who holds which address of a section: a page goes before an alias, then the smaller key wins."""

    pages: Mapping[str, PageRecord]
    aliases: Mapping[str, Alias]

    def holds(self, page: PageRecord) -> bool:
        """Whether this very page is what stands at its address."""
        return self.pages.get(page.tile.address) is page


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
    """A section after a merge: its ledger, who holds what, where redirects lead, and which retired addresses are over."""

    ledger: Ledger
    holders: Holders
    redirects: Mapping[str, str]
    expired: tuple[str, ...]


def settle(ledger: Ledger, taken: Iterable[str], now: float, retire_after: float) -> Settled:
    """Decide what stands at each of the section's addresses at this moment.

    A retired address redirects for the first half of its grace. A run that still puts that redirect has then the other
    half to end, before whichever run comes next deletes the object and forgets the address. Where something else stands
    by then, there is nothing to delete: the entry waits until nobody holds the address.
    """
    found = holders(ledger, taken)
    held = found.pages.keys() | found.aliases.keys() | set(taken)
    redirects = {address: alias.target for address, alias in found.aliases.items()}
    expired = []
    for address, entry in ledger.retired.items():
        if address in held:
            continue
        if now >= entry.since + retire_after:
            expired.append(address)
        elif entry.target and now < entry.since + retire_after / 2:
            redirects[address] = entry.target
    return Settled(ledger=ledger, holders=found, redirects=redirects, expired=tuple(sorted(expired)))


def merge(
    ledger: Ledger,
    groups: Mapping[str, GroupRecord | None],
    guests: Mapping[str, tuple[Alias, ...]],
    now: float,
) -> Ledger:
    """The ledger with these groups (None: gone) and these groups' guests as they are now; what lost its holder retires."""
    merged = Ledger(
        section=ledger.section,
        groups={name: record for name, record in {**ledger.groups, **groups}.items() if record is not None},
        guests={name: aliases for name, aliases in {**ledger.guests, **guests}.items() if aliases},
    )
    before, after = ledger.claimed(), merged.claimed()
    moved = {
        old.tile.address: new.tile.address
        for name, record in groups.items()
        if record is not None and name in ledger.groups
        for old in ledger.groups[name].pages
        for new in record.pages
        if old.tile.lang == new.tile.lang
    }
    standing = {page.tile.address for page in merged.pages()}
    targets = {target: moved.get(target, target) for target in before.values()}
    lost = {
        address: Retired(now, targets[target] if targets[target] in standing else "") for address, target in before.items() if address not in after
    }
    retired = {address: entry for address, entry in {**ledger.retired, **lost}.items() if address not in after}
    return Ledger(section=merged.section, groups=merged.groups, guests=merged.guests, retired=retired)


def claim(ledger: Ledger, addresses: Iterable[str], now: float) -> Ledger:
    """The ledger with these addresses noted, so that whatever is written there is known, come what may."""
    noted = {address: Retired(now) for address in addresses}
    return Ledger(section=ledger.section, groups=ledger.groups, guests=ledger.guests, retired={**noted, **ledger.retired})


def unclaimed(ledger: Ledger, records: Iterable[GroupRecord]) -> set[str]:
    """The slugs' addresses among these records that the ledger does not know yet."""
    known = ledger.claimed().keys() | ledger.retired.keys()
    return {page.tile.address for record in records for page in record.pages if page.slugged} - known


def forget(ledger: Ledger, addresses: Iterable[str]) -> Ledger:
    """The ledger without these retired addresses, whose objects have been deleted."""
    gone = set(addresses)
    retired = {address: entry for address, entry in ledger.retired.items() if address not in gone}
    return Ledger(section=ledger.section, groups=ledger.groups, guests=ledger.guests, retired=retired)


def tile_of(page: Page, source_etag: str) -> Tile:
    """What is remembered of a page."""
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
        categories=page.categories,
        weight=page.weight,
        date=page.date,
        lastmod=page.lastmod,
        source_etag=source_etag,
    )


def to_bytes(ledger: Ledger) -> bytes:
    """The ledger's own JSON: keys in order, empty fields left out, so equal ledgers are equal bytes."""
    return json_bytes(
        {
            "version": VERSION,
            "section": ledger.section,
            "groups": {name: _lean(ledger.groups[name]) for name in sorted(ledger.groups)},
            "guests": {name: [_lean(alias) for alias in ledger.guests[name]] for name in sorted(ledger.guests)},
            "retired": {address: _lean(ledger.retired[address]) for address in sorted(ledger.retired)},
        }
    )


def from_json(value: Json) -> Ledger:
    """A ledger from its JSON. Raises KeyError or TypeError for what is none."""
    if value["version"] != VERSION:
        raise KeyError(f"ledger version {value['version']}")
    return Ledger(
        section=value["section"],
        groups={name: _group(record) for name, record in value["groups"].items()},
        guests={name: tuple(Alias(**alias) for alias in aliases) for name, aliases in value["guests"].items()},
        retired={address: Retired(**entry) for address, entry in value["retired"].items()},
    )


def _group(value: Json) -> GroupRecord:
    return GroupRecord(
        basis=value.get("basis", ""),
        sources=tuple(SourceRecord(**source) for source in value.get("sources", ())),
        pages=tuple(_page(page) for page in value.get("pages", ())),
        intros=tuple(Intro(**intro) for intro in value.get("intros", ())),
    )


def _page(value: Json) -> PageRecord:
    tile = value["tile"]
    rest = {name: part for name, part in value.items() if name not in {"tile", "aliases", "elsewhere"}}
    elsewhere = tuple(Alias(**alias) for alias in value.get("elsewhere", ()))
    return PageRecord(tile=tile_from_json(tile), aliases=tuple(value.get("aliases", ())), elsewhere=elsewhere, **rest)


def tile_from_json(value: Json) -> Tile:
    """A tile from a ledger's JSON."""
    return Tile(**{**value, "categories": tuple(value.get("categories", ()))})


def _lean(value: Any) -> Any:
    """A record as JSON, without the fields that are empty."""
    if isinstance(value, tuple):
        return [_lean(part) for part in value]
    if not hasattr(value, "__slots__") or isinstance(value, str):
        return value
    return {name: _lean(part) for name in value.__slots__ if (part := getattr(value, name)) or name in {"key", "since"}}


lean = _lean
