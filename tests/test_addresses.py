"""Keys of the source bucket become addresses and keys of the site bucket, as Hugo makes them."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tilepress import addresses
from tilepress.addresses import (
    KEY_BYTES_MAX,
    address_of,
    forms,
    group_keys,
    group_of,
    href,
    is_index,
    is_leftover,
    key_fault,
    nfc,
    normal_address,
    object_key,
    page_address,
    sanitize,
    section_address,
    section_of,
    space_of,
    words,
)

LANGUAGES = ("de", "en")


def address_of_key(key: str) -> str:
    """The address of the page of this key, on a site in German and English."""
    group, lang = group_of(key, LANGUAGES)
    return page_address(group, lang or "de", "de")


@pytest.mark.parametrize(
    ("key", "address"),
    [
        pytest.param("content/projekte/ogp.md", "/projekte/ogp/", id="plain"),
        pytest.param("content/projekte/Über uns.md", "/projekte/über-uns/", id="capital, umlaut and blank"),
        pytest.param("content/projekte/U\u0308ber uns.md", "/projekte/über-uns/", id="decomposed umlaut"),
        pytest.param("content/projekte/x.en.md", "/en/projekte/x/", id="translation"),
        pytest.param("content/projekte/x.de.md", "/projekte/x/", id="suffix of the default language"),
        pytest.param("content/projekte/x.fr.md", "/projekte/x.fr/", id="suffix that is no language"),
        pytest.param("content/projekte/v1.2.md", "/projekte/v1.2/", id="dot"),
        pytest.param("content/projekte/C++.md", "/projekte/c++/", id="plus"),
        pytest.param("content/projekte/100% frei.md", "/projekte/100-frei/", id="percent sign"),
        pytest.param("content/projekte/a_b.md", "/projekte/a_b/", id="underscore"),
        pytest.param("content/projekte/a  b.md", "/projekte/a--b/", id="two blanks"),
        pytest.param("content/projekte/a - b.md", "/projekte/a---b/", id="hyphen between blanks"),
        pytest.param("content/projekte/a--b.md", "/projekte/a--b/", id="two hyphens of the author's"),
        pytest.param("content/projekte/a & b.md", "/projekte/a--b/", id="ampersand between blanks"),
        pytest.param("content/projekte/wer? (wir!).md", "/projekte/wer-wir/", id="punctuation"),
        pytest.param("content/projekte/Straße.md", "/projekte/straße/", id="sharp s"),
        pytest.param("content/projekte/Київ.md", "/projekte/київ/", id="another script"),
        pytest.param("content/Projekte Neu/x.md", "/projekte-neu/x/", id="folder's name"),
        pytest.param("content/projekte/ogp/index.md", "/projekte/ogp/", id="folder that is a page"),
        pytest.param("content/projekte/ogp/index.en.md", "/en/projekte/ogp/", id="folder that is a page, translated"),
        pytest.param("content/projekte/_index.md", "/projekte/", id="section's text"),
        pytest.param("content/_index.en.md", "/en/", id="home page's text"),
        pytest.param("content/impressum.md", "/impressum/", id="page in no folder"),
    ],
)
def test_address_is_the_one_that_hugo_gives(key, address):
    """A page has the address that Hugo 0.168 gives it (each was built with it), so that no link breaks on moving."""
    assert address_of_key(key) == address


@pytest.mark.parametrize(
    ("key", "slug", "address"),
    [
        pytest.param("content/projekte/x.md", "Neuer Name", "/projekte/neuer-name/", id="as a file's name"),
        pytest.param("content/projekte/x/index.md", "y", "/projekte/y/", id="of a folder that is a page"),
        pytest.param("content/projekte/x.en.md", "y", "/en/projekte/y/", id="of a translation"),
        pytest.param("content/x.md", "y", "/y/", id="of a page in no folder"),
    ],
)
def test_slug_replaces_the_last_part(key, slug, address):
    """A slug stands where the file's name would."""
    group, lang = group_of(key, LANGUAGES)
    assert page_address(group, lang or "de", "de", slug) == address


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=30))
def test_sanitising_twice_is_sanitising_once(part):
    """A part of an address is in its final form."""
    assert sanitize(sanitize(part)) == sanitize(part)


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet=st.sampled_from("aÄ\u0308 ./?#%+-_~@ü&İΣǅ\u00a0"), max_size=20))
def test_normalising_an_address_twice_is_normalising_once(text):
    """An address in its normal form is in its normal form."""
    assert normal_address(normal_address(text)) == normal_address(text)


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=20))
def test_composition_of_letters_never_shows(name):
    """However a name's letters are composed, its address is the same."""
    assert sanitize(unicodedata.normalize("NFD", name)) == sanitize(unicodedata.normalize("NFC", name))


