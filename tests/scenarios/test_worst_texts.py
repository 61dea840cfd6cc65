"""A folder of texts made to take long is built like any other: each ends, and the page beside them is published."""

from pathlib import Path

import pytest
from hostile.worst_cases import WORST
from tilepress.adapters.directory import DirectoryStore
from tilepress.adapters.folders import folder_cloud
from tilepress.adapters.templates import read_theme
from tilepress.resync import resync

ROOT = Path(__file__).parents[2]
BYTES = 2_000


@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
def test_every_text_ends_as_a_page_or_a_problem(tmp_path: Path, engine: str) -> None:
    """Each text is a page or has a problem that says why not, never both, and no fault of ours; the honest page is there."""
    source, site = tmp_path / "source/content/a", tmp_path / "site"
    source.mkdir(parents=True)
    (source.parent.parent / "site.yaml").write_text(f"markdown: {{engine: {engine}}}\n")
    names = [f"w{number}" for number in range(len(WORST))]
    for name, made in zip(names, WORST.values(), strict=True):
        (source / f"{name}.md").write_text(f"---\ntitle: {name}\n---\n{made(BYTES)}\n")
    (source / "honest.md").write_text("---\ntitle: Honest\n---\nText.\n")
    report = resync(folder_cloud(source.parent.parent, DirectoryStore(site)), read_theme(ROOT / "templates"))
    refused = {Path(problem.file).stem for problem in report.problems if problem.code == "text-too-complex"}
    published = {name for name in names if (site / "a" / name / "index.html").exists()}
    assert refused | published == set(names)
    assert not refused & published
    assert (site / "a/honest/index.html").exists()
    assert "internal" not in {problem.code for problem in report.problems}
