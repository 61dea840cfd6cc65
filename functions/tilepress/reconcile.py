"""Make the site bucket what the source bucket says: read, compute, apply, look again.

How it stays right. An event only says "look here again"; what to do follows from the state that is found. A run
  1. reads the source files of its page groups, the settings, and the ledgers, and remembers each one's ETag;
  2. computes from them, purely, pages, ledgers and what is derived from those (`groups`, `ledger`, `render`, `plan`);
  3. applies that in an order that is never wrong half-way: assets and pages; the sections' ledgers, by compare-and-swap;
     what is derived from them; the root ledger, in the same way, and what is derived from that; deletes; one invalidation;
  4. looks again: whatever it read that is not as it was is done once more.
Whoever wrote something stale finds out in its own step 4, because what it wrote from had changed before that look; a
change after the look brings an event of its own. Who wrote nothing need not look. A crash anywhere brings the message back.
A lost compare-and-swap starts again from 1: old reads are never merged into a newer ledger.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from tilepress.addresses import address_of, object_key
from tilepress.authors import Authors, with_reports_of, word_of, word_without_settings
from tilepress.books import Seen, write
from tilepress.derive import Derived, artifact
from tilepress.derive_root import overview_addresses, root_derived, root_keys
from tilepress.derive_section import section_derived
from tilepress.errors import Stale, TryAgain
from tilepress.events import naming
from tilepress.groups import Computed, basis_of, compute_or_crash
from tilepress.illustrations import mentioned
from tilepress.imaging import Shelf, develop, note, showing
from tilepress.ledger import GroupRecord, Ledger, Settled, forget
from tilepress.pages import SourceFile
from tilepress.pictures import is_image
from tilepress.places import (
    broken,
    doubtful,
    expired,
    gone,
    held_artifacts,
    outdone,
    outdone_problems,
    pages_moved_in,
    pages_of_others,
    problems_of,
    published,
    retiring,
    rivals,
    spaces_of,
    underived,
    untold,
)
from tilepress.plan import Delete, Plan, Put
from tilepress.ports import Cloud, Listings
from tilepress.report import Report
from tilepress.root import Root, merge_root, summaries
from tilepress.runs import Run, has_changed, known_record, read_run
from tilepress.second_look import Former, follow_ups, look_again, look_at_images_again, overviews_again, overwritten_pages, strays
from tilepress.settling import regrouped, settle_sections
from tilepress.site import Site
from tilepress.site_bucket import SiteBucket
from tilepress.statics import StaticFile, read_statics
from tilepress.status import statuses_of
from tilepress.theme import Theme
from tilepress.todo import ALONE_KEYS_MAX, Todo, sort_out

ATTEMPTS_MAX = 12


def reconcile(keys: Iterable[str], cloud: Cloud, theme: Theme, *, again: bool = False, trust: bool = True) -> Report:
    """Look at these keys of the source bucket again, and make everything agree with what is found.

    `again` says that a run for these keys may have died on the way: the CDN is then told of all that it may have written. Without `trust`
    all that follows from them is looked at, whatever the ledgers say, and authors are told in any case.
    Raises TryAgain when something outside was not ready, GiveUp when trying again would not help.
    """
    return converge(Todo(keys=frozenset(keys)), cloud, theme, again=again, trust=trust)


def converge(todo: Todo, cloud: Cloud, theme: Theme, listed: Listings | None = None, *, again: bool = False, trust: bool = True) -> Report:
    """Run until a look at what was read finds it as it was. `listed` spares the first attempt requests."""
    bucket, authors = SiteBucket(cloud, listed, again=again, trust=trust), Authors(cloud, again=again or not trust)
    if again:  # an overview may have come or gone with a run that died: who lost or got that address stands in the ledger of pages in no folder
        todo |= Todo(sections=frozenset({""}), root=True)
    own, handed, former = todo.keys, frozenset[str](), Former()
    for attempt in range(ATTEMPTS_MAX):
        if attempt:
            bucket.trusting = False
            cloud.pause(attempt)
        try:
            if bucket.listed is None:  # else the resync has seen to its images before
                shown = _see_to_images(todo.keys, cloud, bucket, again=again or attempt > 0)
                handed |= _hand_on(shown - own - handed, cloud, again=again)
                todo |= Todo(keys=shown - handed)
            own |= send_ahead(todo.keys - own, cloud)
            run = read_run(todo, cloud, theme, bucket.listed)
            if run.inputs.site is None:
                if again:  # which pages a run before this one wrote, nobody can say without the settings
                    cloud.cdn.invalidate(("/*",))
                report = bucket.finish(run.inputs.problems)
                authors.tell(word_without_settings(run, cloud), None, run.listed)
                if not has_changed(run, cloud):
                    return replace(report, faults=tuple(authors.faults))
                bucket.listed, todo = None, todo | Todo(root=True)  # so that what was said of the settings is looked at again
                continue
            own |= send_ahead(regrouped(run, run.inputs.site) - own, cloud)  # if these settings are over, no ledger will name them
            todo = _publish(run, run.inputs.site, bucket, authors, former, run.inputs.theme, cloud)
        except Stale:
            bucket.listed, bucket.idle = None, False
            continue
        bucket.listed = None
        if not todo:
            return replace(bucket.report(), faults=tuple(authors.faults))
    raise TryAgain(f"not settled after {ATTEMPTS_MAX} attempts: others keep changing the same sections")


def _hand_on(shown: frozenset[str], cloud: Cloud, *, again: bool) -> frozenset[str]:
    """Send what is more than a run's work: a photo may be on every page of a site. Which of these keys are others' now."""
    if not cloud.queue or len(shown) <= ALONE_KEYS_MAX:
        return frozenset()
    cloud.queue.send(naming(shown, again=again))
    return shown


def send_ahead(theirs: frozenset[str], cloud: Cloud) -> frozenset[str]:
    """Send what this run is to look at besides its messages' keys: if it dies, nothing else may say that these were in its hands.

    They arrive when it has ended, one way or the other: whoever looked at them before could not see what it writes last.
    """
    if cloud.queue and theirs:
        cloud.queue.send(naming(theirs, again=True), delay=cloud.retire_after / 2)
    return theirs


@dataclass(frozen=True, slots=True)
class _Applied:
    """What an attempt has made of what it read. `overviews` are their addresses by now, `overwritten` the keys of pages over which it has deleted."""

    run: Run
    site: Site
    computed: list[Computed]
    ledgers: dict[str, Seen[Ledger]]
    settled: dict[str, Settled]
    root: Seen[Root]
    statics: tuple[StaticFile, ...]
    overviews: set[str]
    overwritten: frozenset[str]
    shelf: Shelf


def _publish(run: Run, site: Site, bucket: SiteBucket, authors: Authors, former: Former, theme: Theme, cloud: Cloud) -> Todo:
    """Steps 2 to 4. What is to do once more.

    `former` says who held the addresses of each section before this run wrote its ledger, be it in an attempt that came no further.
    """
    for section, read in run.ledgers.items():
        former.setdefault(section, []).append(read.value.holders.pages)
    return _once_more(_apply(run, site, bucket, authors, theme, cloud), bucket, authors, former, cloud)


def _apply(run: Run, site: Site, bucket: SiteBucket, authors: Authors, theme: Theme, cloud: Cloud) -> _Applied:
    """Steps 2 and 3, in the order that is never wrong half-way; and word to the authors."""
    basis, shelf = basis_of(site, theme), Shelf(cloud)
    computed = _compute(run, site, cloud, theme, shelf)
    ledgers, settled, overviews, before = settle_sections(run, computed, site, basis, cloud)
    unsure = spaces_of(run.statics, site.languages)  # an upload that came or went has taken a redirect with it
    known = {section: None if section in unsure else _standing(before[section], basis, bucket, site) for section in settled}
    may_write = rivals(computed, settled, {section: before[section] if known[section] is not None else None for section in settled})
    statics = read_statics(run.statics, may_write, cloud, bucket.listed)
    uploads = frozenset(address_of(file.target) for file in statics if file.source)
    settled = {section: one.yielding(uploads) for section, one in settled.items()}

    known_root = _standing(run.root.value, basis, bucket, site)
    if known_root is None:  # else whoever wrote the root ledger with this theme had put the assets before that
        bucket.put(bucket.plan(theme.assets))
    bucket.copy_statics(statics, {object_key(address) for one in settled.values() for address in one.redirects})
    pages = bucket.plan(held_artifacts(computed, settled), gone(computed, settled, overviews, site, before if bucket.trusting else None))
    bucket.put(pages)

    bucket.forget(expired(settled, overviews, site))
    overwritten = overwritten_pages(pages_of_others({address for one in settled.values() for address in one.expired}, computed, settled), bucket)
    problems = (*run.inputs.problems, *run.problems, *problems_of(computed, settled, site), *shelf.problems(run.statics, site.wording))
    problems += tuple(outdone_problems(run.sources, computed, settled, site))
    statuses = statuses_of(computed, run.sources, settled, problems, site)
    authors.know(run)
    for section, seen in ledgers.items():
        kept = forget(settled[section].ledger, set(settled[section].expired) - overwritten.keys())
        ledgers[section] = write(cloud.site, seen, with_reports_of(kept, run, statuses, site))
        if ledgers[section] is not run.ledgers.get(section, seen):
            bucket.replaced.add(section)
            bucket.idle = False
    wanted = {section: section_derived(one, site) for section, one in settled.items()}
    undesired = {section: underived(section, settled, site) for section in settled}
    derived = [_derive(wanted[section], known[section], before[section], undesired[section], bucket, site, theme) for section in settled]
    for of_section in derived:
        bucket.put(of_section)

    summarized = {section: summaries(one) for section, one in settled.items()}
    root = write(cloud.site, run.root, merge_root(run.root.value, summarized, basis))
    bucket.idle = bucket.idle and root is run.root
    of_home = [Delete(key, "not derived any more") for key in sorted(root_keys(site))]
    of_root = _derive(root_derived(root.value, site), known_root, run.root.value, of_home, bucket, site, theme)
    bucket.put(of_root)

    for done in (pages, *derived, of_root):
        bucket.delete(done)
    if bucket.again:  # a run before this one may have made something of others again, and died before it told the CDN
        theirs = pages_of_others(doubtful(computed, settled, bucket.touched, site), computed, settled)
        bucket.tell_of(object_key(address) for address in theirs.keys() | retiring(settled))
    bucket.finish(problems)
    authors.tell(word_of(run, computed, statuses, statics, problems, site, cloud), site, run.listed)
    bucket.settled(settled.keys(), {key for found in wanted.values() for key in found})
    return _Applied(run, site, computed, ledgers, settled, root, statics, overviews, frozenset(overwritten.values()), shelf)


def _once_more(applied: _Applied, bucket: SiteBucket, authors: Authors, former: Former, cloud: Cloud) -> Todo:
    """Step 4: what is to be done once more, since others were at work, or since this run may have written where others stand."""
    run, site, computed, settled = applied.run, applied.site, applied.computed, applied.settled
    books = [seen.value for seen in applied.ledgers.values()]
    addresses = doubtful(computed, settled, bucket.touched, site)
    theirs = pages_of_others(addresses, computed, settled)
    idle = bucket.idle and authors.idle  # then nothing that is stale can have been written
    mine = {} if idle else pages_moved_in(computed, settled, former)
    lost = untold(computed, settled)
    changed = bucket.changed_overviews(applied.overviews, overview_addresses(run.root.value, site))
    return (
        (Todo() if idle else look_again(run, site, applied.ledgers, applied.root, applied.statics, cloud))
        | (Todo() if idle else look_at_images_again(run, computed, applied.shelf))
        | Todo(keys=applied.overwritten | frozenset(overwritten_pages(theirs | mine, bucket).values()))
        | overviews_again(addresses & applied.overviews, site, bucket)
        | strays(bucket, site)
        | follow_ups(former, computed, settled, changed, site, cloud)
        | Todo(keys=authors.untold(lost, broken(lost, settled) if lost else ()) | authors.overdue(published(theirs.values(), settled)))
        | Todo(keys=frozenset(outdone(run.statics, computed, settled)))
        | Todo(keys=authors.outdated(books) | authors.unreported(books))
    )


def _standing(before: Settled | Root, basis: str, bucket: SiteBucket, site: Site) -> Mapping[str, Derived] | None:
    """What stands derived already, if that can be said from the ledger as it was read."""
    read_with = before.ledger.basis if isinstance(before, Settled) else before.basis
    return _derived(before, site) if bucket.trusting and read_with == basis else None


def _derived(before: Settled | Root, site: Site) -> Mapping[str, Derived]:
    return section_derived(before, site) if isinstance(before, Settled) else root_derived(before, site)


def _derive(
    wanted: Mapping[str, Derived],
    known: Mapping[str, Derived] | None,
    before: Settled | Root,
    undesired: list[Delete],
    bucket: SiteBucket,
    site: Site,
    theme: Theme,
) -> Plan:
    """What to write of what is derived. `known` is what was derived from the ledger as it was read, `before`: what equals it stands already.

    Whoever wrote that ledger has derived that, or gets its message again, and looks at everything then; so does this run, should
    it find at its second look that somebody else was at work. A resync looks at its listing; but of what only its own change of the
    ledger brings, others may have deleted since what the listing shows; and of what that change takes away, others may have put what it lacks.
    """
    if known is None:
        former = _derived(before, site) if bucket.listed else {}
        anew = [key for key, one in wanted.items() if bucket.listed and former.get(key) != one]
        planned = bucket.plan([artifact(one, site, theme) for one in wanted.values()], undesired, anew)
        unlisted = [delete for delete in undesired if delete.key in former.keys() - wanted.keys() and delete not in planned.deletes]
        return replace(planned, deletes=(*planned.deletes, *unlisted))
    changed = [artifact(one, site, theme) for key, one in wanted.items() if known.get(key) != one]
    puts = [Put(one, "changed" if one.key in known else "new") for one in changed]
    gone_by_now = known.keys() - wanted.keys()
    deletes = tuple(delete for delete in undesired if delete.key in gone_by_now)
    return Plan(tuple(puts), deletes, tuple(key for key in wanted if key not in {put.artifact.key for put in puts}))


def _see_to_images(keys: Iterable[str], cloud: Cloud, bucket: SiteBucket, *, again: bool) -> frozenset[str]:
    """Note which of these images there are, and see to it that they are developed. The keys of the pages that show them.

    Who shows what has not changed need not be looked for, unless a run before this one, or an attempt, may have died after noting it: `again`.
    """
    images = [key for key in sort_out(keys, ()).statics if is_image(key)]
    if not images:
        return frozenset()
    noted = note(images, cloud)
    wanted = noted.undeveloped(images, cloud.now(), cloud.retire_after)
    bucket.idle = bucket.idle and not noted.changed and not wanted
    if wanted and cloud.images:
        cloud.images.send([{"keys": [key]} for key in wanted])
    elif wanted and cloud.encoder:
        develop(wanted, cloud, cloud.encoder)
    return showing(images, cloud) if noted.changed or wanted or again else frozenset()


def _compute(run: Run, site: Site, cloud: Cloud, theme: Theme, shelf: Shelf) -> list[Computed]:
    """Every group computed; one with a broken file once more, with the last good version that its ledger knows.

    One that shows an image which a glance did not find is computed once more as well.
    """
    calculate = partial(compute_or_crash, site=site, theme=theme, now=cloud.now(), guard=cloud.guard)
    glances = [mentioned(sources.files, site) for sources in run.sources]
    shelf.read({key for glance in glances for key in glance})
    given = [replace(sources, pictures=shelf.pictures(glance)) for sources, glance in zip(run.sources, glances, strict=True)]
    found: list[Computed] = []
    for one, sources in zip(cloud.fan.cpu(calculate, given), given, strict=True):
        good = _good(one, run, cloud) if one.broken else {}
        settled = calculate(replace(sources, good=good)) if good else one
        overlooked = set(settled.record.images) - sources.pictures.keys() if settled.record else set()
        if overlooked:
            shelf.read(overlooked)
            settled = calculate(replace(sources, good=good, pictures={**sources.pictures, **shelf.pictures(overlooked)}))
        found.append(replace(settled, record=_as_before(known_record(settled.group, run), cloud.now())) if settled.crashed else settled)
    return found


def _as_before(record: GroupRecord | None, now: float) -> GroupRecord | None:
    """What a ledger knew of a group, kept though there is something wrong with its files. A time that has come is no time to come back at."""
    sources = record.sources if record else ()
    kept = tuple(replace(source, state="problem", due=source.due if source.due > now else 0) for source in sources)
    return record and replace(record, sources=kept)


def _good(one: Computed, run: Run, cloud: Cloud) -> dict[str, SourceFile]:
    """The last good versions of a group's broken files."""
    record = known_record(one.group, run)
    versions = {source.key: source.good for source in record.sources if source.good} if record else {}
    files = {key: cloud.source.get(key, versions[key]) for key in one.broken if key in versions}
    return {key: file for key, file in files.items() if file}
