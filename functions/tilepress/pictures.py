"""Uploaded images: what pages have to know of them, and the image ledger of a folder, which holds that. Pure.

An image is an upload below `static/` whose name ends as images' do. Of a photo (`DEVELOPED`) there are *variants* in a few
widths, which carry nothing but the picture; making them is called developing. They stand under names that follow from the
image's key, its content and the way they are made, so that what stands at a name never changes.

`.tilepress/images/<folder>.json` is the image ledger of a folder: of each image its ETag, what is known of it, and which
variants there are. A variant is noted there before it is written, and when it is not needed any more it retires, like an
address: it is deleted when no run that might still write it can be alive.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any
from urllib.parse import unquote

from tilepress.addresses import STATIC, key_fault, nfc
from tilepress.artifacts import IMMUTABLE, Artifact, content_type, digest, json_bytes

VERSION = 1
SHOWN = frozenset({"avif", "gif", "jpeg", "jpg", "png", "svg", "webp"})
"""How the names of images end. Whatever else a page shows is shown unseen."""
DEVELOPED = frozenset({"jpeg", "jpg", "png", "webp"})
"""How the names of those images end of which variants are made."""
VARIANTS = "assets/pictures/"
FORMATS = ("avif", "webp")
"""The formats of variants, the smaller one first."""
WIDTHS = (320, 640, 960, 1280, 1920)
FALLBACK_WIDTH = 1280
"""The widest that the variant for other browsers, for feeds and for link previews is, which may be a JPEG or a PNG."""
EDITION = "1"
"""To be counted up when variants are made otherwise: then all are made anew."""
FOLDER_BYTES_MAX = 900
"""How long an image's folder may be called, so that the key of its ledger is one that stores take."""
HIDDEN = frozenset({"picture-unreadable", "picture-pixels", "picture-bytes"})
"""The problems of an image with which no page shows it."""

BYTES_MAX = 40 * 1024 * 1024
PIXELS_MAX = 100_000_000


@dataclass(frozen=True, slots=True)
class Picture:
    """What a page has to know to show an image; without widths, nothing but that there is one.

    `width` and `height` are its pixels, the right way up, 0 where nobody knows. `stem` is what its variants' names begin with,
    `widths` those of the variants in each of `FORMATS`, `fallback` the rest of the name of the one for other browsers.
    """

    width: int = 0
    height: int = 0
    stem: str = ""
    widths: tuple[int, ...] = ()
    fallback: str = ""

    def srcset(self, form: str) -> str:
        """The variants in a format, as HTML names them."""
        return ", ".join(f"/{variant_key(self.stem, f'{width}.{form}')} {width}w" for width in self.widths)

    def source(self) -> str:
        """The address of the variant for other browsers."""
        return f"/{variant_key(self.stem, self.fallback)}"

    def source_size(self) -> tuple[int, int]:
        """Width and height of that variant, in pixels."""
        width = int(self.fallback.partition(".")[0])
        return width, round(self.height * width / self.width)


@dataclass(frozen=True, slots=True)
class Developed:
    """What became of an image's bytes: its size, its variants by the rest of their names, and a problem's key, "" for none."""

    width: int = 0
    height: int = 0
    widths: tuple[int, ...] = ()
    fallback: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)
    problem: str = ""


@dataclass(frozen=True, slots=True)
class RetiredVariants:
    """Variants that are not needed any more, or not yet, since a time in seconds: the rests of their names."""

    since: float
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageRecord:
    """An image. `etag` is "" when it is gone; `stem` is "" until it is developed. `variants` are the ETags by the rest of the name."""

    etag: str = ""
    stem: str = ""
    width: int = 0
    height: int = 0
    widths: tuple[int, ...] = ()
    fallback: str = ""
    problem: str = ""
    variants: Mapping[str, str] = field(default_factory=dict)
    retired: Mapping[str, RetiredVariants] = field(default_factory=dict)

    def picture(self) -> Picture | None:
        """What pages show; None for what they do not."""
        if not self.etag or self.problem in HIDDEN:
            return None
        return Picture(self.width, self.height, self.stem if self.widths else "", self.widths, self.fallback)

    def keys(self) -> dict[str, str]:
        """The variants that are to stand, by key, with their ETags."""
        return {variant_key(self.stem, name): etag for name, etag in self.variants.items()}

    def retired_keys(self) -> set[str]:
        """Where former variants may stand, or some are about to."""
        return {variant_key(stem, name) for stem, retired in self.retired.items() for name in retired.names}

    def expired(self, now: float, retire_after: float) -> list[str]:
        """The stems of retired variants whose grace is over."""
        return [stem for stem, retired in self.retired.items() if now >= retired.since + retire_after]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageLedger:
    """The images of one folder, by key."""

    folder: str
    images: Mapping[str, ImageRecord] = field(default_factory=dict)

    def record(self, key: str) -> ImageRecord:
        """What is known of an image; of one that nobody knows, that it is not there."""
        return self.images.get(key, ImageRecord())

    def noted(self, etags: Mapping[str, str], now: float) -> "ImageLedger":
        """The ledger with these images as they are: an ETag each, "" for one that is gone. What was known of another version goes."""
        changed = {key: self._moved_on(key, etag, now) for key, etag in etags.items() if etag != self.record(key).etag}
        return self._with(changed) if changed else self

    def claimed(self, names: Mapping[str, tuple[str, tuple[str, ...]]], now: float) -> "ImageLedger":
        """The ledger with the memory that these variants (a stem, and the rests of their names, by image) are about to be written."""
        claims = {}
        for key, (stem, rests) in names.items():
            record = self.record(key)
            claims[key] = replace(record, retired={**record.retired, stem: RetiredVariants(now, rests)})
        return self._with(claims)

    def developed(self, found: Mapping[str, tuple[str, Developed]], etags: Mapping[str, str]) -> "ImageLedger":
        """The ledger with what became of these images (an ETag, and what), as far as they are still the same. `etags` are those of variants."""
        changed = {}
        for key, (etag, result) in found.items():
            record, stem = self.record(key), stem_of(key, etag)
            if record.etag != etag:
                continue
            variants = {name: etags[variant_key(stem, name)] for name in result.files}
            kept = {name: retired for name, retired in record.retired.items() if name != stem}
            changed[key] = ImageRecord(
                etag=etag,
                stem=stem,
                width=result.width,
                height=result.height,
                widths=result.widths,
                fallback=result.fallback,
                problem=result.problem,
                variants=variants,
                retired=kept,
            )
        return self._with(changed)

    def forgotten(self, stems: Mapping[str, Iterable[str]]) -> "ImageLedger":
        """The ledger without these retired variants; without an image of which nothing is left."""
        changed = {}
        for key, gone in stems.items():
            record = self.record(key)
            dropped = set(gone)
            changed[key] = replace(record, retired={stem: retired for stem, retired in record.retired.items() if stem not in dropped})
        return self._with(changed)

    def _moved_on(self, key: str, etag: str, now: float) -> ImageRecord:
        record = self.record(key)
        lost = {record.stem: RetiredVariants(now, tuple(record.variants))} if record.variants else {}
        return ImageRecord(etag=etag, retired={**record.retired, **lost})

    def _with(self, changed: Mapping[str, ImageRecord]) -> "ImageLedger":
        images = {key: record for key, record in {**self.images, **changed}.items() if record != ImageRecord()}
        return replace(self, images=images)


