"""A templates folder on disk → a `Theme`.

What is deployed brings the templates' byte code, made by `python -m tilepress.adapters.templates FOLDER` with the functions' own Python:
compiling them would be a third of a cold start. A template that has changed since is compiled all the same.
"""

import marshal
import sys
from functools import cache
from pathlib import Path

from tilepress.artifacts import digest
from tilepress.errors import GiveUp
from tilepress.theme import KINDS, Theme, load_theme

COMPILED = Path(__file__).parent.parent / "templates.compiled"


def read_theme(folder: Path) -> Theme:
    """The theme that a folder holds. Raises GiveUp when there is none."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file() and path.suffix in KINDS}
    if "base.html" not in found:
        raise GiveUp(f"there are no templates in {folder}")
    compiled = marshal.loads(COMPILED.read_bytes()) if COMPILED.exists() else ()  # noqa: S302 - it came with this code
    return load_theme(tuple((name, found[name].read_bytes()) for name in sorted(found)), release(), compiled=compiled)


@cache
def release() -> str:
    """A digest of this package's code: what another release rendered is not current."""
    package = COMPILED.parent
    return digest(*(path.read_bytes() for path in sorted(package.rglob("*.py"))))


if __name__ == "__main__":
    COMPILED.write_bytes(marshal.dumps(read_theme(Path(sys.argv[1])).compiled))
