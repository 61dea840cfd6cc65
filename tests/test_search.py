"""Words, extracts and the index that search reads; and that the browser's half of it means the same by a word, and finds it."""

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Any

import pytest
import quickjs
from builders import site, tile
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tilepress.artifacts import Artifact
from tilepress.ledger import PageRecord
from tilepress.reading import Reading, read_page
from tilepress.search.extracts import EXCERPT_CHARS_MAX, Extract, extract, from_json, to_bytes
from tilepress.search.index import PAGES_A_WORD_MAX, SHARD_BYTES_MAX, index_files, numbers_of, shards
from tilepress.search.words import STEMMED, words_of

ASSETS = Path(__file__).parents[1] / "templates/assets"
SCRIPT = (ASSETS / "search.js").read_text(encoding="utf-8")
SITE = site("languages: [de, en]\nmenu: [{url: /projekte/, title: Vorhaben}]\n")
FIRST_ANSWER_BYTES_MAX = 100_000
SCRIPTS_BYTES_MAX = 12_000


def found_page(title: str = "Titel", text: str = "", name: str = "", **fields: Any) -> Extract:
    """The extract of a page; its name is its title's unless it is given."""
    record = {part: fields.pop(part) for part in ("summary", "search_keys") if part in fields}
    key = f"content/projekte/{name or title.lower().replace(' ', '-')}.md"
    return extract(PageRecord(tile=tile(title, key=key, **fields), **record), Reading(text, ("/x/",), ("oben",)), "b1")


def weights(one: Extract) -> dict[str, int]:
    """What each of a page's words weighs."""
    return {word: weight for weight, words in one.words for word in words.split(" ")}


def part(beginning: str, end: str) -> str:
    """What stands in the script between two of its comments."""
    return SCRIPT[SCRIPT.index(f"// {beginning}") : SCRIPT.index(f"// {end}\n")]


def browser(lang: str) -> Any:
    """An interpreter with the script's idea of a word, and with its way to search: `answer(files, text)` comes to addresses."""
    context = quickjs.Context()
    stemmer = ASSETS / f"stemmer-{lang}.js"
    if stemmer.exists():
        context.eval(stemmer.read_text(encoding="utf-8"))
    constants = SCRIPT[SCRIPT.index("  const SHOWN_MAX") : SCRIPT.index("// Words")]
    context.eval(f"{constants}\n{part('Words', 'The page')}")
    context.eval("""
    let files = {}, asks = [], result = "";
    const fetch = async (url) => {
      asks.push(url);
      return url in files ? { ok: true, json: async () => JSON.parse(files[url]) } : { ok: false, status: 404 };
    };
    const answer = (address, text) => {
      asks = [];
      engine(address).search(asked(text)).then(
        (found) => (result = JSON.stringify({ count: found.count, addresses: found.first.map((one) => one[0]), asks })),
        (error) => (result = JSON.stringify({ error: String(error) })),
      );
    };
    """)
    return context


def ask(files: Iterable[Artifact], text: str, lang: str = "de") -> dict[str, Any]:
    """What the browser finds in these files."""
    context = browser(lang)
    context.set("given", json.dumps({f"/{file.key}": file.body.decode() for file in files}))
    context.eval("files = JSON.parse(given)")
    context.set("text", text)
    context.eval(f"answer('/_search/{lang}/index.json', text)")
    while context.execute_pending_job():
        pass
    found: dict[str, Any] = json.loads(context.eval("result"))
    return found


# Words


@pytest.mark.parametrize(
    ("lang", "same"),
    [
        ("de", "Büro Buero büro BÜRO buro Bu\u0308ro Bü\u00adro"),
        ("de", "Projekt Projekte Projekten Projekts"),
        ("de", "Straße Strasse"),
        ("en", "connection connected connecting"),
        ("en", "café cafe"),
        ("fr", "Été ete"),
    ],
)
def test_what_is_one_word_to_a_reader_is_one(lang: str, same: str) -> None:
    """However it is written, inflected or accented."""
    assert len(set(words_of(same, lang))) == 1


def test_single_letters_are_no_words() -> None:
    """Nobody looks for `z. B.`; but in some scripts one sign is a word."""
    assert list(words_of("z. B. 5 x 森 EU", "de")) == ["森", "eu"]


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cs", "Cn"), max_codepoint=0x2FFF), max_size=60))
@example("Straßenbäume, Bu\u0308ro ﬁnden İstanbul ŁÓDŹ Œuvre 森林 x\u00ady 1½ ʼn")
def test_the_browser_means_the_same_by_a_word(text: str) -> None:
    """Both halves of search make the same words of any text, in each language that has a stemmer, and in others."""
    for lang, context in BROWSERS.items():
        context.set("text", text)
        assert json.loads(context.eval("JSON.stringify(words(text).map(stemOf))")) == list(words_of(text, lang))


