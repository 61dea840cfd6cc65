"""Commands on a source bucket, a site bucket, or both; where it makes sense a folder may stand for either."""

import os
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from tilepress.adapters.directory import DirectoryStore
from tilepress.adapters.fans import Threads
from tilepress.adapters.memory import MemoryStore
from tilepress.addresses import SETTINGS_KEY
from tilepress.commands.terminal import Format, Place, Source, Templates, err, exit_by, out, progress_bar, stop, tell, tell_in, theme_of, whole
from tilepress.errors import TilepressError
from tilepress.history import Rollback, by_file, to_time, to_version, utc, versions_as_json
from tilepress.history import in_a_line as version_in_a_line
from tilepress.live import in_a_line, lives_as_json, look_up, progress
from tilepress.ports import Cloud, Fan, Store
from tilepress.preview import previews, seconds_of
from tilepress.settings import retire_after
from tilepress.site import parse_site
from tilepress.sync import DELETES_MAX, SyncPlan, await_publication, carry_out, compare, upload_order
from tilepress.verify import verify as find_drift

if TYPE_CHECKING:
    from tilepress.adapters.s3 import S3Store
    from tilepress.adapters.versions import Versions

VERSIONS_AT_ONCE = 16
STYLES = {"problem": "red", "waiting": "yellow", "published": "green"}


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
        with progress_bar("Uploading", len(wanted.uploads) + len(wanted.deletes)) as tell:
            carry_out(wanted, folder, there, fan, tell)
        _tell_plan(wanted)
        if not wait or not wanted.uploads:
            return
        _await(wanted.uploads, folder, there, fan, timeout, format, source)
    except TilepressError as error:
        stop(str(error), 1)


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
        stop(str(error), 1)
    if as_json:
        print(versions_as_json(found))  # noqa: T201 - for programs: no folding, no colours
        return
    for one in found:
        out.print(version_in_a_line(one), markup=False)
    if not found:
        stop(f"There is no version of {page or 'any source file'}.", 1)


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
        stop("Name a source file, with --version or --to if need be; or --to alone, for everything.", 2)
    try:
        store, versions = _versions(source)
        histories = [found for found in by_file(versions.list(page)) if not page or found[0].key == page]
        wanted = to_time(histories, _moment(to, store), max_deletes) if to else to_version(histories[0] if histories else [], version)
        _tell_rollback(wanted)
        if dry_run or not wanted:
            return
        if not yes and not (err.is_terminal and typer.confirm("Do that?", err=True)):
            stop("Nothing was changed. Without a terminal, say --yes.", 2)
        fan = Threads(VERSIONS_AT_ONCE)
        for rank in sorted({upload_order(one.key)[0] for one in wanted.restores}):
            fan.io(versions.restore, [one for one in wanted.restores if upload_order(one.key)[0] == rank])
        fan.io(store.delete, wanted.deletes)
        if wait and wanted.restores:
            _await(tuple(one.key for one in wanted.restores), store, store, fan, timeout, Format.TEXT, Path())
    except TilepressError as error:
        stop(str(error), 1)


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
        stop(str(error), 1)
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
        found, problems = previews(page, _cloud(source, site), theme_of(templates))
        Threads(len(found) or 1).io(bucket.put, [one.artifact for one in found])
    except TilepressError as error:
        stop(str(error), 1)
    tell(problems)
    for one in found:
        out.print(f"{one.lang}  {bucket.signed_address(one.artifact.key, seconds)}", markup=False)
    exit_by(problems)


def verify(source: Place, site: Place, templates: Templates = None) -> None:
    """Compare a site, in a bucket or a folder, with what a clean build of its sources would be; change nothing."""
    try:
        drift = find_drift(_cloud(source, site), MemoryStore(), theme_of(templates))
    except TilepressError as error:
        stop(str(error), 1)
    for one in drift:
        out.print(f"{one.kind:8} {one.key}", markup=False)
    err.print(f"{len(drift)} keys differ: `tilepress rebuild` mends that." if drift else "The site is what its sources say.")
    if drift:
        raise typer.Exit(1)


def rebuild(source: Place, site: Place, templates: Templates = None) -> None:
    """Make a site what its sources say: writes what is missing or stale, deletes what nothing explains.

    With QUEUE_URL (an output of the stack), what is much is done by the publisher, and `tilepress status` tells how far it is.
    """
    try:
        report = whole(_cloud(source, site), templates)
    except TilepressError as error:
        stop(str(error), 1)
    tell(report.problems)
    out.print(f"{site}: {len(report.put)} written, {len(report.deleted)} deleted, {report.unchanged} as they were", markup=False)
    if report.handed_on:
        out.print(f"{report.handed_on} files are in the queue: `tilepress status` tells how far that is.", markup=False)
    exit_by(report.problems)


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
        stop(f"{said} is no time: write 2026-11-23T14:00, or 2026-11-23T14:00+01:00.", 2)
    site, _ = parse_site(store.get(SETTINGS_KEY))
    zone = site.time_zone if site else UTC
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp()


def _await(uploads: Sequence[str], settings_in: Store, bucket: Store, fan: Fan, timeout: float, form: Format, folder: Path) -> None:
    """Wait until uploads are live, or have problems, and tell."""
    with progress_bar("Publishing", len(uploads)) as tell:
        awaited = await_publication(uploads, settings_in.get(SETTINGS_KEY), bucket, fan, seconds_max=timeout, tell=tell)
    tell_in(form, awaited.problems, folder)
    for key in awaited.waiting:
        err.print(f"{key}: no word of it within {timeout:g} s; `tilepress status` tells what became of it", style="red", markup=False)
    err.print(f"{len(awaited.published)} live, {len(uploads) - len(awaited.published) - len(awaited.waiting)} with problems")
    if awaited.waiting:
        raise typer.Exit(1)
    exit_by(awaited.problems)


def _cloud(source: str, site: str) -> Cloud:
    from tilepress.adapters.buckets import cloud_of  # noqa: PLC0415 - boto3 takes a while to import, and most commands need none

    return cloud_of(
        source,
        site,
        distribution_id=os.environ.get("DISTRIBUTION_ID", ""),
        retire_after=retire_after(os.environ),
        queue_url=os.environ.get("QUEUE_URL", ""),
    )


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
