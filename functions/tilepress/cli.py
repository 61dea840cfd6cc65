"""The command line, one function a command: `tilepress --help` lists them. Wiring and words, nothing else.

Exit codes: 0 fine, 1 problems found, 2 wrong usage.
"""

import os
import signal
import webbrowser
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console
from rich.progress import Progress
from rich.text import Text

from tilepress.adapters.directory import DirectoryStore
from tilepress.adapters.fans import Threads
from tilepress.adapters.folders import folder_cloud
from tilepress.adapters.memory import MemoryStore
from tilepress.adapters.templates import read_theme
from tilepress.addresses import PRIVATE, SETTINGS_KEY
from tilepress.errors import TilepressError
from tilepress.history import Rollback, by_file, to_time, to_version, utc, versions_as_json
from tilepress.history import in_a_line as version_in_a_line
from tilepress.live import in_a_line, lives_as_json, look_up, progress
from tilepress.pages import Problem, Severity
from tilepress.ports import Cloud, Fan, Store
from tilepress.preview import previews, seconds_of
from tilepress.problems import as_github, as_json, as_text, in_file_order
from tilepress.reindex import reindex
from tilepress.report import Report
from tilepress.resync import resync
from tilepress.scaffold import page_text, site_files
from tilepress.settings import retire_after, templates_dir
from tilepress.site import parse_site
from tilepress.sync import DELETES_MAX, SyncPlan, await_publication, carry_out, compare, upload_order
from tilepress.verify import look_around
from tilepress.verify import verify as find_drift

if TYPE_CHECKING:
    from tilepress.adapters.s3 import S3Store
    from tilepress.adapters.versions import Versions
    from tilepress.dev.local_cloud import Published

app = typer.Typer(name="tilepress", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="rich")
out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

Source = Annotated[Path, typer.Argument(help="The source folder: site.yaml, content/, data/, static/.", exists=True, file_okay=False)]
Place = Annotated[str, typer.Argument(help="A folder, or s3://BUCKET.")]
Templates = Annotated[Path | None, typer.Option(help="The theme's folder; also TEMPLATES_DIR.", exists=True, file_okay=False)]


VERSIONS_AT_ONCE = 16
STYLES = {"problem": "red", "waiting": "yellow", "published": "green"}


