"""Runs that others overtook, or that were refused half-way: what they had told and written by then is set right."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from builders import Timetable, Watched, ledger, memory_cloud, page_text, theme
from tilepress.adapters.memory import MemoryOutbox, MemoryStore
from tilepress.artifacts import Artifact, Observed
from tilepress.authors import Authors, Word
from tilepress.books import ROOT_KEY, ledger_key, read_ledger
from tilepress.errors import GiveUp, Stale
from tilepress.events import Message, messages
from tilepress.ledger import GroupRecord, SourceRecord
from tilepress.pages import SourceFile
from tilepress.pictures import Developed
from tilepress.ports import Cloud
from tilepress.publisher import publish
from tilepress.reconcile import reconcile
from tilepress.reports import REPORTS
from tilepress.resync import resync

A, B = "content/projekte/a.md", "content/projekte/b.md"
PAGE_B = "projekte/b/index.html"
LOOK = theme()
SETTINGS = "base_url: https://x.de\n"
DAY = 86_400.0


class Refusing(MemoryStore):
    """Refuses to replace the root ledger once, when a section's has been replaced already; something else may happen then."""

    armed = False

    def __init__(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        super().__init__()
        self._meanwhile = meanwhile

    def replace(self, artifact: Artifact, etag: str | None) -> str:
        """Perhaps refused."""
        if self.armed and artifact.key == ROOT_KEY:
            self.armed = False
            self._meanwhile()
            raise Stale(artifact.key)
        return super().replace(artifact, etag)


class Listed(MemoryStore):
    """Something happens when it has been listed."""

    def __init__(self, origin: Any, act: Callable[[], None]) -> None:
        super().__init__()
        self.__dict__.update(origin.__dict__)
        self._acts = [act]

    def list(self, prefix: str = "") -> Iterator[Observed]:
        """As it is, with what happens afterwards."""
        found = [*super().list(prefix)]
        if self._acts and not prefix:
            self._acts.pop()()
        return iter(found)


def write(cloud: Cloud, key: str, text: str) -> None:
    """A file comes."""
    cloud.source.put(Artifact(key, text.encode(), ""))


def site(cloud: Cloud) -> dict[str, str]:
    """What is published."""
    return {seen.key: seen.etag for seen in cloud.site.list() if not seen.key.startswith(".tilepress/")}


def encode(body: bytes) -> Developed:
    """An image that is developed to nothing, with this problem."""
    return Developed(problem=body.decode())


def reports(cloud: Cloud) -> dict[str, str]:
    """The reports there are."""
    return {seen.key: seen.etag for seen in cloud.source.list(REPORTS)}


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


@pytest.mark.parametrize("redirect", [True, False])
def test_a_page_stands_though_it_was_put_over_or_deleted_before_its_ledger(*, redirect: bool) -> None:
    """Who did so had read the ledger before, looked again while it was still the same, and will not come back."""

    class Site(MemoryStore):
        """When the page stands and its ledger is about to be replaced, somebody puts a redirect there, or deletes what nobody names."""

        def replace(self, artifact: Artifact, etag: str | None) -> str:
            page = self.get("projekte/x/index.html")
            if page and page.body.startswith(b"A|"):
                self.put(Artifact("projekte/x/index.html", b"-> /projekte/b/", "text/html")) if redirect else self.delete("projekte/x/index.html")
            return super().replace(artifact, etag)

    cloud = memory_cloud({B: page_text(aliases="[/projekte/x/]")}, site=Site(), retire_after=100.0)
    resync(cloud, LOOK)
    key = A if redirect else "content/projekte/x.md"
    write(cloud, key, page_text(slug="x", title="A") if redirect else page_text(title="A"))
    reconcile([key], cloud, LOOK)
    shown = cloud.site.get("projekte/x/index.html")
    assert shown
    assert shown.body.startswith(b"A|")


def test_what_retired_leaves_an_address_to_the_section_whose_it_is_by_now() -> None:
    """Without English, `/en/blog/x/` lies in the space of a section `en`, and is no more the blog's to redirect."""
    guest, host = "content/projekte/a.md", "content/blog/a.md"
    cloud = memory_cloud({"site.yaml": SETTINGS, host: page_text(aliases="[/en/blog/x/]")}, retire_after=1000.0)
    resync(cloud, LOOK)
    write(cloud, host, page_text(slug="y"))
    write(cloud, guest, page_text(aliases="[/en/blog/x/]"))
    write(cloud, "site.yaml", SETTINGS + "languages: [de]\n")
    resync(cloud, LOOK)
    reconcile([host], cloud, LOOK, again=True)
    shown = cloud.site.get("en/blog/x/index.html")
    assert shown
    assert b"/projekte/a/" in shown.body


def test_where_a_run_wrote_while_the_languages_were_others_the_section_of_today_is_looked_at() -> None:
    """It has put a redirect of the blog's at `/en/blog/x/`, over that of a section `en`, which it knew nothing of."""
    guest, host, key = "content/projekte/a.md", "content/blog/a.md", "en/blog/x/index.html"
    cloud = memory_cloud({"site.yaml": SETTINGS, host: page_text(aliases="[/en/blog/x/]")}, retire_after=1000.0)
    resync(cloud, LOOK)
    write(cloud, host, page_text(slug="y", aliases="[/en/blog/x/]"))

    def overtake() -> None:
        write(cloud, host, page_text())
        write(cloud, guest, page_text(aliases="[/en/blog/x/]"))
        write(cloud, "site.yaml", SETTINGS + "languages: [de]\n")
        resync(cloud, LOOK)

    reconcile([host], replace(cloud, site=Watched(cloud.site, key, overtake)), LOOK)
    shown = cloud.site.get(key)
    assert shown
    assert b"/projekte/a/" in shown.body


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


class Unreadable(MemoryStore):
    """A source bucket in which a permission is missing."""

    def __init__(self, missing: str) -> None:
        super().__init__()
        self._missing = missing

    def tags(self, key: str) -> dict[str, str]:
        """See `tilepress.ports.Store`."""
        if self._missing == "tags":
            raise GiveUp("tags are not permitted")
        return super().tags(key)

    def head(self, key: str) -> Observed | None:
        """See `tilepress.ports.Store`, here without the number of tags."""
        if self._missing == "reports" and key.startswith(REPORTS):
            raise GiveUp("reports are not permitted")
        found = self.get(key)
        return Observed(key, found.etag, len(found.body)) if found else None


class Unreportable(MemoryStore):
    """A source bucket in which no report may be written, and no theme's file tagged."""

    def put(self, artifact: Artifact) -> str:
        """See `tilepress.ports.Store`."""
        if artifact.key.startswith(REPORTS):
            raise GiveUp("reports are not permitted")
        return super().put(artifact)

    def tag(self, file: SourceFile, tags: Mapping[str, str]) -> bool:
        """See `tilepress.ports.Store`."""
        if file.key.startswith("theme/"):
            raise GiveUp("tags of a theme are not permitted")
        return super().tag(file, tags)


def test_without_permission_to_report_pages_are_published_and_nothing_is_looked_at_for_ever() -> None:
    """What is missing then is no sign that a run has died."""
    queue = MemoryOutbox()
    cloud = replace(memory_cloud(queue=queue), source=Unreportable())
    for key, text in ((A, page_text()), (B, page_text(img="a.svg"))):
        write(cloud, key, text)
        outcome = publish([Message("1", frozenset({key}), unsure=True)], cloud, LOOK)
        assert outcome.failed == ()
    queue.sent = [{"keys": [A], "again": True}]
    for _ in range(3):
        if queue.sent:
            assert publish(messages(queue.sent.pop(0)), cloud, LOOK).failed == ()
    assert queue.sent == []


def test_a_file_that_may_not_be_tagged_keeps_no_other_from_it() -> None:
    """Each is asked for by itself."""
    cloud = replace(memory_cloud(), source=Unreportable())
    for key, text in (("site.yaml", SETTINGS + "theme: {files: [404.html]}\n"), ("theme/404.html", "{{ page.title }}"), (A, page_text())):
        write(cloud, key, text)
    report = resync(cloud, LOOK)
    assert cloud.source.tags(A)["tilepress-state"] == "published"
    assert report.faults == ("authors are not told: tags of a theme are not permitted",)


@pytest.mark.parametrize("missing", ["tags", "reports"])
def test_without_permission_to_see_what_authors_know_pages_are_published(missing: str) -> None:
    """Where a run may have died over what it was telling, that is looked for; but nothing depends on it."""
    source = Unreadable(missing)
    cloud = replace(memory_cloud(), source=source)
    write(cloud, A, page_text(slug="x"))
    write(cloud, B, page_text(slug="x", img="a.svg"))
    outcome = publish([Message("1", frozenset({A, B}), unsure=True)], cloud, LOOK)
    assert outcome.failed == ()
    assert cloud.site.get("projekte/x/index.html")
    assert outcome.report.faults == (f"authors are not told: {missing} are not permitted",)


def test_what_is_looked_at_besides_arrives_when_the_run_has_ended() -> None:
    """Its insurance is of no use to a run that sleeps: what looks before its last write cannot see that."""
    delays: list[float] = []

    class Delaying(MemoryOutbox):
        """Notes delays."""

        def send(self, messages: Sequence[Mapping[str, Any]], *, delay: float = 0) -> None:
            delays.append(delay)
            super().send(messages)

    cloud = memory_cloud({A: page_text(slug="x"), B: page_text(slug="x", title="B")}, queue=Delaying(), retire_after=240.0)
    resync(cloud, LOOK)
    write(cloud, A, page_text(draft="true"))
    reconcile([A], cloud, LOOK)
    assert delays == [120.0]


def test_a_resync_leaves_what_was_published_since_it_listed() -> None:
    """Not even for a moment may its tile be gone, on the word of a listing that is older than the ledger."""
    tiles: list[bool] = []

    class Site(MemoryStore):
        """Notes whether the page has its tile."""

        def put(self, artifact: Artifact) -> str:
            if artifact.key == "projekte/tiles.json":
                tiles.append(b"/projekte/b/" in artifact.body)
            return super().put(artifact)

    cloud = memory_cloud({A: page_text()}, site=Site())
    resync(cloud, LOOK)

    def publish_another() -> None:
        tiles.clear()
        write(cloud, B, page_text())
        reconcile([B], cloud, LOOK)

    resync(replace(cloud, source=Listed(cloud.source, publish_another)), LOOK)
    assert all(tiles)
    assert PAGE_B in site(cloud)


def test_a_resync_takes_back_what_was_reported_since_it_listed() -> None:
    """The report stood when the ledger was read that names it; the file was mended by then, and its own event finds all as it is to be."""
    cloud = memory_cloud({A: page_text()})
    resync(cloud, LOOK)

    def report_and_mend() -> None:
        write(cloud, A, page_text(img="a.svg"))
        reconcile([A], cloud, LOOK)
        assert reports(cloud)
        write(cloud, A, page_text(title="Mended"))

    resync(replace(cloud, source=Listed(cloud.source, report_and_mend)), LOOK)
    reconcile([A], cloud, LOOK)
    assert reports(cloud) == {}


def test_what_a_resync_brings_back_stands_though_its_listing_showed_it_before_others_deleted_it() -> None:
    """A category's list goes with its last page, between the listing and the ledger's reading; and the page has it again by then."""
    files = {A: page_text(kategorien="[Rot]"), B: page_text()}
    cloud = memory_cloud(files)
    resync(cloud, LOOK)
    wanted = site(cloud)

    def change_back_and_forth() -> None:
        write(cloud, A, page_text())
        reconcile([A], cloud, LOOK)
        write(cloud, A, files[A])

    resync(replace(cloud, site=Listed(cloud.site, change_back_and_forth)), LOOK)
    assert site(cloud) == wanted


def test_a_resync_that_comes_again_tells_of_what_is_current() -> None:
    """The one before it died when pages and ledgers were done, and no tag was."""
    cloud = memory_cloud({"site.yaml": SETTINGS, A: page_text(), B: page_text()})
    resync(cloud, LOOK)
    for key in (A, B):
        file = cloud.source.get(key)
        assert file
        cloud.source.tag(file, {"tilepress-state": "scheduled"})
    resync(cloud, LOOK, again=True)
    assert [cloud.source.tags(key)["tilepress-state"] for key in (A, B)] == ["published", "published"]


def test_a_resync_that_has_to_begin_anew_still_comes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """It deleted something while the settings changed; what its batches find may still be what the one before it wrote."""
    monkeypatch.setattr("tilepress.resync.ALONE_KEYS_MAX", 1)
    queue = MemoryOutbox()
    cloud = memory_cloud({"site.yaml": SETTINGS, A: page_text(), B: page_text()})
    resync(cloud, LOOK)
    cloud.site.put(Artifact("rest/index.html", b"x", ""))

    class Undecided(MemoryStore):
        """The settings change when an orphan goes."""

        def delete(self, key: str) -> None:
            super().delete(key)
            if key == "rest/index.html":
                write(cloud, "site.yaml", SETTINGS + "# ja\n")

    site = Undecided()
    vars(site).update(vars(cloud.site))
    resync(replace(cloud, site=site, queue=queue), LOOK, again=True)
    assert [message["trust"] for message in queue.sent] == [False]


def test_batches_of_a_resync_that_comes_again_trust_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What they find current may be what the one before it wrote, and told nobody of."""
    monkeypatch.setattr("tilepress.resync.ALONE_KEYS_MAX", 1)
    queue = MemoryOutbox()
    cloud = memory_cloud({A: page_text(), B: page_text()}, queue=queue)
    resync(replace(cloud, queue=None), LOOK)
    resync(cloud, LOOK, again=True)
    assert queue.sent == [{"keys": [A, B], "trust": False}]


def test_a_batch_that_trusts_nothing_has_the_cdn_forget_only_what_it_mends() -> None:
    """An invalidation for each batch would be most of what a nightly look at a large site costs. Reports and what is derived it looks at."""
    told: list[str] = []

    class Cdn:
        """Notes what it is told."""

        def invalidate(self, paths: Sequence[str]) -> None:
            told.extend(paths)

    photo, queue = "static/files/p.jpg", MemoryOutbox()
    files = {A: page_text(img="a.svg"), B: page_text(img="p.jpg", img_alt="P"), photo: "picture-location"}
    cloud = replace(memory_cloud(files, encoder=encode, queue=queue), cdn=Cdn())
    resync(cloud, LOOK)
    told.clear()
    before = reports(cloud)
    for key in before:
        cloud.source.delete(key)
    cloud.site.delete("projekte/tiles.json")
    publish(messages({"keys": [A, photo], "trust": False}), cloud, LOOK)
    assert (told, reports(cloud), queue.sent) == (["/projekte/tiles.json"], before, [])


def test_the_cdn_forgets_a_redirect_whose_writer_died_though_its_page_is_gone_by_then() -> None:
    """It retires: nothing is put there any more, and nothing deleted for a while; but it is not the redirect that the CDN keeps."""
    told: list[str] = []

    class Cdn:
        """Cannot be reached at first."""

        def invalidate(self, paths: Sequence[str]) -> None:
            if not told:
                told.append("")
                raise GiveUp("no CDN")
            told.extend(paths)

    cloud = memory_cloud({A: page_text(aliases="[/alt/]"), B: page_text()}, retire_after=100.0)
    resync(cloud, LOOK)
    cloud = replace(cloud, cdn=Cdn())
    write(cloud, A, page_text(slug="x", aliases="[/alt/]"))
    with pytest.raises(GiveUp):
        reconcile([A], cloud, LOOK)
    cloud.source.delete(A)
    reconcile([A], cloud, LOOK, again=True)
    assert "alt/index.html" in site(cloud)
    assert "/alt/" in told


def test_what_a_run_wrote_that_knew_a_language_not_yet_goes_when_its_message_comes_again() -> None:
    """To it `a.en` was a page of its own. It died before its ledger said so, and when it comes again the language is one."""
    key = "content/projekte/a.en.md"
    cloud = memory_cloud({"site.yaml": f"{SETTINGS}languages: [de, en]\n", key: page_text(), B: page_text()})
    resync(cloud, LOOK)
    cloud.site.put(Artifact("projekte/a.en/index.html", b"A|", "text/html"))
    reconcile([key], cloud, LOOK, again=True)
    assert {"projekte/a.en/index.html", "en/projekte/a/index.html"} & site(cloud).keys() == {"en/projekte/a/index.html"}


def test_an_upload_stands_though_a_run_put_a_redirect_over_it_that_nobody_asks_for_any_more() -> None:
    """It had looked before there was the upload, and was refused afterwards: its next attempt knows nothing of the redirect."""
    alias, upload = "content/blog/a.md", "static/projekte/alt.html"

    class Site(MemoryStore):
        """Others act when the ledger of the section stands in which the redirect is to be; the root ledger is another's after that."""

        others: Callable[[], None] | None = None

        def replace(self, artifact: Artifact, etag: str | None) -> str:
            done = super().replace(artifact, etag)
            if artifact.key == ledger_key("projekte") and self.others:
                act, self.others = self.others, None
                act()
            return done

    def others() -> None:
        write(cloud, alias, page_text(title="Three"))
        write(cloud, upload, "<p>1")
        reconcile([alias, upload], cloud, LOOK)

    store = Site()
    cloud = memory_cloud({A: page_text(), alias: page_text()}, site=store, retire_after=100.0)
    resync(cloud, LOOK)
    write(cloud, alias, page_text(title="Two", aliases="[/projekte/alt.html]"))
    store.others = others
    reconcile([alias], cloud, LOOK)
    stands = cloud.site.get("projekte/alt.html")
    assert stands
    assert stands.body == b"<p>1"


def test_files_that_a_ledger_names_no_more_are_sent_first() -> None:
    """The run may have read a list that is over by now, and die before it finds out: then nobody else would look at them."""
    key, queue = "content/projekte/a.en.md", MemoryOutbox()
    cloud = memory_cloud({"site.yaml": f"{SETTINGS}languages: [de]\n", A: page_text(), key: page_text(title="Own")})
    resync(cloud, LOOK)
    sent: list[bool] = []

    class Site(MemoryStore):
        """Notes whether the file was sent when the ledger is replaced."""

        def replace(self, artifact: Artifact, etag: str | None) -> str:
            if artifact.key == ledger_key("projekte"):
                sent.append(any(message["keys"] == [key] and message["again"] for message in queue.sent))
            return super().replace(artifact, etag)

    store = Site()
    vars(store).update(vars(cloud.site))
    write(cloud, "site.yaml", f"{SETTINGS}languages: [de, en]\n")
    reconcile([A], replace(cloud, site=store, queue=queue), LOOK)
    assert sent
    assert all(sent)


@pytest.mark.parametrize("settled", [True, False])
def test_a_page_that_is_refused_an_address_deletes_nothing_there(*, settled: bool) -> None:
    """Its key implies that of a category's list, which its section derives."""
    cloud = memory_cloud({A: page_text(kategorien="[Rot]")})
    resync(cloud, LOOK)
    wanted, key = site(cloud), "content/projekte/kategorie/rot.md"
    write(cloud, key, page_text())
    reconcile([key], cloud, LOOK)
    if settled:
        cloud.source.delete(key)
    reconcile([key], cloud, LOOK, again=True)
    assert site(cloud) == wanted
