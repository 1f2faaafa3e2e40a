"""Say which days an expression names, given the words in their roles and the anchor."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from index.dates.calendars import (
    day_offset,
    days_with_weekday,
    month_days,
    month_offset,
    months_from,
    neighbour,
    place,
    reckon,
    week_offset,
    weekday_offset,
    weekend_offset,
    year_offset,
)
from index.dates.kinds import KINDS, Token
from index.dates.numbers import is_day
from index.types import DateRange, YearlessRange


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an expression names; with neither days nor days of any year, it is not reported."""

    days: DateRange | None = None
    yearless: YearlessRange | None = None
    weekday: int | None = None


_SURE_AHEAD = frozenset(KINDS[name] for name in ("in", "between"))
_FIRM = frozenset(KINDS[name] for name in ("on", "in", "from", "the", "of", "weekday"))
_DAYS = frozenset(KINDS[name] for name in ("small", "big", "first"))
_DIGITS = frozenset((KINDS["small"], KINDS["big"]))
_FIGURES = frozenset(
    KINDS[name] for name in ("unit", "money", "small", "big", "tail", "number", "year", "dash")
)
_PLURAL_ENDINGS = {"fr": ("s", "x"), "en": ("s", "people"), "es": ("s",)}
_LINKS = frozenset(KINDS[name] for name in ("to", "and", "dash"))
_NUMBERS = frozenset(KINDS[name] for name in ("year", "number", "old"))
_NAMES = frozenset((KINDS["word"], KINDS["event"]))
_ENDS = frozenset(KINDS[name] for name in ("dot", "comma", "stop", "close", "break", "mark"))

SAME_DAY = Outcome()
"""The day named before, which only the order of the text tells."""

NOTHING = Outcome()
"""A date expression without a day to name: it is not reported, nor is any part of it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A match: tokens by role, all tokens, first and end of the match, language and anchor."""

    roles: Mapping[str, Token]
    tokens: Sequence[Token]
    first: int
    end: int
    language: str
    anchor: DateRange | None

    def number(self, role: str) -> int | None:
        """Return the value in a role, or None when the match has it not."""
        token = self.roles.get(role)
        return token.value[0] if token and token.value else None

    def kind(self, at: int) -> str:
        """Return the kind of the token at a place, a break outside the text."""
        return self.tokens[at].kind if 0 <= at < len(self.tokens) else KINDS["break"]


def resolve(rule: str, reading: Reading) -> Outcome | None:
    """Return what a match of `rule` names, or None when it is no date expression after all."""
    return _RESOLVERS[rule](reading)


def _day(reading: Reading) -> Outcome | None:
    """Resolve "lundi 12 mai 2025"."""
    day, month = reading.number("d"), reading.number("m")
    year = reading.number("y") or reading.number("y2")
    assert day is not None
    month = month or reading.number("m2")
    assert month is not None
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
    return Outcome(place(yearless, reading.anchor, weekday), yearless, weekday)


def _last_day(reading: Reading) -> Outcome | None:
    """Resolve "12 mai dernier"; without an anchor it is a day of any year."""
    named = _day(reading)
    if _is_preposition(reading) or named is None or named.yearless is None:
        return None
    if reading.anchor is None:
        return named
    step = neighbour(named.yearless, reading.number("mod") or 0)
    return Outcome(reckon(reading.anchor, step), weekday=named.weekday)


def _is_preposition(reading: Reading) -> bool:
    """Whether a modifier is rather Vietnamese "before" or "after" what follows it."""
    return reading.language == "vi" and reading.kind(reading.end) not in _ENDS


def _day_of_year(reading: Reading) -> Outcome | None:
    """Resolve "12 mai de l'année dernière"."""
    named = _day(reading)
    year = reckon(reading.anchor, year_offset(reading.number("mod") or 0))
    if named is None or named.yearless is None or year is None:
        return named
    return Outcome(named.yearless.in_year(year.first.year), weekday=named.weekday)


