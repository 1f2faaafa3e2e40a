"""Arithmetic of days, months and years around the period in which a text was published."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache

from index.dates.numbers import is_day
from index.types import DateRange, YearlessRange

_YEARS_AROUND = 5

_FUTURE_WEIGHT = 1.5
"""News tells of what has been: in December, "in May" is the May before, though not by much."""


@lru_cache(maxsize=1 << 12)
def place(
    days: YearlessRange, anchor: DateRange | None, weekday: int | None = None
) -> DateRange | None:
    """Return `days` in the year that puts them closest to the anchor.

    A weekday that contradicts the nearest year chooses the nearest year in which it is right.
    """
    if anchor is None:
        return None
    years = range(
        max(1, anchor.first.year - _YEARS_AROUND), min(9998, anchor.last.year + _YEARS_AROUND) + 1
    )
    placed = [found for year in years if (found := days.in_year(year)) is not None]
    fitting = [found for found in placed if weekday in (None, found.first.weekday())]
    return min(fitting or placed, key=lambda found: _distance(found, anchor), default=None)


def _distance(days: DateRange, anchor: DateRange) -> tuple[float, int]:
    """Return how many days lie between the two ranges; then, how far apart they begin."""
    ahead, behind = (days.first - anchor.last).days, (anchor.first - days.last).days
    gap = max(ahead * _FUTURE_WEIGHT, behind, 0)
    return gap, abs((days.first - anchor.first).days)


def reckon(anchor: DateRange | None, step: Callable[[date], DateRange]) -> DateRange | None:
    """Return what `step` says of the anchor if it says the same of its first and last day.

    So "yesterday" needs a day, but "last month" only a month.
    """
    if anchor is None:
        return None
    try:
        found = step(anchor.first)
        return found if step(anchor.last) == found else None
    except (OverflowError, ValueError):  # beyond the calendar's first or last year
        return None


def day_offset(days: int) -> Callable[[date], DateRange]:
    """Return the step to the day so many days later."""
    return lambda today: DateRange.day(today + timedelta(days))


def week_offset(weeks: int) -> Callable[[date], DateRange]:
    """Return the step to the week, Monday to Sunday, so many weeks later."""

    def step(today: date) -> DateRange:
        monday = today - timedelta(today.weekday()) + timedelta(weeks=weeks)
        return DateRange(monday, monday + timedelta(6))

    return step


def weekend_offset(weeks: int) -> Callable[[date], DateRange]:
    """Return the step to the Saturday and Sunday of the week so many weeks later."""

    def step(today: date) -> DateRange:
        week = week_offset(weeks)(today)
        return DateRange(week.last - timedelta(1), week.last)

    return step


def month_offset(months: int) -> Callable[[date], DateRange]:
    """Return the step to the month so many months later."""

    def step(today: date) -> DateRange:
        year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
        return DateRange.month(year, month + 1)

    return step


def days_with_weekday(anchor: DateRange, day: int, weekday: int) -> list[DateRange]:
    """Return the days that are the `day` of a month and fall on a weekday, nearest first.

    Only those within an anchor that is longer than a day; half a year around one that is a day.
    """
    around = 6 if anchor.precision == "day" else 0
    first = anchor.first.year * 12 + anchor.first.month - 1 - around
    last = anchor.last.year * 12 + anchor.last.month - 1 + around
    months = (divmod(index, 12) for index in range(first, last + 1))
    found = [
        DateRange.day(date(year, month + 1, day))
        for year, month in months
        if is_day(year, month + 1, day) and date(year, month + 1, day).weekday() == weekday
    ]
    return sorted(found, key=lambda candidate: _distance(candidate, anchor))


def quarter_offset(count: int, months: int) -> Callable[[date], DateRange]:
    """Return the step to the quarter, or another part of the year, that comes so many later."""

    def step(today: date) -> DateRange:
        parts = 12 // months
        year, part = divmod(today.year * parts + (today.month - 1) // months + count, parts)
        return months_from(year, part * months + 1, months)

    return step


def _carry(year: int, month: int) -> tuple[int, int]:
    """Return year and month for a month that may lie outside 1 to 12."""
    years, month = divmod(month - 1, 12)
    return year + years, month + 1


def year_offset(years: int) -> Callable[[date], DateRange]:
    """Return the step to the year so many years later."""
    return lambda today: DateRange.year(today.year + years)


def weekday_offset(weekday: int, direction: int | None) -> Callable[[date], DateRange]:
    """Return the step to a weekday: before (-1), on or after (0), after (1), else on or before."""

    def step(today: date) -> DateRange:
        back = (today.weekday() - weekday) % 7
        if direction == 0:
            return DateRange.day(today + timedelta(-back % 7))
        if direction == 1:
            return DateRange.day(today + timedelta(7 - back))
        if direction == -1 and back == 0:
            back = 7
        return DateRange.day(today - timedelta(back))

    return step


def weekday_range(first: int, last: int, direction: int | None) -> Callable[[date], DateRange]:
    """Return the step to the days from one weekday to another, the first as in `weekday_offset`."""
    beginning = weekday_offset(first, direction)

    def step(today: date) -> DateRange:
        opening = beginning(today).first
        return DateRange(opening, opening + timedelta((last - first) % 7))

    return step


def neighbour(days: YearlessRange, direction: int) -> Callable[[date], DateRange]:
    """Return the step to such days before (-1), in the year of (0), or after (1) a day."""

    def step(today: date) -> DateRange:
        years = {
            -1: range(today.year, today.year - 9, -1),
            0: range(today.year, today.year + 1),
            1: range(today.year, today.year + 9),
        }[direction]
        for year in years:
            found = days.in_year(year)
            if found is not None and _lies(found, today, direction):
                return found
        raise ValueError("no such days")

    return step


def coming(days: YearlessRange) -> Callable[[date], DateRange]:
    """Return the step to the first such days that are not over."""

    def step(today: date) -> DateRange:
        for year in range(today.year - 1, today.year + 9):
            found = days.in_year(year)
            if found is not None and found.last >= today:
                return found
        raise ValueError("no such days")

    return step


def _lies(days: DateRange, today: date, direction: int) -> bool:
    """Whether the days lie before, anywhere around or after `today`."""
    if direction == 0:
        return True
    return days.last < today if direction < 0 else days.first > today


def months_from(year: int, month: int, count: int) -> DateRange:
    """Return `count` months from a month on."""
    last = DateRange.month(*_carry(year, month + count - 1)).last
    return DateRange(date(year, month, 1), last)


@lru_cache(maxsize=256)
def month_days(month: int, count: int = 1) -> YearlessRange:
    """Return `count` whole months of any year from a month on; February ends on the 29th."""
    last_month = (month + count - 2) % 12 + 1
    return YearlessRange((month, 1), (last_month, DateRange.month(2000, last_month).last.day))
