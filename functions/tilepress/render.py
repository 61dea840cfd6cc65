"""A page, and everything that stands around it → HTML. Pure: equal values and equal templates give equal bytes.

A page is rendered from its own page group, the settings and the templates. What is derived from ledgers is in `tilepress.derive`.
"""

from collections.abc import Iterable, Sequence
from types import MappingProxyType

from markupsafe import Markup

from tilepress import linked_data, markup
from tilepress.addresses import category_address, category_slug, href, language_root, object_key, search_address, section_address
from tilepress.artifacts import Artifact, html_artifact
from tilepress.contexts import (
    ContactContext,
    ContactPersonContext,
    ImageContext,
    LanguageContext,
    LinkContext,
    PageContext,
    PersonContext,
    SiteContext,
    SourceContext,
)
from tilepress.dates import in_words
from tilepress.illustrations import Pictures, picture_of
from tilepress.look import frame_colour
from tilepress.pages import Page
from tilepress.pictures import FORMATS, Picture, is_developed
from tilepress.site import MenuLink, Site
from tilepress.theme import Theme

DESCRIPTION_CHARS_MAX = 200
NO_PICTURES: Pictures = MappingProxyType({})


def page_artifact(page: Page, translations: Sequence[Page], site: Site, theme: Theme, pictures: Pictures = NO_PICTURES) -> Artifact:
    """A page as HTML. `translations` are the pages of its group that can be seen, itself among them."""
    template = f"{page.layout}.html" if theme.has_layout(page.layout) else _usual_template(page)
    context = _page_context(page, translations, site, theme, pictures)
    return html_artifact(object_key(page.address), render(theme, template, site, page.lang, page.address, context))


def _usual_template(page: Page) -> str:
    return "project.html" if page.section else "page.html"


def category_links(names: Iterable[str], section: str, lang: str, site: Site) -> tuple[LinkContext, ...]:
    """Categories with the addresses of their pages; without one where none can be made of a name, or the page is in no section."""
    slugs = ((name, category_slug(name) if section else "") for name in names)
    return tuple(LinkContext(href(category_address(section, lang, site.default_language, slug)) if slug else "", name) for name, slug in slugs)


def render(theme: Theme, template: str, site: Site, lang: str, address: str, page: object) -> str:
    """A template with its context."""
    return theme.render(template, site=_site_context(site, lang, address, theme), page=page, text=theme.text(lang))


def _site_context(site: Site, lang: str, address: str, theme: Theme) -> SiteContext:
    home = language_root(lang, site.default_language)
    return SiteContext(
        title=site.title.in_language(lang),
        description=site.description.in_language(lang),
        base_url=site.base_url,
        lang=lang,
        home=href(home),
        logo=href(site.image_address(site.logo)),
        menu=tuple(_menu_link(link, home, lang, address) for link in site.menu),
        footer=tuple(_menu_link(link, home, lang, address) for link in site.footer),
        assets=theme.asset_urls,
        preview=preview_of(site.image_address(site.preview)),
        frame_colour=frame_colour(site.look),
        search=href(search_address(lang, site.default_language)) if site.search else "",
    )


def _menu_link(link: MenuLink, home: str, lang: str, address: str) -> LinkContext:
    if not link.url.startswith("/"):
        return LinkContext(link.url, link.title.in_language(lang))
    path = link.url.partition("#")[0].partition("?")[0]
    target, rest = home + path.lstrip("/"), link.url[len(path) :]  # a query, and a place in the page
    return LinkContext(href(target) + rest, link.title.in_language(lang), current=target != home and address.startswith(target))


