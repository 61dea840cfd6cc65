"""Who stands where in the site bucket, after the ledgers of a run are settled. Pure.

The addresses of a section are settled by its ledger. What a run makes of that is decided here: which of its artifacts are
put, which keys are deleted, and at which addresses of others it should look, because it, or a run before it that died, may
have written there.
"""

from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from functools import partial

from tilepress.addresses import STATIC, address_of, group_keys, is_derived, is_index, object_key, page_address, section_of, space_of, upload_key
from tilepress.artifacts import Artifact
from tilepress.derive_root import search_addresses
from tilepress.derive_section import former_keys, section_derived_keys, section_keys
from tilepress.groups import Computed, GroupSources
from tilepress.ledger import Ledger, PageRecord, Settled
from tilepress.pages import Problem
from tilepress.plan import Delete
from tilepress.site import Site
from tilepress.wording import problem

Settlement = Mapping[str, Settled]
"""What became of the sections of a run, by name."""


def held_artifacts(computed: Iterable[Computed], settled: Settlement) -> list[Artifact]:
    """The artifacts of the pages that have the address that they ask for."""
    found: list[Artifact] = []
    for one in computed:
        holders = settled[section_of(one.group)].holders
        held = {object_key(page.tile.address) for page in (one.record.pages if one.record else ()) if holders.holds(page)}
        found.extend(artifact for artifact in one.artifacts if artifact.key in held)
    return found


def gone(computed: Iterable[Computed], settled: Settlement, overviews: set[str], site: Site, before: Settlement | None) -> list[Delete]:
    """The addresses that these groups' keys imply, and where nothing stands any more.

    All of them, whatever the ledger says: a run that died may have written a page that no ledger knows. But such a run's message
    comes again; one that is handed its messages for the first time may trust what the ledgers say was there `before`.
    """
    kept = _kept(settled, overviews)
    implied = {object_key(address) for one in computed for address in _implied(one, site)}
    there = implied if before is None else {object_key(page.tile.address) for one in before.values() for page in one.ledger.pages()}
    return [Delete(key, "source gone") for key in sorted(implied & there) if key not in kept]


def expired(settled: Settlement, overviews: set[str], site: Site) -> list[Delete]:
    """The retired addresses whose grace is over, and which nobody has taken up."""
    over = [
        object_key(address)
        for section, one in settled.items()
        for address in one.expired
        if not one.ledger.retired[address].elsewhere and space_of(address, site.languages) == section
    ]
    if not over:
        return []
    kept = _kept(settled, overviews) | {key for one in settled.values() for key in section_derived_keys(one, site)}
    return [Delete(key, "retired") for key in over if key not in kept]


def underived(section: str, settled: Settlement, site: Site) -> list[Delete]:
    """What a section may have derived before: deleted unless it is desired, or something stands there.

    Whether something stands at the address of a section's former overview is for the ledger of pages in no folder to say.
    """
    keys = former_keys(settled[section], site)
    keys |= section_keys(section, site) if "" in settled or not settled[section].ledger.is_bare() else set()
    return [Delete(key, "not derived any more") for key in sorted(keys - _held_keys(settled))]


def doubtful(computed: Iterable[Computed], settled: Settlement, touched: Iterable[str], site: Site) -> set[str]:
    """Where this run, or one for the same sections that died, may have written though somebody else holds the address."""
    addresses = {address_of(key) for key in touched}
    addresses |= {address_of(key) for section in settled for key in section_keys(section, site)}
    addresses |= {address for one in computed for address in _implied(one, site)}
    for one in settled.values():
        addresses |= one.holders.contested(one.ledger) | one.ledger.retired.keys()
    return addresses


def retiring(settled: Settlement) -> set[str]:
    """The addresses of these sections at which nothing is put any more, and nothing deleted yet."""
    return {address for one in settled.values() for address, entry in one.ledger.retired.items() if not entry.elsewhere}


def pages_of_others(addresses: set[str], computed: Iterable[Computed], settled: Settlement) -> dict[str, PageRecord]:
    """The pages, not of this run, that hold one of these addresses."""
    mine = {one.group for one in computed}
    return {
        page.tile.address: page
        for one in settled.values()
        for group, record in one.ledger.groups.items()
        for page in record.pages
        if group not in mine and page.tile.address in addresses and one.holders.holds(page)
    }


def pages_moved_in(
    computed: Iterable[Computed], settled: Settlement, former: Mapping[str, Iterable[Mapping[str, PageRecord]]]
) -> dict[str, PageRecord]:
    """The pages of this run that hold an address which a ledger that was read did not say they have: `former`, by section, and by address.

    A run that read the ledger before this one replaced it may have put a redirect there in the meantime, or deleted what
    nobody named, and looked again by then.
    """
    pages = ((section_of(one.group), page) for one in computed for page in _pages_of(one))
    held = [(page, former.get(section, ({},))) for section, page in pages if settled[section].holders.holds(page)]
    return {page.tile.address: page for page, before in held if not all(_is_held(page, one) for one in before)}


def _is_held(page: PageRecord, holding: Mapping[str, PageRecord]) -> bool:
    had = holding.get(page.tile.address)
    return had is not None and (had.tile.key, had.tile.lang) == (page.tile.key, page.tile.lang)


def published(pages: Collection[PageRecord], settled: Settlement) -> set[str]:
    """The keys of those of these pages whose files have no error: not in their last version, and no other page without its address."""
    if not pages:
        return set()
    sources = (source for one in settled.values() for record in one.ledger.groups.values() for source in record.sources)
    lost = {page.tile.key for one in settled.values() for page in one.ledger.pages() if not one.holders.holds(page)}
    return {page.tile.key for page in pages} - {source.key for source in sources if source.state == "problem"} - lost


