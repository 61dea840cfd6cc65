"""What was read of a page, and its record in the ledger → its extract: what search knows of it. And the JSON in which extracts are kept."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from tilepress.artifacts import digest, json_bytes
from tilepress.ledger import PageRecord
from tilepress.ledger_json import Json
from tilepress.reading import Reading
from tilepress.search.words import words_of

VERSION = 2
TITLE_WEIGHT = 24
NAMED_WEIGHT = 10
"""What a word weighs in the title; in subtitle, summary, categories and `search_keys`. In the text it weighs 1 to 7."""
EXCERPT_CHARS_MAX = 240

# Okapi BM25's saturation, with a usual length instead of the average one: else each page would depend on all others.
_SATURATION, _LENGTH_SHARE, _USUAL_WORDS = 1.2, 0.75, 250
_TEXT_WEIGHT = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """What search knows of a page. `words` are its stems by weight, in order, each weight's joined by blanks.

    `links` and `anchors` are for `tilepress.checks`. `basis` names what it was made from: the page's bytes, its record, and the code.
    """

    key: str
    lang: str
    address: str
    title: str
    excerpt: str
    basis: str
    words: tuple[tuple[int, str], ...]
    links: tuple[str, ...] = ()
    anchors: tuple[str, ...] = ()


def basis_of(page: PageRecord, etag: str, release: str) -> str:
    """A name for all that a page's extract is made from."""
    tile = page.tile
    named = (tile.lang, tile.address, tile.title, tile.subtitle, page.summary)
    return digest(release, etag, *named, *tile.categories, "", *page.search_keys)


def extract(page: PageRecord, reading: Reading, basis: str) -> Extract:
    """The extract of a page of which this was read."""
    tile, text = page.tile, reading.text
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
        links=reading.links,
        anchors=reading.anchors,
    )


def _text_weights(found: list[str]) -> dict[str, int]:
    norm = _SATURATION * (1 - _LENGTH_SHARE + _LENGTH_SHARE * len(found) / _USUAL_WORDS)
    return {word: max(1, round(_TEXT_WEIGHT * count / (count + norm))) for word, count in Counter(found).items()}


def shortened(text: str) -> str:
    """The beginning of a text, cut between words."""
    if len(text) <= EXCERPT_CHARS_MAX:
        return text
    return text[:EXCERPT_CHARS_MAX].rpartition(" ")[0].rstrip(" ,;:–-") + " …"


def to_bytes(extracts: Iterable[Extract]) -> bytes:
    """A section's extracts as JSON, in the order of their pages: equal ones are equal bytes."""
    pages = [
        {"key": one.key, "lang": one.lang, "address": one.address, "title": one.title, "excerpt": one.excerpt, "basis": one.basis}
        | {"words": {str(weight): words for weight, words in one.words}, "links": one.links, "anchors": one.anchors}
        for one in sorted(extracts, key=lambda one: (one.key, one.lang))
    ]
    return json_bytes({"version": VERSION, "pages": pages})


def from_json(value: Json) -> tuple[Extract, ...]:
    """Extracts from their JSON. Raises KeyError, TypeError or ValueError for what is none."""
    if value["version"] != VERSION:
        raise KeyError(f"extracts of version {value['version']}")
    return tuple(Extract(**{**page, **_tuples(page)}) for page in value["pages"])


def _tuples(page: Json) -> Json:
    words = tuple((int(weight), found) for weight, found in page["words"].items())
    return {"words": words, "links": tuple(page["links"]), "anchors": tuple(page["anchors"])}
