"""The source files of a page group become its record, its artifacts and its authors' problems."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from builders import ledger, page_text, site, source, theme
from tilepress.groups import Computed, GroupSources, basis_of, compute, compute_or_crash, guest_spaces, guests_in
from tilepress.ledger import Alias, Ledger, Retired, SourceRecord
from tilepress.pages import SourceFile
from tilepress.site import Site

NOW = datetime(2025, 1, 1, tzinfo=UTC).timestamp()
DE = "content/projekte/ogp.md"
EN = "content/projekte/ogp.en.md"
BOTH = "---\ntitle: Titel\nen:\n  title: Title\n---\n"
THEME = theme(project="{{ page.title }}: {{ page.languages | map(attribute='lang') | join(' ') }}")


def computed(*files: SourceFile, good: dict[str, SourceFile] | None = None, group: str = "projekte/ogp", within: Site | None = None) -> Computed:
    """What a group of these files comes to, at the beginning of 2025."""
    return compute(GroupSources(group, files, good or {}), within or site(), THEME, NOW)


def texts(found: Computed) -> dict[str, str]:
    """What is published, by key."""
    return {artifact.key: artifact.body.decode() for artifact in found.artifacts}


def states(found: Computed) -> list[str]:
    """What became of each file."""
    return [one.state for one in found.record.sources] if found.record else []


def test_group_without_files_has_no_record():
    """Where there is nothing, nothing is known."""
    assert computed() == Computed("projekte/ogp", None)


def test_group_is_published_in_its_languages():
    """Each language of a page knows the others."""
    found = computed(source(page_text(), DE), source(page_text(title="Title"), EN))
    assert texts(found) == {"projekte/ogp/index.html": "Titel: de en", "en/projekte/ogp/index.html": "Title: de en"}


def test_order_of_files_never_shows():
    """In whichever order files are read, the pages are the same."""
    files = (source(page_text(), DE), source(page_text(title="Title"), EN))
    one, other = computed(*files), computed(*files[::-1])
    assert one.artifacts == other.artifacts
    assert one.record is not None
    assert other.record is not None
    assert one.record.pages == other.record.pages


def test_record_tells_what_was_published():
    """The record knows the version of the file, and that of the page, and what it was made with."""
    file = source(page_text(), DE)
    found = computed(file)
    assert found.record is not None
    assert found.record.sources == (SourceRecord(key=DE, etag=file.etag, state="published", good="v1"),)
    assert [(one.tile.source_etag, one.etag) for one in found.record.pages] == [(file.etag, found.artifacts[0].etag)]


def test_record_names_what_it_was_made_with():
    """Other settings or templates are another basis."""
    assert basis_of(site("title: X"), THEME) != basis_of(site("title: Y"), THEME) != basis_of(site("title: Y"), theme())


@pytest.mark.parametrize(
    ("fields", "state", "due"),
    [
        ({"draft": "true"}, "draft", 0),
        ({"publishDate": "2026-01-01"}, "scheduled", datetime(2026, 1, 1, tzinfo=UTC).timestamp()),
        ({"expiryDate": "2024-01-01"}, "expired", 0),
    ],
    ids=["draft", "scheduled", "expired"],
)
def test_what_may_not_be_seen_is_nowhere(fields, state, due):
    """A page before or after its time leaves nothing but a note, and when to look again."""
    found = computed(source(page_text(**fields), DE))
    assert found.record is not None
    assert [(one.state, one.due) for one in found.record.sources] == [(state, due)]
    assert not found.record.pages + found.artifacts


def test_page_that_will_end_is_looked_at_then():
    """A page that can be seen, and will not be some day, is due on that day."""
    found = computed(source(page_text(expiryDate="2026-01-01"), DE))
    assert found.record is not None
    assert [(one.state, one.due) for one in found.record.sources] == [("published", datetime(2026, 1, 1, tzinfo=UTC).timestamp())]


def test_language_that_is_a_draft_is_not_linked():
    """A translation that cannot be seen is not among the languages of the others."""
    found = computed(source(page_text(), DE), source(page_text(draft="true"), EN))
    assert texts(found) == {"projekte/ogp/index.html": "Titel: de"}


def test_broken_file_without_a_past_is_nothing():
    """A file that never was right is a problem, and nothing stands for it."""
    found = computed(source("", DE))
    assert (states(found), found.broken, found.artifacts, [problem.code for problem in found.problems]) == (["problem"], (DE,), (), ["file-empty"])


GOOD = SourceFile(DE, page_text(title="Gut").encode(), '"good"', "v0")


def test_broken_file_keeps_its_last_good_version():
    """While a file is broken, its last good version stands for it, and the problem is told."""
    found = computed(source("", DE), good={DE: GOOD})
    assert (texts(found), found.broken, [problem.code for problem in found.problems]) == (
        {"projekte/ogp/index.html": "Gut: de"},
        (),
        ["file-empty"],
    )


def test_last_good_version_is_remembered():
    """The record of a broken file names the version that stands for it, the tile that version's ETag."""
    found = computed(source("", DE), good={DE: GOOD})
    assert found.record is not None
    assert [(one.state, one.good) for one in found.record.sources] == [("problem", "v0")]
    assert [one.tile.source_etag for one in found.record.pages] == ['"good"']


