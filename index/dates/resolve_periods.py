"""Resolve months, years and parts of them: "mai 2025", "2025-2027", "premier trimestre"."""

import re
from datetime import date

from index.dates.calendars import (
    month_days,
    months_from,
    neighbour,
    quarter_offset,
    reckon,
    year_offset,
)
from index.dates.kinds import KINDS, Token, kinds
from index.dates.numbers import is_day
from index.dates.reading import (
    NOTHING,
    Outcome,
    Reading,
    Resolver,
    after_between,
    between,
    is_span,
    is_street,
    joined,
)
from index.dates.tense import settle
from index.types import DateRange

_SURE_AHEAD = kinds("in", "between", "mid", "till")
_PARTS = kinds("part", "mid")
_FIGURES = kinds("unit", "money", "small", "big", "tail", "number", "year", "dash")
_PLURAL_ENDINGS = {"fr": ("s", "x"), "en": ("s", "people"), "es": ("s",)}
_NEAR = kinds(
    "till", "in", "on", "of", "of_the", "to", "from", "between", "mid", "part", "the", "open",
    "ordinal",
)  # fmt: skip
_LONGEST_CODE = 3
_NUMBERED = kinds("label", "law")
_MONTHS = kinds("month", "proper")
_TELL_WHEN = frozenset(("before", "after", "by", "from", "avant", "après", "tras", "desde"))
_QUESTION = re.compile(r"[^.!?\n]{0,120}\?")
_WEAK = kinds("and", "comma", "of", "of_the", "to", "from", "on", "ago")
_LINKS = kinds("to", "and", "dash")
_NUMBERS = kinds("year", "number", "old")
_YEARS = kinds("year", "old", "year_noun", "year_lead")
_WINTER = 12
_LATEST_SHORT = 31
"""The last year of this century that two digits behind a month stand for."""
_LONGEST_LIST = 9
"""Months named in a row; a limit keeps hostile texts cheap."""
_NAMES = kinds("word", "event")
_COUNTABLE = kinds("word", "label")
_HALVES = frozenset(("half", "moitié", "hälfte", "mitad", "nửa"))
"""Halves of anything, which need a year beside them."""

_BECAME = ("wurde", "ist", "war")
_PARTICIPLE = re.compile("[a-zäöüß]{4,}(?:te|ene)[mnrs]?")


def _month(reading: Reading) -> Outcome | None:
    """Resolve "mai 2025" and "en mai"."""
    month, year = reading.value("m"), reading.number("y")
    if year:
        return Outcome(DateRange.month(year, month))
    if shared := reading.number("y2"):
        return Outcome(DateRange.month(shared, month), month_days(month))
    if reading.roles["m"].kind == KINDS["verb"] and not _is_english_month(reading):
        return None
    if (
        _is_name(reading)
        or is_street(reading)
        or not (_is_introduced(reading) or _stands_alone(reading))
    ):
        return None
    yearless = month_days(month)
    if reading.follows_since and reading.anchor:
        return Outcome(reckon(reading.anchor, neighbour(yearless, -1)), yearless)
    return Outcome(settle(reading, yearless), yearless)


def _is_introduced(reading: Reading) -> bool:
    """Whether a word before the month says that it is one: "en", "fin", "d'ici"."""
    before = reading.first - 1
    for _ in range(_LONGEST_LIST):
        if reading.kind(before) == KINDS["and"] and reading.kind(before - 1) in _MONTHS:
            before -= 2
    return reading.kind(reading.first) in _PARTS or reading.kind(before) in _NEAR


def _stands_alone(reading: Reading) -> bool:
    """Whether a month needs no word before it: in small letters, or "tháng 5"."""
    if reading.language == "vi":
        return True
    return reading.language in ("fr", "es") and reading.roles["m"].text.islower()


def _is_name(reading: Reading) -> bool:
    """Whether a month alone is rather the first name of the word behind it: "August Jones"."""
    if reading.kind(reading.first - 1) in _SURE_AHEAD or reading.kind(reading.end) != KINDS["word"]:
        return False
    return reading.language != "de" and reading.tokens[reading.end].text[:1].isupper()


