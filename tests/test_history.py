"""What a rollback writes, from the versions that there are."""

import pytest
from tilepress.errors import GiveUp
from tilepress.history import KEPT_FOR_GOOD, Rollback, Version, by_file, to_time, to_version

KEY = "content/projekte/a.md"


def history(*contents: str | None, key: str = KEY) -> list[Version]:
    """A file's versions, one an hour from 0 on, newest first; None is a deletion."""
    last = len(contents) - 1
    made = [
        Version(key=key, version_id=f"v{hour}", at=3600.0 * hour, current=hour == last, deleted=text is None, etag=text or "")
        for hour, text in enumerate(contents)
    ]
    return made[::-1]


ANCHOR = history("x", key="content/anker.md")


def restored(plan: Rollback) -> dict[str, str]:
    """What a rollback puts on top."""
    return {one.key: one.version_id for one in plan.restores}


def test_without_a_word_it_is_the_one_before() -> None:
    """The last version that says something else: the same content uploaded again is no other version to people."""
    assert restored(to_version(history("a", "b", "c", "c"))) == {KEY: "v1"}


def test_a_deleted_file_comes_back() -> None:
    """As it was last."""
    assert restored(to_version(history("a", "b", None))) == {KEY: "v1"}


def test_a_version_that_is_named_is_taken() -> None:
    """Whatever came after it."""
    assert restored(to_version(history("a", "b", "c"), "v0")) == {KEY: "v0"}


def test_what_is_there_already_is_not_written() -> None:
    """Each write is an event."""
    assert not to_version(history("a", "b", "a"), "v0")


@pytest.mark.parametrize(("contents", "version"), [((), ""), (("a",), ""), (("a", None, "b"), "v1"), (("a",), "nowhere")])
def test_a_version_that_is_none_is_refused(contents: tuple[str | None, ...], version: str) -> None:
    """No history, nothing before, a deletion, a name that nobody knows."""
    with pytest.raises(GiveUp):
        to_version(history(*contents), version)


@pytest.mark.parametrize(
    ("contents", "hour", "restores", "deletes"),
    [
        (("a", "b", "c"), 1, {KEY: "v1"}, ()),
        (("a", "b", "c"), 1.5, {KEY: "v1"}, ()),
        (("a", "b"), 1, {}, ()),
        (("a", "b", None), 1, {KEY: "v1"}, ()),
        (("a", None, "c"), 1, {}, (KEY,)),
        (("a", None), 1, {}, ()),
    ],
    ids=["a change", "between two", "nothing since", "a deletion undone", "deleted then", "deleted ever since"],
)
def test_a_file_is_what_it_was_at_a_time(contents: tuple[str | None, ...], hour: float, restores: dict[str, str], deletes: tuple[str, ...]) -> None:
    """Changes since are undone, deletions too."""
    plan = to_time([ANCHOR, history(*contents)], 3600 * hour)
    assert (restored(plan), plan.deletes) == (restores, deletes)


def test_a_file_of_later_is_deleted() -> None:
    """It was not there then."""
    later = [Version(key=KEY, version_id="v", at=9999, current=True, etag="a")]
    assert to_time([ANCHOR, later], 100).deletes == (KEY,)


def test_a_file_whose_versions_of_then_are_gone_is_left_alone() -> None:
    """The bucket keeps so many and no more: that it was not there then, nobody can say."""
    versions = [Version(key=KEY, version_id=str(n), at=9999 - n, current=n == 0, etag=str(n)) for n in range(KEPT_FOR_GOOD + 1)]
    plan = to_time([ANCHOR, versions], 100)
    assert (plan.deletes, plan.unknown) == ((), (KEY,))


def test_settings_come_first() -> None:
    """Pages need not be rendered twice."""
    plan = to_time([ANCHOR, *(history("a", "b", key=key) for key in (KEY, "static/i.svg", "site.yaml"))], 0)
    assert [one.key for one in plan.restores] == ["site.yaml", "static/i.svg", KEY]


def test_a_time_without_any_page_is_refused() -> None:
    """A slip in the year would delete everything."""
    with pytest.raises(GiveUp, match="no page"):
        to_time([ANCHOR], -1)


def test_many_deletions_are_refused() -> None:
    """As with sync; the list says which."""
    later = [[Version(key=f"content/{n}.md", version_id="v", at=9999, current=True, etag="a")] for n in range(3)]
    with pytest.raises(GiveUp, match=r"content/2\.md"):
        to_time([ANCHOR, *later], 100, 2)


def test_reports_have_no_history() -> None:
    """The publisher writes them itself."""
    assert by_file([*ANCHOR, *history("a", key="reports/content/anker.md.json")]) == [ANCHOR]
