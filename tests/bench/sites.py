"""Sites of any size, as folders that Tilepress and Hugo both read, and the like for Pelican."""

from pathlib import Path
from typing import Any

WORDS = ("Bildung", "Daten", "Ehrenamt", "Klima", "Kultur", "Nachbarschaft", "Technik", "Wasser")
PARAGRAPHS = 5
PARAGRAPH_WORDS = 50

HUGO = """\
baseURL = "https://bench.example/"
title = "Bench"
languageCode = "de"
disableKinds = ["taxonomy", "term"]
[[menus.main]]
name = "Projekte"
url = "/"
[[deployment.targets]]
name = "s3"
URL = "s3://{bucket}?region=eu-central-1&endpoint={endpoint}&use_path_style=true"
"""
HUGO_LAYOUTS = {
    "baseof.html": """\
<!doctype html><html lang="de"><head><meta charset="utf-8"><title>{{ .Title }} – {{ .Site.Title }}</title>
<meta name="description" content="{{ .Params.subtitle }}"><link rel="canonical" href="{{ .Permalink }}">
<meta property="og:title" content="{{ .Title }}"><meta property="og:url" content="{{ .Permalink }}">
{{ range .AlternativeOutputFormats }}<link rel="{{ .Rel }}" type="{{ .MediaType.Type }}" href="{{ .Permalink }}">{{ end }}</head>
<body><header><nav>{{ range .Site.Menus.main }}<a href="{{ .URL }}">{{ .Name }}</a>{{ end }}</nav></header>
<main>{{ block "main" . }}{{ end }}</main><footer>{{ .Site.Title }}</footer></body></html>
""",
    "single.html": """\
{{ define "main" }}<article><h1>{{ .Title }}</h1><p>{{ .Params.subtitle }}</p>{{ .Content }}
<ul>{{ range .Params.kategorien }}<li>{{ . }}</li>{{ end }}</ul></article>{{ end }}
""",
    "list.html": """\
{{ define "main" }}<h1>{{ .Title }}</h1>{{ .Content }}<ul>{{ range .Pages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a>
<p>{{ .Params.subtitle }}</p><p>{{ with .Params.kategorien }}{{ delimit . ", " }}{{ end }}</p></li>{{ end }}</ul>{{ end }}
""",
}

PELICAN = """\
SITENAME = "Bench"
SITEURL = "https://bench.example"
PATH = "content"
TIMEZONE = "Europe/Berlin"
DEFAULT_LANG = "de"
FEED_ALL_ATOM = "atom.xml"
CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
DEFAULT_PAGINATION = False
"""


def page(number: int, edition: int = 0) -> bytes:
    """A project page of some 250 words."""
    paragraph = " ".join(WORDS[(number + at) % len(WORDS)] for at in range(PARAGRAPH_WORDS))
    body = f"\n\n## Abschnitt\n\n{paragraph} **{number}** und [mehr](https://example.org/{edition})."
    category = WORDS[number % len(WORDS)]
    return f"---\ntitle: Projekt {number}\nsubtitle: Stand {edition}\nkategorien: [{category}]\n---\n{body * PARAGRAPHS}\n".encode()


def page_key(number: int, sections: int) -> str:
    """The file of a page; pages go round the sections."""
    return f"content/bereich-{number % sections}/projekt-{number}.md"


def write_site(folder: Path, pages: int, sections: int) -> None:
    """The sources of a site, below `content/`, with a `site.yaml`."""
    for number in range(pages):
        file = folder / page_key(number, sections)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(page(number))
    (folder / "site.yaml").write_text("title: Bench\nbase_url: https://bench.example\nlanguages: [de]\n", encoding="utf-8")


def upload(folder: Path, bucket: str, s3: Any) -> None:
    """These sources into a bucket."""
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            s3.put_object(Bucket=bucket, Key=file.relative_to(folder).as_posix(), Body=file.read_bytes())


def add_hugo(folder: Path, bucket: str, endpoint: str) -> None:
    """What Hugo needs beside it to make of it page, overview, feed and sitemap, as lean as layouts can be."""
    (folder / "hugo.toml").write_text(HUGO.format(bucket=bucket, endpoint=endpoint), encoding="utf-8")
    layouts = folder / "layouts" / "_default"
    layouts.mkdir(parents=True)
    for name, text in HUGO_LAYOUTS.items():
        (layouts / name).write_text(text, encoding="utf-8")


def add_pelican(folder: Path, pages: int) -> None:
    """The same texts in the form that Pelican asks for: each with a date, which it cannot do without."""
    (folder / "content").mkdir(parents=True)
    for number in range(pages):
        body = page(number).decode().rpartition("---\n")[2]
        head = f"Title: Projekt {number}\nDate: 2026-01-01\nCategory: {WORDS[number % len(WORDS)]}\nSummary: Stand 0\n"
        (folder / "content" / f"projekt-{number}.md").write_text(head + body, encoding="utf-8")
    (folder / "pelicanconf.py").write_text(PELICAN, encoding="utf-8")
