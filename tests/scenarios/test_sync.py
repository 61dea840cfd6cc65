"""`tilepress sync` and `tilepress status` against S3: what a push of a folder does, and what its author hears."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Thread

import pytest
from tilepress.cli import app
from typer.testing import CliRunner, Result

from .conftest import Stage, contents, differing, project

FILES = 1000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A source folder with settings, an image and two pages, the one broken."""
    for key, text in {
        "site.yaml": "title: Seite\nmessages: en\n",
        "static/files/i.svg": "<svg/>",
        "content/projekte/Über uns.md": project("Gut"),
        "content/projekte/kaputt.md": "---\ntitle: [\n---\n",
    }.items():
        path = tmp_path / "source" / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "source"


def run(*words: object) -> Result:
    """The command, with these words."""
    return CliRunner().invoke(app, [str(word) for word in words], env={"NO_COLOR": "1"})


def run_while_delivering(stage: Stage, *words: object) -> Result:
    """The command, while the queue is worked off, as it is on AWS."""
    results: list[Result] = []
    waiting = Thread(target=lambda: results.append(run(*words)))
    waiting.start()
    while waiting.is_alive():
        stage.deliver()
        time.sleep(0.05)
    return results[0]


def events(stage: Stage) -> int:
    """How many messages wait in the queue: one for each upload so far, and S3's own test of the notifications."""
    name = "ApproximateNumberOfMessages"
    return int(stage.aws.sqs.get_queue_attributes(QueueUrl=stage.aws.queue_url, AttributeNames=[name])["Attributes"][name])


def uploaded(stage: Stage) -> int:
    """How many objects the source bucket holds, up to 1,000."""
    return int(stage.aws.s3.list_objects_v2(Bucket=stage.aws.source_bucket)["KeyCount"])


def test_a_thousand_files_are_uploaded_once(stage: Stage, folder: Path) -> None:
    """The second sync uploads nothing, though every file has a new time; a changed file is one upload."""
    for number in range(FILES):
        (folder / f"content/projekte/seite-{number}.md").write_text(project(f"Seite {number}"))
    bucket = f"s3://{stage.aws.source_bucket}"
    before = events(stage)
    run("sync", folder, bucket)
    assert events(stage) == before + FILES + 4
    for path in folder.rglob("*.md"):
        os.utime(path, (1, 1))
    assert "The bucket is what the folder is." in run("sync", folder, bucket).output
    (folder / "content/projekte/seite-7.md").write_text(project("Anders"))
    assert run("sync", folder, bucket).output.splitlines()[0] == "+ content/projekte/seite-7.md"
    assert events(stage) == before + FILES + 5


def when_quiet(stage: Stage) -> int:
    """How many files there are once the server has done all that it was asked for."""
    before, now = -1, uploaded(stage)
    while now != before:
        time.sleep(0.5)
        before, now = now, uploaded(stage)
    return now


def test_killed_half_way_the_next_sync_does_the_rest(stage: Stage, folder: Path) -> None:
    """Nothing is lost, and nothing is uploaded twice for it."""
    for number in range(200):
        (folder / f"content/projekte/seite-{number}.md").write_text(project(f"Seite {number}"))
    command = [sys.executable, "-m", "tilepress.cli", "sync", str(folder), f"s3://{stage.aws.source_bucket}"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while uploaded(stage) < 20 and process.poll() is None:
        pass
    process.send_signal(signal.SIGKILL)
    process.wait()
    half = when_quiet(stage)
    done = run("sync", folder, f"s3://{stage.aws.source_bucket}").output
    assert done.count("+ ") == 204 - half
    there = contents(stage.aws, stage.aws.source_bucket)
    assert differing(there, {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}) == []


def test_waiting_ends_with_what_is_live_and_what_is_not(stage: Stage, folder: Path) -> None:
    """Exit 1 for the broken page, as an annotation at its line; the other one is live by then."""
    result = run_while_delivering(stage, "sync", folder, f"s3://{stage.aws.source_bucket}", "--wait", "--format", "github")
    assert result.exit_code == 1
    assert f"::error file={folder}/content/projekte/kaputt.md,line=3,col=1,title=yaml::" in result.output
    assert "3 live, 1 with problems" in result.output
    assert "projekte/über-uns/index.html" in stage.site()


def test_waiting_for_what_is_in_order_exits_with_0(stage: Stage, folder: Path) -> None:
    """A push that is live is green."""
    (folder / "content/projekte/kaputt.md").unlink()
    result = run_while_delivering(stage, "sync", folder, f"s3://{stage.aws.source_bucket}", "--wait")
    assert (result.exit_code, "3 live, 0 with problems" in result.output) == (0, True)


def test_a_dry_run_changes_nothing(stage: Stage, folder: Path) -> None:
    """It says what would be done."""
    result = run("sync", folder, f"s3://{stage.aws.source_bucket}", "--dry-run")
    assert "+ site.yaml" in result.output
    assert contents(stage.aws, stage.aws.source_bucket) == {}


def test_too_many_deletions_are_refused(stage: Stage, folder: Path) -> None:
    """Nothing at all is done then, and the list is shown."""
    for key in ("content/a.md", "content/b.md"):
        stage.upload(key, project())
    result = run("sync", folder, f"s3://{stage.aws.source_bucket}", "--max-deletes", 1)
    assert (result.exit_code, "content/b.md" in result.output) == (1, True)
    assert set(contents(stage.aws, stage.aws.source_bucket)) == {"content/a.md", "content/b.md"}


def test_status_says_of_each_page_whether_it_is_live(stage: Stage, folder: Path) -> None:
    """In lines for people, and as JSON; exit 1 while there is a problem."""
    source, site = f"s3://{stage.aws.source_bucket}", f"s3://{stage.aws.site_bucket}"
    run("sync", folder, source)
    stage.deliver()
    stage.upload("content/projekte/neu.md", project())
    result = run("status", source, site)
    assert result.exit_code == 1
    assert [line.split()[0] for line in result.output.splitlines()[:3]] == ["problem", "waiting", "published"]
    assert "1 problem, 1 published, 1 waiting" in result.output
    told = json.loads(run("status", source, site, "--json", "--state", "published").stdout)
    assert [(one["key"], one["urls"]) for one in told] == [("content/projekte/Über uns.md", ["/projekte/über-uns/"])]
