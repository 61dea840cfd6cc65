"""The vocabulary of the source side: source files, problems, pages and what stands in them.

Everything here is a frozen value. A `Page` is complete: whatever of a source file reaches a reader is in it, its texts
as plain text, its addresses checked, and its HTML (`Html`) rendered and sanitised.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal, NewType

Html = NewType("Html", str)
"""HTML that has been through the sanitiser, and nothing else."""

NO_HTML = Html("")

TileSize = Literal["single", "double", "none"]
Value = str | int | float | bool | None | list["Value"] | dict[str, "Value"]
"""What an unknown front matter field may hold."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One object of the source bucket: its bytes, the version they are, and how many tags it has."""

    key: str
    body: bytes
    etag: str
    version_id: str | None = None
    tag_count: int = 0


PROBLEMS_MAX = 100
"""How many problems of one kind, or that one look finds in a file, are told: whoever mends these sees the others."""


class Severity(StrEnum):
    """What a problem does to its page: an error keeps the page's last good version, a warning lets it pass."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """An author's mistake, located. `line` and `column` count from 1, in the file as uploaded."""

    file: str
    code: str
    message: str
    hint: str = ""
    line: int = 1
    column: int = 1
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody named on a project page."""

    name: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """A way to get in touch: `kind` is the field's name (`mastodon`), `label` what is shown, `url` where it leads."""

    kind: str
    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page in one language, ready to be rendered. Times are ISO 8601 with zone; "" means not given."""

    key: str
    group: str
    section: str
    lang: str
    address: str
    title: str
    slug: str = ""
    aliases: tuple[str, ...] = ()
    subtitle: str = ""
    description: str = ""
    summary: str = ""
    date: str = ""
    lastmod: str = ""
    layout: str = ""
    type: str = ""
    tile: TileSize = "single"
    weight: int = 0
    img: str = ""
    img_alt: str = ""
    img_header: str = ""
    img_license: str = ""
    focus: str = ""
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    search_keys: tuple[str, ...] = ()
    people: tuple[Person, ...] = ()
    contacts: tuple[Contact, ...] = ()
    contact_person: str = ""
    years: str = ""
    partners: tuple[str, ...] = ()
    financing: tuple[str, ...] = ()
    website: str = ""
    cta: str = ""
    cta_text: Html = NO_HTML
    more_text: Html = NO_HTML
    params: Mapping[str, Value] = field(default_factory=dict)
    body: Html = NO_HTML


@dataclass(frozen=True, slots=True, kw_only=True)
class Visibility:
    """When a page may be seen: not while it is a draft, not before `publish`, not from `expire` on."""

    draft: bool = False
    publish: datetime | None = None
    expire: datetime | None = None

    def state(self, now: datetime) -> Literal["published", "draft", "scheduled", "expired"]:
        """What the page is at this moment."""
        if self.draft:
            return "draft"
        if self.expire is not None and self.expire <= now:
            return "expired"
        if self.publish is not None and self.publish > now:
            return "scheduled"
        return "published"

    def due(self, now: datetime) -> datetime | None:
        """The next moment at which the state changes by itself; None when it does not."""
        moments = [moment for moment in (self.publish, self.expire) if moment is not None and moment > now]
        return None if self.draft else min(moments, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What became of one source file: pages (one, or one a language), or none and at least one error among the problems."""

    pages: tuple[Page, ...] = ()
    problems: tuple[Problem, ...] = ()
    visibility: Visibility = Visibility()
