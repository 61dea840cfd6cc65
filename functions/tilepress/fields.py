"""Located YAML nodes → values by the kind of their field, with a problem where that cannot be done.

Shared by front matter, site.yaml and the data files. A kind is tolerant where the meaning is plain (one text where a
list may stand, a number where a text is meant) and refuses the rest; a field that is refused counts as not given.
"""

import difflib
import html
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from tilepress.addresses import nfc, words
from tilepress.front_matter import Mapping, Node, Scalar, Sequence
from tilepress.pages import Problem, Severity

_TRUE = frozenset({"true", "yes", "on", "1", "ja"})
_FALSE = frozenset({"false", "no", "off", "0", "nein", ""})
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|z|[-+]\d{2}:?\d{2})?)?\Z")
_MAIL = re.compile(r"[^\s@<>\"/:]+@[^\s@<>\"/:]+\.[^\s@<>\"/:]+\Z")
_HOST = re.compile(r"[a-z0-9äöüß.-]+\.[a-z]{2,}(?:[/:?#]|\Z)", re.IGNORECASE)


class Fields:
    """Reads one mapping's fields by name, notes which were read, and gathers problems as it goes."""

    def __init__(self, file: str, mapping: Mapping, problems: list[Problem]) -> None:
        self.file = file
        self.mapping = mapping
        self.problems = problems
        self.read: set[str] = set()

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
            self.refuse(name, "wrong-type", f"“{name}” should be a text.", f"Write “{name}: some text”.")
            return ""
        return nfc(node.text)

    def texts(self, name: str) -> tuple[str, ...]:
        """Several plain texts; a single one is a list of one."""
        node = self.node(name)
        if node is None:
            return ()
        nodes = node.nodes if isinstance(node, Sequence) else (node,)
        if not all(isinstance(one, Scalar) for one in nodes):
            self.refuse(
                name,
                "wrong-type",
                f"“{name}” should be a list of texts.",
                'Write each on a line of its own, after "- "; put a text with a colon in quotation marks.',
            )
            return ()
        return tuple(text for one in nodes if isinstance(one, Scalar) and one.value() is not None and (text := plain(one.text)))

    def flag(self, name: str) -> bool:
        """True or false, in the usual spellings."""
        node = self.node(name)
        said = node.text.strip().lower() if isinstance(node, Scalar) else "" if node is None else "?"
        if said not in _TRUE | _FALSE:
            self.refuse(name, "wrong-type", f"“{name}” should be true or false.", f"Write “{name}: true” or “{name}: false”.")
        return said in _TRUE

    def number(self, name: str) -> int:
        """A whole number; 0 when it is not given."""
        node = self.node(name)
        if node is None:
            return 0
        try:
            number = int(node.text) if isinstance(node, Scalar) else None
        except ValueError:
            number = None
        if number is None or abs(number) > 10**9:
            self.refuse(name, "wrong-type", f"“{name}” should be a whole number.", f"Write “{name}: 10”.")
            return 0
        return number

    def choice(self, name: str, choices: Iterable[str], default: str) -> str:
        """One of several words; the nearest, with a warning, for a word that is none of them."""
        said = self.text(name).lower()
        if not said:
            return default
        known = tuple(choices)
        if said in known:
            return said
        near = difflib.get_close_matches(said, known, 1, cutoff=0.6)
        used = near[0] if near else default
        message = f"“{name}: {said}” is not known; “{used}” is used."
        self.warn(name, "unknown-value", message, f"Write one of: {', '.join(known)}.")
        return used

    def moment(self, name: str, zone: ZoneInfo) -> datetime | None:
        """A date, or a date and time; without a zone of its own, in the site's."""
        said = self.text(name)
        if not said:
            return None
        found = _DATE.match(said)
        try:
            if found is None:
                raise ValueError(said)  # noqa: TRY301 - the one place where a malformed date is handled is just below
            year, month, day, hour, minute, second, offset = found.groups()
            date(int(year), int(month), int(day))
            moment = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=zone)
            if offset:
                moment = datetime.fromisoformat(moment.replace(tzinfo=None).isoformat() + offset.upper().replace("Z", "+00:00"))
            moment.astimezone(UTC)
        except (ValueError, OverflowError):
            self.refuse(name, "date", f"“{said}” is not a date.", f"Write “{name}: 2026-03-31” or “{name}: 2026-03-31 14:00”.")
            return None
        return moment

    def link(self, name: str) -> str:
        """An address on the web or of a mailbox; one without a scheme gets it."""
        said = self.text(name)
        url = link(said)
        if said and not url:
            self.warn(name, "address", f"“{said}” is not a web address and is left out.", "Write it in full: https://…")
        return url

    def mapping_of(self, name: str) -> Mapping | None:
        """A mapping of further fields."""
        node = self.node(name)
        if node is None or isinstance(node, Mapping):
            return node
        self.refuse(name, "wrong-type", f"“{name}” should have fields below it.", f'Write “{name}:”, and below it, indented, "field: value".')
        return None

    def warn(self, name: str, code: str, message: str, hint: str) -> None:
        """Note a problem that does not keep the page from being published."""
        self._note(name, code, message, hint, Severity.WARNING)

    def refuse(self, name: str, code: str, message: str, hint: str) -> None:
        """Note a problem that keeps the page from being published."""
        self._note(name, code, message, hint, Severity.ERROR)

    def unknown(self, known: Iterable[str]) -> tuple[str, ...]:
        """The fields that nobody has read; a warning for each that looks like a known one misspelt."""
        rest = tuple(name for name in self.mapping.fields if name not in self.read)
        names = tuple(known)
        for name in rest:
            folded = name.casefold().replace("-", "_").replace(" ", "_")
            near = [folded] if folded in names else difflib.get_close_matches(folded, names, 1, cutoff=0.86)
            if near and near[0] not in self.mapping.fields:
                self.warn(name, "unknown-field", f"The field “{name}” is not known.", f"Did you mean “{near[0]}”?")
        return rest

    def _note(self, name: str, code: str, message: str, hint: str, severity: Severity) -> None:
        node = self.mapping.fields.get(name) or self.mapping.names.get(name) or self.mapping
        self.problems.append(Problem(file=self.file, code=code, message=message, hint=hint, line=node.line, column=node.column, severity=severity))


def plain(text: str) -> str:
    """Text on one line, with HTML's entities (`&shy;`, `&auml;`) as the characters that they stand for."""
    return words(nfc(html.unescape(text)))


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
