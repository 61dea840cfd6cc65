"""A folder and a bucket: what is uploaded, what is deleted, and what is refused."""

import pytest
from builders import memory_cloud, page_text, source
from simulation.law import THEME
from tilepress.adapters.fans import Inline
from tilepress.adapters.memory import MemoryStore
from tilepress.artifacts import Artifact
from tilepress.errors import GiveUp
from tilepress.events import Message
from tilepress.publisher import publish
from tilepress.sync import SyncPlan, await_publication, carry_out, compare, plan_sync

FOLDER = {"site.yaml": "s", "content/a.md": "a", "static/i.svg": "i", "data/team.yaml": "t"}


def store(files):
    """A store of these files."""
    found = MemoryStore()
    for key, text in files.items():
        found.put(Artifact(key, text.encode(), ""))
    return found


def test_only_what_differs_is_uploaded():
    """An unchanged file is no event."""
    assert plan_sync({"content/a.md": "1", "content/b.md": "2"}, {"content/a.md": "1", "content/b.md": "1"}) == SyncPlan(("content/b.md",), ())


def test_settings_go_first_and_pages_last():
    """So that no page is rendered with former settings, or before its images."""
    assert plan_sync(FOLDER, {}).uploads == ("data/team.yaml", "site.yaml", "static/i.svg", "content/a.md")


def test_what_is_gone_from_the_folder_is_deleted_and_reports_are_left_alone():
    """Only what a folder would have is compared."""
    assert plan_sync(FOLDER, dict.fromkeys(FOLDER, "") | {"content/b.md": "", "reports/content/b.md.json": "", "x.txt": ""}).deletes == (
        "content/b.md",
    )


def test_more_deletions_than_expected_are_refused_with_the_list():
    """A wrong folder must not empty a site."""
    bucket = {f"content/{number}.md": "" for number in range(3)}
    with pytest.raises(GiveUp, match=r"2 files would be deleted, and no more than 1 may be(.|\n)*content/1.md\n  content/2.md"):
        plan_sync({"content/0.md": ""}, bucket, deletes_max=1)


def test_a_folder_without_pages_is_refused():
    """A checkout that failed is not a site that was given up."""
    with pytest.raises(GiveUp, match="nothing below content/"):
        plan_sync({"site.yaml": ""}, {"content/a.md": ""})


def test_carried_out_the_bucket_is_what_the_folder_is():
    """And a second comparison finds nothing to do."""
    folder, bucket = store(FOLDER), store({"content/old.md": "x", "content/a.md": "former"})
    told: list[str] = []
    carry_out(compare(folder, bucket), folder, bucket, Inline(), told.append)
    assert not compare(folder, bucket)
    assert sorted(told) == sorted([*FOLDER, "content/old.md"])


def test_waiting_ends_when_every_upload_is_live_or_has_a_problem():
    """Tags tell that a version has been looked at; a report, what is wrong with it."""
    cloud = memory_cloud(
        {"site.yaml": "title: T\n", "content/p/a.md": page_text(), "content/p/b.md": "---\ntitle: [\n---\n", "static/i.svg": "<svg/>"}
    )
    keys = [found.key for found in cloud.source.list()]
    publish([Message(None, frozenset(keys))], cloud, THEME)
    told: list[str] = []
    awaited = await_publication(keys, source("title: T\n", "site.yaml"), cloud.source, Inline(), seconds_max=5, tell=told.append)
    assert awaited.published == ("content/p/a.md", "site.yaml", "static/i.svg")
    assert [problem.file for problem in awaited.problems] == ["content/p/b.md"]
    assert awaited.waiting == ()
    assert sorted(told) == keys


def test_waiting_ends_in_time():
    """Where nobody publishes, the files of which there is no word are named; what can never be published is not waited for."""
    uploads = ["content/a.md", "content/notes.txt", "data/unused.yaml"]
    awaited = await_publication(uploads, None, store({"content/a.md": "x"}), Inline(), seconds_max=0.01, tell=lambda _: None)
    assert (awaited.waiting, [problem.code for problem in awaited.problems]) == (("content/a.md",), ["not-markdown"])
