"""Hands give what one pair of hands would, in the same order."""

import pytest
from tilepress.adapters.fans import WORTH_A_PROCESS, Inline, Processes, Threads
from tilepress.ports import Fan


@pytest.mark.parametrize("fan", [Inline(), Threads(3), Processes(1), Processes(2)], ids=["inline", "threads", "one process", "processes"])
@pytest.mark.parametrize("count", [0, 1, WORTH_A_PROCESS])
def test_results_come_in_the_order_of_what_was_given(fan: Fan, count: int) -> None:
    """However many there are, and whoever does it."""
    wanted = [f"{number}" for number in range(count)]
    assert fan.io(int, wanted) == fan.cpu(int, wanted) == list(range(count))


def test_the_same_processes_compute_again() -> None:
    """Starting them takes a good part of a second."""
    fan = Processes(2)
    fan.cpu(int, range(WORTH_A_PROCESS))
    first = vars(fan)["_pool"]
    fan.cpu(int, range(WORTH_A_PROCESS))
    assert vars(fan)["_pool"] is first
