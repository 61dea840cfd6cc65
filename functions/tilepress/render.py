"""Pages, ledgers and the root ledger → artifacts. Pure: equal values and equal templates give equal bytes.

Three levels, each rendered from its own values alone, so that a change costs what depends on it and no more: a page from
its page group; what a section derives from its ledger (overviews, manifests, redirects); what the root derives from the
root ledger (home pages, root manifests, 404 pages).
"""

from collections.abc import Iterable, Mapping, Sequence

from markupsafe import Markup

from tilepress import markup
from tilepress.addresses import href, language_root, object_key, section_address
from tilepress.artifacts import Artifact, html_artifact, json_artifact, redirect_artifact
from tilepress.contexts import (
    ContactContext,
    ContactPersonContext,
    HomeContext,
    HomeSectionContext,
    ImageContext,
    LanguageContext,
    LinkContext,
    NotFoundContext,
    OtherLanguageContext,
    PageContext,
    PersonContext,
    RedirectContext,
    SectionContext,
    SiteContext,
    TileContext,
)
from tilepress.ledger import Intro, Settled, Tile
from tilepress.manifest import VERSION, in_order, manifest
from tilepress.pages import Page
from tilepress.root import Root, Summary
from tilepress.site import MenuLink, Site
from tilepress.theme import Theme

DESCRIPTION_CHARS_MAX = 200
SECTION_NAMES = ("index.html", "tiles.json")
ROOT_NAMES = ("index.html", "tiles.json", "404.html")


def page_artifact(page: Page, translations: Sequence[Page], site: Site, theme: Theme) -> Artifact:
    """A page as HTML. `translations` are the pages of its group that can be seen, itself among them."""
    template = f"{page.layout}.html" if theme.has_layout(page.layout) else _usual_template(page)
    context = _page_context(page, translations, site)
    return html_artifact(object_key(page.address), _render(theme, template, site, page.lang, page.address, context))


def _usual_template(page: Page) -> str:
    return "project.html" if page.section else "page.html"


def overview_addresses(root: Root, site: Site) -> set[str]:
    """The addresses of the overviews of all sections, in every language: no page and no alias can have them."""
    sections = (section for section in root.sections if section not in {"", *site.languages})
    return {section_address(section, lang, site.default_language) for section in sections for lang in site.languages}


def section_keys(section: str, site: Site) -> set[str]:
    """Every key that a section may derive from its ledger, besides redirects. A folder called like a language is no section."""
    return _below_roots(section, site.languages, SECTION_NAMES, site) if section not in {"", *site.languages} else set()


def section_derived_keys(settled: Settled, site: Site) -> set[str]:
    """The keys that a section does derive, besides redirects."""
    section = settled.ledger.section
    return _below_roots(section, _section_languages(settled, site), SECTION_NAMES, site) if section else set()


def section_artifacts(settled: Settled, site: Site, theme: Theme) -> list[Artifact]:
    """What a section derives from its ledger: for each of its languages overview and manifest, and the redirects."""
    found = [_redirect(address, target, site, theme) for address, target in sorted(settled.redirects.items())]
    section, intros = settled.ledger.section, settled.ledger.intros()
    languages = _section_languages(settled, site) if section else ()
    for lang in languages:
        tiles = in_order(page.tile for page in settled.holders.pages.values() if page.tile.lang == lang)
        address = section_address(section, lang, site.default_language)
        context = _section_context(section, lang, languages, intros.get(lang), tiles, site)
        found.append(html_artifact(object_key(address), _render(theme, "section.html", site, lang, address, context)))
        found.append(json_artifact(address.lstrip("/") + "tiles.json", manifest(section, lang, tiles)))
    return found


def _section_languages(settled: Settled, site: Site) -> list[str]:
    """The languages in which a section has anything to show."""
    shown = {*settled.ledger.intros(), *(page.tile.lang for page in settled.holders.pages.values())}
    return [lang for lang in site.languages if lang in shown]


def root_keys(site: Site) -> set[str]:
    """Every key that may be derived from the root ledger."""
    return _below_roots("", site.languages, ROOT_NAMES, site)


def root_derived_keys(root: Root, site: Site) -> set[str]:
    """The keys that are derived from the root ledger."""
    return _below_roots("", _root_languages(root, site), ROOT_NAMES, site)


