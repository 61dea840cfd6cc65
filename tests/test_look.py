"""Two colours and two fonts in site.yaml become rules of the style sheet, in which everybody can read."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from builders import site, source
from hypothesis import given
from hypothesis import strategies as st
from tilepress.look import CONTRAST_MIN, GROUNDS, SIGNAL, contrast, css, frame_colour, ink_on, legible
from tilepress.site import parse_site

STYLE = (Path(__file__).parents[1] / "templates" / "assets" / "style.css").read_text()
COLOURS = st.tuples(*[st.integers(0, 255)] * 3)


def rules(settings: str) -> str:
    """What these settings of the theme add to the style sheet."""
    return css(site(f"theme: {settings}").look)


def codes(settings: str) -> list[tuple[str, int]]:
    """What is wrong with a setting of the theme, and in which line."""
    _, problems = parse_site(source(f"theme:\n  {settings}\n", "site.yaml"))
    return [(problem.code, problem.line) for problem in problems]


def test_no_look_changes_nothing():
    """Without a word of it the theme's style sheet stays as it is."""
    assert css(site("title: A").look) == ""


def test_the_grounds_are_the_style_sheet_s():
    """Contrast is reckoned against what the theme stands on."""
    found = [tuple(bytes.fromhex(said)) for said in re.findall(r"--paper: #(\w{6});", STYLE)]
    assert found == [GROUNDS["light"], GROUNDS["dark"]]
    assert [tuple(bytes.fromhex(said)) for said in re.findall(r"--signal: #(\w{6});", STYLE)] == [SIGNAL]


def test_only_variables_of_the_style_sheet_are_set():
    """A variable that the style sheet does not know would change nothing."""
    found = rules("{accent: '#0b6172', signal: '#fc3', heading_font: Georgia, text_font: a.woff2}")
    known = set(re.findall(r"(--[\w-]+):", STYLE))
    assert set(re.findall(r"(--[\w-]+):", found)) <= known


def test_contrast_is_the_standard_s():
    """Black on white is 21, and a known pair is what other tools say of it."""
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((118, 118, 118), (255, 255, 255)) == pytest.approx(4.54, abs=0.01)


@given(COLOURS)
def test_every_accent_can_be_read(colour):
    """In the light and in the dark."""
    assert all(contrast(legible(colour, ground), ground) >= CONTRAST_MIN for ground in GROUNDS.values())


@given(COLOURS)
def test_every_colour_carries_text(colour):
    """What stands on it has the contrast that it needs."""
    assert contrast(ink_on(colour), colour) >= CONTRAST_MIN


def test_a_colour_that_can_be_read_stays():
    """Nothing is changed without need."""
    assert legible((11, 97, 114), GROUNDS["light"]) == (11, 97, 114)
    shades = [legible((value, value, 0), GROUNDS["light"]) for value in (120, 200, 250)]
    assert all(one[0] <= 120 for one, _ in pairwise(shades))


def test_an_accent_that_is_too_light_is_darkened_and_told_of():
    """Yellow links on white nobody can read."""
    assert codes("accent: '#ffdd00'") == [("contrast", 2)]
    assert "--accent: #ffdd00" not in rules("{accent: '#ffdd00'}")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("accent: '#0b6172'", []),
        ("accent: 0b6172", []),
        ("signal: '#fc3'", []),
        ("accent: #0b6172", [("colour", 2)]),
        ("signal: orange", [("colour", 2)]),
        ("signal: '#ff'", [("colour", 2)]),
        ("heading_font: Source Sans 3", []),
        ("heading_font: 'x\"; } body { display: none'", [("font", 2)]),
        ("text_font: https://fonts.example.org/a.woff2", [("font", 2)]),
        ("text_font: ../a.woff2", [("font", 2)]),
        ("colour: red", [("unknown-field", 2)]),
    ],
)
def test_what_cannot_be_is_told(line, expected):
    """Each with its line; a colour without quotation marks is a comment to YAML."""
    assert codes(line) == expected


def test_short_colours_are_long_ones():
    """#fc3 is #ffcc33, and browsers' frame has it as well."""
    assert "--signal: #ffcc33;" in rules("{signal: '#fc3'}")
    assert frame_colour(site("theme: {signal: '#fc3'}").look) == "#ffcc33"
    assert frame_colour(site("title: A").look) == "#ffc63a"


def test_an_uploaded_font_is_loaded_from_the_site():
    """Below image_path, as images are; the reader's own is shown until it is there."""
    found = rules("{text_font: fonts/Meine Schrift.woff2}")
    assert 'url("/files/fonts/Meine%20Schrift.woff2")' in found
    assert "font-display: swap" in found
    assert '--book: "book", serif;' in found


def test_a_named_font_is_the_reader_s():
    """Nothing is loaded for it."""
    assert rules("{heading_font: Georgia}") == '\n/* ---- As site.yaml has it ---- */\n\n:root {\n  --sign: "Georgia", sans-serif;\n}\n'