def _asked_month(reading: Reading) -> Outcome | None:
    """Resolve "before May" in a question; elsewhere May may be a person or a verb."""
    asked = _QUESTION.match(reading.text, reading.matched[-1].end) is not None
    return _month(reading) if asked and reading.word_before in _TELL_WHEN else None


def _is_english_month(reading: Reading) -> bool:
    """Whether "in may" or "in march" ends there, as in a question typed in haste."""
    return reading.language == "en" and reading.kind(reading.end) != KINDS["word"]


def _month_range(reading: Reading) -> Outcome | None:
    """Resolve "mai-juin 2025"."""
    month, month2 = reading.value("m"), reading.value("m2")
    if joined(reading) and not after_between(reading):
        return None
    last_year = reading.number("y2")
    if last_year is None:
        count = (month2 - month) % 12 + 1
        yearless = month_days(month, count)
        return Outcome(settle(reading, yearless), yearless)
    year = reading.number("y") or last_year - (month2 < month)
    first, last = DateRange.month(year, month), DateRange.month(last_year, month2)
    return Outcome(DateRange(first.first, last.last)) if first <= last else None


def _month_year(reading: Reading) -> Outcome | None:
    """Resolve "2025-05"."""
    if _is_numbered(reading):
        return None
    return Outcome(DateRange.month(*reading.roles["n"].value))


def _is_numbered(reading: Reading) -> bool:
    """Whether "3/2018" is rather the number of a law: "Ley Orgánica 3/2018"."""
    written = reading.roles["n"]
    if written.end - written.start > len(written.text):
        return False  # "tháng" is part of it
    before = reading.first - 1
    if reading.kind(before) == KINDS["word"]:
        before -= 1
    short = written.text[1] == "/" and reading.kind(reading.first - 1) not in _NEAR
    return short or reading.kind(before) in _NUMBERED


def _year_range(reading: Reading) -> Outcome | None:
    """Resolve "2025-2027"."""
    first, last = reading.value("y"), reading.value("y2")
    if (joined(reading) and not after_between(reading)) or first >= last or _counts(reading):
        return None
    return Outcome(DateRange(date(first, 1, 1), date(last, 12, 31)))


def _seasonal(reading: Reading) -> Outcome | None:
    """Resolve "2024-25" and "1939-45"."""
    first, last = reading.roles["n"].value
    if (last > first + 1 and _is_numbered(reading)) or (first < 1900 and _counts(reading)):
        return None
    return Outcome(DateRange(date(first, 1, 1), date(last, 12, 31)))


def _year(reading: Reading) -> Outcome | None:
    """Resolve "2025" after a word that makes it a year."""
    following = reading.following
    weakly = len(reading.matched) == 1 and reading.kind(reading.first - 1) in _WEAK
    if reading.kind(reading.first - 1) == KINDS["ago"] and reading.language != "de":
        return None  # German "vor 2019" is before 2019
    if _counts(reading) or (weakly and following and _may_be_counted(reading, following)):
        return None
    return Outcome(DateRange.year(reading.value("y")))


def _named_year(reading: Reading) -> Outcome | None:
    """Resolve "the 2025 summit"; a round number before a plural counts instead."""
    following = reading.tokens[reading.end] if reading.end < len(reading.tokens) else None
    year = reading.value("y")
    before = reading.tokens[reading.first - 1].text.lower()
    if before not in ("the", "a", "an") or following is None or following.kind not in _NAMES:
        return None
    counts = year % 100 == 0 and following.text.endswith("s")
    return None if counts else Outcome(DateRange.year(year))