def _day_of_month(reading: Reading) -> Outcome | None:
    """Resolve "le 16 de ce mois"."""
    day = reading.number("d")
    assert day is not None
    return Outcome(reckon(reading.anchor, lambda today: DateRange.day(today.replace(day=day))))


def _month_of_year(reading: Reading) -> Outcome | None:
    """Resolve "mai de l'année dernière"."""
    month = reading.number("m")
    year = reckon(reading.anchor, year_offset(reading.number("mod") or 0))
    assert month is not None
    return NOTHING if year is None else Outcome(DateRange.month(year.first.year, month))


def _sure_month(reading: Reading, year: int | None) -> bool:
    """Whether a month that may be another word ("12 may") is one here."""
    month = reading.roles.get("m") or reading.roles["m2"]
    if month.kind != KINDS["verb"] or year:
        return True
    return reading.kind(reading.first - 1) in _FIRM or reading.kind(reading.end) in _ENDS


def _month_first(reading: Reading) -> Outcome | None:
    """Resolve "May 12", which is English; elsewhere a number that follows a month counts."""
    if reading.language != "en" or reading.kind(reading.first - 1) == KINDS["in"]:
        return None
    return _day(reading)


def _day_range(reading: Reading) -> Outcome | None:
    """Resolve "3 au 5 mai 2025" and "28 mai au 3 juin"; the year behind holds for both."""
    month2, last_year = reading.number("m2"), reading.number("y2")
    month = reading.number("m") or month2
    month2 = month2 or month
    day, day2 = reading.number("d"), reading.number("d2")
    assert day is not None and day2 is not None and month is not None and month2 is not None
    if not is_day(last_year or 2000, month2, day2):
        return NOTHING
    if "m" not in reading.roles and not _in_order(reading):
        return None
    yearless = YearlessRange((month, day), (month2, day2))
    if last_year is None:
        if not is_day(2000, month, day):
            return NOTHING
        return Outcome(place(yearless, reading.anchor), yearless)
    year = reading.number("y") or last_year - (yearless.last < yearless.first)
    return _between(year, month, day, last_year, month2, day2)


def _in_order(reading: Reading) -> bool:
    """Whether "3 et 5 mai" names a range: neighbours do, and what stands after "between"."""
    matched = reading.tokens[reading.first : reading.end]
    days = [token.value[0] for token in matched if token.kind in _DAYS]
    if not _joined(reading):
        return days[0] < days[1]
    in_a_row = list(range(days[0], days[0] + len(days)))
    return days == in_a_row or (days[0] < days[1] and _after_between(reading))


def _joined(reading: Reading) -> bool:
    """Whether "and" stands in the match."""
    return any(token.kind == KINDS["and"] for token in reading.tokens[reading.first : reading.end])


def _after_between(reading: Reading) -> bool:
    """Whether "between" stands before the match, an article aside."""
    before = reading.first - 1
    if reading.kind(before) == KINDS["the"]:
        before -= 1
    return reading.kind(before) == KINDS["between"]


def _between(*numbers: int) -> Outcome | None:
    """Return the days from one to another, both given as year, month, day."""
    if not is_day(*numbers[:3]) or not is_day(*numbers[3:]):
        return NOTHING
    first, last = date(*numbers[:3]), date(*numbers[3:])
    return Outcome(DateRange(first, last)) if first <= last else None


def _month(reading: Reading) -> Outcome | None:
    """Resolve "mai 2025" and "en mai"."""
    month, year = reading.number("m"), reading.number("y")
    assert month is not None
    if year:
        return Outcome(DateRange.month(year, month))
    if shared := reading.number("y2"):
        return Outcome(DateRange.month(shared, month), month_days(month))
    if reading.roles["m"].kind == KINDS["verb"] and not _is_english_month(reading):
        return None
    if _is_name(reading):
        return None
    yearless = month_days(month)
    return Outcome(place(yearless, reading.anchor), yearless)


def _is_name(reading: Reading) -> bool:
    """Whether a month alone is rather the first name of the word behind it: "August Jones"."""
    if reading.kind(reading.first - 1) in _SURE_AHEAD or reading.kind(reading.end) != KINDS["word"]:
        return False
    return reading.language != "de" and reading.tokens[reading.end].text[:1].isupper()


