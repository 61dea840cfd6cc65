"""The root ledger: a summary of each section, from which home pages and root manifests are derived."""

import json

import pytest
import strategies
from builders import ledger, record, tile
from hypothesis import given, settings
from tilepress.ledger import GroupRecord, Intro, Ledger, settle
from tilepress.root import LEAD_TILES, Root, Summary, from_json, merge_root, summaries, to_bytes


def summed(book: Ledger) -> dict[str, Summary]:
    """The summaries of a section."""
    return summaries(settle(book, (), 0, 240))


@settings(deadline=None, max_examples=100)
@given(strategies.ledgers)
def test_root_survives_its_json(book):
    """A root ledger read back is the one that was written."""
    root = Root(sections={"projekte": found} if (found := summed(book)) else {})
    assert from_json(json.loads(to_bytes(root))) == root


@settings(deadline=None, max_examples=100)
@given(strategies.ledgers)
def test_order_of_groups_never_shows(book):
    """In whichever order groups came into the ledger, the summary is the same."""
    other = Ledger(section=book.section, groups=dict(reversed(book.groups.items())), guests=book.guests, retired=book.retired)
    assert summed(other) == summed(book)


def test_order_of_sections_never_shows():
    """In whichever order sections came into the root ledger, its bytes are the same."""
    one = {"de": Summary(count=1)}
    assert to_bytes(Root(sections={"a": one, "b": one})) == to_bytes(Root(sections={"b": one, "a": one}))


def test_other_version_is_refused():
    """A root ledger of another version is not guessed at."""
    with pytest.raises(KeyError):
        from_json({"version": 2, "sections": {}})


def test_summary_counts_every_page_that_holds_its_address():
    """A page that lost its address is not counted."""
    book = ledger(a=record("a", address="/projekte/x/"), b=record("b", address="/projekte/x/"), c=record("c"))
    assert summed(book)["de"].count == 2


def test_summary_leads_with_the_first_tiles():
    """The home page has the first few tiles in order, without finished projects and pages without a tile."""
    names = "abcdefgh"
    groups = {name: record(name, weight=9 - position) for position, name in enumerate(names)}
    book = ledger(**groups, x=record("x", weight=1, type="archive"), y=record("y", weight=1, tile="none"))
    assert [one.key[-4] for one in summed(book)["de"].tiles] == list(names[::-1][:LEAD_TILES])


def test_pages_in_no_folder_lead_nowhere():
    """The section of pages in no folder is counted, and has no tiles on the home page."""
    assert summed(Ledger(section="", groups={"x": record("x")}))["de"] == Summary(count=1)


def test_section_of_a_text_alone_is_a_section():
    """A section that has only its own text can be seen."""
    intro = Intro(key="content/projekte/_index.en.md", lang="en", title="Projects")
    assert summed(ledger(_index=GroupRecord(intros=(intro,)))) == {"en": Summary(intro=intro)}


def test_section_that_has_nothing_left_goes():
    """A section of which nothing can be seen is not in the root ledger."""
    root = Root(sections={"a": {"de": Summary(count=1)}, "b": {"de": Summary(count=1)}})
    assert list(merge_root(root, {"a": {}}).sections) == ["b"]


def test_section_is_replaced_as_a_whole():
    """A language that a section has no more goes from its summary."""
    root = Root(sections={"a": {"de": Summary(count=1), "en": Summary(count=1)}})
    assert merge_root(root, {"a": {"de": Summary(count=2)}}).sections == {"a": {"de": Summary(count=2)}}


def test_merging_twice_is_merging_once():
    """The same summaries merged again change nothing."""
    changed = {"a": {"de": Summary(count=1, tiles=(tile(),))}}
    once = merge_root(Root(), changed)
    assert merge_root(once, changed) == once
