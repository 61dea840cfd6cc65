"""The files of a templates folder → a `Theme`: a Jinja environment, the assets to publish, and a digest of it all.

Page types stand at the folder's root, parts of pages in `partials/`, style sheet, script and icons in `assets/`, the
theme's own words in `i18n/<language>.yaml`. Author text is never a template: it only ever is a value in a context.
A site may bring files of its own (`dressed`); its templates then run in Jinja's sandbox.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jinja2
import yaml
from jinja2.bccache import Bucket
from jinja2.sandbox import ImmutableSandboxedEnvironment

from tilepress.addresses import ASSETS, href
from tilepress.artifacts import IMMUTABLE, Artifact, content_type, digest
from tilepress.errors import GiveUp

I18N = "i18n/"
STYLE = "assets/style.css"
GIVEN = "tilepress/"
"""Below this stands the theme's own template where a site has replaced it: for `{% extends %}`."""
KINDS = frozenset({".html", ".yaml", ".css", ".js", ".svg", ".woff2", ".png", ".ico"})
"""What a theme's files may be, by suffix."""
NOT_FOR_PAGES = frozenset({"base.html", "section.html", "home.html", "search.html", "404.html", "redirect.html"})
FALLBACK_LANGUAGE = "en"

Files = tuple[tuple[str, bytes], ...]
Compiled = tuple[tuple[str, bytes], ...]
"""Templates as Jinja's byte code, by Jinja's name for each."""


class BrokenTheme(GiveUp):
    """A file of a theme cannot be used: which, in which line, and why."""

    def __init__(self, file: str, line: int, said: str) -> None:
        super().__init__(f"the templates are broken: {file}:{line}: {said}")
        self.file, self.line, self.said = file, line, said


@dataclass(frozen=True, slots=True)
class Theme:
    """Templates ready to render. Pickles as its files and their byte code, so that it can be sent to another process."""

    files: Files
    release: str
    sandboxed: bool
    compiled: Compiled
    digest: str
    assets: tuple[Artifact, ...]
    asset_urls: Mapping[str, str]
    texts: Mapping[str, Mapping[str, str]]
    environment: jinja2.Environment

    def __hash__(self) -> int:
        return hash(self.digest)

    def __reduce__(self) -> tuple[Any, ...]:
        return load_theme, (self.files, self.release, self.sandboxed, self.compiled)

    def has_layout(self, layout: str) -> bool:
        """Whether pages may ask for this template: those that are made from other contexts than a page's are not for them."""
        return f"{layout}.html" in {name for name, _ in self.files} - NOT_FOR_PAGES and "/" not in layout

    def text(self, lang: str) -> Mapping[str, str]:
        """The theme's words in a language; in English where it has none for it."""
        return self.texts.get(lang) or self.texts.get(FALLBACK_LANGUAGE, {})

    def render(self, template: str, **context: object) -> str:
        """The template with this context."""
        return self.environment.get_template(template).render(**context)


class _Compiler(jinja2.BytecodeCache):
    """Templates that were compiled before, and those that are. What does not fit (another text, another Python) is compiled anew."""

    def __init__(self, compiled: Compiled, kind: str) -> None:
        self.found = dict(compiled)
        self._kind = kind

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Code for the sandbox is another."""
        return f"{self._kind}-{super().get_cache_key(name, filename)}"

    def load_bytecode(self, bucket: Bucket) -> None:
        """See `jinja2.BytecodeCache`."""
        if bucket.key in self.found:
            bucket.bytecode_from_string(self.found[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """See `jinja2.BytecodeCache`."""
        self.found[bucket.key] = bucket.bytecode_to_string()


@lru_cache(maxsize=4)
def load_theme(files: Files, release: str, sandboxed: bool = False, compiled: Compiled = ()) -> Theme:
    """The theme of these files (path in the folder, bytes). `release` names the code that renders it; `compiled` spares it compiling.

    Raises BrokenTheme for a template or a text file that is broken: a mistake of whoever deploys, or of the site's own files.
    """
    assets = {name.removeprefix(ASSETS): _asset(name, body) for name, body in files if name.startswith(ASSETS)}
    urls = {name: href(f"/{artifact.key}") for name, artifact in assets.items()}
    templates = {name: _text(name, body) for name, body in files if name.endswith(".html")}
    compiler = _Compiler(compiled, "sandboxed" if sandboxed else "plain")
    environment = (ImmutableSandboxedEnvironment if sandboxed else jinja2.Environment)(
        bytecode_cache=compiler,
        loader=jinja2.FunctionLoader(lambda name: (templates[name], name, None) if name in templates else None),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    texts = {language_of(name): _texts(name, body, _FAST) for name, body in files if name.startswith(I18N)}
    for name in templates:
        with broken_by(name):
            environment.get_template(name)
    name = digest(release, *(part for path, body in files for part in (path, body)))
    return Theme(files, release, sandboxed, tuple(sorted(compiler.found.items())), name, tuple(assets.values()), urls, texts, environment)


@contextmanager
def broken_by(name: str) -> Iterator[None]:
    """Tell whatever fails in here as a fault of this file, with its line where the fault names one. Raises BrokenTheme.

    A text that nobody expected fails in Jinja, in Python's compiler or in the YAML reader in ways that none of them lists.
    """
    try:
        yield
    except BrokenTheme:
        raise
    except jinja2.TemplateSyntaxError as error:
        raise BrokenTheme(name, error.lineno, error.message or "") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise BrokenTheme(name, mark.line + 1 if mark else 1, str(getattr(error, "problem", None) or error)) from error
    except Exception as error:
        raise BrokenTheme(name, 1, f"{type(error).__name__}: {error}") from error


_FAST = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""What is our own, or has been read before: faster, where there is libyaml. A site's own files Python reads, which knows their faults' places."""


