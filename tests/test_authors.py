"""Reports go when there is nothing to tell any more, whatever comes between."""

from dataclasses import replace

from builders import memory_cloud, page_text, theme
from tilepress.adapters.memory import MemoryStore
from tilepress.artifacts import Artifact
from tilepress.books import read_ledger
from tilepress.errors import Stale
from tilepress.reconcile import reconcile
from tilepress.reports import REPORTS
from tilepress.resync import resync

FILES = {
    "site.yaml": "base_url: https://x.de\n",
    "content/projekte/a.md": page_text(slug="x"),
    "content/projekte/b.md": page_text(slug="x"),
}


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
    cloud.source.put(Artifact("content/projekte/a.md", page_text(slug="y").encode(), ""))
    reconcile(["content/projekte/a.md"], cloud, theme())
    assert not site.armed
    assert [seen.key for seen in cloud.source.list(REPORTS)] == []
