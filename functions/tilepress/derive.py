"""Ledgers → what is derived from them. Pure.

Of a section: overviews, category pages, manifests, feeds, sitemaps, redirects. Of the root: home pages, root manifests, 404
pages, sitemap index, robots.txt. Each is first a `Derived`: a key, and the values that it is written from. So a run sees what
a change of a ledger changes by comparing values, and writes only that. Some keys are fixed for a section (`section_keys`);
where the rest stands follows from its tiles (`tilepress.lists`), and an address that is not needed any more is retired in the
ledger.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from tilepress import linked_data, markup
from tilepress.addresses import (
    category_address,
    category_slug,
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
    HomeContext,
    HomeSectionContext,
    LanguageContext,
    LinkContext,
    NotFoundContext,
    OtherLanguageContext,
    RedirectContext,
    SectionContext,
    TileContext,
)
from tilepress.feeds import FEED_NAMES, Feed, entries, feed_artifact
from tilepress.ledger import Intro, Settled, Tile
from tilepress.lists import Category, categories, pages_of, tiles_of
from tilepress.manifest import VERSION, in_order, manifest
from tilepress.render import DESCRIPTION_CHARS_MAX, image, render
from tilepress.root import Root, Summary, newest_change
from tilepress.site import Site
from tilepress.sitemaps import Place, robots, security, sitemap, sitemap_index
from tilepress.theme import Theme

SECTION_NAMES = ("index.html", "tiles.json", *FEED_NAMES, "sitemap.xml")
PAGES_NAME = "sitemap-pages.xml"
ROOT_LANGUAGE_NAMES = ("index.html", "tiles.json", "404.html")
ROOT_NAMES = ("sitemap.xml", "sitemap-home.xml", "robots.txt", ".well-known/security.txt")
FEED_TYPES = {"index.xml": "application/rss+xml", "atom.xml": "application/atom+xml", "feed.json": "application/feed+json"}

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


def overview_addresses(root: Root, site: Site) -> set[str]:
    """The addresses of the overviews of all sections, in every language: no page and no alias can have them."""
    sections = (section for section in root.sections if section not in {"", *site.languages})
    return {section_address(section, lang, site.default_language) for section in sections for lang in site.languages}


# A section


def section_keys(section: str, site: Site) -> set[str]:
    """Every key that a section may derive whatever its tiles are, besides redirects. A folder called like a language is no section."""
    if section in site.languages:
        return set()
    return _below_roots(section, site.languages, SECTION_NAMES if section else (PAGES_NAME,), site)


def former_keys(settled: Settled, site: Site) -> set[str]:
    """The keys where lists of a section stood that it does not have any more, as far as its ledger remembers."""
    return {object_key(address) for address in settled.ledger.retired if is_derived(address, site.languages)}


def section_derived(settled: Settled, site: Site) -> dict[str, Derived]:
    """What a section derives from its ledger, by key: for each of its languages lists, manifest, feeds, sitemap; and the redirects."""
    found = [Derived(object_key(address), _redirect, (target,)) for address, target in sorted(settled.redirects.items())]
    languages = _section_languages(settled, site)
    for lang in languages:
        tiles = tiles_of(settled.holders, lang)
        if settled.ledger.section:
            found += _lists(settled, lang, languages, tiles, site)
            address = section_address(settled.ledger.section, lang, site.default_language)
            found.append(Derived(address.lstrip("/") + "tiles.json", _manifest, (settled.ledger.section, lang, tuple(in_order(tiles)))))
        if site.base_url:
            found += _for_machines(settled, lang, languages, tiles, site)
    return {derived.key: derived for derived in found}


def section_derived_keys(settled: Settled, site: Site) -> set[str]:
    """The keys that a section does derive, besides redirects."""
    return {key for key, derived in section_derived(settled, site).items() if derived.write is not _redirect}


def _section_languages(settled: Settled, site: Site) -> list[str]:
    """The languages in which a section has anything to show."""
    if settled.ledger.section in site.languages:
        return []
    intros = settled.ledger.intros() if settled.ledger.section else ()
    shown = {*intros, *(page.tile.lang for page in settled.holders.pages.values())}
    return [lang for lang in site.languages if lang in shown]


def _below_roots(section: str, languages: Iterable[str], names: Iterable[str], site: Site) -> set[str]:
    roots = [section_address(section, lang, site.default_language).lstrip("/") for lang in languages]
    return {root + name for root in roots for name in names}


@dataclass(frozen=True, slots=True)
class _Section:
    """What all lists of a section in one language share."""

    name: str
    lang: str
    languages: Sequence[str]
    intro: Intro | None
    categories: Sequence[Category]

    def title(self, site: Site) -> str:
        return self.intro.title if self.intro else site.section_title(self.name, self.lang)


@dataclass(frozen=True, slots=True)
class _Shown:
    """One page of a list: the tiles on it, and how many the list has."""

    address: str
    tiles: Sequence[Tile]
    total: int
    number: int
    previous: str
    following: str


def _lists(settled: Settled, lang: str, languages: Sequence[str], tiles: Sequence[Tile], site: Site) -> list[Derived]:
    """The overview with its next pages, and the pages of the categories with theirs."""
    name = settled.ledger.section
    section = _Section(name, lang, languages, settled.ledger.intros().get(lang), categories(tiles))
    shown: list[tuple[_Shown, Category | None]] = [(page, None) for page in _paged(section_address(name, lang, site.default_language), lang, tiles)]
    for category in section.categories:
        address = category_address(name, lang, site.default_language, category.slug)
        shown += [(page, category) for page in _paged(address, lang, category.tiles)]
    return [
        Derived(object_key(page.address), _list, (lang, page.address, _section_context(section, page, category, site))) for page, category in shown
    ]


def _paged(address: str, lang: str, tiles: Sequence[Tile]) -> list[_Shown]:
    pages = pages_of(tiles)
    addresses = ["", *(next_page_address(address, number, lang) for number in range(1, len(pages) + 1)), ""]
    return [
        _Shown(addresses[number], shown, len(tiles), number, addresses[number - 1], addresses[number + 1])
        for number, shown in enumerate(pages, start=1)
    ]


def _list(key: str, lang: str, address: str, context: SectionContext, *, site: Site, theme: Theme) -> Artifact:
    return html_artifact(key, render(theme, "section.html", site, lang, address, context))


def _manifest(key: str, section: str, lang: str, tiles: Sequence[Tile], *, site: Site, theme: Theme) -> Artifact:  # noqa: ARG001 - all writers take both
    return json_artifact(key, manifest(section, lang, tiles))


def _for_machines(settled: Settled, lang: str, languages: Sequence[str], tiles: Sequence[Tile], site: Site) -> list[Derived]:
    """Feeds and sitemap: what names whole addresses."""
    section, start = settled.ledger.section, section_address(settled.ledger.section, lang, site.default_language)
    places = _places(settled, lang, languages, tiles, site)
    if not section:
        return [Derived(start.lstrip("/") + PAGES_NAME, _sitemap, (places,))]
    intro = settled.ledger.intros().get(lang)
    title, name = intro.title if intro else site.section_title(section, lang), site.title.in_language(lang)
    feed = Feed(
        title=f"{title} – {name}" if name and name != title else title,
        description=_description(intro) or site.description.in_language(lang),
        lang=lang,
        url=href(start),
        author=name or title,
        base_url=site.base_url,
        entries=entries(settled.holders, lang),
    )
    feeds = [Derived(start.lstrip("/") + name, _feed, (feed,)) for name in FEED_NAMES]
    return [*feeds, Derived(start.lstrip("/") + "sitemap.xml", _sitemap, (places,))]


def _feed(key: str, feed: Feed, *, site: Site, theme: Theme) -> Artifact:  # noqa: ARG001 - all writers take both
    return feed_artifact(key, feed)


def _sitemap(key: str, places: Sequence[Place], *, site: Site, theme: Theme) -> Artifact:  # noqa: ARG001 - all writers take both
    return sitemap(key, places, site.base_url, site.default_language)


def _places(settled: Settled, lang: str, languages: Sequence[str], tiles: Sequence[Tile], site: Site) -> tuple[Place, ...]:
    """Where a language of a section can be read: its overview, its categories, its pages; each with its translations."""
    section, default = settled.ledger.section, site.default_language
    groups = {
        page.tile.address: [other.tile for other in record.pages if settled.holders.holds(other)]
        for record in settled.ledger.groups.values()
        for page in record.pages
    }
    pages = [
        Place(tile.address, _changed(tile), tuple((other.lang, other.address) for other in groups[tile.address] if other.lang in site.languages))
        for tile in sorted(tiles, key=lambda tile: tile.address)
    ]
    if not section:
        return tuple(pages)
    overview = Place(
        section_address(section, lang, default),
        newest_change(tiles),
        tuple((other, section_address(section, other, default)) for other in languages),
    )
    lists = [Place(category_address(section, lang, default, found.slug), newest_change(found.tiles)) for found in categories(tiles)]
    return (overview, *lists, *pages)


def _changed(tile: Tile) -> str:
    return newest_change([tile])


def _section_context(section: _Section, page: _Shown, category: Category | None, site: Site) -> SectionContext:
    lang, intro = section.lang, section.intro
    overview = section_address(section.name, lang, site.default_language)
    chips = tuple(_category(one, section, category, site) for one in section.categories)
    opening = intro if page.address == overview else None
    return SectionContext(
        url=href(page.address),
        title=category.title if category else section.title(site),
        subtitle=opening.subtitle if opening else "",
        description=_description(opening),
        header_image=image(opening.img_header, opening.img_alt) if opening else None,
        body=Markup(opening.body if opening else ""),
        section=LinkContext(href(overview), section.title(site)),
        manifest=href(overview + "tiles.json"),
        feeds=tuple(FeedContext(href(overview + name), FEED_TYPES[name]) for name in FEED_NAMES) if site.base_url else (),
        count=page.total,
        categories=chips,
        category=next((chip for chip in chips if chip.current), None),
        number=page.number,
        previous=href(page.previous),
        next=href(page.following),
        tiles=tuple(_tile(tile) for tile in page.tiles if tile.type != "archive" and tile.tile != "none"),
        further=tuple(_tile(tile) for tile in page.tiles if tile.type != "archive" and tile.tile == "none"),
        finished=tuple(_tile(tile) for tile in page.tiles if tile.type == "archive"),
        languages=_languages(section.languages, lang, section.name, site) if page.address == overview else (),
        json_ld=_list_linked(section, page, category, site),
    )


def _list_linked(section: _Section, page: _Shown, category: Category | None, site: Site) -> Markup:
    overview, home = section_address(section.name, section.lang, site.default_language), language_root(section.lang, site.default_language)
    name = category.title if category else section.title(site)
    values = {"name": name, "description": _description(section.intro) if page.address == overview else ""}
    steps = [(site.title.in_language(section.lang) or "/", href(home)), (section.title(site), href(overview))]
    steps += [(name, href(page.address))] if page.address != overview else []
    node = linked_data.node(site, "CollectionPage", href(page.address), section.lang, values)
    return linked_data.graph(site, section.lang, node, linked_data.trail(site, steps))


def _category(category: Category, section: _Section, chosen: Category | None, site: Site) -> CategoryContext:
    url = href(category_address(section.name, section.lang, site.default_language, category.slug))
    current = chosen is not None and chosen.slug == category.slug
    return CategoryContext(url, category.title, category.slug, len(category.tiles), current=current)


def _redirect(key: str, target: str, *, site: Site, theme: Theme) -> Artifact:
    lang = next((lang for lang in site.languages if target.startswith(f"/{lang}/")), site.default_language)
    context = RedirectContext(url=href(target), title=theme.text(lang)["moved"], description="", languages=())
    return redirect_artifact(key, render(theme, "redirect.html", site, lang, target, context), href(target))


# The root


def root_keys(site: Site) -> set[str]:
    """Every key that may be derived from the root ledger."""
    return _below_roots("", site.languages, ROOT_LANGUAGE_NAMES, site) | set(ROOT_NAMES)


def root_derived_keys(root: Root, site: Site) -> set[str]:
    """The keys that are derived from the root ledger."""
    return set(root_derived(root, site))


def root_derived(root: Root, site: Site) -> dict[str, Derived]:
    """What the root derives, by key: for each language home page, manifest and 404 page; for all of them what robots read."""
    languages = _root_languages(root, site)
    found = [Derived("robots.txt", _robots, ())]
    if site.security:
        found.append(Derived(".well-known/security.txt", _security, ()))
    for lang in languages:
        start = language_root(lang, site.default_language)
        sections = {section: by_lang[lang] for section, by_lang in root.sections.items() if section and lang in by_lang}
        found.append(Derived(object_key(start), _home, (lang, start, _home_context(root, lang, languages, sections, site))))
        found.append(Derived(start.lstrip("/") + "tiles.json", _root_manifest, (lang, _sections_of(lang, sections, site))))
        found.append(Derived(start.lstrip("/") + "404.html", _not_found, (lang, start, tuple(languages))))
    if site.base_url:
        homes = tuple((lang, language_root(lang, site.default_language)) for lang in languages)
        found.append(Derived("sitemap-home.xml", _sitemap, (tuple(Place(address, "", homes) for _, address in homes),)))
        found.append(Derived("sitemap.xml", _sitemap_index, (_sitemaps(root, site),)))
    return {derived.key: derived for derived in found}


def _root_languages(root: Root, site: Site) -> list[str]:
    """The languages in which the site has anything to show; the default language in any case."""
    shown = {site.default_language, *(lang for found in root.sections.values() for lang in found)}
    return [lang for lang in site.languages if lang in shown]


def _sitemaps(root: Root, site: Site) -> tuple[tuple[str, str], ...]:
    """Every sitemap, with the time of the newest page in it."""
    found = [("/sitemap-home.xml", "")]
    for section in sorted(root.sections.keys() - {*site.languages}):
        for lang in site.languages:
            summary = root.sections[section].get(lang)
            if summary and (section or summary.count):
                address = section_address(section, lang, site.default_language)
                found.append((address + ("sitemap.xml" if section else PAGES_NAME), summary.lastmod))
    return tuple(found)


def _sitemap_index(key: str, found: Sequence[tuple[str, str]], *, site: Site, theme: Theme) -> Artifact:  # noqa: ARG001 - all writers take both
    return sitemap_index(key, found, site.base_url)


def _robots(key: str, *, site: Site, theme: Theme) -> Artifact:  # noqa: ARG001 - all writers take these
    return robots(site.base_url)


def _security(key: str, *, site: Site, theme: Theme) -> Artifact:  # noqa: ARG001 - all writers take these
    return security(site.security)


def _home(key: str, lang: str, start: str, context: HomeContext, *, site: Site, theme: Theme) -> Artifact:
    return html_artifact(key, render(theme, "home.html", site, lang, start, context))


def _not_found(key: str, lang: str, start: str, languages: Sequence[str], *, site: Site, theme: Theme) -> Artifact:
    shown = _languages(languages, lang, "", site)
    found = NotFoundContext(
        url=href(start),
        title=theme.text(lang)["not_found"],
        description="",
        languages=shown,
        others=tuple(
            OtherLanguageContext(lang=other.lang, url=other.url, title=text["not_found"], home=text["not_found_home"])
            for other in shown
            if not other.current and (text := theme.text(other.lang))
        ),
    )
    return html_artifact(key, render(theme, "404.html", site, lang, "", found))


def _root_manifest(key: str, lang: str, sections: Sequence[Mapping[str, object]], *, site: Site, theme: Theme) -> Artifact:  # noqa: ARG001 - as above
    return json_artifact(key, {"version": VERSION, "lang": lang, "sections": list(sections)})


def _sections_of(lang: str, summaries: Mapping[str, Summary], site: Site) -> tuple[dict[str, object], ...]:
    found = []
    for section in sorted(summaries, key=lambda section: _menu_rank(section, site)):
        address, summary = section_address(section, lang, site.default_language), summaries[section]
        title = summary.intro.title if summary.intro else site.section_title(section, lang)
        found.append({"section": section, "title": title, "url": href(address), "pages": summary.count, "manifest": href(address + "tiles.json")})
    return tuple(found)


def _home_context(root: Root, lang: str, languages: Sequence[str], summaries: Mapping[str, Summary], site: Site) -> HomeContext:
    own = root.sections.get("", {}).get(lang)
    intro = own.intro if own else None
    url, title = href(language_root(lang, site.default_language)), intro.title if intro else site.title.in_language(lang)
    description = _description(intro) or site.description.in_language(lang)
    return HomeContext(
        url=url,
        title=title,
        subtitle=intro.subtitle if intro else "",
        description=description,
        header_image=image(intro.img_header, intro.img_alt) if intro else None,
        body=Markup(intro.body if intro else ""),
        sections=tuple(
            HomeSectionContext(
                url=href(section_address(section, lang, site.default_language)),
                title=summary.intro.title if summary.intro else site.section_title(section, lang),
                count=summary.count,
                tiles=tuple(_tile(tile) for tile in summary.tiles),
            )
            for section, summary in sorted(summaries.items(), key=lambda found: _menu_rank(found[0], site))
        ),
        languages=_languages(languages, lang, "", site),
        json_ld=linked_data.graph(site, lang, linked_data.node(site, "WebPage", url, lang, {"name": title, "description": description})),
    )


def _menu_rank(section: str, site: Site) -> tuple[int, str]:
    """Sections in the order of the menu, then by name."""
    urls = [link.url.strip("/") for link in site.menu]
    return (urls.index(section) if section in urls else len(urls), section)


def _tile(tile: Tile) -> TileContext:
    return TileContext(
        url=href(tile.address),
        title=tile.title,
        subtitle=tile.subtitle,
        size=tile.tile,
        type=tile.type,
        image=image(tile.img, tile.img_alt),
        categories=tile.categories,
        slugs=tuple(dict.fromkeys(slug for name in tile.categories if (slug := category_slug(name)))),
    )


def _languages(languages: Iterable[str], current: str, section: str, site: Site) -> tuple[LanguageContext, ...]:
    return tuple(LanguageContext(lang, href(section_address(section, lang, site.default_language)), current=lang == current) for lang in languages)


def _description(intro: Intro | None) -> str:
    return (intro.description or intro.subtitle or markup.text_of(intro.body, DESCRIPTION_CHARS_MAX)) if intro else ""
