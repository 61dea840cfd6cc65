"""Processes that race, and are killed, over real HTTP: the law holds at the end; and without a part of the protocol it does not."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from tilepress.adapters.buckets import cloud_of
from tilepress.adapters.memory import MemoryStore
from tilepress.adapters.templates import read_theme
from tilepress.books import ledger_key
from tilepress.cli import app
from tilepress.dev.aws_server import CREDENTIALS, REGION
from tilepress.ports import Cloud
from tilepress.reindex import reindex
from tilepress.verify import Drift, verify
from typer.testing import CliRunner

from .conftest import ROOT, TEMPLATES, Site, contents, differing, project
from .fleet import Fleet, Hold, Request, WatchedAws

Changes = tuple[tuple[str, str], ...]
"""Keys with their texts, "" where the file goes."""

GRACE_SECONDS = "3600"
VISIBILITY_SECONDS = 2
LIVES = 10
"""How many workers of a storm do not live for ever."""

PUBLISHED: Changes = (
    ("site.yaml", "title: Haus\nlanguages: [de, en]\n"),
    ("content/projekte/_index.md", project("Projekte", "Was wir tun.")),
    ("content/projekte/a.md", project("A", aliases=["/projekte/erste/"])),
    ("content/projekte/a.en.md", project("A")),
    ("content/projekte/b.md", project("B", slug="be")),
    ("content/projekte/p.md", project("P", slug="pe")),
    ("content/blog/c.md", project("C")),
    ("content/blog/d.md", project("D", aliases=["/projekte/d/"])),
    ("content/team/e.md", project("E")),
    ("content/ueber.md", project("Über uns")),
    ("static/files/logo.svg", "<svg/>"),
)
MEETING: tuple[Changes, ...] = (
    (("content/projekte/m1.md", project("M1")), ("content/termine/m1.md", project("M1"))),
    (("content/projekte/m2.md", project("M2")), ("content/termine/m2.md", project("M2"))),
    (("content/projekte/m3.en.md", project("M3")), ("content/termine/m3.md", project("M3"))),
)
"""What workers that meet at the ledger of one section have to do, one after the other: new pages there, and in a section without a ledger."""

PAGE = "content/blog/eile.md"
ONE_BY_ONE: Changes = (
    ("content/projekte/neu.md", project("Neu", slug="neuheit", aliases=["/projekte/n/", "/blog/neu/"])),
    ("content/team/e.md", ""),
    ("content/blog/e.md", project("E, umgezogen")),
    ("static/files/logo.svg", "<svg>2</svg>"),
)
"""A new page, a move that empties a section, a static file: one batch."""

STORM: tuple[Changes, ...] = (
    (("content/projekte/b.md", project("B", slug="bee")), ("content/blog/c.md", project("C, geändert"))),
    (("content/blog/d.md", "---\ntitle: [\n---\n"),),
    (("content/projekte/b.md", project("B", slug="be", aliases=["/projekte/n/"])), ("content/projekte/f.md", project("F"))),
    (("content/projekte/p.md", ""), ("content/blog/p.md", project("P, umgezogen", slug="pe", aliases=["/projekte/pe/"]))),
    (("content/blog/g.md", project("G")), ("content/blog/g.en.md", project("G")), ("content/ueber.md", "")),
    (("content/projekte/f.md", ""), ("content/projekte/ff.md", project("F, umbenannt", aliases=["/projekte/f/"]))),
    (("content/team/h.md", project("H")), ("content/projekte.md", project("Eine Seite wie die Übersicht"))),
    (("content/blog/d.md", project("D, wieder heil", aliases=["/projekte/d/", "/blog/g/"])),),
    (("content/blog/g.md", ""), ("content/team/h.md", ""), ("static/files/logo.svg", "")),
    (("content/blog/kaputt.md", "---\ntitle: [\n---\n"), ("content/projekte/ff.md", project("F", slug="f"))),
)
"""Edits, a page that breaks and is mended, new pages and translations, moves, new names, slugs and aliases that others had."""

Make = Callable[..., Fleet]
Scenario = Callable[[Fleet], None]


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """The process that becomes workers, and where these say what they do."""
    log = tmp_path_factory.mktemp("workers") / "log"
    environ = {f"AWS_{name.removeprefix('aws_').upper()}": value for name, value in CREDENTIALS.items()}
    environ |= {"AWS_DEFAULT_REGION": REGION, "TEMPLATES_DIR": str(TEMPLATES), "RETIRE_AFTER_SECONDS": GRACE_SECONDS, "NO_PROXY": "127.0.0.1"}
    command = [sys.executable, "-u", str(Path(__file__).with_name("worker.py"))]
    with log.open("w") as out, subprocess.Popen(command, stdin=subprocess.PIPE, stdout=out, stderr=out, text=True, cwd=ROOT, env=environ) as process:
        yield process, log
        process.kill()


_numbers = count(1)


@pytest.fixture
def make_fleet(starter: tuple[subprocess.Popen[str], Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """Makes fleets around a published site; at the end their workers are dismissed."""
    made: list[Fleet] = []

    def make(*, conditions: bool = True, fault: str = "") -> Fleet:
        aws = WatchedAws(prefix=f"fleet{next(_numbers)}-", conditions=conditions)
        for name, value in aws.environ().items():
            monkeypatch.setenv(name, value)
        fleet = Fleet(aws, *starter, fault=fault)
        made.append(fleet)
        fleet.author(PUBLISHED)
        fleet.start()
        fleet.until(fleet.quiet)
        fleet.dismiss()
        return fleet

    yield make
    for fleet in made:
        fleet.dismiss()
        fleet.aws.close()


def meet(fleet: Fleet) -> None:
    """Three workers have read the same ledger before the first of them replaces it."""
    fleet.aws.before = hold = Hold("PUT", ledger_key("projekte"))
    for changes in MEETING:
        fleet.author(changes)
        fleet.start_until_held(hold)
    hold.release()
    fleet.until(fleet.quiet)


def overtake(fleet: Fleet) -> None:
    """A worker has read a page; before it reads the ledger, another publishes the page's next version and is done."""
    hold = Hold("GET", ledger_key("blog"))
    fleet.aws.before = hold
    fleet.author([(PAGE, project("Erst so"))])
    slow = fleet.start_until_held(hold)
    fleet.aws.before = lambda request: hold(request) if request.worker is slow else None
    fleet.author([(PAGE, project("Dann so"))])
    fast = fleet.start()
    fleet.until(lambda: fast.idle and fast.writes > 0)
    hold.release()
    fleet.until(fleet.quiet)


