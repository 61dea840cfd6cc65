"""The same for what runs have told authors by then."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from builders import Timetable, Watched, ledger, memory_cloud, page_text
from greenlet import getcurrent, greenlet
from races import DAY, LOOK, SETTINGS, A, B, Refusing, encode, reports, write
from tilepress.adapters.memory import MemoryOutbox, MemoryStore
from tilepress.artifacts import Artifact, Observed
from tilepress.authors import Authors, Word
from tilepress.books import ROOT_KEY, read_ledger
from tilepress.errors import TryAgain
from tilepress.events import Message, messages
from tilepress.ledger import GroupRecord, SourceRecord
from tilepress.pages import SourceFile
from tilepress.publisher import publish
from tilepress.reconcile import reconcile
from tilepress.reports import REPORTS
from tilepress.resync import resync


def test_a_run_that_is_refused_over_the_root_tells_on_its_second_attempt_what_is_new() -> None:
    """By then its section's ledger says what it is to say, as if everybody knew."""
    now, timer, store = [0.0], Timetable(), Refusing()
    cloud = memory_cloud({A: page_text(publishDate="1970-01-02"), B: page_text()}, site=store, now=lambda: now[0], timer=timer)
    resync(cloud, LOOK)
    assert cloud.source.tags(A)["tilepress-state"] == "scheduled"
    now[0], store.armed = 2 * DAY, True
    reconcile([A], cloud, LOOK)
    assert (store.armed, cloud.source.tags(A)["tilepress-state"]) == (False, "published")


def test_a_time_is_set_though_the_run_was_refused() -> None:
    """It stands in the ledger already, and nowhere else."""
    timer, store = Timetable(), Refusing()
    cloud = memory_cloud({A: page_text(), B: page_text()}, site=store, timer=timer)
    resync(cloud, LOOK)
    write(cloud, A, page_text(expiryDate="1970-02-01"))
    write(cloud, B, page_text(draft="true"))
    store.armed = True
    reconcile([A, B], cloud, LOOK)
    assert (store.armed, [*timer.times]) == (False, [A])


def test_who_lost_an_address_is_told_though_the_run_was_refused() -> None:
    """Before its second attempt the ledger says already that another holds it; and a report there is, of something else."""
    store = Refusing()
    cloud = memory_cloud({B: page_text(slug="x", img="a.svg")}, site=store)
    resync(cloud, LOOK)
    warned = cloud.source.get(f"{REPORTS}{B}.json")
    write(cloud, A, page_text(slug="x"))
    store.armed = True
    reconcile([A], cloud, LOOK)
    told = cloud.source.get(f"{REPORTS}{B}.json")
    assert warned
    assert told
    assert (store.armed, json.loads(warned.body)["state"], json.loads(told.body)["state"]) == (False, "published", "problem")


def test_who_came_and_lost_an_address_between_two_attempts_is_told() -> None:
    """The first attempt did not see it, the second takes its address; and a report there is, of something else."""
    acts: list[Callable[[], object]] = []

    class Meanwhile(MemoryStore):
        def replace(self, artifact: Artifact, etag: str | None) -> str:
            if acts and artifact.key == ".tilepress/sections/projekte.json":
                acts.pop()()
            return super().replace(artifact, etag)

    cloud = memory_cloud({B: page_text(slug="x", img="a.svg"), A: page_text(slug="x")}, site=Meanwhile())
    acts.append(lambda: reconcile([B], cloud, LOOK))
    reconcile([A], cloud, LOOK)
    told = cloud.source.get(f"{REPORTS}{B}.json")
    assert told
    assert (acts, json.loads(told.body)["state"], cloud.source.tags(B)["tilepress-state"]) == ([], "problem", "problem")


