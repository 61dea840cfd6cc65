"""What search finds follows the pages: only what changed is written, races and deaths leave nothing wrong, readers lose nothing."""

import json
from dataclasses import replace
from typing import Any

import pytest
from builders import Watched, memory_cloud, page_text
from simulation.law import THEME
from tilepress.adapters.fans import Threads
from tilepress.adapters.memory import MemoryOutbox, MemoryStore
from tilepress.artifacts import Artifact
from tilepress.events import Message
from tilepress.ports import Cloud
from tilepress.publisher import publish
from tilepress.reconcile import reconcile
from tilepress.reindex import EXTRACTS, reindex, retired_files
from tilepress.resync import resync

A, B = "content/projekte/a.md", "content/blog/b.md"
GRACE = 100.0


def world(**given: Any) -> Cloud:
    """Two sections and a page in no folder, published and indexed."""
    files = {A: page_text("Apfel", title="A"), B: page_text("Birne", title="B"), "content/z.md": page_text("Zitrone", title="Z")}
    cloud = memory_cloud(files, **given)
    resync(cloud, THEME)
    reindex(cloud, THEME.release)
    return cloud


def edit(cloud: Cloud, key: str, text: str | None) -> None:
    """An author's change, published, and not yet indexed."""
    if text is None:
        cloud.source.delete(key)
    else:
        cloud.source.put(Artifact(key, text.encode(), ""))
    reconcile([key], cloud, THEME)


def findable(cloud: Cloud, lang: str = "de") -> set[str]:
    """The words that lead anywhere, by the index and the files that it names."""
    index = json.loads(body(cloud, f"_search/{lang}/index.json"))
    return {word for _, name in index["words"] for word in json.loads(body(cloud, f"_search/{lang}/{name}.json"))}


def body(cloud: Cloud, key: str) -> bytes:
    """What stands at a key."""
    found = cloud.site.get(key)
    assert found is not None, key
    return found.body


def files(cloud: Cloud) -> dict[str, bytes]:
    """All that search wrote for readers."""
    return {seen.key: body(cloud, seen.key) for seen in cloud.site.list("_search/")}


def clean(cloud: Cloud) -> dict[str, bytes]:
    """The same as a clean build writes it."""
    anew = replace(cloud, site=MemoryStore())
    resync(anew, THEME)
    reindex(anew, THEME.release)
    return files(anew)


def test_an_edit_is_found_and_what_it_replaced_is_not() -> None:
    """And all is as a clean build would have it."""
    cloud = world()
    edit(cloud, A, page_text("Ananas", title="A"))
    reindex(cloud, THEME.release)
    assert findable(cloud) >= {"ananas", "birn", "zitron"}
    assert "apfel" not in findable(cloud)
    assert files(cloud) == clean(cloud)


@pytest.mark.parametrize("key", [A, "content/z.md"])
def test_a_page_that_goes_is_not_found(key: str) -> None:
    """In a section or in no folder."""
    cloud = world()
    edit(cloud, key, None)
    reindex(cloud, THEME.release)
    assert findable(cloud) == {"birn"} | ({"zitron"} if key == A else {"apfel"})
    assert files(cloud) == clean(cloud)


def test_search_keys_alone_are_a_change() -> None:
    """They do not show in the page, whose bytes stay."""
    cloud = world()
    edit(cloud, "content/z.md", page_text("Zitrone", title="Z", search_keys="[Limette]"))
    reindex(cloud, THEME.release)
    assert "limett" in findable(cloud)
    assert files(cloud) == clean(cloud)


def test_a_page_that_lost_its_address_is_not_found() -> None:
    """Only what stands there is."""
    cloud = world()
    edit(cloud, "content/projekte/y.md", page_text("Verlierer", title="Y", slug="a"))
    reindex(cloud, THEME.release)
    assert "apfel" in findable(cloud)
    assert "verlier" not in findable(cloud)


def test_indexing_what_is_indexed_writes_nothing() -> None:
    """Nor does it read a page."""
    cloud = world()
    before = {seen.key: seen.etag for seen in cloud.site.list()}
    got: list[str] = []
    original = cloud.site.get

    def noting(key: str, version_id: str | None = None) -> Any:
        got.append(key)
        return original(key, version_id)

    cloud.site.get = noting  # type: ignore[method-assign]
    report = reindex(cloud, THEME.release)
    assert (report.put, report.deleted) == ({}, {})
    assert {seen.key: seen.etag for seen in cloud.site.list()} == before
    assert [key for key in got if key.endswith(".html")] == []


def test_other_code_makes_extracts_anew() -> None:
    """What another release took for words may not be what this one does."""
    cloud = world()
    kept = body(cloud, f"{EXTRACTS}pages.json")
    reindex(cloud, "another release")
    assert body(cloud, f"{EXTRACTS}pages.json") != kept


def test_extracts_that_cannot_be_read_are_made_anew() -> None:
    """Of a former version, say."""
    cloud = world()
    cloud.site.put(Artifact(f"{EXTRACTS}pages.json", b'{"version": 0}', ""))
    reindex(cloud, THEME.release)
    assert "zitron" in findable(cloud)


def test_an_older_index_is_not_left_over_a_newer_one() -> None:
    """A run is overtaken just before it writes its index: its second look sees that."""
    cloud = world()
    edit(cloud, A, page_text("Ananas", title="A"))

    def overtake() -> None:
        edit(cloud, A, page_text("Aprikose", title="A"))
        reindex(cloud, THEME.release)

    reindex(replace(cloud, site=Watched(cloud.site, "_search/de/index.json", overtake)), THEME.release)
    assert "aprikos" in findable(cloud)
    assert "ananas" not in findable(cloud)