BROWSERS = {lang: browser(lang) for lang in (*STEMMED, "fr")}


@pytest.mark.parametrize("lang", STEMMED)
def test_the_stemmers_are_twins(lang: str) -> None:
    """Each word of the project's own texts has the same stem here and there, and so have words with each suffix there is."""
    root = Path(__file__).parents[1]
    texts = [path.read_text(encoding="utf-8") for path in (*root.glob("example/content/**/*.md"), *root.glob("docs/*.md"), *root.glob("*.md"))]
    endings = "ung ungen heit keit lich isch erinnen ieren ational ization fulness ously ingly eed ies".split()
    text = " ".join(texts) + " ".join(f" international {stem}{ending}" for stem in ("haus", "plan", "syst", "gener") for ending in endings)
    context = BROWSERS[lang]
    context.set("text", text)
    found = json.loads(context.eval("JSON.stringify(words(text).map(stemOf))"))
    assert len(set(found)) > 2500
    assert found == list(words_of(text, lang))


# Extracts


def test_title_weighs_more_than_what_is_named_and_that_more_than_the_text() -> None:
    """However often a text says it."""
    one = weights(found_page("Bank", "Text " * 500, subtitle="Holz", categories=("Stadt",), search_keys=("Sitzmöbel",), summary="Kurz"))
    assert one["bank"] > one["holz"] == one["stadt"] == one["sitzmobel"] == one["kurz"] > one["text"] > 0


def test_words_of_a_text_weigh_by_how_often_it_says_them() -> None:
    """And less in a longer text."""
    short, long = weights(found_page("T", "Bank Bank Bank Holz")), weights(found_page("T", "Bank Bank Bank Holz " + "anderes " * 900))
    assert short["bank"] > short["holz"] > long["holz"]


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>vor</p><div class=prose data-body><p>Ein <b>Wo</b>rt</p><div>zwei</div>drei</div><p>nach</p>", "Ein Wort zwei drei"),
        ("<main data-body>a<!-- b > --><br>c<img alt='>d'>e</main>f", "a c e"),
        ("<div title='data-body'>x</div>", ""),
        ("<div data-bodyguard>x</div>", ""),
        ('<meta content="Was ist data-body ?"><i>y</i><div data-body>x</div>', "x"),
        ("<DIV DATA-BODY>x", ""),
        ("<div data-body>&lt;p&gt; &amp; <p>offen</div>", "<p> & offen"),
    ],
)
def test_text_of_a_page_is_that_of_its_body(page: str, text: str) -> None:
    """Header, footer, comments and attributes are not what an author wrote; elements part words, but for those within them."""
    assert read_page(page).text == text


@pytest.mark.parametrize(
    ("page", "links", "anchors"),
    [
        ('<a href="/kopf/">x</a><div data-body><a href="/a/?b=1&amp;c=2#d">x</a></div><a href="/fuss/">x</a>', ["/a/?b=1&c=2#d"], []),
        ("<p data-body><a href='../b/'>x</a></p><div data-text><a href='c'>x</a></div><div>data-text <a href='/d/'>x</a></div>", ["../b/", "c"], []),
        ('<div data-body><a href="https://x.de/">x</a><a href="//x.de">x</a><a href="MAILTO:a@b">x</a><a>x</a><a href="">x</a></div>', [], []),
        ('<main id="m"><div data-body id="b"><h2 id=c>x</h2><i data-id="d"></i></div></main>', [], ["m", "b", "c"]),
        ('<div data-text><a href="/a/">', ["/a/"], []),
    ],
)
def test_links_of_a_page_are_its_author_s(page: str, links: list[str], anchors: list[str]) -> None:
    """Links into the site, from body and fields; and whatever on the page has an id can be linked to."""
    found = read_page(page)
    assert (list(found.links), list(found.anchors)) == (links, anchors)


def test_excerpt_is_the_summary_or_the_beginning_of_the_text() -> None:
    """Cut between words, where it is long."""
    assert found_page(summary="Kurz.", text="Lang.").excerpt == "Kurz."
    assert found_page(subtitle="Unter", text="Text.").excerpt == "Unter – Text."
    cut = found_page(text="Wort, " * 100).excerpt
    assert len(cut) <= EXCERPT_CHARS_MAX + 2
    assert cut.endswith("Wort …")