class Format(StrEnum):
    """How problems are told."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


@app.callback()
def main() -> None:
    """Upload a Markdown file; a second later its page is live. These commands do the same on this machine."""


@app.command()
def build(
    source: Source,
    to: Annotated[Path, typer.Option("--out", help="The folder to build into. It is made the site: what does not belong goes.", file_okay=False)],
    templates: Templates = None,
) -> None:
    """Build the site of a source folder: the same bytes as the site bucket would hold."""
    if to.is_dir() and any(to.iterdir()) and not (to / PRIVATE).is_dir():
        _stop(f"{to} holds something that is not a site of ours, and building would delete it. Name another folder.", 2)
    if to.resolve() == source.resolve() or source.resolve().is_relative_to(to.resolve()):
        _stop("The site cannot be built over its own source.", 2)
    started = perf_counter()
    try:
        report = _whole(folder_cloud(source, DirectoryStore(to)), templates)
    except TilepressError as error:
        _stop(str(error), 1)
    _tell(report.problems)
    counts = f"{len(report.put)} files written, {len(report.deleted)} deleted"
    out.print(f"{to}: {counts if report.put or report.deleted else 'nothing to do'} in {perf_counter() - started:.2f} s")
    _exit(report.problems)


@app.command()
def check(
    source: Source,
    format: Annotated[Format, typer.Option(help="How to tell: for people, programs, or as annotations on GitHub.")] = Format.TEXT,  # noqa: A002 - the option's name
    templates: Templates = None,
) -> None:
    """Say what is wrong with a source folder, without publishing anything."""
    cloud = folder_cloud(source, MemoryStore())
    try:
        report = resync(cloud, read_theme(templates or templates_dir(os.environ)))
        problems = in_file_order((*report.problems, *look_around(cloud)))
    except TilepressError as error:
        _stop(str(error), 1)
    _tell_in(format, problems, source)
    if format is Format.TEXT:
        errors = sum(problem.severity is Severity.ERROR for problem in problems)
        pages = sum(key.endswith("/index.html") or key == "index.html" for key in report.put)
        err.print(f"{pages} pages, {errors} errors, {len(problems) - errors} warnings")
    _exit(problems)


@app.command()
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
        _stop(f"{error.name} is missing: install tilepress[cli].", 2)
    try:
        cloud = LocalCloud(source, templates=templates or templates_dir(os.environ), port=port)
    except (TilepressError, OSError, SystemExit) as error:
        _stop(f"The local cloud does not start: {error}. Is the port {port} taken? Try --port 0.", 2)
    for stop in (signal.SIGINT, signal.SIGTERM):  # a shell that starts this in the background has it ignore Ctrl-C
        signal.signal(stop, signal.default_int_handler)
    try:
        cloud.upload()
        while done := cloud.drain():
            _tell_done(done)
        cloud.watch()
        out.print(f"\n  Site         [bold]{cloud.site.url}[/bold]")
        out.print(f"  S3           {cloud.aws.endpoint_url}, bucket {cloud.aws.source_bucket}")
        out.print(f"  Edit         {source}/, or upload:")
        out.print(f"               [dim]{cloud.aws.upload_line('page.md', 'content/projekte/page.md')}[/dim]")
        out.print("  Stop         Ctrl-C\n")
        if open_browser:
            webbrowser.open(cloud.site.url)
        cloud.run(_tell_done)
    except KeyboardInterrupt:
        out.print("Stopped.")
    finally:
        cloud.close()


@app.command()
def sync(
    source: Source,
    bucket: Annotated[str, typer.Argument(help="The source bucket: s3://BUCKET.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    max_deletes: Annotated[int, typer.Option(help="Refuse to delete more files than this.", min=0)] = DELETES_MAX,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until every change is live, or has a problem.")] = False,
    timeout: Annotated[float, typer.Option(help="For how many seconds to wait.", min=0)] = 300,
    format: Annotated[Format, typer.Option(help="How to tell problems: for people, programs, or as annotations on GitHub.")] = Format.TEXT,  # noqa: A002 - the option's name
) -> None:
    """Make the source bucket what the folder is: uploads what changed in content, deletes what is gone."""
    from tilepress.adapters.aws import CONNECTIONS_MAX  # noqa: PLC0415 - boto3 takes a while to import
    from tilepress.adapters.buckets import store_of  # noqa: PLC0415 - as above

    fan, folder = Threads(CONNECTIONS_MAX), DirectoryStore(source)
    try:
        there = store_of(bucket)
        wanted = compare(folder, there, max_deletes)
        if dry_run:
            _tell_plan(wanted)
            return
        with _progress("Uploading", len(wanted.uploads) + len(wanted.deletes)) as tell:
            carry_out(wanted, folder, there, fan, tell)
        _tell_plan(wanted)
        if not wait or not wanted.uploads:
            return
        _await(wanted.uploads, folder, there, fan, timeout, format, source)
    except TilepressError as error:
        _stop(str(error), 1)


@app.command()
def history(
    source: Place,
    page: Annotated[str, typer.Argument(help="A source file, such as content/projekte/ogp.md. Without one: every change, the newest first.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    limit: Annotated[int, typer.Option(help="Show no more versions than this.", min=1)] = 50,
) -> None:
    """Say when a source file was changed or deleted, and what became of each version."""
    try:
        versions = _versions(source)[1]
        found = [one for of_file in by_file(versions.list(page)) for one in of_file if not page or one.key == page]
        found = sorted(found, key=lambda one: -one.at)[:limit]
        if page:
            found = Threads(VERSIONS_AT_ONCE).io(versions.with_state, found)
    except TilepressError as error:
        _stop(str(error), 1)
    if as_json:
        print(versions_as_json(found))  # noqa: T201 - for programs: no folding, no colours
        return
    for one in found:
        out.print(version_in_a_line(one), markup=False)
    if not found:
        _stop(f"There is no version of {page or 'any source file'}.", 1)


@app.command()
def rollback(  # noqa: PLR0913 - each is an option
    source: Place,
    page: Annotated[str, typer.Argument(help="A source file. Without one, all of them: then --to says when.")] = "",
    *,
    version: Annotated[str, typer.Option(help="The version to bring back, as `tilepress history` shows it. Without it, the one before.")] = "",
    to: Annotated[str, typer.Option("--to", help="A time, such as 2026-11-23T14:00, in the time zone of site.yaml unless it names one.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    max_deletes: Annotated[int, typer.Option(help="Refuse to delete more files than this.", min=0)] = DELETES_MAX,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until every change is live, or has a problem.")] = False,
    timeout: Annotated[float, typer.Option(help="For how many seconds to wait.", min=0)] = 300,
) -> None:
    """Bring a source file, or all of them, back to a former version; the site follows. It can be rolled back itself."""
    if (not page and not to) or (version and (to or not page)):
        _stop("Name a source file, with --version or --to if need be; or --to alone, for everything.", 2)
    try:
        store, versions = _versions(source)
        histories = [found for found in by_file(versions.list(page)) if not page or found[0].key == page]
        wanted = to_time(histories, _moment(to, store), max_deletes) if to else to_version(histories[0] if histories else [], version)
        _tell_rollback(wanted)
        if dry_run or not wanted:
            return
        if not yes and not (err.is_terminal and typer.confirm("Do that?", err=True)):
            _stop("Nothing was changed. Without a terminal, say --yes.", 2)
        fan = Threads(VERSIONS_AT_ONCE)
        for rank in sorted({upload_order(one.key)[0] for one in wanted.restores}):
            fan.io(versions.restore, [one for one in wanted.restores if upload_order(one.key)[0] == rank])
        fan.io(store.delete, wanted.deletes)
        if wait and wanted.restores:
            _await(tuple(one.key for one in wanted.restores), store, store, fan, timeout, Format.TEXT, Path())
    except TilepressError as error:
        _stop(str(error), 1)


@app.command()
def status(
    source: Place,
    site: Place,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    only: Annotated[list[str] | None, typer.Option("--state", help="Only files in this state; may be given several times.")] = None,
) -> None:
    """Say of each page whether it is live, where, and what is wrong with it."""
    try:
        every = look_up(_cloud(source, site))
        found = [one for one in every if not only or one.state in only]
    except TilepressError as error:
        _stop(str(error), 1)
    if as_json:
        print(lives_as_json(found))  # noqa: T201 - for programs: no folding, no colours
    else:
        width = max((len(one.key) for one in found), default=0)
        for one in found:
            out.print(Text.assemble((f"{one.state:9}", STYLES.get(one.state, "")), f"  {one.key:{width}}  {in_a_line(one)}".rstrip()))
        counts = Counter(one.state for one in found)
        err.print(", ".join(f"{count} {state}" for state, count in sorted(counts.items())) or "There are no pages.")
        if under_way := progress(every):
            err.print(under_way)
    if any(one.state == "problem" for one in found):
        raise typer.Exit(1)


@app.command()
def preview(
    source: Place,
    site: Annotated[str, typer.Argument(help="The site bucket, which keeps the preview: s3://BUCKET.")],
    page: Annotated[str, typer.Argument(help="A source file, such as content/projekte/ogp.md; a draft, or one whose time has not come.")],
    lasting: Annotated[str, typer.Option("--for", help="How long the address is good for: 30m, 12h, 7d at most.")] = "7d",
    templates: Templates = None,
) -> None:
    """Give a page that is not published yet an address of its own: signed, expiring, and found by nobody else."""
    from tilepress.adapters.buckets import bucket_of  # noqa: PLC0415 - boto3 takes a while to import, and most commands need none

    try:
        seconds, bucket = seconds_of(lasting), bucket_of(site)
        found, problems = previews(page, _cloud(source, site), read_theme(templates or templates_dir(os.environ)))
        Threads(len(found) or 1).io(bucket.put, [one.artifact for one in found])
    except TilepressError as error:
        _stop(str(error), 1)
    _tell(problems)
    for one in found:
        out.print(f"{one.lang}  {bucket.signed_address(one.artifact.key, seconds)}", markup=False)
    _exit(problems)


@app.command()
def verify(source: Place, site: Place, templates: Templates = None) -> None:
    """Compare a site, in a bucket or a folder, with what a clean build of its sources would be; change nothing."""
    try:
        drift = find_drift(_cloud(source, site), MemoryStore(), read_theme(templates or templates_dir(os.environ)))
    except TilepressError as error:
        _stop(str(error), 1)
    for one in drift:
        out.print(f"{one.kind:8} {one.key}", markup=False)
    err.print(f"{len(drift)} keys differ: `tilepress rebuild` mends that." if drift else "The site is what its sources say.")
    if drift:
        raise typer.Exit(1)


@app.command()
def rebuild(source: Place, site: Place, templates: Templates = None) -> None:
    """Make a site what its sources say: writes what is missing or stale, deletes what nothing explains.

    With QUEUE_URL (an output of the stack), what is much is done by the publisher, and `tilepress status` tells how far it is.
    """
    try:
        report = _whole(_cloud(source, site), templates)
    except TilepressError as error:
        _stop(str(error), 1)
    _tell(report.problems)
    out.print(f"{site}: {len(report.put)} written, {len(report.deleted)} deleted, {report.unchanged} as they were", markup=False)
    if report.handed_on:
        out.print(f"{report.handed_on} files are in the queue: `tilepress status` tells how far that is.", markup=False)
    _exit(report.problems)


class Editor(StrEnum):
    """Who is told about the fields of a page."""

    JSON_SCHEMA = "json-schema"
    VSCODE = "vscode"
    DECAP = "decap"
    SVELTIA = "sveltia"


@app.command()
def schema(
    source: Annotated[Path, typer.Argument(help="The source folder, for its sections, languages and words.", exists=True, file_okay=False)] = Path(),
    editor: Annotated[Editor, typer.Option("--for", help="A JSON Schema, VS Code's settings.json, or the config.yml of a CMS.")] = Editor.JSON_SCHEMA,
) -> None:
    """Describe the fields of a page to an editor: prints a JSON Schema, or the settings of VS Code, Decap or Sveltia CMS."""
    from tilepress.schema import cms_config, json_schema, vscode_settings  # noqa: PLC0415 - its texts are for this command alone

    site, problems = parse_site(DirectoryStore(source).get(SETTINGS_KEY))
    if site is None:
        _tell(problems)
        raise typer.Exit(1)
    sections = sorted(folder.name for folder in (source / "content").glob("*/") if not folder.name.startswith("."))
    texts = {
        Editor.JSON_SCHEMA: lambda: json_schema(site.wording),
        Editor.VSCODE: lambda: vscode_settings(site, sections),
        Editor.DECAP: lambda: cms_config(site, sections, translations=False),
        Editor.SVELTIA: lambda: cms_config(site, sections, translations=True),
    }
    print(texts[editor](), end="")  # noqa: T201 - for a file: no folding, no colours


@app.command()
def new(
    path: Annotated[Path, typer.Argument(help="A page (…/content/projekte/name.md), or a folder for a whole new site.")],
    title: Annotated[str, typer.Option(help="The page's or the site's title.")] = "",
) -> None:
    """Start a page, or a whole site, with every usual field in it. Never overwrites anything."""
    files = {path: page_text(title or path.stem)} if path.suffix == ".md" else {path / name: text for name, text in site_files(title or path.name)}
    taken = [file for file in files if file.exists()]
    if taken:
        _stop(f"{taken[0]} is there already; nothing was written.", 2)
    for file, text in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        out.print(str(file))


def _whole(cloud: Cloud, templates: Path | None) -> Report:
    """All that a site is: its pages, and what search reads."""
    theme = read_theme(templates or templates_dir(os.environ))
    return resync(cloud, theme) + reindex(cloud, theme.release)


def _versions(source: str) -> "tuple[S3Store, Versions]":
    """The source bucket and its history. A folder has none."""
    from tilepress.adapters.buckets import bucket_of  # noqa: PLC0415 - boto3 takes a while to import, and most commands need none
    from tilepress.adapters.versions import Versions  # noqa: PLC0415 - as above

    store = bucket_of(source)
    return store, Versions(store)


def _moment(said: str, store: Store) -> float:
    """A time as it was typed, in seconds since 1970; in the site's time zone, unless it names one."""
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        _stop(f"{said} is no time: write 2026-11-23T14:00, or 2026-11-23T14:00+01:00.", 2)
    site, _ = parse_site(store.get(SETTINGS_KEY))
    zone = site.time_zone if site else UTC
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp()


