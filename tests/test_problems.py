"""Problems for people, for programs and for GitHub."""

import json

import pytest
from tilepress.pages import Problem, Severity
from tilepress.problems import as_github, as_json, as_text, in_file_order

PROBLEM = Problem(file="content/a.md", code="date", message="“x” is no date.", hint="Write 2026-03-31.", line=3, column=7)


def test_text_is_what_editors_understand():
    """People read file, line, column, kind and message on a line, and below it what to do."""
    assert as_text(PROBLEM) == "content/a.md:3:7: error date: “x” is no date.\n    Write 2026-03-31."


def test_text_without_a_hint_is_one_line():
    """Where there is nothing to advise, there is no second line."""
    assert as_text(Problem(file="a", code="b", message="c", severity=Severity.WARNING)) == "a:1:1: warning b: c"


def test_json_has_the_documented_fields():
    """Programs read a list of objects with exactly the documented fields."""
    assert json.loads(as_json([PROBLEM])) == [
        {
            "file": "content/a.md",
            "line": 3,
            "column": 7,
            "severity": "error",
            "code": "date",
            "message": "“x” is no date.",
            "hint": "Write 2026-03-31.",
        }
    ]


def test_json_is_readable():
    """Letters stay letters."""
    assert "“x”" in as_json([PROBLEM])


@pytest.mark.parametrize("folder", ["site", "./site", "site/"])
def test_github_shows_a_problem_at_its_place(folder):
    """A workflow command names the file from the repository's root, line and column."""
    said = "::error file=site/content/a.md,line=3,col=7,title=date::“x” is no date. Write 2026-03-31."
    assert as_github(PROBLEM, folder) == said


def test_github_knows_the_repositorys_root():
    """A source folder that is the whole repository adds nothing to the path."""
    assert "file=content/a.md," in as_github(PROBLEM, ".")


def test_github_commands_are_escaped():
    """Nothing in a problem can end the command, or start another."""
    problem = Problem(file="a,b:c%.md", code="x", message="one\ntwo\r::error::", severity=Severity.WARNING)
    assert as_github(problem, ".") == "::warning file=a%2Cb%3Ac%25.md,line=1,col=1,title=x::one%0Atwo%0D::error::"


def test_problems_are_read_in_the_order_of_files():
    """Problems stand by file, line and column."""
    places = [("b", 1, 1), ("a", 2, 1), ("a", 1, 9), ("a", 1, 2)]
    problems = [Problem(file=file, code="x", message="", line=line, column=column) for file, line, column in places]
    assert [(problem.file, problem.line, problem.column) for problem in in_file_order(problems)] == sorted(places)
