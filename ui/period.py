"""The period filter: days, months and years as people type them."""

import re
from functools import cache

from babel import Locale

from index.types import DateRange
from ui.language import languages

_NUMERIC = re.compile(r"(?:(\d{1,2})[./-])?(\d{1,2})[./-](\d{4})")
_WITH_NAME = re.compile(r"(?:(\d{1,2})(?:er|st|nd|rd|th|\.)?\s+)?([^\W\d_]+)\.?,?\s+(\d{4})")
_NAME_FIRST = re.compile(r"([^\W\d_]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")


class PeriodUnreadable(ValueError):
    """What was typed is no day, month or year; `str(error)` is what was typed."""


def read_day(text: str) -> DateRange | None:
    """Read a day, a month or a year; None when nothing was typed.

    Understood: "2025", "2025-05", "2025-05-12", "05/2025", "12/05/2025" (day first), "mai 2025",
    "12 May 2025", "May 12, 2025".

    Raises:
        PeriodUnreadable: if it is none of these, or no date of the calendar.
    """
    typed = " ".join(text.split())
    if not typed:
        return None
    try:
        return DateRange.parse(_to_iso(typed))
    except ValueError:
        raise PeriodUnreadable(typed) from None


def _to_iso(typed: str) -> str:
    """Rewrite what was `typed` as an ISO day, month or year; anything else comes back as it is."""
    if match := _NUMERIC.fullmatch(typed):
        day, month, year = match.groups()
        return _iso(year, int(month), day)
    if match := _WITH_NAME.fullmatch(typed):
        day, name, year = match.groups()
    elif match := _NAME_FIRST.fullmatch(typed):
        name, day, year = match.groups()
    else:
        return typed
    month_number = _months().get(name.casefold())
    return typed if month_number is None else _iso(year, month_number, day)


def _iso(year: str, month: int, day: str | None) -> str:
    """Join the parts of a day or a month."""
    return f"{year}-{month:02}" + (f"-{int(day):02}" if day else "")


@cache
def _months() -> dict[str, int]:
    """Map the names of the months, whole and short, in each language of the page, to 1 to 12."""
    return {
        name.casefold().rstrip("."): number
        for language in languages()
        for width in ("wide", "abbreviated")
        for number, name in Locale.parse(language).months["format"][width].items()
    }
