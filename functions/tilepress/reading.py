"""A page's HTML → what its author wrote there: the text of its body, where its links lead, and the places that others may link to.

What an author wrote stands in the elements with the attributes `data-body` and `data-text`; all else is the theme's.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

_TAG = re.compile(r"""<(?:!--.*?--|(/?)([a-zA-Z][^\s/>]*)((?:[^>"']|"[^"]*"|'[^']*')*))>""", re.DOTALL)
_OWN = re.compile(r"\sdata-(body|text)(?=[\s=/]|$)")
_VALUE = re.compile(r"""=\s*(?:"[^"]*"|'[^']*')""")
_HREF = re.compile(r"""\shref=(?:"([^"]*)"|'([^']*)')""")
_ID = re.compile(r"""<[a-zA-Z][^<>]*?\sid=["']?([^"'\s<>]+)""")
_NAME = re.compile(r"""<a\b[^<>]*?\sname=["']?([^"'\s<>]+)""")
_ELSEWHERE = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)
_WITHIN_WORDS = frozenset("a abbr b bdi bdo cite code del dfn em i ins kbd mark q s samp small span strong sub sup time u var wbr".split())
"""Elements that may begin and end in the middle of a word."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a page. `links` are those into the site, as they stand there; `anchors` are ids, and names of anchors. Images say nothing."""

    text: str = ""
    links: tuple[str, ...] = ()
    anchors: tuple[str, ...] = ()


def read_page(page: str) -> Reading:
    """What an author wrote on a page."""
    text: list[str] = []
    links: dict[str, None] = {}
    for kind, before, tag in _own_tags(page):
        found = (tag[2] or "").lower()
        if found == "a" and not tag[1] and (href := _HREF.search(tag[3])):
            links[html.unescape(href[1] or href[2] or "").strip()] = None
        if kind == "body":
            text += [before, "" if found in _WITHIN_WORDS else " "]
    return Reading(
        " ".join(html.unescape("".join(text)).split()),
        tuple(link for link in links if link and not _ELSEWHERE.match(link)),
        tuple(dict.fromkeys(html.unescape(found) for found in (*_ID.findall(page), *_NAME.findall(page)))),
    )


def links_of(text: str) -> tuple[str, ...]:
    """The links into the site of a piece of HTML that stands on no page of its own."""
    return read_page(f"<div data-text>{text}</div>").links if "<a" in text else ()


def _own_tags(page: str) -> Iterator[tuple[str, str, re.Match[str]]]:
    """The tags within an author's elements: `body` or `text`, the text before each, and the tag.

    Depth is counted by elements of the outermost one's name: others may be left open.
    """
    at = 0
    while start := _start(page, at):
        kind = _own(start)
        name, depth, at = start[2].lower(), 1, start.end()
        for tag in _TAG.finditer(page, at):
            yield kind[1] if kind else "", page[at : tag.start()], tag
            at = tag.end()
            if (tag[2] or "").lower() == name:
                depth += -1 if tag[1] else 1
            if not depth:
                break
        else:
            return


def _start(page: str, at: int) -> re.Match[str] | None:
    """The next tag that opens an element of an author's."""
    if page.find("data-body", at) < 0 and page.find("data-text", at) < 0:
        return None
    return next((tag for tag in _TAG.finditer(page, at) if tag[2] and not tag[1] and _own(tag)), None)


def _own(tag: re.Match[str]) -> re.Match[str] | None:
    """The attribute of an author's element, if a tag has it; what stands in another's value is none."""
    return _OWN.search(_VALUE.sub("=", tag[3])) if "data-" in tag[3] else None