def test_who_lost_an_address_to_a_run_that_died_is_told_though_the_file_is_broken_as_well() -> None:
    """Its tags say that something is wrong, and so does its report: of the file, and not of the address."""
    page, overview = "content/projekte.md", "content/projekte/_index.md"

    class Dying(MemoryStore):
        def tag(self, file: SourceFile, tags: Mapping[str, str]) -> bool:
            if file.key in armed:
                armed.remove(file.key)
                raise TryAgain(file.key)
            return super().tag(file, tags)

    armed: list[str] = []
    cloud = memory_cloud(source=Dying())
    write(cloud, page, page_text())
    resync(cloud, LOOK)
    write(cloud, page, "---\ntitle: [\n---\n")
    reconcile([page], cloud, LOOK)
    armed.append(overview)
    write(cloud, overview, page_text())
    with pytest.raises(TryAgain):
        reconcile([overview], cloud, LOOK)
    reconcile([overview], cloud, LOOK, again=True)
    told = cloud.source.get(f"{REPORTS}{page}.json")
    assert told
    assert {one["code"] for one in json.loads(told.body)["problems"]} == {"yaml", "address-taken"}


def test_new_settings_are_told_of_in_the_tags() -> None:
    """An address begins with the site's."""
    cloud = memory_cloud({"site.yaml": SETTINGS, A: page_text()})
    resync(cloud, LOOK)
    write(cloud, "site.yaml", "base_url: https://y.org\n")
    resync(cloud, LOOK)
    assert cloud.source.tags(A)["tilepress-address"] == "https://y.org/projekte/a/"


def test_what_a_run_has_told_and_a_ledger_says_otherwise_is_looked_at_again() -> None:
    """Another run replaced the ledger, and told of that before this one told what is over."""
    timer = Timetable()
    authors = Authors(replace(memory_cloud(), timer=timer), again=False)

    def due(at: float) -> GroupRecord:
        return GroupRecord(sources=(SourceRecord(key=A, etag="e", state="draft", due=at),))

    authors.tell(Word(keys=frozenset({A}), statuses={}, told=frozenset(), after=(due(DAY),)), None, None)
    assert authors.outdated([ledger(a=due(DAY))]) == frozenset()
    assert authors.outdated([ledger(a=due(2 * DAY))]) == {A}


def test_what_a_run_has_said_of_data_that_are_over_it_takes_back() -> None:
    """Another has told by then that all is well, and there is no report any more that would remind of it."""

    class Sleepy(MemoryStore):
        """Another run comes before the page is tagged."""

        meanwhile: Callable[[], None] | None = None

        def tag(self, file: SourceFile, tags: Mapping[str, str]) -> bool:
            """See `tilepress.ports.Store`."""
            if self.meanwhile and file.key == A:
                act, self.meanwhile = self.meanwhile, None
                act()
            return super().tag(file, tags)

    source = Sleepy()
    cloud = replace(memory_cloud(), source=source)
    write(cloud, A, page_text(contact_person="ada"))

    def mend() -> None:
        write(cloud, "data/team.yaml", "ada: {name: Ada}\n")
        resync(cloud, LOOK, frozenset({"data/team.yaml"}))

    source.meanwhile = mend
    reconcile([A], cloud, LOOK)
    assert (reports(cloud), "tilepress-message" in source.tags(A)) == ({}, False)


def test_a_run_that_slept_over_a_page_s_end_sets_right_what_it_said_then() -> None:
    """The page's source is as it was read; that another has told of its end meanwhile, the ledger alone shows."""
    now = [0.0]

    class Sleepy(MemoryStore):
        """Another run comes before the first tags."""

        def __init__(self) -> None:
            super().__init__()
            self.meanwhile: list[Callable[[], None]] = []

        def tag(self, file: SourceFile, tags: Mapping[str, str]) -> bool:
            """See `tilepress.ports.Store`."""
            if self.meanwhile:
                self.meanwhile.pop()()
            return super().tag(file, tags)

    source = Sleepy()
    cloud = replace(memory_cloud(now=lambda: now[0]), source=source)
    write(cloud, A, page_text(expiryDate="1970-01-02"))

    def overtake() -> None:
        now[0] = 2 * DAY
        reconcile([A], cloud, LOOK)

    source.meanwhile = [overtake]
    reconcile([A], cloud, LOOK)
    assert source.tags(A)["tilepress-state"] == "expired"


