"""What the simulation remembers is what would be computed."""

from inspect import signature

import pytest

from .remembered import _PURE, compare
from .schedules import play, schedule


def test_what_is_remembered_is_what_is_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    """In some schedules, among them the one (415) in which a sitemap once depended on the order of groups."""
    compare(monkeypatch.setattr)
    assert [broken for seed in range(400, 420) if (broken := play(schedule(seed)))] == []


def test_a_key_is_asked_with_all_that_the_function_is_given() -> None:
    """What a key does not take fails in the midst of the core, and is told there as a fault of the site's own files."""
    for module, name, key in _PURE:
        assert len(signature(key).parameters) == len(signature(vars(module)[name]).parameters), name
