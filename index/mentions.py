"""The dates written in the articles, by row: which chunks name a day, and which days have news.

Days are proleptic Gregorian ordinals (`date.toordinal`), 0 where the year is not known; days
without a year are month * 100 + day, 0 where the year is written.
"""

import calendar
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from index.arrays import array_bytes, read_array
from index.dates import find_dates
from index.types import Article, Chunk, DateMention, DateRange, YearlessRange

_COLUMNS = ("row", "start", "end", "first", "last", "yearless_first", "yearless_last")
_NUMBER = "<i4"
_DTYPE = np.dtype([(name, _NUMBER) for name in _COLUMNS])

# 29 February is a day of some year
_CODES = [
    0,
    *(
        month * 100 + day
        for month in range(1, 13)
        for day in range(1, calendar.monthrange(2024, month)[1] + 1)
    ),
]

Mentions = NDArray[np.void]
"""Structured array with the fields of `_COLUMNS`, one element a mention, in order of row."""


@dataclass(frozen=True, slots=True)
class DateIndex:
    """The date mentions of all rows, in order of row and place."""

    mentions: Mentions

    @classmethod
    def build(cls, articles: Sequence[Article], chunks: Sequence[Chunk]) -> Self:
        """Find the dates in every article and give each to the chunk it begins in."""
        rows_by_article: dict[int, list[int]] = {}
        for row, chunk in enumerate(chunks):
            rows_by_article.setdefault(chunk.article, []).append(row)
        records = [
            record
            for position, article in enumerate(articles)
            for record in _records(article, rows_by_article.get(position, []), chunks)
        ]
        return cls(np.array(records, dtype=_DTYPE))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read back what `to_bytes` returned.

        Raises:
            ValueError: if it is anything else, or a day of no calendar.
        """
        numbers = read_array(data, _NUMBER, columns=len(_COLUMNS))
        _check(numbers)
        return cls(numbers.view(_DTYPE).reshape(-1))

    def to_bytes(self) -> bytes:
        """Return the mentions as the bytes of an .npy file."""
        return array_bytes(self.mentions.view(_NUMBER).reshape(-1, len(_COLUMNS)))

    def of_row(self, row: int) -> list[DateMention]:
        """Return the mentions that begin in a chunk, in order; offsets as in the article's text."""
        first, last = np.searchsorted(self.mentions["row"], [row, row + 1])
        return [_mention(record) for record in self.mentions[first:last]]

    def rows_naming(self, days: DateRange) -> NDArray[np.int64]:
        """Return the rows that name days within `days`, the year known, each once, in order."""
        first, last = self.mentions["first"], self.mentions["last"]
        within = (first >= days.first.toordinal()) & (last <= days.last.toordinal()) & (first > 0)
        return np.unique(self.mentions["row"][within]).astype(np.int64)

    def rows_naming_yearless(self, days: YearlessRange) -> NDArray[np.int64]:
        """Return the rows that name such days with no year to be known, each once, in order."""
        asked_first, asked_last = _code(days.first), _code(days.last)
        first, last = self.mentions["yearless_first"], self.mentions["yearless_last"]
        if asked_first <= asked_last:
            within = (first >= asked_first) & (last <= asked_last) & (first <= last)
        else:
            within = ((first >= asked_first) | (first <= asked_last)) & (
                (last >= asked_first) | (last <= asked_last)
            )
        unknown = (self.mentions["first"] == 0) & (first > 0)
        return np.unique(self.mentions["row"][within & unknown]).astype(np.int64)

    def days(self) -> list[date]:
        """Return the single days that are named with their year known, in order."""
        single = self.mentions["first"] == self.mentions["last"]
        ordinals = np.unique(self.mentions["first"][single & (self.mentions["first"] > 0)])
        return [date.fromordinal(int(ordinal)) for ordinal in ordinals]

    def years(self) -> list[int]:
        """Return the years in which a mention begins, in order."""
        ordinals = np.unique(self.mentions["first"][self.mentions["first"] > 0])
        return sorted({date.fromordinal(int(ordinal)).year for ordinal in ordinals})


def _records(
    article: Article, rows: Sequence[int], chunks: Sequence[Chunk]
) -> Iterable[tuple[int, ...]]:
    """Find the dates in an article's prose, as records of `_DTYPE`."""
    ends = [chunks[row].end for row in rows]
    for mention in find_dates(article.text, language=article.language, anchor=article.published):
        before = bisect_right(article.furniture, (mention.start, len(article.text))) - 1
        if before >= 0 and mention.start < article.furniture[before][1]:
            continue
        row = rows[bisect_right(ends, mention.start)]
        yield row, mention.start, mention.end, *_range_codes(mention), *_yearless_codes(mention)


def _check(numbers: NDArray[Any]) -> None:
    """Refuse mentions out of order, and days that are in no calendar."""
    rows, starts, ends, first, last, yearless_first, yearless_last = numbers.T
    placed = (rows >= 0) & (starts >= 0) & (starts < ends)
    dated = (first <= last) & (first >= 0) & (last <= date.max.toordinal())
    known = ((first > 0) | (last == 0)) & ((yearless_first > 0) | (yearless_last == 0))
    codes = np.isin(numbers[:, -2:], _CODES).all(axis=1)
    if not (placed & dated & known & codes).all() or (np.diff(rows) < 0).any():
        raise ValueError("mentions of dates that cannot be")


def _range_codes(mention: DateMention) -> tuple[int, int]:
    """Return the days of a mention as ordinals, 0 where not known."""
    if mention.range is None:
        return 0, 0
    return mention.range.first.toordinal(), mention.range.last.toordinal()


def _yearless_codes(mention: DateMention) -> tuple[int, int]:
    """Return the days of a mention as month * 100 + day, 0 where the year is written."""
    if mention.yearless is None:
        return 0, 0
    return _code(mention.yearless.first), _code(mention.yearless.last)


def _code(month_and_day: tuple[int, int]) -> int:
    """Return month * 100 + day."""
    return month_and_day[0] * 100 + month_and_day[1]


def _mention(record: np.void) -> DateMention:
    """Return the mention that a record holds."""
    _row, start, end, first, last, yearless_first, yearless_last = record.tolist()
    days = DateRange(date.fromordinal(first), date.fromordinal(last)) if first else None
    yearless = None
    if yearless_first:
        yearless = YearlessRange(divmod(yearless_first, 100), divmod(yearless_last, 100))
    return DateMention(start, end, days, yearless)
