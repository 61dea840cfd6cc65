"""Commands on a source folder: they need no bucket."""

import os
import signal
import webbrowser
from enum import StrEnum
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer

from tilepress.adapters.directory import DirectoryStore
from tilepress.adapters.folders import folder_cloud
from tilepress.adapters.memory import MemoryStore
from tilepress.addresses import PRIVATE, SETTINGS_KEY
from tilepress.commands.terminal import Format, Source, Templates, err, exit_by, out, stop, tell, tell_in, theme_of, whole
from tilepress.errors import TilepressError
from tilepress.pages import Severity
from tilepress.problems import in_file_order
from tilepress.resync import resync
from tilepress.scaffold import page_text, site_files
from tilepress.settings import templates_dir
from tilepress.site import parse_site
from tilepress.verify import look_around

if TYPE_CHECKING:
    from tilepress.dev.local_cloud import Published


def build(
    source: Source,
    to: Annotated[Path, typer.Option("--out", help="The folder to build into. It is made the site: what does not belong goes.", file_okay=False)],
    templates: Templates = None,
) -> None:
    """Build the site of a source folder: the same bytes as the site bucket would hold."""
    if to.is_dir() and any(to.iterdir()) and not (to / PRIVATE).is_dir():
        stop(f"{to} holds something that is not a site of ours, and building would delete it. Name another folder.", 2)
    if to.resolve() == source.resolve() or source.resolve().is_relative_to(to.resolve()):
        stop("The site cannot be built over its own source.", 2)
    started = perf_counter()
    try:
        report = whole(folder_cloud(source, DirectoryStore(to)), templates)
    except TilepressError as error:
        stop(str(error), 1)
    tell(report.problems)
    counts = f"{len(report.put)} files written, {len(report.deleted)} deleted"
    out.print(f"{to}: {counts if report.put or report.deleted else 'nothing to do'} in {perf_counter() - started:.2f} s")
    exit_by(report.problems)


def check(
    source: Source,
    format: Annotated[Format, typer.Option(help="How to tell: for people, programs, or as annotations on GitHub.")] = Format.TEXT,  # noqa: A002 - the option's name
    templates: Templates = None,
) -> None:
    """Say what is wrong with a source folder, without publishing anything."""
    cloud = folder_cloud(source, MemoryStore(), files=False)
    try:
        report = resync(cloud, theme_of(templates))
        problems = in_file_order((*report.problems, *look_around(cloud)))
    except TilepressError as error:
        stop(str(error), 1)
    tell_in(format, problems, source)
    if format is Format.TEXT:
        errors = sum(problem.severity is Severity.ERROR for problem in problems)
        pages = sum(key.endswith("/index.html") or key == "index.html" for key in report.put)
        err.print(f"{pages} pages, {errors} errors, {len(problems) - errors} warnings")
    exit_by(problems)


def dev(
    source: Annotated[Path, typer.Argument(help="The source folder.", exists=True, file_okay=False)] = Path("example"),
    port: Annotated[int, typer.Option(help="The port of the site; 0 takes a free one.", min=0, max=65535)] = 8000,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the site in a browser.")] = False,
    templates: Templates = None,
) -> None:
    """Run the whole cloud on this machine: S3, queue, the Lambda handler and the site; edit a file and watch it go live."""
    try:
        from tilepress.dev.local_cloud import LocalCloud  # noqa: PLC0415 - moto takes a second to import
    except ImportError as error:
        stop(f"{error.name} is missing: install tilepress[cli].", 2)
    try:
        cloud = LocalCloud(source, templates=templates or templates_dir(os.environ), port=port)
    except (TilepressError, OSError, SystemExit) as error:
        stop(f"The local cloud does not start: {error}. Is the port {port} taken? Try --port 0.", 2)
    for end in (signal.SIGINT, signal.SIGTERM):  # a shell that starts this in the background has it ignore Ctrl-C
        signal.signal(end, signal.default_int_handler)
    try:
        cloud.upload()
        while done := cloud.drain():
            _tell_done(done)
        tell(cloud.news())
        cloud.watch()
        out.print(f"\n  Site         [bold]{cloud.site.url}[/bold]")
        out.print(f"  S3           {cloud.aws.endpoint_url}, bucket {cloud.aws.source_bucket}")
        out.print(f"  Edit         {source}/, or upload:")
        out.print(f"               [dim]{cloud.aws.upload_line('page.md', 'content/projekte/page.md')}[/dim]")
        out.print("  Stop         Ctrl-C\n")
        if open_browser:
            webbrowser.open(cloud.site.url)
        cloud.run(_tell_done, tell)
    except KeyboardInterrupt:
        out.print("Stopped.")
    finally:
        cloud.close()


class Editor(StrEnum):
    """Who is told about the fields of a page."""

    JSON_SCHEMA = "json-schema"
    VSCODE = "vscode"
    DECAP = "decap"
    SVELTIA = "sveltia"


def schema(
    source: Annotated[Path, typer.Argument(help="The source folder, for its sections, languages and words.", exists=True, file_okay=False)] = Path(),
    editor: Annotated[Editor, typer.Option("--for", help="A JSON Schema, VS Code's settings.json, or the config.yml of a CMS.")] = Editor.JSON_SCHEMA,
) -> None:
    """Describe the fields of a page to an editor: prints a JSON Schema, or the settings of VS Code, Decap or Sveltia CMS."""
    from tilepress.schema import cms_config, json_schema, vscode_settings  # noqa: PLC0415 - its texts are for this command alone

    site, problems = parse_site(DirectoryStore(source).get(SETTINGS_KEY))
    if site is None:
        tell(problems)
        raise typer.Exit(1)
    sections = sorted(folder.name for folder in (source / "content").glob("*/") if not folder.name.startswith("."))
    texts = {
        Editor.JSON_SCHEMA: lambda: json_schema(site.wording),
        Editor.VSCODE: lambda: vscode_settings(site, sections),
        Editor.DECAP: lambda: cms_config(site, sections, translations=False),
        Editor.SVELTIA: lambda: cms_config(site, sections, translations=True),
    }
    print(texts[editor](), end="")  # noqa: T201 - for a file: no folding, no colours


def new(
    path: Annotated[Path, typer.Argument(help="A page (…/content/projekte/name.md), or a folder for a whole new site.")],
    title: Annotated[str, typer.Option(help="The page's or the site's title.")] = "",
) -> None:
    """Start a page, or a whole site, with every usual field in it. Never overwrites anything."""
    files = {path: page_text(title or path.stem)} if path.suffix == ".md" else {path / name: text for name, text in site_files(title or path.name)}
    taken = [file for file in files if file.exists()]
    if taken:
        stop(f"{taken[0]} is there already; nothing was written.", 2)
    for file, text in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        out.print(str(file))


def _tell_done(done: "Published") -> None:
    out.print(done.line(), markup=False)
    tell(done.problems)
