"""One contract for every store: what `tilepress.ports.Store` promises, memory, folders, S3 and the simulation's buckets keep."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from simulation.watched import Bucket, BucketStore
from tilepress.adapters.directory import DirectoryStore
from tilepress.adapters.fans import Threads
from tilepress.adapters.memory import MemoryStore
from tilepress.adapters.s3 import S3Store
from tilepress.artifacts import Artifact, Copy, etag_of, redirect_artifact
from tilepress.dev.aws_server import AwsServer
from tilepress.errors import Stale
from tilepress.pages import SourceFile
from tilepress.ports import Store

KEYS = ["index.html", "projekte/über-uns/index.html", "a b+c%20d.txt", ".tilepress/sections/projekte.json"]


@pytest.fixture(params=["memory", "directory", "s3", "simulated"])
def store(request: pytest.FixtureRequest, tmp_path: Path, make_aws: Callable[[], AwsServer]) -> Store:
    """Each kind of store, empty."""
    if request.param == "memory":
        return MemoryStore()
    if request.param == "directory":
        return DirectoryStore(tmp_path)
    if request.param == "simulated":
        return BucketStore(Bucket())
    server = make_aws()
    return S3Store(server.s3, server.site_bucket)


@pytest.fixture(params=["memory", "s3", "simulated"])
def versioned(request: pytest.FixtureRequest, make_aws: Callable[[], AwsServer]) -> Store:
    """Each kind of store that keeps versions, and tags of each, empty."""
    if request.param == "memory":
        return MemoryStore()
    if request.param == "simulated":
        return BucketStore(Bucket())
    server = make_aws()
    return S3Store(server.s3, server.source_bucket)


def artifact(body: str = "<p>1", key: str = "a/index.html") -> Artifact:
    """A page."""
    return Artifact(key, body.encode(), "text/html; charset=utf-8", "max-age=1")


@pytest.mark.parametrize("key", KEYS)
def test_what_is_put_can_be_got(store: Store, key: str) -> None:
    """An object comes back with the bytes and the ETag with which it was put."""
    etag = store.put(artifact("Füße", key))
    found = store.get(key)
    assert found is not None
    assert (found.body, found.etag) == ("Füße".encode(), etag)


def test_the_etag_is_the_artifacts(store: Store) -> None:
    """A put answers the ETag that the artifact computes for itself, so that nothing has to be read to compare."""
    assert store.put(artifact()) == artifact().etag


def test_what_is_not_there_is_none(store: Store) -> None:
    """Absence is an answer, not an error."""
    assert (store.get("no/such"), store.head("no/such")) == (None, None)


def test_head_tells_whether_a_put_would_change_anything(store: Store) -> None:
    """What was put shows the artifact; another body does not."""
    store.put(artifact())
    found = store.head("a/index.html")
    assert found is not None
    assert (found.shows(artifact()), found.shows(artifact("<p>2"))) == (True, False)


@pytest.mark.parametrize("store", ["memory", "s3", "simulated"], indirect=True)
def test_head_tells_where_a_redirect_leads(store: Store) -> None:
    """The address that a redirect names is kept, and a put of the same page without it would change something."""
    leads = redirect_artifact("alt/index.html", "<p>1", "/neu/%C3%BC/")
    store.put(leads)
    found = store.head("alt/index.html")
    assert found is not None
    assert (found.location, found.shows(leads), found.shows(replace(leads, location=""))) == ("/neu/%C3%BC/", True, False)


def test_list_gives_keys_below_a_prefix_in_order(store: Store) -> None:
    """A listing is complete, sorted, and holds nothing beside the prefix."""
    for key in ("b/2", "a/1", "b/1", "bb"):
        store.put(artifact(key=key))
    assert [found.key for found in store.list("b/")] == ["b/1", "b/2"]


def test_list_tells_etags(store: Store) -> None:
    """A listing is enough to see what changed."""
    store.put(artifact("x"))
    assert [found.etag for found in store.list()] == [etag_of(b"x")]


def test_replace_writes_where_nothing_is(store: Store) -> None:
    """Expecting nothing, and finding nothing, it writes."""
    store.replace(artifact("x"), None)
    assert store.head("a/index.html") is not None


def test_replace_of_nothing_refuses_what_is_there(store: Store) -> None:
    """Expecting nothing, and finding something, it leaves it as it is."""
    store.put(artifact("first"))
    with pytest.raises(Stale):
        store.replace(artifact("second"), None)
    found = store.get("a/index.html")
    assert found is not None
    assert found.body == b"first"


def test_replace_goes_by_the_etag(store: Store) -> None:
    """The first who expects an ETag wins; the second expects what is no more."""
    etag = store.put(artifact("first"))
    store.replace(artifact("second"), etag)
    with pytest.raises(Stale):
        store.replace(artifact("third"), etag)


def test_replace_of_what_is_gone_is_stale(store: Store) -> None:
    """Expecting something, and finding nothing, it does not bring it back."""
    etag = store.put(artifact("first"))
    store.delete("a/index.html")
    with pytest.raises(Stale):
        store.replace(artifact("second"), etag)


def test_a_delete_removes_and_may_be_repeated(store: Store) -> None:
    """Deleting twice is deleting once."""
    store.put(artifact())
    store.delete("a/index.html")
    store.delete("a/index.html")
    assert store.head("a/index.html") is None


def test_a_copy_has_the_bytes_and_is_known_as_a_copy(store: Store) -> None:
    """A copied upload has the origin's bytes, and says from which version, where the store keeps such things."""
    origin = MemoryStore()
    origin.put(artifact("image", "static/x.png"))
    seen = origin.head("static/x.png")
    assert seen is not None
    store.copy(origin, seen, Copy("x.png", "image/png"))
    found = store.head("x.png")
    assert found is not None
    assert seen.etag in {found.etag, found.copied_from}


