"""What the worst texts cost: microseconds of the processor for each byte, by engine. `python -m tests.bench.worst_cases [BYTES]`."""

import sys
from time import process_time

from tilepress.adapters.deadline import deadline
from tilepress.errors import DeadlineExceeded, TooComplex
from tilepress.markup import Rules, to_html

from tests.hostile.worst_cases import WORST

ENGINES = ("markdown", "commonmark")


def measured(text: str, engine: str) -> str:
    """Microseconds a byte, and what became of the text."""
    started = process_time()
    try:
        with deadline():
            to_html(text, Rules(engine))
        became = ""
    except (DeadlineExceeded, TooComplex, RecursionError) as error:
        became = f" {type(error).__name__}"
    return f"{(process_time() - started) * 1e6 / len(text.encode()):.2f}{became}"


def main() -> None:
    """Print the table."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    print(f"{'µs a byte, texts of ' + format(size, ',') + ' bytes':48} {'markdown':>28} {'commonmark':>28}")
    for name, made in WORST.items():
        text = made(size)
        print(f"{name:48} " + " ".join(f"{measured(text, engine):>28}" for engine in ENGINES), flush=True)


if __name__ == "__main__":
    main()
