"""Resolve days: "lundi 12 mai 2025", "3 au 5 mai", "12/05/2025"."""

from datetime import date

from index.dates.calendars import neighbour, place, reckon, year_offset
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
    joined,
)
from index.types import DateRange, YearlessRange

_FIRM = kinds("on", "in", "from", "the", "of", "weekday")
_DAYS = kinds("small", "big", "first")
_DIGITS = kinds("small", "big")


def _day(reading: Reading) -> Outcome | None:
    """Resolve "lundi 12 mai 2025"."""
    day, month = reading.value("d"), reading.value("m", "m2")
    year = reading.number("y") or reading.number("y2")
    weekday = reading.number("w")
    if not _sure_month(reading, year):
        return None
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
    return Outcome(place(yearless, reading.anchor, weekday), yearless, weekday)


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
    if reading.language != "en" or reading.kind(reading.first - 1) == KINDS["in"]:
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
        return Outcome(place(yearless, reading.anchor), yearless)
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
    return Outcome(place(yearless, reading.anchor), yearless)


def _day_to_numeric(reading: Reading) -> Outcome | None:
    """Resolve "từ ngày 1 đến 3/12"."""
    last = reading.roles["n2"].value
    day = reading.value("d")
    if reading.language != "vi" or len(last) == 6 or day >= last[2]:
        return None
    if last[0]:
        return between(last[0], last[1], day, *last)
    yearless = YearlessRange((last[1], day), (last[1], last[2]))
    return Outcome(place(yearless, reading.anchor), yearless)


def _pair(reading: Reading) -> Outcome | None:
    """Resolve "12/05" and "12-15/5"."""
    if "n" not in reading.roles:
        return _day(reading) if reading.language == "vi" else None
    value = reading.roles["n"].value
    first, last = (value[1], value[2]), (value[-2], value[-1])
    weekday = reading.number("w")
    if weekday is None and not _is_clear(reading):
        return None
    yearless = YearlessRange(first, last)
    return Outcome(place(yearless, reading.anchor, weekday), yearless, weekday)


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
    """Whether a pair is no fraction: two digits on both sides, or a dot; in Vietnamese, always."""
    pair = reading.roles["n"].text
    if reading.language == "vi":
        return True
    return reading.kind(reading.first - 1) != KINDS["open"] and (len(pair) == 5 or "." in pair)


DAY_RESOLVERS: dict[str, Resolver] = {
    "day_to_numeric": _day_to_numeric,
    "day": _day,
    "month_first": _month_first,
    "last_day": _last_day,
    "day_of_year": _day_of_year,
    "numeric_range": _numeric_range,
    "day_of_month": _day_of_month,
    "day_range": _day_range,
    "numeric": _numeric,
    "pair": _pair,
}
