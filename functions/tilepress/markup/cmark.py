"""What cmark-gfm writes → what Python-Markdown (with our extension) and Hugo write.

Footnotes by number instead of label, definition lists, attributes of headings; from tokens to tokens, after the sanitiser.
"""

import re
from html import unescape

from tilepress.markup.tokens import HEADINGS, Tag, Token, element, end_of, is_start, words

_HEADING_ATTRIBUTES = re.compile(r" +\{((?:\s*(?:#[\w:.-]+|\.[\w-]+))+)\s*\}\s*\Z")
_BACK = "\u21a9\ufe0e"


def completed(tokens: list[Token]) -> list[Token]:
    """The tokens with what the engine lacks."""
    return _attributes(_definitions(_footnotes(tokens)))


def _footnotes(tokens: list[Token]) -> list[Token]:
    """GitHub's footnotes in Hugo's form, which has numbers where GitHub's has labels."""
    numbers: dict[str, str] = {}
    marks: dict[str, int] = {}
    backs: dict[str, int] = {}
    found: list[Token] = []
    number, section_end, at = "", -1, 0
    while at < len(tokens):
        token = tokens[at]
        if is_start(token, "sup") and isinstance(token, Tag) and "footnote-ref" in token.classes and at + 1 < len(tokens):
            end = end_of(tokens, at)
            mark = words(tokens[at:end])
            link = tokens[at + 1]
            label = link.attributes.get("href", "") if isinstance(link, Tag) else ""
            numbers[label.removeprefix("#fn-")] = mark
            marks[mark] = marks.get(mark, 0) + 1
            found.append(Tag("sup", {"id": _mark_id(mark, marks[mark])}))
            found += [*element("a", mark, {"href": f"#fn:{mark}", "class": "footnote-ref"}), Tag("sup", ends=True)]
            at = end
        elif is_start(token, "section") and isinstance(token, Tag) and token.classes == ["footnotes"]:
            section_end = end_of(tokens, at)
            found += [Tag("div", {"class": "footnotes"}), "\n", Tag("hr")]
        elif at == section_end:
            found.append(Tag("div", ends=True))
        elif is_start(token, "li") and isinstance(token, Tag) and at < section_end and token.attributes.get("id", "").startswith("fn-"):
            number = numbers.get(token.attributes["id"].removeprefix("fn-"), "")
            found.append(Tag("li", {"id": f"fn:{number}"}))
        elif is_start(token, "a") and isinstance(token, Tag) and at < section_end and "footnote-backref" in token.classes:
            backs[number] = backs.get(number, 0) + 1
            if found and isinstance(found[-1], str) and found[-1].endswith(" "):
                found[-1] = found[-1][:-1] + "\u00a0"
            found += element("a", _BACK, {"href": f"#{_mark_id(number, backs[number])}", "class": "footnote-backref"})
            at = end_of(tokens, at)
        else:
            found.append(token)
        at += 1
    return found


def _mark_id(number: str, nth: int) -> str:
    return f"fnref:{number}" if nth == 1 else f"fnref{nth - 1}:{number}"


def _definitions(tokens: list[Token]) -> list[Token]:
    """A paragraph with lines that begin with a colon is a list of terms and what they mean."""
    found: list[Token] = []
    at = 0
    while at < len(tokens):
        end = end_of(tokens, at) if is_start(tokens[at], "p") else at
        lines = _lines(tokens[at + 1 : end]) if end > at else []
        if len(lines) > 1 and any(_defines(line) for line in lines[1:]) and not _defines(lines[0]):
            found += _definition_list(lines)
            at = end + 1
        else:
            found.append(tokens[at])
            at += 1
    return found


def _lines(tokens: list[Token]) -> list[list[Token]]:
    """The lines of a paragraph. A line end within an element ends none."""
    lines: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        if isinstance(token, Tag):
            depth += 0 if token.name in {"br", "img", "wbr"} else -1 if token.ends else 1
            lines[-1].append(token)
        elif depth:
            lines[-1].append(token)
        else:
            first, *others = token.split("\n")
            lines[-1].append(first)
            lines.extend([other] for other in others)
    return lines


def _defines(line: list[Token]) -> bool:
    return bool(line) and isinstance(line[0], str) and line[0].startswith(": ")


def _definition_list(lines: list[list[Token]]) -> list[Token]:
    found: list[Token] = [Tag("dl")]
    defining = False
    for line in lines:
        if _defines(line):
            found += [*((Tag("dd", ends=True),) if defining else ()), "\n", Tag("dd"), str(line[0])[2:].lstrip(), *line[1:]]
            defining = True
        elif defining:
            found += ["\n", *line]
        else:
            found += ["\n", Tag("dt"), *line, Tag("dt", ends=True)]
    return [*found, Tag("dd", ends=True), "\n", Tag("dl", ends=True)]


def _attributes(tokens: list[Token]) -> list[Token]:
    """`{#id .class}` at the end of a heading."""
    for at, token in enumerate(tokens):
        if not isinstance(token, Tag) or token.name not in HEADINGS or token.ends:
            continue
        last = end_of(tokens, at) - 1
        text = tokens[last]
        said = _HEADING_ATTRIBUTES.search(text) if isinstance(text, str) and last > at else None
        if said and isinstance(text, str):
            tokens[last] = text[: said.start()]
            for word in unescape(said.group(1)).replace("#", " #").replace(".", " .").split():
                if word.startswith("#"):
                    token.attributes["id"] = word[1:]
                else:
                    token.add("class", word[1:])
    return tokens
