"""Whether the dates of a written sentence stand in what it cites."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache

from babel import Locale

from index.dates import find_dates
from index.types import DateMention, DateRange, YearlessRange
from qa.types import Span
from qa.written.numbers import Value, find_numbers
from qa.written.types import Source

# "samedi" of an article without a date: any day does, as long as both sides count from the same
_SOME_DAY = DateRange.day(date(2001, 1, 3))

# a year in which each day of the calendar is there
_LEAP_YEAR = 2000

_DIGITS = re.compile(r"\d")
_COMPACT = re.compile(r"\d[/.-]\d")
_NAMED_LANGUAGES = ("fr", "en", "vi", "de", "es")
_VIETNAMESE_DAYS = {f"thứ {number}": number - 2 for number in range(2, 8)}


@dataclass(frozen=True, slots=True)
class _Proof:
    """The dates of one cited passage.

    Attributes:
        mentions: in the passage and in its article's title.
        texts: the words of each mention.
        language: of the article.
        published: when the article was, if that is known.
    """

    mentions: Sequence[DateMention]
    texts: Sequence[str]
    language: str
    published: DateRange | None

    @property
    def years(self) -> set[int]:
        """The years that are named, or in which the article was published."""
        days = [m.range for m in self.mentions if m.range and (self.published or not m.yearless)]
        return {day.first.year for day in [*days, self.published] if day is not None}


def find_days(text: str, language: str, source: Source | None = None) -> list[DateMention]:
    """Return the dates of a text, relative ones counted from the publication of `source`."""
    published = source.article.published if source else None
    return find_dates(text, language=language, anchor=published or _SOME_DAY)


def missing_days(
    text: str, language: str, sources: Sequence[Source], numbers: frozenset[Value]
) -> Iterator[Span]:
    """Yield where a date of `text` stands that none of the sources has.

    Args:
        text: of the sentence, without marks.
        language: of the sentence.
        sources: those it cites.
        numbers: what the numbers of the sources stand for: a year may be none of their dates.
    """
    proven: set[int] = set()
    spans: dict[int, Span] = {}
    for source in sources:
        proof = _proof(source)
        for mention in find_days(text, language, source):
            spans[mention.start] = (mention.start, mention.end)
            words = text[mention.start : mention.end]
            if _stands(mention, words, proof) or _is_number(mention, words, language, numbers):
                proven.add(mention.start)
    yield from (span for start, span in sorted(spans.items()) if start not in proven)


def _proof(source: Source) -> _Proof:
    """Find the dates of a passage and of the title above it."""
    article = source.article
    mentions: list[DateMention] = []
    texts: list[str] = []
    for text in (source.text, article.title):
        for mention in find_days(text, article.language, source):
            mentions.append(mention)
            texts.append(text[mention.start : mention.end])
    return _Proof(mentions, texts, article.language, article.published)


def _stands(mention: DateMention, words: str, proof: _Proof) -> bool:
    """Whether a passage has a date, its article's day of publication included."""
    if mention.range is None and mention.yearless is None:
        return True
    if _is_publication(mention, proof.published):
        return True
    weekday = _weekday(words)
    pairs = list(zip(proof.mentions, proof.texts, strict=True))
    if weekday is not None and mention.weekday is None:  # "samedi", "on Saturday"
        return any(_names_same_weekday(weekday, other, text) for other, text in pairs)
    same = [
        other
        for other, text in pairs
        if (proof.published or _is_explicit(text, proof.language))
        and _is_same(mention, other, proof)
    ]
    agreed = [_agree_on_weekday(mention, other, proof) for other in same]
    return bool(agreed) and all(agreed)


def _is_publication(mention: DateMention, published: DateRange | None) -> bool:
    """Whether a date is the article's own, and its weekday the right one."""
    if published is None or mention.range is None or not published.within(mention.range):
        return False
    return mention.weekday is None or mention.weekday == published.first.weekday()


def _is_same(mention: DateMention, other: DateMention, proof: _Proof) -> bool:
    """Whether a date is another one, or a month or year that holds it."""
    if mention.yearless is None:
        known = other.yearless is None or proof.published is not None
        if known and mention.range and other.range and _holds(mention.range, other.range):
            return True
        return _has_year_apart(mention, other, proof)
    days = _in_leap_year(mention.yearless)
    others = _in_leap_year(other.yearless) if other.yearless else _moved(other.range)
    return days is not None and others is not None and _holds(days, others)