def _year_of_deed(reading: Reading) -> Outcome | None:
    """Resolve "die 1872 gegründete Brauerei" and "wurde 1872 gegründet", both only German."""
    year, following = reading.value("y"), reading.following
    if reading.language != "de" or year % 100 == 0 or following is None:
        return None
    if reading.word_before in _BECAME:
        told = following.kind == KINDS["in"] or following.text.islower()
    else:
        told = following.kind == KINDS["word"] and bool(_PARTICIPLE.fullmatch(following.text))
    return Outcome(DateRange.year(year)) if told else None


def _apposed_year(reading: Reading) -> Outcome | None:
    """Resolve "la conférence 2025", unless what follows may be what the number counts."""
    year = reading.value("y")
    if (
        _is_flight(reading)
        or year < 1500
        or year % 100 == 0
        or reading.kind(reading.end) in _FIGURES
    ):
        return None
    following = reading.tokens[reading.end] if reading.end < len(reading.tokens) else None
    named = following is not None and following.kind in _NAMES | _COUNTABLE
    if following is not None and named and (year < 1900 or _may_be_counted(reading, following)):
        return None
    return Outcome(DateRange.year(year))


def _is_flight(reading: Reading) -> bool:
    """Whether a label and a code stand before a number: "vuelo IB 2019"."""
    if reading.kind(reading.first - 2) != KINDS["label"]:
        return False
    code = reading.tokens[reading.first - 1].text
    return len(code) <= _LONGEST_CODE and code.isupper()


def _may_be_counted(reading: Reading, noun: Token) -> bool:
    """Whether a word can be what a number before it counts: plurals, German nouns."""
    if noun.kind not in _COUNTABLE:
        return False
    if reading.language == "de":
        return noun.text[:1].isupper()
    if reading.language in _PLURAL_ENDINGS:
        return noun.text.endswith(_PLURAL_ENDINGS[reading.language])
    return True


def _counts(reading: Reading) -> bool:
    """Whether the number that ends the match counts: "2025 personnes", "2000 à 2050 euros"."""
    at = reading.end
    following = reading.following
    fell = following is not None and following.text == "auf"  # "von 2050 auf 1999 Punkte"
    if (fell or reading.kind(at) in _LINKS) and reading.kind(at + 1) in _NUMBERS:
        at += 2 if reading.tokens[at + 1].text.isdecimal() else 0
    return reading.kind(at) in (KINDS["unit"], KINDS["money"])


def _code(reading: Reading) -> Outcome | None:
    """Resolve "Q3 2025" and "2025-H1"."""
    year = reading.value("y")
    return Outcome(months_from(year, *reading.roles["n"].value))


def _quarter(reading: Reading) -> Outcome | None:
    """Resolve "premier trimestre 2025", "third quarter of last year" and "premier trimestre"."""
    length = reading.value("n")
    month = (reading.value("o") - 1) * length + 1
    if not 1 <= month <= 12:
        return None
    if _names_year(reading):
        year = _year_of(reading)
        return NOTHING if year is None else Outcome(months_from(year, month, length))
    shared = reading.kind(reading.end) == KINDS["of"] and reading.language != "vi"
    if reading.roles["n"].text.lower() in _HALVES or shared:
        return None  # half of a match, most often; a quarter of a pregnancy
    yearless = month_days(month, length)
    return Outcome(settle(reading, yearless), yearless)


def _relative_quarter(reading: Reading) -> Outcome | None:
    """Resolve "le trimestre dernier" and "this quarter"."""
    noun = reading.roles["n"]
    if noun.text.lower() in _HALVES or is_span(reading):
        return None
    step = quarter_offset(reading.number("mod") or 0, noun.value[0])
    return Outcome(reckon(reading.anchor, step))


def _names_year(reading: Reading) -> bool:
    """Whether a year, or a word for one, is in the match."""
    return any(token.kind in _YEARS for token in reading.matched)


def _year_of(reading: Reading) -> int | None:
    """Return the year that is written, or that "this year" and "last year" mean."""
    if year := reading.number("y"):
        return year
    days = reckon(reading.anchor, year_offset(reading.number("mod") or 0))
    return days.first.year if days else None