def _texts(name: str, body: bytes, loader: type[Any] = yaml.BaseLoader) -> dict[str, Any]:
    """The words of a text file. All that is written there is text: no date, number or `no`. Raises BrokenTheme for what is no words."""
    with broken_by(name):
        found = yaml.load(body, loader) or {}  # noqa: S506 - these loaders make nothing but texts, lists and mappings
        if not isinstance(found, dict):
            raise BrokenTheme(name, 1, "these are no words by name")
    return found


def dressed(theme: Theme, style: str, own: Files, default_language: str = FALLBACK_LANGUAGE) -> Theme:
    """The theme with rules added to its style sheet, and with a site's own files in place of its own. Raises BrokenTheme."""
    files = dict(theme.files)
    for name, body in own:
        if name.endswith(".html") and name in files:
            files[GIVEN + name] = files[name]
        files[name] = body
    files |= _with_words(theme, {name: body for name, body in own if name.startswith(I18N)}, default_language)
    if style:
        files[STYLE] = files.get(STYLE, b"") + style.encode()
    return load_theme(tuple(sorted(files.items())), theme.release, theme.sandboxed or bool(own), theme.compiled)


def _with_words(theme: Theme, own: Mapping[str, bytes], default_language: str) -> dict[str, bytes]:
    """The files of words that a site's own ones change, by name: the theme's words, with the site's in place of some.

    A word that only the site has stands in all of them: where a language lacks it, as the default language says it, else as another one does.
    """
    said = {name: _own_words(theme.text(language_of(name)), name, body) for name, body in own.items()}
    of_default = f"{I18N}{default_language}.yaml"
    anywhere = {word: text for name in sorted(said, key=lambda name: (name == of_default, name)) for word, text in said[name].items()}
    found = {}
    for name in {*said, *(f"{I18N}{lang}.yaml" for lang in theme.texts)}:
        given = theme.text(language_of(name))
        if name in said or not anywhere.keys() <= given.keys():
            found[name] = yaml.safe_dump({**anywhere, **given, **said.get(name, {})}, allow_unicode=True).encode()
    return found


def _own_words(given: Mapping[str, Any], name: str, body: bytes) -> dict[str, Any]:
    """A site's own words. Each that the theme has too has to be what it was: a text, or a list of texts."""
    words = _texts(name, body)
    for word, said in words.items():
        if word in given and type(said) is not type(given[word]):
            raise BrokenTheme(name, 1, f"“{word}” should be a {type(given[word]).__name__}")
    return words


def language_of(name: str) -> str:
    """The language whose words are in a file of this name."""
    return name.removeprefix(I18N).removesuffix(".yaml")


def _text(name: str, body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise BrokenTheme(name, body.count(b"\n", 0, error.start) + 1, "not saved as UTF-8") from error


def _asset(name: str, body: bytes) -> Artifact:
    """An asset under a name that changes with its content, so that it may be cached for ever."""
    stem, _, suffix = name.rpartition(".")
    return Artifact(f"{stem}.{digest(body)[:10]}.{suffix}", body, content_type(name), IMMUTABLE)
