"""Who has changed anything looks once more at what it read, whatever it changed; who has not, does not."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from builders import memory_cloud, page_text, theme
from tilepress.adapters.memory import MemoryStore
from tilepress.artifacts import Artifact, Observed
from tilepress.books import read_ledger
from tilepress.pages import SourceFile
from tilepress.ports import Cloud
from tilepress.reconcile import reconcile
from tilepress.resync import resync

KEY, PAGE = "content/projekte/a.md", "projekte/a/index.html"
THEME = theme()


class Sources(MemoryStore):
    """Counts looks; and the author saves a page once more when it is next tagged, without an event that would tell."""

    looks = 0
    saved_when_tagged = False

    def head(self, key: str) -> Observed | None:
        """Counted."""
        self.looks += 1
        return super().head(key)

    def tag(self, file: SourceFile, tags: Mapping[str, str]) -> bool:
        """And perhaps the page is saved."""
        changed = super().tag(file, tags)
        if self.saved_when_tagged:
            self.saved_when_tagged = False
            self.put(Artifact(KEY, page_text(title="Neu").encode(), ""))
        return changed


class Site(MemoryStore):
    """The author saves a page once more when a ledger is next replaced."""

    saving: Sources | None = None

    def replace(self, artifact: Artifact, etag: str | None) -> str:
        """And perhaps the page is saved."""
        replaced = super().replace(artifact, etag)
        if self.saving:
            self.saving.put(Artifact(KEY, page_text(title="Neu").encode(), ""))
            self.saving = None
        return replaced


@pytest.fixture
def published() -> tuple[Cloud, Sources, Site]:
    """A site with one page; its source has been uploaded again since, with the same bytes: a new version, which the ledger does not know."""
    sources, site = Sources(), Site()
    cloud = replace(memory_cloud(), source=sources, site=site)
    for _ in range(2):
        sources.put(Artifact(KEY, page_text(title="Alt").encode(), ""))
        resync(cloud, THEME)
    sources.put(Artifact(KEY, page_text(title="Alt").encode(), ""))
    return cloud, sources, site


def shown(site: Site) -> str:
    """The title of the page that is published."""
    found: Any = site.get(PAGE)
    return str(found.body.decode()).partition("|")[0]


def test_after_a_ledger_alone(published: tuple[Cloud, Sources, Site]) -> None:
    """Nothing is put, and no author told: the ledger notes another version, and may do so wrongly."""
    cloud, sources, site = published
    site.saving = sources
    report = reconcile([KEY], replace(cloud, tells_authors=False), THEME)
    assert (report.attempts > 1, shown(site)) == (True, "Neu")


def test_after_tags_alone(published: tuple[Cloud, Sources, Site]) -> None:
    """The ledger knows the version, but its tags are lost."""
    cloud, sources, site = published
    reconcile([KEY], replace(cloud, tells_authors=False), THEME)
    sources.saved_when_tagged = True
    reconcile([KEY], cloud, THEME)
    assert (sources.saved_when_tagged, shown(site)) == (False, "Neu")


def test_none_after_nothing(published: tuple[Cloud, Sources, Site]) -> None:
    """An event that comes twice costs reads only."""
    cloud, sources, _ = published
    reconcile([KEY], cloud, THEME)
    sources.looks = 0
    report = reconcile([KEY], cloud, THEME)
    assert (sources.looks, report.put, report.attempts) == (0, {}, 1)


def test_what_is_forgotten_is_forgotten_by_the_cdn_first() -> None:
    """Where a page stood that nobody will know of any more: though somebody has deleted it, who may have died before telling the CDN."""
    known_when_told: list[bool] = []
    now = [0.0]
    cloud = memory_cloud({KEY: page_text(slug="b")}, retire_after=100.0, now=lambda: now[0])

    def known() -> bool:
        return "/projekte/b/" in read_ledger(cloud.site, "projekte").value.retired

    class Cdn:
        """Notes whether the address is still known when it is told of it."""

        def invalidate(self, paths: Sequence[str]) -> None:
            known_when_told.extend(known() for path in paths if path == "/projekte/b/")

    reconcile([KEY], cloud, THEME)
    cloud.source.delete(KEY)
    reconcile([KEY], cloud, THEME)
    now[0] = 200.0
    reconcile([KEY], replace(cloud, cdn=Cdn()), THEME)
    assert (known_when_told, known()) == ([True], False)


def test_what_was_made_again_of_others_is_told_to_the_cdn_by_who_comes_again() -> None:
    """The run before it may have deleted what another page had put at its address, made it again, and died before it told the CDN."""
    told: list[str] = []

    class Cdn:
        """Notes what it is told."""

        def invalidate(self, paths: Sequence[str]) -> None:
            told.extend(paths)

    cloud = memory_cloud({"content/a.md": page_text(), "content/b.md": page_text(slug="a")})
    reconcile(["content/a.md", "content/b.md"], cloud, THEME)
    cloud.source.delete("content/a.md")
    reconcile(["content/a.md"], cloud, THEME)
    reconcile(["content/a.md"], replace(cloud, cdn=Cdn()), THEME, again=True)
    assert "/a/" in told
