"""What authors are told of a file: its tags, in the letters that S3 takes, and its report."""

import json
import re
from functools import partial

import pytest
from builders import site
from hypothesis import given
from hypothesis import strategies as st
from tilepress.pages import Problem, Severity, SourceFile
from tilepress.reports import REPORTS, report_keys, report_of, reports
from tilepress.status import Status, of_others, tags, tags_beside, withheld
from tilepress.wording import problem as problem_of

KEY = "content/projekte/ogp.md"
SITE = site("title: T\nbase_url: https://a.example\ntime_zone: Europe/Berlin\n")
TAG = re.compile(r"[\w+\-=.:/@ ]*\Z")


def problem(message: str = "Das stimmt nicht.", **given: object) -> Problem:
    """A problem of the page."""
    return Problem(**{"file": KEY, "code": "x", "message": message, "hint": "So."} | given)  # type: ignore[arg-type]


def test_tags_of_a_live_page_say_where_it_is():
    """State and full address."""
    status = Status(key=KEY, state="published", addresses=("/projekte/ogp/",))
    assert tags(status, SITE) == {"tilepress-state": "published", "tilepress-address": "https://a.example/projekte/ogp/"}


@pytest.mark.parametrize(("state", "said"), [("scheduled", "from 2026-12-24 18:00"), ("published", "until 2026-12-24 18:00")])
def test_tags_tell_times_in_the_sites_time_zone(state, said):
    """The author's clock, not UTC."""
    assert tags(Status(key=KEY, state=state, due=1798131600), SITE)["tilepress-message"] == said


def test_tags_of_a_problem_say_the_first_and_how_many_more():
    """One line has room for one."""
    status = Status(key=KEY, state="problem", problems=(problem(line=3), problem("Noch etwas.")))
    assert tags(status, None)["tilepress-message"] == "line 3: Das stimmt nicht. -and 1 more-"


@given(st.text(max_size=400))
def test_tags_are_such_as_s3_takes(message):
    """Whatever a message quotes: letters, digits, blanks and a few signs, and no more than 256 of them."""
    value = tags(Status(key=KEY, state="problem", problems=(problem(message),)), None)["tilepress-message"]
    assert TAG.match(value)
    assert len(value) <= 256


def test_tags_of_others_go_first():
    """Ten tags is all that a file may have; those that are not ours stay."""
    theirs = {f"t{number}": "x" for number in range(9)}
    assert tags_beside(theirs | {"tilepress-old": "y"}, {"tilepress-state": "published", "tilepress-address": "/"}) == theirs | {
        "tilepress-state": "published"
    }


def test_report_for_programs_has_every_problem():
    """Its fields are those of `check --format json`, and where the page is live."""
    found = reports(Status(key=KEY, etag='"e"', state="problem", addresses=("/projekte/ogp/",), problems=(problem(line=3, column=7),)), SITE)
    assert [artifact.key for artifact in found] == [f"{REPORTS}{KEY}.json", f"{REPORTS}{KEY}.html"]
    assert json.loads(found[0].body) == {
        "version": 1,
        "file": KEY,
        "etag": '"e"',
        "state": "problem",
        "urls": ["https://a.example/projekte/ogp/"],
        "problems": [{"file": KEY, "code": "x", "message": "Das stimmt nicht.", "hint": "So.", "line": 3, "column": 7, "severity": "error"}],
    }


def test_report_for_people_shows_hostile_text_as_text():
    """A file's name and content are its author's, and may be anything."""
    name = 'content/<img src=x onerror="alert(1)">.md'
    body = reports(Status(key=name, state="problem", problems=(problem("<script>alert(1)</script>"),)), None)[1].body.decode()
    assert "<img" not in body
    assert "<script" not in body
    assert "&lt;script&gt;" in body


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (
            Status(key=KEY, state="problem", addresses=("/projekte/ogp/",), problems=(problem(),)),
            "The last version without a mistake stays",
        ),
        (Status(key=KEY, state="problem", problems=(problem(),)), "Nothing of it is online"),
        (Status(key=KEY, state="published", addresses=("/x/",), problems=(problem(severity=Severity.WARNING),)), "The page is published at /x/"),
        (Status(key="site.yaml", state="published", problems=(problem(severity=Severity.WARNING),)), "The file is published."),
    ],
)
def test_report_for_people_says_what_readers_see_meanwhile(status, said):
    """An author's first question is whether the page is gone."""
    assert said in reports(status, None)[1].body.decode()


def test_all_is_well_needs_no_report():
    """Nothing to tell, nothing written."""
    assert reports(Status(key=KEY, state="published"), SITE) == ()


def test_no_room_for_a_report():
    """A key of S3 has at most 1,024 bytes: the report of one that has them all has none."""
    assert report_keys("content/" + "x" * 1005 + ".md") == ()


@pytest.mark.parametrize("key", [KEY, "site.yaml", "content/a.b/c.json.md"])
def test_report_names_its_file(key):
    """Its key says which."""
    assert {report_of(found) for found in report_keys(key)} == {key}


def test_what_is_no_page_is_never_called_published():
    """A document left out with a warning is not online; settings with a warning are in use."""
    warning = [problem(file=key, severity=Severity.WARNING) for key in ("content/a.docx", "site.yaml")]
    assert {key: one.state for key, one in of_others(warning, {"content/a.docx", "site.yaml"}, "en").items()} == {
        "content/a.docx": "problem",
        "site.yaml": "published",
    }


def test_a_file_that_waits_is_told_so():
    """Why, and that it need not be uploaded again."""
    waits = partial(problem_of, "not-published.settings", "en", files="site.yaml")
    (found,) = withheld([SourceFile(KEY, b"", '"e"')], waits, "en").values()
    assert (found.state, found.problems[0].message[:31]) == ("problem", "There is a mistake in site.yaml")
    assert "no need to upload" in found.problems[0].hint


def test_words_of_ours_are_in_the_sites_language():
    """Tags and report, as the problems in them."""
    status = Status(key=KEY, state="problem", problems=(problem(line=3), problem("Noch etwas.")), wording="de")
    assert tags(status, None)["tilepress-message"] == "Zeile 3: Das stimmt nicht. -und 1 weitere-"
    assert "Zeile 3, Spalte 1 · Fehler" in reports(status, None)[1].body.decode()