def root_artifacts(root: Root, site: Site, theme: Theme) -> list[Artifact]:
    """What the root derives: for each language that has anything to show home page, root manifest and 404 page."""
    languages = _root_languages(root, site)
    found = []
    for lang in languages:
        start = language_root(lang, site.default_language)
        sections = {section: by_lang[lang] for section, by_lang in root.sections.items() if section and lang in by_lang}
        home = _home_context(root, lang, languages, sections, site)
        found.append(html_artifact(object_key(start), _render(theme, "home.html", site, lang, start, home)))
        found.append(json_artifact(start.lstrip("/") + "tiles.json", _root_manifest(lang, sections, site)))
        lost = _not_found_context(lang, languages, site, theme)
        found.append(html_artifact(start.lstrip("/") + "404.html", _render(theme, "404.html", site, lang, "", lost)))
    return found


def _root_languages(root: Root, site: Site) -> list[str]:
    """The languages in which the site has anything to show; the default language in any case."""
    shown = {site.default_language, *(lang for found in root.sections.values() for lang in found)}
    return [lang for lang in site.languages if lang in shown]


def _below_roots(section: str, languages: Iterable[str], names: Iterable[str], site: Site) -> set[str]:
    roots = [section_address(section, lang, site.default_language).lstrip("/") for lang in languages]
    return {root + name for root in roots for name in names}


def _render(theme: Theme, template: str, site: Site, lang: str, address: str, page: object) -> str:
    return theme.render(template, site=_site_context(site, lang, address, theme), page=page, text=theme.text(lang))


def _site_context(site: Site, lang: str, address: str, theme: Theme) -> SiteContext:
    home = language_root(lang, site.default_language)
    return SiteContext(
        title=site.title.in_language(lang),
        description=site.description.in_language(lang),
        base_url=site.base_url,
        lang=lang,
        home=href(home),
        logo=href(_below(site.image_path, site.logo)),
        menu=tuple(_menu_link(link, home, lang, address) for link in site.menu),
        footer=tuple(_menu_link(link, home, lang, address) for link in site.footer),
        assets=theme.asset_urls,
    )


def _menu_link(link: MenuLink, home: str, lang: str, address: str) -> LinkContext:
    if not link.url.startswith("/"):
        return LinkContext(link.url, link.title.in_language(lang))
    target = home + link.url.lstrip("/")
    return LinkContext(href(target), link.title.in_language(lang), current=target != home and address.startswith(target))


def _page_context(page: Page, translations: Sequence[Page], site: Site) -> PageContext:
    section_url = href(section_address(page.section, page.lang, site.default_language))
    return PageContext(
        url=href(page.address),
        title=page.title,
        subtitle=page.subtitle,
        description=page.description or page.summary or page.subtitle or markup.text_of(page.body, DESCRIPTION_CHARS_MAX),
        section=LinkContext(section_url, site.section_title(page.section, page.lang)) if page.section else None,
        type=page.type,
        date=page.date,
        lastmod=page.lastmod,
        image=_image(page.img, page.img_alt),
        header_image=_image(page.img_header, page.img_alt if not page.img else ""),
        image_license=page.img_license,
        categories=page.categories,
        tags=page.tags,
        years=page.years,
        people=tuple(PersonContext(person.name, person.role) for person in page.people),
        partners=page.partners,
        financing=page.financing,
        website=LinkContext(page.website, page.website.partition("://")[2].removeprefix("www.").strip("/")) if page.website else None,
        contacts=tuple(ContactContext(contact.kind, contact.label, contact.url) for contact in page.contacts),
        contact_person=_contact_person(page, site),
        cta=page.cta,
        cta_text=Markup(page.cta_text),
        more_text=Markup(page.more_text),
        body=Markup(page.body),
        languages=tuple(
            LanguageContext(other.lang, href(other.address), current=other.lang == page.lang)
            for other in sorted(translations, key=lambda other: site.languages.index(other.lang))
        ),
        params=page.params,
    )


def _contact_person(page: Page, site: Site) -> ContactPersonContext | None:
    member = site.team.get(page.contact_person)
    if member is None:
        return None
    image = _image(_below(site.image_path, member.img), member.name)
    return ContactPersonContext(member.name, member.positions.in_language(page.lang), member.mail, image)


