"""Seeds → schedules: what the author does, in a small world where names and addresses meet often; and whether the law held.

`play` runs a schedule and says in what way the law was broken, if it was. `shortest` leaves out of a failing schedule
whatever it fails without.
"""

import functools
import json
import os
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from random import Random
from unittest.mock import patch

from tilepress.adapters.fans import Inline
from tilepress.adapters.memory import MemoryStore
from tilepress.addresses import SEARCH, object_key
from tilepress.artifacts import Artifact
from tilepress.books import folder_of_ledger, read_image_ledger, read_ledger, section_of_ledger
from tilepress.events import Message
from tilepress.pictures import ImageRecord
from tilepress.ports import Cloud
from tilepress.reindex import RETIRED_KEY, reindex
from tilepress.resync import resync
from tilepress.status import REPORTS
from tilepress.theme import load_theme

from .remembered import remember
from .world import RETIRE_AFTER_SECONDS, Faults, World, encode

ANCHOR = "content/anker/anker.md"
KEYS = (
    "content/projekte/a.md",
    "content/projekte/a.en.md",
    "content/projekte/b.md",
    "content/projekte/_index.md",
    "content/blog/a.md",
    "content/blog/b.en.md",
    "content/projekte.md",
    "content/z.md",
    "static/files/i.svg",
    "static/files/p.jpg",
)
SLUGS = ("", "", "x", "y", "a")
ALIASES = ("/projekte/z/", "/blog/z/", "/z/", "/projekte/a/", "/blog/x/", "/en/blog/a/", "/blog/", "/projekte/alt.html")
BASE = "base_url: https://x.de\n"
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
IMAGES = ("p.jpg", "p.jpg", "i.svg")
SEARCHED_ONE_IN = 8
"""Search has a run of its own after each other run: not every schedule needs it."""
BROKEN = b"---\ntitle: [\n---\n"
LOST = (b"{{ page.title }}!", b"{% if %}", b"")
TEAM = ("ada: {name: Ada}\n", "ada: {name: Ada B.}\n")

_PAGE = (
    "{{ page.title }}|{{ page.url }}|{{ site.title }}|{% for l in page.languages %}{{ l.url }} {% endfor %}|"
    "{% if page.contact_person %}{{ page.contact_person.name }}{% endif %}|{{ page.image }}{{ page.header_image }}|"
    "<div data-body>{{ page.body }}</div>|{{ site.assets['style.css'] }}"
)
_TILES = (
    "{{ page.url }} {{ page.previous }} {{ page.next }} {% for t in page.tiles %}{{ t.url }} {{ t.title }} {{ t.image }};{% endfor %}"
    "{% for c in page.categories %}{{ c.url }} {{ c.title }} {{ c.count }}{% endfor %}"
)
_LINKS = "{% for l in page.languages %}{{ l.url }} {% endfor %}"
THEME = load_theme(
    (
        ("404.html", f"{{{{ page.title }}}}|{_LINKS}".encode()),
        ("assets/style.css", b"p{}"),
        ("base.html", b""),
        (
            "home.html",
            f"{{{{ site.title }}}}|{{% for s in page.sections %}}{{{{ s.url }}}} {{{{ s.title }}}} {{{{ s.count }}}}{{% endfor %}}|{_LINKS}".encode(),
        ),
        ("i18n/en.yaml", b"not_found: Nothing\nnot_found_home: Home\nmoved: Moved\n"),
        ("page.html", _PAGE.encode()),
        ("project.html", _PAGE.encode()),
        ("redirect.html", b"-> {{ page.url }}"),
        ("search.html", b"{{ page.title }} {{ page.index }} {% for s in page.sections %}{{ s.url }} {{ s.title }} {% endfor %}"),
        ("section.html", f"{{{{ page.title }}}}|{_TILES}|{{{{ page.body }}}}|{_LINKS}".encode()),
    ),
    "simulation",
)

