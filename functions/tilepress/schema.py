"""The table of front matter fields → what editors know of it: a JSON Schema, settings for VS Code, a configuration for Decap and Sveltia CMS.

What each field is called and means, in German and English, stands in `ABOUT`; which fields there are and of what kind, in
`tilepress.vocabulary`, the table that `parse` reads by.
"""

import json
from collections.abc import Iterable
from typing import Any

import yaml

from tilepress.fields import FALSE, TRUE
from tilepress.site import Site
from tilepress.vocabulary import FIELDS, Field, Kind
from tilepress.wording import Wording

Json = dict[str, Any]

ABOUT: dict[str, dict[Wording, tuple[str, str]]] = {
    "title": {
        "de": ("Titel", "Überschrift der Seite und Text ihrer Kachel. Pflicht."),
        "en": ("Title", "The page's heading, and its tile's. Required."),
    },
    "subtitle": {
        "de": ("Untertitel", "Ein Satz unter dem Titel und auf der Kachel."),
        "en": ("Subtitle", "A line below the title, and on the tile."),
    },
    "description": {
        "de": ("Beschreibung", "Zwei Sätze für Suchmaschinen und geteilte Links."),
        "en": ("Description", "Two sentences for search engines and shared links."),
    },
    "summary": {"de": ("Zusammenfassung", "Kurzfassung für Feeds und Listen."), "en": ("Summary", "The page in short, for feeds and lists.")},
    "type": {
        "de": ("Art", "Ein Wort für die Art des Projekts; „archive“ stellt es zu den abgeschlossenen."),
        "en": ("Type", "A word for the kind of project; “archive” lists it among the finished ones."),
    },
    "tile": {
        "de": ("Kachel", "Größe in der Übersicht: single, double, oder none für die Liste der weiteren Projekte."),
        "en": ("Tile", "Size on the overview: single, double, or none for the list of further projects."),
    },
    "weight": {
        "de": ("Reihenfolge", "Eine ganze Zahl; kleinere stehen weiter vorn."),
        "en": ("Order", "A whole number; smaller ones stand further ahead."),
    },
    "kategorien": {
        "de": ("Kategorien", "Wonach die Übersicht filtert, auf Deutsch."),
        "en": ("Categories (German)", "What the overview filters by, in German."),
    },
    "categories": {
        "de": ("Kategorien (englisch)", "Wonach die Übersicht filtert, auf Englisch."),
        "en": ("Categories", "What the overview filters by, in English."),
    },
    "tags": {"de": ("Schlagworte", "Weitere Stichworte."), "en": ("Tags", "Further keywords.")},
    "search_keys": {
        "de": ("Suchworte", "Worte, unter denen man die Seite auch finden soll."),
        "en": ("Search words", "Words that should lead to the page as well."),
    },
    "img": {
        "de": ("Bild der Kachel", "Pfad unter static/files/, etwa projects/name.jpg."),
        "en": ("Image of the tile", "A path below static/files/, such as projects/name.jpg."),
    },
    "img_alt": {
        "de": ("Bildbeschreibung", "Was auf dem Bild zu sehen ist, für alle, die es nicht sehen."),
        "en": ("Image description", "What the image shows, for those who do not see it."),
    },
    "img_header": {
        "de": ("Bild über dem Titel", "Wie das Bild der Kachel, aber breit."),
        "en": ("Image above the title", "As the tile's image, but wide."),
    },
    "img_license": {
        "de": ("Bildnachweis", "Wer es gemacht hat, und unter welcher Lizenz."),
        "en": ("Image credit", "Who made it, and under which licence."),
    },
    "focus": {
        "de": ("Bildausschnitt", "Was zu sehen bleibt, wo ein Bild beschnitten wird: von links, von oben."),
        "en": ("Focal point", "What stays in view where an image is cut: from the left, from the top."),
    },
    "images": {
        "de": ("Bilder für Vorschauen", "Wie bei Hugo; geht an die Vorlagen."),
        "en": ("Images for previews", "As with Hugo; handed to the templates."),
    },
    "people": {"de": ("Personen", "Wer am Projekt arbeitet: Name und Rolle."), "en": ("People", "Who works on the project: name and role.")},
    "contact_person": {"de": ("Ansprechperson", "Ein Kürzel aus data/team.yaml."), "en": ("Contact person", "A key of data/team.yaml.")},
    "contact": {
        "de": ("Kontakt", "Wo das Projekt zu erreichen ist: mail, mastodon, github, website …"),
        "en": ("Contact", "Where the project can be reached: mail, mastodon, github, website …"),
    },
    "website": {"de": ("Website", "Die Adresse des Projekts selbst."), "en": ("Website", "The project's own address.")},
    "years": {"de": ("Zeitraum", "Etwa 2011 – heute."), "en": ("Years", "Such as 2011 – today.")},
    "partners": {"de": ("Partner", "Mit wem das Projekt gemacht wird."), "en": ("Partners", "With whom the project is made.")},
    "financing": {"de": ("Förderung", "Wer das Projekt bezahlt."), "en": ("Financing", "Who pays for the project.")},
    "cta": {
        "de": ("Aufruf", "Überschrift des Kastens, der zum Mitmachen einlädt."),
        "en": ("Call", "The heading of the box that invites to take part."),
    },
    "cta_text": {"de": ("Text des Aufrufs", "Markdown oder HTML."), "en": ("Text of the call", "Markdown or HTML.")},
    "more_text": {
        "de": ("Mehr dazu", "Ein Absatz am Ende der Seite; Markdown oder HTML."),
        "en": ("More", "A paragraph at the page's end; Markdown or HTML."),
    },
    "date": {"de": ("Datum", "Etwa 2026-03-31 oder 31.3.2026."), "en": ("Date", "Such as 2026-03-31.")},
    "lastmod": {"de": ("Geändert am", "Wann der Text zuletzt geändert wurde."), "en": ("Changed", "When the text was last changed.")},
    "publishDate": {"de": ("Sichtbar ab", "Vorher ist die Seite nicht zu sehen."), "en": ("Visible from", "Before that the page is not shown.")},
    "expiryDate": {
        "de": ("Sichtbar bis", "Danach ist die Seite nicht mehr zu sehen."),
        "en": ("Visible until", "After that the page is not shown any more."),
    },
    "draft": {"de": ("Entwurf", "true: die Seite wird noch nicht veröffentlicht."), "en": ("Draft", "true: the page is not published yet.")},
    "slug": {
        "de": ("Name in der Adresse", "Anstelle des Dateinamens; auch mehrere Teile mit / dazwischen."),
        "en": ("Name in the address", "In place of the file's name; also several parts with / between them."),
    },
    "aliases": {
        "de": ("Frühere Adressen", "Adressen, die hierher führen, etwa /alt/name/."),
        "en": ("Former addresses", "Addresses that lead here, such as /old/name/."),
    },
    "layout": {"de": ("Vorlage", "Der Name einer anderen Vorlage, sonst leer."), "en": ("Layout", "The name of another template, else empty.")},
}
"""What editors call a field, and what it is for."""

