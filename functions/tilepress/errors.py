"""The faults that Tilepress raises, cut by what the caller does about them: try again, or give up.

An author's mistake is not a fault: it is a value, `tilepress.pages.Problem`.
"""

from traceback import extract_tb


class TilepressError(Exception):
    """The root of every exception that Tilepress raises itself."""


class TryAgain(TilepressError):
    """Something outside was not ready: the same work may succeed later, so its message goes back to the queue."""


class Stale(TryAgain):
    """A compare-and-swap lost: somebody else wrote the object since it was read, so read again before deciding."""


class GiveUp(TilepressError):
    """The same work would fail in the same way: a missing permission, a wrong setting, a listing that cannot be true."""


class DeadlineExceeded(TilepressError):
    """A computation took longer than it may."""


class TooComplex(TilepressError):
    """A text is nested so deeply, or says so much in so little, that what comes of it would be too large."""


def unforeseen(error: Exception) -> GiveUp:
    """A fault of ours that nobody foresaw, with the place where it showed."""
    place = extract_tb(error.__traceback__)[-1]
    return GiveUp(f"{type(error).__name__}: {error} ({place.filename.rpartition('/')[2]}, line {place.lineno})")