def _page_context(page: Page, translations: Sequence[Page], site: Site, theme: Theme, pictures: Pictures) -> PageContext:
    top, header = picture_of(page.img, pictures), picture_of(page.img_header, pictures)
    section_url = href(section_address(page.section, page.lang, site.default_language))
    return PageContext(
        url=href(page.address),
        title=page.title,
        subtitle=page.subtitle,
        description=description_of(page),
        section=LinkContext(section_url, site.section_title(page.section, page.lang)) if page.section else None,
        type=page.type,
        date=page.date,
        date_text=in_words(page.date, theme.text(page.lang)),
        lastmod=page.lastmod,
        lastmod_text=in_words(page.lastmod, theme.text(page.lang)),
        image=image(page.img, page.img_alt, top, page.focus),
        header_image=image(page.img_header, page.img_alt if not page.img else "", header, page.focus),
        image_license=page.img_license,
        categories=category_links(page.categories, page.section, page.lang, site),
        tags=page.tags,
        years=page.years,
        people=tuple(PersonContext(person.name, person.role) for person in page.people),
        partners=page.partners,
        financing=page.financing,
        website=LinkContext(page.website, page.website.partition("://")[2].removeprefix("www.").strip("/")) if page.website else None,
        contacts=tuple(ContactContext(contact.kind, contact.label, contact.url) for contact in page.contacts),
        contact_person=_contact_person(page, site, pictures),
        cta=page.cta,
        cta_text=Markup(page.cta_text),
        more_text=Markup(page.more_text),
        body=Markup(page.body),
        languages=tuple(
            LanguageContext(other.lang, href(other.address), current=other.lang == page.lang)
            for other in sorted(translations, key=lambda other: site.languages.index(other.lang))
        ),
        json_ld=_linked(page, site, pictures),
        params=page.params,
    )


def description_of(page: Page) -> str:
    """A sentence or two on a page."""
    return page.description or page.summary or page.subtitle or markup.text_of(page.body, DESCRIPTION_CHARS_MAX)


def _linked(page: Page, site: Site, pictures: Pictures) -> Markup:
    url, home = href(page.address), href(language_root(page.lang, site.default_language))
    path = page.img_header or page.img
    picture = preview_of(path, picture_of(path, pictures))
    values = {
        "name": page.title,
        "headline": page.title,
        "description": description_of(page),
        "image": site.base_url + picture if picture else "",
        "datePublished": page.date,
        "dateModified": page.lastmod,
        "keywords": ", ".join((*page.categories, *page.tags)),
        "contributor": [{"@type": "Person", "name": person.name} for person in page.people],
        "sameAs": page.website,
    }
    node = linked_data.node(site, "CreativeWork" if page.section else "WebPage", url, page.lang, values)
    section = [(site.section_title(page.section, page.lang), href(section_address(page.section, page.lang, site.default_language)))]
    steps = [(site.title.in_language(page.lang) or home, home), *(section if page.section else ()), (page.title, url)]
    return linked_data.graph(site, page.lang, node, linked_data.trail(site, steps))


def _contact_person(page: Page, site: Site, pictures: Pictures) -> ContactPersonContext | None:
    member = site.team.get(page.contact_person)
    if member is None:
        return None
    path = site.image_address(member.img)
    picture = picture_of(path, pictures)
    portrait = image(path, "", picture) if picture else None
    return ContactPersonContext(member.name, member.positions.in_language(page.lang), member.mail, portrait)


def image(path: str, alt: str = "", picture: Picture | None = None, focus: str = "") -> ImageContext | None:
    """An image, if there is one. `picture` is what is known of it, `focus` what of it is to stay in view, such as `30% 70%`."""
    if not path:
        return None
    known = picture or Picture()
    width, height = known.source_size() if known.widths else (0, 0)
    return ImageContext(
        src=known.source() if known.widths else href(path),
        alt=alt,
        width=known.width,
        height=known.height,
        sources=tuple(SourceContext(f"image/{form}", known.srcset(form)) for form in FORMATS) if known.widths else (),
        preview=preview_of(path, picture),
        preview_width=width,
        preview_height=height,
        focus=" ".join(f"focus-{axis}-{share.rstrip('%')}" for axis, share in zip("xy", focus.split(), strict=False)),
    )


def preview_of(path: str, picture: Picture | None = None) -> str:
    """The address of an image for other sites to show: a photo, since hardly any of them shows drawings (SVG); "" where there is none."""
    if picture and picture.widths:
        return picture.source()
    return href(path) if path and is_developed(path) else ""
