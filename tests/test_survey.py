"""The report of the whole site stands in the source bucket for as long as there is something to tell, whatever comes between."""

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from builders import Watched, memory_cloud, page_text
from simulation.law import THEME
from tilepress import search_handler
from tilepress.adapters.memory import MemoryStore
from tilepress.artifacts import Artifact
from tilepress.errors import GiveUp
from tilepress.live import look_up
from tilepress.ports import Cloud
from tilepress.reconcile import reconcile
from tilepress.reindex import reindex
from tilepress.report import Report
from tilepress.resync import resync
from tilepress.survey import FILES_MAX, FINDINGS_MAX

A, B, PDF = "content/projekte/a.md", "content/blog/b.md", "static/files/plan.pdf"
LINKS = page_text("Text.\n\n[x](/blog/b/) und [y](/files/plan.pdf)")
DEAD_PAGE, DEAD_FILE = (A, 6, "/blog/b/"), (A, 6, "/files/plan.pdf")


def world(**files: str) -> Cloud:
    """A page that links to another one and to a file, of which neither is there; published, and looked at."""
    cloud = memory_cloud({"site.yaml": f"messages: en\n{files.pop('settings', '')}", A: LINKS, **files})
    resync(cloud, THEME)
    reindex(cloud, THEME.release)
    return cloud


def change(cloud: Cloud, key: str, text: str | None) -> None:
    """What an author does, published and looked at."""
    put(cloud, key, text)
    reindex(cloud, THEME.release)


def put(cloud: Cloud, key: str, text: str | None) -> None:
    """What an author does, published."""
    if text is None:
        cloud.source.delete(key)
    else:
        cloud.source.put(Artifact(key, text.encode(), ""))
    reconcile([key], cloud, THEME)


def told(cloud: Cloud) -> list[tuple[str, int, str]]:
    """What the report tells: file, line, and the link. The page for people tells the same."""
    found = cloud.source.get("reports/site.json")
    page = cloud.source.get("reports/site.html")
    assert (found is None) == (page is None)
    if found is None or page is None:
        return []
    problems = [(one["file"], one["line"], one["message"].split("“")[1].split("”")[0]) for one in json.loads(found.body)["problems"]]
    assert all(link in page.body.decode() for _, _, link in problems)
    return problems


def test_it_tells_of_dead_links_until_they_lead_somewhere() -> None:
    """To a page, and to an upload; and again when these go."""
    cloud = world()
    assert told(cloud) == [DEAD_PAGE, DEAD_FILE]
    change(cloud, B, page_text())
    assert told(cloud) == [DEAD_FILE]
    change(cloud, PDF, "x")
    assert told(cloud) == []
    change(cloud, B, None)
    change(cloud, PDF, None)
    assert told(cloud) == [DEAD_PAGE, DEAD_FILE]
    change(cloud, A, page_text())
    assert told(cloud) == []


def test_it_tells_of_categories() -> None:
    """Of those that others write otherwise, file by file."""
    pages = {f"content/blog/{name}.md": page_text(kategorien=f"[{said}]") for name, said in {"a": "Rot", "b": "Rot", "c": "rot"}.items()}
    assert told(world(**pages)) == [("content/blog/c.md", 3, "rot"), DEAD_FILE]


def test_a_site_without_search_has_one_too() -> None:
    """Search is for readers, the report for authors."""
    assert told(world(settings="search: false\n")) == [DEAD_PAGE, DEAD_FILE]


def test_lines_are_those_of_what_is_online() -> None:
    """A page that is broken shows its last good version; what is told is told of that one."""
    cloud = world()
    change(cloud, A, "---\ntitle: [\n---\n")
    assert told(cloud) == [DEAD_PAGE, DEAD_FILE]


@pytest.mark.parametrize("key", ["static/app/index.html", "static/.geheim/x.txt", "static/files/"])
def test_an_upload_that_is_not_published_is_not_there(key: str) -> None:
    """A link to it is as dead as before."""
    path = key.removeprefix("static").removesuffix("index.html")
    cloud = world(**{"content/blog/a.md": page_text(f"[x]({path})")})
    before = told(cloud)
    put(cloud, key, "x")
    reindex(cloud, THEME.release)
    assert told(cloud) == before
    assert ("content/blog/a.md", 4, path) in before


