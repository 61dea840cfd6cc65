"""`tilepress history` and `tilepress rollback` against S3: a source goes back, and the site follows by its events."""

import json
import time
from pathlib import Path

from .conftest import Stage, differing, project
from .test_sync import run, run_while_delivering

A, B = "content/projekte/a.md", "content/projekte/b.md"


def page(stage: Stage, name: str) -> bytes:
    """What is published."""
    return stage.site().get(f"projekte/{name}/index.html", b"")


def test_a_page_goes_back_and_is_live(stage: Stage) -> None:
    """History shows the versions with what became of them; the former one is put on top, and awaited."""
    source = f"s3://{stage.aws.source_bucket}"
    stage.publish({A: project("Eins")})
    stage.publish({A: "---\ntitle: [\n---\n"})
    shown = json.loads(run("history", source, A, "--json").stdout)
    assert [(one["state"], one["current"], one["deleted"]) for one in shown] == [("problem", True, False), ("published", False, False)]
    refused = run("rollback", source, A)
    assert (refused.exit_code, b"Eins" in page(stage, "a"), run("rollback", source, A, "--dry-run").exit_code) == (2, True, 0)
    stage.publish({A: project("Zwei")})
    done = run_while_delivering(stage, "rollback", source, A, "--version", shown[1]["version_id"], "--yes", "--wait")
    assert (done.exit_code, b"Eins" in page(stage, "a")) == (0, True), done.output


def test_everything_goes_back_to_a_time(stage: Stage) -> None:
    """Changed, deleted and new files, settings too; and nothing once more."""
    source = f"s3://{stage.aws.source_bucket}"
    stage.publish({"site.yaml": "title: Damals\ntime_zone: Europe/Berlin\n", A: project("Eins"), B: project("Zwei")})
    before = stage.site()
    newest = max(one["at"] for one in json.loads(run("history", source, "--json").stdout))
    time.sleep(1.1)  # S3 tells times in seconds
    stage.publish({"site.yaml": "title: Heute\n", A: project("Neu"), "content/projekte/c.md": project("Drei")})
    stage.remove(B)
    stage.deliver()
    assert differing(before, stage.site())
    done = run("rollback", source, "--to", newest, "--yes")
    stage.deliver()
    assert (done.exit_code, [key for key in differing(before, stage.site()) if not key.startswith("projekte/c/")]) == (0, []), done.output
    assert "Nothing to do" in run("rollback", source, "--to", newest, "--yes").output


def test_a_folder_has_no_history(tmp_path: Path) -> None:
    """It says so, and where there is one."""
    for words in (("history", tmp_path), ("rollback", tmp_path, A)):
        result = run(*words)
        assert (result.exit_code, "name a bucket" in result.output) == (1, True)
