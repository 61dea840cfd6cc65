"""The law sees whatever is not as it is to be: else what it finds in order says nothing."""

import json
from collections.abc import Callable

import pytest
from tilepress.events import Message
from tilepress.reports import report_keys

from . import law
from .world import Faults, World

KEY, PAGE, LEDGER = "content/projekte/a.md", "projekte/a/index.html", ".tilepress/sections/projekte.json"
TEXT = b"---\ntitle: A\nimg: i.svg\n---\nText.\n"


@pytest.fixture
def world() -> World:
    """A world in which all is quiet: one page, with a warning."""
    quiet = World(0, theme=law.THEME, faults=Faults(crash=0, fail=0, most=0))
    for key, body in ((KEY, TEXT), ("site.yaml", f"title: Eins\n{law.BASE}".encode())):
        quiet.source.write(key, body)
        quiet.send(Message(key, frozenset({key})))
    quiet.run([])
    return quiet


def _stale(world: World) -> None:
    world.site.write(PAGE, b"stale", *world.site.objects[PAGE][2:])


def _under_other_headers(world: World) -> None:
    world.site.objects[PAGE] = world.site.objects[PAGE]._replace(cache_control="no-store")


def _leading_elsewhere(world: World) -> None:
    world.site.objects[PAGE] = world.site.objects[PAGE]._replace(location="/x/")


def _missing(world: World) -> None:
    del world.site.objects[PAGE]


def _orphaned(world: World) -> None:
    world.site.write("projekte/b/index.html", b"orphan")


def _kept_by_the_cdn(world: World) -> None:
    world.cached[PAGE] = b"stale"


def _reported_otherwise(world: World) -> None:
    del world.source.objects[report_keys(KEY)[0]]


def _tagged_otherwise(world: World) -> None:
    world.source.tags[KEY, world.source.objects[KEY].etag] = {"tilepress-state": "draft"}


@pytest.mark.parametrize(
    "spoil",
    [_stale, _under_other_headers, _leading_elsewhere, _missing, _orphaned, _kept_by_the_cdn, _reported_otherwise, _tagged_otherwise],
    ids=lambda spoil: spoil.__name__.strip("_"),
)
def test_what_is_spoilt_is_seen(world: World, spoil: Callable[[World], None]) -> None:
    """And where nothing is, nothing is seen."""
    assert law.after_the_storm(world) == ""
    spoil(world)
    assert law.after_the_storm(world) != ""


def test_a_ledger_that_knows_of_what_is_gone_is_seen(world: World) -> None:
    """It may show nowhere else for a long time."""
    assert law.known(world) == ""
    ledger = json.loads(world.site.objects[LEDGER].body)
    ledger["groups"]["projekte/b"] = {"sources": [{"key": "content/projekte/b.md", "etag": '"e"', "state": "draft"}]}
    world.site.write(LEDGER, json.dumps(ledger).encode())
    assert law.known(world) != ""
