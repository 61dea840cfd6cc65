"""`tilepress verify` and `rebuild`: drift between a site bucket and its sources, told and mended."""

import pytest
from tilepress.cli import app
from typer.testing import CliRunner

from .conftest import Stage, project

PAGE = "content/projekte/ogp.md"


def run(stage: Stage, command: str) -> tuple[int, str]:
    """A command on the stage's buckets: exit code, and what it printed."""
    words = [command, f"s3://{stage.aws.source_bucket}", f"s3://{stage.aws.site_bucket}"]
    result = CliRunner().invoke(app, words, env={"NO_COLOR": "1"})
    return result.exit_code, result.output


def tamper(stage: Stage) -> None:
    """A page goes missing, an overview is overwritten, and something is left behind."""
    bucket = stage.aws.site_bucket
    stage.aws.s3.delete_object(Bucket=bucket, Key="projekte/ogp/index.html")
    stage.aws.s3.put_object(Bucket=bucket, Key="projekte/index.html", Body=b"old")
    stage.aws.s3.put_object(Bucket=bucket, Key="left/index.html", Body=b"behind")


def test_a_site_in_order_has_no_drift(stage: Stage) -> None:
    """What was published by events alone is a clean build: exit 0."""
    stage.publish({PAGE: project(aliases=["/alt/"]), "static/a.txt": "x"})
    stage.index()
    assert run(stage, "verify")[0] == 0


def test_drift_is_told_by_kind(stage: Stage) -> None:
    """Missing, stale and orphaned keys are listed, with exit 1."""
    stage.publish({PAGE: project()})
    stage.index()
    tamper(stage)
    code, said = run(stage, "verify")
    assert code == 1
    assert {tuple(line.split()) for line in said.splitlines() if line.split()[0] in {"missing", "stale", "orphan"}} == {
        ("missing", "projekte/ogp/index.html"),
        ("stale", "projekte/index.html"),
        ("orphan", "left/index.html"),
    }


def test_verify_changes_nothing(stage: Stage) -> None:
    """It only looks, however wrong it all is."""
    stage.publish({PAGE: project()})
    stage.index()
    tamper(stage)
    before = stage.site()
    run(stage, "verify")
    assert stage.site() == before


def test_rebuild_mends_drift(stage: Stage) -> None:
    """After it there is none."""
    stage.publish({PAGE: project()})
    stage.index()
    tamper(stage)
    run(stage, "rebuild")
    assert run(stage, "verify")[0] == 0


def test_the_last_good_version_of_a_broken_page_is_no_drift(stage: Stage) -> None:
    """A page that stands though its file is broken is what should stand there."""
    stage.publish({PAGE: project("Gut")})
    stage.publish({PAGE: "---\ntitle: [\n---\n"})
    stage.index()
    assert run(stage, "verify")[0] == 0


@pytest.mark.parametrize("site", ["s3://", "s3://bucket/below", "nowhere"])
def test_a_place_that_is_none_is_refused(stage: Stage, site: str) -> None:
    """A typing mistake is told in a line, and touches nothing."""
    result = CliRunner().invoke(app, ["rebuild", f"s3://{stage.aws.source_bucket}", site])
    assert (result.exit_code, len(result.output.strip().splitlines())) == (1, 1)
