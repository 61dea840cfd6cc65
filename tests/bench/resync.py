"""What the daily look at a site costs on which nothing has changed: `python -m tests.bench.resync [PAGES:SECTIONS …]`.

S3 is a process of its own, and the handler's process has seen the site before, as a warm one has. Processor time is the
handler's alone; requests are those of its S3 client.
"""

import argparse
import tempfile
import time
from collections import Counter
from contextlib import redirect_stdout
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
from .sites import upload, write_site

ROUNDS = 3
SIZES = ("1000:1", "10000:10", "10000:1")


def measure(pages: int, sections: int) -> tuple[float, float, Counter[str]]:
    """Median seconds, median seconds of processor time, and the requests by kind."""
    with tempfile.TemporaryDirectory() as temporary, s3_server() as told:
        folder = Path(temporary)
        write_site(folder, pages, sections)
        upload(folder, told["SOURCE_BUCKET"], boto3.client("s3"))
        cloud, theme = handler.wired()
        resync(folder_cloud(folder, cloud.site), theme)
        requests: Counter[str] = Counter()
        client: Any = cloud.source.client  # type: ignore[attr-defined]
        client.meta.events.register("before-call.s3", lambda model, **_: requests.update([model.name]))
        times: list[tuple[float, float]] = []
        for _ in range(1 + ROUNDS):
            requests.clear()
            began = time.perf_counter(), time.process_time()
            with redirect_stdout(StringIO()):
                handler.lambda_handler({"resync": True}, CONTEXT)
            times.append((time.perf_counter() - began[0], time.process_time() - began[1]))
        return median(wall for wall, _ in times[1:]), median(cpu for _, cpu in times[1:]), requests


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="A resync of a site on which nothing has changed.")
    parser.add_argument("sizes", nargs="*", default=SIZES, help="PAGES:SECTIONS")
    table = Table("pages", "sections", "seconds", "processor seconds", "requests", "LIST", "GET", "HEAD", "PUT")
    for size in parser.parse_args().sizes:
        pages, sections = (int(number) for number in size.split(":"))
        wall, cpu, found = measure(pages, sections)
        kinds = [found["ListObjectsV2"], found["GetObject"] + found["GetObjectTagging"], found["HeadObject"]]
        kinds.append(found["PutObject"] + found["PutObjectTagging"])
        table.add_row(f"{pages:,}", str(sections), f"{wall:.2f}", f"{cpu:.2f}", str(found.total()), *map(str, kinds))
    Console().print(table)


if __name__ == "__main__":
    main()
