"""Dates in words, for the embedder and for people."""

from datetime import date
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton

from index.types import DateRange, YearlessRange

# any leap year: it has every day
_LEAP_YEAR = 2024


def spell_date(days: DateRange, language: str) -> str:
    """Write a day, month or year in words of `language`; a longer or shorter period as two days."""
    locale = _locale(language)
    match days.precision:
        case "day":
            return _spell_day(days.first, "long", locale)
        case "month":
            return format_skeleton("yMMMM", days.first, locale=locale)
        case "year":
            return str(days.first.year)
        case "period":
            return " – ".join(_spell_day(day, "long", locale) for day in (days.first, days.last))


def spell_yearless(days: YearlessRange, language: str) -> str:
    """Write a day or month of any year in words of `language`; a longer period as two days."""
    locale = _locale(language)
    in_year = days.in_year(_LEAP_YEAR)
    if in_year is not None and in_year.precision == "month":
        return format_date(in_year.first, "LLLL", locale)
    ends = (days.first,) if days.first == days.last else (days.first, days.last)
    pattern = str(locale.datetime_skeletons["MMMMd"])
    return " – ".join(_spell_day(date(_LEAP_YEAR, *end), pattern, locale) for end in ends)


def _spell_day(day: date, pattern: str, locale: Locale) -> str:
    """Write a day; French says "1er", which Babel's data do not."""
    text = format_date(day, pattern, locale)
    if locale.language == "fr" and day.day == 1:
        return text.replace("1 ", "1er ", 1)
    return text


@lru_cache(maxsize=64)
def _locale(language: str) -> Locale:
    """Return Babel's data for a language, English where it has none.

    English as in Britain: "12 May" is read the same everywhere, and it is how people ask.
    """
    try:
        return Locale.parse("en_GB" if language == "en" else language)
    except (UnknownLocaleError, ValueError):
        return Locale("en", "GB")
