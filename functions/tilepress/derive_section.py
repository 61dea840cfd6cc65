"""A section's ledger → what is derived from it: overviews, category pages, manifests, feeds, sitemaps, redirects. Pure.

Some keys are fixed for a section (`section_keys`); where the rest stands follows from its tiles (`tilepress.lists`), and an
address that is not needed any more is retired in the ledger.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from tilepress import linked_data
from tilepress.addresses import (
    category_address,
    href,
    is_derived,
    language_root,
    next_page_address,
    object_key,
    section_address,
)
from tilepress.artifacts import Artifact, html_artifact, json_artifact, redirect_artifact
from tilepress.contexts import (
    CategoryContext,
    FeedContext,
    LinkContext,
    RedirectContext,
    SectionContext,
)
from tilepress.derive import PAGES_NAME, Derived, as_listed, below_roots, description_of, language_contexts, tile_context, write_sitemap
from tilepress.feeds import FEED_NAMES, Feed, entries, feed_artifact
from tilepress.ledger import Intro, Settled, Tile
from tilepress.lists import TILES_PER_PAGE, Lists, lists_of, pages_of
from tilepress.manifest import in_order, manifest
from tilepress.render import image, render
from tilepress.root import newest_change
from tilepress.site import Site
from tilepress.sitemaps import Place
from tilepress.theme import Theme

SECTION_NAMES = ("index.html", "tiles.json", *FEED_NAMES, "sitemap.xml")
FEED_TYPES = {"index.xml": "application/rss+xml", "atom.xml": "application/atom+xml", "feed.json": "application/feed+json"}


def section_keys(section: str, site: Site) -> set[str]:
    """Every key that a section may derive whatever its tiles are, besides redirects. Not every folder is one (`Site.overviews`)."""
    if not site.overviews(section):
        return set()
    return below_roots(section, site.languages, SECTION_NAMES if section else (PAGES_NAME,), site)


def former_keys(settled: Settled, site: Site) -> set[str]:
    """The keys where lists of a section stood that it does not have any more, as far as its ledger remembers."""
    return {object_key(address) for address in settled.ledger.retired if is_derived(address, site.languages)}


def section_derived(settled: Settled, site: Site, per_page: int = TILES_PER_PAGE) -> dict[str, Derived]:
    """What a section derives from its ledger, by key: for each of its languages lists, manifest, feeds, sitemap; and the redirects.

    Only a sample has fewer tiles `per_page`.
    """
    found = [Derived(object_key(address), _redirect, (target,)) for address, target in sorted(settled.redirects.items())]
    languages = _section_languages(settled, site)
    for lang in languages:
        lists = lists_of(settled.holders, lang)
        if settled.ledger.section:
            found += _lists(settled, lang, languages, lists, site, per_page)
            address = section_address(settled.ledger.section, lang, site.default_language)
            found.append(Derived(address.lstrip("/") + "tiles.json", _manifest, (settled.ledger.section, lang, tuple(in_order(lists.tiles)))))
        if site.base_url:
            found += _for_machines(settled, lang, languages, lists, site)
    return {derived.key: derived for derived in found}


def section_derived_keys(settled: Settled, site: Site) -> set[str]:
    """The keys that a section does derive, besides redirects."""
    return {key for key, derived in section_derived(settled, site).items() if derived.write is not _redirect}


def _section_languages(settled: Settled, site: Site) -> list[str]:
    """The languages in which a section has anything to show."""
    if not site.overviews(settled.ledger.section):
        return []
    intros = settled.ledger.intros() if settled.ledger.section else ()
    shown = {*intros, *(page.tile.lang for page in settled.holders.pages.values())}
    return [lang for lang in site.languages if lang in shown]


@dataclass(frozen=True, slots=True)
class _Section:
    """What all lists of a section in one language show."""

    name: str
    lang: str
    languages: tuple[str, ...]
    intro: Intro | None
    categories: tuple[CategoryContext, ...]

    def title(self, site: Site) -> str:
        return self.intro.title if self.intro else site.section_title(self.name, self.lang)


@dataclass(frozen=True, slots=True)
class _Shown:
    """One page of a list: the tiles on it, and how many the list has. `category` is the slug of the one whose list it is."""

    address: str
    category: str
    tiles: tuple[Tile, ...]
    total: int
    number: int
    previous: str
    following: str


def _lists(settled: Settled, lang: str, languages: Sequence[str], lists: Lists, site: Site, per_page: int) -> list[Derived]:
    """The overview with its next pages, and the pages of the categories with theirs."""
    name, default = settled.ledger.section, site.default_language
    chips = tuple(
        CategoryContext(href(category_address(name, lang, default, one.slug)), one.title, one.slug, len(one.tiles)) for one in lists.categories
    )
    section = _Section(name, lang, tuple(languages), settled.ledger.intros().get(lang), chips)
    shown = _paged(section_address(name, lang, default), lang, "", lists.tiles, per_page)
    for category in lists.categories:
        shown += _paged(category_address(name, lang, default, category.slug), lang, category.slug, category.tiles, per_page)
    return [Derived(object_key(page.address), _list, (section, page)) for page in shown]


def _paged(address: str, lang: str, category: str, tiles: Sequence[Tile], per_page: int) -> list[_Shown]:
    pages = pages_of(tiles, per_page)
    addresses = ["", *(next_page_address(address, number, lang) for number in range(1, len(pages) + 1)), ""]
    return [
        _Shown(addresses[number], category, tuple(map(as_listed, shown)), len(tiles), number, addresses[number - 1], addresses[number + 1])
        for number, shown in enumerate(pages, start=1)
    ]


def _list(key: str, section: _Section, page: _Shown, *, site: Site, theme: Theme) -> Artifact:
    return html_artifact(key, render(theme, "section.html", site, section.lang, page.address, _section_context(section, page, site)))


def _manifest(key: str, section: str, lang: str, tiles: Sequence[Tile], *, site: Site, theme: Theme) -> Artifact:  # noqa: ARG001 - all writers take both
    return json_artifact(key, manifest(section, lang, tiles))


def _for_machines(settled: Settled, lang: str, languages: Sequence[str], lists: Lists, site: Site) -> list[Derived]:
    """Feeds and sitemap: what names whole addresses."""
    section, start = settled.ledger.section, section_address(settled.ledger.section, lang, site.default_language)
    places = _places(settled, lang, languages, lists, site)
    if not section:
        return [Derived(start.lstrip("/") + PAGES_NAME, write_sitemap, (places,))]
    intro = settled.ledger.intros().get(lang)
    title, name = intro.title if intro else site.section_title(section, lang), site.title.in_language(lang)
    feed = Feed(
        title=f"{title} – {name}" if name and name != title else title,
        description=description_of(intro) or site.description.in_language(lang),
        lang=lang,
        url=href(start),
        author=name or title,
        base_url=site.base_url,
        entries=entries(settled.holders, lang),
    )
    feeds = [Derived(start.lstrip("/") + name, _feed, (feed,)) for name in FEED_NAMES]
    return [*feeds, Derived(start.lstrip("/") + "sitemap.xml", write_sitemap, (places,))]


def _feed(key: str, feed: Feed, *, site: Site, theme: Theme) -> Artifact:  # noqa: ARG001 - all writers take both
    return feed_artifact(key, feed)


def _places(settled: Settled, lang: str, languages: Sequence[str], lists: Lists, site: Site) -> tuple[Place, ...]:
    """Where a language of a section can be read: its overview, its categories, its pages; each with its translations."""
    section, default = settled.ledger.section, site.default_language
    translations: dict[str, tuple[tuple[str, str], ...]] = {}
    for record in settled.ledger.groups.values():
        if len(record.pages) > 1:
            held = [page.tile for page in record.pages if settled.holders.holds(page)]
            others = tuple((tile.lang, tile.address) for tile in held if tile.lang in site.languages)
            translations |= dict.fromkeys((tile.address for tile in held), others)
    pages = [
        Place(tile.address, tile.lastmod or tile.date, translations.get(tile.address, ()))
        for tile in sorted(lists.tiles, key=lambda tile: tile.address)
    ]
    if not section:
        return tuple(pages)
    overview = Place(
        section_address(section, lang, default),
        newest_change(lists.tiles),
        tuple((other, section_address(section, other, default)) for other in languages),
    )
    categories = [Place(category_address(section, lang, default, found.slug), newest_change(found.tiles)) for found in lists.categories]
    return (overview, *categories, *pages)


def _section_context(section: _Section, page: _Shown, site: Site) -> SectionContext:
    lang, intro = section.lang, section.intro
    overview = section_address(section.name, lang, site.default_language)
    chips = tuple(replace(chip, current=chip.slug == page.category) for chip in section.categories)
    chosen = next((chip for chip in chips if chip.current), None)
    opening = intro if page.address == overview else None
    title = chosen.title if chosen else section.title(site)
    return SectionContext(
        url=href(page.address),
        title=title,
        subtitle=opening.subtitle if opening else "",
        description=description_of(opening),
        header_image=image(opening.img_header, opening.img_alt, opening.picture, opening.focus) if opening else None,
        body=Markup(opening.body if opening else ""),
        section=LinkContext(href(overview), section.title(site)),
        manifest=href(overview + "tiles.json"),
        feeds=tuple(FeedContext(href(overview + name), FEED_TYPES[name]) for name in FEED_NAMES) if site.base_url else (),
        count=page.total,
        categories=chips,
        category=chosen,
        number=page.number,
        previous=href(page.previous),
        next=href(page.following),
        tiles=tuple(tile_context(tile) for tile in page.tiles if tile.type != "archive" and tile.tile != "none"),
        further=tuple(tile_context(tile) for tile in page.tiles if tile.type != "archive" and tile.tile == "none"),
        finished=tuple(tile_context(tile) for tile in page.tiles if tile.type == "archive"),
        languages=language_contexts(section.languages, lang, section.name, site) if page.address == overview else (),
        json_ld=_list_linked(section, page, title, site),
    )


def _list_linked(section: _Section, page: _Shown, title: str, site: Site) -> Markup:
    overview, home = section_address(section.name, section.lang, site.default_language), language_root(section.lang, site.default_language)
    values = {"name": title, "description": description_of(section.intro) if page.address == overview else ""}
    steps = [(site.title.in_language(section.lang) or "/", href(home)), (section.title(site), href(overview))]
    steps += [(title, href(page.address))] if page.address != overview else []
    node = linked_data.node(site, "CollectionPage", href(page.address), section.lang, values)
    return linked_data.graph(site, section.lang, node, linked_data.trail(site, steps))


def _redirect(key: str, target: str, *, site: Site, theme: Theme) -> Artifact:
    lang = next((lang for lang in site.languages if target.startswith(f"/{lang}/")), site.default_language)
    context = RedirectContext(url=href(target), title=theme.text(lang)["moved"], description="", languages=())
    return redirect_artifact(key, render(theme, "redirect.html", site, lang, target, context), href(target))