def _is_english_month(reading: Reading) -> bool:
    """Whether "in may" or "in march" ends there, as in a question typed in haste."""
    return reading.language == "en" and reading.kind(reading.end) != KINDS["word"]


def _month_range(reading: Reading) -> Outcome | None:
    """Resolve "mai-juin 2025"."""
    month, month2 = reading.number("m"), reading.number("m2")
    assert month is not None and month2 is not None
    if _joined(reading) and not _after_between(reading):
        return None
    last_year = reading.number("y2")
    if last_year is None:
        count = (month2 - month) % 12 + 1
        yearless = month_days(month, count)
        return Outcome(place(yearless, reading.anchor), yearless)
    year = reading.number("y") or last_year - (month2 < month)
    first, last = DateRange.month(year, month), DateRange.month(last_year, month2)
    return Outcome(DateRange(first.first, last.last)) if first <= last else None


def _last_month(reading: Reading) -> Outcome | None:
    """Resolve "décembre dernier"."""
    month = reading.number("m")
    assert month is not None
    if "mod" in reading.roles and _is_preposition(reading):
        return None
    step = neighbour(month_days(month), reading.number("mod") or 0)
    return Outcome(reckon(reading.anchor, step))


def _numeric(reading: Reading) -> Outcome | None:
    """Resolve "12/05/2025"."""
    value = reading.roles["n"].value
    if len(value) == 6:
        return _between(*value)
    return Outcome(DateRange.day(date(*value)), weekday=reading.number("w"))


def _numeric_range(reading: Reading) -> Outcome | None:
    """Resolve "12/05 au 15/05/2025"."""
    first, last = reading.roles["n"].value, reading.roles["n2"].value
    if len(first) == 6 or len(last) == 6:
        return None
    if last[0]:
        year = first[0] or last[0] - (first[1:] > last[1:])
        return _between(year, *first[1:], *last)
    yearless = YearlessRange((first[1], first[2]), (last[1], last[2]))
    return Outcome(place(yearless, reading.anchor), yearless)


def _pair(reading: Reading) -> Outcome | None:
    """Resolve "12/05" and "12-15/5"."""
    if "n" not in reading.roles:
        return _day(reading) if reading.language == "vi" else None
    value = reading.roles["n"].value
    first, last = (value[1], value[2]), (value[-2], value[-1])
    weekday = reading.number("w")
    if reading.language != "vi" and weekday is None and not _is_padded(reading.roles["n"].text):
        return None
    yearless = YearlessRange(first, last)
    return Outcome(place(yearless, reading.anchor, weekday), yearless, weekday)


def _is_padded(pair: str) -> bool:
    """Whether a pair has two digits on both sides: "03/05" is no fraction."""
    return len(pair) == 5


def _month_year(reading: Reading) -> Outcome | None:
    """Resolve "2025-05"."""
    if reading.kind(reading.first - 1) == KINDS["label"]:
        return None
    return Outcome(DateRange.month(*reading.roles["n"].value))


def _year_range(reading: Reading) -> Outcome | None:
    """Resolve "2025-2027"."""
    first, last = reading.number("y"), reading.number("y2")
    assert first is not None and last is not None
    if (_joined(reading) and not _after_between(reading)) or first >= last or _counts(reading):
        return None
    return Outcome(DateRange(date(first, 1, 1), date(last, 12, 31)))


def _seasonal(reading: Reading) -> Outcome | None:
    """Resolve "2024-25"."""
    first, last = reading.roles["n"].value
    return Outcome(DateRange(date(first, 1, 1), date(last, 12, 31)))


def _year(reading: Reading) -> Outcome | None:
    """Resolve "2025" after a word that makes it a year."""
    year = reading.number("y")
    assert year is not None
    return None if _counts(reading) else Outcome(DateRange.year(year))


