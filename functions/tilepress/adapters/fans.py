"""Hands to do several things at once: none, threads for the network, processes for computing."""

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ProcessPoolExecutor, ThreadPoolExecutor, wait
from functools import cached_property
from multiprocessing import get_context, parent_process
from threading import Thread

from tilepress.ports import Given, Made

CHUNKS_A_PROCESS = 8
WORTH_A_PROCESS = 64
"""Starting processes takes longer than computing fewer groups than this."""
WORTH_A_PROCESS_IF_LONG = 4
"""The same of what takes a good part of a second, such as photos."""
WORTH_A_THREAD = 16
"""Files are read and written in less time than a thread takes to hear of fewer."""
IMPORTED_ONCE = ("tilepress.commands.folder", "tilepress.commands.bucket", "snowballstemmer")
"""What the server imports from which processes are forked, so that none of them has to: all that a process needs, and what the command is made of,
since Python has each process import the command."""


class Inline:
    """One thing after the other: for tests that need an order, and for stores without a network."""

    def io(self, function: Callable[[Given], Made], given: Iterable[Given]) -> list[Made]:
        """See `tilepress.ports.Fan`."""
        return [function(one) for one in given]

    def cpu(self, function: Callable[[Given], Made], given: Sequence[Given], *, long: bool = False) -> list[Made]:  # noqa: ARG002 - nobody to share with
        """See `tilepress.ports.Fan`."""
        return [function(one) for one in given]


class Threads(Inline):
    """Requests side by side: what Lambda waits for is the network, not the processor."""

    def __init__(self, threads: int) -> None:
        self._pool = ThreadPoolExecutor(threads)

    def io(self, function: Callable[[Given], Made], given: Iterable[Given]) -> list[Made]:
        """See `tilepress.ports.Fan`."""
        wanted = list(given)
        return [function(one) for one in wanted] if len(wanted) < 2 else _all_of(self._pool, function, wanted)  # noqa: PLR2004 - one needs no thread


class Processes(Inline):
    """Pages computed, and files read and written, on every core: for `tilepress build`."""

    def __init__(self, processes: int) -> None:
        self._processes = processes

    def io(self, function: Callable[[Given], Made], given: Iterable[Given]) -> list[Made]:
        """See `tilepress.ports.Fan`."""
        wanted = list(given)
        return super().io(function, wanted) if len(wanted) < WORTH_A_THREAD else _all_of(self._threads, function, wanted)

    def cpu(self, function: Callable[[Given], Made], given: Sequence[Given], *, long: bool = False) -> list[Made]:
        """See `tilepress.ports.Fan`."""
        if self._processes < 2 or len(given) < (WORTH_A_PROCESS_IF_LONG if long else WORTH_A_PROCESS):  # noqa: PLR2004 - with one core there is nothing to share
            return super().cpu(function, given)
        chunk = 1 if long else max(1, len(given) // (self._processes * CHUNKS_A_PROCESS))
        return list(self._pool.map(function, given, chunksize=chunk))

    @cached_property
    def _threads(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self._processes)

    @cached_property
    def _pool(self) -> ProcessPoolExecutor:
        context = get_context("forkserver")
        context.set_forkserver_preload(list(IMPORTED_ONCE))
        return ProcessPoolExecutor(self._processes, mp_context=context, initializer=_end_with_parent)


def _all_of(pool: ThreadPoolExecutor, function: Callable[[Given], Made], given: Sequence[Given]) -> list[Made]:
    """What becomes of each. An error only when all that have begun are over: a request that outlives its run would act on a later one's."""
    asked = [pool.submit(function, one) for one in given]
    wait(asked, return_when=FIRST_EXCEPTION)
    begun = [one for one in asked if not one.cancel()]
    wait(begun)
    return [one.result() for one in begun]


def _end_with_parent() -> None:
    """See to it that this process of a pool ends with the one that it works for, even if that is killed: it would wait for work for ever."""
    Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    if parent := parent_process():
        parent.join()
        os._exit(1)