def test_a_copy_of_what_changed_meanwhile_is_stale(store: Store) -> None:
    """What is copied is what was seen, or nothing."""
    origin = MemoryStore()
    origin.put(artifact("old", "static/x.png"))
    seen = origin.head("static/x.png")
    assert seen is not None
    origin.delete("static/x.png")
    with pytest.raises(Stale):
        store.copy(origin, seen, Copy("x.png", "image/png"))


@pytest.mark.parametrize("kind", ["memory", "s3"])
def test_compare_and_swap_loses_no_update(kind: str, make_aws: Callable[[], AwsServer]) -> None:
    """Four writers that each add 12 to one counter come to 48: no acknowledged write is overwritten unseen."""
    aws = make_aws() if kind == "s3" else None
    shared = MemoryStore()

    def add(_: int) -> None:
        store: Store = S3Store(aws.client("s3"), aws.site_bucket) if aws else shared
        for _ in range(12):
            while True:
                found = store.get("n")
                try:
                    store.replace(Artifact("n", str(int(found.body if found else 0) + 1).encode(), "text/plain"), found.etag if found else None)
                    break
                except Stale:
                    continue

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add, range(4)))
    last = (S3Store(aws.s3, aws.site_bucket) if aws else shared).get("n")
    assert last is not None
    assert last.body == b"48"


def test_tags_stand_on_the_version_that_they_are_of(versioned: Store) -> None:
    """Ours are replaced as a whole; a new version has none; and tagging what is gone does nothing."""
    versioned.put(artifact("one"))
    for tags in ({"tilepress-state": "problem", "tilepress-message": "line 1: x"}, {"tilepress-state": "published"}):
        first = versioned.get("a/index.html")
        assert first is not None
        versioned.tag(first, tags)
    assert versioned.tags("a/index.html") == {"tilepress-state": "published"}
    versioned.put(artifact("two"))
    assert versioned.tags("a/index.html") == {}
    versioned.delete("a/index.html")
    versioned.tag(SourceFile("a/none.html", b"", '"e"', "none"), tags)
    assert versioned.tags("a/none.html") == {}


def test_tagging_says_whether_it_changed_anything(versioned: Store) -> None:
    """The same once more does not, nor does tagging what is gone."""
    versioned.put(artifact("one"))
    said = []
    for state in ("problem", "published", "published"):
        file = versioned.get("a/index.html")
        assert file is not None
        said.append(versioned.tag(file, {"tilepress-state": state}))
    assert [*said, versioned.tag(SourceFile("a/none.html", b"", '"e"', "none"), {"tilepress-state": "problem"})] == [True, True, False, False]


def test_tags_of_others_are_kept(make_aws: Callable[[], AwsServer]) -> None:
    """Who tags uploads for the bill, or for a lifecycle, finds these tags where they were."""
    aws = make_aws()
    store = S3Store(aws.s3, aws.source_bucket)
    aws.s3.put_object(Bucket=aws.source_bucket, Key="content/a.md", Body=b"x", Tagging="team=web")
    file = store.get("content/a.md")
    assert file is not None
    store.tag(file, {"tilepress-state": "published"})
    assert store.tags("content/a.md") == {"team": "web", "tilepress-state": "published"}


def test_earlier_versions_can_be_got(versioned: Store) -> None:
    """Where versions are kept, one that was overwritten is still there under its id."""
    versioned.put(artifact("good"))
    first = versioned.get("a/index.html")
    assert first is not None
    versioned.put(artifact("broken"))
    earlier = versioned.get("a/index.html", first.version_id)
    assert earlier is not None
    assert earlier.body == b"good"


def test_a_file_is_found_by_its_key_however_its_name_is_written(tmp_path: Path) -> None:
    """Some systems write `ü` in two characters; and a store that has seen such a name finds the file under its usual one afterwards."""
    store = DirectoryStore(tmp_path)
    decomposed, key = tmp_path / "u\u0308.md", "ü.md"
    decomposed.write_text("eins")
    assert [seen.key for seen in store.list()] == [key]
    first = store.get(key)
    decomposed.unlink()
    (tmp_path / key).write_text("zwei")
    assert [seen.key for seen in store.list()] == [key]
    then = store.get(key)
    assert [found.body for found in (first, then) if found] == [b"eins", b"zwei"]


def test_many_files_go_at_once_with_their_folders(tmp_path: Path) -> None:
    """Whoever deletes beside others finds folders gone that they were about to empty."""
    store, fan = DirectoryStore(tmp_path), Threads(8)
    keys = [f"a/{number // 4}/{number}/index.html" for number in range(400)]
    for _ in range(5):
        fan.io(store.put, [artifact(key=key) for key in keys])
        fan.io(store.delete, keys)
        assert not list(tmp_path.iterdir())


def test_a_link_that_leads_out_of_a_folder_is_not_there(tmp_path: Path) -> None:
    """Whoever may add a file to a repository could publish the keys of whoever publishes it; links within the folder are as good as files."""
    inside, outside = tmp_path / "in", tmp_path / "out"
    for folder in (inside, outside):
        folder.mkdir()
    (outside / "secret.txt").write_text("geheim")
    (inside / "a.txt").write_text("a")
    (inside / "b.txt").symlink_to("a.txt")
    (inside / "c.txt").symlink_to(outside / "secret.txt")
    (inside / "d").symlink_to(outside)
    store = DirectoryStore(inside)
    assert [found.key for found in store.list()] == ["a.txt", "b.txt"]
    assert [*store.list("d/")] == []
    assert [store.get(key) is None for key in ("b.txt", "c.txt", "d/secret.txt")] == [False, True, True]
