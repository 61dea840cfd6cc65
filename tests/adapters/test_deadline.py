"""A computation has a bound, and leaves no trace of it."""

import signal
import threading

import pytest
from tilepress.adapters.deadline import deadline
from tilepress.errors import DeadlineExceeded


def endless(seconds: float) -> None:
    """A computation without an end, bounded."""
    with deadline(seconds):
        while True:
            pass


def test_what_takes_too_long_is_interrupted() -> None:
    """A computation without an end ends when its time is up."""
    with pytest.raises(DeadlineExceeded):
        endless(0.01)


def test_the_bound_ends_with_the_computation() -> None:
    """Afterwards no timer is left, and the signal means what it meant before."""
    before = signal.getsignal(signal.SIGALRM)
    with deadline(60):
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 0
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0
    assert signal.getsignal(signal.SIGALRM) is before


def test_in_another_thread_the_computation_runs_without_a_bound() -> None:
    """Where there can be no timer the computation is done all the same."""
    done = []

    def compute() -> None:
        with deadline(0.001):
            done.append(sum(range(100_000)))

    thread = threading.Thread(target=compute)
    thread.start()
    thread.join()
    assert done == [sum(range(100_000))]
