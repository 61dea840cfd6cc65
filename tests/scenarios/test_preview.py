"""`tilepress preview` against S3: an address for those who have it, and for nobody else."""

from pathlib import Path
from urllib.request import urlopen

import pytest

from .conftest import Stage, project
from .test_sync import run

KEY = "content/projekte/geheim.md"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A source folder with a draft that has not been uploaded."""
    path = tmp_path / KEY
    path.parent.mkdir(parents=True)
    path.write_text(project("Geheim", draft=True))
    return tmp_path


def test_a_draft_has_an_address_of_its_own(stage: Stage, folder: Path) -> None:
    """Signed for one object and a time; the page is not on the site, and the site not changed."""
    shown = run("preview", folder, f"s3://{stage.aws.site_bucket}", KEY, "--for", "1h")
    address = shown.stdout.split()[1]
    with urlopen(address) as answer:
        assert b"<h1>Geheim</h1>" in answer.read().replace(b' class="title"', b"")
    assert "X-Amz-Expires=3600" in address
    assert "X-Amz-Signature=" in address
    assert stage.site() == {}


def test_it_needs_a_bucket(folder: Path) -> None:
    """A folder cannot sign anything."""
    result = run("preview", folder, folder / "site", KEY)
    assert (result.exit_code, "name a bucket" in result.output) == (1, True)
