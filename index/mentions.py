"""The dates written in the articles, by row: which chunks name a day, and which days have news.

Days are proleptic Gregorian ordinals (`date.toordinal`), 0 where the year is not known; days
without a year are month * 100 + day, 0 where the year is written. Mentions lie in columns, in order
of row, with a list of them in order of day: what is asked for is found by halving.
"""

import calendar
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.arrays import Data, array_bytes, ranges, read_array
from index.articles import StoredChunks
from index.crew import ALONE, Crew, weight_of_text
from index.dates import find_dates
from index.runs import OldRows
from index.types import Article, Chunk, DateMention, DateRange, YearlessRange

_COLUMNS = ("row", "start", "end", "first", "last", "yearless_first", "yearless_last")
_ROW, _FIRST, _LAST, _YEARLESS_FIRST, _YEARLESS_LAST = 0, 3, 4, 5, 6
_NUMBER, _ORDINAL = "<i4", "<u4"

_MENTIONS, _BY_DAY, _DAYS, _YEARS = "mentions.npy", "by_day.npy", "days.npy", "years.npy"

# if more than one in so many is asked for, it is quicker to read all as they lie
_FEW = 16

# 29 February is a day of some year
_CODES = [
    0,
    *(
        month * 100 + day
        for month in range(1, 13)
        for day in range(1, calendar.monthrange(2024, month)[1] + 1)
    ),
]

Mentions = NDArray[np.int32]
"""Shape (7, mentions): the columns of `_COLUMNS`, in order of row and place."""


