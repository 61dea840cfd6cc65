"""What is derived from ledgers: a key, and the values that it is written from. Pure.

A run sees what a change of a ledger changes by comparing such values, and writes only that. `derive_section` says what a
section derives, `derive_root` what the root does; what both of them need is here.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from tilepress import markup
from tilepress.addresses import REMEMBERED, category_slug, href, section_address
from tilepress.artifacts import Artifact
from tilepress.contexts import LanguageContext, TileContext
from tilepress.ledger import Intro, Tile
from tilepress.render import DESCRIPTION_CHARS_MAX, image
from tilepress.site import Site
from tilepress.sitemaps import Place, sitemap
from tilepress.theme import Theme

PAGES_NAME = "sitemap-pages.xml"
"""The sitemap of the pages in no folder: it stands at the root."""

Write = Callable[..., Artifact]


@dataclass(frozen=True, slots=True)
class Derived:
    """What is to stand at a key: who writes it, and from what. Equal ones give equal bytes under the same settings and theme."""

    key: str
    write: Write
    given: tuple[object, ...]


def artifact(derived: Derived, site: Site, theme: Theme) -> Artifact:
    """What is derived, written."""
    return derived.write(derived.key, *derived.given, site=site, theme=theme)


def below_roots(section: str, languages: Iterable[str], names: Iterable[str], site: Site) -> set[str]:
    """These names below the root of a section in each of these languages."""
    roots = [section_address(section, lang, site.default_language).lstrip("/") for lang in languages]
    return {root + name for root in roots for name in names}


def write_sitemap(key: str, places: Sequence[Place], *, site: Site, theme: Theme) -> Artifact:  # noqa: ARG001 - all writers take both
    """A sitemap's artifact."""
    return sitemap(key, places, site.base_url, site.default_language)


@lru_cache(maxsize=REMEMBERED)
def as_listed(tile: Tile) -> Tile:
    """A tile without what lists do not show of it, so that they need not be written anew when only that has changed."""
    return replace(tile, date="", lastmod="", weight=0, source_etag="")


def tile_context(tile: Tile) -> TileContext:
    """A tile as templates get it."""
    return TileContext(
        url=href(tile.address),
        title=tile.title,
        subtitle=tile.subtitle,
        size=tile.tile,
        type=tile.type,
        image=image(tile.img, tile.img_alt, tile.picture, tile.focus),
        categories=tile.categories,
        slugs=tuple(dict.fromkeys(slug for name in tile.categories if (slug := category_slug(name)))),
    )


def language_contexts(languages: Iterable[str], current: str, section: str, site: Site) -> tuple[LanguageContext, ...]:
    """A section's overview, or the home page, in each of these languages."""
    return tuple(LanguageContext(lang, href(section_address(section, lang, site.default_language)), current=lang == current) for lang in languages)


def description_of(intro: Intro | None) -> str:
    """What search engines are told of what has this title and text."""
    return (intro.description or intro.subtitle or markup.text_of(intro.body, DESCRIPTION_CHARS_MAX)) if intro else ""
