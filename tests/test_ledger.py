"""A section's ledger: its merge, who holds which address, and what becomes of addresses that nobody holds any more."""

import json
from dataclasses import replace

import pytest
import strategies
from builders import ledger, page, record, record_of, tile
from hypothesis import given, settings
from hypothesis import strategies as st
from tilepress.ledger import (
    Alias,
    GroupRecord,
    Intro,
    Ledger,
    Retired,
    aliases_elsewhere,
    claim,
    forget,
    holders,
    merge,
    note_elsewhere,
    settle,
    tile_of,
)
from tilepress.ledger_json import from_json, in_order, to_bytes

GRACE = 240.0
A_WITH_ALIAS = record("a", aliases=("/projekte/x/",))


def held(book: Ledger, taken: tuple[str, ...] = ()) -> dict[str, str]:
    """Who holds what: keys by address, those of aliases in brackets."""
    found = holders(book, taken)
    return {address: one.tile.key for address, one in found.pages.items()} | {address: f"({one.key})" for address, one in found.aliases.items()}


def redirects(book: Ledger, now: float = 0, taken: tuple[str, ...] = ()) -> dict[str, str]:
    """Where redirects lead at this moment."""
    return dict(settle(book, taken, now, GRACE).redirects)


def expired(book: Ledger, now: float, taken: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The retired addresses that are over at this moment."""
    return settle(book, taken, now, GRACE).expired


def test_page_goes_before_an_alias():
    """An address that a page has is not an alias's."""
    assert held(ledger(a=record("a", aliases=("/projekte/b/",)), b=record("b")))["/projekte/b/"] == "content/projekte/b.md"


def test_smaller_key_wins_among_pages():
    """Of two pages at one address the one with the smaller key has it."""
    book = ledger(b=record("b", address="/projekte/x/"), a=record("a", address="/projekte/x/"))
    assert held(book) == {"/projekte/x/": "content/projekte/a.md"}


def test_smaller_key_wins_among_aliases():
    """Of two aliases at one address the one with the smaller key has it."""
    book = ledger(b=record("b", aliases=("/projekte/x/",)), a=record("a", aliases=("/projekte/x/",)))
    assert held(book)["/projekte/x/"] == "(content/projekte/a.md)"


def test_loser_moves_up():
    """Whoever lost an address gets it when the winner goes."""
    book = ledger(a=record("a", address="/projekte/x/"), b=record("b", address="/projekte/x/"))
    assert held(merge(book, {"projekte/a": None}, {}, 0)) == {"/projekte/x/": "content/projekte/b.md"}


def test_taken_address_is_nobodys():
    """An address that is somebody else's is neither a page's nor an alias's."""
    assert held(ledger(a=record("a", aliases=("/projekte/x/",))), taken=("/projekte/a/", "/projekte/x/")) == {}


def test_alias_of_a_page_to_itself_is_none():
    """A page that names its own address as an alias has no redirect."""
    assert redirects(ledger(a=record("a", aliases=("/projekte/a/",)))) == {}


def test_page_knows_whether_it_holds_its_address():
    """A page that lost its address is told from the one that has it."""
    book = ledger(a=record("a", address="/projekte/x/"), b=record("b", address="/projekte/x/"))
    found = holders(book)
    assert [found.holds(one) for one in book.pages()] == [True, False]


def test_contested_addresses_are_those_that_somebody_lost():
    """Whoever asks for an address that another has, contests it; what has one holder only is nobody's quarrel."""
    x, y = ("/projekte/x/",), ("/projekte/y/",)
    book = ledger(a=record("a", aliases=x), b=record("b", aliases=x), c=record("c", address=y[0]), d=record("d", address=y[0]), e=record("e"))
    assert holders(book).contested(book) == {*x, *y}


@pytest.mark.parametrize(
    ("book", "bare"),
    [
        (ledger(), True),
        (ledger(a=GroupRecord()), True),
        (ledger(a=record("a")), False),
        (ledger(_index=GroupRecord(intros=(Intro(key="a", lang="de", title="A"),))), False),
    ],
    ids=["empty", "draft", "page", "text"],
)
def test_section_is_bare_without_pages_and_text(book, bare):
    """A section that has neither a page nor a text of its own has nothing to show."""
    assert book.is_bare() is bare


def test_guest_alias_is_held_like_any_other():
    """An alias of another section's page is settled here, by the same rule."""
    guest = Alias("/projekte/x/", "/team/eva/", "content/team/eva.md")
    assert held(replace(ledger(a=record("a")), guests={"team/eva": (guest,)})) == {
        "/projekte/a/": "content/projekte/a.md",
        "/projekte/x/": "(content/team/eva.md)",
    }


@settings(deadline=None, max_examples=100)
@given(strategies.ledgers, st.randoms(use_true_random=False))
def test_order_of_groups_never_shows(book, random):
    """In whichever order groups came into the ledger, the same pages and aliases hold the same addresses."""
    names = list(book.groups)
    random.shuffle(names)
    other = Ledger(section=book.section, groups={name: book.groups[name] for name in names}, guests=book.guests, retired=book.retired)
    found, expected = holders(other), holders(book)
    assert (found.pages, found.aliases) == (expected.pages, expected.aliases)
    assert to_bytes(other) == to_bytes(book)


@settings(deadline=None, max_examples=100)
@given(strategies.ledgers, strategies.changes, strategies.guests)
def test_merging_twice_is_merging_once(book, groups, guests):
    """The same groups merged again change nothing, whenever that is."""
    once = merge(book, groups, guests, 1)
    assert merge(once, groups, guests, 2) == once


@settings(deadline=None, max_examples=100)
@given(strategies.ledgers, strategies.changes)
def test_merging_one_by_one_comes_to_the_same_groups(book, groups):
    """A batch is what its groups are, one after the other, in any order."""
    one_by_one = book
    for name in sorted(groups, reverse=True):
        one_by_one = merge(one_by_one, {name: groups[name]}, {}, 1)
    assert one_by_one.groups == merge(book, groups, {}, 1).groups


def asked_for(book: Ledger, *names: str) -> set[str]:
    """Every address, here or elsewhere, that these groups (all, if none is named) ask for, and no key implies."""
    asking = names or {*book.groups, *book.guests}
    return {address for name in asking for address in (*book.claims(name), *(alias.address for alias in aliases_elsewhere(book.groups.get(name))))}


@settings(deadline=None, max_examples=100)
@given(strategies.ledgers, strategies.changes, strategies.guests)
def test_no_address_that_no_key_implies_is_ever_lost(book, groups, guests):
    """Whatever the ledger knew of slugs and aliases, it knows after a merge: asked for, or retired."""
    merged = merge(book, groups, guests, 1)
    assert asked_for(book) | {*book.retired} <= asked_for(merged) | {*merged.retired}


@settings(deadline=None, max_examples=100)
@given(strategies.ledgers, strategies.changes.filter(bool))
def test_only_what_was_asked_for_retires(book, groups):
    """What retires in a merge is what a group of that merge asked for before."""
    assert {*merge(book, groups, {}, 1).retired} - {*book.retired} <= asked_for(book, *groups)


@settings(deadline=None, max_examples=100)
@given(strategies.ledgers)
def test_ledger_survives_its_json(book):
    """A ledger read back is the ledger that was written, and one kept in order is that to the order of its keys."""
    found, kept = from_json(json.loads(to_bytes(book))), in_order(book)
    assert found == book == kept
    assert [list(part) for part in (found.groups, found.guests, found.retired)] == [list(part) for part in (kept.groups, kept.guests, kept.retired)]


@pytest.mark.parametrize(
    "value", [{"version": 2}, {"version": 1}, {"version": 1, "section": "x", "groups": {"a": {"sources": [{"x": 1}]}}, "guests": {}}]
)
def test_what_is_no_ledger_is_refused(value):
    """Another version, or something else, is not taken for a ledger."""
    with pytest.raises((KeyError, TypeError)):
        from_json(value)


def test_empty_ledger_is_short():
    """A ledger's JSON has no empty fields."""
    assert to_bytes(ledger(a=record("a"))) == (
        b'{"version":1,"section":"projekte","basis":"","groups":{"projekte/a":{"basis":"b1",'
        b'"sources":[{"key":"content/projekte/a.md","etag":"\\"e1\\"","state":"published"}],'
        b'"pages":[{"tile":{"key":"content/projekte/a.md","lang":"de","address":"/projekte/a/","title":"Titel","tile":"single",'
        b'"source_etag":"\\"e1\\""},"etag":"\\"a1\\""}]}},"guests":{},"retired":{},"reports":{}}\n'
    )


def test_ledger_that_knew_no_etags_of_reports_is_read():
    """Of each report it says that there is one; which, the next resync sees to."""
    value = json.loads(to_bytes(ledger(a=record("a")))) | {"reports": ["content/projekte/a.md"]}
    assert from_json(value).reports == {"content/projekte/a.md": ""}


def test_alias_that_is_lost_retires():
    """An alias that nobody names any more redirects on to the page that had it."""
    book = merge(ledger(a=record("a", aliases=("/projekte/x/",))), {"projekte/a": record("a")}, {}, 100)
    assert (book.retired, redirects(book, 101)) == ({"/projekte/x/": Retired(100, "/projekte/a/")}, {"/projekte/x/": "/projekte/a/"})


def test_slug_that_changes_retires_towards_the_new_address():
    """A page's former slug leads to where the page is now."""
    book = merge(ledger(a=record("a", address="/projekte/x/")), {"projekte/a": record("a", address="/projekte/y/")}, {}, 100)
    assert book.retired == {"/projekte/x/": Retired(100, "/projekte/y/")}


def test_slug_of_a_page_that_goes_retires_towards_nothing():
    """The slug's address of a page that is gone leads nowhere, and is remembered."""
    book = merge(ledger(a=record("a", address="/projekte/x/")), {"projekte/a": None}, {}, 100)
    assert (book.retired, redirects(book, 101)) == ({"/projekte/x/": Retired(100)}, {})


def test_own_address_of_a_page_that_goes_is_not_remembered():
    """An address that a key implies needs no memory."""
    assert merge(ledger(a=record("a")), {"projekte/a": None}, {}, 100).retired == {}


def test_alias_that_two_pages_lose_leads_to_the_one_that_had_it():
    """When an alias goes that two pages named, it leads on to its holder."""
    both = {"a": record("a", aliases=("/projekte/x/",)), "b": record("b", aliases=("/projekte/x/",))}
    book = merge(ledger(**both), {"projekte/a": record("a"), "projekte/b": record("b")}, {}, 100)
    assert book.retired == {"/projekte/x/": Retired(100, "/projekte/a/")}


def test_alias_of_two_languages_leads_to_the_first():
    """When an alias goes that both languages of a page named, it leads on to the page that had it."""
    pages = (*record("a", aliases=("/projekte/x/",)).pages, *record("a", aliases=("/projekte/x/",), lang="en", address="/en/projekte/a/").pages)
    without = tuple(replace(one, aliases=()) for one in pages)
    book = merge(ledger(a=GroupRecord(pages=pages)), {"projekte/a": GroupRecord(pages=without)}, {}, 100)
    assert book.retired == {"/projekte/x/": Retired(100, "/projekte/a/")}


def test_alias_that_comes_back_is_its_holders():
    """An address that has a holder again leads to the holder, though it is still watched."""
    book = merge(Ledger(section="projekte", retired={"/projekte/x/": Retired(1, "/projekte/b/")}), {"projekte/a": A_WITH_ALIAS}, {}, 2)
    assert (redirects(book, 3), list(book.retired)) == ({"/projekte/x/": "/projekte/a/"}, ["/projekte/x/"])


def test_address_that_one_of_two_gives_up_is_watched():
    """An address that another holds by now is retired as well: a run with the former version may be about to write there."""
    book = merge(ledger(a=A_WITH_ALIAS, b=record("b", aliases=("/projekte/x/",))), {"projekte/a": record("a")}, {}, 100)
    assert (redirects(book, 101), book.retired) == ({"/projekte/x/": "/projekte/b/"}, {"/projekte/x/": Retired(100, "/projekte/a/")})


def test_alias_elsewhere_is_remembered_and_leads_nowhere_here():
    """An alias in another section's space that is given up is remembered, since it may still be a guest there."""
    before = GroupRecord(pages=(replace(record("a").pages[0], elsewhere=(Alias("/alt/7/", "/projekte/a/", "content/projekte/a.md"),)),))
    book = merge(ledger(a=before), {"projekte/a": record("a")}, {}, 100)
    assert (list(book.retired), redirects(book, 101)) == (["/alt/7/"], {})


def test_guest_that_goes_retires_here():
    """An alias of another section's page retires in the ledger that decides about it."""
    guest = Alias("/projekte/x/", "/team/eva/", "content/team/eva.md")
    assert merge(replace(ledger(), guests={"team/eva": (guest,)}), {}, {"team/eva": ()}, 100).retired == {"/projekte/x/": Retired(100)}


@pytest.mark.parametrize(
    ("now", "leads", "over"),
    [(100.0, True, False), (219.9, True, False), (220.0, False, False), (339.9, False, False), (340.0, False, True)],
    ids=["at once", "half of the grace", "after half", "nearly over", "over"],
)
def test_retired_address_redirects_for_half_of_its_grace(now, leads, over):
    """A retired address leads on for half of its grace, is left alone for the other, and then is to be deleted."""
    book = Ledger(section="projekte", retired={"/projekte/x/": Retired(100.0, "/projekte/a/")})
    assert (bool(redirects(book, now)), bool(expired(book, now))) == (leads, over)


def test_retired_address_that_a_page_has_is_the_pages():
    """Where a page stands by now, no redirect is written."""
    book = Ledger(section="projekte", groups={"projekte/x": record("x")}, retired={"/projekte/x/": Retired(0, "/projekte/a/")})
    assert redirects(book, 1) == {}


@settings(deadline=None, max_examples=100)
@given(strategies.ledgers, st.sets(st.sampled_from(strategies.ADDRESSES), max_size=2), st.floats(0, 2e10))
def test_nothing_is_two_things_at_once(book, taken, now):
    """An address has a page, or a redirect, or belongs to somebody else; never two of these."""
    found = settle(book, taken, now, GRACE)
    places = [*found.holders.pages, *found.redirects, *taken]
    assert len(places) == len(set(places))


SLUGGED = record("a", address="/projekte/x/")


def test_claim_is_remembered():
    """An address that no key implies is known before anything is written there, and expires if nothing comes of it."""
    book = claim(ledger(), {"projekte/a": SLUGGED}, 100, GRACE)
    assert (book.retired, expired(book, 340)) == ({"/projekte/x/": Retired(100)}, ("/projekte/x/",))


@pytest.mark.parametrize("before", [ledger(a=SLUGGED), ledger()], ids=["has it already", "implied by its key"])
def test_what_is_known_is_not_claimed(before):
    """A slug's address that the group has already, and an address that its key implies, need no claim."""
    records = before.groups or {"projekte/a": record("a")}
    assert claim(before, records, 100, GRACE) is before


@pytest.mark.parametrize(("now", "since"), [(220.0, 100.0), (221.0, 221.0)], ids=["lasts", "would not last"])
def test_claim_lasts_as_long_as_a_run(now, since):
    """A claim is made again when the one that there is might end before the run does; where it led is not forgotten."""
    known = Ledger(section="projekte", retired={"/projekte/x/": Retired(100.0, "/projekte/b/")})
    assert claim(known, {"projekte/a": SLUGGED}, now, GRACE).retired == {"/projekte/x/": Retired(since, "/projekte/b/")}


@pytest.mark.parametrize(("now", "since"), [(220.0, 100.0), (221.0, 221.0)], ids=["lasts", "would not last"])
def test_memory_of_writing_elsewhere_lasts_as_long_as_a_run(now, since):
    """That a run may write in another section's space is noted again when the note might end before the run does."""
    known = note_elsewhere(ledger(), "/alt/7/", 100.0, GRACE)
    assert note_elsewhere(known, "/alt/7/", now, GRACE).retired == {"/alt/7/": Retired(since, elsewhere=True)}


def test_forgotten_is_forgotten():
    """What has been deleted need not be remembered."""
    book = Ledger(section="projekte", retired={"/projekte/x/": Retired(1), "/projekte/y/": Retired(2)})
    assert forget(book, ["/projekte/x/"]).retired == {"/projekte/y/": Retired(2)}


def test_intros_are_by_language():
    """A section has a text in each language."""
    intros = (Intro(key="a", lang="de", title="A"), Intro(key="b", lang="en", title="B"))
    assert {lang: intro.title for lang, intro in ledger(_index=GroupRecord(intros=intros)).intros().items()} == {"de": "A", "en": "B"}


def test_tile_remembers_the_page():
    """A tile has what overviews show of a page."""
    found = tile_of(page(subtitle="S", categories="[A]", weight="3", img="x.jpg", img_alt="X", date="2024-01-01"), '"e2"')
    assert found == tile(
        subtitle="S", categories=("A",), weight=3, img="/files/x.jpg", img_alt="X", date="2024-01-01T00:00:00+00:00", source_etag='"e2"'
    )


def test_tile_shows_the_header_image_where_there_is_no_other():
    """A page with only a wide image shows it on its tile."""
    assert tile_of(page(img_header="x.jpg"), "").img == "/files/x.jpg"


def test_record_of_a_real_page_survives_json():
    """Whatever a page's front matter holds, its record can be written and read."""
    book = ledger(a=record_of(page(tile="none", type="archive", categories="[A, B]", weight="3")))
    assert from_json(json.loads(to_bytes(book))) == book
