"""The source files of one page group → its record for the ledger, its artifacts, and its authors' problems. Pure.

A group is computed from itself, the settings and the templates alone. Whether a page also gets the address that it asks
for is for the ledger to say (`tilepress.ledger.holders`).
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from tilepress.addresses import group_of, is_index, page_address, section_of, space_of
from tilepress.artifacts import Artifact, digest
from tilepress.feeds import kept_text
from tilepress.illustrations import Pictures, illustrated, images_of, known_digest, picture_of, remarks_on_images
from tilepress.ledger import Alias, GroupRecord, Intro, Ledger, PageRecord, SourceRecord, State, aliases_elsewhere, tile_of
from tilepress.pages import NO_HTML, Page, Parsed, Problem, SourceFile
from tilepress.parse import Guard, parse
from tilepress.pictures import Picture
from tilepress.render import page_artifact
from tilepress.site import Site
from tilepress.theme import Theme
from tilepress.wording import problem

Visible = Callable[[Parsed, datetime], bool]

SHOWN_CHARACTERS = 8


@dataclass(frozen=True, slots=True)
class GroupSources:
    """A group's source files as they are now. `good` are, by key, the last good versions of files found broken before.

    `pictures` is what is known of images; of those that are not named nobody has looked.
    """

    group: str
    files: tuple[SourceFile, ...]
    good: Mapping[str, SourceFile] = field(default_factory=dict)
    pictures: Pictures = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Computed:
    """What a group comes to. `broken` are the keys with an error for which no good version was at hand.

    `crashed` says what went wrong where it was our code that failed; there is no record then.
    """

    group: str
    record: GroupRecord | None
    artifacts: tuple[Artifact, ...] = ()
    problems: tuple[Problem, ...] = ()
    broken: tuple[str, ...] = ()
    crashed: str = ""


def basis_of(site: Site, theme: Theme) -> str:
    """A digest of all that pages are rendered from besides their own group. It begins with `shown_in_tags`."""
    return shown_in_tags(digest(site.base_url, site.wording, str(site.time_zone))) + digest(site.digest, theme.digest)[SHOWN_CHARACTERS:]


def shown_in_tags(basis: str) -> str:
    """That part of a basis which is a digest of those settings that the tags of source files show."""
    return basis[:SHOWN_CHARACTERS]


def visible_by_now(parsed: Parsed, moment: datetime) -> bool:
    """The one rule of visibility: whatever is not visible by it is nowhere on the site."""
    return bool(parsed.pages) and parsed.visibility.state(moment) == "published"


def compute(
    sources: GroupSources, site: Site, theme: Theme, now: float, guard: Guard = nullcontext, *, visible: Visible = visible_by_now
) -> Computed:
    """Parse and render a group. A group without files has no record. Only a preview has another rule of what is `visible`."""
    moment = datetime.fromtimestamp(now, UTC)
    records: list[SourceRecord] = []
    problems: list[Problem] = []
    broken: list[str] = []
    shown: list[tuple[Page, SourceFile]] = []
    for file in sources.files:
        parsed = parse(file, site, guard)
        problems.extend(parsed.problems)
        state: State = parsed.visibility.state(moment) if parsed.pages else "problem"
        standing, version = parsed, file
        if state == "problem":
            version = sources.good.get(file.key, file)
            standing = parse(version, site, guard) if version is not file else parsed
            if version is file:
                broken.append(file.key)
        due = standing.visibility.due(moment)
        good = (version.version_id or "") if standing.pages else ""
        records.append(SourceRecord(key=file.key, etag=file.etag, state=state, good=good, due=due.timestamp() if due else 0))
        if visible(standing, moment):
            shown.extend((page, version) for page in standing.pages)
    if not records:
        return Computed(sources.group, None)
    basis = basis_of(site, theme)
    pages, clashes = _one_a_language(shown, site)
    problems.extend(clashes)
    if not is_index(sources.group):
        pages = [(_completed(page, pages[0][0], site), file) for page, file in pages]
    pictures, images = sources.pictures, {key for page, _ in pages for key in images_of(page, site)}
    problems.extend(remark for page, file in pages for remark in remarks_on_images(page, file, pictures, site))
    known = GroupRecord(basis=basis, sources=tuple(records), images=tuple(sorted(images)), pictures=known_digest(images, pictures))
    translations = [illustrated(page, pictures) for page, _ in pages]
    if is_index(sources.group):
        record = replace(known, intros=tuple(_intro(page, pictures) for page in translations))
        return Computed(sources.group, record, (), tuple(problems), tuple(broken))
    artifacts = tuple(page_artifact(page, translations, site, theme, pictures) for page in translations)
    found = tuple(
        _record(page, file.etag, artifact, site, pictures) for page, (_, file), artifact in zip(translations, pages, artifacts, strict=True)
    )
    return Computed(sources.group, replace(known, pages=found), artifacts, tuple(problems), tuple(broken))


def compute_or_crash(sources: GroupSources, site: Site, theme: Theme, now: float, guard: Guard = nullcontext) -> Computed:
    """As `compute`; but a fault of ours that one page brings to light is told of that page, and stops no other."""
    try:
        return compute(sources, site, theme, now, guard)
    except Exception as error:  # noqa: BLE001 - whatever it is, the other pages go on
        said = f"{type(error).__name__}: {error}"
        problems = tuple(problem("internal", site.wording, file.key, said=said) for file in sources.files)
        return Computed(sources.group, None, problems=problems, crashed=said)


def _one_a_language(shown: list[tuple[Page, SourceFile]], site: Site) -> tuple[list[tuple[Page, SourceFile]], list[Problem]]:
    """One page a language: a file with the language's suffix goes before a plain one, and that before texts in another's file."""
    chosen: dict[str, tuple[Page, SourceFile]] = {}
    problems = []
    ranked = sorted(shown, key=lambda found: _rank(found[0], site))
    for page, file in ranked:
        first = chosen.setdefault(page.lang, (page, file))[0]
        if first is not page and _rank(page, site) < 2:  # noqa: PLR2004 - 2 is the rank of texts in another's file, which yield silently
            problems.append(problem("address-taken", site.wording, page.key, address=page.address, by=first.key))
    return [chosen[lang] for lang in site.languages if lang in chosen], problems


SHARED = tuple("date lastmod type weight img img_header img_license focus people contacts contact_person years partners financing website".split())
"""The fields that a translation may leave out: it has them of the page in the default language."""


def _completed(page: Page, first: Page, site: Site) -> Page:
    """A translation with what it leaves out. `first` is the group's page in the first of its languages."""
    if first.lang != site.default_language or page.lang == first.lang:
        return page
    lent = {name: getattr(first, name) for name in SHARED if not getattr(page, name)}
    if "img" in lent and not page.img_alt:  # in another language is better than not at all
        lent["img_alt"] = first.img_alt
    return replace(page, **lent)


