"""What authors write comes out as their Hugo site has it: real pages, and construct by construct."""

import os
from pathlib import Path

import pytest
from bench.fidelity import HUGO, differing, hugo, tree
from test_markup_commonmark import CASES
from tilepress.markup import Rules, to_html

CORPUS = os.environ.get("TILEPRESS_CORPUS", "")
SITES = sorted(folder.parent for folder in Path(CORPUS).glob("*/content")) if CORPUS else []
LEAST = {"markdown": 98.0, "commonmark": 99.5}
OUR_OWN = {
    "contents": "Hugo leaves the list of contents to templates",
    "contents from below": "as above",
    "code with colours": "Hugo writes colours into the page",
    "code of an unknown language": "Hugo puts the language into an attribute, too",
    "comment": "what no reader sees goes",
    "instruction": "as above",
    "many parentheses in an address": "32 in one another are enough",
    "table": "alignment is a class, not a style",
}
"""The constructs that come out otherwise, and why."""

pytestmark = pytest.mark.skipif(not HUGO.exists(), reason="hugo is not installed")


@pytest.mark.skipif(not SITES, reason="TILEPRESS_CORPUS names no folder with sites in it")
@pytest.mark.parametrize("folder", SITES or [Path()], ids=lambda folder: folder.name)
def test_real_pages_are_what_hugo_makes_of_them(folder):
    """Of the bodies of real sites next to all are equal, by either engine."""
    count, wrong = differing(folder)
    assert {engine: 100 * (count - len(keys)) / count >= LEAST[engine] for engine, keys in wrong.items()} == dict.fromkeys(LEAST, True), wrong


@pytest.mark.parametrize("engine", LEAST)
def test_constructs_are_what_hugo_makes_of_them(engine):
    """Every construct comes out as Hugo has it, but for those that are different for a reason."""
    names = list(CASES)
    expected = dict(zip(names, hugo([CASES[name][0] for name in names]), strict=True))
    wrong = [name for name in names if tree(to_html(CASES[name][0], Rules(engine))) != tree(expected[name])]
    assert sorted(wrong) == sorted(OUR_OWN)
