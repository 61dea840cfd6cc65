"""Cold start of the built artifact: `python -m tests.artifact.cold_start`, after `make runtime build`.

The build has to be for this machine's processor: `make build ARGS="--parameter-overrides Architecture=x86_64"`, or arm64.
From the start of the process to its first answer, under AWS's own runtime client on Python 3.13, beside a function that imports boto3, makes an S3
client and does nothing. They take turns; what is told is the median. The event names nothing, so that what counts is getting ready. Then the
modules that the handler imports, with what each costs beyond what boto3 has imported already.
"""

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from .runtime import PUBLISHER, Environment

ROOT = Path(__file__).parents[2]
ROUNDS = 15
TOOLS = Path(sys.prefix) / "tools"
PYTHON = TOOLS / "runtime/bin/python"
ARTIFACT = ROOT / ".aws-sam/build/Publisher"
FLOOR = """\
import boto3

s3 = boto3.client("s3")


def lambda_handler(event, context):
    return {}
"""
ENVIRON = {
    "AWS_ACCESS_KEY_ID": "x",
    "AWS_SECRET_ACCESS_KEY": "x",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "SOURCE_BUCKET": "source",
    "SITE_BUCKET": "site",
    "POWERTOOLS_LOG_LEVEL": "ERROR",
}
MILLISECONDS_MIN = 1.0
_IMPORT = re.compile(r"import time:\s+\d+ \|\s+(\d+) \| (\s*)(\S+)$")


def first_answer(folder: Path, handler: str, environ: Mapping[str, str]) -> float:
    """Seconds from the start of an environment to the answer to its first event."""
    with tempfile.TemporaryDirectory() as temporary:
        log = Path(temporary) / "log"
        began = time.perf_counter()
        environment = Environment(PYTHON, folder, environ, log, handler)
        try:
            kind, said = environment.invoke({"Records": []}, 60)
        finally:
            environment.close()
        if kind != "response":
            sys.exit(f"{handler}: {said}\n{log.read_text()[-2000:]}")
        return time.perf_counter() - began


def imports() -> list[tuple[str, float]]:
    """The outermost modules that the handler imports after boto3, each with its milliseconds, dearest first."""
    command = [str(PYTHON), "-X", "importtime", "-c", "import boto3, botocore.client; import tilepress.handler"]
    told = subprocess.run(command, cwd=ARTIFACT, env=ENVIRON, check=True, capture_output=True, text=True).stderr
    found: dict[str, float] = {}
    after = told[told.index(" boto3\n") :]
    for line in after.splitlines():
        if (seen := _IMPORT.match(line)) and not (name := seen[3]).startswith(("tilepress", "_")):
            package = name.partition(".")[0]
            found[package] = max(found.get(package, 0), int(seen[1]) / 1000)
    return sorted(found.items(), key=lambda one: -one[1])


def main() -> None:
    """Print both tables."""
    if not (PYTHON.exists() and (ARTIFACT / "tilepress").is_dir()):
        sys.exit("There is nothing to start: make runtime, and make build for this machine's processor")
    with tempfile.TemporaryDirectory() as temporary:
        floor = Path(temporary)
        (floor / "floor.py").write_text(FLOOR, encoding="utf-8")
        ours_environ = ENVIRON | {"TEMPLATES_DIR": str(ROOT / "templates")}
        times: dict[str, list[float]] = {"floor": [], "artifact": []}
        for folder in (ARTIFACT, floor):  # Lambda's artifact has been compiled by whoever made it; here the first start does
            first_answer(folder, PUBLISHER if folder is ARTIFACT else "floor.lambda_handler", ours_environ)
        for _ in range(ROUNDS):
            times["floor"].append(first_answer(floor, "floor.lambda_handler", ENVIRON))
            times["artifact"].append(first_answer(ARTIFACT, PUBLISHER, ours_environ))
    table = Table("", "seconds", "times the floor")
    base = median(times["floor"])
    for name, found in times.items():
        table.add_row(name, f"{median(found):.3f}", f"{median(found) / base:.2f}")
    Console().print(table)
    table = Table("module", "milliseconds, with what it imports")
    for name, milliseconds in imports():
        if milliseconds >= MILLISECONDS_MIN:
            table.add_row(name, f"{milliseconds:.1f}")
    Console().print(table)


if __name__ == "__main__":
    main()
