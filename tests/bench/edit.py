"""One edited page, until the site bucket shows all that follows from it: `python -m tests.bench.edit [PAGES:SECTIONS …] [--json FILE]`.

Against Hugo, which builds the site and deploys what differs to the same local S3, and against the floor: the same S3
requests one after the other, with empty bodies and nothing computed. All three take turns. The handler is warm, and called
directly; Hugo's files are saved already. What is told is the median of the rounds.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass
from io import StringIO
from pathlib import Path
from statistics import median
from typing import Any

import boto3
from rich.console import Console
from rich.table import Table
from tilepress import handler
from tilepress.adapters.folders import folder_cloud
from tilepress.resync import resync

from .requests import CONTEXT
from .server import s3_server
from .sites import add_hugo, page, page_key, upload, write_site

ROUNDS = 5
SIZES = ("1000:10", "1000:1", "10000:10", "10000:1")
HUGO = Path(sys.executable).with_name("hugo")
BUCKET_OF_FLOOR = "bench-floor"
BUCKET_OF_HUGO = "bench-hugo"
ONCE = """
from types import SimpleNamespace
from tilepress.handler import lambda_handler
context = SimpleNamespace(function_name="bench", memory_limit_in_mb=1769, invoked_function_arn="arn", aws_request_id="1")
lambda_handler({{"keys": ["{key}"]}}, context)
# What the kernel tells of a child that has ended counts the process that it was forked from.
print(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


@dataclass(frozen=True, slots=True)
class Edit:
    """Medians in seconds, what one edit asks of S3, and the most memory that a process took which did just one."""

    pages: int
    sections: int
    tilepress: float
    hugo: float
    floor: float
    requests: int
    writes: int
    written_bytes: int
    megabytes: float


def measure(pages: int, sections: int, *, with_hugo: bool = True) -> Edit:
    """One size of a site."""
    with tempfile.TemporaryDirectory() as temporary, s3_server() as told:
        folder = Path(temporary)
        write_site(folder, pages, sections)
        s3: Any = boto3.client("s3")
        for bucket in (BUCKET_OF_FLOOR, BUCKET_OF_HUGO):
            s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": told["AWS_DEFAULT_REGION"]})
        upload(folder, told["SOURCE_BUCKET"], s3)
        cloud, theme = handler.wired()
        resync(folder_cloud(folder, cloud.site), theme)
        add_hugo(folder, BUCKET_OF_HUGO, told["AWS_ENDPOINT_URL"])
        calls = _recorded(cloud.source.client)  # type: ignore[attr-defined]
        number = pages // 2
        key = page_key(number, sections)

        def ours(edition: int) -> None:
            s3.put_object(Bucket=told["SOURCE_BUCKET"], Key=key, Body=page(number, edition))
            calls.clear()
            with redirect_stdout(StringIO()):
                handler.lambda_handler({"keys": [key]}, CONTEXT)

        def hugo(edition: int) -> None:
            (folder / key).write_bytes(page(number, edition))
            for command in (("--quiet",), ("deploy", "--maxDeletes", "-1", "--quiet")):
                subprocess.run([HUGO, *command], cwd=folder, check=True, capture_output=True)

        def floor(_edition: int) -> None:
            for name, params in list(calls):
                _again(s3, name, params)

        ours(1)
        if with_hugo:
            hugo(1)
        times: dict[str, list[float]] = {"ours": [], "hugo": [], "floor": []}
        for edition in range(2, 2 + ROUNDS):
            times["ours"].append(_seconds(ours, edition))
            times["floor"].append(_seconds(floor, edition))
            if with_hugo:
                times["hugo"].append(_seconds(hugo, edition))
        return Edit(
            pages,
            sections,
            median(times["ours"]),
            median(times["hugo"]) if with_hugo else 0.0,
            median(times["floor"]),
            len(calls),
            sum(name.startswith("Put") for name, _ in calls),
            sum(_size(params["Body"]) for name, params in calls if name == "PutObject"),
            _megabytes(s3, told["SOURCE_BUCKET"], key, page(number, 2 + ROUNDS)),
        )


def _megabytes(s3: Any, bucket: str, key: str, body: bytes) -> float:
    """The most memory of a process that does nothing but publish this."""
    s3.put_object(Bucket=bucket, Key=key, Body=body)
    told = subprocess.run([sys.executable, "-c", ONCE.format(key=key)], check=True, capture_output=True, text=True).stdout
    return int(told.split()[-2]) / 1000


def _recorded(client: Any) -> list[tuple[str, dict[str, Any]]]:
    """A list to which each request of this client is added, as operation and parameters."""
    calls: list[tuple[str, dict[str, Any]]] = []
    client.meta.events.register("before-parameter-build.s3", lambda params, model, **_: calls.append((model.name, dict(params))))
    return calls


def _size(body: Any) -> int:
    """Bytes of a PUT, which boto3 may have put into a file in memory."""
    return len(body) if isinstance(body, bytes) else len(body.getbuffer())


def _seconds(run: Callable[[int], None], edition: int) -> float:
    began = time.perf_counter()
    run(edition)
    return time.perf_counter() - began


def _again(s3: Any, name: str, params: dict[str, Any]) -> None:
    """The same request for nothing: writes go to a bucket aside, with empty bodies."""
    if name in {"GetObject", "HeadObject"}:
        method = s3.get_object if name == "GetObject" else s3.head_object
        try:
            answer = method(Bucket=params["Bucket"], Key=params["Key"])
        except s3.exceptions.ClientError:
            return
        if name == "GetObject":
            answer["Body"].read()
    elif name.startswith("PutObject"):
        s3.put_object(Bucket=BUCKET_OF_FLOOR, Key=params["Key"])
    elif name == "DeleteObject":
        s3.delete_object(Bucket=BUCKET_OF_FLOOR, Key=params["Key"])
    else:
        s3.list_objects_v2(Bucket=BUCKET_OF_FLOOR)


def main() -> None:
    """Print the table, and write it as JSON where wanted."""
    parser = argparse.ArgumentParser(description="One edited page, by size of the site.")
    parser.add_argument("sizes", nargs="*", default=SIZES, help="PAGES:SECTIONS")
    parser.add_argument("--without-hugo", action="store_true", help="how it grows, alone")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    wanted = parser.parse_args()
    table = Table("pages", "sections", "Tilepress s", "Hugo build + deploy s", "times faster", "floor s", "requests", "bytes written", "MB")
    found: list[Edit] = []
    for size in wanted.sizes:
        pages, sections = (int(number) for number in size.split(":"))
        found.append(edit := measure(pages, sections, with_hugo=not wanted.without_hugo))
        hugo = (f"{edit.hugo:.2f}", f"{edit.hugo / edit.tilepress:.0f}") if edit.hugo else ("", "")
        figures = (
            f"{pages:,}",
            str(sections),
            f"{edit.tilepress:.3f}",
            *hugo,
            f"{edit.floor:.3f}",
            str(edit.requests),
            f"{edit.written_bytes:,}",
            f"{edit.megabytes:.0f}",
        )
        table.add_row(*figures)
    Console(width=None if os.isatty(1) else 140).print(table)
    if wanted.json:
        wanted.json.write_text(json.dumps([asdict(one) for one in found], indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
