"""A text → the words that search knows it by: stems, in lower case and without accents.

German and English have Snowball's stemmers, whose German one reads `ae` as `ä`: so `Büro`, `Buero` and `buro` are one word.
In other languages a word is its own stem. A reader's query goes through the same in the browser.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache, lru_cache

WORD_CHARS_MAX = 40
"""What is longer is found by its beginning; nobody types it, and it is mostly no word."""
STEMMED = {"de": "German", "en": "English"}
"""The languages whose words are stemmed, and that have a `stemmer-<language>.js` in the theme."""

_WORD = re.compile(r"[^\W_]+")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\ufeff"))
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})


def words_of(text: str, lang: str) -> Iterator[str]:
    """The stems of a text's words in their order. Single letters of the Latin alphabet, and single digits, are none."""
    return (stem_of(word[:WORD_CHARS_MAX], lang) for word in _WORD.findall(folded(text)) if len(word) > 1 or word > "z")


def folded(text: str) -> str:
    """The text in lower case, with one form of each letter, and without what is not seen."""
    return unicodedata.normalize("NFKC", text.translate(_INVISIBLE)).lower()


@lru_cache(maxsize=100_000)
def stem_of(word: str, lang: str) -> str:
    """The stem of a folded word."""
    return _plain(_stemmer(lang)(word))


def _plain(word: str) -> str:
    """The word without accents."""
    return "".join(char for char in unicodedata.normalize("NFD", word) if unicodedata.category(char) != "Mn").translate(_LETTERS)


@cache
def _stemmer(lang: str) -> Callable[[str], str]:
    if lang not in STEMMED:
        return str
    import snowballstemmer  # noqa: PLC0415 - 0.3 s, since it comes with all of its languages

    stemmer = snowballstemmer.stemmer(STEMMED[lang].lower())
    stem: Callable[[str], str] = stemmer.stemWord
    return stem
