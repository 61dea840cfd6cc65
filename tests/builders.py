"""Builders: a test names only what matters to it."""

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from types import MappingProxyType
from typing import Any

from tilepress.adapters.cloudfront import NoCdn
from tilepress.adapters.fans import Inline
from tilepress.adapters.memory import MemoryStore
from tilepress.artifacts import Artifact, etag_of
from tilepress.derive import artifact
from tilepress.derive_root import root_derived
from tilepress.derive_section import section_derived
from tilepress.fields import Fields
from tilepress.ledger import GroupRecord, Ledger, PageRecord, Settled, SourceRecord, Tile, tile_of
from tilepress.pages import Page, Parsed, Problem, SourceFile
from tilepress.parse import parse
from tilepress.ports import Cloud
from tilepress.root import Root
from tilepress.site import Site, parse_site, with_data
from tilepress.theme import Theme, load_theme
from tilepress.wording import Tell, teller
from tilepress.yaml_nodes import compose_fields

TELL: Tell = teller("x.md", "en")
"""Tells of problems in English."""


def page_text(body: str = "Text.", /, **fields: str) -> str:
    """A Markdown file: front matter of these fields, written as they are given, and a body."""
    lines = "".join(f"{name}: {value}\n" for name, value in ({"title": "Titel"} | fields).items())
    return f"---\n{lines}---\n{body}\n"


def source(text: str | bytes = "", key: str = "content/projekte/ogp.md") -> SourceFile:
    """A source file of this text."""
    body = text.encode() if isinstance(text, str) else text
    return SourceFile(key, body, etag_of(body), "v1")


def site(settings: str = "", team: str = "") -> Site:
    """A site of these settings (YAML); of the defaults without any."""
    found, problems = parse_site(source(settings, "site.yaml") if settings else None)
    assert found is not None, problems
    found, problems = with_data(found, [source(team, "data/team.yaml")] if team else [])
    assert found is not None, problems
    return found


def parsed(text: str | bytes, key: str = "content/projekte/ogp.md", settings: str = "") -> Parsed:
    """What a file of this text comes to."""
    return parse(source(text, key), site(settings))


def page(body: str = "Text.", /, key: str = "content/projekte/ogp.md", settings: str = "", **fields: str) -> Page:
    """The page of a file of these fields and this body."""
    found = parsed(page_text(body, **fields), key, settings)
    assert found.pages, found.problems
    return found.pages[0]


def problem_codes(found: Parsed) -> list[str]:
    """What is wrong with a file, in short."""
    return [problem.code for problem in found.problems]


def fields(text: str) -> tuple[Fields, list[Problem]]:
    """A reader of these YAML fields, and the list in which it notes problems."""
    problems: list[Problem] = []
    return Fields(compose_fields(text, TELL)[0], TELL, problems), problems


def tile(title: str = "Titel", key: str = "content/projekte/ogp.md", **given: Any) -> Tile:
    """A tile; its address follows from its key unless it is given."""
    name = key.removeprefix("content/").removesuffix(".md")
    return Tile(**{"key": key, "lang": "de", "address": f"/{name}/", "title": title, "source_etag": '"e1"'} | given)


def record(*names: str, aliases: tuple[str, ...] = (), **given: Any) -> GroupRecord:
    """A group's record with a published page for each name of a file in projekte/."""
    tiles = [tile(key=f"content/projekte/{name}.md", **given) for name in names]
    pages = tuple(PageRecord(tile=one, aliases=aliases, slugged=one.address != tile(key=one.key).address, etag='"a1"') for one in tiles)
    return GroupRecord(basis="b1", sources=tuple(SourceRecord(key=one.key, etag='"e1"', state="published") for one in tiles), pages=pages)


def record_of(found: Page) -> GroupRecord:
    """A group's record with just this page."""
    return GroupRecord(pages=(PageRecord(tile=tile_of(found, '"e1"')),))


def memory_cloud(files: Mapping[str, str | bytes] = MappingProxyType({}), **given: Any) -> Cloud:
    """Source files in memory, an empty site, and a clock that stands still."""
    sources = MemoryStore()
    for key, text in files.items():
        sources.put(Artifact(key, text.encode() if isinstance(text, str) else text, ""))
    parts: dict[str, Any] = {"now": lambda: 0.0, "pause": lambda _: None, "guard": nullcontext, "retire_after": 0.0, "tells_authors": True}
    stores: dict[str, Any] = {"source": sources, "site": MemoryStore(), "cdn": NoCdn(), "fan": Inline()}
    return Cloud(**(stores | parts | given))


def ledger(**groups: GroupRecord) -> Ledger:
    """The ledger of the section projekte with these groups, by the names of their files."""
    return Ledger(section="projekte", groups={f"projekte/{name}": found for name, found in groups.items()})


def section_artifacts(settled: Settled, of: Site, look: Theme) -> list[Artifact]:
    """What a section derives, written."""
    return [artifact(derived, of, look) for derived in section_derived(settled, of).values()]


def root_artifacts(root: Root, of: Site, look: Theme) -> list[Artifact]:
    """What the root derives, written."""
    return [artifact(derived, of, look) for derived in root_derived(root, of).values()]


PLAIN = "{{ page.title }}|{{ page.url }}"


def theme(**templates: str) -> Theme:
    """A theme of next to nothing; templates by the name of their page type."""
    types = dict.fromkeys(("base", "project", "page", "section", "home", "search", "404", "redirect"), PLAIN) | templates
    words = b"not_found: Nothing here\nnot_found_home: Home\nmoved: Moved\n"
    files = {f"{name}.html": text.encode() for name, text in types.items()} | {"i18n/en.yaml": words, "assets/style.css": b"a{}"}
    return load_theme(tuple(sorted(files.items())), "r1")


class Watched(MemoryStore):
    """A store in which something happens before the first write of a key."""

    def __init__(self, origin: Any, key: str, act: Callable[[], None]) -> None:
        self.__dict__.update(origin.__dict__)
        self._watched: tuple[str, Callable[[], None]] | None = (key, act)

    def put(self, artifact: Artifact) -> str:
        """As it is, with what happens before."""
        if self._watched and self._watched[0] == artifact.key:
            act, self._watched = self._watched[1], None
            act()
        return super().put(artifact)


class Timetable:
    """A timer that only notes."""

    def __init__(self) -> None:
        self.times: dict[str, float] = {}

    def set(self, key: str, at: float) -> None:
        """See `tilepress.ports.Timer`."""
        self.times[key] = at

    def clear(self, key: str) -> None:
        """See `tilepress.ports.Timer`."""
        self.times.pop(key, None)