def one_write_each(fleet: Fleet) -> None:
    """No worker lives longer than its first write, wherever in the work that is; the next begins with what it finds."""

    def dies(request: Request) -> None:
        if request.writes:
            request.worker.kill()

    fleet.aws.after = dies
    fleet.visibility(0)
    fleet.author(ONE_BY_ONE)
    while _dies(fleet):
        pass


def _dies(fleet: Fleet) -> bool:
    """Whether one more worker dies before everything is done."""
    worker = fleet.start()
    fleet.until(lambda: worker.dead or fleet.quiet())
    return worker.dead


def storm(fleet: Fleet) -> None:
    """Three workers at once, while the author goes on; the n-th of them is killed at its n-th write, before its effect or after.

    What a dead one has taken comes again when the queue finds that its time is up.
    """
    fleet.visibility(VISIBILITY_SECONDS)
    fleet.aws.before, fleet.aws.after = _dies_in_time(len(fleet.aws.workers), after=False), _dies_in_time(len(fleet.aws.workers), after=True)
    for changes in STORM:
        seen = _writes(fleet)
        fleet.author(changes)
        _three_work_until(fleet, lambda seen=seen: _writes(fleet) > seen + 2 or fleet.quiet())  # type: ignore[misc]
    _three_work_until(fleet, fleet.quiet)


def _dies_in_time(first: int, *, after: bool) -> Callable[[Request], None]:
    def rule(request: Request) -> None:
        worker, age = request.worker, request.worker.number - first
        write = worker.writes if after else worker.writes + 1
        if request.writes and age < LIVES and after == bool(age % 2) and write > age:
            worker.kill()

    return rule


def _three_work_until(fleet: Fleet, reached: Callable[[], bool]) -> None:
    while not reached():
        while len(fleet.alive()) < 3:
            fleet.start()
        fleet.until(lambda: reached() or len(fleet.alive()) < 3)


