"""One edited page as the site grows: `python -m tests.bench.growth [PAGES:SECTIONS …] [--json FILE] [--plot FILE]`.

The plot shows the time of an edit and the bytes that it writes, over the pages of the site. Dollars are list prices of
eu-central-1 for a thousand publishes: S3's requests, and Lambda at 1,769 MB for as long as the edit took here.
Invalidations, which cost the same at any size, are not in it.
"""

import argparse
import json
import math
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from .edit import Edit, measure

SIZES = ("100:1", "1000:1", "10000:10", "100000:100")
DOLLARS_A_WRITE = 0.0054 / 1000
DOLLARS_A_READ = 0.00043 / 1000
DOLLARS_A_SECOND = 1769 / 1024 * 0.0000133334
WIDTH, HEIGHT, MARGIN = 640, 320, 60


def dollars(edit: Edit) -> float:
    """What a thousand such publishes cost."""
    return 1000 * (edit.writes * DOLLARS_A_WRITE + (edit.requests - edit.writes) * DOLLARS_A_READ + edit.tilepress * DOLLARS_A_SECOND)


def plot(edits: Sequence[Edit]) -> str:
    """An SVG: milliseconds and kilobytes of an edit, on two logarithmic scales, over the pages of the site."""
    lines = (
        ("ms", "#0b6e4f", [edit.tilepress * 1000 for edit in edits]),
        ("kB written", "#b3541e", [edit.written_bytes / 1000 for edit in edits]),
    )
    top = math.ceil(math.log10(max(value for _, _, values in lines for value in values)))
    first, last = math.log10(edits[0].pages), math.log10(edits[-1].pages)

    def at(pages: int, value: float) -> tuple[float, float]:
        across = (math.log10(pages) - first) / ((last - first) or 1)
        return MARGIN + across * (WIDTH - 2 * MARGIN), HEIGHT - MARGIN - math.log10(max(value, 1)) / top * (HEIGHT - 2 * MARGIN)

    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12" role="img">',
        "<title>One edited page, by the pages of the site</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
    ]
    for power in range(top + 1):
        _, y = at(edits[0].pages, 10**power)
        out.append(f'<path d="M{MARGIN} {y:.1f}H{WIDTH - MARGIN}" stroke="#ddd"/>')
        out.append(f'<text x="{MARGIN - 8}" y="{y + 4:.1f}" text-anchor="end">{10**power:,}</text>')
    for edit in edits:
        x, _ = at(edit.pages, 1)
        out.append(f'<text x="{x:.1f}" y="{HEIGHT - MARGIN + 20}" text-anchor="middle">{edit.pages:,}</text>')
    for name, colour, values in lines:
        points = [at(edit.pages, value) for edit, value in zip(edits, values, strict=True)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        out.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in points]
        out.append(f'<text x="{points[-1][0] + 8:.1f}" y="{points[-1][1] + 4:.1f}" fill="{colour}">{name}</text>')
    out.append(f'<text x="{WIDTH / 2}" y="{HEIGHT - 12}" text-anchor="middle">pages of the site</text>')
    return "\n".join([*out, "</svg>", ""])


def main() -> None:
    """Print the table, and write it as JSON and as a plot where wanted."""
    parser = argparse.ArgumentParser(description="One edited page, as the site grows.")
    parser.add_argument("sizes", nargs="*", default=SIZES, help="PAGES:SECTIONS")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    parser.add_argument("--plot", type=Path, help="a file for the plot, as SVG")
    wanted = parser.parse_args()
    table = Table("pages", "sections", "seconds", "requests", "bytes written", "USD a thousand")
    found: list[Edit] = []
    for size in wanted.sizes:
        pages, sections = (int(number) for number in size.split(":"))
        found.append(edit := measure(pages, sections, with_hugo=False))
        figures = (f"{pages:,}", str(sections), f"{edit.tilepress:.3f}", str(edit.requests), f"{edit.written_bytes:,}", f"{dollars(edit):.3f}")
        table.add_row(*figures)
    Console(width=None if os.isatty(1) else 140).print(table)
    if wanted.json:
        wanted.json.write_text(json.dumps([asdict(one) | {"dollars": dollars(one)} for one in found], indent=1) + "\n", encoding="utf-8")
    if wanted.plot:
        wanted.plot.write_text(plot(found), encoding="utf-8")


if __name__ == "__main__":
    main()
