"""Dated things counted by day, month or year, whichever their range asks for."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, NamedTuple

from index.types import DateRange

Unit = Literal["day", "month", "year"]
Kind = Literal["article", "mention"]

# A longer range is shown by the next unit: nobody reads two hundred days.
_MAX_DAYS: dict[Unit, int] = {"day": 45, "month": 5 * 366, "year": 3000 * 366}

# An empty stretch of more units than this is a gap: the bars around it stay wide enough to hit.
_MAX_EMPTY = 2


class Dated(NamedTuple):
    """Something with a date: an article by its publication, or a date that is mentioned."""

    days: DateRange
    kind: Kind


class Bar(NamedTuple):
    """What falls into one day, month or year."""

    days: DateRange
    articles: int
    mentions: int


@dataclass(frozen=True, slots=True)
class Bars:
    """What is drawn.

    Attributes:
        unit: what a bar stands for.
        slots: the bars in order, some of them empty; None where a longer empty stretch is left out.
        vague: what is known less precisely than the unit, counted too, in order.
    """

    unit: Unit
    slots: tuple[Bar | None, ...]
    vague: tuple[Bar, ...]

    @property
    def bars(self) -> list[Bar]:
        """The bars that hold something."""
        return [bar for bar in self.slots if bar is not None and bar.articles + bar.mentions]


def count_by_unit(things: Iterable[Dated], max_slots: int) -> Bars:
    """Count things by the finest unit that their range, and room for `max_slots`, allow.

    The unit is never so fine that more than half of the things are too vague for it.
    """
    counted = Counter(things)
    days = [thing.days for thing in counted]
    if not days:
        return Bars("year", (), ())
    units: tuple[Unit, ...] = ("day", "month", "year")
    for unit in units[:-1]:
        placed = [one for one in days if _is_within(one, unit)]
        if 2 * len(placed) < len(days) or not placed:
            continue
        bars = _count(counted, unit)
        reach = (max(one.last for one in placed) - min(one.first for one in placed)).days
        if reach <= _MAX_DAYS[unit] and len(bars.slots) <= max_slots:
            return bars
    return _count(counted, units[-1])


def _count(counted: Counter[Dated], unit: Unit) -> Bars:
    """Count by one unit."""
    placed: Counter[tuple[DateRange, Kind]] = Counter()
    vague: Counter[tuple[DateRange, Kind]] = Counter()
    for (days, kind), count in counted.items():
        if _is_within(days, unit):
            placed[unit_of(days.first, unit), kind] += count
        else:
            vague[days, kind] += count
    return Bars(unit, tuple(_slots(_bars(placed), unit)), tuple(_bars(vague)))


def _bars(counts: Counter[tuple[DateRange, Kind]]) -> list[Bar]:
    """Return a bar for each range of days, in order."""
    ranges = sorted({days for days, _ in counts})
    return [Bar(days, counts[days, "article"], counts[days, "mention"]) for days in ranges]


def _slots(bars: Sequence[Bar], unit: Unit) -> list[Bar | None]:
    """Put short empty stretches between the bars as empty bars, longer ones as a gap."""
    slots: list[Bar | None] = []
    for bar in bars:
        if slots and slots[-1] is not None:
            empty = _between(slots[-1].days, bar.days, unit)
            slots.extend([None] if empty is None else [Bar(days, 0, 0) for days in empty])
        slots.append(bar)
    return slots


def _between(before: DateRange, after: DateRange, unit: Unit) -> list[DateRange] | None:
    """Return the units between two, or None when they are more than are shown."""
    between: list[DateRange] = []
    days = unit_of(before.last + timedelta(days=1), unit)
    while days != after:
        if len(between) == _MAX_EMPTY:
            return None
        between.append(days)
        days = unit_of(days.last + timedelta(days=1), unit)
    return between


def unit_of(day: date, unit: Unit) -> DateRange:
    """Return the day, month or year that a day lies in."""
    if unit == "day":
        return DateRange.day(day)
    return DateRange.month(day.year, day.month) if unit == "month" else DateRange.year(day.year)


def _is_within(days: DateRange, unit: Unit) -> bool:
    """Whether days lie in one unit."""
    return unit_of(days.first, unit) == unit_of(days.last, unit)
