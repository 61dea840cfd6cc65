"""What all commands share: their arguments, and how they tell what they found."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.progress import Progress

from tilepress.adapters.templates import read_theme
from tilepress.pages import Problem, Severity
from tilepress.ports import Cloud
from tilepress.problems import as_github, as_json, as_text, in_file_order
from tilepress.reindex import reindex
from tilepress.report import Report
from tilepress.resync import resync
from tilepress.settings import templates_dir
from tilepress.theme import Theme

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

Source = Annotated[Path, typer.Argument(help="The source folder: site.yaml, content/, data/, static/.", exists=True, file_okay=False)]
Place = Annotated[str, typer.Argument(help="A folder, or s3://BUCKET.")]
Templates = Annotated[Path | None, typer.Option(help="The theme's folder; also TEMPLATES_DIR.", exists=True, file_okay=False)]


class Format(StrEnum):
    """How problems are told."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


def theme_of(templates: Path | None) -> Theme:
    """The theme: as told, else as the environment says, else the one of the checkout."""
    return read_theme(templates or templates_dir(os.environ))


def whole(cloud: Cloud, templates: Path | None) -> Report:
    """All that a site is: its pages, and what search reads."""
    theme = theme_of(templates)
    return resync(cloud, theme) + reindex(cloud, theme.release)


def tell(problems: tuple[Problem, ...]) -> None:
    """Problems, in the order of their files."""
    for problem in in_file_order(problems):
        colour = "red" if problem.severity is Severity.ERROR else "yellow"
        err.print(as_text(problem), style=colour, markup=False)


def tell_in(form: Format, problems: tuple[Problem, ...], folder: Path) -> None:
    """Problems in a form."""
    if form is Format.JSON:
        print(as_json(in_file_order(problems)))  # noqa: T201 - for programs: no folding, no colours
    elif form is Format.GITHUB:
        for problem in in_file_order(problems):
            print(as_github(problem, str(folder)))  # noqa: T201 - as above
    else:
        tell(problems)


@contextmanager
def progress_bar(what: str, total: int) -> Iterator[Callable[[str], None]]:
    """A bar, on a terminal only."""
    with Progress(console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(what, total=total)
        yield lambda _: bar.advance(task)


def exit_by(problems: tuple[Problem, ...]) -> None:
    """End with 1 where there is an error among these."""
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise typer.Exit(1)


def stop(reason: str, code: int) -> NoReturn:
    """End, and say why."""
    err.print(reason, style="red", markup=False)
    raise typer.Exit(code)
