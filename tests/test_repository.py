"""What the repository says of itself is true."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NAMED = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "templates/README.md")
DOCS = [*(ROOT / name for name in NAMED), *sorted((ROOT / "docs").glob("*.md"))]


def test_the_readme_is_short() -> None:
    """It stays within 150 lines."""
    assert len((ROOT / "README.md").read_text().splitlines()) <= 150


def test_what_sam_installs_is_what_is_locked(tmp_path: Path) -> None:
    """functions/requirements.txt is what `make functions/requirements.txt` would write now."""
    written = tmp_path / "requirements.txt"
    alone = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}  # as if `make test` did not run this
    command = ["make", "-n", "-B", "functions/requirements.txt"]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, env=alone).stdout
    recipe = made[made.index(".venv/bin/uv export") :].replace("\\\n", " ").replace("functions/requirements.txt", str(written))
    subprocess.run(recipe.split(), cwd=ROOT, check=True, capture_output=True, env=os.environ | {"UV_PYTHON": sys.executable})
    assert written.read_text() == (ROOT / "functions/requirements.txt").read_text()


@pytest.mark.parametrize("doc", DOCS, ids=lambda doc: doc.relative_to(ROOT).as_posix())
def test_links_in_docs_lead_somewhere(doc: Path) -> None:
    """Every relative link in a document names a file that exists."""
    text = re.sub(r"^```.*?^```$|`[^`\n]+`", "", doc.read_text(), flags=re.MULTILINE | re.DOTALL)  # what is shown as an example aside
    links = re.findall(r"\]\(([^)#]+)\)", text)
    assert [link for link in links if "://" not in link and not (doc.parent / link).exists()] == []


@pytest.mark.parametrize("doc", DOCS, ids=lambda doc: doc.relative_to(ROOT).as_posix())
def test_tests_named_in_docs_exist(doc: Path) -> None:
    """An invariant that names its test names one that is there."""
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", doc.read_text())
    assert [f"{path}::{name}" for path, name in named if f"def {name}(" not in (ROOT / path).read_text()] == []
    everything = "".join(path.read_text() for path in (ROOT / "tests").rglob("*.py"))
    assert [name for name in re.findall(r"`(test_\w+)`", doc.read_text()) if f"def {name}(" not in everything] == []


def test_planted_faults_in_docs_are_those_that_are_planted() -> None:
    """Each with the number of the schedule that finds it."""
    named = re.findall(r"`(\w+)` \| [\d,]+ \|", (ROOT / "ARCHITECTURE.md").read_text())
    planted = re.findall(r"^def _(\w+)\(monkeypatch", (ROOT / "tests/simulation/test_simulation.py").read_text(), re.MULTILINE)
    assert sorted(named) == sorted(set(planted) - {"computed_once"})


def test_the_code_map_is_complete() -> None:
    """Every module of the package stands in ARCHITECTURE.md, and nothing else does."""
    table = (ROOT / "ARCHITECTURE.md").read_text().split("## Code map")[1].split("## Ledgers")[0]
    named = {name.rstrip("/") for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE) for name in re.findall(r"`([\w/]+)`", row)}
    package = ROOT / "functions/tilepress"
    present = {path.stem for path in package.glob("*.py") if path.stem != "__init__"}
    present |= {path.name for path in package.iterdir() if (path / "__init__.py").exists()}
    assert named == present


def test_every_layer_is_under_contract() -> None:
    """Every module stands in the contract of layers, so that none escapes it."""
    contracts = (ROOT / "pyproject.toml").read_text()
    package = ROOT / "functions/tilepress"
    names = [".".join(path.relative_to(package).with_suffix("").parts) for path in package.rglob("*.py") if path.stem != "__init__"]
    assert [name for name in names if not name.startswith("dev.") and f"tilepress.{name}" not in contracts] == []


def test_the_commands_of_the_readme_are_those_of_the_program() -> None:
    """Every command has a row in the README's table, and each row a command."""
    from tilepress.cli import app

    rows = re.findall(r"^\| `tilepress (\w+)", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert sorted(rows) == sorted(command.callback.__name__ for command in app.registered_commands if command.callback)