_TEXT: Json = {"type": ["string", "number", "boolean", "null"]}
_TEXTS: Json = {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]}
_PERSON: Json = {"anyOf": [_TEXT, {"type": "object", "properties": {"name": _TEXT, "role": _TEXT}}]}
_DAY = r"([0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{1,2}\. ?[0-9]{1,2}\. ?[0-9]{4})"
_KINDS: dict[Kind, Json] = {
    Kind.TEXT: _TEXT,
    Kind.TEXTS: _TEXTS,
    Kind.RAW: _TEXT,
    Kind.FLAG: {"enum": [True, False, None, 1, 0, *sorted(f(word) for word in (TRUE | FALSE) - {""} for f in (str, str.capitalize, str.upper)), ""]},
    Kind.NUMBER: {
        "anyOf": [{"type": ["integer", "null"], "minimum": -(10**9), "maximum": 10**9}, {"type": "string", "pattern": r"^[-+]?[0-9_]+(\.0+)?$"}]
    },
    Kind.MOMENT: {"anyOf": [{"type": "null"}, {"type": "string", "pattern": rf"^{_DAY}([Tt, ].*)?$"}]},
    Kind.LINK: _TEXT,
    Kind.IMAGE: {"type": ["string", "null"], "pattern": r"^(?![A-Za-z][A-Za-z0-9+.-]*:|//|.*/$)[^\\]*$"},
    Kind.PEOPLE: {"anyOf": [_PERSON, {"type": "array", "items": _PERSON}]},
    Kind.CONTACT: {"type": ["object", "null"]},
    Kind.ANY: {},
}
_WIDGETS: dict[Kind, Json] = {
    Kind.TEXT: {"widget": "string"},
    Kind.TEXTS: {"widget": "list"},
    Kind.RAW: {"widget": "text"},
    Kind.FLAG: {"widget": "boolean", "default": False},
    Kind.NUMBER: {"widget": "number", "value_type": "int"},
    Kind.MOMENT: {"widget": "datetime", "format": "YYYY-MM-DD", "date_format": "YYYY-MM-DD", "time_format": False, "default": ""},
    Kind.CHOICE: {"widget": "select"},
    Kind.LINK: {"widget": "string"},
    Kind.IMAGE: {"widget": "image"},
}
_FORMS = {
    Kind.TEXT: "string",
    Kind.TEXTS: "list",
    Kind.RAW: "string",
    Kind.FLAG: "boolean",
    Kind.NUMBER: "number",
    Kind.MOMENT: "datetime",
    Kind.CHOICE: "choice",
    Kind.LINK: "string",
    Kind.IMAGE: "image",
}
_CONTACTS = ("website", "mail", "mastodon", "github", "phone")
_WORDS: dict[Wording, dict[str, str]] = {
    "de": {"name": "Name", "role": "Rolle", "body": "Text", "page": "Seite", "pages": "Einzelne Seiten"},
    "en": {"name": "Name", "role": "Role", "body": "Text", "page": "Page", "pages": "Single pages"},
}


