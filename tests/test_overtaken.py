"""Runs that others overtook, or that died half-way: what they had written by then is set right."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from builders import Watched, ledger, memory_cloud, page_text, record
from races import LOOK, SETTINGS, A, B, site, write
from tilepress.adapters.memory import MemoryOutbox, MemoryStore
from tilepress.artifacts import Artifact
from tilepress.books import ledger_key
from tilepress.errors import GiveUp
from tilepress.groups import Computed
from tilepress.ledger import settle
from tilepress.places import pages_moved_in
from tilepress.reconcile import reconcile
from tilepress.resync import resync


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


def test_a_page_that_another_attempt_s_ledger_did_not_have_at_its_address_is_looked_at() -> None:
    """The first attempt found it there, the second did not: who deleted it from the ledger may have put a redirect there since."""
    page = record("a")
    settled = {"projekte": settle(ledger(a=page), (), 0, 0)}
    address = page.pages[0].tile.address
    found = [{address: page.pages[0]}, {}]
    computed = [Computed("projekte/a", page)]
    assert [*pages_moved_in(computed, settled, {"projekte": found})] == [address]
    assert pages_moved_in(computed, settled, {"projekte": found[:1]}) == {}
