"""One rule of visibility: what is a draft, not yet due, or expired, is nowhere on the site; and what is visible, is."""

from builders import memory_cloud, page_text
from hypothesis import given, settings
from hypothesis import strategies as st
from simulation.law import THEME
from tilepress.reindex import reindex
from tilepress.resync import resync

NOW = 1_800_000_000.0  # 2027-01-15 08:00 UTC
TIMES = st.sampled_from(["", "2026-12-31", "2027-01-15 07:59", "2027-01-15 08:00", "2027-01-15 08:01", "2027-06-01"])
PAGES = st.lists(
    st.fixed_dictionaries({"draft": st.sampled_from(["", "true", "false"]), "publishDate": TIMES, "expiryDate": TIMES}), min_size=1, max_size=6
)


def visible(fields: dict[str, str]) -> bool:
    """What an author expects of these fields. Written otherwise than the program does it: times compare as text."""
    now = "2027-01-15 08:00"
    begun = not fields["publishDate"] or fields["publishDate"] <= now
    over = bool(fields["expiryDate"]) and fields["expiryDate"] <= now
    return fields["draft"] != "true" and begun and not over


@settings(max_examples=60, deadline=None)
@given(PAGES)
def test_what_is_not_visible_is_nowhere(pages: list[dict[str, str]]) -> None:
    """Not as a page, a tile, a translation, a redirect, in a manifest, a feed, a map or what search reads: its marks are in no key and no body."""
    files = {"content/p/immer.md": page_text()}
    for number, fields in enumerate(pages):
        given_fields = {name: text for name, text in fields.items() if text}
        mark = f"marke{number}x"
        files[f"content/p/{mark}.md"] = page_text(mark, title=mark, aliases=f"[/alias-{mark}/]", kategorien=f"[{mark}]", **given_fields)
        files[f"content/p/immer{number}.en.md"] = page_text(f"en-{mark}", title=f"en-{mark}", **given_fields)
    cloud = memory_cloud(files, now=lambda: NOW)
    resync(cloud, THEME)
    reindex(cloud, THEME.release)
    site = {found.key: found.key.encode() + (cloud.site.get(found.key) or found).body for found in cloud.site.list() if not found.key.startswith(".")}  # type: ignore[union-attr]
    assert any(key.startswith("_search/de/") and b"immer" in body for key, body in site.items())
    for number, fields in enumerate(pages):
        assert any(f"marke{number}x".encode() in body for body in site.values()) == visible(fields)
