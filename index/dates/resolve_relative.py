"""Resolve what only the anchor tells: "hier", "mercredi", "le mois dernier"."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from index.dates.calendars import (
    day_offset,
    days_with_weekday,
    month_days,
    month_offset,
    months_from,
    neighbour,
    quarter_offset,
    reckon,
    week_offset,
    weekday_offset,
    weekend_offset,
    year_offset,
)
from index.dates.kinds import KINDS, Token, kinds
from index.dates.reading import (
    ENDS,
    NOTHING,
    SAME_DAY,
    Outcome,
    Reading,
    Resolver,
    is_preposition,
    is_proper,
    is_span,
    is_title,
)
from index.dates.tense import looks_ahead
from index.types import DateRange

_BEFORE_MORNING = kinds("the", "this", "in", "offset", "weekday", "before")
_ANY = {
    "fr": ("un", "chaque", "aucun"),
    "en": ("a", "any", "each", "every", "no", "one"),
    "de": ("ein", "einem", "einen", "jeden", "jeder", "jedem", "kein"),
    "es": ("un", "cada", "los", "ningún"),
    "vi": ("mỗi", "một", "mọi"),
}
"""Words before a weekday that mean any such day; Spanish "los lunes" are all Mondays."""

_NAMES = kinds("word", "month", "proper")
_BEFORE_NAMES = kinds("to", "of", "in", "on", "and", "between", "from")
_LINKS = kinds("of", "of_the", "in", "the")
_DEFINITE = kinds("of_the", "the")
_LEADS = kinds("in", "on", "to", "till", "from")
_HALVES = frozenset(("half", "moitié", "hälfte", "mitad", "nửa"))
_ANOTHER_YEAR = re.compile(
    r"\s+(?:scolaire|universitaire|académique|civile|fiscale|judiciaire|suivante?|précédente?|d['’]"
    r"|escolar|académico|fiscal|siguiente|anterior|before|after|award|tiếp theo)"
)
"""What makes another period of "la fin de l'année": "scolaire", "suivante"."""
_DAY_NOUNS = kinds("day_noun", "day_lead")
_NUMBERS = kinds("small", "big", "tail", "number", "year", "old", "count", "roman")


def _last_month(reading: Reading) -> Outcome | None:
    """Resolve "décembre dernier"."""
    month = reading.value("m")
    if "mod" in reading.roles and is_preposition(reading):
        return None
    step = neighbour(month_days(month), reading.number("mod") or 0)
    return Outcome(reckon(reading.anchor, step))


def _month_of_year(reading: Reading) -> Outcome | None:
    """Resolve "mai de l'année dernière"."""
    month = reading.value("m")
    year = reckon(reading.anchor, year_offset(reading.number("mod") or 0))
    return NOTHING if year is None else Outcome(DateRange.month(year.first.year, month))


def _last_season(reading: Reading) -> Outcome | None:
    """Resolve "l'été dernier"."""
    month = reading.value("n")
    return Outcome(
        reckon(reading.anchor, neighbour(month_days(month, 3), reading.number("mod") or 0))
    )


def _season_of_year(reading: Reading) -> Outcome | None:
    """Resolve "mùa hè năm ngoái"."""
    year = reckon(reading.anchor, year_offset(reading.number("mod") or 0))
    return NOTHING if year is None else Outcome(months_from(year.first.year, reading.value("n"), 3))


def _offset(reading: Reading) -> Outcome | None:
    """Resolve "hier"."""
    if is_title(reading) or is_proper(reading) or _is_morning(reading):
        return None
    days = reading.value("n")
    return Outcome(reckon(reading.anchor, day_offset(days)))


def _is_morning(reading: Reading) -> bool:
    """Whether "mañana" or "morgen" is rather the morning: "por la mañana", "am Morgen"."""
    word, before = reading.roles["n"].text, reading.kind(reading.first - 1)
    if word.lower() not in ("mañana", "morgen"):
        return False
    if reading.language == "de" and word[:1].isupper():
        return before not in ENDS
    return before in _BEFORE_MORNING


def _same(_reading: Reading) -> Outcome | None:
    """Leave "le même jour" to the order of the text."""
    return SAME_DAY


def _weekday(reading: Reading) -> Outcome | None:
    """Resolve "mercredi" and "mercredi prochain"."""
    weekday = reading.value("w")
    if is_title(reading) or (
        reading.roles["w"].kind == KINDS["short"] and reading.language != "vi"
    ):
        return None  # "en mer"
    if len(reading.matched) == 1 and reading.word_before in _ANY.get(reading.language, ()):
        return None  # "every Monday" is no day
    if reading.language == "es" and (_is_spanish_name(reading) or _is_first_name(reading)):
        return None  # French weekdays do without an article, these do not
    direction = reading.number("mod")
    if "mod" not in reading.roles and looks_ahead(reading):
        direction = 0
    return Outcome(reckon(reading.anchor, weekday_offset(weekday, direction)))


def _is_spanish_name(reading: Reading) -> bool:
    """Whether a capital makes a weekday a name: "borda a Miércoles", not "el Miércoles"."""
    if is_proper(reading):
        return True
    word = reading.matched[0].text
    capital = word[:1].isupper() and not word.isupper()
    return capital and reading.kind(reading.first - 1) in _BEFORE_NAMES and not reading.opens_line


def _is_first_name(reading: Reading) -> bool:
    """Whether a weekday that nothing introduces stands before a name: "Domingo Pérez"."""
    following = reading.following
    named = following is not None and following.kind in _NAMES and following.text[:1].isupper()
    return named and len(reading.matched) == 1 and reading.roles["w"].text[:1].isupper()


def _weekday_of_week(reading: Reading) -> Outcome | None:
    """Resolve "jeudi de la semaine dernière"."""
    week = reckon(reading.anchor, week_offset(reading.number("mod") or 0))
    if week is None:
        return NOTHING
    return Outcome(DateRange.day(week.first + timedelta(reading.value("w"))))


def _weekday_day(reading: Reading) -> Outcome | None:
    """Resolve "lundi 12" to the nearest such day, or the only one of a longer anchor."""
    if reading.anchor is None:
        return NOTHING
    weekday = reading.value("w")
    found = days_with_weekday(reading.anchor, reading.value("d"), weekday)
    if not found or (reading.anchor.precision != "day" and len(found) > 1):
        return NOTHING
    return Outcome(found[0], weekday=weekday)


def _period(reading: Reading) -> Outcome | None:
    """Resolve "le mois dernier" and "cette année"."""
    token = reading.roles["n"]
    step = _units_step(token, reading.number("mod") or 0)
    if _follows_another_day(reading):
        return None
    counted = reading.kind(reading.first - 1) in _NUMBERS or (
        token.kind == KINDS["month_lead"] and reading.kind(reading.first - 1) == KINDS["year_lead"]
    )  # "năm" is also five: "năm tháng vừa qua"
    if counted or token.kind in _DAY_NOUNS or is_span(reading):
        return None
    return Outcome(reckon(reading.anchor, step))


def _part_of_period(reading: Reading) -> Outcome | None:
    """Resolve "la fin du mois" and "en début de semaine", the present one unless told otherwise."""
    links = [token.kind for token in reading.matched if token.kind in _LINKS]
    unit = reading.roles["n"]
    if not links or unit.text.lower() in _HALVES:
        return None
    definite = reading.language == "de" or not _DEFINITE.isdisjoint(links)
    if not definite and not _is_led(reading):
        return None  # "les fêtes de fin d'année" come every year
    if _ANOTHER_YEAR.match(reading.text, unit.end):
        return None
    if unit.kind == KINDS["quarter_noun"]:
        return Outcome(reckon(reading.anchor, quarter_offset(0, unit.value[0])))
    return Outcome(reckon(reading.anchor, _units_step(unit, 0)))


def _is_led(reading: Reading) -> bool:
    """Whether a preposition leads to the match: "en fin d'année", "antes de fin de mes"."""
    before = reading.first - 1
    if reading.language == "es" and reading.kind(before) == KINDS["of"]:
        before -= 1
    return reading.kind(before) in _LEADS


def _ago(reading: Reading) -> Outcome | None:
    """Resolve "il y a trois jours"."""
    count = reading.roles["c"].value[-1]
    if reading.number("mod") == 1 or _follows_another_day(reading) or count == 0:
        return None  # "trois ans plus tard": counted from another day
    return Outcome(reckon(reading.anchor, _units_step(reading.roles["n"], -count)))


def _follows_another_day(reading: Reading) -> bool:
    """Whether Vietnamese "đó" counts from a day named before: "năm sau đó"."""
    return reading.following is not None and reading.following.text == "đó"


def _ahead(reading: Reading) -> Outcome | None:
    """Resolve "dans trois jours"."""
    count, unit = reading.roles["c"].value[-1], reading.roles["n"]
    vague = count == 1 and reading.kind(reading.end) == KINDS["word"]
    if count == 0 or vague or unit.text.lower() in ("année", "années"):
        return None  # "dans une semaine type", "dans une année difficile"
    return Outcome(reckon(reading.anchor, _units_step(unit, count)))


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


RELATIVE_RESOLVERS: dict[str, Resolver] = {
    "month_of_year": _month_of_year,
    "weekday_of_week": _weekday_of_week,
    "last_month": _last_month,
    "last_season": _last_season,
    "season_of_year": _season_of_year,
    "offset": _offset,
    "same": _same,
    "weekday": _weekday,
    "weekday_day": _weekday_day,
    "period": _period,
    "part_of_period": _part_of_period,
    "ago": _ago,
    "ahead": _ahead,
}
