"""What authors are told during a run: tags on their files, reports beside them, and times to look at them again.

Reports obey the same law as the site: whoever writes one that is stale finds out at its second look. A file without
problems costs one request, for its tags; whether a report of it has to go, its section's ledger knows.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from tilepress.addresses import SETTINGS_KEY, forms, group_keys, section_of
from tilepress.artifacts import Observed
from tilepress.errors import GiveUp
from tilepress.groups import Computed, shown_in_tags
from tilepress.ledger import GroupRecord, Ledger, State, with_reports
from tilepress.observing import observe
from tilepress.pages import Problem, Severity, SourceFile
from tilepress.pictures import is_image
from tilepress.plan import Delete, Plan, Put, plan
from tilepress.ports import Cloud, Listings, Timer
from tilepress.reports import REPORTS, WHOLE, codes_in, report_keys, report_of, reports
from tilepress.runs import Run, known_record
from tilepress.site import Site
from tilepress.statics import StaticFile, copied_version, uploaded
from tilepress.status import TAG_PREFIX, Status, of_others, of_uploads, tags, withheld
from tilepress.wording import problem

SOON_SECONDS = 120.0
"""A time this near is set again even when it was set before: a schedule that came a moment too early is over."""

Records = tuple[GroupRecord | None, ...]
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What an attempt has to tell: what became of each file, and the groups' records before and after it.

    `keys` are all that it looked at, `told` those of which a report may stand in the source bucket.
    """

    keys: frozenset[str]
    statuses: Mapping[str, Status]
    told: frozenset[str]
    files: tuple[SourceFile, ...] = ()
    before: Records = ()
    after: Records = ()


