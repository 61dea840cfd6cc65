"""A photo's bytes → its variants, by Pillow: the right way up, in sRGB, in a few widths, with nothing in them but the picture.

Equal bytes give equal variants under one version of Pillow: its encoders are told to use one thread. JPEGs are read at the
smallest of their own scales that is large enough, which spares most of the time and memory of a large one. What moves is left
alone, and what would take too much memory is refused before it is read.
"""

import struct
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from typing import Any

from PIL import ExifTags, Image, ImageCms, UnidentifiedImageError

from tilepress.pictures import FALLBACK_WIDTH, PIXELS_MAX, Developed, widths_of

AVIF: dict[str, Any] = {"quality": 55, "speed": 8, "max_threads": 1}
WEBP: dict[str, Any] = {"quality": 78, "method": 4}
JPEG: dict[str, Any] = {"quality": 80, "optimize": True, "progressive": True, "subsampling": "4:2:0"}
PNG: dict[str, Any] = {"optimize": True}
READ = ("JPEG", "PNG", "WEBP")
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What turns a picture the right way up, by its EXIF orientation. Pillow's own `exif_transpose` fails where any other tag is of a wrong type."""
LYING = 5
"""From this EXIF orientation on, a picture lies on its side."""
OPAQUE = 255
Image.MAX_IMAGE_PIXELS = None  # our own limit is told of, and not warned of
_SRGB = ImageCms.createProfile("sRGB")
_ODD = (SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, struct.error)
"""What Pillow raises on metadata that is not as it should be."""
_UNREADABLE = (*_ODD, UnidentifiedImageError, OSError, EOFError)


def photo(body: bytes) -> Developed:
    """The variants of a photo; only its size where it moves; a problem where it is damaged or too large."""
    try:
        return _photo(body, files=True)
    except _UNREADABLE:  # what Pillow raises on bytes that are no image, or not all of one
        return Developed(problem="picture-unreadable")


def sized(body: bytes) -> Developed:
    """What `photo` says, but without the variants themselves: for a check, which publishes nothing.

    The picture is read all the same, a JPEG at an eighth: that it is damaged shows nowhere else.
    """
    try:
        return _photo(body, files=False)
    except _UNREADABLE:
        return Developed(problem="picture-unreadable")


def _photo(body: bytes, *, files: bool) -> Developed:
    with Image.open(BytesIO(body), formats=READ) as image:
        if image.width * image.height > PIXELS_MAX:  # before all else: to look for the metadata of a PNG is to read it
            return Developed(image.width, image.height, problem="picture-pixels")
        orientation, located = _metadata(image)
        width, height = image.size[::-1] if orientation >= LYING else image.size
        problem = "picture-location" if located else ""
        if getattr(image, "n_frames", 1) > 1 and image.format != "MPO":  # a phone's JPEG with a second picture in it does not move
            return Developed(width, height, problem=problem)
        widths = widths_of(width)
        scale = max(widths) / width if files else 0
        image.draft(None, (max(1, round(image.width * scale)), max(1, round(image.height * scale))))
        upright = _in_srgb(image.transpose(TURNS[orientation]) if orientation in TURNS else image.copy())
        fallback = f"{min(FALLBACK_WIDTH, max(widths))}.{'png' if upright.mode == 'RGBA' else 'jpg'}"
        found = dict(_variants(upright, height / width, widths, fallback)) if files else {}
    return Developed(width, height, widths, fallback, found, problem)


def _metadata(image: Image.Image) -> tuple[int, bool]:
    """A picture's EXIF orientation, and whether its EXIF says where it was taken. What cannot be read there says nothing, as in browsers."""
    orientation, located = 1, False
    with suppress(*_ODD):
        exif = image.getexif()
        said = exif.get(ExifTags.Base.Orientation)
        orientation = said if isinstance(said, int) and said in TURNS else 1
        located = bool(exif.get_ifd(ExifTags.IFD.GPSInfo))
    return orientation, located


def _in_srgb(image: Image.Image) -> Image.Image:
    """The picture alone, in the colours that browsers take for granted."""
    mode = "RGBA" if image.has_transparency_data else "RGB"
    profile = image.info.get("icc_profile")
    if image.mode not in {"RGB", "RGBA", "L", "CMYK"}:
        image = image.convert(mode)
    if profile:
        with suppress(ImageCms.PyCMSError, OSError):  # not a profile, or not one of such a picture: its colours are taken as they are
            image = ImageCms.profileToProfile(image, ImageCms.ImageCmsProfile(BytesIO(profile)), _SRGB, outputMode=mode) or image
    image = image.convert(mode)
    if mode == "RGBA" and image.getextrema()[-1] == (OPAQUE, OPAQUE):
        image = image.convert("RGB")
    image.info = {}
    return image


def _variants(image: Image.Image, ratio: float, widths: tuple[int, ...], fallback: str) -> Iterator[tuple[str, bytes]]:
    """The files by the rest of their names. Each width is made from the next larger one."""
    for width in sorted(widths, reverse=True):
        image = image.resize((width, max(1, round(width * ratio))), Image.Resampling.LANCZOS)
        yield f"{width}.avif", _saved(image, "AVIF", AVIF)
        yield f"{width}.webp", _saved(image, "WEBP", WEBP)
        if fallback.startswith(f"{width}."):
            yield fallback, _saved(image, *(("PNG", PNG) if fallback.endswith(".png") else ("JPEG", JPEG)))


def _saved(image: Image.Image, form: str, options: dict[str, Any]) -> bytes:
    out = BytesIO()
    image.save(out, form, **options)
    return out.getvalue()
