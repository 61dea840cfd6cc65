"""Source keys to page groups, addresses and object keys, by the rules of Hugo, so that no link breaks on moving.

`content/projekte/Über uns.en.md` belongs to the group `projekte/Über uns`, has the address `/en/projekte/über-uns/`
and stands in the site bucket at `en/projekte/über-uns/index.html`. An address is kept unquoted and in Unicode's
composed form (NFC); `href` quotes it for use in HTML, feeds and invalidations.

Every address belongs to the *space* of one section: its first part after the language, where more parts follow it.
The ledger of that section decides who holds the address.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import quote

CONTENT = "content/"
STATIC = "static/"
DATA = "data/"
THEME = "theme/"
PRIVATE = ".tilepress/"
SEARCH = "_search/"
"""Below it, in a folder for each language, stand the files that search reads."""
SETTINGS_KEY = "site.yaml"

ASSETS = "assets/"
"""Where style sheets and developed images stand: the CDN looks for no page there."""
KEY_BYTES_MAX = 1024

REMEMBERED = 32_768
"""Of what is asked for each page of a section at each edit of one of them, how many answers are kept."""

# What the publisher writes itself, wherever it stands: an uploaded file of that name would be overwritten, or overwrite.
RESERVED_NAMES = frozenset({"index.html", "tiles.json", "404.html", "index.xml", "atom.xml", "feed.json", "sitemap.xml", "sitemap-pages.xml"})
# The same, at one place each.
RESERVED_KEYS = frozenset({"robots.txt", "sitemap-home.xml", ".well-known/security.txt"})

# Below these words of a section stand its categories' pages and the next pages of its overview.
_CATEGORY_WORDS = {"de": "kategorie"}
_PAGE_WORDS = {"de": "seite"}
_CATEGORY_WORD = "category"
_PAGE_WORD = "page"
# Where a language's search page stands.
_SEARCH_WORDS = {"de": "suche"}
_SEARCH_WORD = "search"

_WORDS = frozenset({*_CATEGORY_WORDS.values(), *_PAGE_WORDS.values(), _CATEGORY_WORD, _PAGE_WORD})

CATEGORY_BYTES_MAX = 200

_LEFTOVERS = re.compile(r"(^|/)(\.[^/]*|[^/]*~|#[^/]*#|Thumbs\.db|desktop\.ini)$")
_SPACES = re.compile(r"\s+")
_SEARCH_FILE = re.compile(rf"{SEARCH}[^/]+/(index|[0-9a-f]{{10}})\.json")


@lru_cache(maxsize=REMEMBERED)
def group_of(key: str, languages: tuple[str, ...]) -> tuple[str, str | None]:
    """The page group of a content key, and the language that its suffix names (None without one).

    A group is the key below `content/`, less the suffixes: all languages of one page share it.
    """
    stem = nfc(key).removeprefix(CONTENT).removesuffix(".md")
    head, dot, suffix = stem.rpartition(".")
    if dot and suffix in languages and head and not head.endswith("/"):
        return head, suffix
    return stem, None


@lru_cache(maxsize=REMEMBERED)
def group_keys(group: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    """Every key that a source file of the group may have, in the order in which they win."""
    keys = (f"{CONTENT}{group}.md", *(f"{CONTENT}{group}.{lang}.md" for lang in languages))
    return tuple(form for key in keys for form in forms(key) if fits(form))


def forms(key: str) -> tuple[str, ...]:
    """The key as Unicode composes it, and, where that differs, decomposed: some systems upload file names so. No store has one that is too long."""
    composed, decomposed = nfc(key), unicodedata.normalize("NFD", key)
    return (composed, decomposed) if decomposed != composed and fits(decomposed) else (composed,)


def fits(key: str) -> bool:
    """Whether S3 takes a key of this length."""
    return len(key.encode()) <= KEY_BYTES_MAX


def section_of(group: str) -> str:
    """The section that a group belongs to: its first folder as it stands in addresses; "" for pages in no folder."""
    folder, slash, _ = group.partition("/")
    return from_name(folder) if slash else ""


def is_index(group: str) -> bool:
    """Whether the group is a section's title and text (`_index`), not a page of its own."""
    return group == "_index" or (group.endswith("/_index") and group.count("/") == 1)


def page_address(group: str, lang: str, default_language: str, slug: str | None = None) -> str:
    """The address that a page's key implies, or the one that its slug gives it."""
    parts = group.split("/")
    if parts[-1] in {"index", "_index"}:  # a folder that is a page: content/projekte/ogp/index.md
        parts = parts[:-1]
    named = [from_name(part) for part in (parts[:-1] if slug else parts)]
    parts = [*named, *slug_parts(slug or "")]
    return language_root(lang, default_language) + "".join(f"{part}/" for part in parts if part)


def slug_parts(slug: str) -> list[str]:
    """What a slug puts in the place of the file's name: one part, or several with `/` between them."""
    return [part for part in (sanitize(part) for part in slug.split("/")) if part not in {"", ".", ".."}]


def section_address(section: str, lang: str, default_language: str) -> str:
    """The address of a section's overview; of the home page for the section ""."""
    return language_root(lang, default_language) + (f"{section}/" if section else "")


def category_address(section: str, lang: str, default_language: str, slug: str) -> str:
    """The address of a category's page: `/projekte/kategorie/bildung/`, `/en/projekte/category/education/`."""
    return f"{section_address(section, lang, default_language)}{category_word(lang)}/{slug}/"


def category_word(lang: str) -> str:
    """What stands in addresses before a category, and names it in a query."""
    return _CATEGORY_WORDS.get(lang, _CATEGORY_WORD)