def _named_year(reading: Reading) -> Outcome | None:
    """Resolve "the 2025 summit"; a round number before a plural counts instead."""
    following = reading.tokens[reading.end] if reading.end < len(reading.tokens) else None
    year = reading.number("y")
    assert year is not None
    before = reading.tokens[reading.first - 1].text.lower()
    if before not in ("the", "a", "an") or following is None or following.kind not in _NAMES:
        return None
    counts = year % 100 == 0 and following.text.endswith("s")
    return None if counts else Outcome(DateRange.year(year))


def _apposed_year(reading: Reading) -> Outcome | None:
    """Resolve "la conférence 2025", unless what follows may be what the number counts."""
    year = reading.number("y")
    assert year is not None
    if year % 100 == 0 or year < 1500 or reading.kind(reading.end) in _FIGURES:
        return None
    following = reading.tokens[reading.end] if reading.end < len(reading.tokens) else None
    named = following is not None and following.kind in _NAMES
    if following is not None and named and (year < 1900 or _may_be_counted(reading, following)):
        return None
    return Outcome(DateRange.year(year))


def _may_be_counted(reading: Reading, noun: Token) -> bool:
    """Whether a word can be what a number before it counts: plurals, German and other nouns."""
    if reading.language in _PLURAL_ENDINGS:
        return noun.text.endswith(_PLURAL_ENDINGS[reading.language])
    return True


def _counts(reading: Reading) -> bool:
    """Whether the number that ends the match counts: "2025 personnes", "2000 à 2050 euros"."""
    at = reading.end
    if reading.kind(at) in _LINKS and reading.kind(at + 1) in _NUMBERS:
        at += 2 if reading.tokens[at + 1].text.isdecimal() else 0
    return reading.kind(at) in (KINDS["unit"], KINDS["money"])


def _code(reading: Reading) -> Outcome | None:
    """Resolve "Q3 2025" and "2025-H1"."""
    year = reading.number("y")
    assert year is not None
    return Outcome(months_from(year, *reading.roles["n"].value))


def _quarter(reading: Reading) -> Outcome | None:
    """Resolve "premier trimestre 2025"."""
    length, number, year = reading.number("n"), reading.number("o"), reading.number("y")
    assert length is not None and number is not None
    month = (number - 1) * length + 1
    if not 1 <= month <= 12:
        return None
    if year:
        return Outcome(months_from(year, month, length))
    if reading.roles["n"].text.lower() == "half":
        return None  # of a match, most often
    yearless = month_days(month, length)
    return Outcome(place(yearless, reading.anchor), yearless)


def _season(reading: Reading) -> Outcome | None:
    """Resolve "été 2025"; winter begins in December of its year."""
    month, year = reading.number("n"), reading.number("y")
    assert month is not None and year is not None
    return Outcome(months_from(year, month, 3))


def _last_season(reading: Reading) -> Outcome | None:
    """Resolve "l'été dernier"."""
    month = reading.number("n")
    assert month is not None
    return Outcome(
        reckon(reading.anchor, neighbour(month_days(month, 3), reading.number("mod") or 0))
    )


def _decade(reading: Reading) -> Outcome | None:
    """Resolve "années 1990" and "1990s"."""
    year, noun = reading.number("y"), reading.roles.get("noun")
    assert year is not None
    if noun and noun.kind == KINDS["year_noun"] and noun.text.lower() != "años":
        return None
    if not noun and year < 100 and reading.kind(reading.first - 1) != KINDS["the"]:
        return None
    last = reading.number("y2") or year
    year, last = (number + 1900 if number < 100 else number for number in (year, last))
    if year % 10 or last % 10 or last < year:
        return None
    return Outcome(DateRange(date(year, 1, 1), date(last + 9, 12, 31)))


def _months(reading: Reading) -> Outcome | None:
    """Resolve "neuf premiers mois de 2025"."""
    token, year = reading.roles["c"], reading.number("y")
    count = token.value[-1]
    if not year or not 1 <= count <= 12:
        return None
    return Outcome(months_from(year, 1, count))


