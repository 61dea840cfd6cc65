"""What is published: artifacts, the headers each kind of them gets, and what a store says is there.

An artifact's `etag` is the MD5 of its body in quotation marks: what S3 answers for an object put in one piece under
SSE-S3, and what our other stores answer too. So "is it there already?" costs no read of a body.
"""

import json
from dataclasses import dataclass, field
from hashlib import md5, sha256

# Browsers ask again each time (a 304 costs little); the CDN keeps its copy until it is told that the page changed.
REVALIDATED = "public, max-age=0, s-maxage=31536000, must-revalidate"
# The name of a fingerprinted asset changes with its content.
IMMUTABLE = "public, max-age=31536000, immutable"
# Uploaded files keep their names when they change: browsers may be five minutes late.
UPLOADED = "public, max-age=300, s-maxage=31536000"
PRIVATE = "private, no-store"

HTML = "text/html; charset=utf-8"
JSON = "application/json; charset=utf-8"

# Our own table: the one that Python builds differs with its version and with the machine's /etc/mime.types.
CONTENT_TYPES = {
    ".avif": "image/avif",
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".epub": "application/epub+zip",
    ".gif": "image/gif",
    ".htm": HTML,
    ".html": HTML,
    ".ico": "image/x-icon",
    ".ics": "text/calendar; charset=utf-8",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": JSON,
    ".geojson": "application/geo+json",
    ".md": "text/markdown; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".odp": "application/vnd.oasis.opendocument.presentation",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ogg": "audio/ogg",
    ".otf": "font/otf",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".txt": "text/plain; charset=utf-8",
    ".vcf": "text/vcard; charset=utf-8",
    ".webm": "video/webm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xml": "application/xml; charset=utf-8",
    ".zip": "application/zip",
}


def content_type(key: str) -> str:
    """The media type that a key's suffix stands for; bytes to be downloaded where it is not known."""
    return CONTENT_TYPES.get("." + key.rpartition(".")[2].lower(), "application/octet-stream")


LOCATION_BYTES_MAX = 1_900
"""S3 keeps 2 KB of metadata with an object, names included."""


@dataclass(frozen=True, slots=True)
class Artifact:
    """An object as it should stand in the site bucket.

    `location` is the address that a redirect leads to, quoted: kept as metadata, of which the CDN makes a real redirect.
    """

    key: str
    body: bytes
    content_type: str
    cache_control: str = REVALIDATED
    location: str = ""
    etag: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "etag", etag_of(self.body))


@dataclass(frozen=True, slots=True)
class Observed:
    """An object as a store says it is. A listing does not tell the headers: they are None then.

    `copied_from` is the ETag of the upload that a static file is a copy of: a large upload made in parts has an ETag
    that its copy cannot have. A listing tells neither the version nor the number of tags.
    """

    key: str
    etag: str
    size_bytes: int
    content_type: str | None = None
    cache_control: str | None = None
    copied_from: str | None = None
    location: str | None = None
    version_id: str | None = None
    tag_count: int = 0

    def shows(self, artifact: Artifact) -> bool:
        """Whether putting the artifact would change nothing."""
        return (
            self.etag == artifact.etag
            and self.content_type in {None, artifact.content_type}
            and self.cache_control in {None, artifact.cache_control}
            and self.location in {None, artifact.location}
        )


@dataclass(frozen=True, slots=True)
class Copy:
    """An uploaded file as it should stand in the site bucket: whatever its bytes are."""

    key: str
    content_type: str
    cache_control: str = UPLOADED


def html_artifact(key: str, text: str) -> Artifact:
    """A page."""
    return Artifact(key, text.encode(), HTML)


def redirect_artifact(key: str, text: str, location: str) -> Artifact:
    """A page that leads to another address. Where that is too long for metadata, the page alone leads there."""
    return Artifact(key, text.encode(), HTML, location=location if len(location) <= LOCATION_BYTES_MAX else "")


def json_artifact(key: str, value: object) -> Artifact:
    """Public JSON. The order of the fields is the caller's, so equal values give equal bytes."""
    return Artifact(key, json_bytes(value), JSON)


def json_bytes(value: object) -> bytes:
    """Compact UTF-8 JSON that ends with a line feed."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode() + b"\n"


def etag_of(body: bytes) -> str:
    """The ETag that S3 gives these bytes when they are put in one piece under SSE-S3."""
    return f'"{md5(body, usedforsecurity=False).hexdigest()}"'


def digest(*parts: str | bytes) -> str:
    """A short name for exactly these parts in this order (80 bits of SHA-256, in hexadecimal)."""
    total = sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        total.update(len(data).to_bytes(8, "big"))
        total.update(data)
    return total.hexdigest()[:20]
