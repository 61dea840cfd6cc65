"""Whatever is uploaded: a clear problem or a right page, and the rest of the site unharmed."""

import codecs
import unicodedata

import pytest
from tilepress.pages import Problem

from .conftest import Stage, differing, project

GOOD = {"content/projekte/gut.md": project("Gut"), "site.yaml": "title: Seite\n"}
KEY = "content/projekte/seite.md"
DEEP = b"---\ntitle: A\n---\n" + b"<div>" * 600


def problems_of(log: pytest.LogCaptureFixture) -> list[Problem]:
    """The problems that the handler logged."""
    return [Problem(**problem) for record in log.records for problem in getattr(record, "problems", [])]


@pytest.mark.parametrize(
    ("body", "code", "line"),
    [
        pytest.param(b"---\ntitle: [a\n---\nText\n", "yaml", 3, id="broken front matter"),
        pytest.param(b"---\ntitle: a: b\n---\nText\n", "yaml", 2, id="unquoted colon"),
        pytest.param(b"---\ntitle: M\xfcller\n---\nText\n", "encoding", 2, id="latin-1"),
        pytest.param("---\ntitle: A\n---\n".encode("utf-16"), "encoding", 1, id="utf-16"),
        pytest.param(b"---\ntitle: A\n\nText\n", "front-matter-unclosed", 1, id="unclosed fence"),
        pytest.param(b"---\ntitle: A\n---\n" + b"x" * 2 * 1024 * 1024, "file-too-large", 1, id="2 MiB"),
        pytest.param(b"", "file-empty", 1, id="empty"),
        pytest.param(b"Nur Text.\n", "front-matter-missing", 1, id="no front matter"),
        pytest.param(b"+++\ntitle = A\n+++\nText\n", "toml", 2, id="broken TOML"),
        pytest.param(b'{"title": "A",\n"tags": }\nText\n', "json", 2, id="broken JSON"),
        pytest.param(b"---\nsubtitle: A\n---\nText\n", "title-missing", 2, id="no title"),
        pytest.param(DEEP, "text-too-complex", 4, id="absurdly deep"),
        pytest.param(b"\x00\x01\x02", "control-character", 1, id="not a text at all"),
    ],
)
def test_a_broken_file_is_a_located_problem_and_harms_no_other(
    stage: Stage, caplog: pytest.LogCaptureFixture, body: bytes, code: str, line: int
) -> None:
    """Its author is told what and where; every other page is as without it."""
    stage.publish(GOOD)
    before = stage.site()
    stage.publish({KEY: body})
    found = problems_of(caplog)
    assert [(problem.file, problem.code, problem.line) for problem in found] == [(KEY, code, line)]
    assert found[0].hint
    assert differing(stage.site(), before) == []


def test_a_page_that_breaks_keeps_its_last_good_version(stage: Stage) -> None:
    """Page and tile stay live while it is broken, even when everything is rendered again; mended, it is published."""
    stage.publish(GOOD | {KEY: project("Version eins")})
    stage.publish({KEY: "---\ntitle: [\n---\n"})
    assert b"Version eins" in stage.site()["projekte/seite/index.html"]
    stage.publish({"site.yaml": "title: Neuer Name\n"})
    page, overview = stage.site()["projekte/seite/index.html"], stage.site()["projekte/index.html"]
    assert b"Version eins" in page
    assert b"Neuer Name" in page
    assert b"Version eins" in overview
    stage.publish({KEY: project("Version zwei")})
    assert b"Version zwei" in stage.site()["projekte/seite/index.html"]
    assert differing(stage.site(), stage.clean_build()) == []


@pytest.mark.parametrize("start", [codecs.BOM_UTF8, b"\r\n", b"\n\n"], ids=["BOM", "CRLF", "blank lines"])
def test_what_editors_add_does_no_harm(stage: Stage, start: bytes) -> None:
    """A byte order mark, or blank lines before the front matter, and the page is right."""
    stage.publish({KEY: start + b"---\r\ntitle: Titel\r\n---\r\nText.\r\n"})
    assert b"<p>Text.</p>" in stage.site()["projekte/seite/index.html"]


@pytest.mark.parametrize(
    ("key", "target"),
    [
        ("content/projekte/Über uns.md", "projekte/über-uns/index.html"),
        (unicodedata.normalize("NFD", "content/projekte/Über uns.md"), "projekte/über-uns/index.html"),
        ("content/projekte/a+b.md", "projekte/a+b/index.html"),
        ("content/projekte/100%.md", "projekte/100/index.html"),
        ("content/projekte/a%20b.md", "projekte/a20b/index.html"),
        ("content/projekte/Straße & Co.md", "projekte/straße--co/index.html"),
        ("content/projekte/数据.md", "projekte/数据/index.html"),
    ],
    ids=["blank and umlaut", "decomposed", "plus", "percent", "percent-encoded", "ampersand", "Chinese"],
)
def test_any_name_of_a_file_becomes_an_address(stage: Stage, key: str, target: str) -> None:
    """Keys with blanks, signs and any script come through S3's encoding of events and are published."""
    stage.publish({key: project("Titel")})
    assert target in stage.site()


@pytest.mark.parametrize(
    "key",
    ["content/projekte/.seite.md.swp", "content/projekte/seite.md~", "content/.DS_Store", "content/projekte/#seite.md#", "notes.txt", "content/"],
)
def test_what_editors_leave_behind_is_ignored(stage: Stage, caplog: pytest.LogCaptureFixture, key: str) -> None:
    """No page, no problem."""
    stage.publish({key: b"x"})
    assert problems_of(caplog) == []


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("content/en/seite.md", "reserved-name"),
        ("static/projekte/index.html", "reserved-name"),
        ("static/tiles.json", "reserved-name"),
        ("content/projekte/\u202eseite.md", "key"),
        ("content/projekte/index.md", "reserved-name"),
        ("content/projekte/!!.md", "key"),
    ],
)
def test_a_key_that_cannot_be_published_is_a_problem(stage: Stage, caplog: pytest.LogCaptureFixture, key: str, code: str) -> None:
    """It is told, and nothing of it reaches the site."""
    stage.publish(GOOD)
    before = stage.site()
    stage.publish({key: project("Eindringling")})
    assert [problem.code for problem in problems_of(caplog)] == [code]
    assert differing(stage.site(), before) == []


def test_a_fault_of_ours_on_one_page_stops_no_other(stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """When our own code fails on a page, that page keeps what it had, and the others of the batch are published."""
    from tilepress import groups, render

    original = render.page_artifact
    stage.publish({KEY: project("Vorher")})

    def failing(page, *rest):
        if page.key == KEY:
            raise ZeroDivisionError("planted")
        return original(page, *rest)

    monkeypatch.setattr(groups, "page_artifact", failing)
    stage.publish({KEY: project("Nachher"), "content/projekte/andere.md": project("Andere")})
    assert b"Vorher" in stage.site()["projekte/seite/index.html"]
    assert "projekte/andere/index.html" in stage.site()
    assert [problem.code for problem in problems_of(caplog)] == ["internal"]
