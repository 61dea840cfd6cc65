"""From a saved file to the browser being told to show it, under `tilepress dev`: `python -m tests.bench.dev`.

The example site on this machine's whole local cloud: watcher, S3, queue, handler, site. What is told is the median of the
rounds; each ends when the page's new text is served after the reload was announced.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from urllib.request import urlopen

from tilepress.dev.site_server import RELOAD_PATH

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "example"
PAGE, ADDRESS = "content/projekte/ratsblick.md", "projekte/ratsblick/"
ROUNDS = 9


def measure(folder: Path) -> list[float]:
    """Seconds of each round; the first one, in which everything is still cold, is left out."""
    shutil.copytree(EXAMPLE, folder, dirs_exist_ok=True)
    text = (folder / PAGE).read_text(encoding="utf-8")
    command = [sys.executable, "-u", "-m", "tilepress.cli", "dev", str(folder), "--port", "0", "--templates", str(ROOT / "templates")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | {"NO_COLOR": "1"}) as dev:
        assert dev.stdout
        try:
            site = next(found.group(1) for line in dev.stdout if (found := re.search(r"Site +(http://\S+)", line)))
            return [_round(folder, text, site, number) for number in range(1 + ROUNDS)][1:]
        finally:
            dev.kill()


def _round(folder: Path, text: str, site: str, number: int) -> float:
    with urlopen(site.rstrip("/") + f"{RELOAD_PATH}/news", timeout=60) as news:
        time.sleep(0.5)  # so that the round before is over
        began = time.perf_counter()
        (folder / PAGE).write_text(f"{text}\n\nAusgabe {number}.\n", encoding="utf-8")
        while f"Ausgabe {number}." not in urlopen(site + ADDRESS).read().decode():
            while not news.readline().startswith(b"data: reload"):
                pass
        return time.perf_counter() - began


def main() -> None:
    """Print the median, and the slowest."""
    with tempfile.TemporaryDirectory() as temporary:
        found = measure(Path(temporary) / "site")
    print(f"saved → shown: {median(found) * 1000:.0f} ms, at most {max(found) * 1000:.0f} ms in {ROUNDS} rounds")


if __name__ == "__main__":
    main()
