"""Step 2, for ledgers: what becomes of them, with all that a run's groups ask for, and what was before."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from tilepress.addresses import CONTENT, group_of, section_address, section_of, space_of
from tilepress.books import Seen, read_ledger, write
from tilepress.derive_root import overview_addresses
from tilepress.feeds import keep_texts
from tilepress.groups import Computed, guest_spaces, guests_in
from tilepress.ledger import GroupRecord, Ledger, Settled, aliases_elsewhere, claim, merge, note_elsewhere, settle
from tilepress.lists import retire_lists
from tilepress.ports import Cloud
from tilepress.root import merge_root, summaries
from tilepress.runs import Run
from tilepress.site import Site


def settle_sections(
    run: Run, computed: list[Computed], site: Site, basis: str, cloud: Cloud
) -> tuple[dict[str, Seen[Ledger]], dict[str, Settled], set[str], dict[str, Settled]]:
    """The ledgers of this run, with new slugs claimed; what becomes of them; the addresses of overviews by then; and what was before.

    First its own sections', then those in whose spaces these have guests. Pages in no folder come last, since the overviews
    of sections go before them.
    """
    now = cloud.now()
    ledgers: dict[str, Seen[Ledger]] = {}
    merged: dict[str, Ledger] = {}
    for section, seen in run.ledgers.items():
        records = {one.group: one.record for one in computed if section_of(one.group) == section}
        records |= dict.fromkeys(_regrouped(seen.value, site))
        claimed = claim(seen.value, {group: record for group, record in records.items() if record}, now, cloud.retire_after)
        for address in _new_guests(records, seen.value, run.ledgers, site):
            claimed = note_elsewhere(claimed, address, now, cloud.retire_after)
        ledgers[section] = write(cloud.site, seen, claimed) if claimed is not seen.value else seen
        merged[section] = merge(claimed, records, {}, now)
        if section and records and (claimed.is_bare() or merged[section].is_bare()):
            # Its overview comes or goes: a page in no folder, or an alias, may lose the address to it or get it back.
            address = section_address(section, site.default_language, site.default_language)
            merged[section] = note_elsewhere(merged[section], address, now, cloud.retire_after)
    own = dict(merged)
    for space in sorted({*own, *guest_spaces((*own.values(), *(seen.value for seen in run.ledgers.values())), site)}):
        if space not in merged:
            ledgers[space] = read_ledger(cloud.site, space)
            merged[space] = ledgers[space].value
        merged[space] = merge(merged[space], {}, guests_in(space, own, merged[space], site), now)
    before = {section: (run.ledgers.get(section) or ledgers[section]).value for section in merged}
    based = {section: one if one.basis == basis else replace(one, basis=basis) for section, one in merged.items()}
    merged = {section: retire_lists(keep_texts(one, site), before[section], site, now) for section, one in based.items()}
    settled = {section: settle(ledger, (), now, cloud.retire_after).within(site.languages) for section, ledger in merged.items() if section}
    overviews = overview_addresses(merge_root(run.root.value, {section: summaries(one) for section, one in settled.items()}), site)
    if "" in merged:
        settled[""] = settle(merged[""], overviews, now, cloud.retire_after).within(site.languages)
    taken = overview_addresses(run.root.value, site)
    former = {section: settle(one, () if section else taken, now, cloud.retire_after).within(site.languages) for section, one in before.items()}
    return ledgers, settled, overviews, former


def regrouped(run: Run, site: Site) -> frozenset[str]:
    """The files of this run's ledgers whose groups are none any more."""
    ledgers = [seen.value for seen in run.ledgers.values()]
    return frozenset(source.key for ledger in ledgers for group in _regrouped(ledger, site) for source in ledger.groups[group].sources)


def _regrouped(ledger: Ledger, site: Site) -> list[str]:
    """The groups that are none any more: with a language added, what was a page `x.en` is a translation of `x`, and a folder `en` no section."""
    gone = ledger.section in site.languages
    return [group for group in ledger.groups if gone or group_of(f"{CONTENT}{group}.md", site.languages)[0] != group]


def _new_guests(records: Mapping[str, GroupRecord | None], ledger: Ledger, written: Iterable[str], site: Site) -> list[str]:
    """The aliases that these groups come to have in the spaces of sections whose ledgers this run may write before theirs."""
    return [
        alias.address
        for group, record in records.items()
        for alias in aliases_elsewhere(record)
        if alias not in aliases_elsewhere(ledger.groups.get(group)) and space_of(alias.address, site.languages) in written
    ]
