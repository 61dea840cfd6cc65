"""A page's HTML, and its record in the ledger → what search knows of it: its extract. And the JSON in which extracts are kept."""

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tilepress.artifacts import digest, json_bytes
from tilepress.ledger import PageRecord
from tilepress.ledger_json import Json
from tilepress.search.words import words_of

VERSION = 1
TITLE_WEIGHT = 24
NAMED_WEIGHT = 10
"""What a word weighs in the title; in subtitle, summary, categories and `search_keys`. In the text it weighs 1 to 7."""
EXCERPT_CHARS_MAX = 240

# Okapi BM25's saturation, with a usual length instead of the average one: else each page would depend on all others.
_SATURATION, _LENGTH_SHARE, _USUAL_WORDS = 1.2, 0.75, 250
_TEXT_WEIGHT = 7

_TAG = re.compile(r"""<(?:!--.*?--|(/?)([a-zA-Z][^\s/>]*)((?:[^>"']|"[^"]*"|'[^']*')*))>""", re.DOTALL)
_WITHIN_WORDS = frozenset("a abbr b bdi bdo cite code del dfn em i ins kbd mark q s samp small span strong sub sup time u var wbr".split())
"""Elements that may begin and end in the middle of a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """What search knows of a page. `words` are its stems by weight, in order, each weight's joined by blanks.

    `basis` names what it was made from: the page's bytes, its record, and the code.
    """

    key: str
    lang: str
    address: str
    title: str
    excerpt: str
    basis: str
    words: tuple[tuple[int, str], ...]


def basis_of(page: PageRecord, etag: str, release: str) -> str:
    """A name for all that a page's extract is made from."""
    tile = page.tile
    named = (tile.lang, tile.address, tile.title, tile.subtitle, page.summary)
    return digest(release, etag, *named, *tile.categories, "", *page.search_keys)


def extract(page: PageRecord, text: str, basis: str) -> Extract:
    """The extract of a page of this text."""
    tile = page.tile
    named = (tile.subtitle, page.summary, *tile.categories, *page.search_keys)
    weights = Counter(_text_weights(list(words_of(text, tile.lang))))
    weights.update(dict.fromkeys(words_of(" ".join(named), tile.lang), NAMED_WEIGHT))
    weights.update(dict.fromkeys(words_of(tile.title, tile.lang), TITLE_WEIGHT))
    by_weight: dict[int, list[str]] = {}
    for word in sorted(weights):
        by_weight.setdefault(weights[word], []).append(word)
    return Extract(
        key=tile.key,
        lang=tile.lang,
        address=tile.address,
        title=tile.title,
        excerpt=shortened(page.summary or " – ".join(part for part in (tile.subtitle, text) if part)),
        basis=basis,
        words=tuple((weight, " ".join(by_weight[weight])) for weight in sorted(by_weight)),
    )


def _text_weights(found: list[str]) -> dict[str, int]:
    norm = _SATURATION * (1 - _LENGTH_SHARE + _LENGTH_SHARE * len(found) / _USUAL_WORDS)
    return {word: max(1, round(_TEXT_WEIGHT * count / (count + norm))) for word, count in Counter(found).items()}


def shortened(text: str) -> str:
    """The beginning of a text, cut between words."""
    if len(text) <= EXCERPT_CHARS_MAX:
        return text
    return text[:EXCERPT_CHARS_MAX].rpartition(" ")[0].rstrip(" ,;:–-") + " …"


def body_text(page: str) -> str:
    """The text of the element that has the attribute `data-body`; "" where there is none. Images say nothing here."""
    return " ".join(html.unescape("".join(_pieces(page))).split())


def _pieces(page: str) -> Iterator[str]:
    """The pieces of text in the body's element. Depth is counted by elements of its own name: others may be left open."""
    start = next((tag for tag in _TAG.finditer(page) if tag[2] and not tag[1] and re.search(r"\sdata-body(?=[\s=/]|$)", tag[3])), None)
    if start is None:
        return
    name, depth, at = start[2].lower(), 1, start.end()
    for tag in _TAG.finditer(page, start.end()):
        yield page[at : tag.start()]
        at = tag.end()
        found = (tag[2] or "").lower()
        if found == name:
            depth += -1 if tag[1] else 1
            if not depth:
                return
        if found not in _WITHIN_WORDS:
            yield " "


def to_bytes(extracts: Iterable[Extract]) -> bytes:
    """A section's extracts as JSON, in the order of their pages: equal ones are equal bytes."""
    pages = [
        {"key": one.key, "lang": one.lang, "address": one.address, "title": one.title, "excerpt": one.excerpt, "basis": one.basis}
        | {"words": {str(weight): words for weight, words in one.words}}
        for one in sorted(extracts, key=lambda one: (one.key, one.lang))
    ]
    return json_bytes({"version": VERSION, "pages": pages})


def from_json(value: Json) -> tuple[Extract, ...]:
    """Extracts from their JSON. Raises KeyError, TypeError or ValueError for what is none."""
    if value["version"] != VERSION:
        raise KeyError(f"extracts of version {value['version']}")
    return tuple(Extract(**{**page, "words": _weighted(page["words"])}) for page in value["pages"])


def _weighted(words: Mapping[str, str]) -> tuple[tuple[int, str], ...]:
    return tuple((int(weight), found) for weight, found in words.items())
