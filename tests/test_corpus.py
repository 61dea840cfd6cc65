"""Real pages of real sites: each publishes, or tells its author where and why not."""

import json
import os
from functools import cache
from pathlib import Path

import jsonschema
import pytest
from builders import site, source
from tilepress.front_matter import read
from tilepress.pages import Severity, SourceFile
from tilepress.parse import parse
from tilepress.schema import json_schema
from tilepress.site import Site, with_data

SCHEMA = json.loads(json_schema())
CORPUS = os.environ.get("TILEPRESS_CORPUS", "")
SITES = sorted(folder.parent for folder in Path(CORPUS).glob("*/content")) if CORPUS else []
FILES = [(folder, file.relative_to(folder).as_posix()) for folder in SITES for file in sorted(folder.glob("content/**/*.md"))]

pytestmark = pytest.mark.skipif(not FILES, reason="TILEPRESS_CORPUS names no folder with sites in it")


@cache
def site_of(folder: Path) -> Site:
    """The site with its data, if it has any."""
    team = folder / "data/team.yaml"
    found, problems = with_data(site(), [source(team.read_bytes(), "data/team.yaml")] if team.is_file() else [])
    assert found is not None, problems
    return found


@pytest.mark.parametrize(("folder", "key"), FILES or [(Path(), "")], ids=lambda value: getattr(value, "name", value))
def test_real_front_matter_without_problems_is_valid(folder, key):
    """What we have nothing to say about, the JSON Schema has nothing to say about either."""
    file = SourceFile(key, (folder / key).read_bytes(), '"e"')
    told = {problem.code for problem in parse(file, site_of(folder)).problems} - {
        "duplicate-field",
        "contact-person",
        "shortcode",
        "heading-level",
        "embed-host",
    }
    if not told:
        jsonschema.validate(read(file, "en").fields.value(), SCHEMA)


@pytest.mark.parametrize(("folder", "key"), FILES or [(Path(), "")], ids=lambda value: getattr(value, "name", value))
def test_real_file_gives_pages_or_located_errors(folder, key):
    """A real file becomes pages, or at least one error at a place in it; it never raises."""
    body = (folder / key).read_bytes()
    found = parse(SourceFile(key, body, '"e"'), site_of(folder))
    errors = [problem for problem in found.problems if problem.severity is Severity.ERROR]
    assert bool(found.pages) is not bool(errors)
    assert all(1 <= problem.line <= body.count(b"\n") + 1 for problem in errors)
