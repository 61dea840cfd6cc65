"""Is it live? What is known of every source file, from ledgers and reports alone."""

import json
from dataclasses import replace

import pytest
from builders import memory_cloud, page_text
from simulation.law import THEME
from tilepress.artifacts import Artifact
from tilepress.live import Live, in_a_line, lives_as_json, look_up
from tilepress.resync import resync

FILES = {
    "site.yaml": "title: T\nmessages: en\nbase_url: https://a.example\ntime_zon: x\n",
    "content/_index.md": page_text(),
    "content/p/a.md": page_text(),
    "content/p/b.md": page_text(draft="true"),
    "content/p/c.md": "---\ntitle: [\n---\n",
    "content/p/d.md": page_text(publishDate="2030-01-01"),
    "content/notes.txt": "x",
}


@pytest.fixture
def cloud():
    """These files, published."""
    found = memory_cloud(FILES)
    resync(found, THEME)
    return found


def states(cloud):
    """The state of each file, by key."""
    return {one.key: one.state for one in look_up(cloud)}


def test_every_page_has_a_state(cloud):
    """And so has whatever else there is a report of."""
    assert states(cloud) == {
        "content/_index.md": "published",
        "content/notes.txt": "problem",
        "content/p/a.md": "published",
        "content/p/b.md": "draft",
        "content/p/c.md": "problem",
        "content/p/d.md": "scheduled",
        "site.yaml": "published",
    }


def test_a_newer_upload_waits(cloud):
    """Until it has been looked at, be it that an older version is live, or has a report."""
    for key in ("content/p/a.md", "content/p/c.md", "content/p/neu.md"):
        cloud.source.put(Artifact(key, b"---\ntitle: Neu\n---\n", ""))
    assert [key for key, state in states(cloud).items() if state == "waiting"] == ["content/p/a.md", "content/p/c.md", "content/p/neu.md"]


def test_lines_say_what_matters_most(cloud):
    """What is wrong, else where it is live and when it is due."""
    lines = {one.key: in_a_line(one) for one in look_up(cloud)}
    assert lines["content/p/a.md"] == "https://a.example/p/a/"
    assert lines["content/_index.md"] == "https://a.example/"
    assert lines["content/p/c.md"].startswith("3:1: The fields cannot be read")
    assert lines["content/p/d.md"] == "due 2030-01-01 00:00 UTC"


def test_of_several_problems_the_first_is_shown(cloud):
    """And how many there are."""
    problems = look_up(cloud)[1].problems
    assert in_a_line(Live(key="x", state="problem", problems=problems * 3)).endswith("(and 2 more)")


def test_for_programs_it_is_a_list(cloud):
    """With every field."""
    found = {one["key"]: one for one in json.loads(lives_as_json(look_up(cloud)))}
    assert found["content/p/a.md"] == {
        "key": "content/p/a.md",
        "state": "published",
        "urls": ["https://a.example/p/a/"],
        "due": 0,
        "problems": [],
        "current": True,
    }


def test_with_broken_settings_the_reports_still_tell(cloud):
    """Nothing is published then, and status says why."""
    cloud.source.put(Artifact("site.yaml", b"title: [\n", ""))
    resync(cloud, THEME, frozenset({"content/p/a.md"}))
    found = {one.key: one for one in look_up(cloud)}
    assert (found["content/p/a.md"].state, found["site.yaml"].state) == ("problem", "problem")


def test_what_is_no_report_of_ours_is_passed_over(cloud):
    """Somebody may upload anything there."""
    cloud.source.put(Artifact("reports/content/p/a.md.json", b"{}", ""))
    assert states(cloud)["content/p/a.md"] == "published"


def test_without_reports_ledgers_tell():
    """A folder gets none: `check` tells there."""
    cloud = replace(memory_cloud(FILES), tells_authors=False)
    resync(cloud, THEME)
    assert states(cloud)["content/p/c.md"] == "problem"
