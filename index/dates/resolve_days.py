"""Resolve days: "lundi 12 mai 2025", "3 au 5 mai", "12/05/2025"."""

import re
from datetime import date, timedelta

from index.dates.calendars import neighbour, reckon, week_offset, year_offset
from index.dates.kinds import KINDS, kinds
from index.dates.numbers import is_day
from index.dates.reading import (
    ENDS,
    NOTHING,
    Outcome,
    Reading,
    Resolver,
    after_between,
    between,
    is_preposition,
    is_street,
    joined,
)
from index.dates.tense import settle
from index.types import DateRange, YearlessRange

_FIRM = kinds("on", "in", "from", "the", "of", "of_the", "weekday")
_DAYS = kinds("small", "big", "first")
_DIGITS = kinds("small", "big")
_COUNTS = kinds("small", "big", "tail", "number", "count")
_RANGES_FROM = kinds("from", "of_the", "between", "mid")
_LEAP_YEAR = 2000
_MONTHS = 12
_PARTS_OF_DAY = frozenset(("sáng", "trưa", "chiều", "tối", "đêm", "hôm"))


def _day(reading: Reading) -> Outcome | None:
    """Resolve "lundi 12 mai 2025"."""
    day, month = reading.value("d"), reading.value("m", "m2")
    year = reading.number("y") or reading.number("y2")
    weekday = reading.number("w")
    if not _sure_month(reading, year):
        return None
    if weekday is None and is_street(reading):
        return NOTHING
    if reading.kind(reading.end) == KINDS["day_lead"] and reading.kind(reading.first) in _DIGITS:
        return NOTHING  # "5 tháng 10 ngày" is five months and ten days
    if not is_day(year or 2000, month, day):
        return NOTHING
    yearless = YearlessRange((month, day), (month, day))
    if year:
        own = None if "y" in reading.roles else yearless
        return Outcome(DateRange.day(date(year, month, day)), own, weekday)
    if reading.follows_since and reading.anchor and weekday is None:
        return Outcome(reckon(reading.anchor, neighbour(yearless, -1)), yearless)
    return Outcome(settle(reading, yearless, weekday), yearless, weekday)


def _last_day(reading: Reading) -> Outcome | None:
    """Resolve "12 mai dernier"; without an anchor it is a day of any year."""
    named = _day(reading)
    if is_preposition(reading) or named is None or named.yearless is None:
        return None
    if reading.anchor is None:
        return named
    step = neighbour(named.yearless, reading.number("mod") or 0)
    return Outcome(reckon(reading.anchor, step), weekday=named.weekday)


def _day_of_year(reading: Reading) -> Outcome | None:
    """Resolve "12 mai de l'année dernière"."""
    named = _day(reading)
    year = reckon(reading.anchor, year_offset(reading.number("mod") or 0))
    if named is None or named.yearless is None or year is None:
        return named
    return Outcome(named.yearless.in_year(year.first.year), weekday=named.weekday)


def _day_of_month(reading: Reading) -> Outcome | None:
    """Resolve "le 16 de ce mois"."""
    day = reading.value("d")
    return Outcome(reckon(reading.anchor, lambda today: DateRange.day(today.replace(day=day))))


def _month_first(reading: Reading) -> Outcome | None:
    """Resolve "May 12", which is English; elsewhere a number that follows a month counts."""
    if reading.language != "en" or reading.word_before == "in":
        return None
    return _day(reading)


def _day_range(reading: Reading) -> Outcome | None:
    """Resolve "3 au 5 mai 2025" and "28 mai au 3 juin"; the year behind holds for both."""
    month, month2 = reading.value("m", "m2"), reading.value("m2", "m")
    last_year = reading.number("y2")
    day, day2 = reading.value("d"), reading.value("d2")
    if not is_day(last_year or 2000, month2, day2):
        return NOTHING
    if not (_spans(reading) if "m" in reading.roles else _in_order(reading)):
        return None
    yearless = YearlessRange((month, day), (month2, day2))
    if last_year is None:
        if not is_day(2000, month, day):
            return NOTHING
        return Outcome(settle(reading, yearless), yearless)
    year = reading.number("y") or last_year - (yearless.last < yearless.first)
    return between(year, month, day, last_year, month2, day2)


def _numeric(reading: Reading) -> Outcome | None:
    """Resolve "12/05/2025"."""
    value = reading.roles["n"].value
    if len(value) == 6:
        return between(*value)
    return Outcome(DateRange.day(date(*value)), weekday=reading.number("w"))


def _numeric_range(reading: Reading) -> Outcome | None:
    """Resolve "12/05 au 15/05/2025"."""
    first, last = reading.roles["n"].value, reading.roles["n2"].value
    if len(first) == 6 or len(last) == 6 or not _spans(reading):
        return None
    if last[0]:
        year = first[0] or last[0] - (first[1:] > last[1:])
        return between(year, *first[1:], *last)
    yearless = YearlessRange((first[1], first[2]), (last[1], last[2]))
    return Outcome(settle(reading, yearless), yearless)


