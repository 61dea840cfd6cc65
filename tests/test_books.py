"""Ledgers are read and replaced by what their store says; what a process remembers of them spares work, and decides nothing."""

import pytest
from builders import ledger, record
from tilepress import books, ledger_json
from tilepress.adapters.memory import MemoryStore
from tilepress.artifacts import Artifact
from tilepress.books import ledger_key, read_ledger, write
from tilepress.errors import GiveUp
from tilepress.ledger import Ledger


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test begins as a new process does."""
    monkeypatch.setattr(books, "_remembered", type(vars(books)["_remembered"])())


def written(store: MemoryStore, *names: str, section: str = "projekte") -> Ledger:
    """A ledger with these groups, in the store."""
    book = Ledger(section=section, groups=ledger(**{name: record(name) for name in names}).groups)
    write(store, read_ledger(store, section), book)
    return book


def test_ledger_that_was_written_is_not_read_out_of_its_json_again(monkeypatch):
    """The next run of the same process has it at once."""
    store = MemoryStore()
    book = written(store, "a", "b")
    monkeypatch.setattr(ledger_json, "from_json", lambda _: pytest.fail("read again"))
    assert read_ledger(store, "projekte").value == book


def test_what_another_process_wrote_is_what_is_read():
    """An object with another ETag is another ledger, whatever is remembered."""
    store = MemoryStore()
    written(store, "a")
    theirs = ledger(b=record("b"))
    store.put(Artifact(ledger_key("projekte"), ledger_json.to_bytes(theirs), ""))
    assert read_ledger(store, "projekte").value == theirs


def test_damaged_ledger_is_named_though_a_good_one_is_remembered():
    """What cannot be read is an error with a hint, and not what was there before."""
    store = MemoryStore()
    written(store, "a")
    store.put(Artifact(ledger_key("projekte"), b"{}", ""))
    with pytest.raises(GiveUp, match="Delete it and run a resync"):
        read_ledger(store, "projekte")


def test_memory_has_a_limit(monkeypatch):
    """The ledgers that were used last are kept, and of these no more than so many pages."""
    monkeypatch.setattr(books, "PAGES_REMEMBERED", 2)
    store = MemoryStore()
    for section, names, kept in (("alt", "ab", "alt"), ("neu", "c", "neu"), ("groß", "abc", "")):
        written(store, *names, section=section)
        assert list(vars(books)["_remembered"]) == ([ledger_key(kept)] if kept else [])