def test_a_page_that_changes_while_search_looks_is_found() -> None:
    """Its ledger is not as it was read by then."""
    cloud = world()
    edit(cloud, A, page_text("Ananas", title="A"))
    act = lambda: edit(cloud, B, page_text("Brombeere", title="B"))  # noqa: E731
    reindex(replace(cloud, site=Watched(cloud.site, "_search/de/index.json", act)), THEME.release)
    assert "brombe" in findable(cloud)


def test_readers_of_the_former_index_have_its_files_until_the_grace_is_over() -> None:
    """Then whichever run comes next deletes them, whatever it has to do itself."""
    now = [0.0]
    cloud = world(now=lambda: now[0], retire_after=GRACE)
    former = files(cloud)
    edit(cloud, A, page_text("Ananas", title="A"))
    reindex(cloud, THEME.release)
    gone = former.keys() - clean(cloud).keys()
    assert gone
    assert files(cloud).keys() >= gone == retired_files(cloud).keys()
    now[0] = GRACE - 1
    reindex(cloud, THEME.release)
    assert files(cloud).keys() >= gone
    now[0] = GRACE
    reindex(cloud, THEME.release)
    assert files(cloud) == clean(cloud)
    assert retired_files(cloud) == {}


def test_what_a_run_left_that_died_is_deleted() -> None:
    """A file that no index ever named."""
    cloud = world()
    cloud.site.put(Artifact("_search/de/0123456789.json", b"{}", ""))
    reindex(cloud, THEME.release)
    assert files(cloud) == clean(cloud)


def test_search_can_be_switched_off() -> None:
    """Then there is neither a page nor a file of it; and it can be switched on again."""
    cloud = world()
    for setting in (b"search: false\n", b"search: true\n"):
        cloud.source.put(Artifact("site.yaml", setting, ""))
        resync(cloud, THEME)
        reindex(cloud, THEME.release)
        assert (cloud.site.head("suche/index.html") is None) == (setting == b"search: false\n")
        assert bool(files(cloud)) == (setting == b"search: true\n")
    assert files(cloud) == clean(cloud)


def test_broken_settings_leave_search_as_it_is() -> None:
    """As they leave the pages."""
    cloud = world()
    before = files(cloud)
    cloud.source.put(Artifact("site.yaml", b"title: [\n", ""))
    assert reindex(cloud, THEME.release).put == {}
    assert files(cloud) == before


def test_who_wants_the_address_of_search_is_told() -> None:
    """A page called `suche` is not published over it; with search off it is. A folder of that name has pages, and no overview."""
    cloud = world()
    report = reconcile_all(cloud, {"content/suche.md": page_text("Meine", title="Suche"), "content/suche/x.md": page_text("X", title="X")})
    assert [problem.message for problem in report.problems] == ["Unter der Adresse /suche/ steht die Suche."]
    assert b"Meine" not in body(cloud, "suche/index.html")
    assert cloud.site.head("suche/x/index.html") is not None
    assert cloud.site.head("suche/tiles.json") is None
    reconcile_all(cloud, {"site.yaml": "search: false\n"})
    assert cloud.site.head("suche/tiles.json") is not None


def reconcile_all(cloud: Cloud, sources: dict[str, str]) -> Any:
    """Upload these, and bring the site up to date."""
    for key, text in sources.items():
        cloud.source.put(Artifact(key, text.encode(), ""))
    return resync(cloud, THEME)


# Who tells search


def told(cloud: Cloud, *keys: str, **given: Any) -> int:
    """How often search is told, when these keys are published."""
    outbox = MemoryOutbox()
    publish([Message("m", frozenset(keys), **given)], replace(cloud, search=outbox), THEME)
    return len(outbox.sent)


def test_search_is_told_once_of_what_changed() -> None:
    """However many pages, and of uploads that come or go; not of what did not change anything, unless the run before may have died."""
    cloud = world()
    assert told(cloud, A) == 0
    assert told(cloud, A, attempts=2) == 1
    for key in (A, B):
        cloud.source.put(Artifact(key, page_text("Neu", title="N").encode(), ""))
    assert told(cloud, A, B) == 1
    assert told(cloud, A, B) == 0
    cloud.source.put(Artifact("static/files/x.svg", b"<svg/>", ""))
    assert told(cloud, "static/files/x.svg") == 1
    cloud.source.put(Artifact("static/files/x.svg", b"<svg>2</svg>", ""))
    assert told(cloud, "static/files/x.svg") == 0
    cloud.source.delete("static/files/x.svg")
    assert told(cloud, "static/files/x.svg") == 1
    assert told(cloud, resync=True) == 1


def test_what_search_could_not_be_told_comes_again() -> None:
    """The message is not done before search knows."""
    from tilepress.errors import TryAgain

    class Refusing:
        def send(self, messages: object, *, delay: float = 0) -> None:  # noqa: ARG002 - the port's
            """See `tilepress.ports.Outbox`."""
            raise TryAgain("send")

    cloud = replace(world(), search=Refusing())
    cloud.source.put(Artifact(A, page_text("Neu", title="N").encode(), ""))
    assert len(publish([Message("m", frozenset({A}))], cloud, THEME).failed) == 1


def test_many_pages_at_once_have_each_their_own_words() -> None:
    """Pages are read side by side; what makes stems of their words is not made for that."""
    texts = {f"content/projekte/p{number}.md": page_text(f"Wort{chr(97 + number % 26)}ungen " * 40, title=f"T{number}") for number in range(60)}
    cloud = memory_cloud(texts)
    resync(cloud, THEME)
    reindex(replace(cloud, fan=Threads(8)), THEME.release)
    assert files(cloud) == clean(cloud)
