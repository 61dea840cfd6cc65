"""What a run works from: the settings, its source files, the ledgers, each with the ETag that it was read with. Step 1 of `reconcile`."""

from dataclasses import dataclass

from tilepress.addresses import group_keys, section_of
from tilepress.books import Seen, read_ledgers, read_root
from tilepress.groups import GroupSources
from tilepress.inputs import Inputs, read_inputs
from tilepress.ledger import GroupRecord, Ledger
from tilepress.observing import without_missing
from tilepress.pages import Problem
from tilepress.places import spaces_of
from tilepress.ports import Cloud, Listings
from tilepress.root import Root
from tilepress.theme import Theme
from tilepress.todo import Todo, sort_out


@dataclass(frozen=True, slots=True)
class Run:
    """What was read. `faulty` are keys that cannot be published, `problems` those of them at which there is a file."""

    todo: Todo
    listed: Listings | None
    inputs: Inputs
    faulty: frozenset[str]
    problems: tuple[Problem, ...]
    sources: tuple[GroupSources, ...]
    statics: tuple[str, ...]
    ledgers: dict[str, Seen[Ledger]]
    root: Seen[Root]


def read_run(todo: Todo, cloud: Cloud, theme: Theme, listed: Listings | None) -> Run:
    """Read all that there is to know for this. `listed` spares requests for what it does not show."""
    inputs = read_inputs(cloud, theme)
    languages = inputs.site.languages if inputs.site else ()
    wanted = sort_out(todo.keys, languages, inputs.wording, named=inputs.etags)
    groups = sorted(wanted.groups)
    keys = [key for group in groups for key in group_keys(group, languages)]
    keys = [key for key in keys if key in listed.source] if listed else without_missing(keys, cloud.source, cloud.fan)
    files = dict(zip(keys, cloud.fan.io(cloud.source.get, keys), strict=True))
    sources = tuple(GroupSources(group, tuple(file for key in group_keys(group, languages) if (file := files.get(key)))) for group in groups)
    statics = tuple(sorted(wanted.statics))
    ledgers = read_ledgers({section_of(group) for group in groups} | todo.sections | spaces_of(statics, languages), cloud, listed)
    problems = _of_files_there(wanted.problems, listed, cloud)
    faulty = frozenset(problem.file for problem in wanted.problems)
    return Run(todo, listed, inputs, faulty, problems, sources, statics, ledgers, read_root(cloud.site))


def known_record(group: str, run: Run) -> GroupRecord | None:
    """What the ledger knows of a group."""
    return run.ledgers[section_of(group)].value.groups.get(group)


def has_changed(run: Run, cloud: Cloud) -> bool:
    """Whether the settings, or the source files, are other ones by now."""
    read = dict(run.inputs.etags) | {file.key: file.etag for sources in run.sources for file in sources.files}
    return any(etag != (seen.etag if seen else None) for etag, seen in zip(read.values(), cloud.fan.io(cloud.source.head, read), strict=True))


def _of_files_there(problems: tuple[Problem, ...], listed: Listings | None, cloud: Cloud) -> tuple[Problem, ...]:
    """Of these problems with the names of files, those of files that there are: an event may be of a deletion."""
    there = listed.source if listed else dict(zip(files := [one.file for one in problems], cloud.fan.io(cloud.source.head, files), strict=True))
    return tuple(problem for problem in problems if there.get(problem.file))
