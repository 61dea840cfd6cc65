"""Prints the folder of a Python 3.13 that runs: `sam build` installs for the Python of the function, and needs one of that version."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

NAME = "python3.13"


def main() -> int:
    """Look on the path, then where pyenv and uv keep theirs. A name on the path may be a shim that runs nothing."""
    for python in candidates():
        if subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode == 0:
            print(Path(python).parent)
            return 0
    print(f"There is no {NAME}, which `sam build` needs. Install one, for instance: .venv/bin/uv python install 3.13", file=sys.stderr)
    return 1


def candidates() -> Iterator[str]:
    """Where one may be."""
    if (found := shutil.which(NAME)) is not None:
        yield found
    homes = [Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions", Path.home() / ".local/share/uv/python"]
    for home in homes:
        yield from sorted((str(path) for path in home.glob(f"*3.13*/bin/{NAME}")), reverse=True)


if __name__ == "__main__":
    sys.exit(main())
