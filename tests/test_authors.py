"""Reports go when there is nothing to tell any more, whatever comes between."""

from dataclasses import replace

import pytest
from builders import memory_cloud, page_text, theme
from tilepress.adapters.memory import MemoryStore
from tilepress.artifacts import Artifact
from tilepress.books import read_ledger
from tilepress.errors import Stale, TryAgain
from tilepress.reconcile import reconcile
from tilepress.reports import REPORTS
from tilepress.resync import resync

A, B = "content/projekte/a.md", "content/projekte/b.md"
FILES = {"site.yaml": "base_url: https://x.de\n", A: page_text(slug="x"), B: page_text(slug="x")}


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
