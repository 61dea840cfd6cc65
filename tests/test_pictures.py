"""What is known of images, and where they stand."""

import json

import pytest
from builders import parsed, problem_codes
from tilepress.markup import with_pictures
from tilepress.pages import Html
from tilepress.pictures import Developed, ImageLedger, Picture, from_json, image_key, to_bytes, variant_key, widths_of
from tilepress.render import image, preview_of

PICTURE = Picture(1000, 500, "abc", (320, 960), "960.jpg")


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("/files/a.jpg", "static/files/a.jpg"),
        ("/files/%C3%BC%20b.PNG?x#y", "static/files/ü b.PNG"),
        ("/a.svg", "static/a.svg"),
        ("//x.de/a.jpg", ""),
        ("https://x.de/a.jpg", ""),
        ("a.jpg", ""),
        ("/files/a.pdf", ""),
        ("/files/.jpg", ""),
        ("/files//d/a.jpg", ""),
        ("/projekte/../files/a.jpg", ""),
        ("/files/%00/a.jpg", ""),
        (f"/{'x' * 901}/a.jpg", ""),
    ],
)
def test_key_of_an_address(address, key):
    """Images of this site have a key; what is elsewhere, or no image, has none."""
    assert image_key(address) == key


@pytest.mark.parametrize(("width", "widths"), [(5000, (320, 640, 960, 1280, 1920)), (700, (320, 640)), (320, (320,)), (100, (100,))])
def test_no_variant_is_larger_than_the_image(width, widths):
    """A picture does not get better by being blown up."""
    assert widths_of(width) == widths


def test_ledger_survives_its_json():
    """What is written is what is read, retired variants included."""
    ledger = ImageLedger(folder="f").noted({"static/f/a.jpg": '"1"'}, 1.0)
    claimed = ledger.claimed({"static/f/a.jpg": ("s", ("320.avif",))}, 2.0)
    known = claimed.developed({"static/f/a.jpg": ('"1"', Developed(3, 2, (3,), "3.jpg"))}, {})
    assert known.record("static/f/a.jpg").retired_keys() == {variant_key("s", "320.avif")}
    assert from_json(json.loads(to_bytes(known))) == known


def test_image_in_a_text_comes_in_widths():
    """Sources for browsers that know them, one that all know, a size so that nothing moves, and loading when it comes near."""
    assert with_pictures(Html('<p><img src="/files/a.jpg" alt="B"></p>'), lambda _: PICTURE) == (
        '<p><picture><source type="image/avif" srcset="/assets/pictures/abc-320.avif 320w, /assets/pictures/abc-960.avif 960w"'
        ' sizes="(min-width: 48rem) 44rem, 100vw"><source type="image/webp" srcset="/assets/pictures/abc-320.webp 320w,'
        ' /assets/pictures/abc-960.webp 960w" sizes="(min-width: 48rem) 44rem, 100vw"><img loading="lazy" decoding="async"'
        ' src="/assets/pictures/abc-960.jpg" alt="B" width="1000" height="500"></picture></p>'
    )


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ('<img src="https://x.de/a.jpg">', '<img src="https://x.de/a.jpg">'),
        (
            '<picture><source src="x"><img src="/a.jpg" width="5"></picture>',
            '<picture><source src="x"><img loading="lazy" decoding="async" src="/assets/pictures/abc-960.jpg" width="5"></picture>',
        ),
    ],
)
def test_what_its_author_has_settled_stays(html, shown):
    """Images of other sites, sizes that are given, and a choice of sources of the author's own."""
    assert with_pictures(Html(html), lambda _: PICTURE) == shown


def test_missing_image_in_a_text_is_its_description():
    """What an author wrote stays text, whatever it is."""
    assert with_pictures(Html('<img src="/a.jpg" alt="a &lt;b&gt;">'), lambda _: None) == '<span class="no-picture">a &lt;b&gt;</span>'


@pytest.mark.parametrize(
    ("path", "picture", "preview"),
    [
        ("/files/a.jpg", PICTURE, "/assets/pictures/abc-960.jpg"),
        ("/files/a.jpg", None, "/files/a.jpg"),
        ("/files/a.svg", None, ""),
        ("", None, ""),
    ],
)
def test_preview_is_never_a_drawing(path, picture, preview):
    """Other sites show no SVG: better none than a broken one."""
    assert preview_of(path, picture) == preview


@pytest.mark.parametrize(("picture", "size"), [(PICTURE, (960, 480)), (None, (0, 0))])
def test_preview_tells_its_size(picture, size):
    """Other sites can make room for it before they have loaded it."""
    found = image("/files/a.jpg", picture=picture)
    assert found
    assert (found.preview_width, found.preview_height) == size


@pytest.mark.parametrize(
    ("said", "classes"),
    [
        ("30% 70%", "focus-x-30 focus-y-70"),
        ("33 66", "focus-x-30 focus-y-70"),
        ("oben links", "focus-x-0 focus-y-0"),
        ("right", "focus-x-100 focus-y-50"),
        ("mitte", "focus-x-50 focus-y-50"),
        ("", ""),
    ],
)
def test_focus_is_classes(said, classes):
    """What stays in view is said in percent or in words, and comes out in tens: a style would be switched off by the policy."""
    found = parsed(f"---\ntitle: T\nfocus: '{said}'\n---\n")
    shown = image("/a.jpg", "", None, found.pages[0].focus)
    assert (found.problems, shown.focus if shown else None) == ((), classes)


@pytest.mark.parametrize("said", ["120% 5%", "links rechts", "hier", "30%", "oben 30%"])
def test_focus_that_says_nothing_is_told(said):
    """And the image is cut in the middle."""
    found = parsed(f"---\ntitle: T\nfocus: '{said}'\n---\n")
    assert (problem_codes(found), found.pages[0].focus) == (["focus"], "")