@lru_cache(maxsize=1024)
def category_slug(name: str) -> str:
    """A category in addresses, as Hugo makes it; "" where none can be made of it. Names that differ in case only are one category."""
    slug = from_name(name.replace("/", " "))
    return "" if slug in {".", "..", *RESERVED_NAMES} or len(slug.encode()) > CATEGORY_BYTES_MAX else slug


def search_word(lang: str) -> str:
    """What a language calls its search page in addresses."""
    return _SEARCH_WORDS.get(lang, _SEARCH_WORD)


def search_address(lang: str, default_language: str) -> str:
    """The address of a language's search page: `/suche/`, `/en/search/`."""
    return f"{language_root(lang, default_language)}{search_word(lang)}/"


def search_index_key(lang: str) -> str:
    """Where the file stands that names all others of a language's search."""
    return f"{SEARCH}{lang}/index.json"


def is_search_file(key: str) -> bool:
    """Whether a key of the site bucket is one that only search writes."""
    return _SEARCH_FILE.fullmatch(key) is not None


def next_page_address(address: str, number: int, lang: str) -> str:
    """The address of one of the pages that a long overview has: `/projekte/seite/2/`; the first is the overview's own."""
    return address if number == 1 else f"{address}{_PAGE_WORDS.get(lang, _PAGE_WORD)}/{number}/"


def is_derived(address: str, languages: Sequence[str]) -> bool:
    """Whether an address is one at which only sections' categories and next pages stand."""
    parts = address.strip("/").split("/")
    parts = parts[1:] if parts[0] in languages else parts
    return len(parts) > 2 and parts[1] in _WORDS  # noqa: PLR2004 - section, word, and what stands below it


def space_of(address: str, languages: Sequence[str]) -> str:
    """The section in whose space an address lies, and whose ledger decides about it; "" for `/x/` and `/en/x/`."""
    parts = address.strip("/").split("/")
    if parts[0] in languages:
        parts = parts[1:]
    return parts[0] if len(parts) > 1 else ""


def language_root(lang: str, default_language: str) -> str:
    """Where a language's pages start: `/` for the default language, `/en/` for another."""
    return "/" if lang == default_language else f"/{lang}/"


def normal_address(text: str) -> str:
    """An author's address (an alias, say) in the form in which addresses are compared: `Alt/7` → `/alt/7/`, `alt.html` → `/alt.html`."""
    path = text.split("?", maxsplit=1)[0].split("#", maxsplit=1)[0]
    path = path.removesuffix("index.html") if path.rpartition("/")[2] == "index.html" else path
    parts = [sanitize(part) for part in path.split("/")]
    address = "/" + "".join(f"{part}/" for part in parts if part not in {"", ".", ".."})
    return address.removesuffix("/") if address.endswith(".html/") and not path.endswith("/") else address


def object_key(address: str) -> str:
    """The key in the site bucket of the page at an address; a file's address (`/alt.html`) is its key."""
    return address.lstrip("/") + ("" if address.endswith(".html") else "index.html")


def upload_key(address: str) -> str:
    """The key of the upload that wants the same key of the site bucket as an address; "" where none can: as an alias, `/alt.html`."""
    return f"{STATIC}{address.lstrip('/')}" if address.endswith(".html") else ""


def address_of(key: str) -> str:
    """What a reader asks for to get the object of this key, unquoted."""
    return "/" + (key.removesuffix("index.html") if key == "index.html" or key.endswith("/index.html") else key)


@lru_cache(maxsize=REMEMBERED)
def href(address: str) -> str:
    """An address quoted for HTML and HTTP. `+` is quoted as well, since S3 reads it as a blank."""
    return quote(address, safe="/~@")


def from_name(name: str) -> str:
    """One part of an address, as Hugo makes it from a file's or a folder's name: there each blank becomes a hyphen."""
    return sanitize(name.replace(" ", "-"))


@lru_cache(maxsize=REMEMBERED)
def sanitize(part: str) -> str:
    """One part of an address, as Hugo makes it from a slug.

    Lower case; letters, marks and digits of any script and `. _ # + ~ - @` stay; white space becomes one hyphen; the rest goes.
    """
    out: list[str] = []
    blank = False
    for char in nfc(part).lower():
        if char.isspace():
            blank = bool(out) and out[-1] != "-"
        elif char in "._#+~-@" or unicodedata.category(char)[0] in "LM" or unicodedata.category(char) == "Nd":
            if blank and char != "-":
                out.append("-")
            blank = False
            out.append(char)
    return nfc("".join(out))


def nfc(text: str) -> str:
    """The text in Unicode's composed form, in which `ü` is one character however it was typed."""
    return unicodedata.normalize("NFC", text)


def is_leftover(key: str) -> bool:
    """Whether a key is a hidden file or what an editor leaves behind (`.#x`, `x~`, `.DS_Store`): nothing to publish."""
    return bool(_LEFTOVERS.search(key))


def key_fault(key: str) -> str | None:
    """Why a key cannot be published, as `tilepress.wording` names it; None for a key that can."""
    is_plain = key.isascii() and key.isprintable()  # as nearly all are
    if not is_plain and any(unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for char in key):
        return "key.invisible"
    if not fits(key):
        return "key.too-long"
    if key not in forms(key):
        return "key.mixed"
    if any(part in {"", ".", ".."} for part in key.split("/")):
        return "key.parts"
    return None


def words(text: str) -> str:
    """The text with runs of white space folded to one blank."""
    return _SPACES.sub(" ", text).strip()