def _await(uploads: Sequence[str], settings_in: Store, bucket: Store, fan: Fan, timeout: float, form: Format, folder: Path) -> None:
    """Wait until uploads are live, or have problems, and tell."""
    with _progress("Publishing", len(uploads)) as tell:
        awaited = await_publication(uploads, settings_in.get(SETTINGS_KEY), bucket, fan, seconds_max=timeout, tell=tell)
    _tell_in(form, awaited.problems, folder)
    for key in awaited.waiting:
        err.print(f"{key}: no word of it within {timeout:g} s; `tilepress status` tells what became of it", style="red", markup=False)
    err.print(f"{len(awaited.published)} live, {len(uploads) - len(awaited.published) - len(awaited.waiting)} with problems")
    if awaited.waiting:
        raise typer.Exit(1)
    _exit(awaited.problems)


def _cloud(source: str, site: str) -> Cloud:
    from tilepress.adapters.buckets import cloud_of  # noqa: PLC0415 - boto3 takes a while to import, and most commands need none

    return cloud_of(
        source,
        site,
        distribution_id=os.environ.get("DISTRIBUTION_ID", ""),
        retire_after=retire_after(os.environ),
        queue_url=os.environ.get("QUEUE_URL", ""),
    )


def _tell(problems: tuple[Problem, ...]) -> None:
    for problem in in_file_order(problems):
        colour = "red" if problem.severity is Severity.ERROR else "yellow"
        err.print(as_text(problem), style=colour, markup=False)


