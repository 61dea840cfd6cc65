"""What a run did, and what several runs did together."""

import pytest
from tilepress.pages import Problem
from tilepress.report import Report

PROBLEM = Problem(file="a", code="b", message="c")


def test_reports_add_up():
    """What two attempts did is told as one, each thing once."""
    one = Report(put={"a": "new"}, unchanged=3, problems=(PROBLEM,), invalidated=("/a",), attempts=1)
    other = Report(put={"b": "new"}, deleted={"c": "orphan"}, unchanged=2, problems=(PROBLEM,), invalidated=("/a", "/b"), attempts=2)
    assert one + other == Report(
        put={"a": "new", "b": "new"}, deleted={"c": "orphan"}, unchanged=3, problems=(PROBLEM,), invalidated=("/a", "/b"), attempts=3
    )


@pytest.mark.parametrize(
    ("one", "other", "total"),
    [
        (Report(put={"a": "new"}), Report(deleted={"a": "retired"}), Report(deleted={"a": "retired"})),
        (Report(deleted={"a": "retired"}), Report(put={"a": "new"}), Report(put={"a": "new"})),
        (Report(put={"a": "new"}), Report(put={"a": "changed"}), Report(put={"a": "changed"})),
    ],
    ids=["put, then deleted", "deleted, then put", "put twice"],
)
def test_last_word_counts(one, other, total):
    """Of an object that was written and deleted, the last counts."""
    assert one + other == total


def test_no_report_adds_nothing():
    """An empty report changes none."""
    report = Report(put={"a": "new"}, unchanged=1, attempts=1)
    assert Report() + report == report + Report() == report