@pytest.mark.parametrize(
    ("said", "address"),
    [
        pytest.param("/alt/7/", "/alt/7/", id="normal"),
        pytest.param("Alt/7", "/alt/7/", id="capital, no slashes"),
        pytest.param("//alt///7", "/alt/7/", id="more slashes"),
        pytest.param("/alt/index.html", "/alt/", id="default document"),
        pytest.param("/alt/../neu/./7/", "/alt/neu/7/", id="dots"),
        pytest.param("/alt?a=b", "/alt/", id="query"),
        pytest.param("/alt#oben", "/alt/", id="fragment"),
        pytest.param("/Über uns", "/über-uns/", id="umlaut and blank"),
        pytest.param("", "/", id="nothing"),
    ],
)
def test_authors_addresses_are_normalised(said, address):
    """An author's address is brought into the form in which addresses are compared."""
    assert normal_address(said) == address


@pytest.mark.parametrize("lang", [None, "de", "en"])
def test_every_file_of_a_group_is_found_by_its_group(lang):
    """The keys of a group are those that its files may have."""
    key = f"content/projekte/a.b{f'.{lang}' if lang else ''}.md"
    assert key in group_keys(group_of(key, LANGUAGES)[0], LANGUAGES)


@pytest.mark.parametrize("key", ["content/.en.md", "content/projekte/.en.md"])
def test_language_alone_is_a_name(key):
    """A file called just `.en.md` has no language of its own: something must be left to call the group by."""
    assert group_of(key, LANGUAGES)[1] is None


@pytest.mark.parametrize(
    ("key", "expected"), [("content/ü.md", ("content/ü.md", "content/u\u0308.md")), ("content/x.md", ("content/x.md",))], ids=["umlaut", "plain"]
)
def test_file_may_be_named_in_two_forms(key, expected):
    """A name with an umlaut may be uploaded composed or decomposed; the composed form is looked for first."""
    assert forms(key) == forms(unicodedata.normalize("NFD", key)) == expected


@pytest.mark.parametrize("key", [f"content/{'x' * 1000}.en.md", f"content/{'한' * 300}.md", f"content/{'x' * 1013}.md"])
def test_no_file_is_looked_for_under_a_name_that_is_too_long(key):
    """S3 refuses such a key, and with it the run of a page whose own name is short enough."""
    keys = group_keys(group_of(key, LANGUAGES)[0], LANGUAGES)
    assert key in keys
    assert max(len(one.encode()) for one in keys) <= KEY_BYTES_MAX


@pytest.mark.parametrize(
    ("group", "section"), [("projekte/x", "projekte"), ("Projekte Neu/a/x", "projekte-neu"), ("impressum", "")], ids=["folder", "name", "none"]
)
def test_section_is_the_first_folder(group, section):
    """A page belongs to the section of its first folder, as it stands in addresses."""
    assert section_of(group) == section


@pytest.mark.parametrize(
    ("group", "expected"),
    [("_index", True), ("projekte/_index", True), ("projekte/a/_index", False), ("projekte/my_index", False), ("projekte/index", False)],
)
def test_index_is_a_sections_own_text(group, expected):
    """Only `_index` of the home page or of a section is the text of an overview."""
    assert is_index(group) is expected


