"""Hands give what one pair of hands would, in the same order."""

import os
import subprocess
import sys
import time
from pathlib import Path
from threading import Event

import pytest
from tilepress.adapters.fans import WORTH_A_PROCESS, WORTH_A_THREAD, Inline, Processes, Threads
from tilepress.errors import TryAgain
from tilepress.ports import Fan

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("fan", [Inline(), Threads(3), Processes(1), Processes(2)], ids=["inline", "threads", "one process", "processes"])
@pytest.mark.parametrize("count", [0, 1, WORTH_A_PROCESS])
def test_results_come_in_the_order_of_what_was_given(fan: Fan, count: int) -> None:
    """However many there are, and whoever does it."""
    wanted = [f"{number}" for number in range(count)]
    assert fan.io(int, wanted) == fan.cpu(int, wanted) == list(range(count))


@pytest.mark.parametrize("fan", [Threads(2), Processes(2)], ids=["threads", "processes"])
def test_no_request_outlives_the_call_that_one_of_them_fails(fan: Fan) -> None:
    """A put that lands when the next attempt is through would bring back what that has replaced."""
    begun, another, ended = [], Event(), []

    def ask(number: int) -> None:
        begun.append(number)
        if number == 0:
            another.wait()
            raise TryAgain("slow down")
        another.set()
        time.sleep(0.05)
        ended.append(number)

    with pytest.raises(TryAgain):
        fan.io(ask, range(WORTH_A_THREAD))
    assert sorted([0, *ended]) == sorted(begun)


def test_the_same_processes_compute_again() -> None:
    """Starting them takes a good part of a second."""
    fan = Processes(2)
    fan.cpu(int, range(WORTH_A_PROCESS))
    first = vars(fan)["_pool"]
    fan.cpu(int, range(WORTH_A_PROCESS))
    assert vars(fan)["_pool"] is first


BUILD = """
import sys
from tests.adapters.test_fans import WORTH_A_PROCESS, Processes, who
print(*set(Processes(2).cpu(who, range(WORTH_A_PROCESS))), flush=True)
sys.stdin.read()
"""


def who(_: int) -> int:
    """The process that computes this."""
    return os.getpid()


def test_processes_end_with_a_command_that_is_killed() -> None:
    """Nobody finds them waiting weeks later."""
    environ = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    with subprocess.Popen([sys.executable, "-c", BUILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environ) as command:
        assert command.stdout
        computing = [int(one) for one in command.stdout.readline().split()]
        command.kill()
    assert computing
    deadline = time.monotonic() + 30
    while any(map(lives, computing)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(lives, computing))


def lives(process: int) -> bool:
    """Whether there is such a process, and more of it than its entry in the table."""
    try:
        os.kill(process, 0)
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False
