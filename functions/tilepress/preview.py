"""A page that nobody may see yet → HTML that stands by itself, for those who are given its address.

Nothing of a preview is part of the site: it is rendered by the very renderer, with the theme and the page's own images within
it, and kept below the private prefix, which the CDN may not read. Whoever asks hands it out by an address that expires.
"""

import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from html import escape, unescape
from urllib.parse import unquote

from tilepress.addresses import PRIVATE, STATIC, group_keys, group_of
from tilepress.artifacts import HTML, Artifact, content_type, digest
from tilepress.artifacts import PRIVATE as NOT_CACHED
from tilepress.errors import GiveUp
from tilepress.groups import GroupSources, compute
from tilepress.inputs import read_inputs
from tilepress.pages import Problem
from tilepress.ports import Cloud
from tilepress.rewriting import with_tags
from tilepress.theme import Theme

PREVIEWS = f"{PRIVATE}previews/"
IMAGE_BYTES_MAX = 4 * 1024 * 1024
"""A larger image is left to the site, where it stands already."""
SECONDS_MAX = 7 * 86400
"""S3 signs no address for longer than a week."""

_UNITS = {"m": 60, "h": 3600, "d": 86400}
_LINK = re.compile(r'\b(src|href)="(/(?!/)[^"]*)"')
_SRCSET = re.compile(r'\s(?:srcset|imagesrcset)="[^"]*"')

Read = Callable[[str], bytes | None]
"""An address of the site → the bytes that stand there; None where they are not to be had."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A page in one language, as it will be."""

    lang: str
    artifact: Artifact


def previews(key: str, cloud: Cloud, theme: Theme) -> tuple[tuple[Preview, ...], tuple[Problem, ...]]:
    """The pages of a source file's group, whether they may be seen or not, and what is wrong with them.

    Raises GiveUp for what gives no page.
    """
    inputs = read_inputs(cloud, theme)
    if inputs.site is None:
        return (), inputs.problems
    site = inputs.site
    group = group_of(key, site.languages)[0]
    files = tuple(file for name in group_keys(group, site.languages) if (file := cloud.source.get(name)))
    if key not in {file.key for file in files}:
        raise GiveUp(f"there is no page {key}")
    found = compute(GroupSources(group, files), site, inputs.theme, cloud.now(), cloud.guard, visible=lambda parsed, _: bool(parsed.pages))
    if not found.artifacts and not found.problems:
        raise GiveUp(f"{key} is the text of an overview: of that there is no preview")
    assets = {f"/{asset.key}": asset.body for asset in inputs.theme.assets}

    def read(address: str) -> bytes | None:
        if address in assets:
            return assets[address]
        file = cloud.source.get(f"{STATIC}{address.lstrip('/')}")
        return file.body if file and len(file.body) <= IMAGE_BYTES_MAX else None

    pages = zip(found.record.pages if found.record else (), found.artifacts, strict=True)
    return tuple(Preview(page.tile.lang, _kept(key, page.tile.lang, one, site.base_url, read)) for page, one in pages), found.problems


def self_contained(html: str, base_url: str, read: Read) -> str:
    """A page with what it loads written into it. Its links lead to the site; search engines are told to pass."""

    def within(link: re.Match[str]) -> str:
        address = unquote(unescape(link[2]))
        body = read(address) if link[1] == "src" or address.endswith((".css", ".svg", ".png", ".ico")) else None
        if body is None:
            return link[0]
        kind = content_type(address).replace(" ", "")
        return f'{link[1]}="data:{kind};base64,{b64encode(body).decode()}"'

    base = f'<base href="{escape(base_url)}/">' if base_url else ""
    text = with_tags(html, lambda tag: _LINK.sub(within, _SRCSET.sub("", tag)))
    return text.replace("<head>", f'<head>\n<meta name="robots" content="noindex, nofollow">{base}', 1)


def seconds_of(said: str) -> int:
    """A time such as 7d, 12h or 30m in seconds. Raises GiveUp for what is none, or longer than S3 signs."""
    number, unit = said[:-1], said[-1:]
    seconds = int(number) * _UNITS[unit] if number.isdecimal() and unit in _UNITS else 0
    if not 0 < seconds <= SECONDS_MAX:
        raise GiveUp(f"{said} is no time for a preview: write 30m, 12h, or 7d at most")
    return seconds


def _kept(key: str, lang: str, page: Artifact, base_url: str, read: Read) -> Artifact:
    body = self_contained(page.body.decode(), base_url, read).encode()
    return Artifact(f"{PREVIEWS}{digest(key, lang)}.html", body, HTML, NOT_CACHED)
