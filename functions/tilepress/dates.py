"""A date → how a language writes it: by the pattern and the names of months that the theme's words give.

Babel would do the same in any language; importing it costs 60 to 70 ms of a cold start, and 33 MB. Its data say what stands in
`templates/i18n/`: a test compares the two.
"""

from collections.abc import Mapping
from datetime import datetime


def in_words(moment: str, words: Mapping[str, str]) -> str:
    """A moment in ISO 8601 as a date: `15. Januar 2018`. As it is where the theme has no words for it."""
    if not moment or "date" not in words:
        return moment[:10]
    date = datetime.fromisoformat(moment)
    months = words.get("months", "").split()
    name = months[date.month - 1] if len(months) == 12 else f"{date.month:02}"  # noqa: PLR2004 - a year has twelve
    return words["date"].format(day=date.day, month=name, year=date.year)
