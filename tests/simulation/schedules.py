"""Seeds → schedules: what the author does, in a small world where names and addresses meet often; and whether the law held.

`play` runs a schedule and says in what way the law was broken, if it was. `shortest` leaves out of a failing schedule
whatever it fails without.
"""

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from random import Random
from unittest.mock import patch

from tilepress.events import Message

from .law import BASE, BROKEN, THEME, after_the_grace, after_the_storm
from .remembered import MOMENTS, remember
from .world import Faults, World

ANCHOR = "content/anker/anker.md"
KEYS = (
    "content/projekte/a.md",
    "content/projekte/a.en.md",
    "content/projekte/b.md",
    "content/projekte/_index.md",
    "content/blog/a.md",
    "content/blog/b.en.md",
    "content/neu/a.md",
    "content/projekte.md",
    "content/z.md",
    "static/files/i.svg",
    "static/files/p.jpg",
)
SLUGS = ("", "", "x", "y", "a")
ALIASES = ("/projekte/z/", "/blog/z/", "/neu/z/", "/z/", "/projekte/a/", "/blog/x/", "/en/blog/a/", "/blog/", "/projekte/alt.html")
OWN = "theme: {signal: '#00ff00', files: [404.html]}\n"
SETTINGS = (f"title: Eins\n{BASE}", f"title: Zwei\n{BASE}{OWN}", "title: Eins\n", f"title: Eins\n{BASE}languages: [de]\n", "title: [kaputt\n")
CATEGORIES = ("Rot", "rot", "Blau", "a/b")
DATES = ("2024-01-01", "2024-02-02", "2025-03-03")
PHOTO = "static/files/p.jpg"
SUBJECT_ONE_IN = 10
PHOTOGRAPHIC, CONTESTED = 9, 4
"""One schedule in so many is about photos alone, and one about an uploaded page and aliases that ask for its address: these, of each ten."""
UPLOAD, UPLOADED = "static/projekte/alt.html", "/projekte/alt.html"
PHOTOS = (b"one", b"two", b"located", b"damaged")
TEXTS = ("Text 1.", "Text [2](/projekte/b/).", "Text [3](/files/p.jpg) [4](/z/) [5](/projekte/alt.html).")
IMAGES = ("p.jpg", "p.jpg", "i.svg")
SEARCHED_ONE_IN = 8
"""Search has a run of its own after each other run: not every schedule needs it."""
SLEEPY_ONE_IN = 2
"""In every other schedule calls may take their time, so that others overtake a run by whole runs of theirs."""
LARGE_ONE_IN = 20
"""In one of so many the site is too large for a run to list, and the state machine's to rebuild."""
PATIENT_ONE_IN = 2 * SEARCHED_ONE_IN
"""Of those with search every other one: the author waits, so that each change has to be told by itself."""
LOST = (b"{{ page.title }}!", b"{% if %}", b"")
TIMES = ("publishDate: {0}", "expiryDate: {0}", "publishDate: {0}\nexpiryDate: {1}")
TEAM = ("ada: {name: Ada}\n", "ada: {name: Ada B.}\n")

