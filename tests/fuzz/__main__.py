"""`make fuzz MINUTES=N`: every target in turn, for N minutes in all. What breaks a property is kept, and told.

With atheris, inputs grow from seeds (the example's pages, and what stands below) by what code they reach; where there is
no atheris, Hypothesis mutates the same seeds. What was learnt stays below `.fuzz/` for the next time.
"""

import hashlib
import importlib.util
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from .properties import FOUND, INPUT_BYTES_MAX, TARGETS

ROOT = Path(__file__).parents[2]
WORK = ROOT / ".fuzz"
EVENTS = ROOT / "tests/events"
SHARES = {"parse": 3, "markup": 3}  # of the time; the others are soon through
FIELDS = (
    "title: x\n",
    "title: Ü &shy; “x”\ndate: 2024-1-1 12:00\ntile: doppel\nweight: 010\n",
    "title: x\nde: {title: a, content: '*b*'}\nen: {title: c, content: d}\n",
    "title: x\nimg: '?a'\nimg_header: data:x\naliases: [/a/, '../b', //c]\nslug: a/b\n",
    "title: x\npeople: [{name: a, role: b}, c]\ncontact: {mastodon: {handle: a, server: b.de}, x: '@a', mail: a@b.de}\n",
    "title: x\nwebsite: www.x.de\ncta: y\ncta_text: '<b onclick=x>[y](javascript:z)'\nmore_text: |-\n  <a href=x>\n",
)
TEXTS = (
    "# A {#b .c}\n\n| a | b |\n|---|--:|\n| c | d |\n\n```python\nx\n```\n\n- a\n  - b\n\n    c\n\n1) d\n\nx[^1]\n\n[^1]: y\n\nA\n: b\n",
    '<div markdown="1">\n*a*\n</div>\n<iframe src="https://x.de/a" title=b></iframe>\n<svg><script>x</script></svg>\n<math><mi><style></style>\n',
    "![a](b.png \"c\")\\\n<https://x.de> https://y.de a@b.de [c][d] ~~e~~ - [ ] f\n\n[d]: javascript:x 'y'\n\n> a\n>> b\n---\n***a**b*\n",
    "<table><tr><td><p>a</table></td><b><i></b></i><a href=x><a href=y><form><input><details open ontoggle=x>\n",
)
DICTIONARY = r"""
--- +++ { } [ ] ]( ``` ~~~ <!-- --> <![CDATA[ ]]> <?php ?> &#x3a; &colon; &shy; \\ \x00 \xef\xbb\xbf \xe2\x80\xae \xc2\x85 \x0d\x0a \x09
title: date: tile: img: slug: aliases: people: contact: website: cta_text: draft: de: en: content: |- >- !! & * << # - :
<script> </script> <style> <svg> <math> <iframe src= <a href= <img src=x onerror= javascript: data: https://x.de/ markdown="1" class= style= id=
[^1] [^1]: {: {# * _ ** ~~ | |---| 1. - [ ] > $ == ++ ^^ http:// www. @ .. // index.html tiles.json Records s3 object key detail body
"""


def main(minutes: float) -> int:
    """Fuzz, and say what was tried and found. 1 when something was."""
    guided = importlib.util.find_spec("atheris") is not None
    shares = {target: SHARES.get(target.partition("-")[0], 1) for target in TARGETS}
    failed = False
    for target, share in shares.items():
        seconds = max(1, int(minutes * 60 * share / sum(shares.values())))
        tried, broken = _guided(target, seconds) if guided else _mutated(target, seconds)
        told = f"{tried:>12,} inputs in {seconds:,} s" + (f", {len(broken)} break a property:" if broken else "")
        print(f"{target:18} {told}", *broken, sep="\n    ", flush=True)
        failed = failed or bool(broken)
    return int(failed)


def seeds(target: str) -> Iterator[bytes]:
    """Where inputs grow from."""
    found = FOUND / target.partition("-")[0]
    yield from (path.read_bytes() for path in sorted(found.glob("*")))
    if target == "events":
        yield from (path.read_bytes() for path in sorted(EVENTS.glob("*.json")))
    elif target == "keys":
        yield from (path.relative_to(ROOT / "example/content").as_posix().encode() for path in sorted(ROOT.glob("example/content/**/*.md")))
        yield from (b"en/x", b".tilepress/x", b"a/../b", b"index", b"tiles.json", "a\u202eb".encode(), "ti\u217cesjson/\u0456ndex".encode())
    else:
        pages = [path.read_bytes() for path in sorted(ROOT.glob("example/content/**/*.md"))]
        yield from (page for page in pages if len(page) <= INPUT_BYTES_MAX)
        yield from (f"---\n{fields}---\n{text}".encode() for fields in FIELDS for text in TEXTS)
        yield from (text.encode() for text in TEXTS)
        yield from (b'+++\ntitle = "x"\ntags = ["a"]\n[contact]\nx = "y"\n+++\na\n', b'{"title": "x", "tags": ["a"]}\n\na\n')


def _guided(target: str, seconds: int) -> tuple[int, list[str]]:
    """Under atheris, in a process of its own: what it instruments, it imports anew."""
    learnt, found, words = WORK / target, WORK / "found" / target, WORK / "words.txt"
    for folder in (learnt, found):
        folder.mkdir(parents=True, exist_ok=True)
    for seed in seeds(target):
        (learnt / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)
    words.write_text("".join('"' + word.replace('"', '\\"').replace("\\x", "\0").replace("\0", "\\x") + '"\n' for word in DICTIONARY.split()))
    flags = [f"-max_total_time={seconds}", f"-max_len={INPUT_BYTES_MAX}", f"-dict={words}", "-rss_limit_mb=1500"]
    flags += ["-timeout=0", "-handle_alrm=0", "-print_final_stats=1", f"-artifact_prefix={found}/", str(learnt)]
    command = [sys.executable, "-m", "tests.fuzz.guided", target, str(found), *flags]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, errors="replace", check=False)
    tried = sum(int(count) for count in re.findall(r"number_of_executed_units: (\d+)", run.stderr))
    broken = re.findall(r"^FOUND (.*)", run.stdout, re.MULTILINE)
    return tried, broken if tried else [*broken, f"atheris ended with {run.returncode}: {run.stderr[-1000:]}"]


def _mutated(target: str, seconds: int) -> tuple[int, list[str]]:
    """Seeds cut, joined and changed at random, for as long; without guidance, but everywhere."""
    chance, known, words = Random(time.time_ns()), list(seeds(target)), DICTIONARY.split()  # noqa: S311 - chance is the point
    tried, broken = 0, []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        data = bytearray(chance.choice(known))
        for _ in range(chance.randint(1, 6)):
            put = chance.choice((chance.randbytes(2), chance.choice(words).encode(), chance.choice(known)[: chance.randint(0, 200)]))
            at = chance.randint(0, len(data))
            data[at : at + chance.choice((0, 0, 1, 2, 8))] = put
        tried += 1
        try:
            TARGETS[target](bytes(data[:INPUT_BYTES_MAX]))
        except Exception as error:  # noqa: BLE001 - whatever it is, it was found
            (WORK / "found" / target).mkdir(parents=True, exist_ok=True)
            kept = WORK / "found" / target / hashlib.sha256(data).hexdigest()[:16]
            kept.write_bytes(data[:INPUT_BYTES_MAX])
            broken.append(f"{kept}: {type(error).__name__}: {error}"[:300])
    return tried, broken


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0))