def _writes(fleet: Fleet) -> int:
    return sum(worker.writes for worker in list(fleet.aws.workers.values()))


def drift(fleet: Fleet) -> tuple[Drift, ...]:
    """What is not as the law says, after search has looked once."""
    return verify(look_for_search(fleet, float(GRACE_SECONDS)), MemoryStore(), read_theme(TEMPLATES))


def look_for_search(fleet: Fleet, retire_after: float) -> Cloud:
    """Let search look, as it does when all is quiet. The cloud that it looked at."""
    cloud = cloud_of(f"s3://{fleet.aws.source_bucket}", f"s3://{fleet.aws.site_bucket}", distribution_id="", retire_after=retire_after)
    reindex(cloud, read_theme(TEMPLATES).release)
    return cloud


def resync_after_the_grace(fleet: Fleet) -> None:
    """A resync when nobody is left who could still write what has retired."""
    fleet.aws.before = fleet.aws.after = lambda _: None
    fleet.send({"resync": True})
    fleet.start(RETIRE_AFTER_SECONDS="0")
    fleet.until(fleet.quiet)


def build(fleet: Fleet, folder: Path) -> Site:
    """What `tilepress build` makes of the sources as they are now."""
    for key, body in contents(fleet.aws, fleet.aws.source_bucket).items():
        path = folder / "source" / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    built = folder / "site"
    CliRunner().invoke(app, ["build", str(folder / "source"), "--out", str(built), "--templates", str(TEMPLATES)])
    files = {path.relative_to(built).as_posix(): path.read_bytes() for path in built.rglob("*") if path.is_file()}
    return {key: body for key, body in files.items() if not key.startswith(".tilepress/")}


def dead(fleet: Fleet) -> int:
    """How many workers were killed at their work."""
    return sum(worker.dead for worker in fleet.aws.workers.values()) - 1  # the one that published the beginning


@pytest.mark.parametrize(
    ("scenario", "happened"),
    [
        (one_write_each, lambda fleet: dead(fleet) >= 20),
        (meet, lambda fleet: fleet.aws.refused >= 2),
        (overtake, lambda fleet: all(worker.writes for worker in fleet.aws.workers.values())),
        (storm, lambda fleet: dead(fleet) >= 5),
    ],
    ids=["one_write_each", "meet", "overtake", "storm"],
)
def test_the_law_holds(make_fleet: Make, scenario: Scenario, happened: Callable[[Fleet], bool], tmp_path: Path) -> None:
    """Processes race and die over HTTP, each event comes twice: nothing is missing and nothing stale; after the grace it is a build.

    `happened` makes sure that the scenario was one: writes refused by compare-and-swap, workers killed.
    """
    fleet = make_fleet()
    scenario(fleet)
    assert (happened(fleet), drift(fleet)) == (True, ())
    fleet.dismiss()
    resync_after_the_grace(fleet)
    look_for_search(fleet, 0.0)
    assert differing(contents(fleet.aws, fleet.aws.site_bucket), build(fleet, tmp_path)) == []


@pytest.mark.parametrize(
    ("scenario", "planted", "seen"),
    [
        (meet, {"conditions": False}, Drift("projekte/index.html", "stale")),
        (overtake, {"fault": "no second look"}, Drift("blog/eile/index.html", "stale")),
        (one_write_each, {"fault": "acknowledged first"}, Drift("projekte/index.html", "stale")),
        (storm, {"fault": "acknowledged first"}, Drift("blog/index.html", "stale")),
    ],
    ids=["no_compare_and_swap", "no_second_look", "acknowledged_first", "acknowledged_first_in_the_storm"],
)
def test_a_planted_fault_breaks_the_law(make_fleet: Make, scenario: Scenario, planted: dict[str, Any], seen: Drift) -> None:
    """The same scenarios with a part of the protocol taken away end in drift, each time.

    A tile is lost when no write of a ledger is refused; a former version stays when nobody looks again; a change is
    lost when its message was deleted before the work was done.
    """
    fleet = make_fleet(**planted)
    scenario(fleet)
    assert seen in drift(fleet)
