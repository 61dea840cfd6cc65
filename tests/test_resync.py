"""A resync with a queue: what it hands on, what it keeps, and that others finish it."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from builders import memory_cloud, page_text, theme
from tilepress import resync as resyncing
from tilepress.adapters.memory import MemoryOutbox, MemoryStore
from tilepress.artifacts import Artifact
from tilepress.events import messages
from tilepress.live import look_up, progress
from tilepress.pages import SourceFile
from tilepress.ports import Cloud
from tilepress.publisher import publish
from tilepress.reconcile import reconcile
from tilepress.resync import resync

THEME = theme(page="{{ page.title }} {{ site.title }}")
PAGES = {f"content/{section}/{number}.md": page_text() for section in ("blog", "projekte") for number in range(5)}
SETTINGS = "base_url: https://x.de\ntitle: "


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of two; up to four files a resync does alone."""
    monkeypatch.setattr(resyncing, "ALONE_KEYS_MAX", 4)
    monkeypatch.setattr(resyncing, "BATCH_KEYS_MAX", 2)


def published(**more: str) -> tuple[Cloud, MemoryOutbox]:
    """A site that is published, and the queue beside it."""
    cloud = memory_cloud(PAGES | {"site.yaml": SETTINGS + "Eins"} | more)
    resync(cloud, THEME)
    outbox = MemoryOutbox()
    return replace(cloud, queue=outbox), outbox


def write(cloud: Cloud, key: str, text: str) -> None:
    """Put a source file."""
    cloud.source.put(Artifact(key, text.encode(), ""))


def work_off(cloud: Cloud, outbox: MemoryOutbox) -> None:
    """Other runs take what is in the queue, one message each."""
    while outbox.sent:
        publish(messages(outbox.sent.pop()), cloud, THEME)


def site(cloud: Cloud) -> dict[str, str]:
    """What is published."""
    return {seen.key: seen.etag for seen in cloud.site.list() if not seen.key.startswith(".tilepress/")}


def test_new_settings_reach_every_page_through_the_queue() -> None:
    """What resync and batches make is what one run makes that does everything itself."""
    cloud, outbox = published()
    write(cloud, "site.yaml", SETTINGS + "Zwei")
    report = resync(cloud, THEME)
    assert (report.handed_on, len(outbox.sent)) == (10, 5)
    work_off(cloud, outbox)
    alone = memory_cloud(PAGES | {"site.yaml": SETTINGS + "Zwei"})
    resync(alone, THEME)
    assert site(cloud) == site(alone)


def test_little_is_done_at_once() -> None:
    """A message and a cold start would take longer."""
    cloud, outbox = published()
    write(cloud, "content/blog/1.md", page_text(title="Neu"))
    assert resync(cloud, THEME).handed_on == 0
    assert not outbox.sent


class Machine:
    """A state machine that only counts."""

    def __init__(self, above: int) -> None:
        self.above = above
        self.started = 0

    def start(self) -> None:
        """Count."""
        self.started += 1


@pytest.mark.parametrize(("above", "settings", "started"), [(13, "Zwei", 0), (12, "Zwei", 1), (12, "[", 0)])
def test_what_a_run_cannot_list_is_the_state_machine_s(above: int, settings: str, started: int) -> None:
    """Thirteen pages, with overviews and the one of search. What concerns the whole is done; a site.yaml that is broken starts nothing."""
    cloud, outbox = published()
    machine = Machine(above)
    cloud = replace(cloud, state_machine=machine)
    write(cloud, "site.yaml", SETTINGS + settings)
    report = resync(cloud, THEME)
    assert (machine.started, bool(outbox.sent), bool(report.problems)) == (started, not started and settings != "[", settings == "[")
    assert ("index.html" in report.put) == (settings != "[")


def test_a_batch_never_begets_a_resync() -> None:
    """Settings and data, of which somebody waits to hear, the resync looks at itself: in a batch they would have everything done once more."""
    cloud, outbox = published()
    write(cloud, "site.yaml", SETTINGS + "Zwei\ndata: [team]")
    write(cloud, "data/team.yaml", "ada: {name: Ada}")
    resync(cloud, THEME, frozenset({"site.yaml", "data/team.yaml"}))
    sent: list[Any] = list(outbox.sent)
    assert {tuple(message) for message in sent} == {("keys",)}
    assert all(key.startswith("content/") for message in sent for key in message["keys"])


def test_batches_of_sections_take_turns() -> None:
    """Runs side by side would otherwise wait for each other's ledger."""
    cloud, outbox = published()
    write(cloud, "site.yaml", SETTINGS + "Zwei")
    resync(cloud, THEME)
    assert [message["keys"][0].split("/")[1] for message in outbox.sent[:4]] == ["blog", "projekte", "blog", "projekte"]


def test_what_others_are_to_look_at_is_no_orphan() -> None:
    """After a ledger was lost, its pages stay until somebody has looked at them."""
    cloud, outbox = published()
    cloud.site.delete(".tilepress/sections/blog.json")
    before = site(cloud)
    resync(cloud, THEME)
    assert {key for key in before if key.endswith("/1/index.html")} <= site(cloud).keys()
    work_off(cloud, outbox)
    assert site(cloud) == before


def test_status_tells_how_far_a_rebuild_is() -> None:
    """Until the last batch is done."""
    cloud, outbox = published()
    write(cloud, "site.yaml", SETTINGS + "Zwei")
    resync(cloud, THEME)
    publish(messages(outbox.sent.pop()), cloud, THEME)
    half = progress(look_up(cloud))
    work_off(cloud, outbox)
    assert (half, progress(look_up(cloud))) == ("rebuilding: 2 of 10 files done", "")


