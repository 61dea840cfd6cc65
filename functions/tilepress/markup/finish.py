"""Sanitised HTML → what stands on the page: the steps that both engines share, each from tokens to tokens.

Embeds wait for a click, links to other hosts say so, tables keep their alignment without a style and can be scrolled by keyboard,
headings have anchors, code has colours, `[TOC]` is the list of headings, `- [ ]` a box.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from tilepress.markup.cmark import completed
from tilepress.markup.highlight import highlighted
from tilepress.markup.rules import Rules
from tilepress.markup.tokens import HEADINGS, Tag, Token, element, end_of, is_start, read, words, write

RESERVED_IDS = frozenset({"main"})
"""Ids that the theme has given away."""

TITLES_MAX = 2_000
"""When so many headings have been listed, `[TOC]` is but text: hundreds of lists of hundreds of headings would be a page of megabytes."""

_EXTERNAL = "external noopener"
_ALIGNMENT = re.compile(r"text-align:\s*(left|center|right)")
_TASK = re.compile(r"\s*\[([ xX])\] +")


def finished(html: str, rules: Rules, *, anchors: bool) -> str:
    """Sanitised HTML as it stands on a page. Short texts get no anchors: they would be those of the page's text again."""
    tokens = list(read(html))
    if rules.engine == "commonmark":
        tokens = completed(tokens)
    tokens = _embeds(tokens, rules.embed_hosts)
    _mark_links(tokens, rules.host)
    _align_cells(tokens)
    tokens = _tasks(tokens)
    if anchors:
        _anchor_headings(tokens)
        tokens = _contents(tokens)
    return write(highlighted(tokens))