def moved_groups(computed: Iterable[Computed], ledgers: Iterable[Ledger], site: Site) -> set[str]:
    """Keys of groups, not of this run, that have a file which belongs to another now: the list of languages has changed."""
    mine = {one.group for one in computed}
    return {
        group_keys(group, site.languages)[0]
        for ledger in ledgers
        for group, record in ledger.groups.items()
        if group not in mine and any(source.key not in group_keys(group, site.languages) for source in record.sources)
    }


def untold(computed: Iterable[Computed], settled: Settlement) -> dict[str, bool]:
    """The keys of pages, not of this run, that did not get their address; and whether the ledger says that their authors know."""
    mine = {one.group for one in computed}
    return {
        page.tile.key: page.tile.key in one.ledger.reports
        for one in settled.values()
        for group, record in one.ledger.groups.items()
        for page in record.pages
        if group not in mine and not one.holders.holds(page)
    }


def broken(keys: Container[str], settled: Settlement) -> set[str]:
    """Those of these files whose last version has an error: that something is wrong with them is said in any case."""
    records = (record for one in settled.values() for record in one.ledger.groups.values())
    return {source.key for record in records for source in record.sources if source.state == "problem" and source.key in keys}


def rivals(computed: Iterable[Computed], settled: Settlement, before: Mapping[str, Settled | None]) -> set[str]:
    """The keys of uploads that would stand where this run may write: a redirect of its own making, or the end of one.

    And where its groups ask for an address, since their authors are told. `before` is what was settled, of sections in which what
    equals it stands already; in others an earlier attempt, or a run that died, may have put a redirect that retires by now.
    """
    addresses = {address for one in computed for page in _pages_of(one) for address in _aliases_of(page)}
    for section, one in settled.items():
        former = before[section]
        known = former.redirects if former else {}
        addresses |= {address for address, target in one.redirects.items() if known.get(address) != target} | {*one.expired}
        addresses |= retiring({section: one}) if former is None else set()
    return {upload_key(address) for address in addresses} - {""}


def spaces_of(uploads: Iterable[str], languages: Sequence[str]) -> set[str]:
    """The sections in whose spaces these uploads may stand in an alias' way."""
    return {space_of(key.removeprefix(STATIC), languages) for key in uploads if upload_key(key)}


def outdone(uploads: Iterable[str], computed: Iterable[Computed], settled: Settlement) -> set[str]:
    """The keys of pages, not of this run, that have an alias where one of these uploads stands, or stood: there is something to tell."""
    keys, mine = {*uploads}, {page.tile.key for one in computed for page in _pages_of(one)}
    return {alias.key for one in settled.values() for alias in one.ledger.aliases() if upload_key(alias.address) in keys} - mine


def outdone_problems(sources: Iterable[GroupSources], computed: Iterable[Computed], settled: Settlement, site: Site) -> list[Problem]:
    """What authors should know of aliases at which uploads stand, told where the file names them."""
    uploads = {address for one in settled.values() for address in one.uploads}
    texts = {file.key: file.body.decode(errors="replace").lower().splitlines() for group in sources for file in group.files}
    found = []
    for page in (page for one in computed for page in _pages_of(one)):
        for address in sorted(uploads.intersection(_aliases_of(page))):
            name = address.rpartition("/")[2]
            line = next((number for number, text in enumerate(texts.get(page.tile.key, ()), start=1) if name in text), 1)
            found.append(problem("alias.upload", site.wording, page.tile.key, line=line, address=address, by=upload_key(address)))
    return found


def problems_of(computed: Iterable[Computed], settled: Settlement, site: Site) -> list[Problem]:
    """What authors should know: the groups' own problems, and pages that did not get their address."""
    problems: list[Problem] = []
    for one in computed:
        problems.extend(one.problems)
        holders = settled[section_of(one.group)].holders
        for page in one.record.pages if one.record else ():
            if not holders.holds(page):
                winner = holders.pages.get(page.tile.address)
                tell = partial(problem, wording=site.wording, file=page.tile.key, address=page.tile.address)
                if page.tile.address in search_addresses(site):
                    problems.append(tell("address-taken.search"))
                    continue
                overview = site.section_title(page.tile.address.strip("/"), page.tile.lang)
                problems.append(tell("address-taken", by=winner.tile.key) if winner else tell("address-taken.overview", section=overview))
    return problems


def _implied(one: Computed, site: Site) -> list[str]:
    """The addresses that a group's key implies, in every language; and its files' keys, to a run that knew some language of today not yet.

    Not those at which only lists stand: no page ever has one of them.
    """
    names = [] if is_index(one.group) else [one.group]
    names += [f"{one.group}.{lang}" for lang in site.languages]
    found = (page_address(name, lang, site.default_language) for name in names for lang in site.languages)
    return [address for address in found if not is_derived(address, site.languages)]


def _pages_of(one: Computed) -> tuple[PageRecord, ...]:
    return one.record.pages if one.record else ()


def _aliases_of(page: PageRecord) -> set[str]:
    """The addresses that a page asks for besides its own, in whatever section's space."""
    return {*page.aliases, *(alias.address for alias in page.elsewhere)}


def _kept(settled: Settlement, overviews: set[str]) -> set[str]:
    return _held_keys(settled) | {object_key(address) for address in overviews}


def _held_keys(settled: Settlement) -> set[str]:
    """The keys at which something of these sections stands: pages, redirects, and uploads that go before redirects."""
    return {object_key(address) for one in settled.values() for address in (*one.holders.pages, *one.redirects, *one.uploads)}
