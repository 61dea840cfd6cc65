"""The files of a templates folder → a `Theme`: a Jinja environment, the assets to publish, and a digest of it all.

Page types stand at the folder's root, parts of pages in `partials/`, style sheet, script and icons in `assets/`, the
theme's own words in `i18n/<language>.yaml`. Author text is never a template: it only ever is a value in a context.
A site may bring files of its own (`dressed`); its templates then run in Jinja's sandbox.
"""

from collections.abc import Callable, Mapping
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
    texts = {name.removeprefix(I18N).removesuffix(".yaml"): read_texts(name, body, _by_libyaml) for name, body in files if name.startswith(I18N)}
    for name in templates:
        try:
            environment.get_template(name)
        except jinja2.TemplateSyntaxError as error:
            raise BrokenTheme(name, error.lineno, error.message or "") from error
    name = digest(release, *(part for path, body in files for part in (path, body)))
    return Theme(files, release, sandboxed, tuple(sorted(compiler.found.items())), name, tuple(assets.values()), urls, texts, environment)


def read_texts(name: str, body: bytes, load: Callable[[bytes], Any] = yaml.safe_load) -> dict[str, Any]:
    """The words of a text file. Raises BrokenTheme for what is none."""
    try:
        found = load(body) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise BrokenTheme(name, mark.line + 1 if mark else 1, str(getattr(error, "problem", None) or error)) from error
    if not isinstance(found, dict):
        raise BrokenTheme(name, 1, "these are no words by name")
    return found


def _by_libyaml(body: bytes) -> Any:
    """What is our own, or has been read before: faster, where there is libyaml. A site's own files Python reads, which knows their faults' places."""
    return yaml.load(body, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe


def dressed(theme: Theme, style: str, own: Files) -> Theme:
    """The theme with rules added to its style sheet, and with a site's own files in place of its own. Raises BrokenTheme."""
    files = dict(theme.files)
    for name, body in own:
        if name.startswith(I18N):
            files[name] = _with_texts(files.get(name) or files.get(f"{I18N}{FALLBACK_LANGUAGE}.yaml", b""), name, body)
            continue
        if name.endswith(".html") and name in files:
            files[GIVEN + name] = files[name]
        files[name] = body
    if style:
        files[STYLE] = files.get(STYLE, b"") + style.encode()
    return load_theme(tuple(sorted(files.items())), theme.release, theme.sandboxed or bool(own), theme.compiled)


def _with_texts(given: bytes, name: str, own: bytes) -> bytes:
    """The theme's words, with a site's own in place of some. Each has to be what it was: a text, or a list of texts."""
    words = read_texts(name, given)
    for word, said in read_texts(name, own).items():
        if word in words and type(said) is not type(words[word]):
            raise BrokenTheme(name, 1, f"“{word}” should be a {type(words[word]).__name__}")
        words[word] = said
    return yaml.safe_dump(words, allow_unicode=True).encode()


def _text(name: str, body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise BrokenTheme(name, body.count(b"\n", 0, error.start) + 1, "not saved as UTF-8") from error


def _asset(name: str, body: bytes) -> Artifact:
    """An asset under a name that changes with its content, so that it may be cached for ever."""
    stem, _, suffix = name.rpartition(".")
    return Artifact(f"{stem}.{digest(body)[:10]}.{suffix}", body, content_type(name), IMMUTABLE)
