"""What exists, for search engines: a sitemap for each section and language, an index over them, robots.txt, security.txt. Pure.

The times in them are those that authors give (`lastmod`, else `date`); what has none shows none.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from tilepress.addresses import href
from tilepress.artifacts import Artifact, content_type

_SITEMAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_LINKED = f'{_SITEMAP} xmlns:xhtml="http://www.w3.org/1999/xhtml"'


@dataclass(frozen=True, slots=True)
class Place:
    """An address, the time of its last change, and the same in other languages (itself among them; of one alone nothing is said)."""

    address: str
    lastmod: str = ""
    translations: tuple[tuple[str, str], ...] = ()


def sitemap(key: str, places: Iterable[Place], base_url: str, default_language: str) -> Artifact:
    """The sitemap of these places."""
    return _xml(key, f"urlset {_LINKED}", "".join(_url(place, base_url, default_language) for place in places))


def _url(place: Place, base_url: str, default_language: str) -> str:
    links = [(lang, address) for lang, address in place.translations] if len(place.translations) > 1 else []
    links += [("x-default", address) for lang, address in links if lang == default_language]
    alternates = "".join(
        f'<xhtml:link rel="alternate" hreflang={quoteattr(lang)} href={quoteattr(base_url + href(address))}/>' for lang, address in links
    )
    return f"<url><loc>{escape(base_url + href(place.address))}</loc>{_lastmod(place.lastmod)}{alternates}</url>\n"


def sitemap_index(key: str, sitemaps: Sequence[tuple[str, str]], base_url: str) -> Artifact:
    """The index over sitemaps: the address of each, and the time of its newest page."""
    found = "".join(f"<sitemap><loc>{escape(base_url + href(address))}</loc>{_lastmod(lastmod)}</sitemap>\n" for address, lastmod in sitemaps)
    return _xml(key, f"sitemapindex {_SITEMAP}", found)


def _xml(key: str, root: str, content: str) -> Artifact:
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root}>\n{content}</{root.split(maxsplit=1)[0]}>\n'
    return Artifact(key, text.encode(), content_type(key))


def _lastmod(lastmod: str) -> str:
    return f"<lastmod>{escape(lastmod)}</lastmod>" if lastmod else ""


def robots(base_url: str) -> Artifact:
    """robots.txt: everything may be read, and where the sitemap is."""
    where = f"\nSitemap: {base_url}/sitemap.xml\n" if base_url else ""
    return Artifact("robots.txt", f"User-agent: *\nAllow: /\n{where}".encode(), content_type("robots.txt"))


def security(fields: Mapping[str, str]) -> Artifact:
    """security.txt (RFC 9116): whom to tell of a hole. `fields` are its lines, as site.yaml gives them."""
    text = "".join(f"{name.title()}: {value}\n" for name, value in fields.items())
    return Artifact(".well-known/security.txt", text.encode(), content_type("security.txt"))
