"""Keys of the source bucket are sorted out: page groups, static files, problems, and nobody's business."""

import pytest
from tilepress.pages import Severity
from tilepress.todo import Sorted, Todo, sort_out

LANGUAGES = ("de", "en")


def sorted_out(*keys: str) -> Sorted:
    """These keys, on a site in German and English."""
    return sort_out(keys, LANGUAGES)


def test_files_of_a_page_are_one_group():
    """All languages of a page are looked at together."""
    assert sorted_out("content/a/x.md", "content/a/x.en.md", "content/a/y.de.md").groups == {"a/x", "a/y"}


def test_static_files_are_told_from_pages():
    """A Markdown file below static/ is a file to download."""
    found = sorted_out("static/files/a.pdf", "static/a.md", "static/.well-known/pki.txt")
    assert not found.groups
    assert found.statics == {"static/files/a.pdf", "static/a.md", "static/.well-known/pki.txt"}


@pytest.mark.parametrize(
    "key",
    [
        "README.md",
        "site.yaml",
        "data/team.yaml",
        "content/",
        "static/files/",
        "content/a/.#x.md",
        "content/x.md~",
        "static/.DS_Store",
        "contents/x.md",
    ],
)
def test_what_is_none_of_our_business_is_left_out(key):
    """Other files, folders and leftovers are neither published nor problems."""
    assert sorted_out(key) == Sorted(frozenset(), frozenset(), ())


@pytest.mark.parametrize(
    ("key", "code"),
    [
        pytest.param("content/a\x07.md", "key", id="control character"),
        pytest.param("content/../x.md", "key", id="parent folder"),
        pytest.param("content/a\ud800.md", "key", id="half a character"),
        pytest.param("content/!!!.md", "key", id="no address"),
        pytest.param("content/a/(..)/x.md", "key", id="parent folder in disguise"),
        pytest.param("content/a/(.).md", "key", id="same folder in disguise"),
        pytest.param("content/.tilepress/x.md", "key", id="private folder"),
        pytest.param("content/a/tiles.json.md", "key", id="manifest's name"),
        pytest.param("content/assets/x.md", "reserved-name", id="where the CDN looks for no pages"),
        pytest.param("content/en/x.md", "reserved-name", id="language as a folder"),
        pytest.param("content/EN.md", "reserved-name", id="language as a page"),
        pytest.param("content/index.md", "reserved-name", id="home page"),
        pytest.param("content/a/index.en.md", "reserved-name", id="overview"),
        pytest.param("static/index.html", "reserved-name", id="file for the home page"),
        pytest.param("static/a/tiles.json", "reserved-name", id="file for a manifest"),
        pytest.param("static/assets/x.svg", "reserved-name", id="file beside the theme's"),
        pytest.param("static/assets/pictures/x.jpg", "reserved-name", id="file beside the variants of images"),
        pytest.param("static/404.html", "reserved-name", id="file for the 404 page"),
        pytest.param("static/.tilepress/ledger/de/a.json", "reserved-name", id="file for a ledger"),
    ],
)
def test_what_cannot_be_published_is_a_problem_and_left_out(key, code):
    """A file that would overwrite something, or has no address, is refused with the reason."""
    found = sorted_out(key)
    assert [(problem.file, problem.code, problem.severity) for problem in found.problems] == [(key, code, Severity.ERROR)]
    assert not found.groups | found.statics


@pytest.mark.parametrize("key", ["content/a/b/index.md", "content/a/_index.md", "content/_index.en.md", "content/a/en.md", "content/a/Über uns.md"])
def test_ordinary_pages_are_no_problems(key):
    """Pages in folders of their own, and texts of sections, are published."""
    found = sorted_out(key)
    assert (len(found.groups), found.problems) == (1, ())


def test_image_beside_a_page_is_a_warning():
    """What is not Markdown below content/ is left out, and its author is told where it belongs."""
    found = sorted_out("content/a/x.jpg")
    assert [(problem.code, problem.severity) for problem in found.problems] == [("not-markdown", Severity.WARNING)]
    assert not found.groups | found.statics


def test_order_of_keys_never_shows():
    """In whichever order keys come, they are sorted out alike."""
    keys = ("content/b.jpg", "content/a.jpg", "content/x.md", "static/index.html")
    assert sorted_out(*keys) == sorted_out(*keys[::-1])


@pytest.mark.parametrize(
    ("todo", "expected"), [(Todo(), False), (Todo(keys=frozenset("a")), True), (Todo(sections=frozenset({""})), True), (Todo(root=True), True)]
)
def test_todo_is_true_while_there_is_anything_to_do(todo, expected):
    """Keys, sections or the root are something to do."""
    assert bool(todo) is expected


def test_todos_add_up():
    """Two things to do are both to be done."""
    one, other = Todo(keys=frozenset("a"), root=True), Todo(keys=frozenset("b"), sections=frozenset("c"))
    assert one | other == Todo(keys=frozenset("ab"), sections=frozenset("c"), root=True)
