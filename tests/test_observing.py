"""Many keys of a folder are looked at by listing it, few one by one; and what a listing leaves out is asked for."""

from collections import Counter
from collections.abc import Iterator

import pytest
from tilepress import observing
from tilepress.adapters.fans import Inline
from tilepress.adapters.memory import MemoryStore
from tilepress.artifacts import Artifact, Observed
from tilepress.observing import observe, without_missing


class Counting(MemoryStore):
    """A store that counts what it is asked, and how many objects it has listed."""

    def __init__(self, *keys: str) -> None:
        super().__init__()
        self.asked: Counter[str] = Counter()
        for key in keys:
            self.put(Artifact(key, key.encode(), ""))

    def head(self, key: str) -> Observed | None:
        """Counted."""
        self.asked["head"] += 1
        return super().head(key)

    def list(self, prefix: str = "") -> Iterator[Observed]:
        """Counted."""
        self.asked["list"] += 1
        for seen in super().list(prefix):
            self.asked["objects"] += 1
            yield seen


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders are listed from three keys on, six objects at most then."""
    monkeypatch.setattr(observing, "LISTED_FROM", 3)
    monkeypatch.setattr(observing, "OBJECTS_A_KEY_MAX", 2)


SOURCES = ["content/a/1.md", "content/a/2.md", "content/a/4.md"]
PAGES = ["a/1/index.html", "a/2/index.html", "a/4/index.html"]


@pytest.mark.parametrize("there", [SOURCES, PAGES])
def test_many_of_a_folder_are_listed(there: list[str]) -> None:
    """Pages, each in a folder of its own, have their section in common."""
    store = Counting(*there)
    missing = there[0].replace("1", "3")
    found = observe([*there, missing], store, Inline())
    assert {key: seen.etag if seen else None for key, seen in found.items()} == {key: store.get(key).etag for key in there} | {missing: None}  # type: ignore[union-attr]
    assert store.asked == {"list": 1, "objects": 3}


@pytest.mark.parametrize("keys", [SOURCES[:2], ["index.html", "ueber/index.html", "blog/index.html", "404.html"], ["content/a/1.md", *PAGES[:2]]])
def test_few_of_a_folder_are_asked_for_one_by_one(keys: list[str]) -> None:
    """Nor is a whole bucket ever listed."""
    store = Counting(*SOURCES, *PAGES)
    observe(keys, store, Inline())
    assert store.asked == {"head": len(keys)}


def test_a_large_folder_is_not_listed_to_its_end() -> None:
    """What comes after the first objects is asked for: the cost is that of the keys, not of the folder."""
    store = Counting(*(f"content/a/{number}.md" for number in range(10, 99)))
    keys = ["content/a/10.md", "content/a/12x.md", "content/a/50.md"]
    found = observe(keys, store, Inline())
    assert [bool(found[key]) for key in keys] == [True, False, True]
    assert store.asked == {"list": 1, "objects": 6, "head": 1}


@pytest.mark.parametrize(
    ("keys", "left"),
    [
        ([*SOURCES, "content/a/1.en.md"], SOURCES),
        (["content/a/1.md", "content/a/1.en.md"], ["content/a/1.md", "content/a/1.en.md"]),
    ],
)
def test_only_a_listing_leaves_keys_out(keys: list[str], left: list[str]) -> None:
    """Of few keys nothing is known before they are read."""
    store = Counting(*SOURCES)
    assert without_missing(keys, store, Inline()) == left
    assert store.asked["head"] == 0


def test_no_key_is_looked_at_twice() -> None:
    """However often it is named: so often does not make it many, either."""
    store = Counting(*SOURCES)
    observe([SOURCES[0]] * 3, store, Inline())
    assert store.asked == {"head": 1}