def _numbered_quarter(reading: Reading) -> Outcome | None:
    """Resolve "quý 4/2025"."""
    year, number = reading.roles["q"].value
    length = reading.value("n")
    return Outcome(months_from(year, (number - 1) * length + 1, length)) if number <= 4 else None


def _last_quarter(reading: Reading) -> Outcome | None:
    """Resolve "dernier trimestre 2025" and "nửa đầu năm 2025"."""
    length, mod = reading.value("n"), reading.roles["mod"]
    if mod.kind == KINDS["part"]:
        last = mod.text.lower() != "đầu"
    elif mod.value == (-1,):
        last = True
    else:
        return None
    return Outcome(months_from(reading.value("y"), 13 - length if last else 1, length))


def _named_quarter(reading: Reading) -> Outcome | None:
    """Resolve "in Q3"."""
    yearless = month_days(*reading.roles["n"].value)
    return Outcome(settle(reading, yearless), yearless)


def _season(reading: Reading) -> Outcome | None:
    """Resolve "été 2025"; winter begins in December of its year."""
    month, year = reading.value("n"), reading.value("y")
    last = reading.number("y2") or next(iter(reading.roles["y"].value[1:]), None)
    if last is not None and (last != year + 1 or month != _WINTER):
        return None
    return Outcome(months_from(year, month, 3))


def _short_year(reading: Reading) -> Outcome | None:
    """Resolve "mai 68", "May '68" and "l'été 36"; English wants the apostrophe."""
    quote, following = reading.roles.get("q"), reading.following
    if quote is None and reading.language not in ("fr", "de", "es"):
        return None
    if quote is not None and quote.text not in "'’‘":
        return None
    if quote is None and following is not None and _may_be_counted(reading, following):
        return None
    year = reading.value("y") + (1900 if reading.value("y") > _LATEST_SHORT else 2000)
    if "n" in reading.roles:
        return Outcome(months_from(year, reading.value("n"), 3))
    if "d" not in reading.roles:
        return Outcome(DateRange.month(year, reading.value("m")))
    day = (year, reading.value("m"), reading.value("d"))
    return between(*day, *day) if is_day(*day) else None


def _decade(reading: Reading) -> Outcome | None:
    """Resolve "années 1990" and "1990s"."""
    year, noun = reading.value("y"), reading.roles.get("noun")
    if noun and noun.kind == KINDS["year_noun"] and noun.text.lower() != "años":
        return None
    if not noun and year < 100 and reading.kind(reading.first - 1) != KINDS["the"]:
        return None
    last = reading.value("y2", "y")
    year, last = (number + 1900 if number < 100 else number for number in (year, last))
    if year % 10 or last % 10 or last < year:
        return None
    return Outcome(DateRange(date(year, 1, 1), date(last + 9, 12, 31)))


def _months(reading: Reading) -> Outcome | None:
    """Resolve "neuf premiers mois de 2025" and "six derniers mois de l'année"."""
    count, year = reading.roles["c"].value[-1], _year_of(reading)
    if not 1 <= count <= 12:
        return None
    if year is None:
        return NOTHING
    part = reading.roles.get("part")
    last = "last" in reading.roles if part is None else part.text.lower() != "đầu"
    return Outcome(months_from(year, 13 - count if last else 1, count))


PERIOD_RESOLVERS: dict[str, Resolver] = {
    "numbered_quarter": _numbered_quarter,
    "relative_quarter": _relative_quarter,
    "year_of_deed": _year_of_deed,
    "last_quarter": _last_quarter,
    "named_quarter": _named_quarter,
    "named_year": _named_year,
    "apposed_year": _apposed_year,
    "month": _month,
    "mid_month": _month,
    "asked_month": _asked_month,
    "month_range": _month_range,
    "month_year": _month_year,
    "mid_month_year": _month_year,
    "year_range": _year_range,
    "seasonal": _seasonal,
    "year": _year,
    "code": _code,
    "quarter": _quarter,
    "season": _season,
    "short_year": _short_year,
    "decade": _decade,
    "months": _months,
}
