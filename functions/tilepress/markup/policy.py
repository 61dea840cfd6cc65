"""Any HTML → HTML that can do no harm: what the policy does not name goes, its text stays. The one caller of the sanitiser.

The sanitiser cannot be interrupted while it works, and what a browser's parser makes of some kilobytes may be gigabytes: open
formatting elements come again in every paragraph, and each element looks at all those around it. So HTML is weighed first.

A tree that was parsed from HTML and written down again may be read as another tree (links in links, by way of a table), and a
character reference may describe a control character. So HTML is cleaned until cleaning changes nothing: what goes out is what
the sanitiser would let pass as it is.
"""

import re
from typing import Any

import nh3

from tilepress.errors import TooComplex
from tilepress.nodes import CONTROL

NESTING_MAX = 256
"""How deep elements may stand in one another. A browser's parser gives up at 512."""
REPEATED_MAX = 50_000
"""How many formatting elements may have to be opened again, since they were still open when a new block began."""
ATTRIBUTES_MAX = 200
"""How many attributes an element may have."""

PASSES_MAX = 5
"""How often HTML is cleaned. Real pages are as they stay after the first time, and the second shows it."""

SCHEMES = frozenset({"http", "https", "mailto", "tel"})
_TAGS = frozenset(
    """
    a abbr address article aside audio b bdi bdo big blockquote br caption center cite code col colgroup dd del details dfn div dl dt em
    figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i iframe img ins kbd li main mark nav ol p picture pre q s samp section
    small source span strike strong sub summary sup table tbody td tfoot th thead time tr track tt u ul var video wbr
    """.split()
)
_ALIGNED = {"align"}
_ATTRIBUTES = {
    "*": {"class", "id", "lang", "dir", "title"},
    "a": {"href", "name"},
    "audio": {"src", "controls", "preload", "loop"},
    "blockquote": {"cite"},
    "col": {"span", "width"},
    "colgroup": {"span"},
    "del": {"cite", "datetime"},
    "details": {"open"},
    "div": _ALIGNED,
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), _ALIGNED),
    "iframe": {"src"},
    "img": {"src", "alt", "width", "height", "align"},
    "ins": {"cite", "datetime"},
    "li": {"value"},
    "ol": {"start", "reversed", "type"},
    "p": _ALIGNED,
    "q": {"cite"},
    "source": {"src", "type", "media"},
    "table": {"width", "align"},
    "td": {"colspan", "rowspan", "headers", "style", "align", "valign", "width"},
    "th": {"colspan", "rowspan", "headers", "scope", "abbr", "style", "align", "valign", "width"},
    "time": {"datetime"},
    "tr": {"align", "valign"},
    "track": {"src", "kind", "srclang", "label", "default"},
    "video": {"src", "controls", "preload", "poster", "width", "height", "loop", "muted", "playsinline"},
}

_POLICY: dict[str, Any] = {
    "tags": set(_TAGS),
    "attributes": _ATTRIBUTES,
    "url_schemes": set(SCHEMES),
    "link_rel": None,
    "filter_style_properties": {"text-align"},
}

_ATTRIBUTE = r"""[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+)?+"""
_EACH_ATTRIBUTE = re.compile(_ATTRIBUTE)
_TAG_START = re.compile(r"<(/?)([a-zA-Z][^\s/>]*+)")
_TAG_REST = re.compile(rf"(?:[\s/]++|{_ATTRIBUTE})*+>")
_FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())
# Elements that hold nothing, or that end by themselves where the next of their kind begins.
_SHALLOW = frozenset(
    """
    area base br col embed hr img input link meta param source track wbr
    p li dt dd tr td th thead tbody tfoot caption colgroup option optgroup rp rt
    """.split()
)
_UNFINISHED_MAX = 50


def clean(html: str) -> str:
    """The HTML, sanitised, in the sanitiser's regular form: every attribute in quotation marks. Raises TooComplex."""
    weigh(html)
    for _ in range(PASSES_MAX):
        cleaned = CONTROL.sub("", nh3.clean(html, **_POLICY))
        if cleaned == html:
            return cleaned
        html = cleaned
    raise TooComplex


def weigh(html: str) -> None:
    """Raises TooComplex for HTML that would take the sanitiser, or a browser, too long."""
    open_tags: dict[str, int] = {}
    depth = formatting = repeated = unfinished = at = 0
    while found := _TAG_START.search(html, at):
        at = found.end()
        ends, name = bool(found.group(1)), found.group(2).lower()
        rest = _TAG_REST.match(html, at)
        if rest is None:
            unfinished += 1
        else:
            at = rest.end()
        if name in _SHALLOW:
            repeated += formatting
        elif not ends:
            open_tags[name] = open_tags.get(name, 0) + 1
            depth += 1
            repeated += formatting
            formatting += name in _FORMATTING
        elif open_tags.get(name):
            open_tags[name] -= 1
            depth -= 1
            formatting -= name in _FORMATTING
        if depth > NESTING_MAX or repeated > REPEATED_MAX or unfinished > _UNFINISHED_MAX or _has_too_many_attributes(rest):
            raise TooComplex


def _has_too_many_attributes(rest: re.Match[str] | None) -> bool:
    if rest is None or len(rest.group()) <= ATTRIBUTES_MAX:
        return False
    return sum(1 for _ in _EACH_ATTRIBUTE.finditer(rest.group()[:-1])) > ATTRIBUTES_MAX