class Authors:
    """One run's word to the authors, over all of its attempts. `again` says that they may not know what ledgers say: a run may have died.

    What cannot be told for want of a permission stands in `faults`: that is no reason not to publish, and what authors know is then not
    looked for. `idle` says that nobody was
    told anything new.
    """

    def __init__(self, cloud: Cloud, *, again: bool) -> None:
        self.faults: dict[str, None] = {}
        self.idle = True
        self._cloud = cloud
        self._again = again
        self._touched: dict[str, None] = {}
        self._named: dict[str, str] = {}
        self._said: dict[str, str] = {}
        self._tagged: dict[str, Mapping[str, str]] = {}
        self._known: dict[str, _Described | None] = {}

    def tell(self, word: Word, site: Site | None, listed: Listings | None) -> None:
        """Bring reports, tags and times in line with what became of the files.

        A report goes last: as long as it is there, whoever comes next knows that the tags may still tell of it.
        """
        self._said |= {key: status.state for key, status in word.statuses.items()}
        after = _described(word.after)
        before: Described = {**_described(word.before), **{key: known for key, known in self._known.items() if key in word.keys}}
        changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
        if self._cloud.tells_authors:
            self._permitted(partial(self._tell, word, changed, site, listed))
        if self._cloud.timer:
            self._permitted(partial(self._set_times, before, after, self._cloud.timer))
        self._known |= {key: after.get(key) for key in before.keys() | after.keys()}

    def _tell(self, word: Word, changed: set[str], site: Site | None, listed: Listings | None) -> None:
        done = self._plan(word, site, listed)
        mended = {report_of(delete.key) for delete in done.deletes}
        self._permitted(partial(self._apply, Plan(puts=done.puts)))
        self._permitted(partial(self._tag, word, changed | mended, site))
        self._permitted(partial(self._apply, Plan(deletes=done.deletes)))

    def know(self, run: Run) -> None:
        """What authors know, as a run's ledgers say before it replaces them: should it get no further, its next attempt has to tell the rest."""
        self._named = {key: etag for seen in run.ledgers.values() for key, etag in seen.value.reports.items()}
        self._touched |= dict.fromkeys(self._named)
        files = (file.key for sources in run.sources for file in sources.files)
        self._known = {**dict.fromkeys(files), **_described(known_record(sources.group, run) for sources in run.sources), **self._known}

    def untold(self, lost: Mapping[str, bool], broken: Iterable[str] = ()) -> frozenset[str]:
        """Of these files, whose pages are not shown, those whose authors do not know. What the ledger says of each is `lost`.

        Where a run may have died between its report and its tags, the ledger is not trusted; nor where this run has said something else.
        Of those that are `broken` as well neither ledger nor tags say whether their authors know of both: their reports do.
        """
        silent = {key for key, state in self._asked(_state, (key for key, told in lost.items() if told)).items() if state not in {"", "problem"}}
        silent |= {key for key, knows in self._asked(_knows_of_loss, broken).items() if not knows}
        return frozenset(silent | {key for key, told in lost.items() if not told or self._said.get(key, "problem") != "problem"})

    def overdue(self, held: Iterable[str]) -> frozenset[str]:
        """Of these files, whose pages have their addresses, those of which tags still say that something is wrong.

        This run may have said so before another gave the address back. They are asked for only where a run may have died between the two:
        it may have given an address back to one that was not its message's.
        """
        keys = sorted(held)
        silent = {key for key, state in self._asked(_state, keys).items() if state == "problem"}
        return frozenset(silent | {key for key in keys if self._said.get(key) == "problem"})

    def _asked(self, what: Callable[[Cloud, str], Answer], keys: Iterable[str]) -> dict[str, Answer]:
        """What the source bucket says of these files, where a run may have died over them: else nobody asks. Nothing for want of a permission."""
        doubtful = sorted(keys) if self._again and self._cloud.tells_authors and not self.faults else []
        found: dict[str, Answer] = {}

        def ask() -> None:
            found.update(zip(doubtful, self._cloud.fan.io(partial(what, self._cloud), doubtful), strict=True))

        self._permitted(ask)
        return found

    def outdated(self, ledgers: Iterable[Ledger]) -> frozenset[str]:
        """The files of which this run has told what these ledgers say no more: another replaced one, and told of that, before this run did."""
        records = (record for ledger in ledgers for record in ledger.groups.values())
        return frozenset(key for key, told in _described(records).items() if key in self._known and self._known[key] != told)

    def unreported(self, ledgers: Iterable[Ledger]) -> frozenset[str]:
        """Of the files of which these ledgers say that their authors were told, those of which there is no such report.

        Looked for only where a run may have died between the two: it may have had others' files in hand besides its messages'.
        """
        if not self._again or not self._cloud.tells_authors or self.faults:
            return frozenset()
        reports_of = {report_keys(of)[0]: (of, etag) for ledger in ledgers for of, etag in ledger.reports.items() if report_keys(of)}
        there: dict[str, Observed | None] = {}
        self._permitted(lambda: there.update(self._observe(list(reports_of), None)))
        if len(there) < len(reports_of):
            return frozenset()
        return frozenset(of for key, (of, etag) in reports_of.items() if (seen := there[key]) is None or seen.etag != etag)

    def forget(self, reports_of_nobody: Iterable[str]) -> None:
        """Delete these reports."""
        self._permitted(partial(self._apply, Plan(deletes=tuple(Delete(key, "orphan") for key in reports_of_nobody))))

    def _plan(self, word: Word, site: Site | None, listed: Listings | None) -> Plan:
        desired = [artifact for status in word.statuses.values() for artifact in reports(status, site)]
        looked_at = word.keys if self._again or listed is not None else word.told | (word.keys & self._touched.keys())
        doubtful = [key for of in sorted(looked_at) for key in report_keys(of)]
        wanted = list(dict.fromkeys([*(artifact.key for artifact in desired), *doubtful]))
        return plan(desired, self._observe(wanted, listed), [Delete(key, "not derived any more") for key in doubtful])

    def _observe(self, keys: list[str], listed: Listings | None) -> dict[str, Observed | None]:
        """What stands at these keys. Where a ledger, which is read later than a listing, names another report, the listing does not count."""
        if listed is None:
            return observe(keys, self._cloud.source, self._cloud.fan)
        shown = {key: listed.source.get(key) for key in keys}
        etags = {report_of(key): seen.etag if seen else None for key, seen in shown.items() if key.endswith(".json")}
        anew = [key for key in keys if etags[report_of(key)] != self._named.get(report_of(key))]
        return shown | observe(anew, self._cloud.source, self._cloud.fan)

    def _apply(self, done: Plan) -> None:
        self.idle = self.idle and not done.puts and not done.deletes
        self._touched |= dict.fromkeys(report_of(put.artifact.key) for put in done.puts)
        self._cloud.fan.io(self._put, done.puts)
        self._cloud.fan.io(self._cloud.source.delete, [delete.key for delete in done.deletes])

    def _put(self, put: Put) -> None:
        self._cloud.source.put(put.artifact)

    def _tag(self, word: Word, changed: set[str], site: Site | None) -> None:
        """Tag the files of which there is something new to say: a version, a state, an address, or a problem."""
        news = changed | {key for key, status in word.statuses.items() if status.problems or key in word.told}
        said = {file.key: tags(word.statuses[file.key], site) for file in word.files}
        news |= {key for key, tag in said.items() if self._tagged.get(key, tag) != tag}  # mine, perhaps over another's that was right
        wanted = [file for file in word.files if self._again or not file.tag_count or file.key in news]
        idle, self.idle = self.idle, False  # should one of them fail, others may have had their effect
        self._tagged |= {file.key: said[file.key] for file in wanted}
        tagged = self._cloud.fan.io(lambda file: self._tag_one(file, said[file.key]), wanted)
        self.idle = idle and not any(tagged)

    def _tag_one(self, file: SourceFile, said: Mapping[str, str]) -> bool:
        try:
            return self._cloud.source.tag(file, said)
        except GiveUp as error:  # the others' may be permitted
            self._note_fault(error)
            return False

    def _set_times(self, before: "Described", after: "Described", timer: Timer) -> None:
        soon = self._cloud.now() + SOON_SECONDS
        for key in sorted(before.keys() | after.keys()):
            former, due = (known.due if known else 0 for known in (before.get(key), after.get(key)))
            if due and (self._again or due < soon or due != former):
                self.idle = False
                timer.set(key, due)
            elif former and not due:
                self.idle = False
                timer.clear(key)

    def _permitted(self, act: Callable[[], None]) -> None:
        try:
            act()
        except GiveUp as error:
            self._note_fault(error)

    def _note_fault(self, error: GiveUp) -> None:
        self.faults[f"authors are not told: {error}"] = None


