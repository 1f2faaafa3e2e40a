"""The date mentions of a snapshot in Milvus.

The different spans of days that articles name are few, however many articles there are: they are
held here, and tell which mentions to ask for, and how many there must be.
"""

from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index.mentions import DateIndex, read_mention
from index.milvus.client import Client
from index.milvus.layout import (
    END,
    FIRST,
    LAST,
    MENTION,
    ROW,
    SPAN,
    START,
    YEARLESS_FIRST,
    YEARLESS_LAST,
    with_dummy,
)
from index.milvus.pieces import Pieces
from index.milvus.rows import Mention, Rows, ServedRows
from index.types import DateMention, DateRange, YearlessRange

# what names more mentions is answered from all of them, which are read once
_MOST_ASKED = 16_000

_SPANS_AT_ONCE = 2_000

# mentions that stand in the memory as numbers of Python
_AT_ONCE = 8192

_REMEMBERED = 256

_FIELDS = (FIRST, LAST, YEARLESS_FIRST, YEARLESS_LAST)


class ServedDates(DateIndex):
    """Stands where a local store has the mentions of all rows."""

    def __init__(
        self,
        spans: DateIndex,
        counts: NDArray[np.int64],
        rows: ServedRows,
        client: Client,
        pieces: Pieces,
        collection: str,
        whole: Callable[[], DateIndex],
    ) -> None:
        """Ask for mentions as they are needed.

        Args:
            spans: the different spans, as `DateIndex.spans` returns them.
            counts: how many mentions name each.
            rows: tell the mentions of a row.
            client: asks the server.
            pieces: of the snapshot; what is broken is told of it.
            collection: of the mentions.
            whole: reads all mentions.
        """
        self._spans = spans
        self._counts = counts
        self._served = rows
        self._client = client
        self._pieces = pieces
        self._collection = collection
        self._whole = lru_cache(1)(whole)
        self._asked = lru_cache(_REMEMBERED)(self._ask)

    def of_row(self, row: int) -> list[DateMention]:
        """Return the mentions that begin in a chunk, in order; offsets as in the article's text."""
        (known,) = self._served.of([row])
        return [read_mention((row, *mention)) for mention in known.mentions]

    def rows_naming(self, days: DateRange) -> Rows:
        """Return the rows that name days within `days`, the year known, each once, in order."""
        spans = self._spans.rows_naming(days)
        return self._whole().rows_naming(days) if self._is_wide(spans) else self._rows_of(spans)

    def rows_naming_yearless(self, days: YearlessRange) -> Rows:
        """Return the rows that name such days with no year to be known, each once, in order."""
        spans = self._spans.rows_naming_yearless(days)
        if self._is_wide(spans):
            return self._whole().rows_naming_yearless(days)
        return self._rows_of(spans)

    def _is_wide(self, spans: Rows) -> bool:
        """Whether more mentions name these spans than are asked for."""
        return int(self._counts[spans].sum()) > _MOST_ASKED

    def _rows_of(self, spans: Rows) -> Rows:
        """Return the rows whose mentions name one of some spans, each once, in order."""
        if not len(spans):
            return np.empty(0, dtype=np.int64)
        return self._asked(tuple(spans.tolist()))

    def _ask(self, spans: tuple[int, ...]) -> Rows:
        """Ask which rows name one of some spans.

        Raises:
            CollectionCorrupt: if there are not as many mentions as there must be.
        """
        rows: list[int] = []
        for first in range(0, len(spans), _SPANS_AT_ONCE):
            named = ", ".join(map(str, spans[first : first + _SPANS_AT_ONCE]))
            found = self._client.query(self._collection, f"{SPAN} in [{named}]", (ROW,))
            rows += [int(mention[ROW]) for mention in found]
        if len(rows) != int(self._counts[list(spans)].sum()):
            raise self._pieces.broken("has lost mentions of dates")
        return np.unique(np.array(rows, dtype=np.int64))

    def days(self) -> list[date]:
        """Return the single days that are named with their year known, in order."""
        return self._spans.days()

    def years(self) -> list[int]:
        """Return the years in which a mention begins, in order."""
        return self._spans.years()


def mention_rows(dates: DateIndex, spans: NDArray[np.int64]) -> Iterator[dict[str, object]]:
    """Yield each mention as a row of a collection.

    Args:
        dates: all mentions.
        spans: which span each names.
    """
    columns = dates.mentions
    for first in range(0, len(spans), _AT_ONCE):
        part = slice(first, first + _AT_ONCE)
        numbers = [columns[name][part].tolist() for name in (ROW, *_FIELDS)]
        for number, (span, row, *days) in enumerate(
            zip(spans[part].tolist(), *numbers, strict=True), start=first
        ):
            named = dict(zip(_FIELDS, days, strict=True))
            yield with_dummy({MENTION: number, SPAN: span, ROW: row, **named})


def mentions_by_row(dates: DateIndex, rows: range) -> Iterator[list[Mention]]:
    """Yield the mentions of some rows, in order, as `Row.mentions` has them."""
    columns = dates.mentions
    places = columns[ROW]
    bounds = np.arange(rows.start, rows.stop + 1, dtype=places.dtype)
    ends = np.searchsorted(places, bounds).tolist()
    part = slice(ends[0], ends[-1])
    numbers = np.stack([columns[name][part] for name in (START, END, *_FIELDS)], axis=1).tolist()
    for begin, end in pairwise(ends):
        yield [tuple(one) for one in numbers[begin - part.start : end - part.start]]