def test_what_a_run_had_to_tell_when_settings_broke_is_told_when_they_are_mended() -> None:
    """It was refused, and found them broken then. By its ledger a page has a time, and another has lost its address; nobody was told."""
    timer = Timetable()
    store = Refusing(lambda: write(cloud, "site.yaml", "title: [\n"))
    cloud = memory_cloud({"site.yaml": SETTINGS, B: page_text(slug="x", img="a.svg")}, site=store, timer=timer)
    resync(cloud, LOOK)
    write(cloud, A, page_text(slug="x", img="a.svg", expiryDate="1970-02-01"))
    store.armed = True
    reconcile([A], cloud, LOOK)
    assert (store.armed, timer.times) == (False, {})
    write(cloud, "site.yaml", SETTINGS)
    publish([Message("1", frozenset({"site.yaml"}))], cloud, LOOK)
    assert [cloud.source.tags(key)["tilepress-state"] for key in (A, B)] == ["published", "problem"]
    assert [*timer.times] == [A]


@pytest.mark.parametrize(("key", "text"), [(A, page_text(img="a.svg")), ("static/files/p.jpg", "picture-location")])
def test_a_warning_comes_back_when_settings_are_mended(key: str, text: str) -> None:
    """While they were broken its file was uploaded again, and reported as not published; by the ledger it is current."""
    cloud = memory_cloud({"site.yaml": SETTINGS, A: page_text(), key: text}, encoder=encode)
    resync(cloud, LOOK)
    warned = reports(cloud)
    assert len(warned) == len(("json", "html"))
    write(cloud, "site.yaml", "title: [\n")
    publish([Message("1", frozenset({"site.yaml", key}))], cloud, LOOK)
    assert reports(cloud)[f"{REPORTS}{key}.json"] != warned[f"{REPORTS}{key}.json"]
    write(cloud, "site.yaml", SETTINGS)
    publish([Message("2", frozenset({"site.yaml"}))], cloud, LOOK)
    assert reports(cloud) == warned


def test_a_report_that_is_not_the_ledger_s_is_written_again_by_who_comes_again() -> None:
    """A run may have died between the two, with files in its hands that no message names."""
    cloud = memory_cloud({A: page_text(img="a.svg"), B: page_text()})
    resync(cloud, LOOK)
    told = reports(cloud)
    write(cloud, f"{REPORTS}{A}.json", json.dumps({}))
    reconcile([B], cloud, LOOK, again=True)
    assert reports(cloud) == told


def test_a_report_of_what_is_deleted_while_it_is_written_goes() -> None:
    """A file that cannot be published is in no group, of which one would look whether its files are as they were."""
    key = "content/projekte/notiz.txt"
    cloud = memory_cloud({key: "?"})
    cloud = replace(cloud, source=Watched(cloud.source, f"{REPORTS}{key}.json", lambda: cloud.source.delete(key)))
    reconcile([key], cloud, LOOK)
    assert cloud.source.head(key) is None
    assert reports(cloud) == {}


def test_broken_pages_that_hold_each_other_s_addresses_have_nobody_look_for_ever() -> None:
    """Their last good versions do. That there is a problem is no sign that an author was not told who holds what."""
    queue = MemoryOutbox()
    cloud = memory_cloud({A: page_text(aliases="[/projekte/b/]"), B: page_text(aliases="[/projekte/a/]")}, queue=queue)
    resync(cloud, LOOK)
    for key in (A, B):
        write(cloud, key, "---\ntitle: [\n---\n")
        reconcile([key], cloud, LOOK)
    queue.sent.append({"keys": [B], "again": True})
    for _ in range(9):
        if queue.sent:
            publish(messages(queue.sent.pop(0)), cloud, LOOK)
    assert queue.sent == []


def test_broken_pages_that_lost_their_addresses_have_nobody_look_for_ever() -> None:
    """Who comes again asks for their reports, since nothing else says whether their authors know; and these tell of it by then."""
    queue, pages = MemoryOutbox(), ("content/blog.md", "content/projekte.md")
    cloud = memory_cloud(dict.fromkeys(pages, page_text()), queue=queue)
    resync(cloud, LOOK)
    for key, text in ((page, "---\ntitle: [\n---\n") for page in pages):
        write(cloud, key, text)
        reconcile([key], cloud, LOOK)
    for page in pages:
        write(cloud, overview := page.replace(".md", "/_index.md"), page_text())
        reconcile([overview], cloud, LOOK)
    queue.sent[:] = [{"keys": [pages[0]], "again": True}]
    for _ in range(9):
        if queue.sent:
            publish(messages(queue.sent.pop(0)), cloud, LOOK)
    assert queue.sent == []


