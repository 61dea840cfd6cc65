"""Extracts → the files that a search in the browser reads. A pure function of them: their order does not show.

For each language, below `_search/<lang>/`:

- `index.json` names all others. It is small, and the only one that changes: `{"version", "pages", "words": [[beginning,
  file] …], "shown": [file …]}`.
- Words: the file of a word is the last of `words` whose beginning is not after it. It maps stems to the pages that have
  them, `[[weight, number, step, step …] …]`: numbers of pages rise, and each but the first stands as its distance from the
  one before. `[0]` says that further pages have the word, of which nothing more is known.
- What is shown of results: page `number` is in file `number // 1024` of `shown`, as `[address, title, excerpt, section]`.

All these files are named by their content: so whoever read an index finds what it names, and a file that is written late is
merely one too many. A page's number follows from its address: a page more or less moves no other, and changes only files
that have something of it.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import groupby, pairwise

from tilepress.addresses import CONTENT, SEARCH, href, search_index_key, section_of
from tilepress.artifacts import IMMUTABLE, JSON, Artifact, digest
from tilepress.search.extracts import Extract
from tilepress.site import Site

VERSION = 1
NUMBERS_A_FILE = 1024
NUMBERS_A_PAGE = 64
"""How many numbers there are for each page, at least: two pages seldom want the same. So 8 to 16 pages share a file."""
SHARD_BYTES_MAX = 32_000
"""About how large a file of words becomes before it is divided by the next letter. Over the wire it is a third of that."""
PAGES_A_WORD_MAX = 1000
"""Of the pages that have a word, these have it weigh most; a word of all pages of a large site finds no others."""

# The CDN asks for it again after a minute. Telling it would cost an invalidation for each edit, and searching can wait that long.
INDEX_CACHED = "public, max-age=0, s-maxage=60, must-revalidate"

Postings = Sequence[tuple[int, int]]
"""Of a word: pages' numbers and weights."""


def index_files(extracts: Iterable[Extract], site: Site) -> list[Artifact]:
    """The files of all languages, those first that are named by others. None where the site has no search."""
    found = list(extracts)
    return [file for lang in site.languages for file in _of_language([one for one in found if one.lang == lang], lang, site)] if site.search else []


def _of_language(extracts: list[Extract], lang: str, site: Site) -> Iterator[Artifact]:
    numbers = numbers_of(one.address for one in extracts)
    words = [(beginning, _file(lang, shard)) for beginning, shard in shards(_postings(extracts, numbers))]
    shown = _shown(extracts, numbers, lang, site)
    for file in (*(file for _, file in words), *shown):
        if file is not None:
            yield file
    index = {
        "version": VERSION,
        "pages": len(extracts),
        "words": [[beginning, _name(file)] for beginning, file in words],
        "shown": [_name(file) if file else "" for file in shown],
    }
    yield Artifact(search_index_key(lang), _json(index), JSON, INDEX_CACHED)


def numbers_of(addresses: Iterable[str]) -> dict[str, int]:
    """A number for each address, that follows from it; where two want the same one, the later address has the next that is free."""
    wanted = sorted(addresses)
    count = NUMBERS_A_PAGE << max(4, (len(wanted) - 1).bit_length())
    taken: dict[int, str] = {}
    for address in wanted:
        number = int.from_bytes(sha256(address.encode()).digest()[:6]) % count
        while number in taken:
            number = (number + 1) % count
        taken[number] = address
    return {address: number for number, address in taken.items()}


def _postings(extracts: Iterable[Extract], numbers: Mapping[str, int]) -> dict[str, Postings]:
    found: dict[str, list[tuple[int, int]]] = {}
    for one in extracts:
        number = numbers[one.address]
        for weight, words in one.words:
            for word in words.split(" "):
                found.setdefault(word, []).append((number, weight))
    return {word: found[word] for word in sorted(found, key=_order)}


def _order(word: str) -> bytes:
    """The order in which JavaScript compares texts: by the halves of UTF-16."""
    return word.encode("utf-16-be")


def shards(postings: Mapping[str, Postings]) -> list[tuple[str, dict[str, list[list[int]]]]]:
    """The words in files, each with the beginning from which on its words stand there."""
    encoded = {word: _encoded(found) for word, found in postings.items()}
    sizes = {word: len(_json({word: found})) for word, found in encoded.items()}
    return [(beginning, {word: encoded[word] for word in words}) for beginning, words in _divided("", list(encoded), sizes)]


def _divided(beginning: str, words: list[str], sizes: Mapping[str, int]) -> list[tuple[str, list[str]]]:
    """Words that share a beginning, divided by their next letter while they are too large; what is small by then is put together.

    So where a file begins depends on few words, and a new one moves few boundaries.
    """
    if len(words) < 2 or sum(sizes[word] for word in words) <= SHARD_BYTES_MAX:  # noqa: PLR2004 - one word cannot be divided
        return [(beginning, words)]
    found: list[tuple[str, list[str]]] = []
    room = 0
    for start, group in groupby(words, key=lambda word: word[: len(beginning) + 1]):
        members = list(group)
        size = sum(sizes[word] for word in members)
        if found and size <= room:
            found[-1][1].extend(members)
            room -= size
        elif size <= SHARD_BYTES_MAX:
            found.append((start, members))
            room = SHARD_BYTES_MAX - size
        else:
            found += _divided(start, members, sizes)
            room = 0
    return [(beginning, found[0][1]), *found[1:]]


def _encoded(found: Postings) -> list[list[int]]:
    kept = sorted(found, key=lambda posting: (-posting[1], posting[0]))[:PAGES_A_WORD_MAX]
    encoded = []
    for weight, group in groupby(sorted(kept, key=lambda posting: (-posting[1], posting[0])), key=lambda posting: posting[1]):
        numbers = [number for number, _ in group]
        encoded.append([weight, numbers[0], *(number - before for before, number in pairwise(numbers))])
    return [*encoded, [0]] if len(kept) < len(found) else encoded


def _shown(extracts: Iterable[Extract], numbers: Mapping[str, int], lang: str, site: Site) -> list[Artifact | None]:
    """The files of what is shown; None where no page has a number of that file."""
    files: dict[int, dict[str, list[str]]] = {}
    for one in sorted(extracts, key=lambda one: numbers[one.address]):
        shown = [href(one.address), one.title, one.excerpt, _section_title(one, lang, site)]
        files.setdefault(numbers[one.address] // NUMBERS_A_FILE, {})[str(numbers[one.address])] = shown
    return [_file(lang, files[place]) if place in files else None for place in range(max(files, default=-1) + 1)]


def _section_title(one: Extract, lang: str, site: Site) -> str:
    section = section_of(one.key.removeprefix(CONTENT))
    return site.section_title(section, lang) if section else ""


def _file(lang: str, value: object) -> Artifact:
    body = _json(value)
    return Artifact(f"{SEARCH}{lang}/{digest(body)[:10]}.json", body, JSON, IMMUTABLE)


def _name(file: Artifact) -> str:
    return file.key.rpartition("/")[2].removesuffix(".json")


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
