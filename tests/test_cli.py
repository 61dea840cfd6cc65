"""The command line: what it prints, what it writes, and its exit codes."""

import json
from pathlib import Path

import pytest
from builders import page_text
from tilepress.cli import app
from typer.testing import CliRunner

ROOT = Path(__file__).parents[1]


def run(*words: object) -> tuple[int, str]:
    """The exit code, and all that was printed."""
    result = CliRunner().invoke(app, [str(word) for word in words], env={"TEMPLATES_DIR": str(ROOT / "templates"), "NO_COLOR": "1"})
    return result.exit_code, result.output


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A source folder with one good page and one that is broken."""
    content = tmp_path / "source" / "content" / "projekte"
    content.mkdir(parents=True)
    (content / "gut.md").write_text(page_text())
    (content / "kaputt.md").write_text("---\ntitle: [\n---\n")
    return tmp_path / "source"


def test_build_writes_the_good_and_names_the_bad(folder: Path, tmp_path: Path) -> None:
    """One broken page: exit 1, its place is printed, and the other page is built."""
    code, said = run("build", folder, "--out", tmp_path / "site")
    assert (code, (tmp_path / "site/projekte/gut/index.html").exists()) == (1, True)
    assert "content/projekte/kaputt.md:3:1: error yaml" in said


def test_build_again_has_nothing_to_do(folder: Path, tmp_path: Path) -> None:
    """A second build of the same sources writes nothing, and still tells of the problem."""
    (folder / "content/projekte/kaputt.md").unlink()
    run("build", folder, "--out", tmp_path / "site")
    code, said = run("build", folder, "--out", tmp_path / "site")
    assert (code, "nothing to do" in said) == (0, True)


def test_build_removes_what_has_no_source_any_more(folder: Path, tmp_path: Path) -> None:
    """A page whose file is gone goes from the built site."""
    run("build", folder, "--out", tmp_path / "site")
    (folder / "content/projekte/gut.md").write_text(page_text(draft="true"))
    run("build", folder, "--out", tmp_path / "site")
    assert not (tmp_path / "site/projekte/gut").exists()


def test_build_deletes_nobody_elses_files(folder: Path, tmp_path: Path) -> None:
    """A folder that holds something else is refused, with exit 2, and left alone."""
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "letter.txt").write_text("dear")
    code, _ = run("build", folder, "--out", tmp_path / "home")
    assert (code, (tmp_path / "home/letter.txt").read_text()) == (2, "dear")


@pytest.mark.parametrize("inside", [".", ".."])
def test_build_does_not_write_over_its_source(folder: Path, inside: str) -> None:
    """The source folder, and one around it, are refused."""
    assert run("build", folder, "--out", folder / inside)[0] == 2


def test_check_publishes_nothing(folder: Path, tmp_path: Path) -> None:
    """It only reads: exit 1 for the broken page, and no file is written."""
    before = sorted(tmp_path.rglob("*"))
    assert run("check", folder)[0] == 1
    assert sorted(tmp_path.rglob("*")) == before


def test_check_develops_no_photo(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a photo is, is looked at; its variants, which take most of a build's time, are not made."""
    photo = folder / "static" / "files" / "foto.jpg"
    photo.parent.mkdir(parents=True)
    photo.write_bytes(b"no photo")
    monkeypatch.setattr("tilepress.adapters.photos.photo", lambda _: pytest.fail("developed"))
    assert "static/files/foto.jpg:1:1: error picture-unreadable" in run("check", folder)[1]


def test_check_speaks_json(folder: Path) -> None:
    """`--format json` is a list of problems with the fields that the docs name."""
    _, said = run("check", folder, "--format", "json")
    assert json.loads(said)[0].keys() == {"file", "line", "column", "severity", "code", "message", "hint"}


def test_check_annotates_on_github(folder: Path) -> None:
    """`--format github` names the file from where the command runs, so that GitHub finds it."""
    _, said = run("check", folder, "--format", "github")
    assert said.startswith(f"::error file={folder}/content/projekte/kaputt.md,line=3,col=1,title=yaml::")


def test_the_example_is_without_problems() -> None:
    """What people are shown first passes its own check without a warning."""
    code, said = run("check", ROOT / "example")
    assert (code, "0 errors, 0 warnings" in said) == (0, True)


def test_a_new_page_is_published_as_it_is(tmp_path: Path) -> None:
    """What `new` writes needs no mending, whatever the title."""
    code, _ = run("new", tmp_path / "source/content/projekte/x.md", "--title", 'Ein "Titel": mit Zeichen')
    assert (code, run("check", tmp_path / "source")[0]) == (0, 0)


def test_a_new_site_is_published_as_it_is(tmp_path: Path) -> None:
    """A whole new site passes its own check."""
    run("new", tmp_path / "verein", "--title", "Verein")
    assert run("check", tmp_path / "verein")[0] == 0


def test_new_overwrites_nothing(tmp_path: Path) -> None:
    """A file that is there stays as it is."""
    page = tmp_path / "x.md"
    page.write_text("mine")
    code, _ = run("new", page)
    assert (code, page.read_text()) == (2, "mine")


def test_wrong_usage_is_exit_2(tmp_path: Path) -> None:
    """A source folder that does not exist is wrong usage, not a problem of an author."""
    assert run("check", tmp_path / "nowhere")[0] == 2
