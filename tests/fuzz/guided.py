"""One target under atheris, which is led by what code an input reaches: `python -m tests.fuzz.guided TARGET FOUND libFuzzer's flags`."""

import hashlib
import sys
import traceback
from pathlib import Path

import atheris


def main() -> None:
    """Run until libFuzzer's flags say that it is enough. The first input that fails in a place is kept in the folder FOUND."""
    with atheris.instrument_imports(include=["tilepress", "markdown", "yaml"]):
        from .properties import TARGETS

    target, folder = TARGETS[sys.argv[1]], Path(sys.argv[2])
    places: set[tuple[str, int | None]] = set()

    def run(data: bytes) -> None:
        try:
            target(data)
        except Exception as error:  # noqa: BLE001 - whatever it is, it was found, and the search goes on
            place = traceback.extract_tb(error.__traceback__)[-1]
            if (place.filename, place.lineno) not in places:
                places.add((place.filename, place.lineno))
                kept = folder / hashlib.sha256(data).hexdigest()[:16]
                kept.write_bytes(data)
                print(f"FOUND {kept}: {type(error).__name__} in {place.name}, line {place.lineno}: {error}"[:400].replace("\n", " "), flush=True)

    atheris.Setup([sys.argv[0], *sys.argv[3:]], run)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