def test_broken_translation_harms_only_itself():
    """A mistake in one language leaves the other as it is."""
    found = computed(source(page_text(), DE), source("", EN))
    assert (texts(found), states(found)) == ({"projekte/ogp/index.html": "Titel: de"}, ["published", "problem"])


def test_last_good_version_that_is_a_draft_stays_hidden():
    """A last good version that may not be seen is not seen because the file broke."""
    found = computed(source("", DE), good={DE: SourceFile(DE, page_text(draft="true").encode(), '"good"', "v0")})
    assert found.artifacts == ()


def test_own_file_of_a_language_goes_before_texts_in_another():
    """A translation's own file stands, the text in the other file's front matter yields in silence."""
    found = computed(source(BOTH, DE), source(page_text(title="Own"), EN))
    assert (texts(found)["en/projekte/ogp/index.html"], found.problems) == ("Own: de en", ())


def test_two_files_of_one_language_are_a_problem():
    """A file with the language's suffix goes before the plain one, which is told."""
    suffixed = "content/projekte/ogp.de.md"
    found = computed(source(page_text(title="Plain"), DE), source(page_text(title="Suffix"), suffixed))
    assert (texts(found), [(problem.file, problem.code) for problem in found.problems]) == (
        {"projekte/ogp/index.html": "Suffix: de"},
        [(DE, "address-taken")],
    )


def test_index_is_the_sections_own_text():
    """`_index` is no page: it is the title and text of the overview."""
    found = computed(source(page_text("*a*", subtitle="S"), "content/projekte/_index.md"), group="projekte/_index")
    assert found.record is not None
    assert [(intro.lang, intro.title, intro.subtitle, intro.body) for intro in found.record.intros] == [("de", "Titel", "S", "<p><em>a</em></p>")]
    assert not found.record.pages + found.artifacts


@pytest.mark.parametrize(("fields", "slugged"), [({}, False), ({"slug": "ogp"}, False), ({"slug": "neu"}, True)], ids=["none", "same", "other"])
def test_slug_is_told_from_an_address_that_the_key_implies(fields, slugged):
    """Only an address that no key implies needs to be claimed."""
    found = computed(source(page_text(**fields), DE))
    assert found.record is not None
    assert [one.slugged for one in found.record.pages] == [slugged]


def with_aliases(written: str) -> Computed:
    """A page with these aliases."""
    return computed(source(page_text(aliases=written), DE))


def test_aliases_are_of_this_section_or_elsewhere():
    """An alias in another section's space is told from one in the page's own."""
    (found,) = with_aliases("[/projekte/a/, /alt/7/, /b/]").record.pages  # type: ignore[union-attr]
    elsewhere = (Alias("/alt/7/", "/projekte/ogp/", DE), Alias("/b/", "/projekte/ogp/", DE))
    assert (found.aliases, found.elsewhere) == (("/projekte/a/",), elsewhere)


def book_of(found: Computed, **retired: Retired) -> dict[str, Ledger]:
    """The ledgers after a run that computed just this."""
    assert found.record is not None
    return {"projekte": replace(ledger(ogp=found.record), retired={f"/{name}/x/": entry for name, entry in retired.items()})}


