"""What a change costs in S3 requests and in paths of the CDN, as `make bench` prints it."""

import pytest
from bench.requests import BURST, Cost, measure


@pytest.fixture(scope="module")
def measured() -> dict[str, Cost]:
    """The requests of each kind of change, counted once."""
    return measure()


@pytest.mark.parametrize(
    ("change", "requests_max"),
    [("one page edited", 21), ("the same event again", 8), ("the same bytes again", 17), ("one new page", 29), ("one page deleted", 27)],
)
def test_a_change_costs_no_more_than_it_did(measured: dict[str, Cost], change: str, requests_max: int) -> None:
    """A request too many is seen here, before it is seen in a bill."""
    assert measured[change].requests.total() <= requests_max


def test_only_a_burst_lists_anything(measured: dict[str, Cost]) -> None:
    """The cost of a change does not grow with the site."""
    assert [change for change, cost in measured.items() if cost.requests["ListObjectsV2"]] == [f"a burst of {BURST} new pages"]


def test_a_page_in_a_burst_costs_little_more_than_its_reading_and_writing(measured: dict[str, Cost]) -> None:
    """It is read, put and tagged; what is looked at is looked at by the folder."""
    assert measured[f"a burst of {BURST} new pages"].requests.total() <= BURST * 3 + 25


def test_what_comes_twice_writes_nothing(measured: dict[str, Cost]) -> None:
    """S3 may deliver an event more than once."""
    assert measured["the same event again"].requests.keys() <= {"GetObject", "HeadObject"}


def test_a_burst_is_a_handful_of_ledger_writes(measured: dict[str, Cost]) -> None:
    """Of two hundred new pages in one batch, what is not a page is written a few times, not two hundred."""
    assert measured[f"a burst of {BURST} new pages"].requests["PutObject"] <= BURST + 10


def test_the_same_again_puts_nothing_but_its_ledger(measured: dict[str, Cost]) -> None:
    """An upload of the same bytes is a new version, which the ledger notes; the site is not written."""
    assert measured["the same bytes again"].requests["PutObject"] <= 1


@pytest.mark.parametrize(("change", "paths_max"), [("one text edited", 3), ("one page edited", 7), ("one new page", 14), ("the same event again", 0)])
def test_a_change_has_few_paths_forgotten(measured: dict[str, Cost], change: str, paths_max: int) -> None:
    """Each is in the bill."""
    assert measured[change].paths <= paths_max