def _embeds(tokens: list[Token], hosts: tuple[str, ...]) -> list[Token]:
    """Every frame as a link: to be clicked to load where its host is allowed, else to be followed."""
    found: list[Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if isinstance(token, Tag) and token.name == "iframe" and not token.ends:
            found += _embed(token, hosts)
            at = end_of(tokens, at)
        else:
            found.append(token)
        at += 1
    return found


def _embed(frame: Tag, hosts: tuple[str, ...]) -> list[Token]:
    src = frame.attributes.get("src", "")
    src = f"https:{src}" if src.startswith("//") else src
    try:
        scheme, place = urlsplit(src)[:2]
    except ValueError:
        return []
    if scheme not in {"http", "https"} or not place:
        return []
    title = frame.attributes.get("title") or place
    if scheme != "https" or place.lower() not in hosts:
        return element("a", title, {"class": "embed-link", "data-embed": "", "href": src})
    outer = Tag("span", {"class": "embed", "data-embed": ""})
    host = element("span", place.lower(), {"class": "embed-host"})
    return [outer, *element("a", title, {"href": src}), *(host if title != place else ()), Tag("span", ends=True)]


def _mark_links(tokens: list[Token], host: str) -> None:
    """Links to other hosts say that they lead elsewhere; those of footnotes, what they are for."""
    for at, token in enumerate(tokens):
        if not isinstance(token, Tag) or token.ends:
            continue
        if token.name == "a" and _is_elsewhere(token.attributes.get("href", ""), host):
            token.attributes["rel"] = _EXTERNAL
        if token.name == "a" and end_of(tokens[at : at + 2], 0) == 1:
            token.attributes["tabindex"] = "-1"  # a link without a text is no place to stop at
        for name, role in (("footnote-ref", "doc-noteref"), ("footnote-backref", "doc-backlink"), ("footnotes", "doc-endnotes")):
            if name in token.classes:
                token.attributes["role"] = role


def _is_elsewhere(href: str, host: str) -> bool:
    try:
        scheme, place = urlsplit(href)[:2]
    except ValueError:
        return True
    return scheme.lower() in {"", "http", "https"} and bool(place) and place.lower() != host


def _align_cells(tokens: list[Token]) -> None:
    """Alignment as a class: a content security policy without exceptions switches styles off. Tables can be scrolled."""
    for token in tokens:
        if not isinstance(token, Tag) or token.ends:
            continue
        if token.name == "table":
            token.attributes["tabindex"] = "0"
        elif token.name in {"td", "th"}:
            said = _ALIGNMENT.search(token.attributes.pop("style", ""))
            align = said.group(1) if said else token.attributes.pop("align", "").lower()
            token.attributes.pop("align", None)
            if align in {"left", "center", "right"}:
                token.add("class", f"align-{align}")


def _tasks(tokens: list[Token]) -> list[Token]:
    """`[ ]` and `[x]` at the beginning of a list's member are boxes, empty or ticked."""
    found: list[Token] = []
    for at, token in enumerate(tokens):
        task = _TASK.match(token) if isinstance(token, str) and _begins_member(tokens, at) else None
        if task and isinstance(token, str):
            ticked = {} if task.group(1) == " " else {"checked": ""}
            found += [Tag("input", ticked | {"disabled": "", "type": "checkbox"}), " " + token[task.end() :]]
        else:
            found.append(token)
    return found


def _begins_member(tokens: list[Token], at: int) -> bool:
    for before in reversed(tokens[max(0, at - 3) : at]):
        if isinstance(before, Tag) and before.name == "li":
            return not before.ends
        if (isinstance(before, Tag) and (before.name != "p" or before.ends)) or (isinstance(before, str) and before.strip()):
            return False
    return False


def _anchor_headings(tokens: list[Token]) -> None:
    """Each heading gets an id made of its words, as GitHub and Hugo make it; one that its author gave stays."""
    used = set(RESERVED_IDS) | {token.attributes["id"] for token in tokens if isinstance(token, Tag) and "id" in token.attributes}
    numbers: dict[str, int] = {}
    for at, token in enumerate(tokens):
        if isinstance(token, Tag) and token.name in HEADINGS and not token.ends and not token.attributes.get("id"):
            name = _anchor(words(tokens[at : end_of(tokens, at)]))
            free = name
            while free in used:
                numbers[name] = numbers.get(name, 0) + 1
                free = f"{name}-{numbers[name]}"
            used.add(free)
            token.attributes["id"] = free


def _anchor(text: str) -> str:
    kept = (char.lower() if char.isalnum() or char == "_" else "-" if char in "- " else "" for char in text.strip())
    return "".join(kept) or "heading"


def _contents(tokens: list[Token]) -> list[Token]:
    """A paragraph that says `[TOC]` becomes the list of the headings."""
    found: list[Token] = []
    titles: list[tuple[int, str, str]] = []
    left, at = TITLES_MAX, 0
    while at < len(tokens):
        if left >= 0 and is_start(tokens[at], "p") and tokens[at + 1 : at + 2] == ["[TOC]"] and _is_end(tokens[at + 2 : at + 3], "p"):
            titles = titles or list(_titles(tokens))
            found += _list_of(titles)
            left -= len(titles)
            at += 3
        else:
            found.append(tokens[at])
            at += 1
    return found


def _titles(tokens: list[Token]) -> Iterator[tuple[int, str, str]]:
    for at, token in enumerate(tokens):
        if isinstance(token, Tag) and token.name in HEADINGS and not token.ends:
            yield int(token.name[1]), token.attributes["id"], " ".join(words(tokens[at : end_of(tokens, at)]).split())


def _list_of(titles: list[tuple[int, str, str]]) -> list[Token]:
    """Titles as nested lists. A title stands below the last one of a higher rank."""
    found: list[Token] = [Tag("nav", {"class": "toc"})]
    levels: list[int] = []
    for level, name, title in titles:
        while levels and level < levels[-1] and (len(levels) > 1 and level <= levels[-2]):
            levels.pop()
            found += [Tag("li", ends=True), Tag("ul", ends=True)]
        if levels and level <= levels[-1]:
            found.append(Tag("li", ends=True))
            levels[-1] = min(levels[-1], level)
        else:
            levels.append(level)
            found.append(Tag("ul"))
        found += [Tag("li"), *element("a", title, {"href": f"#{name}"})]
    found += [Tag("li", ends=True), Tag("ul", ends=True)] * len(levels)
    return [*found, Tag("nav", ends=True)]


def _is_end(tokens: list[Token], name: str) -> bool:
    return bool(tokens) and isinstance(tokens[0], Tag) and tokens[0].name == name and tokens[0].ends
