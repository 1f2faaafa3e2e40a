"""The asker's own filters: they shut out what dates and words in a question only weigh down.

A filter of None lets everything through; several together let through what each of them does. An
empty list of sources or languages lets nothing through, one of words everything.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations

import numpy as np

from index.errors import PeriodEmpty, PeriodInvalid
from index.language import language_code
from index.types import DateRange
from qa.evidence import period_rows
from qa.seam import Index, Rows

Day = date | str | None
"""One end of a period: a date, or "2025", "2025-05", "2025-05-12"; None for no end."""

Names = Sequence[str] | None


@dataclass(frozen=True, slots=True)
class Filters:
    """What may be retrieved; None lets everything through.

    Attributes:
        after: first day let through.
        before: last day let through.
        sources: names of sources, or folders of the corpus, in one of which an article lies.
        languages: ISO 639-1 codes, one of which is the article's.
        words: words or phrases that stand in the article, every one of them.
    """

    after: date | None = None
    before: date | None = None
    sources: tuple[str, ...] | None = None
    languages: tuple[str, ...] | None = None
    words: tuple[str, ...] | None = None

    @property
    def given(self) -> tuple[str, ...]:
        """Names of the filters that are set."""
        return tuple(name for name in FILTERS if getattr(self, name) is not None)

    @property
    def period(self) -> DateRange | None:
        """The days that are let through, or None for all."""
        if self.after is None and self.before is None:
            return None
        return DateRange(self.after or date.min, self.before or date.max)

    def without(self, names: Sequence[str]) -> "Filters":
        """Return these filters but for some."""
        return replace(self, **dict.fromkeys(names))


FILTERS = ("after", "before", "sources", "languages", "words")
"""The names of all filters, as arguments of `retrieve` and `ask`."""


def read_filters(
    after: Day = None,
    before: Day = None,
    sources: Names = None,
    languages: Names = None,
    words: Names = None,
) -> Filters:
    """Read filters as they are given.

    A text alone counts as a list of one. Languages may be told by name ("français", "fr-CA"); of
    words, what is blank asks for nothing.

    Raises:
        PeriodInvalid: if `after` or `before` is no date.
        PeriodEmpty: if `after` lies behind `before`.
    """
    period = read_period(after, before)
    spoken, phrases = _listed(languages), _listed(words)
    return Filters(
        after=period.first if period is not None and after is not None else None,
        before=period.last if period is not None and before is not None else None,
        sources=_listed(sources),
        languages=spoken and tuple(language_code(name) or name for name in spoken),
        words=tuple(filter(str.strip, phrases or ())) or None,
    )


def read_period(after: Day, before: Day) -> DateRange | None:
    """Return the days that `after` and `before` (both included) let through, or None for all.

    Raises:
        PeriodInvalid: if one of them is no date.
        PeriodEmpty: if `after` lies behind `before`.
    """
    if after is None and before is None:
        return None
    first = date.min if after is None else _read_day(after).first
    last = date.max if before is None else _read_day(before).last
    if last < first:
        raise PeriodEmpty(after, before)
    return DateRange(first, last)


def rows_let_through(index: Index, filters: Filters) -> Rows | None:
    """Return the rows that every filter lets through, or None for all.

    An article passes as a whole, but for the period: see `period_rows`.
    """
    rows = period_rows(index, filters.period, filters.sources)
    if filters.languages is None and filters.words is None:
        return rows
    passing = np.ones(len(index.articles), dtype=bool)
    if filters.languages is not None:
        passing &= index.columns.languages.among(filters.languages)
    for phrase in filters.words or ():
        passing &= index.articles_holding(phrase)
    of_articles = np.flatnonzero(passing[index.article_of_row])
    return of_articles if rows is None else np.intersect1d(rows, of_articles)


def emptied_by(index: Index, filters: Filters) -> tuple[str, ...]:
    """Name the filters because of which nothing is let through; none if something is.

    Each of those named would do to drop; where no single one would, they are the fewest that have
    to be dropped together. Dropping all that are named always helps.
    """
    if _lets_through(index, filters):
        return ()
    for count in range(1, len(filters.given) + 1):
        found = [
            names
            for names in combinations(filters.given, count)
            if _lets_through(index, filters.without(names))
        ]
        if found:
            return tuple(name for (name,) in found) if count == 1 else found[0]
    return ()


def _lets_through(index: Index, filters: Filters) -> bool:
    """Whether any row passes."""
    rows = rows_let_through(index, filters)
    return rows is None or len(rows) > 0


def _listed(names: Names) -> tuple[str, ...] | None:
    """Return names as a tuple."""
    if names is None:
        return None
    return (names,) if isinstance(names, str) else tuple(names)


def _read_day(value: date | str) -> DateRange:
    """Read one end of a period."""
    if isinstance(value, date):
        return DateRange.day(date(value.year, value.month, value.day))
    try:
        return DateRange.parse(value)
    except (ValueError, TypeError, AttributeError) as error:
        raise PeriodInvalid(value) from error