def _holds(days: DateRange, others: DateRange) -> bool:
    """Whether days are others, or the month or year of them; a period must be the same."""
    return days == others or (days.precision in {"month", "year"} and others.within(days))


def _has_year_apart(mention: DateMention, other: DateMention, proof: _Proof) -> bool:
    """Whether a passage has the day without a year, and elsewhere the year."""
    if mention.range is None or other.yearless is None:
        return False
    year = mention.range.first.year
    days = other.yearless.in_year(year)
    return days is not None and year in proof.years and _holds(mention.range, days)


def _agree_on_weekday(mention: DateMention, other: DateMention, proof: _Proof) -> bool:
    """Whether the weekday beside a day is the one that day has, or has beside it."""
    if mention.weekday is None:
        return True
    if other.weekday is not None:
        return mention.weekday == other.weekday
    days = other.range if proof.published or not other.yearless else None
    return days is None or days.first.weekday() == mention.weekday


def _is_explicit(words: str, language: str) -> bool:
    """Whether a date is counted from nothing: it has a number or a month."""
    return _DIGITS.search(words) is not None or _names_month(words, language)


def _names_same_weekday(weekday: int | None, other: DateMention, text: str) -> bool:
    """Whether another date names the same weekday, or is a day that was one."""
    named = _weekday(text)
    if named is not None:
        return named == weekday
    day = other.range
    return day is not None and day.precision == "day" and day.first.weekday() == weekday


def _is_number(mention: DateMention, words: str, language: str, numbers: frozenset[Value]) -> bool:
    """Whether a year or a span of time stands in the sources as a number: "la saison 2018"."""
    weekday = _weekday(words)
    if weekday is not None and language == "vi":  # "thứ hai": Monday, or the second
        return Fraction(weekday + 2) in numbers
    if weekday is not None or _names_month(words, language) or _COMPACT.search(words):
        return False
    found = [number for number in find_numbers(words, language) if not number.unsure]
    if not found:
        return mention.yearless is None and not _DIGITS.search(words)
    return all(not numbers.isdisjoint(number.values) for number in found)


def _in_leap_year(days: YearlessRange) -> DateRange | None:
    """Return days of any year as those of one year."""
    return days.in_year(_LEAP_YEAR)


def _moved(days: DateRange | None) -> DateRange | None:
    """Return days as those of one year; None if they are more than a month."""
    if days is None or days.precision in {"year", "period"}:
        return None
    first, last = days.first, days.last
    moved = YearlessRange((first.month, first.day), (last.month, last.day))
    return _in_leap_year(moved)


def _weekday(words: str) -> int | None:
    """Return the weekday that a date names, 0 for Monday."""
    found = _weekdays().search(words.lower())
    return _weekday_names()[found[0]] if found else None


@cache
def _weekday_names() -> dict[str, int]:
    """Return the names of weekdays in the languages of answers and articles."""
    names = dict(_VIETNAMESE_DAYS)
    for language in _NAMED_LANGUAGES:
        for widths in Locale(language).days["format"].values():
            # one letter is no name; "mar." is a month too
            names.update({str(n).lower(): day for day, n in widths.items() if len(str(n)) > 4})
    return names


@cache
def _weekdays() -> re.Pattern[str]:
    """Return what a weekday looks like."""
    return re.compile(rf"\b(?:{'|'.join(sorted(_weekday_names(), key=len, reverse=True))})\b")


@cache
def _months(language: str) -> re.Pattern[str]:
    """Return what a month looks like in a language, whole or abbreviated."""
    names = {"tháng"}
    if language in _NAMED_LANGUAGES:
        for widths in Locale(language).months["format"].values():
            names.update(re.escape(str(n).lower()) for n in widths.values() if len(str(n)) > 2)
    return re.compile(rf"\b(?:{'|'.join(sorted(names, key=len, reverse=True))})(?!\w)")


def _names_month(words: str, language: str) -> bool:
    """Whether a date names a month."""
    return _months(language).search(words.lower()) is not None
