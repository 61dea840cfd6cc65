"""What templates get: typed, frozen, complete. `templates/README.md` lists it, and a test holds that list to the truth.

A template has `site`, `text` (the theme's own words in the page's language) and `page`, which is one of the `…Context`
classes below, by template. Addresses (`url`, `src`) are quoted; texts are plain, and escaped by Jinja; only what is
`Markup` is HTML, and has been sanitised. A missing text is "", a missing list is empty.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from tilepress.pages import Value


@dataclass(frozen=True, slots=True)
class LinkContext:
    """A link. `current` says that it leads to the page (or the section of the page) that it stands on."""

    url: str
    title: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class LanguageContext:
    """The same page in a language; `current` for the page itself."""

    lang: str
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class SourceContext:
    """An image in several widths, and their media type."""

    type: str
    srcset: str


@dataclass(frozen=True, slots=True)
class ImageContext:
    """An image and its text alternative ("" where it only decorates).

    `src` is what any browser shows, `sources` are better ones; `width` and `height` its pixels, 0 where nobody knows. `preview` is
    what other sites show of the page, "" where they cannot show it, with its own pixels; `focus` the classes that say what stays in view.
    """

    src: str
    alt: str = ""
    width: int = 0
    height: int = 0
    sources: tuple[SourceContext, ...] = ()
    preview: str = ""
    preview_width: int = 0
    preview_height: int = 0
    focus: str = ""


@dataclass(frozen=True, slots=True)
class CategoryContext:
    """A category of a section: its page, its name in addresses, and how many pages it has. `current` on its own page."""

    url: str
    title: str
    slug: str
    count: int
    current: bool = False


@dataclass(frozen=True, slots=True)
class FeedContext:
    """A feed, and its media type."""

    url: str
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteContext:
    """The site, in the language of the page."""

    title: str
    description: str
    base_url: str
    lang: str
    home: str
    logo: str
    menu: tuple[LinkContext, ...]
    footer: tuple[LinkContext, ...]
    assets: Mapping[str, str]
    preview: str
    frame_colour: str
    search: str


@dataclass(frozen=True, slots=True)
class PersonContext:
    """Somebody named on a project page."""

    name: str
    role: str


@dataclass(frozen=True, slots=True)
class ContactContext:
    """A way to get in touch; `kind` is the field's name in the front matter (`mastodon`)."""

    kind: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class ContactPersonContext:
    """Whom to ask, from data/team.yaml."""

    name: str
    position: str
    mail: str
    image: ImageContext | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageContext:
    """A page of its own: `project.html`, `page.html`."""

    url: str
    title: str
    subtitle: str
    description: str
    section: LinkContext | None
    type: str
    date: str
    date_text: str
    lastmod: str
    lastmod_text: str
    image: ImageContext | None
    header_image: ImageContext | None
    image_license: str
    categories: tuple[LinkContext, ...]
    tags: tuple[str, ...]
    years: str
    people: tuple[PersonContext, ...]
    partners: tuple[str, ...]
    financing: tuple[str, ...]
    website: LinkContext | None
    contacts: tuple[ContactContext, ...]
    contact_person: ContactPersonContext | None
    cta: str
    cta_text: Markup
    more_text: Markup
    body: Markup
    languages: tuple[LanguageContext, ...]
    json_ld: Markup
    params: Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class TileContext:
    """A page on an overview. `size` is `single`, `double` or `none`."""

    url: str
    title: str
    subtitle: str
    size: str
    type: str
    image: ImageContext | None
    categories: tuple[str, ...]
    slugs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionContext:
    """A list of a section's pages, `section.html`: its overview, a next page of that, or the page of a category.

    `further` are the pages without a tile, `finished` those of type archive.
    """

    url: str
    title: str
    subtitle: str
    description: str
    header_image: ImageContext | None
    body: Markup
    section: LinkContext
    manifest: str
    feeds: tuple[FeedContext, ...]
    count: int
    categories: tuple[CategoryContext, ...]
    category: CategoryContext | None
    number: int
    previous: str
    next: str
    tiles: tuple[TileContext, ...]
    further: tuple[TileContext, ...]
    finished: tuple[TileContext, ...]
    languages: tuple[LanguageContext, ...]
    json_ld: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeSectionContext:
    """A section on the home page, with the first of its tiles; `count` counts its pages."""

    url: str
    title: str
    count: int
    tiles: tuple[TileContext, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeContext:
    """The home page of a language: `home.html`."""

    url: str
    title: str
    subtitle: str
    description: str
    header_image: ImageContext | None
    body: Markup
    sections: tuple[HomeSectionContext, ...]
    languages: tuple[LanguageContext, ...]
    json_ld: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchContext:
    """A language's search page. Its script reads `index`; `sections` are the overviews, for whoever would rather look around."""

    url: str
    title: str
    description: str
    index: str
    sections: tuple[LinkContext, ...]
    languages: tuple[LanguageContext, ...]
    json_ld: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherLanguageContext:
    """The 404 page in another language of the site, in short."""

    lang: str
    url: str
    title: str
    home: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotFoundContext:
    """What a reader sees at an address where nothing is: `404.html`.

    It speaks every language of the site, since a CDN may know only one such page.
    """

    url: str
    title: str
    description: str
    languages: tuple[LanguageContext, ...]
    others: tuple[OtherLanguageContext, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RedirectContext:
    """A former address: `redirect.html` leads to `url`."""

    url: str
    title: str
    description: str
    languages: tuple[LanguageContext, ...]
