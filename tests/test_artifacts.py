"""What is published, its headers, and how it is compared with what is there."""

import json
from hashlib import md5

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tilepress.artifacts import (
    HTML,
    JSON,
    REVALIDATED,
    Artifact,
    Observed,
    content_type,
    digest,
    etag_of,
    html_artifact,
    json_artifact,
    json_bytes,
    redirect_artifact,
)


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("index.html", "text/html; charset=utf-8"),
        ("a/tiles.json", "application/json; charset=utf-8"),
        ("files/FOTO.JPG", "image/jpeg"),
        ("files/schrift.woff2", "font/woff2"),
        ("files/archiv.tar.gz", "application/octet-stream"),
        ("files/LICENSE", "application/octet-stream"),
    ],
)
def test_content_type_follows_from_the_suffix(key, kind):
    """A file's media type is that of its suffix in our own table, on every machine."""
    assert content_type(key) == kind


@settings(deadline=None, max_examples=50)
@given(st.binary(max_size=100))
def test_etag_is_the_one_that_s3_gives(body):
    """An ETag is the MD5 of the body in quotation marks, as S3's for an object put in one piece."""
    assert etag_of(body) == f'"{md5(body).hexdigest()}"'  # noqa: S324 - it is what S3 does


def test_artifact_knows_its_etag():
    """An artifact's ETag is its body's."""
    assert Artifact("a", b"x", HTML).etag == etag_of(b"x")


@pytest.mark.parametrize(("length", "kept"), [(1_900, True), (1_901, False)])
def test_a_location_too_long_for_metadata_is_left_to_the_page(length, kept):
    """S3 refuses more than 2 KB of metadata: of such an address only the page that leads on is published."""
    location = "/" + "x" * (length - 1)
    assert redirect_artifact("a/index.html", "<p>", location).location == (location if kept else "")


ARTIFACT = html_artifact("index.html", "<p>ü")


@pytest.mark.parametrize(
    ("there", "shown"),
    [
        pytest.param(Observed("index.html", ARTIFACT.etag, 5), True, id="listed, same body"),
        pytest.param(Observed("index.html", ARTIFACT.etag, 5, HTML, REVALIDATED), True, id="same body and headers"),
        pytest.param(Observed("index.html", '"other"', 5, HTML, REVALIDATED), False, id="other body"),
        pytest.param(Observed("index.html", ARTIFACT.etag, 5, JSON, REVALIDATED), False, id="other media type"),
        pytest.param(Observed("index.html", ARTIFACT.etag, 5, HTML, "no-store"), False, id="other cache control"),
    ],
)
def test_object_shows_an_artifact_when_nothing_would_change(there, shown):
    """An object shows an artifact if its body and whatever is known of its headers agree."""
    assert there.shows(ARTIFACT) is shown


def test_html_is_utf_8():
    """A page is written in UTF-8, and says so."""
    assert (ARTIFACT.body, ARTIFACT.content_type) == ("<p>ü".encode(), "text/html; charset=utf-8")


def test_json_is_compact_and_readable():
    """Public JSON is UTF-8 without needless blanks, and ends with a line feed."""
    assert json_artifact("tiles.json", {"b": ["ü"], "a": 1}).body == '{"b":["ü"],"a":1}\n'.encode()


def test_json_refuses_what_is_not_json():
    """A number that JSON does not know is a fault, not a broken file."""
    with pytest.raises(ValueError, match="JSON"):
        json_bytes(float("nan"))


@settings(deadline=None, max_examples=50)
@given(st.dictionaries(st.text(max_size=3), st.integers() | st.text(max_size=3), max_size=4))
def test_json_reads_back(value):
    """What is written can be read again."""
    assert json.loads(json_bytes(value)) == value


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(("ab", "c"), ("a", "bc"), id="where parts end"),
        pytest.param(("a", "b"), ("b", "a"), id="order"),
        pytest.param((), ("",), id="number"),
    ],
)
def test_digest_tells_parts_apart(one, other):
    """A digest names exactly these parts in this order."""
    assert digest(*one) != digest(*other)


def test_digest_of_text_is_that_of_its_bytes():
    """A text counts as its UTF-8."""
    assert digest("ü") == digest("ü".encode())