def _offset(reading: Reading) -> Outcome | None:
    """Resolve "hier"."""
    days = reading.number("n")
    assert days is not None
    return Outcome(reckon(reading.anchor, day_offset(days)))


def _same(_reading: Reading) -> Outcome | None:
    """Leave "le même jour" to the order of the text."""
    return SAME_DAY


def _weekday(reading: Reading) -> Outcome | None:
    """Resolve "mercredi" and "mercredi prochain"."""
    weekday = reading.number("w")
    assert weekday is not None
    return Outcome(reckon(reading.anchor, weekday_offset(weekday, reading.number("mod"))))


def _weekday_of_week(reading: Reading) -> Outcome | None:
    """Resolve "jeudi de la semaine dernière"."""
    weekday = reading.number("w")
    week = reckon(reading.anchor, week_offset(reading.number("mod") or 0))
    if weekday is None or week is None:
        return NOTHING
    return Outcome(DateRange.day(week.first + timedelta(weekday)))


def _weekday_day(reading: Reading) -> Outcome | None:
    """Resolve "lundi 12" to the nearest such day, or the only one of a longer anchor."""
    weekday, day = reading.number("w"), reading.number("d")
    if reading.anchor is None or weekday is None or day is None:
        return NOTHING
    found = days_with_weekday(reading.anchor, day, weekday)
    if not found or (reading.anchor.precision != "day" and len(found) > 1):
        return NOTHING
    return Outcome(found[0], weekday=weekday)


def _units_step(token: Token, count: int) -> Callable[[date], DateRange]:
    """Return the step of so many days, weeks, months or years."""
    if token.kind in (KINDS["day_noun"], KINDS["day_lead"]):
        return day_offset(count)
    if token.kind == KINDS["week_noun"]:
        return week_offset(count)
    if token.kind == KINDS["weekend_noun"]:
        return weekend_offset(count)
    if token.kind in (KINDS["month_noun"], KINDS["month_lead"]):
        return month_offset(count)
    return year_offset(count)


def _period(reading: Reading) -> Outcome | None:
    """Resolve "le mois dernier" and "cette année"."""
    token = reading.roles["n"]
    step = _units_step(token, reading.number("mod") or 0)
    if token.kind in (KINDS["day_noun"], KINDS["day_lead"]) or _is_span(reading):
        return None
    return Outcome(reckon(reading.anchor, step))


def _is_span(reading: Reading) -> bool:
    """Whether "the last year", "el último año" are rather the twelve months before today."""
    mod = reading.roles.get("mod")
    if mod is None or mod is not reading.tokens[reading.first]:
        return False
    if reading.language == "es":
        return mod.text.lower().startswith("últim")
    return reading.language == "en" and reading.kind(reading.first - 1) == KINDS["the"]


def _ago(reading: Reading) -> Outcome | None:
    """Resolve "il y a trois jours"."""
    count = reading.roles["c"].value[-1]
    return Outcome(reckon(reading.anchor, _units_step(reading.roles["n"], -count)))


_RESOLVERS: dict[str, Callable[[Reading], Outcome | None]] = {
    "day": _day,
    "month_first": _month_first,
    "last_day": _last_day,
    "day_of_year": _day_of_year,
    "month_of_year": _month_of_year,
    "numeric_range": _numeric_range,
    "named_year": _named_year,
    "weekday_of_week": _weekday_of_week,
    "day_of_month": _day_of_month,
    "apposed_year": _apposed_year,
    "day_range": _day_range,
    "month": _month,
    "month_range": _month_range,
    "last_month": _last_month,
    "numeric": _numeric,
    "pair": _pair,
    "month_year": _month_year,
    "year_range": _year_range,
    "seasonal": _seasonal,
    "year": _year,
    "code": _code,
    "quarter": _quarter,
    "season": _season,
    "last_season": _last_season,
    "decade": _decade,
    "months": _months,
    "offset": _offset,
    "same": _same,
    "weekday": _weekday,
    "weekday_day": _weekday_day,
    "period": _period,
    "ago": _ago,
}
