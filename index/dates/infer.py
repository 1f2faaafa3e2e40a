"""Prove the day of publication from the text alone."""

from collections.abc import Sequence
from datetime import timedelta

from index.dates.find import find_dates
from index.types import DateMention, DateRange

_DATELINE_CHARS = 80

# longer than any article: what follows was written of other days
_MAX_CHARS = 100_000
_SAME_STORY = timedelta(days=10)


def infer_published(
    text: str, *, language: str | None = None
) -> tuple[DateRange, tuple[int, int]] | None:
    """Return the day that the text itself proves and the span that proves it, or None.

    "Monday 12 May" proves a day when it fits exactly one of the years written in the text; so does
    a full date at the very start, as in "HANOI, 12 May 2025 –". Of several proven days of one
    story the first written counts; days far apart prove nothing.
    """
    text = text[:_MAX_CHARS]
    mentions = find_dates(text, language=language)
    dateline = _dateline(text, mentions)
    if dateline is not None:
        return dateline
    years = {
        day.year
        for mention in mentions
        if mention.range
        for day in (mention.range.first, mention.range.last)
    }
    proven = [
        (day, (mention.start, mention.end))
        for mention in mentions
        if (day := _only_fit(mention, years)) is not None
    ]
    if not proven:
        return None
    first = proven[0][0].first
    if any(abs(day.first - first) > _SAME_STORY for day, _ in proven):
        return None
    return proven[0]


def _only_fit(mention: DateMention, years: set[int]) -> DateRange | None:
    """Return the day of a mention with weekday and no year in the only year that it fits."""
    if mention.weekday is None or mention.yearless is None or mention.range is not None:
        return None
    days = [mention.yearless.in_year(year) for year in sorted(years)]
    fitting = [day for day in days if day and day.first.weekday() == mention.weekday]
    return fitting[0] if len(fitting) == 1 and fitting[0].precision == "day" else None


def _dateline(
    text: str, mentions: Sequence[DateMention]
) -> tuple[DateRange, tuple[int, int]] | None:
    """Return the full date of a dateline: a place at most before it, a dash behind it."""
    if not mentions:
        return None
    first = mentions[0]
    if first.range is None or first.range.precision != "day" or first.start > _DATELINE_CHARS:
        return None
    before, after = (
        text[: first.start].strip(),
        text[first.end : first.end + 12].lstrip(" .)]\u00a0"),
    )
    place = before.rstrip(" ,(–—-")
    named = not place or (place[:1].isupper() and len(place.split()) <= 4 and "." not in place)
    return (first.range, (first.start, first.end)) if named and after[:1] in tuple("–—-") else None