Action = tuple[str, str, bytes]
"""What the author does: a word for it, a key, and the bytes (b"" deletes)."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """All that decides a run. `alone` is how many files a run does itself, `listed_from` of how many keys a run lists their folder.

    `patient` as in `World.run`, `above` as in `World`.
    """

    seed: int
    actions: tuple[Action, ...]
    faults: Faults
    alone: int
    listed_from: int
    searchable: bool = False
    patient: bool = False
    above: int | None = None


def schedule(seed: int) -> Schedule:
    """The schedule of a seed."""
    random = Random(seed)  # noqa: S311 - repeatable is what it is to be
    act = {PHOTOGRAPHIC: _action_with_photos, CONTESTED: _action_with_uploads}.get(seed % SUBJECT_ONE_IN, _action)
    actions = tuple(act(random) for _ in range(random.randint(2, 9)))
    calm = random.random() < 0.2
    lose = random.choice((0.0, 0.0, 0.0, 0.15))
    sleep = 0.02 if seed % SLEEPY_ONE_IN else 0.0
    faults = Faults(crash=0, fail=0, most=0, sleep=sleep) if calm else Faults(lose=lose, sleep=sleep)
    above = random.choice((0, 2)) if seed % LARGE_ONE_IN == 1 else None
    searchable, patient = seed % SEARCHED_ONE_IN == 0, seed % PATIENT_ONE_IN == 0
    return Schedule(seed, actions, faults, random.choice((1, 1, 99)), random.choice((2, 99)), searchable, patient, above)


def _action(random: Random) -> Action:
    kind = random.random()
    if kind < 0.06:
        return ("settings", "site.yaml", random.choice(SETTINGS).encode())
    if kind < 0.09:
        return ("data", *random.choice((("data/team.yaml", random.choice(TEAM).encode()), ("theme/404.html", random.choice(LOST)))))
    if kind < 0.11:
        return ("resync", "", b"")
    key = random.choice(KEYS)
    if kind < 0.3:
        return ("delete", key, b"")
    if key.endswith(".jpg"):
        return ("put", key, random.choice(PHOTOS))
    if key.startswith("static/"):
        return ("put", key, f"<svg>{random.randint(1, 3)}</svg>".encode())
    if kind < 0.38:
        return ("break", key, BROKEN)
    return ("put", key, _page(random))


def _action_with_photos(random: Random) -> Action:
    """A photo comes, changes and goes, and pages of two sections that show it."""
    kind = random.random()
    if kind < 0.5:
        return ("delete", PHOTO, b"") if kind < 0.15 else ("put", PHOTO, random.choice(PHOTOS))
    key = random.choice(("content/projekte/a.md", "content/blog/a.md"))
    if kind < 0.55:
        return ("delete", key, b"")
    text = f"title: T{random.randint(1, 2)}" + ("\nimg: p.jpg\nimg_alt: B" if random.random() < 0.7 else "")
    return ("put", key, f"---\n{text}\n---\nText.\n".encode())


def _action_with_uploads(random: Random) -> Action:
    """An uploaded page comes, changes and goes, and pages of two sections that ask for its address."""
    kind = random.random()
    if kind < 0.4:
        return ("delete", UPLOAD, b"") if kind < 0.2 else ("put", UPLOAD, f"<p>{random.randint(1, 3)}</p>".encode())
    key = random.choice(("content/projekte/a.md", "content/projekte/a.md", "content/blog/a.md"))
    if kind < 0.5:
        return ("delete", key, b"")
    lines = f"title: T{random.randint(1, 4)}" + (f"\naliases: [{UPLOADED}]" if random.random() < 0.6 else "")
    return ("put", key, f"---\n{lines}\n---\nText.\n".encode())


def _page(random: Random) -> bytes:
    lines = [f"title: T{random.randint(1, 4)}"]
    if slug := random.choice(SLUGS):
        lines.append(f"slug: {slug}")
    if aliases := [alias for alias in ALIASES if random.random() < 0.15]:
        lines.append(f"aliases: [{', '.join(aliases)}]")
    if random.random() < 0.1:
        lines.append("draft: true")
    if random.random() < 0.2:
        lines.append("contact_person: ada")
    if categories := [name for name in CATEGORIES if random.random() < 0.25]:
        lines.append(f"kategorien: [{', '.join(categories)}]")
    if random.random() < 0.3:
        lines.append(f"{random.choice(('img', 'img_header'))}: {random.choice(IMAGES)}\nimg_alt: B")
    text = f"![B](/files/{random.choice(IMAGES)})" if random.random() < 0.2 else ""
    if random.random() < 0.15:
        moments = sorted(random.sample(MOMENTS[1:], 2))
        lines.append(random.choice(TIMES).format(*(f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%dT%H:%M:%SZ}" for moment in moments)))
    if random.random() < 0.5:
        lines.append(f"date: {random.choice(DATES)}")
    said = random.choice(TEXTS)
    return ("---\n" + "\n".join(lines) + f"\n---\n{said} {text}\n").encode()


def play(plan: Schedule, *, keep: dict[str, list[str]] | None = None) -> str:
    """Run a schedule. "" when the law held, else how it was broken."""
    world = World(plan.seed, theme=THEME, faults=plan.faults, searchable=plan.searchable, above=plan.above)
    for key, body in ((ANCHOR, b"---\ntitle: Anker\n---\n"), ("site.yaml", f"title: Eins\n{BASE}".encode())):
        world.source.write(key, body)
        world.send(Message(f"start {key}", frozenset({key})))
    try:
        with (
            patch.multiple("tilepress.resync", ALONE_KEYS_MAX=plan.alone, BATCH_KEYS_MAX=2),
            patch("tilepress.reconcile.ALONE_KEYS_MAX", plan.alone),
            patch.multiple("tilepress.observing", LISTED_FROM=plan.listed_from, OBJECTS_A_KEY_MAX=2),
        ):
            world.run([_act(action) for action in plan.actions], patient=plan.patient)
            broken = after_the_storm(world) if not world.lost else ""
            broken = broken or after_the_grace(world)
    except AssertionError as error:
        broken = str(error)
    if keep is not None:
        keep["trace"] = world.trace
    return broken


def _act(action: Action) -> Callable[[World], None]:
    def act(world: World) -> None:
        _, key, body = action
        world.note(f"the author: {action[0]} {key} {body.decode()!r}")
        public = sorted(world.site.public())
        for seen in world.random.sample(public, min(3, len(public))):
            world.read(seen)
        if not key:
            world.ask(action[0])
        elif body:
            world.upload(key, body)
        else:
            world.remove(key)

    return act


def shortest(plan: Schedule) -> tuple[Schedule, str]:
    """The schedule without whatever it fails without, and how the law is broken then."""
    broken = play(plan)
    tried = True
    while tried:
        tried = False
        for index in range(len(plan.actions)):
            for seed in (plan.seed, *range(plan.seed * 1000, plan.seed * 1000 + 20)):
                shorter = replace(plan, seed=seed, actions=plan.actions[:index] + plan.actions[index + 1 :])
                if again := play(shorter):
                    plan, broken, tried = shorter, again, True
                    break
            if tried:
                break
    return plan, broken


def story(plan: Schedule) -> str:
    """Everything that happened in a schedule, and how it ended."""
    kept: dict[str, list[str]] = {}
    broken = play(plan, keep=kept)
    return "\n".join([*kept["trace"], "", f"seed {plan.seed}, {plan.faults}", *map(str, plan.actions), "", broken or "the law held"])


def failing(seeds: Sequence[int]) -> int | None:
    """The first of these seeds whose schedule breaks the law."""
    return next((seed for seed in seeds if play(schedule(seed))), None)


def main() -> None:
    """`python -m tests.simulation.schedules FIRST COUNT`: run that many seeds; print the shortened story of a failure."""
    import sys
    from concurrent.futures import ProcessPoolExecutor

    first, count = int(sys.argv[1]), int(sys.argv[2])
    started, done = time.perf_counter(), 0
    chunks = [range(start, min(start + 200, first + count)) for start in range(first, first + count, 200)]
    with ProcessPoolExecutor(len(os.sched_getaffinity(0)), initializer=remember) as pool:
        for chunk, seed in zip(chunks, pool.map(failing, chunks), strict=True):
            if seed is not None:
                pool.shutdown(cancel_futures=True)
                plan, broken = shortest(schedule(seed))
                print(story(plan))
                print(f"seed {seed} breaks the law ({broken}); shortened to seed {plan.seed} with {len(plan.actions)} actions")
                sys.exit(1)
            done += len(chunk)
            if sys.stderr.isatty():
                print(f"\r{done:,} schedules", end="", file=sys.stderr)
    print(f"{done:,} schedules from seed {first}: the law held, in {time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
