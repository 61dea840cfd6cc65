"""What has to be so once all is quiet: the site is a clean build of its sources, authors know, and the CDN shows what the bucket holds.

Each look says in what way the law is broken, "" when it is not.
"""

import functools
import json
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass

from tilepress.adapters.fans import Inline
from tilepress.adapters.memory import MemoryStore
from tilepress.addresses import PRIVATE, SEARCH, STATIC, object_key
from tilepress.artifacts import Artifact
from tilepress.books import folder_of_ledger, read_image_ledger, read_ledger, section_of_ledger
from tilepress.events import Message
from tilepress.pictures import VARIANTS, ImageRecord
from tilepress.ports import Cloud
from tilepress.reindex import RETIRED_KEY, reindex
from tilepress.reports import REPORTS
from tilepress.resync import resync
from tilepress.theme import load_theme

from .remembered import DATED, MOMENTS
from .watched import Bucket, BucketStore, Stored
from .workers import encode
from .world import RETIRE_AFTER_SECONDS, World

BASE = "base_url: https://x.de\n"
BROKEN = b"---\ntitle: [\n---\n"

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


def after_the_storm(world: World) -> str:
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
    return f"orphan: {orphans[0]}" if orphans and not world.outgrown else _cdn(world) or _authors(world)


def after_the_grace(world: World) -> str:
    """After the grace of retired addresses and one resync the site is a clean build, neither more nor less."""
    if _settings_are_broken(world):
        world.upload("site.yaml", f"title: Eins\n{BASE}".encode())
    world.calm()
    world.run([])
    world.above = None  # "tilepress rebuild", which has the time to list everything
    world.sleep(max(MOMENTS))
    world.run([])
    for number in range(2):  # what retires at the first has its grace as well
        world.sleep(2 * RETIRE_AFTER_SECONDS)
        world.run([])
        world.send(Message(f"resync {number}", resync=True))
        world.run([])
    expected, found = clean_build(world), world.site.public()
    wrong = sorted(key for key in expected.keys() | found.keys() if expected.get(key) != found.get(key))
    if wrong:
        return f"after the grace: {wrong[0]}: {found.get(wrong[0])!r} instead of {expected.get(wrong[0])!r}"
    retired = [address for key in world.site.objects if section_of_ledger(key) is not None for address in _retired(world, key)]
    retired += [key for record in _image_records(world) for key in record.retired_keys()]
    return f"still retired: {retired[0]}" if retired else known(world) or _cdn(world) or _authors(world)


def known(world: World) -> str:
    """The ledgers say what those of a clean build say: what one of them keeps of the past shows only much later, if ever."""
    expected, found = _expected(world).ledgers, _ledgers(world.site)
    wrong = sorted(key for key in expected.keys() | found.keys() if expected.get(key) != found.get(key))
    return f"ledger {wrong[0]}: {found.get(wrong[0])} instead of {expected.get(wrong[0])}" if wrong else ""


def _ledgers(site: Bucket) -> dict[str, object]:
    """What the ledgers say, without those that say nothing, and without the marks of addresses that lie elsewhere."""
    found = {}
    for key, stored in site.objects.items():
        if key.startswith(PRIVATE):
            said = json.loads(stored.body)
            if section_of_ledger(key) is not None:
                said["retired"] = {address: entry for address, entry in said["retired"].items() if not entry.get("elsewhere")}
            if any(part for part in said.values() if isinstance(part, dict | list)):
                found[key] = said
    return found


def _authors(world: World) -> str:
    """The reports, the tags and the times are those that there are after a clean build.

    Of a file whose message was lost there may be no tags: a resync looks at what is current no more closely than that.
    """
    expected = _expected(world)
    told = {key: stored.body for key, stored in world.source.objects.items() if key.startswith(REPORTS)}
    for key in sorted(told.keys() | expected.reports.keys(), reverse=True):  # what programs read says it in few words
        if told.get(key) != expected.reports.get(key):
            return f"report {key}: {told.get(key)!r} instead of {expected.reports.get(key)!r}"
    for key, tags in sorted(expected.tags.items()) if not world.lost else ():
        if _said(key, there := world.source.tags.get((key, world.source.objects[key].etag), {})) != _said(key, tags):
            return f"tags of {key}: {there} instead of {tags}"
    late = {key for key, at in expected.times.items() if world.times.get(key) != at}
    return f"times {world.times} instead of {expected.times}" if late and not world.lost else ""


