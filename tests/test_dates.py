"""Dates stand in the language's form."""

from pathlib import Path

import pytest
import yaml
from babel.dates import format_date
from tilepress.dates import in_words

I18N = Path(__file__).parents[1] / "templates" / "i18n"


@pytest.mark.parametrize(("lang", "locale"), [("de", "de_DE"), ("en", "en_GB")])
@pytest.mark.parametrize("month", range(1, 13))
def test_dates_are_those_of_babel(lang, locale, month):
    """The theme's patterns say what Unicode's locale data say, for each month."""
    from datetime import date

    words = yaml.safe_load((I18N / f"{lang}.yaml").read_text())
    assert in_words(f"2024-{month:02}-05T00:00:00+01:00", words) == format_date(date(2024, month, 5), "long", locale=locale)


@pytest.mark.parametrize(
    ("words", "expected"), [({}, "2024-01-05"), ({"date": "{year}/{month}/{day}"}, "2024/01/5"), ({"date": "{day}", "months": "A B"}, "5")]
)
def test_language_without_names_of_months_has_a_date_still(words, expected):
    """A theme that does not say how dates look shows them as ISO 8601 has them."""
    assert in_words("2024-01-05T00:00:00+01:00", words) == expected


def test_no_date_is_no_text():
    """A page without a date shows none."""
    assert in_words("", {"date": "{day}"}) == ""