def test_extracts_are_kept_as_they_are() -> None:
    """What is read again is what was written, in whatever order it came."""
    found = [found_page("B", "zwei"), found_page("A", "eins eins")]
    assert from_json(json.loads(to_bytes(found))) == tuple(reversed(found))
    assert to_bytes(found) == to_bytes(reversed(found))


# The index


def many(count: int, *, words: int = 250, vocabulary: int = 12_000) -> list[Extract]:
    """Pages of a language as unlike as real ones: word n of it is said about a n-th as often as the first (Zipf)."""
    random = Random(1)  # noqa: S311 - the same pages each time
    stems = ["".join(random.choices("etaoinshrdlucmfwypvbgk", k=random.randint(3, 11))) for _ in range(vocabulary)]
    shares = [1 / place for place in range(1, vocabulary + 1)]
    texts = random.choices(stems, shares, k=count * words)
    return [
        Extract(
            key=f"content/s{number % 8}/p{number}.md",
            lang="de",
            address=f"/s{number % 8}/p{number}/",
            title=" ".join(texts[number * words : number * words + 4]),
            excerpt=" ".join(texts[number * words : number * words + 34]),
            basis="",
            words=tuple((weight, " ".join(sorted(set(texts[number * words + weight : (number + 1) * words : 7])))) for weight in range(1, 8)),
        )
        for number in range(count)
    ]


def named(files: Iterable[Artifact], lang: str = "de") -> tuple[dict[str, Any], dict[str, Artifact]]:
    """A language's index, and its other files by the names that it has for them."""
    by_key = {file.key: file for file in files if file.key.startswith(f"_search/{lang}/")}
    index = json.loads(by_key.pop(f"_search/{lang}/index.json").body)
    return index, {key.removeprefix(f"_search/{lang}/").removesuffix(".json"): file for key, file in by_key.items()}


def test_order_of_extracts_does_not_show() -> None:
    """Equal pages give equal bytes."""
    found = many(40)
    assert index_files(found, SITE) == index_files(reversed(found), SITE)


def test_index_names_its_files_and_no_others() -> None:
    """Each by its content; and the index itself comes after them."""
    for lang, pages in (("de", many(300)), ("en", [])):
        files = index_files(pages, SITE)
        index, others = named(files, lang)
        assert {name for _, name in index["words"]} | set(index["shown"]) - {""} == others.keys()
        last = [file for file in files if file.key.startswith(f"_search/{lang}/")][-1]
        assert last.key == f"_search/{lang}/index.json"


def test_a_site_without_search_has_none_of_it() -> None:
    """`search: false` in site.yaml."""
    assert index_files(many(3), site("search: false\n")) == []


def test_a_page_more_moves_no_other() -> None:
    """Most numbers stay, and so do most files: a reader's browser has them already."""
    pages = many(300)
    before, after = (named(index_files(found, SITE))[1] for found in (pages[:-1], pages))
    shown = lambda found: {name for name in named(index_files(found, SITE))[0]["shown"] if name}  # noqa: E731
    assert len(shown(pages) - shown(pages[:-1])) == 1
    assert len(after.keys() - before.keys()) < len(after)


@settings(max_examples=40, deadline=None)
@given(st.sets(st.text("abc/", min_size=1, max_size=4), max_size=40))
def test_each_page_has_a_number_of_its_own(addresses: set[str]) -> None:
    """Two pages with one number would be taken for each other."""
    assert len(set(numbers_of(addresses).values())) == len(addresses)


def test_words_stand_in_the_file_that_their_beginning_leads_to() -> None:
    """A word is in the last file whose beginning is not after it; and no file that can be divided is too large."""
    postings = {word: [(1, 1)] * 40 for one in many(30, vocabulary=4000) for _, words in one.words for word in words.split(" ") if word}
    postings = dict(sorted(postings.items()))
    found = shards(postings)
    beginnings = [beginning for beginning, _ in found]
    assert beginnings == sorted(beginnings)
    assert len(found) > 5
    for place, (beginning, words) in enumerate(found):
        following = beginnings[place + 1] if place + 1 < len(found) else "\U0010ffff"
        assert all(beginning <= word < following for word in words)
        assert len(json.dumps(words, separators=(",", ":"))) <= SHARD_BYTES_MAX or len(words) == 1


