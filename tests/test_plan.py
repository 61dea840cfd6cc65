"""Desired × actual gives a plan, and changes give paths to invalidate."""

from fnmatch import fnmatchcase

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tilepress.artifacts import HTML, REVALIDATED, Artifact, Observed
from tilepress.plan import INVALIDATION_ADDRESSES_MAX, Delete, Plan, Put, invalidation, plan, together

PAGE = Artifact("a/index.html", b"a", HTML)


def there(body_etag: str = PAGE.etag, cache_control: str = REVALIDATED) -> dict[str, Observed | None]:
    """What stands at the page's key."""
    return {PAGE.key: Observed(PAGE.key, body_etag, 1, HTML, cache_control)}


@pytest.mark.parametrize(
    ("actual", "reason"),
    [({}, "new"), ({PAGE.key: None}, "new"), (there('"old"'), "changed"), (there(cache_control="no-store"), "headers")],
    ids=["unknown", "absent", "other body", "other headers"],
)
def test_what_differs_is_put_with_a_reason(actual, reason):
    """An artifact that is not there as it should be is written, and the plan says why."""
    assert plan([PAGE], actual) == Plan(puts=(Put(PAGE, reason),))


def test_what_is_there_is_left():
    """Publishing what is published writes nothing."""
    assert plan([PAGE], there()) == Plan(unchanged=(PAGE.key,))


def test_what_is_undesired_is_deleted():
    """An object that should not be there goes, with the reason that was given."""
    assert plan([], there(), [Delete(PAGE.key, "source gone")]) == Plan(deletes=(Delete(PAGE.key, "source gone"),))


def test_what_is_not_there_is_not_deleted():
    """Where there is nothing, there is nothing to delete."""
    assert plan([], {}, [Delete(PAGE.key, "source gone")]) == Plan()


def test_what_is_desired_is_never_deleted():
    """A key that something desires is not deleted, whatever else does not want it."""
    assert plan([PAGE], there(), [Delete(PAGE.key, "retired")]).deletes == ()


def test_nothing_is_deleted_twice():
    """Two reasons to delete are one deletion."""
    assert len(plan([], there(), [Delete(PAGE.key, "retired"), Delete(PAGE.key, "orphan")]).deletes) == 1


def test_few_changes_are_their_paths():
    """A few changed keys are invalidated one by one, quoted: as readers ask for them, and as the CDN's function has it ask the bucket."""
    paths = ("/", "/%C3%BCber/", "/%C3%BCber/index.html", "/a.css", "/index.html")
    assert invalidation(["über/index.html", "a.css", "index.html", "a.css"]) == paths


def test_signs_are_invalidated_as_they_are_and_quoted():
    """The CDN has a copy for each way in which a browser may write it, and knows nothing of the other."""
    assert invalidation(["files/Bericht (1), neu.pdf"]) == ("/files/Bericht%20%281%29%2C%20neu.pdf", "/files/Bericht%20(1),%20neu.pdf")


def test_many_changes_of_a_section_are_its_wildcard():
    """More paths than are worth it become the section's wildcard; single ones elsewhere stay."""
    keys = [f"projekte/{number}/index.html" for number in range(INVALIDATION_ADDRESSES_MAX)]
    assert invalidation([*keys, "index.html", "team/eva/index.html"]) == ("/", "/index.html", "/projekte/*", "/team/eva/", "/team/eva/index.html")


def test_many_changes_everywhere_are_the_sites_wildcard():
    """Changes in many places become one path."""
    assert invalidation(f"{number}/{page}/index.html" for number in range(16) for page in "ab") == ("/*",)


def test_no_change_is_no_path():
    """Where nothing changed, nothing is invalidated."""
    assert invalidation([]) == ()


KEYS = st.sets(st.builds("{}/{}/index.html".format, st.sampled_from("abcdefghijklmnopqr"), st.sampled_from("abc")), max_size=60)


@settings(deadline=None, max_examples=100)
@given(KEYS)
def test_every_change_is_covered_at_a_small_price(keys):
    """Whatever changed, some path covers it, and there are few of them."""
    paths = invalidation(keys)
    assert len(paths) <= 2 * INVALIDATION_ADDRESSES_MAX
    assert all(any(fnmatchcase(f"/{key}", path) for path in paths) for key in keys)


def test_more_wildcards_than_the_cdn_takes_are_the_sites():
    """Those of several invalidations, in one."""
    assert together(["/a/*", "/b/", "/a/*"]) == ("/a/*", "/b/")
    assert together(f"/{number}/*" for number in range(16)) == ("/*",)
