"""Reports go when there is nothing to tell any more, whatever comes between."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from builders import Timetable, memory_cloud, page_text, theme
from tilepress.adapters.memory import MemoryStore
from tilepress.artifacts import Artifact
from tilepress.authors import Authors, Word
from tilepress.books import read_ledger
from tilepress.errors import Stale, TryAgain
from tilepress.ledger import GroupRecord, SourceRecord
from tilepress.pages import SourceFile
from tilepress.reconcile import reconcile
from tilepress.reports import REPORTS
from tilepress.resync import resync
from tilepress.status import Status

A, B = "content/projekte/a.md", "content/projekte/b.md"
FILES = {"site.yaml": "base_url: https://x.de\n", A: page_text(slug="x"), B: page_text(slug="x")}


def due(at: float) -> tuple[GroupRecord, ...]:
    """A group's record, with a file that is due at this time."""
    return (GroupRecord(sources=(SourceRecord(key=A, etag="e", state="draft", due=at),)),)


@pytest.mark.parametrize("mine", [100_000.0, 0.0])
def test_a_time_that_was_set_over_another_s_is_set_again(mine: float) -> None:
    """A run that was overtaken sets, or clears, a time that is over; at its second look the ledger has the right one, before and after."""
    timer = Timetable()
    authors = Authors(replace(memory_cloud(), timer=timer), again=False)
    timer.set(A, 200_000.0)  # by who overtook it
    authors.tell(Word(keys=frozenset({A}), statuses={}, told=frozenset(), before=due(150_000.0), after=due(mine)), None, None)
    authors.tell(Word(keys=frozenset({A}), statuses={}, told=frozenset(), before=due(200_000.0), after=due(200_000.0)), None, None)
    assert timer.times == {A: 200_000.0}


def test_what_a_run_has_said_wrongly_it_says_again() -> None:
    """It was overtaken between its ledger and its tags: by then the page had lost its address, or got it back."""
    authors = Authors(memory_cloud(FILES), again=False)
    statuses = {A: Status(key=A, state="published"), B: Status(key=B, state="problem")}
    authors.tell(Word(keys=frozenset({A, B}), statuses=statuses, told=frozenset()), None, None)
    assert authors.untold({A: True, B: True}) == {A}
    assert authors.overdue([A, B]) == {B}


def test_a_resync_that_comes_again_tells_anew_what_its_reports_say() -> None:
    """The one before it died when the pages stood, and their reports were those of former settings."""

    class Dying(MemoryStore):
        armed = False

        def put(self, artifact: Artifact) -> str:
            if self.armed and artifact.key.startswith(REPORTS):
                self.armed = False
                raise TryAgain(artifact.key)
            return super().put(artifact)

    source = Dying()
    cloud = replace(memory_cloud(), source=source)
    for key, text in (FILES | {"site.yaml": "messages: en\n"}).items():
        source.put(Artifact(key, text.encode(), ""))
    resync(cloud, theme())
    source.put(Artifact("site.yaml", b"messages: de\n", ""))
    source.armed = True
    with pytest.raises(TryAgain):
        resync(cloud, theme())
    resync(cloud, theme(), again=True)
    report = source.get(f"{REPORTS}{B}.html")
    assert report
    assert b'lang="de"' in report.body


def test_a_report_of_settings_that_are_over_goes_with_the_message_of_who_wrote_it() -> None:
    """It had read them broken, and wrote that when they were mended, and all told; then it died."""
    cloud = memory_cloud(FILES)
    resync(cloud, theme())
    for kind in ("json", "html"):
        cloud.source.put(Artifact(f"{REPORTS}site.yaml.{kind}", b"{}", ""))
    reconcile([A], cloud, theme(), again=True)
    assert list(cloud.source.list(f"{REPORTS}site.yaml")) == []


class Unheard(MemoryStore):
    """Loses its answer to whoever first forgets a report: the write has its effect, and a second try of it is refused."""

    armed = False

    def replace(self, artifact: Artifact, etag: str | None) -> str:
        """Refused once."""
        replaced = super().replace(artifact, etag)
        if self.armed and not read_ledger(self, "projekte").value.reports:
            self.armed = False
            raise Stale(artifact.key)
        return replaced


def test_a_report_goes_though_the_run_that_forgot_it_had_to_start_again() -> None:
    """By then the ledger says nothing of it any more."""
    site = Unheard()
    cloud = replace(memory_cloud(FILES), site=site)
    resync(cloud, theme())
    assert [seen.key for seen in cloud.source.list(REPORTS)]
    site.armed = True
    cloud.source.put(Artifact(A, page_text(slug="y").encode(), ""))
    reconcile([A], cloud, theme())
    assert not site.armed
    assert [seen.key for seen in cloud.source.list(REPORTS)] == []


def test_who_got_an_address_back_is_told_though_the_run_died_over_it() -> None:
    """It has a report before and after: that there is one says nothing of which it is, its tags do."""

    class Dying(MemoryStore):
        """Dies when it has put the first half of a report."""

        armed = False

        def put(self, artifact: Artifact) -> str:
            if self.armed and artifact.key == f"{REPORTS}{B}.html":
                self.armed = False
                raise TryAgain(artifact.key)
            return super().put(artifact)

    source = Dying()
    for key, text in (FILES | {B: page_text(slug="x", img="a.svg")}).items():
        source.put(Artifact(key, text.encode(), ""))
    cloud = replace(memory_cloud(), source=source, retire_after=100.0)
    resync(cloud, theme())
    assert source.tags(B)["tilepress-state"] == "problem"
    source.armed = True
    source.put(Artifact(A, page_text(slug="y").encode(), ""))
    with pytest.raises(TryAgain):
        reconcile([A], cloud, theme())
    reconcile([A], cloud, theme(), again=True)
    report = source.get(f"{REPORTS}{B}.html")
    assert source.tags(B)["tilepress-state"] == "published"
    assert report is not None
    assert b"x/" in report.body


@pytest.mark.parametrize("with_settings", [False, True])
def test_a_page_whose_time_has_come_is_told_of_though_the_run_died_over_its_tag(*, with_settings: bool) -> None:
    """Its version is the one that was tagged before; and its message may come again together with one of the settings."""

    class Dying(MemoryStore):
        armed = False

        def tag(self, file: SourceFile, tags: Mapping[str, str]) -> bool:
            if self.armed:
                self.armed = False
                raise TryAgain(file.key)
            return super().tag(file, tags)

    now, source = [0.0], Dying()
    cloud = replace(memory_cloud(), source=source, now=lambda: now[0])
    source.put(Artifact(A, page_text(publishDate="1970-01-02").encode(), ""))
    source.put(Artifact(B, page_text().encode(), ""))
    resync(cloud, theme())
    now[0], source.armed = 200_000.0, True
    with pytest.raises(TryAgain):
        reconcile([A], cloud, theme())
    assert source.tags(A)["tilepress-state"] == "scheduled"
    if with_settings:
        resync(cloud, theme(), frozenset({A}), again=True)
    else:
        reconcile([A], cloud, theme(), again=True)
    assert source.tags(A)["tilepress-state"] == "published"
