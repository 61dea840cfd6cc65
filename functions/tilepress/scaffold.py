"""The beginnings of pages and sites, for `tilepress new`. Texts only; writing them is the caller's."""

import json
from collections.abc import Iterator


def page_text(title: str) -> str:
    """A project page with the usual fields; those that start with # are for later."""
    return f"""---
title: {_quoted(title.replace("-", " ").strip() or "Neues Projekt")}
subtitle:
tile: single            # single, double, or none: only in the list "further projects"
# type: archive         # in the list of finished projects
# weight: 10            # smaller numbers stand further ahead
# img: projects/name.jpg         # upload it as static/files/projects/name.jpg
# img_alt: What the image shows
# img_header: projects/name-header.jpg
categories: []
years:
people: []
#  - name: Ada Beispiel
#    role: Leitung
# partners: [Verein e. V.]
# financing: [Stiftung]
# website: https://example.org
# contact: {{mail: hallo@example.org}}
# contact_person: ada   # a key in data/team.yaml
# draft: true           # not published yet
---

Worum geht es? Der erste Absatz sagt es in zwei Sätzen.

## Was wir tun

- Ein Punkt
- Noch einer
"""


def site_files(title: str) -> Iterator[tuple[str, str]]:
    """The files of a new site, each with its path in the source folder."""
    yield (
        "site.yaml",
        f"""title: {_quoted(title)}
# base_url: https://www.example.org
default_language: de
languages: [de, en]
time_zone: Europe/Berlin
# logo: logo.svg          # upload it as static/files/logo.svg
# preview: teilen.jpg     # shown where a page without a photo of its own is shared, best 1200 × 630 pixels
menu:
  - {{url: /projekte/, title: {{de: Projekte, en: Projects}}}}
""",
    )
    yield "content/_index.md", f"---\ntitle: {_quoted(title)}\nsubtitle: Willkommen\n---\n\nWer wir sind, in zwei Sätzen.\n"
    yield "content/projekte/_index.md", "---\ntitle: Projekte\n---\n\nWas wir machen.\n"
    yield "content/projekte/erstes-projekt.md", page_text("Erstes Projekt")
    yield "data/team.yaml", "ada:\n  name: Ada Beispiel\n  position: Leitung\n  mail: hallo@example.org\n"
    yield "static/files/.gitkeep", ""


def _quoted(text: str) -> str:
    """Text as a YAML scalar that means just it, whatever is in it: JSON's strings are YAML's."""
    return json.dumps(text, ensure_ascii=False)
