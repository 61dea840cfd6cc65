"""A bound on how long a computation may take, by the timer of the operating system."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from tilepress.errors import DeadlineExceeded

TEXT_SECONDS_MAX = 5.0
"""How long the conversion of one text may take. The longest real page that we know takes some 20 ms."""
AGAIN_SECONDS = 1.0
"""How long after the first time it is raised again: where Python was in a callback (of its garbage collector, say) nobody hears of an error."""


@contextmanager
def deadline(seconds: float = TEXT_SECONDS_MAX) -> Iterator[None]:
    """Raise DeadlineExceeded in what runs here when its time is up.

    Works in a process's main thread, where Lambda runs a handler, `tilepress dev` its queue and a pool its tasks; elsewhere,
    and on Windows, there is no bound. It acts between two steps of Python: what runs in C (the sanitiser, cmark-gfm) ends first,
    which is why `tilepress.markup.policy` weighs what it is given.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def expired(_signal: int, _frame: FrameType | None) -> None:
        raise DeadlineExceeded(f"more than {seconds} seconds")

    before = signal.signal(signal.SIGALRM, expired)
    signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN_SECONDS)
    try:
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    finally:  # should the time have been up just there
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