def json_schema(wording: Wording = "en") -> str:
    """The JSON Schema of the front matter (draft 2020-12), with titles and descriptions in this language."""
    properties: dict[str, Json] = {
        field.name: {"title": ABOUT[field.name][wording][0], "description": ABOUT[field.name][wording][1]} | _type(field) for field in FIELDS
    }
    properties["title"] = properties["title"] | {"type": ["string", "number", "boolean"], "minLength": 1}
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Tilepress front matter",
        "type": "object",
        "properties": properties | {lang: {"type": "object", "properties": {"title": _TEXT, "content": _TEXT}} for lang in ("de", "en")},
        "anyOf": [{"required": ["title"]}, {"required": ["de"]}, {"required": ["en"]}],
    }
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def vscode_settings(site: Site, sections: Iterable[str]) -> str:
    """`.vscode/settings.json` for the extension Front Matter: a form beside each page, and an image picker."""
    fields = [
        {
            "title": ABOUT[field.name][site.wording][0],
            "description": ABOUT[field.name][site.wording][1],
            "name": field.name,
            "type": _FORMS[field.kind],
        }
        | ({"choices": list(field.choices)} if field.choices else {})
        | ({"single": True} if field.kind is Kind.TEXT else {})
        | ({"required": True} if field.name == "title" else {})
        for field in FIELDS
        if field.kind in _FORMS
    ]
    folders = [{"title": site.section_title(section, site.default_language), "path": f"[[workspace]]/content/{section}"} for section in sections]
    settings = {
        "frontMatter.taxonomy.contentTypes": [{"name": "default", "pageBundle": False, "fields": fields}],
        "frontMatter.content.pageFolders": folders,
        "frontMatter.content.publicFolder": "static",
        "files.encoding": "utf8",
    }
    return json.dumps(settings, ensure_ascii=False, indent=2) + "\n"


def cms_config(site: Site, sections: Iterable[str], *, translations: bool) -> str:
    """`config.yml` for Decap CMS or, with `translations` side by side, which keep our file names, for Sveltia CMS."""
    words = _WORDS[site.wording]
    together = translations and len(site.languages) > 1
    config: Json = {
        "backend": {"name": "git-gateway", "branch": "main"},
        "locale": site.wording,
        "media_folder": f"static{site.image_path}".rstrip("/"),
        "public_folder": site.image_path.rstrip("/"),
        "slug": {"encoding": "unicode"},
    }
    if together:
        config["i18n"] = {
            "structure": "multiple_files",
            "locales": list(site.languages),
            "default_locale": site.default_language,
            "omit_default_locale_from_file_path": True,
        }
    config["collections"] = [
        {
            "name": section or "pages",
            "label": site.section_title(section, site.default_language) if section else words["pages"],
            "label_singular": words["page"],
            "folder": f"content/{section}".rstrip("/"),
            "create": True,
            "slug": "{{slug}}",
            "extension": "md",
            "format": "yaml-frontmatter",
            **({"i18n": True} if together else {}),
            "fields": [
                *(_widget(field, site.wording, together=together) for field in FIELDS if field.kind is not Kind.ANY),
                _body(words, together=together),
            ],
        }
        for section in sections
    ]
    return yaml.safe_dump(config, allow_unicode=True, sort_keys=False, width=140)


def _type(field: Field) -> Json:
    return {"enum": [*field.choices, None]} if field.kind is Kind.CHOICE else _KINDS[field.kind]


def _widget(field: Field, wording: Wording, *, together: bool) -> Json:
    label, hint = ABOUT[field.name][wording]
    words = _WORDS[wording]
    found: Json = {"name": field.name, "label": label, "hint": hint, "required": field.name == "title"}
    if field.kind is Kind.PEOPLE:
        inner = [{"name": name, "label": words[name], "widget": "string", "required": name == "name"} for name in ("name", "role")]
        found |= {"widget": "list", "fields": inner}
    elif field.kind is Kind.CONTACT:
        contacts = [{"name": name, "label": name, "widget": "string", "required": False} for name in _CONTACTS]
        found |= {"widget": "object", "collapsed": True, "fields": contacts}
    else:
        found |= _WIDGETS[field.kind]
    if field.choices:
        found |= {"options": list(field.choices), "default": field.choices[0]}
    return found | ({"i18n": True} if together else {})


def _body(words: dict[str, str], *, together: bool) -> Json:
    found: Json = {"name": "body", "label": words["body"], "widget": "markdown", "required": False}
    return found | ({"i18n": True} if together else {})
