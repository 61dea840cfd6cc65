"""The root ledger → what is derived from it: home pages, root manifests, 404 pages, the sitemap index, robots.txt. Pure."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from tilepress import linked_data
from tilepress.addresses import (
    href,
    language_root,
    object_key,
    search_address,
    search_index_key,
    section_address,
)
from tilepress.artifacts import Artifact, html_artifact, json_artifact
from tilepress.contexts import (
    HomeContext,
    HomeSectionContext,
    LanguageContext,
    LinkContext,
    NotFoundContext,
    OtherLanguageContext,
    SearchContext,
)
from tilepress.derive import PAGES_NAME, Derived, below_roots, description_of, language_contexts, tile_context, write_sitemap
from tilepress.manifest import VERSION
from tilepress.render import image, render
from tilepress.root import Root, Summary
from tilepress.site import Site
from tilepress.sitemaps import Place, robots, security, sitemap_index
from tilepress.theme import Theme

ROOT_LANGUAGE_NAMES = ("index.html", "tiles.json", "404.html")
ROOT_NAMES = ("sitemap.xml", "sitemap-home.xml", "robots.txt", ".well-known/security.txt")


def overview_addresses(root: Root, site: Site) -> set[str]:
    """The addresses of the overviews of all sections, and of search, in every language: no page and no alias can have them."""
    sections = (section for section in root.sections if section and site.overviews(section))
    return {section_address(section, lang, site.default_language) for section in sections for lang in site.languages} | search_addresses(site)


def search_addresses(site: Site) -> set[str]:
    """The addresses of the search pages."""
    return {search_address(lang, site.default_language) for lang in site.languages} if site.search else set()


def root_keys(site: Site) -> set[str]:
    """Every key that may be derived from the root ledger."""
    return below_roots("", site.languages, ROOT_LANGUAGE_NAMES, site) | set(ROOT_NAMES) | {object_key(address) for address in search_addresses(site)}


def root_derived_keys(root: Root, site: Site) -> set[str]:
    """The keys that are derived from the root ledger."""
    return set(root_derived(root, site))


def root_derived(root: Root, site: Site) -> dict[str, Derived]:
    """What the root derives, by key: for each language home page, manifest, search and 404 page; for all of them what robots read."""
    languages = _root_languages(root, site)
    found = [Derived("robots.txt", _robots, ())]
    if site.security:
        found.append(Derived(".well-known/security.txt", _security, ()))
    for lang in languages:
        start = language_root(lang, site.default_language)
        sections = {section: by_lang[lang] for section, by_lang in root.sections.items() if section and lang in by_lang and site.overviews(section)}
        found.append(Derived(object_key(start), _home, (lang, start, _home_context(root, lang, languages, sections, site))))
        found.append(Derived(start.lstrip("/") + "tiles.json", _root_manifest, (lang, _sections_of(lang, sections, site))))
        if site.search:
            address = search_address(lang, site.default_language)
            found.append(Derived(object_key(address), _search, (lang, address, tuple(languages), _overviews(lang, sections, site))))
        found.append(Derived(start.lstrip("/") + "404.html", _not_found, (lang, start, tuple(languages))))
    if site.base_url:
        homes = tuple((lang, language_root(lang, site.default_language)) for lang in languages)
        found.append(Derived("sitemap-home.xml", write_sitemap, (tuple(Place(address, "", homes) for _, address in homes),)))
        found.append(Derived("sitemap.xml", _sitemap_index, (_sitemaps(root, site),)))
    return {derived.key: derived for derived in found}


def _root_languages(root: Root, site: Site) -> list[str]:
    """The languages in which the site has anything to show; the default language in any case."""
    shown = {site.default_language, *(lang for found in root.sections.values() for lang in found)}
    return [lang for lang in site.languages if lang in shown]


def _sitemaps(root: Root, site: Site) -> tuple[tuple[str, str], ...]:
    """Every sitemap, with the time of the newest page in it."""
    found = [("/sitemap-home.xml", "")]
    for section in sorted(filter(site.overviews, root.sections)):
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
    shown = language_contexts(languages, lang, "", site)
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


def _search(key: str, lang: str, address: str, languages: Sequence[str], sections: tuple[LinkContext, ...], *, site: Site, theme: Theme) -> Artifact:
    found = SearchContext(
        url=href(address),
        title=theme.text(lang).get("search", "Search"),
        description="",
        index=href("/" + search_index_key(lang)),
        sections=sections,
        languages=tuple(LanguageContext(other, href(search_address(other, site.default_language)), current=other == lang) for other in languages),
        json_ld=Markup(),
    )
    return html_artifact(key, render(theme, "search.html", site, lang, address, found))


def _root_manifest(key: str, lang: str, sections: Sequence[Mapping[str, object]], *, site: Site, theme: Theme) -> Artifact:  # noqa: ARG001 - as above
    return json_artifact(key, {"version": VERSION, "lang": lang, "sections": list(sections)})


def _sections_of(lang: str, summaries: Mapping[str, Summary], site: Site) -> tuple[dict[str, object], ...]:
    found = []
    for section in sorted(summaries, key=lambda section: _menu_rank(section, site)):
        address, summary = section_address(section, lang, site.default_language), summaries[section]
        title = _title(section, summary, lang, site)
        found.append({"section": section, "title": title, "url": href(address), "pages": summary.count, "manifest": href(address + "tiles.json")})
    return tuple(found)


def _overviews(lang: str, summaries: Mapping[str, Summary], site: Site) -> tuple[LinkContext, ...]:
    """Links to the overviews of these sections, in the order of the menu."""
    return tuple(
        LinkContext(href(section_address(section, lang, site.default_language)), _title(section, summary, lang, site))
        for section, summary in sorted(summaries.items(), key=lambda found: _menu_rank(found[0], site))
    )


def _title(section: str, summary: Summary, lang: str, site: Site) -> str:
    return summary.intro.title if summary.intro else site.section_title(section, lang)


def _home_context(root: Root, lang: str, languages: Sequence[str], summaries: Mapping[str, Summary], site: Site) -> HomeContext:
    own = root.sections.get("", {}).get(lang)
    intro = own.intro if own else None
    url, title = href(language_root(lang, site.default_language)), intro.title if intro else site.title.in_language(lang)
    description = description_of(intro) or site.description.in_language(lang)
    return HomeContext(
        url=url,
        title=title,
        subtitle=intro.subtitle if intro else "",
        description=description,
        header_image=image(intro.img_header, intro.img_alt, intro.picture, intro.focus) if intro else None,
        body=Markup(intro.body if intro else ""),
        sections=tuple(
            HomeSectionContext(
                url=href(section_address(section, lang, site.default_language)),
                title=_title(section, summary, lang, site),
                count=summary.count,
                tiles=tuple(tile_context(tile) for tile in summary.tiles),
            )
            for section, summary in sorted(summaries.items(), key=lambda found: _menu_rank(found[0], site))
        ),
        languages=language_contexts(languages, lang, "", site),
        json_ld=linked_data.graph(site, lang, linked_data.node(site, "WebPage", url, lang, {"name": title, "description": description})),
    )


def _menu_rank(section: str, site: Site) -> tuple[int, str]:
    """Sections in the order of the menu, then by name."""
    urls = [link.url.strip("/") for link in site.menu]
    return (urls.index(section) if section in urls else len(urls), section)
