"""Located YAML nodes → values by the kind of their field, with a problem where that cannot be done.

Shared by front matter, site.yaml and the data files. A kind is tolerant where the meaning is plain (one text where a
list may stand, a number where a text is meant) and refuses the rest; a field that is refused counts as not given.
"""

import difflib
import html
import re
from collections import abc
from contextlib import suppress
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from tilepress.addresses import key_fault, nfc, words
from tilepress.nodes import Mapping, Node, Scalar, Sequence
from tilepress.pages import Problem
from tilepress.wording import Tell

ASKED_MAX = 50
WORD_CHARS_MAX = 40
TRUE = frozenset({"true", "yes", "on", "1", "ja"})
FALSE = frozenset({"false", "no", "off", "0", "nein", ""})
_TIME = r"(?:(?:[Tt]|,? +)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?\s*(?P<offset>Z|z|[-+]\d{2}:?\d{2})?(?: *Uhr)?)?"
_DATES = tuple(
    re.compile(day + _TIME + r"\Z")
    for day in (r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", r"(?P<day>\d{1,2})\. ?(?P<month>\d{1,2})\. ?(?P<year>\d{4})")
)
_WHOLE = re.compile(r"\.0+\Z")  # 10.0 is a whole number
_TURNS = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_MAIL = re.compile(r"[^\s@<>\"/:]+@[^\s@<>\"/:.]+(?:\.+[^\s@<>\"/:.]+)+\Z")
_ELSEWHERE = re.compile(r"\A[a-z][a-z0-9+.-]*:|//|\\", re.IGNORECASE)  # a scheme, a host or an empty part, a path of Windows
_HOST = re.compile(r"[a-z0-9äöüß.-]+\.[a-z]{2,}(?:[/:?#]|\Z)", re.IGNORECASE)


class Fields:
    """Reads one mapping's fields by name, notes which were read, and gathers problems as it goes."""

    def __init__(self, mapping: Mapping, tell: Tell, problems: list[Problem]) -> None:
        self.mapping = mapping
        self.tell = tell
        self.problems = problems
        self.read: set[str] = set()

    def within(self, mapping: Mapping) -> "Fields":
        """A reader of fields below one of these."""
        return Fields(mapping, self.tell, self.problems)

    def node(self, name: str) -> Node | None:
        """The field's node; None where it is not given, or null."""
        self.read.add(name)
        node = self.mapping.fields.get(name)
        return None if isinstance(node, Scalar) and node.value() is None else node

    def text(self, name: str) -> str:
        """Plain text on one line: entities are characters, white space is folded."""
        return plain(self.raw(name))

    def raw(self, name: str) -> str:
        """The text as written, line ends included."""
        node = self.node(name)
        if node is None:
            return ""
        if not isinstance(node, Scalar):
            self.note(name, "wrong-type.text")
            return ""
        return nfc(node.text)

    def texts(self, name: str) -> tuple[str, ...]:
        """Several plain texts; a single one is a list of one."""
        node = self.node(name)
        if node is None:
            return ()
        nodes = node.nodes if isinstance(node, Sequence) else (node,)
        if not all(isinstance(one, Scalar) for one in nodes):
            self.note(name, "wrong-type.texts")
            return ()
        return tuple(text for one in nodes if isinstance(one, Scalar) and one.value() is not None and (text := plain(one.text)))

    def file_names(self, name: str, folder: str, ending: str, example: str) -> tuple[str, ...]:
        """Several names of files below a folder, each without the folder and this ending. What can be no file's name is noted."""
        names = tuple(dict.fromkeys(text.removeprefix(folder).removesuffix(ending) for text in self.texts(name)))
        for one in names:
            if key_fault(f"{folder}{one}{ending}"):
                self.note(name, "file-name", said=one, folder=folder, example=example)
        return names

    def flag(self, name: str) -> bool:
        """True or false, in the usual spellings."""
        node = self.node(name)
        said = node.text.strip().lower() if isinstance(node, Scalar) else "" if node is None else "?"
        if said not in TRUE | FALSE:
            self.note(name, "wrong-type.flag")
        return said in TRUE

    def number(self, name: str) -> int:
        """A whole number; 0 when it is not given."""
        node = self.node(name)
        if node is None:
            return 0
        try:
            number = int(_WHOLE.sub("", node.text)) if isinstance(node, Scalar) else None
        except ValueError:
            number = None
        if number is None or abs(number) > 10**9:
            self.note(name, "wrong-type.number")
            return 0
        return number

    def choice(self, name: str, choices: abc.Sequence[str], also: abc.Mapping[str, str]) -> str:
        """One of several words, the first when it is not given. A word that is none of them is taken for the nearest, with a warning.

        `also` are words for them in another language: "doppel" for "double".
        """
        said = self.text(name).lower()
        if not said:
            return choices[0]
        if said in choices:
            return said
        used = meant(said, choices, also, cutoff=0.6) or choices[0]
        self.note(name, "unknown-value", said=said, used=used, choices=", ".join(choices))
        return used

    def moment(self, name: str, zone: ZoneInfo) -> datetime | None:
        """A date, or a date and time; without a zone of its own, in the site's."""
        said = self.text(name)
        if not said:
            return None
        found = next((match for form in _DATES if (match := form.match(said))), None)
        try:
            if found is None:
                raise ValueError(said)  # noqa: TRY301 - the one place where a malformed date is handled is just below
            parts = {name: int(part or 0) for name, part in found.groupdict().items() if name != "offset"}
            moment = datetime(**parts, tzinfo=zone)
            if found["offset"]:
                moment = datetime.fromisoformat(moment.replace(tzinfo=None).isoformat() + found["offset"].upper().replace("Z", "+00:00"))
            if moment.astimezone(UTC).year in {MINYEAR, MAXYEAR}:  # it is rounded up, and shown in other zones
                raise ValueError(said)  # noqa: TRY301 - as above
        except (ValueError, OverflowError):
            self.note(name, "date", said=said)
            return None
        return moment

    def link(self, name: str) -> str:
        """An address on the web or of a mailbox; one without a scheme gets it."""
        said = self.text(name)
        url = link(said)
        if said and not url:
            self.note(name, "address", said=said)
        return url

    def image(self, name: str, below: str) -> str:
        """An image's address on this site: what is not absolute stands below this address. A query is cut off."""
        said = self.text(name)
        path = said.split("?", maxsplit=1)[0].split("#", maxsplit=1)[0]
        if not said:
            return ""
        folder = f"static{below}"
        if said.lower().startswith("data:"):
            self.note(name, "image.data", folder=folder)
            return ""
        if not path or path.endswith("/") or _ELSEWHERE.search(path) or any(part in {"..", "."} for part in path.split("/")):
            self.note(name, "image", said=said, folder=folder)
            return ""
        return path if path.startswith("/") else below + path

    def mapping_of(self, name: str) -> Mapping | None:
        """A mapping of further fields."""
        node = self.node(name)
        if node is None or isinstance(node, Mapping):
            return node
        self.note(name, "wrong-type.mapping")
        return None

    def unknown(self, known: abc.Iterable[str], also: abc.Mapping[str, str]) -> tuple[str, ...]:
        """The fields that nobody has read; a warning for each that looks like a known one misspelt, or is a word for one."""
        rest = tuple(name for name in self.mapping.fields if name not in self.read)
        names = tuple(known)
        for name in rest[:ASKED_MAX]:  # finding what is like a name takes its time
            near = meant(name, names, also, cutoff=0.86)
            if near and near not in self.mapping.fields:
                self.note(name, "unknown-field", meant=near)
        return rest

    def note(self, name: str, key: str, **about: str | int) -> None:
        """Note a problem of this key with a field; see `tilepress.wording`."""
        node = self.mapping.fields.get(name) or self.mapping.names.get(name) or self.mapping
        if key == "unknown-field":
            node = self.mapping.names.get(name, node)
        self.problems.append(self.tell(key, line=node.line, column=node.column, **{"name": name, **about}))


def meant(said: str, known: abc.Sequence[str], also: abc.Mapping[str, str], *, cutoff: float) -> str | None:
    """Which of the known words somebody meant: written otherwise, in another language, or misspelt. None for none of them."""
    words = {_spelt(word): name for word, name in also.items() if name in known} | {_spelt(name): name for name in known}
    folded = _spelt(said)[:WORD_CHARS_MAX]
    near = [folded] if folded in words else difflib.get_close_matches(folded, words, 1, cutoff=cutoff)
    return words[near[0]] if near else None


def _spelt(name: str) -> str:
    """A name as it is compared: `Contact-Person` and `contact_person` are `contactperson`."""
    return "".join(char for char in nfc(name).casefold() if char not in "-_ :")


def plain(text: str) -> str:
    """Text on one line, with HTML's entities (`&shy;`, `&auml;`) as the characters that they stand for.

    What reverses the direction of the text around it goes: no honest title needs that.
    """
    with suppress(ValueError):  # `&#9…9;`, with more digits than Python reads
        text = html.unescape(text)
    return words(nfc(_TURNS.sub("", text)))


def link(text: str) -> str:
    """The text as a link that may be followed (http, https, mailto, tel), "" when it is none. `www.x.de` is https."""
    said = words(text)
    if _MAIL.match(said):
        return f"mailto:{said}"
    if any(char in said for char in ' <>"\\^`{|}'):
        return ""
    try:
        scheme, host = urlsplit(said)[:2]
    except ValueError:
        return ""
    if scheme.lower() in {"http", "https"} and host:
        return said
    if scheme.lower() in {"mailto", "tel"}:
        return said
    return f"https://{said}" if _HOST.match(said) else ""
