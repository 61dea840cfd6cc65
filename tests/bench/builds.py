"""A clean build of a site into an empty folder, beside Hugo's and Pelican's: `python -m tests.bench.builds [PAGES …] [--json FILE]`.

All take turns; what is told is the median of the rounds. Each is a command, so that starting Python counts. Memory is that
of its largest process. Pelican is measured where `make peers` has installed it, and up to 1,000 pages. Hugo's layouts are as
lean as can be, Pelican's are its own.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from .sites import add_hugo, add_pelican, write_site

ROUNDS = 3
PAGES = (1_000, 10_000)
SECTION_PAGES = 1_000
PELICAN_PAGES_MAX = 1_000
BIN = Path(sys.executable).parent
PELICAN = BIN.parent / "tools/pelican/bin/pelican"


@dataclass(frozen=True, slots=True)
class Build:
    """Median seconds of a build, and the megabytes of its largest process."""

    pages: int
    name: str
    seconds: float
    megabytes: float


def measure(pages: int) -> list[Build]:
    """Everybody's build of a site of this size."""
    with tempfile.TemporaryDirectory() as temporary:
        home = Path(temporary)
        site, engine, out = home / "site", home / "commonmark", home / "out"
        for folder in (site, engine):
            write_site(folder, pages, max(1, pages // SECTION_PAGES))
        with (engine / "site.yaml").open("a", encoding="utf-8") as settings:
            settings.write("markdown: {engine: commonmark}\n")
        add_hugo(site, "none", "http://localhost")
        commands: dict[str, Sequence[str | Path]] = {
            "Tilepress, markdown": (BIN / "tilepress", "build", site, "--out", out),
            "Tilepress, commonmark": (BIN / "tilepress", "build", engine, "--out", out),
            "Hugo": (BIN / "hugo", "--quiet", "--source", site, "--destination", out),
        }
        if PELICAN.exists() and pages <= PELICAN_PAGES_MAX:
            add_pelican(home / "pelican", pages)
            commands["Pelican"] = (PELICAN, "--quiet", "--output", out, "--settings", home / "pelican/pelicanconf.py", home / "pelican/content")
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
        # People's machines keep the byte code of what they have installed.
        environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        for _ in range(ROUNDS):
            for name, command in commands.items():
                shutil.rmtree(out, ignore_errors=True)
                found[name].append(_run(command, environ))
        return [Build(pages, name, median(one for one, _ in runs), max(one for _, one in runs)) for name, runs in found.items()]


def _run(command: Sequence[str | Path], environ: Mapping[str, str]) -> tuple[float, float]:
    """Seconds of a command, and the megabytes of the largest process of it. Raises CalledProcessError when it fails."""
    began = time.perf_counter()
    with subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, [str(part) for part in command])
    return time.perf_counter() - began, used.ru_maxrss / 1000


def main() -> None:
    """Print the table, and write it as JSON where wanted."""
    parser = argparse.ArgumentParser(description="A clean build, by size of the site.")
    parser.add_argument("pages", nargs="*", type=int, default=PAGES)
    parser.add_argument("--json", type=Path, help="a file for the figures")
    wanted = parser.parse_args()
    table = Table("pages", "", "seconds", "times Hugo's", "MB")
    found: list[Build] = []
    for pages in wanted.pages:
        builds = measure(pages)
        hugo = next(one.seconds for one in builds if one.name == "Hugo")
        for one in builds:
            table.add_row(f"{pages:,}", one.name, f"{one.seconds:.2f}", f"{one.seconds / hugo:.1f}", f"{one.megabytes:.0f}")
        found += builds
    Console(width=None if os.isatty(1) else 100).print(table)
    if wanted.json:
        wanted.json.write_text(json.dumps([asdict(one) for one in found], indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
