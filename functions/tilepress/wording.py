"""What is wrong, and about what → a problem in words that its author understands.

The texts stand in `wording_de` and `wording_en`, message and hint side by side, by key. A key is the problem's code or,
where one code has several texts, the code, a dot, and which of them: `wrong-type.number` is of the code `wrong-type`.
What authors wrote is quoted in them, and can do no harm there: it is cut short, and invisible characters are named.
"""

import unicodedata
from collections.abc import Callable
from functools import partial
from typing import Literal

from tilepress import wording_de, wording_en
from tilepress.pages import Problem, Severity

Wording = Literal["de", "en"]
"""A language that problems are told in."""

Tell = Callable[..., Problem]
"""`problem`, for one file and in one language."""

QUOTED_CHARS_MAX = 80
WORDINGS: tuple[Wording, ...] = ("de", "en")
TEXTS = {"de": wording_de.TEXTS, "en": wording_en.TEXTS}
# What lets a page be published all the same; everything else keeps its last good version.
WARNINGS = frozenset(
    """
    duplicate-field unknown-field unknown-field.security unknown-field.theme unknown-value address image image.data alias contact-person focus
    alias.upload shortcode not-markdown heading-level embed-host contrast not-named.theme not-named.data
    picture-missing picture-elsewhere picture-small picture-location
    link link.near link.host anchor alt alt.field heading placeholder category translation
    """.split()
)
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def problem(key: str, wording: Wording, file: str, line: int = 1, column: int = 1, **about: str | int) -> Problem:
    """The problem of this key. `about` is what its text names."""
    message, hint = TEXTS[wording][key]
    quoted = {name: value if isinstance(value, int) else quote(value) for name, value in about.items()}
    return Problem(
        file=file,
        code=key.partition(".")[0],
        message=message.format(**quoted),
        hint=hint.format(**quoted),
        line=line,
        column=column,
        severity=Severity.WARNING if key in WARNINGS else Severity.ERROR,
    )


def quote(text: str) -> str:
    """An author's text as it may stand in a message: on one line, not long, with nothing in it that cannot be seen."""
    cut = text if len(text) <= QUOTED_CHARS_MAX else text[: QUOTED_CHARS_MAX - 1] + "…"
    return "".join(f"[U+{ord(char):04X}]" if unicodedata.category(char) in _INVISIBLE else char for char in cut)


def teller(file: str, wording: Wording) -> Tell:
    """`problem` for one file, in the language of its author."""
    return partial(problem, wording=wording, file=file)
