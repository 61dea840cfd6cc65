"""Adds byte code to what `sam build` made: `python infra/byte_code.py PYTHON [FOLDER]`, with the functions' own Python.

SAM packs none, and a function cannot write it down, so Python would compile every module anew at each cold start, and Jinja every template. Only
what the handlers import is compiled, which is a fifth of what there is; byte code is taken as it is, whatever the times of files in a ZIP.
"""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
FUNCTIONS = {
    "Publisher": ("tilepress.handler", "tilepress.markup.tree", "feedgenerator"),
    "Images": ("tilepress.images_handler",),
    "Searcher": ("tilepress.search_handler", "snowballstemmer"),
}
"""The handlers, and what each imports when it is first needed, which is soon."""
_LIST = "import sys, importlib; [importlib.import_module(name) for name in sys.argv[1:]]; print(*sys.modules)"


def main() -> int:
    """Compile what each function imports."""
    python, folder = sys.argv[1], Path(sys.argv[2] if len(sys.argv) > 2 else ".aws-sam/build")  # noqa: PLR2004 - the folder is the second argument
    for function, modules in FUNCTIONS.items():
        files = "\n".join(imported(folder / function, modules))
        command = [python, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", "-i", "-"]
        subprocess.run(command, cwd=folder / function, input=files, text=True, check=True)
        if "tilepress.handler" in modules:  # the only one that renders
            subprocess.run([python, "-m", "tilepress.adapters.templates", str(TEMPLATES)], cwd=folder / function, check=True)
    return 0


def imported(artifact: Path, modules: Iterable[str]) -> list[str]:
    """The files of an artifact that these modules import, as they do here: libraries for another processor cannot be imported."""
    told = subprocess.run([sys.executable, "-c", _LIST, *modules], check=True, capture_output=True, text=True).stdout
    paths = [name.replace(".", "/") for name in told.split()]
    candidates = [path for name in paths for path in (f"{name}.py", f"{name}/__init__.py")]
    return sorted(path for path in candidates if (artifact / path).is_file())


if __name__ == "__main__":
    sys.exit(main())