def test_files_with_a_page_that_is_shown_and_one_that_is_not_have_nobody_look_for_ever() -> None:
    """Of the older shape, with a page for each language. That something is wrong with them is what their authors know."""

    def two(de: str, en: str) -> str:
        return f"---\ntitle: T\nde:\n  slug: {de}\n  content: x\nen:\n  slug: {en}\n  content: y\n---\n"

    files = {"a": two("a1", "x"), "b": two("p", "x"), "c": two("q", "x"), "d": page_text(slug="p"), "e": page_text(slug="q")}
    queue = MemoryOutbox()
    cloud = memory_cloud({f"content/projekte/{name}.md": text for name, text in files.items()}, queue=queue)
    resync(cloud, LOOK)
    outcome = publish([Message("1", frozenset({B}), trust=False)], cloud, LOOK)
    assert (outcome.failed, queue.sent) == ((), [])


def test_a_page_on_which_we_fail_at_its_time_is_not_looked_at_every_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its time is over; what helps is a mended template, and with that comes a resync."""
    now, timer = [0.0], Timetable()
    cloud = memory_cloud({A: page_text(publishDate="1970-01-02")}, now=lambda: now[0], timer=timer)
    resync(cloud, LOOK)
    timer.times.clear()
    now[0] = 2 * DAY
    monkeypatch.setattr("tilepress.groups.compute", lambda *_, **__: 1 / 0)
    reconcile([A], cloud, LOOK)
    assert timer.times == {}


def test_a_page_on_which_we_fail_keeps_what_was_known_of_it_as_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else it would count as current, and its author never hear that it is published when the fault is mended."""
    cloud = memory_cloud({A: page_text(slug="x")})
    resync(cloud, LOOK)
    with monkeypatch.context() as patch:
        patch.setattr("tilepress.groups.compute", lambda *_, **__: 1 / 0)
        reconcile([A], cloud, LOOK)
    (record,) = read_ledger(cloud.site, "projekte").value.groups.values()
    assert ([source.state for source in record.sources], cloud.source.tags(A)["tilepress-state"]) == (["problem"], "problem")
    resync(cloud, LOOK)
    assert cloud.source.tags(A)["tilepress-state"] == "published"


def test_who_loses_an_address_to_an_overview_is_told_by_whoever_tells_last() -> None:
    """Its run read the root ledger before the overview's wrote it, replaced the other's ledger, and tells after the other has told."""
    page = "content/projekte.md"
    cloud = memory_cloud({"site.yaml": SETTINGS, page: page_text()})
    resync(cloud, LOOK)
    write(cloud, page, "---\ntitle: [\n---\n")
    reconcile([page], cloud, LOOK)

    class Asleep(MemoryStore):
        """Its reader falls asleep when it looks at the reports."""

        def head(self, key: str) -> Observed | None:
            """See `tilepress.ports.Store`."""
            if key.startswith(REPORTS) and getcurrent() is late and not slept:
                slept.append(key)
                late.parent.switch()
            return super().head(key)

    class Overtaking(MemoryStore):
        """The other one comes before the root ledger is written."""

        def replace(self, artifact: Artifact, etag: str | None) -> str:
            """See `tilepress.ports.Store`."""
            if artifact.key == ROOT_KEY and not slept:
                late.switch()
            return super().replace(artifact, etag)

    slept: list[str] = []
    source, site = Asleep(), Overtaking()
    site.__dict__.update(cloud.site.__dict__)
    source.__dict__.update(cloud.source.__dict__)
    late = greenlet(lambda: reconcile([page], replace(cloud, source=source), LOOK))
    write(cloud, A, page_text())
    reconcile([A, page], replace(cloud, site=site), LOOK)
    assert slept
    late.switch()
    told = cloud.source.get(f"{REPORTS}{page}.json")
    assert told
    assert [problem["code"] for problem in json.loads(told.body)["problems"]] == ["address-taken", "yaml"]