def test_a_word_of_all_pages_names_those_in_which_it_weighs_most() -> None:
    """And says that there are more of them."""
    ((_, words),) = shards({"das": [(number, 7 if number % 2 else 3) for number in range(4 * PAGES_A_WORD_MAX)]})
    (weight, *numbers), rest = words["das"]
    assert (weight, len(numbers), rest) == (7, PAGES_A_WORD_MAX, [0])


def test_scripts_are_small() -> None:
    """Of search and of a language's stemmer, over the wire."""
    for stemmer in ASSETS.glob("stemmer-*.js"):
        assert sum(len(gzip.compress(path.read_bytes(), 6)) for path in (ASSETS / "search.js", stemmer)) <= SCRIPTS_BYTES_MAX


@pytest.fixture(scope="module")
def thousand() -> list[Artifact]:
    """The files of a site of 1,000 pages."""
    return index_files(many(1000), SITE)


def test_first_answer_of_a_thousand_pages_is_light(thousand: list[Artifact]) -> None:
    """What is loaded before it, scripts included, is at most 100 KB over the wire: of a word, and of any three letters."""
    sizes = {f"/{file.key}": len(gzip.compress(file.body, 6)) for file in thousand}
    scripts = sum(len(gzip.compress((ASSETS / name).read_bytes(), 6)) for name in ("search.js", "stemmer-de.js"))
    index, _ = named(thousand)
    for _, beginning in zip(range(12), (beginning for beginning, _ in index["words"] if beginning), strict=False):
        found = ask(thousand, (beginning + "ete")[:3])
        assert scripts + sum(sizes[url] for url in found["asks"]) <= FIRST_ANSWER_BYTES_MAX


# What a reader finds

GARDEN = [
    found_page("Bänke für alle", "Sitzen im Büro und auf der Straße."),
    found_page("Lampen", "Eine Bank aus Holz steht hier.", search_keys=("Laterne",)),
    found_page("Bankgeheimnis", "Nichts über Möbel, aber Buero."),
    found_page("English", "A bench in an office.", name="english", lang="en"),
]
FILES = index_files(GARDEN, SITE)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Laternen ", ["lampen"]),
        ("buero ", ["bänke-für-alle", "bankgeheimnis"]),
        ("Straßen ", ["bänke-für-alle"]),
        ("BANK", ["bankgeheimnis", "bänke-für-alle", "lampen"]),
        ("bank ", ["bänke-für-alle", "lampen"]),
        ("bank holz", ["lampen"]),
        ("holz geheimnis", []),
        ("lam", ["lampen"]),
        ("la", []),
        ("strasse", ["bänke-für-alle"]),
        ("office", []),
        ("!", []),
    ],
)
def test_reader_finds(text: str, names: list[str]) -> None:
    """In any spelling, by all words, the last of which may be only the beginning of one; in titles rather than in texts."""
    if text == "!":
        assert json.loads(BROWSERS["de"].eval("JSON.stringify(asked('!'))")) == []
        return
    found = ask(FILES, text)
    there = [address.strip("/").removeprefix("projekte/") for address in found["addresses"]]
    quoted = [one.replace("ä", "%C3%A4").replace("ü", "%C3%BC") for one in names]
    assert sorted(there) == sorted(quoted)
    if text == "bank ":
        assert there == quoted


def test_languages_are_searched_apart() -> None:
    """English pages are found in English."""
    assert ask(FILES, "benches ", "en")["addresses"] == ["/projekte/english/"]


def test_reader_with_a_former_index_reads_it_anew() -> None:
    """Where a file is gone that an index names, the index is asked for again, and then it is an error."""
    files = [file for file in FILES if file.key.endswith("index.json")]
    context = browser("de")
    context.set("given", json.dumps({f"/{file.key}": file.body.decode() for file in files}))
    context.eval("files = JSON.parse(given); answer('/_search/de/index.json', 'bank')")
    while context.execute_pending_job():
        pass
    assert "404" in json.loads(context.eval("result"))["error"]
    assert context.eval("asks.filter((url) => url.endsWith('index.json')).length") == 2


def test_what_is_shown_of_a_page() -> None:
    """Its quoted address, title, excerpt, and its section's title."""
    shown = [one for _, file in named(FILES)[1].items() for one in json.loads(file.body).values() if isinstance(one[0], str)]
    assert ["/projekte/lampen/", "Lampen", "Eine Bank aus Holz steht hier.", "Vorhaben"] in shown