def _rank(page: Page, site: Site) -> int:
    suffix = group_of(page.key, site.languages)[1]
    if suffix == page.lang:
        return 0
    return 1 if suffix is None and page.lang == site.default_language else 2


def _record(page: Page, source_etag: str, artifact: Artifact, site: Site, pictures: Pictures) -> PageRecord:
    here = tuple(address for address in page.aliases if space_of(address, site.languages) == page.section)
    return PageRecord(
        tile=tile_of(page, source_etag, _known(page.img or page.img_header, pictures)),
        slugged=page.address != page_address(page.group, page.lang, site.default_language),
        aliases=here,
        elsewhere=tuple(Alias(address, page.address, page.key) for address in page.aliases if address not in here),
        etag=artifact.etag,
        body=kept_text(page.body) if page.section else NO_HTML,
        summary=page.summary or page.description,
        search_keys=page.search_keys,
    )


def guest_spaces(ledgers: Iterable[Ledger], site: Site) -> set[str]:
    """The sections in whose spaces these sections have aliases, or may have left something."""
    addresses: set[str] = set()
    for ledger in ledgers:
        addresses |= {alias.address for record in ledger.groups.values() for alias in aliases_elsewhere(record)}
        addresses |= {address for address, entry in ledger.retired.items() if entry.elsewhere}
    return {space_of(address, site.languages) for address in addresses}


def guests_in(space: str, ledgers: Mapping[str, Ledger], host: Ledger, site: Site) -> dict[str, tuple[Alias, ...]]:
    """What is to change in a section's guests, so that it has those which the ledgers of their own sections name."""
    wanted: dict[str, tuple[Alias, ...]] = {group: () for group in host.guests if section_of(group) in ledgers}
    for ledger in ledgers.values():
        for group, record in ledger.groups.items():
            if mine := tuple(alias for alias in aliases_elsewhere(record) if space_of(alias.address, site.languages) == space):
                wanted[group] = mine
    return {group: aliases for group, aliases in wanted.items() if host.guests.get(group, ()) != aliases}


def _known(path: str, pictures: Pictures) -> Picture | None:
    """What is known of an image; None where that is no more than that there is one."""
    found = picture_of(path, pictures)
    return found if found and found.width else None


def _intro(page: Page, pictures: Pictures) -> Intro:
    return Intro(
        key=page.key,
        lang=page.lang,
        title=page.title,
        subtitle=page.subtitle,
        description=page.description,
        img_header=page.img_header,
        img_alt=page.img_alt,
        picture=_known(page.img_header, pictures),
        focus=page.focus,
        body=page.body,
    )