@pytest.mark.parametrize("key", ["content/blog/1.md", "content/blog/1.en.md", "content/blog/neu.md"])
def test_report_of_a_page_withheld_goes_though_others_publish_it(key: str) -> None:
    """While the settings were broken its author was told so, which no ledger knows; once they are mended the page goes live, by a batch."""
    cloud, outbox = published()
    write(cloud, "site.yaml", "title: [")
    write(cloud, key, page_text(title="Neu"))
    publish(messages({"keys": ["site.yaml", key]}), cloud, THEME)
    assert cloud.source.head(f"reports/{key}.json")
    write(cloud, "site.yaml", SETTINGS + "Zwei")
    publish(messages({"keys": ["site.yaml"]}), cloud, THEME)
    assert outbox.sent
    work_off(cloud, outbox)
    assert not list(cloud.source.list("reports/"))
    assert cloud.source.tags(key)["tilepress-state"] == "published"


def test_pages_that_wait_keep_their_style_sheet() -> None:
    """What pages ask for that are not rendered anew yet goes with the next resync."""
    cloud, outbox = published()
    before = {key for key in site(cloud) if key.startswith("assets/")}
    write(cloud, "site.yaml", SETTINGS + "Zwei\ntheme: {signal: '#00ff00'}")
    resync(cloud, THEME)
    assert before < {key for key in site(cloud) if key.startswith("assets/")}
    work_off(cloud, outbox)
    resync(cloud, THEME)
    assert not before & site(cloud).keys()


class Undecided(MemoryStore):
    """An author who takes a change of the settings back as soon as a resync has read them."""

    back_to = ""

    def get(self, key: str, version_id: str | None = None) -> SourceFile | None:
        found = super().get(key, version_id)
        if key == "site.yaml" and self.back_to:
            text, self.back_to = self.back_to, ""
            self.put(Artifact(key, text.encode(), ""))
        return found


def test_settings_that_change_during_a_resync_take_no_style_sheet_away() -> None:
    """What nothing explains by the settings that were read first is what all pages ask for by those that are read next."""
    sources = Undecided()
    cloud = replace(memory_cloud(), source=sources)
    for key, text in (PAGES | {"site.yaml": SETTINGS + "Eins"}).items():
        write(cloud, key, text)
    resync(cloud, THEME)
    before = site(cloud)
    write(cloud, "site.yaml", SETTINGS + "Eins\ntheme: {signal: '#00ff00'}")
    sources.back_to = SETTINGS + "Eins"
    resync(cloud, THEME)
    assert site(cloud) == before


class Counting(MemoryStore):
    """Counts requests by kind."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: Counter[str] = Counter()

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        if name not in {"get", "head", "list", "put", "replace", "copy", "delete", "tag"}:
            return found

        def counted(*given: Any) -> Any:
            self.asked[name] += 1
            return found(*given)

        return counted


def test_a_site_that_is_current_is_listed_once_and_its_ledgers_read_once() -> None:
    """The daily resync of a large site is a few dozen requests. Settings are read by the look around and by the run, and their tags looked at."""
    sources, sites = Counting(), Counting()
    cloud = replace(memory_cloud(), source=sources, site=sites)
    for key, text in (PAGES | {"site.yaml": SETTINGS + "Eins"}).items():
        write(cloud, key, text)
    for _ in range(2):
        sources.asked.clear()
        sites.asked.clear()
        report = resync(cloud, THEME)
    ledgers, images, settings, root = 3, 1, 2, 1
    assert report.is_idle
    assert (sources.asked, sites.asked) == (Counter(list=1, get=2 * settings, tag=1), Counter(list=1 + images, get=ledgers + 2 * root))


def test_what_a_resync_takes_for_orphans_is_made_again_where_it_was_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """A section's last page goes, and comes again while the resync is about to delete its lists: nothing of them is missing afterwards."""
    cloud, _ = published(**{"content/allein/a.md": page_text()})
    cloud = replace(cloud, queue=None)
    clear = resyncing._clear

    def overtaken(*given: Any) -> Any:
        write(cloud, "content/allein/a.md", page_text())
        reconcile(["content/allein/a.md"], cloud, THEME)
        return clear(*given)

    monkeypatch.setattr(resyncing, "_clear", overtaken)
    cloud.source.delete("content/allein/a.md")
    resync(cloud, THEME)
    alone = memory_cloud(PAGES | {"site.yaml": SETTINGS + "Eins", "content/allein/a.md": page_text()})
    resync(alone, THEME)
    assert site(cloud) == site(alone)


def test_an_upload_beside_the_themes_files_is_not_published_any_more() -> None:
    """A former release did: the copy goes, the upload stays, its author is told, and the theme keeps its own, under whatever name it was uploaded."""
    style = THEME.assets[0].key
    cloud, _ = published()
    for key in ("assets/x.svg", style):
        write(cloud, f"static/{key}", "<svg/>")
    cloud.site.put(Artifact("assets/x.svg", b"<svg/>", "image/svg+xml"))
    report = resync(replace(cloud, queue=None), THEME)
    assert [(one.file, one.code) for one in report.problems] == [("static/" + key, "reserved-name") for key in sorted(("assets/x.svg", style))]
    cloud.source.delete(f"static/{style}")
    reconcile([f"static/{style}"], cloud, THEME)
    assert [key for key in site(cloud) if key.startswith("assets/")] == [style]
    assert cloud.source.head("static/assets/x.svg")
    kept = cloud.site.get(style)
    assert kept is not None
    assert kept.body == THEME.assets[0].body
