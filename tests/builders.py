"""Builders: a test names only what matters to it."""

from tilepress.artifacts import etag_of
from tilepress.pages import Parsed, SourceFile
from tilepress.parse import parse
from tilepress.site import Site, parse_site, with_data


def page_text(body: str = "Text.", /, **fields: str) -> str:
    """A Markdown file: front matter of these fields, written as they are given, and a body."""
    lines = "".join(f"{name}: {value}\n" for name, value in ({"title": "Titel"} | fields).items())
    return f"---\n{lines}---\n{body}\n"


def source(text: str | bytes = "", key: str = "content/projekte/ogp.md") -> SourceFile:
    """A source file of this text."""
    body = text.encode() if isinstance(text, str) else text
    return SourceFile(key, body, etag_of(body), "v1")


def site(settings: str = "", team: str = "") -> Site:
    """A site of these settings (YAML)."""
    found, problems = parse_site(source(settings, "site.yaml"))
    assert found is not None, problems
    found, problems = with_data(found, [source(team, "data/team.yaml")] if team else [])
    assert found is not None, problems
    return found


def parsed(text: str | bytes, key: str = "content/projekte/ogp.md", settings: str = "") -> Parsed:
    """What a file of this text comes to."""
    return parse(source(text, key), site(settings))
