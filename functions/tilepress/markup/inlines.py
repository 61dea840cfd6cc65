"""The text of a block → pieces: text, elements that open and close, raw HTML.

As CommonMark 0.31 and GitHub describe it (https://spec.commonmark.org/0.31.2/#phase-2-inline-structure,
https://github.github.com/gfm/). One pass over the text finds code, links, raw HTML and addresses; runs of `*`, `_` and `~`
are matched with one another when a link ends and at the end. Pieces come in a flat sequence that nests properly, so
nothing here is recursive.

Time is linear but for brackets that stand in one another, of which `BRACKETS_MAX` count.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from tilepress.markup.links import ENTITY, LinkTarget, References, address_of, character, label_at, tail_at, unescaped
from tilepress.markup.pieces import Close, Code, FootnoteMark, Open, Piece, Raw, Void
from tilepress.markup.raw_html import CLOSE_TAG, OPEN_TAG

BRACKETS_MAX = 500

_ADDRESS = r"(?:(?:https?|ftp)://|www\.)(?=[\w\[])[^\s<]*+"
_MAIL = r"[A-Za-z0-9.+_-]{1,64}+@[A-Za-z0-9_-]++(?:\.[A-Za-z0-9_-]++)++"
_BARE = rf"(?P<address>{_ADDRESS})|(?P<mail>{_MAIL})"
_BARE_HERE = re.compile(_BARE, re.IGNORECASE)
_SPECIAL = re.compile(rf"(?<![^\s*_~(])(?:{_BARE})|[\\`*_~\[\]!<&\n]", re.IGNORECASE)
_TICKS = re.compile(r"`+")
_TAG = re.compile(rf"{OPEN_TAG}|{CLOSE_TAG}")
_URI = re.compile(r"<([A-Za-z][A-Za-z0-9+.-]{1,31}:[^<>\x00-\x20]*+)>")
_POINTED_MAIL = re.compile(
    r"<([a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*+)>"
)
_ENTITY_NAME = re.compile(r"&[A-Za-z0-9]+;")
# Raw HTML besides tags: how it starts and what ends it.
_DECLARATIONS = (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"), ("<!", ">"))
_LEFT_IS_SPACE = frozenset(" \t\n\r\f\v\u00a0")


@dataclass(slots=True, eq=False)
class _Run:
    """A run of one of `*_~`: what is not used for emphasis stays as it is."""

    char: str
    length: int
    opens: bool
    closes: bool
    serial: int
    whole: int = 0
    endings: list[str] = field(default_factory=list)
    beginnings: list[str] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class _Bracket:
    """A `[` that may turn out to begin a link, or with `!` an image."""

    image: bool
    piece: int
    runs: int
    at: int
    plain: bool = True  # no bracket stands in it


_Found = Piece | _Run | _Bracket


def read(text: str, targets: References, footnotes: Mapping[str, object]) -> Iterator[Piece]:
    """The pieces of a text, given the links and footnotes that its document defines."""
    return _Reader(text, targets, footnotes).pieces()


class _Reader:
    def __init__(self, text: str, targets: References, footnotes: Mapping[str, object]) -> None:
        self.text = text
        self.targets = targets
        self.footnotes = footnotes
        self.found: list[_Found] = []
        self.runs: list[_Run] = []
        self.brackets: list[_Bracket] = []
        self.no_links_below = 0  # brackets that stand around a link begin none
        self.ticks: dict[int, list[int]] | None = None
        self.never: set[str] = set()  # ends of raw HTML that do not come any more

    def pieces(self) -> Iterator[Piece]:
        at = 0
        while found := self._next(at):
            if found.start() > at:
                self.found.append(self.text[at : found.start()])
            at = self._bare(found) if found.lastgroup else getattr(self, _HANDLERS[found.group()])(found.start())
        self.found.append(self.text[at:])
        self._match_runs(0)
        return _flat(self.found)

    def _next(self, at: int) -> re.Match[str] | None:
        """The next character that may mean something; or an address, at the beginning of a word or after an element."""
        after_element = bool(self.found) and not isinstance(self.found[-1], str | _Run | _Bracket)
        return (_BARE_HERE.match(self.text, at) if after_element else None) or _SPECIAL.search(self.text, at)

    def _backslash(self, at: int) -> int:
        following = self.text[at + 1 : at + 2]
        if following == "\n":
            self.found.append(Void("br"))
            return self._next_line(at + 1)
        escaped = following.isascii() and following.isprintable() and not following.isalnum() and following not in {"", " "}
        self.found.append(following if escaped else "\\")
        return at + 1 + escaped

    def _code(self, at: int) -> int:
        ticks = _TICKS.match(self.text, at)
        end = ticks.end() if ticks else at + 1
        if self.ticks is None:
            self.ticks = {}
            for run in _TICKS.finditer(self.text):
                self.ticks.setdefault(len(run.group()), []).append(run.start())
        places = self.ticks.get(end - at, [])
        following = bisect_left(places, end)
        if following == len(places):
            self.found.append(self.text[at:end])
            return end
        code = self.text[end : places[following]].replace("\n", " ")
        if code[:1] == code[-1:] == " " and code.strip(" "):
            code = code[1:-1]
        self.found.append(Code(code))
        return places[following] + end - at

    def _run(self, at: int) -> int:
        char, end = self.text[at], at
        while end < len(self.text) and self.text[end] == char:
            end += 1
        before, after = _nature(self.text[at - 1] if at else "\n"), _nature(self.text[end] if end < len(self.text) else "\n")
        left = after != "space" and (after != "punctuation" or before != "letter")
        right = before != "space" and (before != "punctuation" or after != "letter")
        if char == "_":
            left, right = left and (not right or before == "punctuation"), right and (not left or after == "punctuation")
        run = _Run(char, end - at, left, right, len(self.found), end - at)
        self.found.append(run)
        if char != "~" or run.length <= 2:  # noqa: PLR2004 - one or two strike through, three or more are text
            self.runs.append(run)
        return end

    def _bracket(self, at: int) -> int:
        image = self.text[at] == "!"
        if image and not self.text.startswith("[", at + 1):
            self.found.append("!")
            return at + 1
        end = at + 1 + image
        if len(self.brackets) >= BRACKETS_MAX:
            self.found.append(self.text[at:end])
            return end
        if self.brackets:
            self.brackets[-1].plain = False
        bracket = _Bracket(image, len(self.found), len(self.runs), end)
        self.found.append(bracket)
        self.brackets.append(bracket)
        return end

    def _close(self, at: int) -> int:
        if not self.brackets:
            self.found.append("]")
            return at + 1
        bracket = self.brackets.pop()
        below = self.no_links_below
        self.no_links_below = min(below, len(self.brackets))
        label = self.text[bracket.at : at] if bracket.plain and at - bracket.at < 1000 else ""  # noqa: PLR2004 - longer is no label
        if label.startswith("^") and label[1:].casefold() in self.footnotes and not self.text.startswith("(", at + 1):
            del self.found[bracket.piece :], self.runs[bracket.runs :]
            self.found.extend(["!", FootnoteMark(label[1:].casefold())] if bracket.image else [FootnoteMark(label[1:].casefold())])
            return at + 1
        followed = None if not bracket.image and len(self.brackets) < below else self._target(at + 1, label)
        if followed is None:
            self.found[bracket.piece] = "![" if bracket.image else "["
            if self.brackets:
                self.brackets[-1].plain = False
            self.found.append("]")
            return at + 1
        target, end = followed
        self._match_runs(bracket.runs)
        title = (("title", target.title),) if target.title else ()
        if bracket.image:
            alt = "".join(_words(self.found[bracket.piece + 1 :]))
            del self.found[bracket.piece :]
            self.found.append(Void("img", (("src", target.address), *title), alt))
        else:
            self.found[bracket.piece] = Open("a", (("href", target.address), *title))
            self.found.append(Close("a"))
            self.no_links_below = len(self.brackets)
        return end

    def _target(self, at: int, label: str) -> tuple[LinkTarget, int] | None:
        """Where a link leads whose text ends here, and where it ends."""
        if self.text.startswith("(", at) and (found := tail_at(self.text, at)):
            return found
        reference = label_at(self.text, at)
        if reference and reference[0].strip():
            target = self.targets.find(reference[0])
            return (target, reference[1]) if target else None
        target = self.targets.find(label) if label.strip() else None
        return (target, reference[1] if reference and not reference[0] else at) if target else None

    def _angle(self, at: int) -> int:
        if found := _URI.match(self.text, at):
            self._link(quote(found.group(1), safe="%/?:@!$&'()*+,;=~#[]-._"), found.group(1))
        elif found := _POINTED_MAIL.match(self.text, at):
            self._link(f"mailto:{found.group(1)}", found.group(1))
        elif found := _TAG.match(self.text, at):
            self.found.append(Raw(found.group()))
        else:
            end = self._declaration_end(at)
            self.found.append(Raw(self.text[at:end]) if end else "<")
            return end or at + 1
        return found.end()

    def _declaration_end(self, at: int) -> int:
        """Where a comment or the like that stands here ends; 0 for none."""
        for start, end in _DECLARATIONS:
            if self.text.startswith(start, at) and end not in self.never and (start != "<!" or self.text[at + 2 : at + 3].isalpha()):
                if start == "<!--" and self.text.startswith((">", "->"), at + 4):
                    return self.text.index(">", at) + 1
                ended = self.text.find(end, at + len(start))
                if ended >= 0:
                    return ended + len(end)
                self.never.add(end)
        return 0

    def _entity(self, at: int) -> int:
        found = ENTITY.match(self.text, at)
        self.found.append(character(found) if found else "&")
        return found.end() if found else at + 1

    def _newline(self, at: int) -> int:
        last = self.found[-1] if self.found else ""
        if isinstance(last, str):
            stripped = last.rstrip(" ")
            if len(last) - len(stripped) >= 2:  # noqa: PLR2004 - two blanks at the end of a line break it
                self.found[-1:] = [stripped, Void("br")]
            else:
                self.found[-1:] = [stripped]
        return self._next_line(at)

    def _next_line(self, at: int) -> int:
        self.found.append("\n")
        at += 1
        while at < len(self.text) and self.text[at] in " \t":
            at += 1
        return at

    def _bare(self, found: re.Match[str]) -> int:
        """An address that stands in the text as it is."""
        if self.brackets:
            # In what may be a link's text an address is text.
            self.found.append(found.group()[:1])
            return found.start() + 1
        mail = found.lastgroup == "mail"
        written = found.group().rstrip("._-") if mail else _without_punctuation(found.group())
        host = written.partition("@" if mail else "://")[2] or written
        name = re.split(r"[/?#:]", host, maxsplit=1)[0].rpartition("@")[2]
        if not _is_host(name):
            self.found.append(found.group()[:1])
            return found.start() + 1
        scheme = "mailto:" if mail else "https://" if written[:4].lower() == "www." else ""
        self._link(scheme + address_of(written), unescaped(written) if "&" in written else written)
        return found.start() + len(written)

    def _link(self, address: str, text: str) -> None:
        self.found += [Open("a", (("href", address),)), text, Close("a")]

    def _match_runs(self, bottom: int) -> None:
        """Make emphasis of the runs from there on, and forget them."""
        openers: list[_Run] = []
        floors: dict[tuple[str, bool, int], int] = {}
        for run in self.runs[bottom:]:
            while run.closes and run.length:
                key = (run.char, run.opens, run.length if run.char == "~" else run.whole % 3)
                at = len(openers) - 1
                floor = floors.get(key, -1)
                while at >= 0 and openers[at].serial > floor and not _matches(openers[at], run):
                    at -= 1
                if at < 0 or openers[at].serial <= floor:
                    floors[key] = openers[-1].serial if openers else -1
                    break
                opener = openers[at]
                del openers[at + 1 :]
                used = run.length if run.char == "~" else min(2, opener.length, run.length)
                tag = "del" if run.char == "~" else "strong" if used == 2 else "em"  # noqa: PLR2004 - two are strong
                opener.length -= used
                run.length -= used
                opener.beginnings.append(tag)
                run.endings.append(tag)
                if not opener.length:
                    openers.pop()
            if run.opens and run.length:
                openers.append(run)
        del self.runs[bottom:]


def _matches(opener: _Run, closer: _Run) -> bool:
    if opener.char != closer.char:
        return False
    if opener.char == "~":
        return opener.length == closer.length
    either = closer.opens or opener.closes
    return not either or (opener.whole + closer.whole) % 3 != 0 or (opener.whole % 3 == 0 and closer.whole % 3 == 0)


_HANDLERS = {
    "\\": "_backslash",
    "`": "_code",
    "*": "_run",
    "_": "_run",
    "~": "_run",
    "[": "_bracket",
    "!": "_bracket",
    "]": "_close",
    "<": "_angle",
    "&": "_entity",
    "\n": "_newline",
}


def _flat(found: list[_Found]) -> Iterator[Piece]:
    for piece in found:
        if isinstance(piece, _Run):
            yield from (Close(tag) for tag in piece.endings)
            yield piece.char * piece.length
            yield from (Open(tag) for tag in reversed(piece.beginnings))
        elif isinstance(piece, _Bracket):
            yield "![" if piece.image else "["
        else:
            yield piece


def _words(found: list[_Found]) -> Iterator[str]:
    for piece in _flat(found):
        if isinstance(piece, str):
            yield piece
        elif isinstance(piece, Void):
            yield piece.alt
        elif isinstance(piece, Code):
            yield piece.text


def _nature(char: str) -> str:
    """What a character is to a run of `*` or `_` beside it."""
    if char in _LEFT_IS_SPACE or unicodedata.category(char) == "Zs":
        return "space"
    return "punctuation" if unicodedata.category(char)[0] in "PS" else "letter"


def _without_punctuation(address: str) -> str:
    """An address less what follows it in a sentence: punctuation, a parenthesis that it does not open, an entity."""
    opened, closed, end = address.count("("), address.count(")"), len(address)
    while end:
        last = address[end - 1]
        if last == ")" and closed > opened:
            closed -= 1
        elif last == ";":
            start = address.rfind("&", 0, end)
            end = start + 1 if start >= 0 and _ENTITY_NAME.fullmatch(address, start, end) else end
        elif last not in "?!.,:*_~'\"":
            break
        end -= 1
    return address[:end]


def _is_host(name: str) -> bool:
    labels = name.split(".")
    return len(labels) > 1 and all(labels) and not any("_" in label for label in labels[-2:])