def _day_to_numeric(reading: Reading) -> Outcome | None:
    """Resolve "từ ngày 1 đến 3/12" and "vom 4. bis 9.7."."""
    last = reading.roles["n2"].value
    day = reading.value("d")
    told = reading.language == "vi" or reading.kind(reading.first - 1) in _RANGES_FROM
    adjoining = bool(last[0]) and day + 1 == last[-1]  # "14 et 15/10/2022"
    if not (adjoining or (told and _spans(reading))) or len(last) == 6 or day >= last[2]:
        return None
    if last[0]:
        return between(last[0], last[1], day, *last)
    yearless = YearlessRange((last[1], day), (last[1], last[2]))
    return Outcome(settle(reading, yearless), yearless)


def _pair(reading: Reading) -> Outcome | None:
    """Resolve "12/05" and "12-15/5"."""
    if "n" not in reading.roles:
        return _day(reading) if _is_vietnamese_pair(reading) else None
    value = reading.roles["n"].value
    first, last = (value[1], value[2]), (value[-2], value[-1])
    weekday = reading.number("w")
    if weekday is None and is_street(reading):
        return NOTHING
    if weekday is None and not _is_clear(reading):
        return None
    yearless = YearlessRange(first, last)
    return Outcome(settle(reading, yearless, weekday), yearless, weekday)


def _week_of(reading: Reading) -> Outcome | None:
    """Resolve "semaine du 12 mai 2025"."""
    named = _numbered(reading) if "n" in reading.roles else _day(reading)
    counted = reading.kind(reading.first - 1) in _COUNTS
    if named is None or counted or (named.days is None and named.yearless is None):
        return None
    days = named.days and week_offset(0)(named.days.first)
    return Outcome(days, named.yearless and _seven_days(named.yearless))


def _numbered(reading: Reading) -> Outcome | None:
    """Resolve the single day in digits of a match."""
    if len(reading.roles["n"].value) == 6:
        return None
    return _numeric(reading) if reading.roles["n"].value[0] else _pair(reading)


def _seven_days(days: YearlessRange) -> YearlessRange:
    """Return a week of any year that begins on the first of these days."""
    last = date(_LEAP_YEAR, *days.first) + timedelta(6)
    return YearlessRange(days.first, (last.month, last.day))


def _sure_month(reading: Reading, year: int | None) -> bool:
    """Whether a month that may be another word ("12 may") is one here."""
    month = reading.roles.get("m") or reading.roles["m2"]
    if month.kind != KINDS["verb"] or year:
        return True
    return reading.kind(reading.first - 1) in _FIRM or reading.kind(reading.end) in ENDS


def _spans(reading: Reading) -> bool:
    """Whether two full dates are the ends of a range: "and" joins those only after "between"."""
    return not joined(reading) or after_between(reading)


def _in_order(reading: Reading) -> bool:
    """Whether "3 et 5 mai" names a range: neighbours do, and what stands after "between"."""
    matched = reading.tokens[reading.first : reading.end]
    days = [token.value[0] for token in matched if token.kind in _DAYS]
    if not joined(reading):
        return days[0] < days[1]
    in_a_row = list(range(days[0], days[0] + len(days)))
    return days == in_a_row or (days[0] < days[1] and after_between(reading))


def _is_clear(reading: Reading) -> bool:
    """Whether a pair is no fraction: two digits on both sides, a dot, or more than one ("15/6").

    In Vietnamese it is none but after "trong", in: "trong 1/3" is a part of something.
    """
    pair = reading.roles["n"].text
    numbers = [int(part) for part in re.findall(r"\d+", pair)]
    if reading.language == "vi":
        return reading.word_before != "trong" or numbers[0] > numbers[-1]
    whole = max(numbers if reading.language == "en" else numbers[:1]) > _MONTHS
    clear = len(pair) == 5 or "." in pair or whole
    return reading.kind(reading.first - 1) != KINDS["open"] and clear


def _is_vietnamese_pair(reading: Reading) -> bool:
    """Whether "12-5" is a day there: after "ngày", and after "sáng" unless hours follow."""
    if reading.language != "vi":
        return False
    led = "w" in reading.roles or reading.kind(reading.first) == KINDS["day_lead"]
    before = reading.tokens[reading.first - 1].text.lower() if reading.first else ""
    return led or (before in _PARTS_OF_DAY and reading.kind(reading.end) != KINDS["unit"])


DAY_RESOLVERS: dict[str, Resolver] = {
    "day_to_numeric": _day_to_numeric,
    "day": _day,
    "bracketed": _day,
    "bracketed_numeric": _numeric,
    "bracketed_first": _month_first,
    "bracketed_pair": _pair,
    "night": _day_range,
    "month_first": _month_first,
    "last_day": _last_day,
    "day_of_year": _day_of_year,
    "numeric_range": _numeric_range,
    "day_of_month": _day_of_month,
    "day_range": _day_range,
    "numeric": _numeric,
    "pair": _pair,
    "week_of": _week_of,
}
