"""Photos → variants, by Pillow."""

import struct
from dataclasses import replace
from io import BytesIO
from typing import Any
from zlib import crc32

import pytest
from PIL import ExifTags, Image, ImageCms
from tilepress.adapters.photos import photo, sized

RED, BLUE = (200, 30, 30), (20, 40, 200)


def picture(size: tuple[int, int] = (400, 300), form: str = "JPEG", mode: str = "RGB", **options: Any) -> bytes:
    """A picture whose left half is red, and whose right half is blue."""
    image = Image.new(mode, size, RED if mode == "RGB" else (*RED, 128))
    image.paste(BLUE if mode == "RGB" else (*BLUE, 128), (size[0] // 2, 0, *size))
    out = BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def exif(orientation: int = 1, *, located: bool = False) -> Image.Exif:
    """What a camera notes."""
    found = Image.Exif()
    found[ExifTags.Base.Orientation] = orientation
    found[ExifTags.Base.Artist] = "Ada"
    if located:
        found.get_ifd(ExifTags.IFD.GPSInfo).update({ExifTags.GPS.GPSLatitudeRef: "N", ExifTags.GPS.GPSLatitude: (52.0, 31.0, 0.0)})
    return found


def opened(body: bytes) -> Image.Image:
    """A variant, read."""
    return Image.open(BytesIO(body))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_variants_are_what_they_are_called(form):
    """Each file has the width and the format that its name says, and the picture's proportions."""
    found = photo(picture((800, 600), form))
    sizes = {name: (opened(body).format, opened(body).size) for name, body in found.files.items()}
    assert sizes == {
        **{f"{width}.{kind}": (kind.upper(), (width, width * 3 // 4)) for width in (320, 640) for kind in ("avif", "webp")},
        "640.jpg": ("JPEG", (640, 480)),
    }


def test_variants_carry_nothing_but_the_picture():
    """Neither where a photo was taken, nor by whom, nor a profile of its colours; and its author is told of the place."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    found = photo(picture(exif=exif(located=True), icc_profile=profile))
    left = {name: (dict(opened(body).getexif()), opened(body).info.get("icc_profile")) for name, body in found.files.items()}
    assert (found.problem, list(left.values())) == ("picture-location", [({}, None)] * len(left))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_photo_without_a_place_is_fine(form):
    """What else a camera notes is nobody's trouble."""
    assert photo(picture(form=form, exif=exif())).problem == ""


def test_photo_is_turned_the_right_way_up():
    """Lying on its side, it is as high as it was wide; what was left is at the top."""
    found = photo(picture(exif=exif(6)))
    top = opened(found.files["300.webp"]).convert("RGB").getpixel((150, 20))
    assert (found.width, found.height, opened(found.files["300.avif"]).size) == (300, 400, (300, 400))
    assert isinstance(top, tuple)
    assert top[0] > 150 > top[2]


def with_tags(*tags: tuple[int, int, int, bytes]) -> bytes:
    """A picture with these tags in its EXIF (number, type, count, four bytes of value), as TIFF 6.0 writes them."""
    entries = b"".join(struct.pack("<HHI", *tag[:3]) + tag[3].ljust(4, b"\0") for tag in tags)
    return picture(exif=b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", len(tags)) + entries + bytes(4))


TEXT, SHORT, FLOAT = 2, 3, 11
TURNED = (ExifTags.Base.Orientation, SHORT, 1, b"\x06\0")


@pytest.mark.parametrize(
    "odd",
    [
        (ExifTags.Base.ImageWidth, TEXT, 4, b"abc"),
        (ExifTags.Base.Compression, FLOAT, 1, struct.pack("<f", 1.5)),
        (ExifTags.Base.XResolution, TEXT, 4, b"abc"),
    ],
)
def test_a_photo_with_an_odd_tag_is_a_photo(odd):
    """A text where a number should be, say, is nothing that shows: the picture is turned all the same."""
    found = sized(with_tags(*sorted([odd, TURNED])))
    assert (found.width, found.height, found.problem) == (300, 400, "")


@pytest.mark.parametrize("body", [with_tags((ExifTags.Base.Orientation, TEXT, 2, b"6")), picture(exif=b"Exif\0\0no TIFF")])
def test_an_orientation_that_cannot_be_read_turns_nothing(body):
    """Browsers leave such a photo as it is as well."""
    found = sized(body)
    assert (found.width, found.height, found.problem) == (400, 300, "")


def test_transparency_stays():
    """What shows through is a PNG where it would be a JPEG."""
    found = photo(picture(form="PNG", mode="RGBA"))
    assert {name: opened(body).mode for name, body in found.files.items()} == dict.fromkeys(("320.avif", "320.webp", "320.png"), "RGBA")


@pytest.mark.parametrize("mode", ["L", "P", "1", "LA", "CMYK", "I;16"])
def test_any_kind_of_pixels_is_understood(mode):
    """Grey, indexed, printed: readers see a picture."""
    out = BytesIO()
    Image.new(mode, (64, 64)).save(out, "JPEG" if mode == "CMYK" else "PNG")
    assert photo(out.getvalue()).problem == ""


def test_what_moves_is_left_alone():
    """An animation is shown as it is; but how large it is, is known."""
    out = BytesIO()
    Image.new("RGB", (40, 30), RED).save(out, "WEBP", save_all=True, append_images=[Image.new("RGB", (40, 30), BLUE)])
    found = photo(out.getvalue())
    assert (found.width, found.height, found.widths, found.files) == (40, 30, (), {})


@pytest.mark.parametrize("body", [b"", b"x" * 100, picture()[:400], picture(form="PNG")[:-40], b"<svg/>", b"GIF89a" + bytes(50)])
def test_what_is_damaged_is_told(body):
    """Nothing that is no photo, or not all of one, raises."""
    assert photo(body).problem == "picture-unreadable"


def test_bomb_is_refused_before_it_is_read():
    """A few bytes that claim to be a thousand million pixels are not unpacked to see whether that is so."""
    small = picture((8, 8), "PNG")
    header = b"IHDR" + struct.pack(">II", 40_000, 30_000) + small[24:29]
    found = photo(small[:12] + header + struct.pack(">I", crc32(header)) + small[33:])
    assert (found.width, found.height, found.problem, found.files) == (40_000, 30_000, "picture-pixels", {})


def test_equal_photos_give_equal_bytes():
    """The encoders know no clock, and no order of threads."""
    once = photo.__wrapped__  # type: ignore[attr-defined] # tests develop each photo once (conftest)
    assert once(picture((700, 500))) == once(picture((700, 500)))


@pytest.mark.parametrize("body", [picture((800, 600), exif=exif(8, located=True)), picture(mode="RGBA", form="PNG"), picture()[:-400]])
def test_a_check_knows_the_same_without_the_files(body):
    """What `sized` says is what `photo` says, but for the files: of what is damaged, too."""
    assert sized(body) == replace(photo(body), files={})
