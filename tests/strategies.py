"""Hypothesis strategies: ledgers and what is in them, from few names, so that they collide."""

from hypothesis import strategies as st
from tilepress.ledger import Alias, GroupRecord, Intro, Ledger, PageRecord, Retired, SourceRecord, Tile
from tilepress.pages import Html

NAMES = ("a", "b", "c", "d")
ADDRESSES = tuple(f"/projekte/{name}/" for name in (*NAMES, "x", "y"))
TITLES = st.text(min_size=1, max_size=8)
DATES = st.sampled_from(("", "2020-01-01T00:00:00+00:00", "2024-02-29T12:00:00+01:00", "2024-02-29T11:00:00+00:00"))

keys = st.sampled_from([f"content/projekte/{name}.md" for name in NAMES])
tiles = st.builds(
    Tile,
    key=keys,
    lang=st.sampled_from(("de", "en")),
    address=st.sampled_from(ADDRESSES),
    title=TITLES,
    subtitle=st.text(max_size=4),
    tile=st.sampled_from(("single", "double", "none")),
    type=st.sampled_from(("", "archive")),
    img=st.sampled_from(("", "/files/a b.jpg")),
    categories=st.lists(st.text(min_size=1, max_size=3), max_size=2).map(tuple),
    weight=st.integers(0, 3),
    date=DATES,
    source_etag=st.sampled_from(('"e1"', '"e2"')),
)


def _record(name: str) -> st.SearchStrategy[GroupRecord]:
    """A group's record whose key is its own."""
    key = f"content/projekte/{name}.md"
    own = tiles.map(lambda tile: Tile(**({field: getattr(tile, field) for field in Tile.__slots__} | {"key": key, "lang": "de"})))
    page = st.builds(
        PageRecord,
        tile=own,
        slugged=st.booleans(),
        aliases=st.lists(st.sampled_from(ADDRESSES), max_size=2, unique=True).map(tuple),
        elsewhere=st.lists(st.builds(Alias, st.just("/team/x/"), st.sampled_from(ADDRESSES), st.just(key)), max_size=1).map(tuple),
        etag=st.sampled_from(("", '"a1"')),
    )
    source = st.builds(
        SourceRecord,
        key=st.just(key),
        etag=st.just('"e1"'),
        state=st.sampled_from(("published", "problem", "draft")),
        good=st.sampled_from(("", "v1")),
        due=st.floats(0, 1e10),
    )
    intro = st.builds(Intro, key=st.just(key), lang=st.just("de"), title=TITLES, body=st.just(Html("<p>x</p>")))
    return st.builds(
        GroupRecord,
        basis=st.sampled_from(("", "b1")),
        sources=st.tuples(source),
        pages=st.lists(page, max_size=1).map(tuple),
        intros=st.lists(intro, max_size=1).map(tuple),
    )


groups = st.fixed_dictionaries({}, optional={f"projekte/{name}": _record(name) for name in NAMES})
changes = st.fixed_dictionaries({}, optional={f"projekte/{name}": st.none() | _record(name) for name in NAMES})
guests = st.dictionaries(
    st.sampled_from(("team/a", "team/b")),
    st.lists(st.builds(Alias, st.sampled_from(ADDRESSES), st.just("/team/a/"), st.just("content/team/a.md")), max_size=2).map(tuple),
    max_size=2,
)
retired = st.dictionaries(
    st.sampled_from(ADDRESSES), st.builds(Retired, st.floats(0, 1e10), st.sampled_from(("", *ADDRESSES)), st.booleans()), max_size=3
)
ledgers = st.builds(Ledger, section=st.just("projekte"), groups=groups, guests=guests, retired=retired)