class DateIndex:
    """The date mentions of all rows, in order of row and place."""

    FILES = (_BY_DAY, _DAYS, _MENTIONS, _YEARS)

    def __init__(self, mentions: Mentions, by_day: NDArray[np.uint32] | None = None) -> None:
        """Take mentions, and their numbers in order of day if they are known."""
        self._columns = mentions
        self._by_day = _order(mentions) if by_day is None else by_day

    @classmethod
    def build(
        cls,
        articles: Sequence[Article],
        chunks: Sequence[Chunk],
        before: "DateIndex | None" = None,
        same: OldRows | None = None,
        crew: Crew = ALONE,
    ) -> Self:
        """Find the dates in every article and give each to the chunk it begins in.

        Args:
            articles: by position; those whose rows `before` holds are not read.
            chunks: by row.
            before: the index of the build before.
            same: where `before` holds each row of an article that is the same, -1 for the others.
            crew: finds them.
        """
        positions = StoredChunks.of(chunks).rows[:, 0].astype(np.int64)
        if before is None or same is None:
            before, same = cls(_columns(array("i"))), np.full(len(chunks), -1, dtype=np.int64)
        taken = before._moved(same)
        found = array("i")
        asked = (
            (articles[int(positions[rows[0]])], [chunks[row].end for row in rows])
            for rows in _new_rows(positions, same)
        )
        dated = crew.in_order(_records, asked, _weight_of)
        for rows, records in zip(_new_rows(positions, same), dated, strict=True):
            for place, *numbers in records:
                found.extend((rows[place], *numbers))
        mentions = np.concatenate([taken, _columns(found)], axis=1)
        order = np.argsort(mentions[_ROW], kind="stable")
        return cls(np.ascontiguousarray(mentions[:, order]))

    @classmethod
    def from_files(cls, files: Mapping[str, Data]) -> Self:
        """Read back what `to_files` returned; what is mapped stays where it is.

        Raises:
            ValueError: if it is anything else.
        """
        mentions = read_array(files[_MENTIONS], _NUMBER, columns=0)
        by_day = read_array(files[_BY_DAY], _ORDINAL)
        if mentions.shape != (len(_COLUMNS), len(by_day)):
            raise ValueError(f"mentions of shape {mentions.shape}, {len(by_day)} in order of day")
        found = cls(mentions, by_day)
        found._days, found._years = (read_array(files[name], _NUMBER) for name in (_DAYS, _YEARS))
        return found

    def to_files(self) -> dict[str, bytes]:
        """Return the mentions as arrays: files by name."""
        return {
            _MENTIONS: array_bytes(self._columns.astype(_NUMBER, copy=False)),
            _BY_DAY: array_bytes(self._by_day.astype(_ORDINAL, copy=False)),
            _DAYS: array_bytes(self._days.astype(_NUMBER, copy=False)),
            _YEARS: array_bytes(self._years.astype(_NUMBER, copy=False)),
        }

    @property
    def mentions(self) -> dict[str, NDArray[np.int32]]:
        """The columns of all mentions, by name."""
        return dict(zip(_COLUMNS, self._columns, strict=True))

    def check(self) -> None:
        """Read all of it.

        Raises:
            ValueError: if mentions are out of order, or of a day of no calendar.
        """
        _check(self._columns)
        derived = DateIndex(self._columns)
        same = (
            np.array_equal(self._by_day, derived._by_day)
            and np.array_equal(self._days, derived._days)
            and np.array_equal(self._years, derived._years)
        )
        if not same:
            raise ValueError("mentions that are out of order of day")

    def of_row(self, row: int) -> list[DateMention]:
        """Return the mentions that begin in a chunk, in order; offsets as in the article's text."""
        rows = self._columns[_ROW]
        first, end = np.searchsorted(rows, np.array([row, row + 1], dtype=rows.dtype))
        return [read_mention(record) for record in self._columns[:, first:end].T.tolist()]

    def rows_naming(self, days: DateRange) -> NDArray[np.int64]:
        """Return the rows that name days within `days`, the year known, each once, in order."""
        first, last = days.first.toordinal(), days.last.toordinal()
        begin, end = self._place(first, 0), self._place(last + 1, 0)
        if (end - begin) * _FEW > len(self._by_day):
            within = (self._columns[_FIRST] >= first) & (self._columns[_LAST] <= last)
            return _different(self._columns[_ROW][within])
        beginning = self._by_day[begin:end]
        return self._rows(beginning[self._column(_LAST, beginning) <= last])

    def rows_naming_yearless(self, days: YearlessRange) -> NDArray[np.int64]:
        """Return the rows that name such days with no year to be known, each once, in order."""
        asked_first, asked_last = _code(days.first), _code(days.last)
        unknown = self._by_day[self._place(0, 1) : self._place(1, 0)]
        first, last = (self._column(name, unknown) for name in (_YEARLESS_FIRST, _YEARLESS_LAST))
        if asked_first <= asked_last:
            within = (first >= asked_first) & (last <= asked_last) & (first <= last)
        else:
            within = ((first >= asked_first) | (first <= asked_last)) & (
                (last >= asked_first) | (last <= asked_last)
            )
        return self._rows(unknown[within])

    def days(self) -> list[date]:
        """Return the single days that are named with their year known, in order."""
        return [date.fromordinal(ordinal) for ordinal in self._days.tolist()]

    def years(self) -> list[int]:
        """Return the years in which a mention begins, in order."""
        return [int(year) for year in self._years]

    @cached_property
    def _days(self) -> NDArray[np.int32]:
        """What `days` returns, as ordinals."""
        first, last = self._columns[_FIRST], self._columns[_LAST]
        return np.unique(first[(first == last) & (first > 0)])

    @cached_property
    def _years(self) -> NDArray[np.int32]:
        """What `years` returns."""
        ordinals = np.unique(self._columns[_FIRST]).tolist()
        years = {date.fromordinal(ordinal).year for ordinal in ordinals if ordinal > 0}
        return np.array(sorted(years), dtype=np.int32)

    def _place(self, first: int, yearless: int) -> int:
        """Return the place in order of day of the first mention of such days or later ones."""
        days, codes = self._columns[_FIRST], self._columns[_YEARLESS_FIRST]
        try:
            return bisect_left(
                self._by_day,
                (first, yearless),
                key=lambda mention: (days[mention], codes[mention]),
            )
        except IndexError as error:
            raise ValueError("a mention that is not there") from error

    def _column(self, column: int, mentions: NDArray[np.uint32]) -> NDArray[np.int32]:
        """Return a column of some mentions."""
        if len(mentions) and mentions.max() >= len(self._by_day):
            raise ValueError("a mention that is not there")
        return np.asarray(self._columns[column][mentions])

    def _rows(self, mentions: NDArray[np.uint32]) -> NDArray[np.int64]:
        """Return the rows of some mentions, each once, in order."""
        return _different(self._column(_ROW, mentions))

    def spans(self) -> tuple["DateIndex", NDArray[np.int64]]:
        """Return the different spans of days that are named, and for each mention which it names.

        Years of news name the same days again and again: they are few. In what is returned each
        stands as the only mention of a row of its own.
        """
        different, numbers = np.unique(self._columns[_FIRST:], axis=1, return_inverse=True)
        rows = np.arange(different.shape[1], dtype=np.int32)
        places = np.stack([rows, np.zeros_like(rows), np.ones_like(rows)])
        return DateIndex(np.concatenate([places, different])), numbers.reshape(-1).astype(np.int64)

    def _moved(self, same: OldRows) -> Mentions:
        """Return the mentions of rows as of their new places: row i is the old row `same[i]`."""
        rows = np.flatnonzero(same >= 0)
        old = same[rows].astype(np.int32)
        firsts, ends = (np.searchsorted(self._columns[_ROW], old + side) for side in (0, 1))
        moved = self._columns[:, ranges(firsts, ends - firsts)]
        moved[_ROW] = np.repeat(rows, ends - firsts)
        return moved


