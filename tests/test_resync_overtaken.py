"""The same for resyncs, whose listings are older than all that they read later."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from builders import memory_cloud, page_text
from races import DAY, LOOK, PAGE_B, SETTINGS, A, B, Listed, encode, reports, site, write
from tilepress.adapters.memory import MemoryOutbox, MemoryStore
from tilepress.artifacts import Artifact
from tilepress.events import messages
from tilepress.publisher import publish
from tilepress.reconcile import reconcile
from tilepress.resync import resync


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


def test_what_came_after_a_resync_had_listed_and_is_over_when_it_reads_does_not_stay() -> None:
    """Its listing shows no sitemap of pages in no folder, the ledger tells of the only one of these, and the page's time is over."""
    now = [0.0]
    cloud = memory_cloud({"site.yaml": SETTINGS, A: page_text()}, now=lambda: now[0])
    resync(cloud, LOOK)

    def publish_for_a_while() -> None:
        write(cloud, "content/kurz.md", page_text(expiryDate="1970-01-02"))
        reconcile(["content/kurz.md"], cloud, LOOK)
        assert "sitemap-pages.xml" in site(cloud)
        now[0] = 2 * DAY

    resync(replace(cloud, site=Listed(cloud.site, publish_for_a_while)), LOOK)
    assert "sitemap-pages.xml" not in site(cloud)


def test_what_a_resync_takes_in_hand_besides_its_messages_is_sent_to_the_queue_first() -> None:
    """It came since the listing, its own event is over, and nothing else would say that this run told its author of it, should it die."""
    queue, upload = MemoryOutbox(), "static/files/i.svg"
    cloud = memory_cloud({"site.yaml": SETTINGS, A: page_text()})
    resync(cloud, LOOK)
    cloud.site.put(Artifact("rest/index.html", b"x", ""))
    resync(replace(cloud, source=Listed(cloud.source, lambda: write(cloud, upload, "<svg/>")), queue=queue), LOOK)
    assert queue.sent == [{"keys": [upload], "again": True}]
