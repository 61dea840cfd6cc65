"""The files of a templates folder → a `Theme`: a Jinja environment, the assets to publish, and a digest of it all.

Page types stand at the folder's root, parts of pages in `partials/`, style sheet, script and icons in `assets/`, the
theme's own words in `i18n/<language>.yaml`. Author text is never a template: it only ever is a value in a context.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jinja2
import yaml

from tilepress.addresses import href
from tilepress.artifacts import IMMUTABLE, Artifact, content_type, digest
from tilepress.errors import GiveUp

ASSETS = "assets/"
I18N = "i18n/"
NOT_FOR_PAGES = frozenset({"base.html", "section.html", "home.html", "404.html", "redirect.html"})
FALLBACK_LANGUAGE = "en"

Files = tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, slots=True)
class Theme:
    """Templates ready to render. Pickles as its files, so that it can be sent to another process."""

    files: Files
    release: str
    digest: str
    assets: tuple[Artifact, ...]
    asset_urls: Mapping[str, str]
    texts: Mapping[str, Mapping[str, str]]
    environment: jinja2.Environment

    def __reduce__(self) -> tuple[Any, ...]:
        return load_theme, (self.files, self.release)

    def has_layout(self, layout: str) -> bool:
        """Whether pages may ask for this template: those that are made from other contexts than a page's are not for them."""
        return f"{layout}.html" in {name for name, _ in self.files} - NOT_FOR_PAGES and "/" not in layout

    def text(self, lang: str) -> Mapping[str, str]:
        """The theme's words in a language; in English where it has none for it."""
        return self.texts.get(lang) or self.texts.get(FALLBACK_LANGUAGE, {})

    def render(self, template: str, **context: object) -> str:
        """The template with this context."""
        return self.environment.get_template(template).render(**context)


@lru_cache(maxsize=4)
def load_theme(files: Files, release: str) -> Theme:
    """The theme of these files (path in the folder, bytes). `release` names the code that renders it.

    Raises GiveUp for a template or a text file that is broken: that is a mistake of whoever deploys, not of an author.
    """
    assets = {name.removeprefix(ASSETS): _asset(name, body) for name, body in files if name.startswith(ASSETS)}
    urls = {name: href(f"/{artifact.key}") for name, artifact in assets.items()}
    templates: dict[str, str] = {}
    environment = jinja2.Environment(
        loader=jinja2.DictLoader(templates),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    try:
        texts = {name.removeprefix(I18N).removesuffix(".yaml"): yaml.safe_load(body) for name, body in files if name.startswith(I18N)}
        templates |= {name: body.decode() for name, body in files if name.endswith(".html")}
        for name in templates:
            environment.get_template(name)
    except (yaml.YAMLError, jinja2.TemplateSyntaxError, UnicodeDecodeError) as error:
        raise GiveUp(f"the templates are broken: {error}") from error
    name = digest(release, *(part for path, body in files for part in (path, body)))
    return Theme(files, release, name, tuple(assets.values()), urls, texts, environment)


def _asset(name: str, body: bytes) -> Artifact:
    """An asset under a name that changes with its content, so that it may be cached for ever."""
    stem, _, suffix = name.rpartition(".")
    return Artifact(f"{stem}.{digest(body)[:10]}.{suffix}", body, content_type(name), IMMUTABLE)
