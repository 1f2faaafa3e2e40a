"""The days that a declared date names, in the shapes that programs and people write.

The day is that of the time zone which is written beside it, since that is the day the newsroom
printed it: 23:30 at -05:00 is not the next day. A time stamp without a zone is of UTC.
"""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate
from typing import NamedTuple

from index.dates import find_dates
from index.types import DateRange

# The oldest newspaper is of 1605; a later year than 2099 is a number, not a date.
_FIRST_YEAR, _LAST_YEAR = 1605, 2099

_MAX_CHARS = 300

# What counts seconds since 1970; an earlier one than of 1990, before the web, is another number.
_FIRST_STAMP_YEAR = 1990
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_ZONE = r"\s?(?:Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)"
_CLOCK = r"(?:T|,?\s+|\s+-\s+)\d{1,2}[:.h]?\d\d.*"
_ISO = re.compile(
    rf"(?P<year>\d{{4}})(?:[-/.](?P<month>\d{{1,2}})(?:[-/.](?P<day>\d{{1,2}})(?:{_ZONE}|{_CLOCK})?)?)?"
)
_COMPACT = re.compile(
    r"(?:D:)?(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)(?:T?\d{4}(?:\d\d)?(?:\D.*)?)?"
)
# a date of a PDF may end after any of its parts
_PDF = re.compile(r"D:(?P<year>\d{4})(?P<month>\d\d)?(?P<day>\d\d)?")
_SLASHED = re.compile(rf"(\d{{1,2}})[-/.](\d{{1,2}})[-/.](\d{{4}})(?:{_CLOCK})?")
_STAMP = re.compile(r"(?P<whole>\d{9,10}|\d{12,13})(?:\.\d{1,9})?")
_MAIL = re.compile(
    r"(?:[A-Za-z]{3,9},?\s+)?\d{1,2}[\s-][A-Za-z]{3,9}[\s-](?:\d{4}|\d\d)\s+\d{1,2}:\d\d.*"
    r"|[A-Za-z]{3}\s+[A-Za-z]{3}\s+\d{1,2}\s+\d\d:\d\d:\d\d\s.*\d{4}"
)
# A time of day and its zone, which words such as "12 mai 2025 à 14:30" end with.
_TIME = re.compile(
    r"\b(?:(?:à|at|um|lúc|kl\.?)\s+)?\d{1,2}\s?(?:[:h]\s?\d\d(?::\d\d)?|h\b|(?=[ap]\.?m\b))"
    r"(?:\s?[ap]\.?m\b\.?)?(?:\s*\(?[A-Z]{2,4}(?:[+-]\d{1,2}(?::?\d\d)?)?\)?)?",
    re.IGNORECASE,
)
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


class Read(NamedTuple):
    """The days a value names.

    Attributes:
        days: a day, a month or a year.
        is_ambiguous: whether day and month may stand the other way round.
    """

    days: DateRange
    is_ambiguous: bool = False


def read_days(value: str, language: str) -> Read | None:
    """Read a declared date.

    Args:
        value: as declared: "2025-05-12T08:30:00+02:00", "Mon, 12 May 2025 08:30:00 +0200",
            "D:20250512083000+02'00'", "1747038600", "12/05/2025" (day first), "12 mai 2025 à 8:30",
            "2025-05", "2025".
        language: of the article: names of months may mean another in another one, and English
            writes both 12/05 and 05/12.

    Returns:
        The days; None if `value` names none, or none that news can be of.
    """
    value = " ".join(_UNSEEN.sub("", value).split())[:_MAX_CHARS]
    if match := _SLASHED.fullmatch(value):
        return _slashed(*match.groups(), language=language)
    if (match := _STAMP.fullmatch(value)) and (stamped := _stamped(match["whole"])):
        return Read(stamped)
    for pattern in (_ISO, _COMPACT, _PDF):
        if match := pattern.fullmatch(value):
            return _read(days_of(match["year"], match["month"], match["day"]))
    if _MAIL.fullmatch(value) and (numbers := _mailed(value)):
        return _read(days_of(*numbers))
    return _read(_worded(value, language))


def days_of(year: str, month: str | None, day: str | None) -> DateRange | None:
    """Return the range of these numbers, or None if the calendar or our years lack it."""
    parts = [part.zfill(2) for part in (year, month, day) if part]
    try:
        days = DateRange.parse("-".join(parts))
    except ValueError:
        return None
    return days if is_plausible(days) else None


def is_plausible(days: DateRange) -> bool:
    """Whether news can be of these days."""
    return days.first.year >= _FIRST_YEAR and days.last.year <= _LAST_YEAR


def _read(days: DateRange | None) -> Read | None:
    """Return days of which there is no doubt how they are read."""
    return Read(days) if days else None


def _slashed(first: str, second: str, year: str, *, language: str) -> Read | None:
    """Read "12/05/2025": the day first, unless only the month can stand there."""
    if int(second) > 12:
        return _read(days_of(year, first, second))
    days = days_of(year, second, first)
    either = int(first) <= 12 and int(first) != int(second)
    return Read(days, is_ambiguous=either and language == "en") if days else None


def _stamped(digits: str) -> DateRange | None:
    """Return the day, in UTC, of a count of seconds or of thousandths of them since 1970."""
    seconds = int(digits) / (1000 if len(digits) > 10 else 1)
    day = (_EPOCH + timedelta(seconds=seconds)).date()
    return DateRange.day(day) if _FIRST_STAMP_YEAR <= day.year <= _LAST_YEAR else None


def _mailed(value: str) -> tuple[str, str, str] | None:
    """Return year, month and day, in its own zone, of a date as mail and feeds write it."""
    try:
        parts = parsedate(value)
    except (ValueError, IndexError, TypeError):  # it is meant to return None, and not always does
        return None
    return (f"{parts[0]:04}", str(parts[1]), str(parts[2])) if parts else None


def _worded(value: str, language: str) -> DateRange | None:
    """Return the first days that words name, if little else is said."""
    value = _TIME.sub("", value).strip(" ,;-–—()")
    mentions = find_dates(value, language=language)
    said = sum(mention.end - mention.start for mention in mentions)
    for mention in mentions:
        if mention.range and 2 * said >= len(value):
            return mention.range if is_plausible(mention.range) else None
    return None
