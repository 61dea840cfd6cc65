"""A built site and its ledgers → what its authors should know, though every page could be published. Pure.

This looks at the whole site: links that lead nowhere, images without a text alternative, headings that skip a level,
placeholders, categories that are written in two ways, translations that are missing. So it is what `tilepress check` does,
and never a part of publishing, whose cost does not grow with the site.
"""

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit

from tilepress.addresses import address_of, category_slug, object_key, section_address, section_of
from tilepress.ledger import Ledger, PageRecord, holders
from tilepress.pages import Problem
from tilepress.site import Site
from tilepress.wording import Tell, teller

FORGOTTEN_ONE_IN = 10
"""Where at most one in so many of a section's pages is without a translation, it was forgotten; where more are, that is how it is meant."""
_PLACEHOLDER = re.compile(r"\blorem ipsum\b|\bTODO\b|\bFIXME\b|\bTBD\b|\bPlatzhalter\b", re.IGNORECASE)
_ORIGIN = "https://site.invalid"


class _Reader(HTMLParser):
    """Reads a page. Inside the elements with `data-body` and `data-text` stands what its author wrote."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.silent: list[str] = []
        self.levels: list[int] = []
        self.text: list[str] = []
        self._open = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element brings."""
        given = dict(attrs)
        self.ids |= {given["id"] or ""} if "id" in given else set()
        if self._open or not given.keys().isdisjoint({"data-body", "data-text"}):
            self._open += tag == "div"
            if tag == "a" and given.get("href"):
                self.links.append(given["href"] or "")
            if tag == "img" and not (given.get("alt") or "").strip():
                self.silent.append(given.get("src") or "")
            if re.fullmatch(r"h[1-6]", tag):
                self.levels.append(int(tag[1]))

    def handle_endtag(self, tag: str) -> None:
        """The text ends where its element ends."""
        self._open -= bool(self._open) and tag == "div"

    def handle_data(self, data: str) -> None:
        """Note words of the author."""
        if self._open:
            self.text.append(data)


def check_site(ledgers: Iterable[Ledger], html: Mapping[str, str], keys: Iterable[str], sources: Mapping[str, str], site: Site) -> list[Problem]:
    """Problems of all pages. `html` are the published pages by key, `keys` all that is published, `sources` the files by key."""
    there, books = set(keys), list(ledgers)
    read = {key: _Reader(text) for key, text in html.items()}
    found: list[Problem] = []
    for ledger in books:
        held = holders(ledger)
        for shown in (*_pages(held.pages.values()), *_openings(ledger, site)):
            key = object_key(shown.address)
            if key in read:
                where = _Where(shown, sources.get(shown.key, ""), teller(shown.key, site.wording))
                found += [*_links(where, read[key], read, there), *_text(where, read[key])]
        found += [*_spellings(held.pages.values(), sources, site), *_untranslated(ledger, site)]
    return found


@dataclass(frozen=True, slots=True)
class _Shown:
    """A source file, and where its text is shown: a page, or the overview or home page that an `_index.md` opens.

    `image` names the field of its image, where that has no text alternative.
    """

    key: str
    address: str
    words: str
    image: str


def _pages(pages: Iterable[PageRecord]) -> Iterator[_Shown]:
    for tile in (page.tile for page in pages):
        yield _Shown(tile.key, tile.address, f"{tile.title} {tile.subtitle}", "img:" if tile.img and not tile.img_alt else "")


def _openings(ledger: Ledger, site: Site) -> Iterator[_Shown]:
    for lang, intro in ledger.intros().items():
        address = section_address(ledger.section, lang, site.default_language)
        yield _Shown(intro.key, address, f"{intro.title} {intro.subtitle}", "img_header:" if intro.img_header and not intro.img_alt else "")


@dataclass(frozen=True, slots=True)
class _Where:
    """What is shown, and the text of its source file, to find the line of what is wrong in."""

    shown: _Shown
    source: str
    tell: Tell

    def problem(self, key: str, needle: str, **about: str) -> Problem:
        """A problem at the first line in which this stands."""
        lines = self.source.splitlines()
        line = next((number for number, text in enumerate(lines, start=1) if needle and needle in text), 1)
        return self.tell(key, line=line, **about)


def _links(where: _Where, page: _Reader, read: Mapping[str, _Reader], there: set[str]) -> Iterator[Problem]:
    """Links of the author's that lead to no page, no file, or no place on a page."""
    for link in dict.fromkeys(page.links):
        said = unquote(link)  # as the author wrote it, most often
        try:
            parts = urlsplit(urljoin(_ORIGIN + where.shown.address, link))
        except ValueError:
            continue
        if f"{parts.scheme}://{parts.netloc}" != _ORIGIN:
            continue
        path = unquote(parts.path)
        key = next((key for key in (object_key(path) if path.endswith("/") else path.lstrip("/"), object_key(f"{path}/")) if key in there), None)
        if key is None:
            near = _nearest(path, there)
            yield where.problem("link.near" if near else "link", said, said=said, **({"near": near} if near else {}))
        elif parts.fragment and key in read and unquote(parts.fragment) not in read[key].ids:
            yield where.problem("anchor", said, said=said)


def _nearest(path: str, there: Iterable[str]) -> str:
    """The address that somebody may have meant."""
    addresses = {address_of(key): key for key in there if not key.endswith((".xml", ".json"))}
    last = path.rstrip("/").rpartition("/")[2]
    same = sorted(address for address in addresses if address.rstrip("/").rpartition("/")[2] == last)
    near = same or difflib.get_close_matches(path, addresses, 1, cutoff=0.8)
    return near[0] if near else ""


def _text(where: _Where, page: _Reader) -> Iterator[Problem]:
    """Images without an alternative, headings that skip a level, placeholders."""
    if where.shown.image:
        yield where.problem("alt.field", where.shown.image)
    for src in dict.fromkeys(page.silent):
        yield where.problem("alt", src, src=src)
    for before, level in zip(page.levels, page.levels[1:], strict=False):
        if level > before + 1:
            yield where.problem("heading", "#" * level + " ", before=str(before), level=str(level))
            break
    if found := _PLACEHOLDER.search(f"{where.shown.words} {' '.join(page.text)}"):
        yield where.problem("placeholder", found[0], said=found[0])


def _spellings(pages: Iterable[PageRecord], sources: Mapping[str, str], site: Site) -> Iterator[Problem]:
    """Categories that most pages of the section write otherwise."""
    named = [(page, name) for page in pages for name in page.tile.categories]
    counts: dict[tuple[str, str], Counter[str]] = {}
    for page, name in named:
        counts.setdefault((page.tile.lang, category_slug(name)), Counter())[name] += 1
    for page, name in named:
        found = counts[page.tile.lang, category_slug(name)]
        usual = min(found, key=lambda one: (-found[one], one))
        if name != usual:
            (shown,) = _pages([page])
            yield _Where(shown, sources.get(shown.key, ""), teller(shown.key, site.wording)).problem("category", name, said=name, usual=usual)


def _untranslated(ledger: Ledger, site: Site) -> Iterator[Problem]:
    """Pages without the translation that nearly all others of their section have."""
    groups = {name: {page.tile.lang: page.tile for page in record.pages} for name, record in ledger.groups.items() if record.pages}
    for lang in site.languages:
        without = [found for name, found in groups.items() if lang not in found and section_of(name) == ledger.section]
        if without and len(without) * FORGOTTEN_ONE_IN <= len(groups):
            for found in without:
                tile = next(iter(found.values()))
                yield teller(tile.key, site.wording)("translation", lang=lang)