def test_uploads_to_which_nothing_leads_keep_nobody_busy() -> None:
    """However steadily they come, a look at the site ends."""

    class Filling(MemoryStore):
        def list(self, prefix: str = "") -> Any:
            count.append(None)
            self.put(Artifact(f"static/files/{len(count)}.jpg", b"x", ""))
            return super().list(prefix)

    count: list[None] = []
    cloud = world()
    source = Filling()
    vars(source).update(vars(cloud.source))
    reindex(replace(cloud, source=source), THEME.release)
    assert 2 <= len(count) <= 4


def test_a_resync_leaves_it_alone() -> None:
    """It is no report of a file that is gone; and looking again writes nothing."""
    cloud = world()
    before = {seen.key: seen.etag for seen in cloud.source.list("reports/")}
    resync(cloud, THEME)
    assert reindex(cloud, THEME.release).faults == ()
    assert {seen.key: seen.etag for seen in cloud.source.list("reports/")} == before


def test_it_tells_of_so_many_files_at_most() -> None:
    """Whoever mends these sees the others."""
    pages = {f"content/blog/p{number:03}.md": page_text("[x](/nichts/)") for number in range(FILES_MAX + 5)}
    assert len({file for file, _, _ in told(world(**pages))}) == FILES_MAX


def test_it_tells_so_much_of_a_file_at_most() -> None:
    """However many links a page has, and however long they are, the look at the site ends."""
    links = "".join(f"[x](/nichts-{number}/{'y' * number * 100}/)\n" for number in range(FINDINGS_MAX + 5))
    cloud = world(**{"content/blog/a.md": page_text(links)})
    assert len([file for file, _, _ in told(cloud) if file == "content/blog/a.md"]) == FINDINGS_MAX


def test_who_may_not_write_it_makes_the_index_all_the_same() -> None:
    """And says so, for who looks after the stack."""
    cloud = world()
    put(cloud, A, page_text("Ananas"))

    def refuse(_: object) -> None:
        raise GiveUp("denied")

    vars(cloud.source)["delete"] = refuse
    report = reindex(cloud, THEME.release)
    assert report.put
    assert report.faults == ("authors are not told: denied",)


@pytest.mark.parametrize(("key", "mended"), [(B, DEAD_FILE), (PDF, DEAD_PAGE)])
def test_an_older_one_is_not_left_over_a_newer_one(key: str, mended: Any) -> None:
    """Who is overtaken between looking and writing, looks again."""
    cloud = world()
    put(cloud, A, f"{LINKS}[z](/niemand/)\n")
    source = Watched(cloud.source, "reports/site.json", lambda: change(cloud, key, page_text()))
    reindex(replace(cloud, source=source), THEME.release)
    assert told(cloud) == [mended, (A, 7, "/niemand/")]


def test_status_knows_of_it() -> None:
    """Beside what the file's own report tells; but not of a version that nobody has looked at."""
    cloud = world()
    assert [problem.code for problem in look_up(cloud)[0].problems] == ["link", "link"]
    cloud.source.put(Artifact(A, page_text().encode(), ""))
    assert look_up(cloud)[0].problems == ()


def test_who_looks_after_the_stack_hears_that_it_cannot_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """The index is made, and the log says what is missing."""
    said: list[Any] = []
    monkeypatch.setattr(search_handler, "wired", memory_cloud)
    monkeypatch.setattr(search_handler, "reindex", lambda *_: Report(faults=("authors are not told: denied",)))
    monkeypatch.setattr(search_handler.logger, "error", lambda *given, **more: said.append((given, more)))
    context = SimpleNamespace(function_name="f", memory_limit_in_mb=1, invoked_function_arn="a", aws_request_id="r")
    assert search_handler.lambda_handler({}, context) == {"batchItemFailures": []}
    assert said == [(("fault",), {"extra": {"reason": "authors are not told: denied"}})]