Action = tuple[str, str, bytes]
"""What the author does: a word for it, a key, and the bytes (b"" deletes)."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """All that decides a run. `alone` is how many files a resync does itself, `listed_from` of how many keys a run lists their folder."""

    seed: int
    actions: tuple[Action, ...]
    faults: Faults
    alone: int
    listed_from: int
    searchable: bool = False


def schedule(seed: int) -> Schedule:
    """The schedule of a seed."""
    random = Random(seed)  # noqa: S311 - repeatable is what it is to be
    act = {PHOTOGRAPHIC: _action_with_photos, CONTESTED: _action_with_uploads}.get(seed % SUBJECT_ONE_IN, _action)
    actions = tuple(act(random) for _ in range(random.randint(2, 9)))
    calm = random.random() < 0.2
    lose = random.choice((0.0, 0.0, 0.0, 0.15))
    faults = Faults(crash=0, fail=0, most=0) if calm else Faults(lose=lose)
    return Schedule(seed, actions, faults, random.choice((1, 1, 99)), random.choice((2, 99)), searchable=seed % SEARCHED_ONE_IN == 0)


def _action(random: Random) -> Action:
    kind = random.random()
    if kind < 0.06:
        return ("settings", "site.yaml", random.choice(SETTINGS).encode())
    if kind < 0.09:
        return ("data", *random.choice((("data/team.yaml", random.choice(TEAM).encode()), ("theme/404.html", random.choice(LOST)))))
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
    text = f"title: T{random.randint(1, 4)}\nimg: p.jpg" if random.random() < 0.8 else "title: T"
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
        lines.append(f"{random.choice(('img', 'img_header'))}: {random.choice(IMAGES)}")
    text = f"![B](/files/{random.choice(IMAGES)})" if random.random() < 0.2 else ""
    if random.random() < 0.5:
        lines.append(f"date: {random.choice(DATES)}")
    return ("---\n" + "\n".join(lines) + f"\n---\nText {random.randint(1, 3)}. {text}\n").encode()


def play(plan: Schedule, *, keep: dict[str, list[str]] | None = None) -> str:
    """Run a schedule. "" when the law held, else how it was broken."""
    world = World(plan.seed, theme=THEME, faults=plan.faults, searchable=plan.searchable)
    for key, body in ((ANCHOR, b"---\ntitle: Anker\n---\n"), ("site.yaml", f"title: Eins\n{BASE}".encode())):
        world.source.write(key, body)
        world.send(Message(f"start {key}", frozenset({key})))
    try:
        with (
            patch.multiple("tilepress.resync", ALONE_KEYS_MAX=plan.alone, BATCH_KEYS_MAX=2),
            patch.multiple("tilepress.observing", LISTED_FROM=plan.listed_from, OBJECTS_A_KEY_MAX=2),
        ):
            world.run([_act(action) for action in plan.actions])
            broken = _after_the_storm(world) if not world.lost else ""
            broken = broken or _after_the_grace(world)
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
        if body:
            world.upload(key, body)
        else:
            world.remove(key)

    return act


def _after_the_storm(world: World) -> str:
    """Nothing missing, nothing stale; beyond it stands only what is retired; and the CDN shows what the bucket holds."""
    if _settings_are_broken(world):
        return ""
    expected, found = clean_build(world), world.site.public()
    retired = {object_key(address) for key in world.site.objects if section_of_ledger(key) is not None for address in _retired(world, key)}
    retired |= {key for record in _image_records(world) for key in record.retired_keys()}
    retired |= _former_files(world)
    for key in sorted(expected):
        if key not in found:
            return f"missing: {key}"
        if found[key] != expected[key]:
            return f"stale: {key}: {found[key]!r} instead of {expected[key]!r}"
    dropped = () if b"[de]" not in world.source.objects["site.yaml"].body else ("en/",)  # a language's last pages go with the next resync
    orphans = sorted(key for key in found.keys() - expected.keys() - retired if not key.startswith(("assets/style", *dropped)))
    return f"orphan: {orphans[0]}" if orphans else _cdn(world) or _authors(world)


def _after_the_grace(world: World) -> str:
    """After the grace of retired addresses and one resync the site is a clean build, neither more nor less."""
    if _settings_are_broken(world):
        world.upload("site.yaml", f"title: Eins\n{BASE}".encode())
    world.calm()
    world.run([])
    for number in range(2):  # what retires at the first has its grace as well
        world.sleep(2 * RETIRE_AFTER_SECONDS)
        world.send(Message(f"resync {number}", resync=True))
        world.run([])
    expected, found = clean_build(world), world.site.public()
    wrong = sorted(key for key in expected.keys() | found.keys() if expected.get(key) != found.get(key))
    if wrong:
        return f"after the grace: {wrong[0]}: {found.get(wrong[0])!r} instead of {expected.get(wrong[0])!r}"
    retired = [address for key in world.site.objects if section_of_ledger(key) is not None for address in _retired(world, key)]
    retired += [key for record in _image_records(world) for key in record.retired_keys()]
    return f"still retired: {retired[0]}" if retired else _cdn(world) or _authors(world)


def _authors(world: World) -> str:
    """There are reports of those files in which there is something wrong, and of no others; and the tags say the same.

    Of a file whose message was lost there may be no tags: a resync looks at what is current no more closely than that.
    """
    told = {key.removeprefix(REPORTS).removesuffix(".json"): stored.body for key, stored in world.source.objects.items() if key.endswith(".json")}
    wrong = set(_built(_standing(world), searchable=world.searchable)[1]) | {
        key for key, stored in world.source.objects.items() if stored.body == BROKEN
    }
    if told.keys() != wrong:
        return f"reports of {sorted(told)} instead of {sorted(wrong)}"
    for key, stored in sorted(world.source.objects.items()) if not world.lost else ():
        tags = world.source.tags.get((key, stored.etag), {})
        states = {json.loads(told[key])["state"]} if key in told else {"published", "draft"}
        if not key.startswith(REPORTS) and tags.get("tilepress-state") not in states:
            return f"tags of {key}: {tags} instead of {states}"
    return ""


def _cdn(world: World) -> str:
    """What the CDN still keeps is what the site bucket holds."""
    for key, body in sorted(world.cached.items()):
        if key.startswith(SEARCH):  # kept for a minute at most, or named by its content
            continue
        there = world.site.objects.get(key)
        if (there.body if there else None) != body:
            return f"stale in the CDN: {key}: {body!r}"
    return ""


def _settings_are_broken(world: World) -> bool:
    """Whether nothing can be published: an error in site.yaml, or in a template that it names."""
    settings, template = world.source.objects["site.yaml"].body, world.source.objects.get("theme/404.html")
    return b"kaputt" in settings or (b"files: [404.html]" in settings and template is not None and template.body == b"{% if %}")


def _retired(world: World, key: str) -> list[str]:
    section = section_of_ledger(key)
    if section is None:
        return []
    retired = read_ledger(_plain(world.site.objects[key].body, key), section).value.retired
    return [address for address, entry in retired.items() if not entry.elsewhere]


def _image_records(world: World) -> list[ImageRecord]:
    found = [(folder, key) for key in world.site.objects if (folder := folder_of_ledger(key)) is not None]
    return [record for folder, key in found for record in read_image_ledger(_plain(world.site.objects[key].body, key), folder).value.images.values()]


def _former_files(world: World) -> set[str]:
    found = world.site.objects.get(RETIRED_KEY)
    return set(json.loads(found.body)) if found else set()


def _plain(body: bytes, key: str) -> MemoryStore:
    store = MemoryStore()
    store.put(Artifact(key, body, ""))
    return store


def clean_build(world: World) -> dict[str, bytes]:
    """What a build of the sources gives."""
    return dict(_built(_standing(world), searchable=world.searchable)[0])


def _standing(world: World) -> tuple[tuple[str, bytes], ...]:
    """The sources. For a broken file stands the version that its ledger says is the last good one."""
    good = {
        source.key: source.good
        for key in world.site.objects
        if (section := section_of_ledger(key)) is not None
        for record in read_ledger(_plain(world.site.objects[key].body, key), section).value.groups.values()
        for source in record.sources
        if source.state == "problem" and source.good
    }
    files = {key: world.source.versions[key, good[key]] if key in good else stored.body for key, stored in world.source.objects.items()}
    return tuple(sorted((key, body) for key, body in files.items() if not key.startswith(REPORTS)))


@functools.lru_cache(maxsize=20_000)
def _built(files: tuple[tuple[str, bytes], ...], *, searchable: bool) -> tuple[tuple[tuple[str, bytes], ...], tuple[str, ...]]:
    """What a clean build of these files publishes, and of which files there are reports after it."""
    sources, site = _resynced(files, searchable=searchable)
    built = (site.get(found.key) for found in site.list() if not found.key.startswith(".tilepress/"))
    told = tuple(found.key.removeprefix(REPORTS).removesuffix(".json") for found in sources.list(REPORTS) if found.key.endswith(".json"))
    return tuple((file.key, file.body) for file in built if file), told


def _resynced(files: tuple[tuple[str, bytes], ...], *, searchable: bool) -> tuple[MemoryStore, MemoryStore]:
    sources, site = MemoryStore(), MemoryStore()
    for key, body in files:
        sources.put(Artifact(key, body, ""))
    cloud = Cloud(sources, site, _Silent(), Inline(), lambda: 0.0, lambda _: None, nullcontext, 0.0, tells_authors=True, encoder=encode)
    resync(cloud, THEME)
    if searchable:
        reindex(cloud, THEME.release)
    return sources, site


class _Silent:
    def invalidate(self, paths: Sequence[str]) -> None:
        """There is no CDN before a clean build."""


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