def image_key(address: str) -> str:
    """The key of the upload that stands at an address of this site, quoted or not; "" where no image can stand."""
    if not address.startswith("/") or address.startswith("//"):
        return ""
    key = f"{STATIC}{nfc(unquote(address.partition('?')[0].partition('#')[0]))[1:]}"
    return key if is_image(key) and key_fault(key) is None else ""


def is_image(key: str) -> bool:
    """Whether a key is an image's by its name. Of one in a folder whose ledger's key no store would take nothing can be known."""
    return _suffix(key) in SHOWN and (len(key) <= FOLDER_BYTES_MAX or len(folder_of(key).encode()) <= FOLDER_BYTES_MAX)


def is_developed(key: str) -> bool:
    """Whether there are variants of an image, by its name."""
    return _suffix(key) in DEVELOPED and is_image(key)


def folder_of(key: str) -> str:
    """The folder below `static/` that an image lies in."""
    return key.removeprefix(STATIC).rpartition("/")[0]


def stem_of(key: str, etag: str) -> str:
    """What the names of the variants of this version of an image begin with."""
    return digest(key, etag, EDITION)


def variant_key(stem: str, rest: str) -> str:
    """Where a variant stands in the site bucket."""
    return f"{VARIANTS}{stem}-{rest}"


def variants(key: str, etag: str, found: Developed) -> list[Artifact]:
    """The variants of an image as they are to stand in the site bucket."""
    stem = stem_of(key, etag)
    return [Artifact(variant_key(stem, name), body, content_type(name), IMMUTABLE) for name, body in found.files.items()]


def widths_of(width: int) -> tuple[int, ...]:
    """The widths of the variants of an image: never more than it has."""
    return tuple(wanted for wanted in WIDTHS if wanted <= width) or (width,)


def is_undeveloped(key: str, record: ImageRecord) -> bool:
    """Whether there is work to do on an image."""
    return bool(record.etag) and is_developed(key) and record.stem != stem_of(key, record.etag)


def pictures_digest(pictures: Mapping[str, Picture | None]) -> str:
    """A short name for what is known of these images."""
    return digest(*(f"{key} {pictures[key]!r}" for key in sorted(pictures))) if pictures else ""


def to_bytes(ledger: ImageLedger) -> bytes:
    """The ledger's own JSON: keys in order, empty fields left out, so equal ledgers are equal bytes."""
    images = {key: _lean(asdict(ledger.images[key])) for key in sorted(ledger.images)}
    return json_bytes({"version": VERSION, "folder": ledger.folder, "images": images})


def from_json(value: Mapping[str, Any]) -> ImageLedger:
    """A ledger from its JSON. Raises KeyError or TypeError for what is none."""
    if value["version"] != VERSION:
        raise KeyError(f"image ledger version {value['version']}")
    return ImageLedger(folder=value["folder"], images={key: _record(record) for key, record in value["images"].items()})


def picture_from_json(value: Mapping[str, Any]) -> Picture:
    """A picture from a ledger's JSON."""
    return Picture(**{**value, "widths": tuple(value.get("widths", ()))})


def _record(value: Mapping[str, Any]) -> ImageRecord:
    retired = {stem: RetiredVariants(one["since"], tuple(one["names"])) for stem, one in value.get("retired", {}).items()}
    return ImageRecord(**{**value, "widths": tuple(value.get("widths", ())), "retired": retired})


def _lean(record: dict[str, Any]) -> dict[str, Any]:
    lean = {name: part for name, part in record.items() if part}
    for name in {"variants", "retired"} & lean.keys():
        lean[name] = {inner: lean[name][inner] for inner in sorted(lean[name])}
    return lean


def _suffix(key: str) -> str:
    head, dot, suffix = key.rpartition(".")
    return suffix.lower() if dot and not head.endswith("/") else ""
