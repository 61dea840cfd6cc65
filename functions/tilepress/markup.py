"""Authors' Markdown → sanitised HTML. The one place where a Markdown engine or the sanitiser is called.

Author text is never a template. Raw HTML is allowed and goes through the sanitiser with everything else. Where an embed
(`<iframe>`) comes from a host that the settings allow, it stays; from any other host it becomes a link, so that nothing
that the author wrote is lost.

Python-Markdown may recurse deeply and take quadratic time: callers bound it with a deadline.
"""

import html
import re
from functools import cache
from urllib.parse import urlsplit

import nh3
from markdown import Markdown

from tilepress.pages import Html

_EXTENSIONS = ("tables", "footnotes", "attr_list", "def_list", "fenced_code", "sane_lists", "md_in_html")
_ANY = {"class", "id", "lang", "dir", "title"}
_TAGS = frozenset(
    """
    a abbr address article aside audio b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt em
    figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i iframe img ins kbd li main mark nav ol p picture pre q s samp section
    small source span strong sub summary sup table tbody td tfoot th thead time tr track u ul var video wbr
    """.split()
)
_ATTRIBUTES = {
    "*": _ANY,
    "a": {"href", "name"},
    "audio": {"src", "controls", "preload", "loop"},
    "blockquote": {"cite"},
    "col": {"span"},
    "colgroup": {"span"},
    "del": {"cite", "datetime"},
    "details": {"open"},
    "iframe": {"src"},
    "img": {"src", "alt", "width", "height"},
    "ins": {"cite", "datetime"},
    "li": {"value"},
    "ol": {"start", "reversed", "type"},
    "q": {"cite"},
    "source": {"src", "type", "media"},
    "td": {"colspan", "rowspan", "headers", "style"},
    "th": {"colspan", "rowspan", "headers", "scope", "abbr", "style"},
    "time": {"datetime"},
    "track": {"src", "kind", "srclang", "label", "default"},
    "video": {"src", "controls", "preload", "poster", "width", "height", "loop", "muted", "playsinline"},
}
_SCHEMES = {"http", "https", "mailto", "tel"}
# What the sanitiser writes for an <iframe> is regular: attributes in quotation marks, nothing inside.
_IFRAME = re.compile(r"<iframe((?: [a-z]+=\"[^\"]*\")*)></iframe>")
_ATTRIBUTE = re.compile(r" ([a-z]+)=\"([^\"]*)\"")
_PARAGRAPH = re.compile(r"<p>((?:(?!</?p>).)*)</p>", re.DOTALL)


def to_html(text: str, embed_hosts: tuple[str, ...] = ()) -> Html:
    """A page's Markdown as sanitised HTML. Raises RecursionError on absurdly deep nesting."""
    try:
        converted = _engine().reset().convert(text)
    except BaseException:
        # An engine that was interrupted remembers which lists it was in, and would get every later text wrong.
        _engine.cache_clear()
        raise
    return sanitize(converted, embed_hosts)


def inline(text: str) -> Html:
    """A short text, of Markdown and HTML, as sanitised HTML; a single paragraph loses its <p>."""
    rendered = to_html(text.strip())
    single = _PARAGRAPH.fullmatch(rendered.strip())
    return Html(single.group(1)) if single else rendered


def sanitize(text: str, embed_hosts: tuple[str, ...] = ()) -> Html:
    """Any HTML as HTML that can do no harm: what our policy does not name goes, its text stays."""
    clean = nh3.clean(
        text,
        tags=set(_TAGS),
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel=None,
        filter_style_properties={"text-align"},
    )
    return Html(_IFRAME.sub(lambda found: _embed(found.group(1), embed_hosts), clean))


def text_of(markup: str, chars_max: int) -> str:
    """The beginning of what a reader reads of some HTML, cut between words."""
    text = html.unescape(nh3.clean(markup[: 20 * chars_max], tags=set(), clean_content_tags={"script", "style", "iframe"}))
    text = " ".join(text.split())
    if len(text) <= chars_max:
        return text
    return text[:chars_max].rpartition(" ")[0].rstrip(" ,;:–-") + " …"


def _embed(attributes: str, hosts: tuple[str, ...]) -> str:
    """An embed of an allowed host as it may stand; otherwise a link to it."""
    found = {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(attributes)}
    src = found.get("src", "")
    src = f"https:{src}" if src.startswith("//") else src
    try:
        scheme, host = urlsplit(src)[:2]
    except ValueError:
        return ""
    if scheme not in {"http", "https"} or not host:
        return ""
    title, address = html.escape(found.get("title") or host), html.escape(src)
    if scheme == "https" and host.lower() in hosts:
        frame = (
            f'<iframe src="{address}" title="{title}" loading="lazy" allowfullscreen sandbox="allow-scripts allow-same-origin allow-popups"></iframe>'
        )
        return f'<span class="embed" data-embed>{frame}</span>'
    return f'<a class="embed-link" data-embed href="{address}">{title}</a>'


@cache
def _engine() -> Markdown:
    """The engine, built once: that costs more than converting a page."""
    return Markdown(extensions=list(_EXTENSIONS), output_format="html")
