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


def long() -> None:
    """A computation that takes some seconds."""
    for _ in range(100_000_000):
        pass


def test_what_takes_too_long_is_interrupted() -> None:
    """A computation without an end ends when its time is up."""
    with pytest.raises(DeadlineExceeded):
        endless(0.01)


def test_an_interruption_that_nobody_heard_of_comes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """As when it comes in a callback, out of which Python lets no error."""
    monkeypatch.setattr("tilepress.adapters.deadline.AGAIN_SECONDS", 0.01)
    unheard = []

    def compute() -> None:
        with deadline(0.01):
            try:
                long()
            except DeadlineExceeded as error:
                unheard.append(error)
            long()

    with pytest.raises(DeadlineExceeded):
        compute()
    assert unheard


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
