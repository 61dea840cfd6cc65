"""Pages → what search engines read of them: JSON-LD by schema.org. Pure.

It stands in a `<script type="application/ld+json">`, which no browser runs: `<`, `>` and `&` are escaped, so that nothing in it
can end that element. Empty without the site's `base_url`, since all addresses in it have to be complete.
"""

from collections.abc import Mapping, Sequence

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from tilepress.addresses import href, language_root
from tilepress.site import Site

Json = dict[str, object]


def graph(site: Site, lang: str, *nodes: Json) -> Markup:
    """These things, and the organisation and the web site that they belong to."""
    if not site.base_url:
        return Markup()
    things = [_organization(site, lang), _web_site(site, lang), *nodes]
    return htmlsafe_json_dumps({"@context": "https://schema.org", "@graph": things}, ensure_ascii=False)


def _organization(site: Site, lang: str) -> Json:
    logo = site.image_address(site.logo)
    return _lean(
        {
            "@type": "Organization",
            "@id": f"{site.base_url}/#organization",
            "name": site.title.in_language(lang),
            "url": f"{site.base_url}/",
            "logo": site.base_url + href(logo) if logo else "",
        }
    )


def _web_site(site: Site, lang: str) -> Json:
    return _lean(
        {
            "@type": "WebSite",
            "@id": f"{site.base_url}/#website",
            "name": site.title.in_language(lang),
            "description": site.description.in_language(lang),
            "url": site.base_url + href(language_root(lang, site.default_language)),
            "publisher": {"@id": f"{site.base_url}/#organization"},
            "inLanguage": lang,
        }
    )


def node(site: Site, kind: str, url: str, lang: str, values: Mapping[str, object]) -> Json:
    """A page of this kind (`WebPage`, `CreativeWork`, `CollectionPage`) at an address that is quoted."""
    return _lean(
        {
            "@type": kind,
            "@id": site.base_url + url,
            "url": site.base_url + url,
            "inLanguage": lang,
            "isPartOf": {"@id": f"{site.base_url}/#website"},
            "publisher": {"@id": f"{site.base_url}/#organization"},
            **values,
        }
    )


def trail(site: Site, steps: Sequence[tuple[str, str]]) -> Json:
    """The way from the home page to a page: titles and quoted addresses."""
    items = [
        {"@type": "ListItem", "position": number, "name": title, "item": site.base_url + url} for number, (title, url) in enumerate(steps, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def _lean(values: Mapping[str, object]) -> Json:
    return {name: value for name, value in values.items() if value not in ("", None, [], ())}
