"""The table of front matter fields: what each is called, of what kind it is, and which words authors use when they mean it.

`parse` reads the fields, `schema` describes them to editors, the documents list them; tests hold all of these to this table.
"""

from dataclasses import dataclass
from enum import StrEnum

from tilepress.pages import TileSize


class Kind(StrEnum):
    """What a field may hold, and what becomes of it; named after the reader in `Fields` that does it."""

    TEXT = "text"  # on one line, as written: 2014, no and 12:30 too
    TEXTS = "texts"  # a list of such texts; one alone needs no list
    RAW = "raw"  # several lines of Markdown or HTML
    FLAG = "flag"  # true or false, yes or no, ja or nein
    NUMBER = "number"  # a whole number
    MOMENT = "moment"  # a date, or a date and a time
    CHOICE = "choice"  # one of several words
    LINK = "link"  # an address on the web, or of a mailbox
    IMAGE = "image"  # the path of an image of this site
    PEOPLE = "people"  # a list of {name, role}
    CONTACT = "contact"  # fields: a platform's name, and a name or address there
    ANY = "any"  # known, and handed to the templates as it is


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the front matter. `words` are what authors call it who do not know its name."""

    name: str
    kind: Kind
    words: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()


TILES: tuple[TileSize, ...] = ("single", "double", "none")

FIELDS = (
    Field("title", Kind.TEXT, ("titel", "überschrift")),
    Field("subtitle", Kind.TEXT, ("untertitel",)),
    Field("description", Kind.TEXT, ("beschreibung",)),
    Field("summary", Kind.TEXT, ("zusammenfassung",)),
    Field("type", Kind.TEXT, ("typ",)),
    Field("tile", Kind.CHOICE, ("kachel", "kachelgröße"), TILES),
    Field("weight", Kind.NUMBER, ("gewicht", "reihenfolge")),
    Field("kategorien", Kind.TEXTS, ("kategorie",)),
    Field("categories", Kind.TEXTS, ("category",)),
    Field("tags", Kind.TEXTS, ("schlagworte", "schlagwörter", "stichworte", "stichwörter")),
    Field("search_keys", Kind.TEXTS, ("suchworte", "suchwörter", "suchbegriffe")),
    Field("img", Kind.IMAGE, ("bild", "image", "foto")),
    Field("img_alt", Kind.TEXT, ("bildbeschreibung", "alternativtext", "alt_text")),
    Field("img_header", Kind.IMAGE, ("titelbild", "kopfbild", "header_image")),
    Field("img_license", Kind.TEXT, ("bildlizenz", "bildnachweis")),
    Field("focus", Kind.TEXT, ("fokus", "bildausschnitt", "focal_point")),
    Field("images", Kind.ANY, ("bilder",)),
    Field("people", Kind.PEOPLE, ("personen", "leute")),
    Field("contact_person", Kind.TEXT, ("ansprechperson", "ansprechpartner", "ansprechpartnerin")),
    Field("contact", Kind.CONTACT, ("kontakt",)),
    Field("website", Kind.LINK, ("webseite", "homepage")),
    Field("years", Kind.TEXT, ("jahre", "zeitraum", "laufzeit")),
    Field("partners", Kind.TEXTS, ("partner",)),
    Field("financing", Kind.TEXTS, ("finanzierung", "förderung", "foerderung", "förderer")),
    Field("cta", Kind.TEXT),
    Field("cta_text", Kind.RAW),
    Field("more_text", Kind.RAW),
    Field("date", Kind.MOMENT, ("datum",)),
    Field("lastmod", Kind.MOMENT, ("geändert", "aktualisiert", "last_modified")),
    Field("publishDate", Kind.MOMENT, ("veröffentlichung", "veröffentlichen_am")),
    Field("expiryDate", Kind.MOMENT, ("ablauf", "ablaufdatum")),
    Field("draft", Kind.FLAG, ("entwurf",)),
    Field("slug", Kind.TEXT, ("kurzname",)),
    Field("aliases", Kind.TEXTS, ("alias", "weiterleitungen", "weiterleitung")),
    Field("layout", Kind.TEXT),
)
"""The fields that mean something to us, in the order in which editors see them. Others are kept as `page.params`."""

NAMES = tuple(field.name for field in FIELDS)
FIELD_WORDS = {word: field.name for field in FIELDS for word in field.words}
TILE_WORDS = {
    **dict.fromkeys(("doppel", "doppelt", "groß", "gross", "big", "large", "wide"), "double"),
    **dict.fromkeys(("einfach", "einzel", "klein", "normal", "small"), "single"),
    **dict.fromkeys(("keine", "kein", "ohne", "nein", "no", "false", "null", "off"), "none"),
}
FOCUS_WORDS = {"links": "left", "rechts": "right", "oben": "top", "unten": "bottom", "mitte": "center", "middle": "center"}
FOCUS_SHARES = {"left": "0%", "right": "100%", "top": "0%", "bottom": "100%", "center": "50%"}
TYPE_WORDS = dict.fromkeys(("archiv", "archived", "archiviert", "abgeschlossen", "finished"), "archive")
