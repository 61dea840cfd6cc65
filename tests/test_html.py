"""Every page is valid HTML, as the Nu Html Checker says: of the example, and of the sites in $TILEPRESS_CORPUS.

The checker is vnu.jar, from npm's `vnu-jar`; VNU_JAR names it.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from tilepress.adapters.directory import DirectoryStore
from tilepress.adapters.folders import folder_cloud
from tilepress.adapters.templates import read_theme
from tilepress.resync import resync

ROOT = Path(__file__).parents[1]
CORPUS = [path for path in Path(os.environ.get("TILEPRESS_CORPUS", "/none")).glob("*") if (path / "content").is_dir()]
# An author's headings may skip a level (`tilepress check` tells so); lists without marks need the role in Safari.
ACCEPTED = ("skipping", "The “list” role is unnecessary")


@pytest.mark.skipif(not shutil.which("java"), reason="there is no java on this machine")
@pytest.mark.skipif("VNU_JAR" not in os.environ, reason="VNU_JAR names no vnu.jar")
@pytest.mark.parametrize("source", [ROOT / "example", *CORPUS], ids=lambda path: path.name)
def test_every_page_is_valid(source, tmp_path):
    """The checker finds nothing on any page."""
    resync(folder_cloud(source, DirectoryStore(tmp_path)), read_theme(ROOT / "templates"))
    told = subprocess.run(
        ["java", "-jar", os.environ["VNU_JAR"], "--skip-non-html", "--format", "json", "--stdout", tmp_path], capture_output=True, check=False
    )
    found = [
        f"{one['url']}: {one['message']}" for one in json.loads(told.stdout)["messages"] if not any(words in one["message"] for words in ACCEPTED)
    ]
    assert found == []