def _said(key: str, tags: Mapping[str, str]) -> dict[str, str]:
    """What tags say; of an upload, which a change of settings does not concern, no more than the path of its address."""
    return {name: text.removeprefix("https://x.de") if key.startswith(STATIC) else text for name, text in tags.items()}


def _cdn(world: World) -> str:
    """What the CDN still keeps is what the site bucket holds."""
    for key, body in sorted(world.cached.items()):
        if key.startswith(SEARCH):  # kept for a minute at most, or named by its content
            continue
        if body is None and key.startswith(VARIANTS):  # that there is no such image is kept for ten seconds
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


@dataclass(frozen=True, slots=True)
class Built:
    """What there is after a clean build: what is published; ledgers; reports; and of each source file its tags, and when it comes back."""

    public: Mapping[str, Stored]
    ledgers: Mapping[str, object]
    reports: Mapping[str, bytes]
    tags: Mapping[str, Mapping[str, str]]
    times: Mapping[str, float]


def clean_build(world: World) -> Mapping[str, Stored]:
    """What a build of the sources publishes."""
    return _expected(world).public


def _expected(world: World) -> Built:
    """For a broken file stands the version that its ledger says is the last good one."""
    good = {
        source.key: source.good
        for key in world.site.objects
        if (section := section_of_ledger(key)) is not None
        for record in read_ledger(_plain(world.site.objects[key].body, key), section).value.groups.values()
        for source in record.sources
        if source.state == "problem" and source.good
    }
    files = {key: stored.body for key, stored in world.source.objects.items() if not key.startswith(REPORTS)}
    former = {key: world.source.versions[key, good[key]] for key in sorted(good.keys() & files.keys())}
    moment = max(moment for moment in MOMENTS if moment <= world.now) if any(DATED in body for body in (*files.values(), *former.values())) else 0
    return _built(tuple(sorted(files.items())), tuple(former.items()), moment, searchable=world.searchable)


def forget() -> None:
    """Forget what clean builds there were."""
    _built.cache_clear()


@functools.lru_cache(maxsize=20_000)
def _built(files: tuple[tuple[str, bytes], ...], former: tuple[tuple[str, bytes], ...], now: float, *, searchable: bool) -> Built:
    """A clean build of these files. Where there are `former` ones, these are built first."""
    published, timer = Bucket(), _Times({})
    sources, site = BucketStore(Bucket()), BucketStore(published)
    cloud = Cloud(sources, site, _Silent(), Inline(), lambda: now, lambda _: None, nullcontext, 0.0, tells_authors=True, encoder=encode, timer=timer)
    for given in ({**dict(files), **dict(former)}, {key: dict(files)[key] for key, _ in former}):
        for key, body in given.items():
            sources.put(Artifact(key, body, ""))
        if given:
            resync(cloud, THEME)
    if searchable:
        reindex(cloud, THEME.release)
    reports = {found.key: file.body for found in sources.list(REPORTS) if (file := sources.get(found.key))}
    return Built(published.public(), _ledgers(published), reports, {key: sources.tags(key) for key, _ in files}, timer.times)


@dataclass(frozen=True, slots=True)
class _Times:
    """The timer of a clean build."""

    times: dict[str, float]

    def set(self, key: str, at: float) -> None:
        """See `tilepress.ports.Timer`."""
        self.times[key] = at

    def clear(self, key: str) -> None:
        """See `tilepress.ports.Timer`."""
        self.times.pop(key, None)


class _Silent:
    def invalidate(self, paths: Sequence[str]) -> None:
        """There is no CDN before a clean build."""