def _state(cloud: Cloud, key: str) -> str:
    return cloud.source.tags(key).get(f"{TAG_PREFIX}state", "")


def _knows_of_loss(cloud: Cloud, key: str) -> bool:
    """Whether a file's report tells that another has its address; or has no room to."""
    keys = report_keys(key)
    file = cloud.source.get(keys[0]) if keys else None
    return not keys or (file is not None and "address-taken" in codes_in(file.body))


def report_orphans(listed: Listings, told: Iterable[str]) -> list[str]:
    """Reports in the source bucket of files of which there is nothing to tell."""
    explained = {*told, WHOLE}
    return [key for key in listed.source if key.startswith(REPORTS) and report_of(key) not in explained]


@dataclass(frozen=True, slots=True)
class _Described:
    """What a file's tags and its time follow from, as its record knows it."""

    etag: str
    state: State
    good: str
    due: float
    addresses: tuple[str, ...]
    shown: str


Described = Mapping[str, _Described | None]


def _described(records: Iterable[GroupRecord | None]) -> dict[str, _Described | None]:
    """What tags tell of each source file, as its record knows it."""
    return {
        source.key: _Described(
            source.etag,
            source.state,
            source.good,
            source.due,
            tuple(page.tile.address for page in record.pages if page.tile.key == source.key),
            shown_in_tags(record.basis),
        )
        for record in records
        if record
        for source in record.sources
    }


def word_of(
    run: Run,
    computed: list[Computed],
    statuses: dict[str, Status],
    statics: Iterable[StaticFile],
    problems: tuple[Problem, ...],
    site: Site,
    cloud: Cloud,
) -> Word:
    """What the authors of this run's files are to be told. Those of settings and data only when all is looked at: all else is as it was."""
    settings = {file.key: file for file in run.inputs.files} if run.todo.root else {}
    uploads = [upload for file in statics if (upload := copied_version(file, cloud.source))] if cloud.tells_authors else []
    if cloud.tells_authors:
        uploads += [upload for one in run.problems if (upload := uploaded(cloud.source, one.file))]
    others = run.faulty | (run.inputs.etags.keys() if run.todo.root else set())
    keys = {key for sources in run.sources for key in group_keys(sources.group, site.languages)}
    keys |= {form for key in run.statics for form in forms(key)}
    told = {key for seen in run.ledgers.values() for key in seen.value.reports}
    told |= {form for key in run.statics if is_image(key) for form in forms(key)}
    return Word(
        keys=frozenset(keys | others),
        statuses=of_uploads((*uploads, *settings.values()), problems, site.wording) | of_others(problems, others - keys, site.wording) | statuses,
        told=frozenset((keys & told) | (others - keys)),
        files=(*uploads, *settings.values(), *(file for sources in run.sources for file in sources.files)),
        before=tuple(known_record(one.group, run) for one in computed),
        after=tuple(one.record for one in computed),
    )


def word_without_settings(run: Run, cloud: Cloud) -> Word:
    """What authors are told while there is an error in the settings: nothing is published until it is mended."""
    uploads = cloud.fan.io(partial(uploaded, cloud.source), [form for key in run.statics for form in forms(key)])
    files = (*(file for sources in run.sources for file in sources.files), *(file for file in uploads if file))
    faulty = sorted({problem.file for problem in run.inputs.problems if problem.severity is Severity.ERROR})
    wording, files_to_mend = run.inputs.wording, ", ".join(faulty or [SETTINGS_KEY])
    keys = frozenset(run.inputs.etags) | {file.key for file in files}
    statuses = of_others(run.inputs.problems, run.inputs.etags, wording)
    statuses |= withheld(files, partial(problem, "not-published.settings", wording, files=files_to_mend), wording)
    tagged = tuple(file for file in (*files, *run.inputs.files) if file.key in statuses)
    return Word(keys=keys, statuses=statuses, told=keys, files=tagged)


def with_reports_of(ledger: Ledger, run: Run, statuses: Mapping[str, Status], site: Site) -> Ledger:
    """The ledger with those of its section's files of this run noted of which a report will stand in the source bucket."""
    keys = {key for sources in run.sources if section_of(sources.group) == ledger.section for key in group_keys(sources.group, site.languages)}
    told = {key: reports(status, site) for key in sorted(keys) if (status := statuses.get(key)) and status.problems}
    return with_reports(ledger, keys, {key: found[0].etag if found else "" for key, found in told.items()})