@pytest.mark.parametrize(
    ("address", "space"),
    [("/projekte/x/", "projekte"), ("/en/projekte/x/", "projekte"), ("/x/", ""), ("/en/x/", ""), ("/", ""), ("/alt/7/8/", "alt")],
)
def test_space_is_the_section_that_decides(address, space):
    """The ledger of an address's first part, after the language, decides about it."""
    assert space_of(address, LANGUAGES) == space


@pytest.mark.parametrize(("section", "lang", "address"), [("projekte", "de", "/projekte/"), ("projekte", "en", "/en/projekte/"), ("", "en", "/en/")])
def test_overview_stands_at_the_section(section, lang, address):
    """A section's overview has the section's address; the home page that of the language."""
    assert section_address(section, lang, "de") == address


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=20))
def test_object_key_and_address_are_inverse(text):
    """What stands at an address's object key is asked for at that address."""
    address = normal_address(text)
    assert address_of(object_key(address)) == address


def test_alias_may_be_a_file():
    """A former address that ends in .html is answered as it was, as Hugo's aliases are."""
    assert object_key(normal_address("/alt.html")) == "alt.html"


@pytest.mark.parametrize(
    ("key", "address"), [("files/a.jpg", "/files/a.jpg"), ("x/tiles.json", "/x/tiles.json"), ("x/myindex.html", "/x/myindex.html")]
)
def test_other_objects_are_asked_for_by_their_key(key, address):
    """Only default documents have an address other than their key."""
    assert address_of(key) == address


@pytest.mark.parametrize(
    ("address", "quoted"),
    [
        ("/projekte/über-uns/", "/projekte/%C3%BCber-uns/"),
        ("/c++/", "/c%2B%2B/"),
        ("/a b#c?d%/", "/a%20b%23c%3Fd%25/"),
        ("/@~a_b.c-d/", "/@~a_b.c-d/"),
    ],
    ids=["umlaut", "plus", "reserved", "unreserved"],
)
def test_href_is_quoted(address, quoted):
    """An address in HTML is percent-encoded, a plus sign included: S3 reads one as a blank."""
    assert href(address) == quoted


@pytest.mark.parametrize("key", ["content/.#x.md", "content/x.md~", "static/.DS_Store", "#x#", "static/a/Thumbs.db", "content/a/desktop.ini", ".git"])
def test_leftovers_are_known(key):
    """Hidden files, and what editors and systems leave behind, are nobody's pages."""
    assert is_leftover(key)


@pytest.mark.parametrize("key", ["content/x.md", "content/#x.md", "static/a~b.txt", "static/a.b/x"])
def test_ordinary_files_are_no_leftovers(key):
    """A file is not left out for a sign somewhere in its name."""
    assert not is_leftover(key)


@pytest.mark.parametrize(
    ("key", "said"),
    [
        pytest.param("content/" + "ü" * 509 + ".md", "key.too-long", id="1,029 bytes"),
        pytest.param("content/a\nb.md", "key.invisible", id="line feed"),
        pytest.param("content/a\u200bb.md", "key.invisible", id="zero width"),
        pytest.param("content/a\ud800.md", "key.invisible", id="half a character"),
        pytest.param("content/../x.md", "key.parts", id="parent"),
        pytest.param("content/./x.md", "key.parts", id="same folder"),
        pytest.param("content//x.md", "key.parts", id="empty part"),
        pytest.param("content/üu\u0308.md", "key.mixed", id="both forms of an umlaut"),
    ],
)
def test_faulty_keys_are_refused(key, said):
    """A key that cannot be published says why."""
    assert key_fault(key) == said


@pytest.mark.parametrize("key", ["content/x.md", "content/Über uns.md", "content/" + "x" * (addresses.KEY_BYTES_MAX - 11) + ".md"])
def test_other_keys_have_no_fault(key):
    """Any other key can be published, up to the longest."""
    assert key_fault(key) is None


def test_words_fold_white_space():
    """White space of any kind and number is one blank."""
    assert words(" a\n\t b\u00a0c ") == "a b c"


def test_nfc_composes():
    """A letter and its mark become one character."""
    assert nfc("u\u0308") == "ü"
