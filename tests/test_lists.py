"""A section's pages become lists: the overview, its next pages, and a page for each category."""

from typing import Any

import pytest
from builders import ledger, record, site, tile
from tilepress.ledger import Ledger, Retired, holders
from tilepress.lists import TILES_PER_PAGE, categories, list_addresses, pages_of, retire_lists, tiles_of

SITE = site()


def book(*names: str, **given: Any) -> Ledger:
    """A section of pages with these categories each."""
    return ledger(**{name: record(name, **given) for name in names})


def test_overview_shows_tiles_then_further_then_finished_ones():
    """Whatever their weight, pages with a tile stand first, and finished ones last."""
    found = ledger(a=record("a", type="archive", weight=1), b=record("b", tile="none", weight=2), c=record("c", weight=3))
    assert [one.key[-4] for one in tiles_of(holders(found), "de")] == ["c", "b", "a"]


@pytest.mark.parametrize(
    ("names", "slugs"),
    [
        pytest.param(("Bildung", "bildung"), ["bildung"], id="capitals"),
        pytest.param(("A/B", "A B"), ["a-b"], id="slash"),
        pytest.param(("Äpfel", "Zorn", "Birnen"), ["äpfel", "birnen", "zorn"], id="umlauts stand with their letter"),
        pytest.param(("..", "!!!", "index.html", "x" * 300), [], id="nothing to make an address of"),
        pytest.param(("Еuropa", "Europa"), ["europa", "еuropa"], id="letters of two scripts that look alike"),
    ],
)
def test_categories_are_told_apart_by_their_address(names, slugs):
    """Categories whose names give the same address are one; a name that gives none is none."""
    found = categories(tile(key=f"content/projekte/{number}.md", categories=(name,)) for number, name in enumerate(names))
    assert [category.slug for category in found] == slugs


def test_category_is_called_as_most_pages_write_it():
    """Of several ways to write a category the most frequent is its title."""
    tiles = [tile(key=f"content/projekte/{number}.md", categories=(name,)) for number, name in enumerate(("bildung", "Bildung", "Bildung"))]
    assert [(found.title, len(found.tiles)) for found in categories(tiles)] == [("Bildung", 3)]


def test_page_counts_once_in_a_category():
    """A page that names a category twice is in it once."""
    assert len(categories([tile(categories=("Bildung", "bildung"))])[0].tiles) == 1


@pytest.mark.parametrize(("count", "pages"), [(0, 1), (1, 1), (TILES_PER_PAGE, 1), (TILES_PER_PAGE + 1, 2)])
def test_long_list_has_next_pages(count, pages):
    """A list has a page even when it is empty, and another for what is too much for one."""
    assert len(pages_of([tile()] * count)) == pages


def test_lists_stand_below_words_of_their_language():
    """A category's page, and a next page, have addresses in their own language."""
    tiles = {f"p{number}": record(f"p{number}", categories=("Bildung",)) for number in range(TILES_PER_PAGE + 1)}
    found = ledger(**tiles, en=record("en", lang="en", address="/en/projekte/en/", categories=("Education",)))
    assert list_addresses("projekte", holders(found), SITE) == {
        "/projekte/seite/2/",
        "/projekte/kategorie/bildung/",
        "/projekte/kategorie/bildung/seite/2/",
        "/en/projekte/category/education/",
    }


def test_pages_in_no_folder_have_no_lists():
    """Pages in no folder stand on no overview."""
    assert list_addresses("", holders(book("a", categories=("A",))), SITE) == set()


def test_category_of_a_page_without_its_address_has_no_page():
    """A page that lost its address to another brings no category."""
    found = ledger(a=record("a", address="/projekte/x/"), b=record("b", address="/projekte/x/", categories=("B",)))
    assert list_addresses("projekte", holders(found), SITE) == set()


def test_address_of_a_former_list_retires():
    """A category that no page has any more leaves its address in the ledger for a while."""
    found = retire_lists(book("a"), book("a", categories=("A",)), SITE, 5)
    assert found.retired == {"/projekte/kategorie/a/": Retired(5)}


def test_nothing_retires_while_it_is_needed():
    """A category that another page has too stays."""
    before = ledger(a=record("a", categories=("A",)), b=record("b", categories=("a",)))
    assert retire_lists(ledger(b=record("b", categories=("a",))), before, SITE, 5).retired == {}