def guests(space: str, written: str, **there: tuple[Alias, ...]) -> dict[str, tuple[Alias, ...]]:
    """What changes in a section's guests, when a page of another has these aliases."""
    host = Ledger(section=space, guests={f"projekte/{group}": aliases for group, aliases in there.items()})
    return guests_in(space, book_of(with_aliases(written)), host, site())


def test_sections_that_decide_are_known():
    """The sections that are to hear of guests are those of the aliases that there are, and of those given up of late."""
    books = book_of(with_aliases("[/projekte/a/, /alt/7/, /b/]"), late=Retired(1, elsewhere=True), own=Retired(1))
    assert guest_spaces(books.values(), site()) == {"alt", "", "late"}


GUEST = Alias("/alt/7/", "/projekte/ogp/", DE)


@pytest.mark.parametrize(
    ("written", "there", "changed"),
    [
        pytest.param("[/alt/7/, /b/, /projekte/a/]", {}, {"projekte/ogp": (GUEST,)}, id="new"),
        pytest.param("/alt/7/", {"ogp": (GUEST,)}, {}, id="known"),
        pytest.param("null", {"ogp": (GUEST,)}, {"projekte/ogp": ()}, id="gone"),
        pytest.param("null", {"other": (GUEST,)}, {"projekte/other": ()}, id="gone with its page"),
        pytest.param("/alt/7/", {"ogp": (Alias("/alt/7/", "/projekte/früher/", DE),)}, {"projekte/ogp": (GUEST,)}, id="page moved"),
    ],
)
def test_guests_are_those_that_their_own_section_names(written, there, changed):
    """A section learns of guests that are new, gone, or lead elsewhere now, and of nothing else."""
    assert guests("alt", written, **there) == changed


def test_guests_of_other_sections_are_left_alone():
    """A run for one section says nothing about the guests of another."""
    host = Ledger(section="alt", guests={"team/eva": (GUEST,)})
    assert guests_in("alt", book_of(with_aliases("null")), host, site()) == {}


def failing() -> AbstractContextManager[None]:
    """A guard that has a fault of its own."""
    raise OSError("out of luck")


def crash(guard: Callable[[], AbstractContextManager[None]]) -> Computed:
    """What a group comes to when our own code fails."""
    return compute_or_crash(GroupSources("projekte/ogp", (source(page_text(), DE),)), site(), THEME, NOW, guard)


def test_fault_of_ours_is_told_of_its_page():
    """A fault that one page brings to light is a problem of that page, and stops no other."""
    found = crash(failing)
    assert (found.record, found.crashed, [(problem.file, problem.code) for problem in found.problems]) == (
        None,
        "OSError: out of luck",
        [(DE, "internal")],
    )


def test_without_a_fault_nothing_crashes():
    """Where nothing fails, computing safely is computing."""
    files = GroupSources("projekte/ogp", (source(page_text(), DE),))
    assert compute_or_crash(files, site(), THEME, NOW) == compute(files, site(), THEME, NOW)


def test_translation_has_what_it_leaves_out_of_the_original():
    """Images, people and the like need to be written once: a translation that has none has the original's."""
    original = source(page_text(img="x.jpg", img_alt="Ein X", people="[Ada]", years="2014", kategorien="[Bildung]"))
    translation = source(page_text(years="since 2014"), "content/projekte/ogp.en.md")
    look = theme(project="{{ page.image.src }} {{ page.image.alt }} {{ page.people[0].name }} {{ page.years }} {{ page.categories | length }}")
    found = compute(GroupSources("projekte/ogp", (original, translation)), site("languages: [de, en]"), look, 0)
    assert [artifact.body for artifact in found.artifacts] == [b"/files/x.jpg Ein X Ada 2014 1", b"/files/x.jpg Ein X Ada since 2014 0"]


def test_original_lends_nothing_where_it_cannot_be_seen():
    """Of a draft nothing reaches its translation."""
    original = source(page_text(img="x.jpg", draft="true"))
    translation = source(page_text(), "content/projekte/ogp.en.md")
    found = compute(GroupSources("projekte/ogp", (original, translation)), site("languages: [de, en]"), theme(project="{{ page.image }}"), 0)
    assert [artifact.body for artifact in found.artifacts] == [b"None"]
