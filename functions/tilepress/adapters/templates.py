"""A templates folder on disk → a `Theme`."""

from functools import cache
from pathlib import Path

from tilepress.artifacts import digest
from tilepress.errors import GiveUp
from tilepress.theme import KINDS, Theme, load_theme


def read_theme(folder: Path) -> Theme:
    """The theme that a folder holds. Raises GiveUp when there is none."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file() and path.suffix in KINDS}
    if "base.html" not in found:
        raise GiveUp(f"there are no templates in {folder}")
    return load_theme(tuple((name, found[name].read_bytes()) for name in sorted(found)), release())


@cache
def release() -> str:
    """A digest of this package's code: what another release rendered is not current."""
    package = Path(__file__).parent.parent
    return digest(*(path.read_bytes() for path in sorted(package.rglob("*.py"))))