def _section_context(section: str, lang: str, languages: Sequence[str], intro: Intro | None, tiles: Sequence[Tile], site: Site) -> SectionContext:
    address = section_address(section, lang, site.default_language)
    finished = [tile for tile in tiles if tile.type == "archive"]
    current = [tile for tile in tiles if tile.type != "archive"]
    return SectionContext(
        url=href(address),
        title=intro.title if intro else site.section_title(section, lang),
        subtitle=intro.subtitle if intro else "",
        description=_description(intro),
        header_image=_image(intro.img_header, intro.img_alt) if intro else None,
        body=Markup(intro.body if intro else ""),
        manifest=href(address + "tiles.json"),
        tiles=tuple(_tile(tile) for tile in current if tile.tile != "none"),
        further=tuple(_tile(tile) for tile in current if tile.tile == "none"),
        finished=tuple(_tile(tile) for tile in finished),
        languages=_languages(languages, lang, section, site),
    )


def _home_context(root: Root, lang: str, languages: Sequence[str], summaries: Mapping[str, Summary], site: Site) -> HomeContext:
    own = root.sections.get("", {}).get(lang)
    intro = own.intro if own else None
    return HomeContext(
        url=href(language_root(lang, site.default_language)),
        title=intro.title if intro else site.title.in_language(lang),
        subtitle=intro.subtitle if intro else "",
        description=_description(intro) or site.description.in_language(lang),
        header_image=_image(intro.img_header, intro.img_alt) if intro else None,
        body=Markup(intro.body if intro else ""),
        sections=tuple(
            HomeSectionContext(
                url=href(section_address(section, lang, site.default_language)),
                title=summary.intro.title if summary.intro else site.section_title(section, lang),
                count=summary.count,
                tiles=tuple(_tile(tile) for tile in summary.tiles),
            )
            for section, summary in sorted(summaries.items(), key=lambda item: _menu_rank(item[0], site))
        ),
        languages=_languages(languages, lang, "", site),
    )


def _not_found_context(lang: str, languages: Sequence[str], site: Site, theme: Theme) -> NotFoundContext:
    shown = _languages(languages, lang, "", site)
    return NotFoundContext(
        url=href(language_root(lang, site.default_language)),
        title=theme.text(lang)["not_found"],
        description="",
        languages=shown,
        others=tuple(
            OtherLanguageContext(lang=other.lang, url=other.url, title=text["not_found"], home=text["not_found_home"])
            for other in shown
            if not other.current and (text := theme.text(other.lang))
        ),
    )


def _root_manifest(lang: str, summaries: Mapping[str, Summary], site: Site) -> dict[str, object]:
    sections = []
    for section in sorted(summaries, key=lambda section: _menu_rank(section, site)):
        address, summary = section_address(section, lang, site.default_language), summaries[section]
        title = summary.intro.title if summary.intro else site.section_title(section, lang)
        sections.append({"section": section, "title": title, "url": href(address), "pages": summary.count, "manifest": href(address + "tiles.json")})
    return {"version": VERSION, "lang": lang, "sections": sections}


def _menu_rank(section: str, site: Site) -> tuple[int, str]:
    """Sections in the order of the menu, then by name."""
    urls = [link.url.strip("/") for link in site.menu]
    return (urls.index(section) if section in urls else len(urls), section)


def _redirect(address: str, target: str, site: Site, theme: Theme) -> Artifact:
    lang = next((lang for lang in site.languages if target.startswith(f"/{lang}/")), site.default_language)
    context = RedirectContext(url=href(target), title=theme.text(lang)["moved"], description="", languages=())
    return redirect_artifact(object_key(address), _render(theme, "redirect.html", site, lang, target, context), href(target))


def _tile(tile: Tile) -> TileContext:
    return TileContext(
        url=href(tile.address),
        title=tile.title,
        subtitle=tile.subtitle,
        size=tile.tile,
        type=tile.type,
        image=_image(tile.img, tile.img_alt),
        categories=tile.categories,
    )


def _languages(languages: Iterable[str], current: str, section: str, site: Site) -> tuple[LanguageContext, ...]:
    return tuple(LanguageContext(lang, href(section_address(section, lang, site.default_language)), current=lang == current) for lang in languages)


def _description(intro: Intro | None) -> str:
    return (intro.description or intro.subtitle or markup.text_of(intro.body, DESCRIPTION_CHARS_MAX)) if intro else ""


def _image(path: str, alt: str = "") -> ImageContext | None:
    return ImageContext(href(path), alt) if path else None


def _below(folder: str, path: str) -> str:
    return path if not path or path.startswith("/") else folder + path
