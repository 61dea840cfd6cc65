"""Tiles in the order in which Hugo lists pages, and the public manifest that docs/tiles.schema.json describes."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import strategies
from builders import tile
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from tilepress.artifacts import json_bytes
from tilepress.manifest import in_order, manifest

DESCRIPTION: dict[str, Any] = json.loads((Path(__file__).parents[1] / "docs/tiles.schema.json").read_text())
SCHEMA = Draft202012Validator(DESCRIPTION)
FULL = manifest(
    "projekte", "de", [tile(subtitle="S", tile="double", img="/files/a b.jpg", img_alt="X", categories=("A",), weight=1, date="2024-01-01T00:00:00Z")]
)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param({"weight": 1}, {"weight": 2}, id="smaller weight"),
        pytest.param({"weight": -1}, {"weight": 1}, id="negative weight"),
        pytest.param({"weight": 9}, {"weight": 0}, id="any weight before none"),
        pytest.param({"date": "2024-01-02T00:00:00Z"}, {"date": "2024-01-01T00:00:00Z"}, id="newer"),
        pytest.param({"date": "2024-01-01T01:00:00+01:00", "title": "A"}, {"date": "2024-01-01T00:00:00Z", "title": "B"}, id="same moment elsewhere"),
        pytest.param({"date": "2024-01-01T00:00:00Z"}, {"date": ""}, id="any date before none"),
        pytest.param({"weight": 1, "date": ""}, {"weight": 2, "date": "2024-01-01T00:00:00Z"}, id="weight before date"),
        pytest.param({"title": "Äpfel"}, {"title": "Bäume"}, id="umlaut"),
        pytest.param({"title": "a"}, {"title": "B"}, id="small letter"),
        pytest.param({"key": "content/a.md"}, {"key": "content/b.md"}, id="key"),
    ],
)
def test_tiles_are_listed_as_hugo_lists_pages(first, second):
    """Order is by weight (none comes last), newer date, title as readers look it up, and key."""
    one, other = tile(**{"title": "M"} | first), tile(**{"title": "M"} | second)
    assert in_order([other, one]) == [one, other]


@settings(deadline=None, max_examples=100)
@given(st.lists(strategies.tiles, max_size=6, unique_by=lambda one: one.key), st.randoms(use_true_random=False))
def test_order_is_total(tiles, random):
    """In whichever order tiles come, they are listed in the same order."""
    shuffled = random.sample(tiles, len(tiles))
    assert in_order(shuffled) == in_order(tiles)


@settings(deadline=None, max_examples=100)
@given(st.lists(strategies.tiles, max_size=4))
def test_manifest_is_what_its_schema_says(tiles):
    """Every manifest is described by the schema."""
    SCHEMA.validate(json.loads(json_bytes(manifest("projekte", "de", tiles))))


def test_schema_is_one():
    """The schema is valid itself."""
    Draft202012Validator.check_schema(DESCRIPTION)


def places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every field of a manifest, by its path."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [(*path, name) for name, _ in pairs if isinstance(name, str)] + [place for name, inner in pairs for place in places(inner, (*path, name))]


@pytest.mark.parametrize("place", places(FULL), ids=lambda place: ".".join(map(str, place)))
def test_no_field_may_be_missing(place):
    """The schema asks for every field that a manifest has."""
    broken: Any = deepcopy(FULL)
    within = broken
    for name in place[:-1]:
        within = within[name]
    del within[place[-1]]
    assert not SCHEMA.is_valid(broken)


@pytest.mark.parametrize("path", [(), ("tiles", 0), ("tiles", 0, "source")], ids=["manifest", "tile", "source"])
def test_no_field_may_be_added(path):
    """The schema knows every field that a manifest has."""
    broken: Any = deepcopy(FULL)
    within = broken
    for name in path:
        within = within[name]
    within["more"] = 1
    assert not SCHEMA.is_valid(broken)


def test_every_field_is_described():
    """The schema says of each field what it is."""
    parts = [DESCRIPTION, *DESCRIPTION["$defs"].values()]
    assert [name for part in parts for name, field in part["properties"].items() if not field.get("description")] == []


def shown(**given: str) -> dict[str, Any]:
    """What the manifest says of a tile."""
    found: dict[str, Any] = json.loads(json_bytes(manifest("projekte", "de", [tile(**given)])))["tiles"][0]
    return found


def test_addresses_are_quoted():
    """Addresses in a manifest can be used as they are."""
    found = shown(address="/projekte/über-uns/", img="/files/a b.jpg")
    assert (found["url"], found["img"]) == ("/projekte/%C3%BCber-uns/", "/files/a%20b.jpg")


def test_source_is_named_with_its_version():
    """A tile says which version of which file it shows, without HTTP's quotation marks."""
    assert shown()["source"] == {"key": "content/projekte/ogp.md", "etag": "e1"}