def _tell_in(form: Format, problems: tuple[Problem, ...], folder: Path) -> None:
    if form is Format.JSON:
        print(as_json(in_file_order(problems)))  # noqa: T201 - for programs: no folding, no colours
    elif form is Format.GITHUB:
        for problem in in_file_order(problems):
            print(as_github(problem, str(folder)))  # noqa: T201 - as above
    else:
        _tell(problems)


def _tell_plan(plan: SyncPlan) -> None:
    for sign, keys in (("+", plan.uploads), ("-", plan.deletes)):
        for key in keys:
            out.print(f"{sign} {key}", markup=False)
    err.print(f"{len(plan.uploads)} to upload, {len(plan.deletes)} to delete" if plan else "The bucket is what the folder is.")


def _tell_rollback(plan: Rollback) -> None:
    for one in plan.restores:
        out.print(f"+ {one.key}  as of {utc(one.at)}", markup=False)
    for key in plan.deletes:
        out.print(f"- {key}", markup=False)
    for key in plan.unknown:
        out.print(f"? {key}  left as it is: what it was then is not kept any more", markup=False)
    counts = f"{len(plan.restores)} to restore, {len(plan.deletes)} to delete"
    err.print(counts if plan else "Nothing to do: it is as it was.")


@contextmanager
def _progress(what: str, total: int) -> Iterator[Callable[[str], None]]:
    """A bar, on a terminal only."""
    with Progress(console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(what, total=total)
        yield lambda _: bar.advance(task)


def _tell_done(done: "Published") -> None:
    out.print(done.line(), markup=False)
    _tell(done.problems)


def _exit(problems: tuple[Problem, ...]) -> None:
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise typer.Exit(1)


def _stop(reason: str, code: int) -> NoReturn:
    err.print(reason, style="red", markup=False)
    raise typer.Exit(code)


if __name__ == "__main__":
    app()