def _order(mentions: Mentions) -> NDArray[np.uint32]:
    """Return the numbers of mentions in order of day; those of no known year come first."""
    order = np.lexsort((mentions[_YEARLESS_FIRST], mentions[_FIRST]))
    return order.astype(np.uint32)


def _different(rows: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return each of `rows` once, in order; `np.unique` is slow with those that are in order."""
    ordered = np.sort(rows)
    return ordered[np.flatnonzero(np.diff(ordered, prepend=-1))].astype(np.int64)


def _columns(records: "array[int]") -> Mentions:
    """Return records, one behind the other, as columns."""
    return np.array(records, dtype=np.int32).reshape(-1, len(_COLUMNS)).T


def _rows_by_article(positions: NDArray[np.int64]) -> Iterator[range]:
    """Yield the rows of each article that has any; `positions` are those of the rows, in order."""
    starts = np.flatnonzero(np.diff(positions, prepend=-1)).tolist()
    for first, end in pairwise([*starts, len(positions)]):
        yield range(first, end)


def _new_rows(positions: NDArray[np.int64], same: OldRows) -> Iterator[range]:
    """Yield the rows of each article that is not the same as before."""
    return (rows for rows in _rows_by_article(positions) if same[rows[0]] < 0)


def _weight_of(asked: tuple[Article, Sequence[int]]) -> float:
    """Tell how much of an errand it is to find the dates of an article."""
    return weight_of_text(asked[0].text)


def _records(asked: tuple[Article, Sequence[int]]) -> list[tuple[int, ...]]:
    """Find the dates in an article's prose.

    Args:
        asked: the article, and where each of its chunks ends.

    Returns:
        Records of the columns; in place of the row stands its place among those of the article.
    """
    article, ends = asked
    records: list[tuple[int, ...]] = []
    for mention in find_dates(article.text, language=article.language, anchor=article.published):
        before = bisect_right(article.furniture, (mention.start, len(article.text))) - 1
        if before >= 0 and mention.start < article.furniture[before][1]:
            continue
        place = bisect_right(ends, mention.start)
        codes = *_range_codes(mention), *_yearless_codes(mention)
        records.append((place, mention.start, mention.end, *codes))
    return records


def _check(mentions: Mentions) -> None:
    """Refuse mentions out of order, and days that are in no calendar."""
    rows, starts, ends, first, last, yearless_first, yearless_last = mentions
    placed = (rows >= 0) & (starts >= 0) & (starts < ends)
    dated = (first <= last) & (first >= 0) & (last <= date.max.toordinal())
    known = ((first > 0) | (last == 0)) & ((yearless_first > 0) | (yearless_last == 0))
    codes = np.isin(mentions[-2:], _CODES).all(axis=0)
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


def read_mention(record: Sequence[int]) -> DateMention:
    """Return the mention that a record holds."""
    _row, start, end, first, last, yearless_first, yearless_last = record
    days = DateRange(date.fromordinal(first), date.fromordinal(last)) if first else None
    yearless = None
    if yearless_first:
        yearless = YearlessRange(divmod(yearless_first, 100), divmod(yearless_last, 100))
    return DateMention(start, end, days, yearless)
