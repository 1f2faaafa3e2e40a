"""Tell what only looks like a date: "chaque lundi", "de lunes a viernes", "la D 1905"."""

import re

from index.dates.calendars import reckon, weekday_range
from index.dates.kinds import KINDS, kinds
from index.dates.reading import NOTHING, Outcome, Reading, Resolver, after_between, joined
from index.dates.tense import looks_ahead

_DIGITS = kinds("small", "big", "tail", "number", "year", "numeric", "pair")
_WEEKDAYS = kinds("weekday", "short")
_SAYS_YEAR = kinds(
    "in", "on", "till", "between", "mid", "part", "the", "year_noun", "year_lead", "event", "month"
)
"""What stands before a year, but not before the number of a house."""

_PLURAL = {"es": ("los",), "fr": ("les",)}
"""Articles that make several such days of every weekday behind them."""

_OF_HABIT = {"fr": ("du",), "es": ("de",)}
"""Words before "lundi au vendredi" that mean every week; "de lundi à vendredi" is one week."""

_MONDAY, _FRIDAY = 0, 4

_NIGHT = re.compile(
    r"\b(?:nuit|soirée|noche|madrugada|night|overnight|nacht|đêm|week-end|weekend)"
    r"(?:\s+(?:du|de|del|from|of|von|vom|between|entre|từ))?\s*\Z",
    re.IGNORECASE,
)
_PART_OF_DAY = r"(?:matin|soir|après-midi|midi|tarde|noche|morning|evening|afternoon|sáng|chiều)"
_HOUR = r"\d{1,2}(?:\s?(?:[.:]\d\d|h(?:\s?\d\d)?\b|uhr|heures|horas|giờ|[ap]\.?m\.?))?"
_HOURS = re.compile(
    rf"(?:\s+{_PART_OF_DAY})?[\s,:;(]*(?:(?:de|from|von|desde|từ|entre|between)\s+(?:las\s+)?)?"
    rf"{_HOUR}\s*(?:[-–—]|to|until|bis|à|a|đến|tới)\s*(?:las\s+)?\d",
    re.IGNORECASE,
)
_OPEN = {
    "fr": r"ouvert\w*|ouvre|ouvrent|horaires|permanences?",
    "en": r"open|opens|opening hours|office hours|business hours|timetable",
    "de": r"geöffnet|offen|Öffnungszeiten|Sprechzeiten|Sprechstunden?",
    "es": r"abre|abren|abiert[oa]s?|horarios?",
    "vi": r"mở cửa|làm việc|giờ hành chính",
}
_SHUT = {"fr": r"fermée?s?|ferme|ferment", "es": r"cierra|cierran|cerrad[oa]s?"}
"""Beside an article these too tell of every week: "fermé le lundi"."""

_AROUND = 60
_SENTENCE_END = re.compile(r"[.;!?\n]")

_STATES = frozenset(("US", "UK", "EU", "UE", "UN", "JO", "WM", "EM", "AG"))
"""Two capitals before a year that are not the code of a road or a model."""

_CODE = re.compile(r"(?:\A|(?P<before>\S)(?P<gap>\s?))(?P<code>[A-ZĐ]{1,2})[ \u00a0\u202f-]\Z")

_NAME = r"(?:[\w.'’-]+\s+){0,3}"
_HOUSE = {
    "en": r"\s+(?:[A-Z0-9][\w.'’-]*\s+){1,4}(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Drive"
    r"|Dr|Lane|Ln|Court|Way|Terrace|Crescent|Highway|Hwy|Place|Square|Parkway)\b",
    "fr": r"(?:\s+(?:bis|ter))?(?:,?\s+|\s+de\s+(?:la\s+|l['’]))(?:rue|avenue|av\.|boulevard|bd"
    r"|place|quai|allée|impasse|chemin|route)\s+(?:de|du|des|d['’]|la|le|les|l['’]|[A-ZÀ-Þ])",
    "es": r"(?:,?\s+|\s+de\s+la\s+)(?:calle|avenida|avda\.|plaza|paseo)\s+(?:de|del|la|el|[A-Z])",
    "vi": r",?\s+(?:đường|phố|đại lộ)\s+[A-ZĐÀ-Ỹ]",
}
"""What stands behind the number of a house."""

_STREET = {
    "es": rf"\b(?:calle|avenida|avda\.|paseo)\s+(?:de\s+(?:la\s+|los\s+)?|del\s+)?{_NAME}"
    r"[A-ZÁÉÍÓÚ][\w.'’-]*,?\s+(?:n[.º°]+\s*)?\Z",
}
"""What stands before it, where the name of the street comes first."""

_HOUSE_PATTERNS = {language: re.compile(pattern) for language, pattern in _HOUSE.items()}
_STREET_PATTERNS = {
    language: re.compile(pattern, re.IGNORECASE) for language, pattern in _STREET.items()
}
_PLACES = re.compile(
    r"(?:\A|[,;:(\n]|\b(?:at|near|outside|opposite|of|from|to|number))\s*\Z", re.IGNORECASE
)
"""What leads to an English address; "China's 1989 Tiananmen Square protests" has a year."""


def _recurring(_reading: Reading) -> Outcome | None:
    """Leave out "chaque lundi", "first Monday of the month" and "thứ Hai hàng tuần"."""
    return NOTHING


def _habit(reading: Reading) -> Outcome | None:
    """Leave out "los lunes y martes", "fermé le lundi" and "lunes y miércoles de 8 a 15"."""
    if reading.word_before in _PLURAL.get(reading.language, ()):
        return NOTHING
    if reading.language not in ("fr", "es", "vi"):
        return None  # English "Monday and Tuesday from 9 to 5" are those days
    days = [token for token in reading.matched if token.kind in _WEEKDAYS]
    article = reading.language == "fr" and reading.kind(reading.first - 1) == KINDS["the"]
    if not article and (len(days) == 1 or reading.language == "fr"):
        return None
    told = _has_hours(reading) or _is_near(reading, _OPEN) or (article and _is_near(reading, _SHUT))
    return NOTHING if told else None


def _weekday_range(reading: Reading) -> Outcome | None:
    """Resolve "de mardi à mercredi", unless it tells of every week."""
    first, last = reading.roles["w"], reading.roles["w2"]
    if joined(reading):
        if not after_between(reading):
            return None
    elif _is_weekly(reading):
        return NOTHING
    short = KINDS["short"] in (first.kind, last.kind) and reading.language != "vi"
    if short or reading.kind(reading.end) in _DIGITS:
        return None
    step = weekday_range(first.value[0], last.value[0], 0 if looks_ahead(reading) else None)
    return Outcome(reckon(reading.anchor, step))


def _is_weekly(reading: Reading) -> bool:
    """Whether a range of weekdays is rather that of every week: "du mardi au samedi"."""
    if _has_hours(reading) or _is_near(reading, _OPEN):
        return True
    before = reading.text[max(0, reading.matched[0].start - _AROUND) : reading.matched[0].start]
    if _NIGHT.search(before):
        return False
    if reading.word_before in _OF_HABIT.get(reading.language, ()):
        return True
    first, last = reading.value("w"), reading.value("w2")
    return first == _MONDAY and last >= _FRIDAY


def _has_hours(reading: Reading) -> bool:
    """Whether the hours of a day follow the match: "de 8 h à 15 h"."""
    return _HOURS.match(reading.text, reading.matched[-1].end) is not None


def _is_near(reading: Reading, words: dict[str, str]) -> bool:
    """Whether such a word stands in the sentence, not far from the match."""
    pattern = words.get(reading.language)
    if pattern is None:
        return False
    start, end = reading.matched[0].start, reading.matched[-1].end
    before = _SENTENCE_END.split(reading.text[max(0, start - _AROUND) : start])[-1]
    after = _SENTENCE_END.split(reading.text[end : end + _AROUND])[0]
    return any(re.search(rf"\b(?:{pattern})\b", part, re.IGNORECASE) for part in (before, after))


def _namesake(reading: Reading) -> Outcome | None:
    """Leave out the number of a road, a model or a house: "la D 1905", "1920 Pine Street"."""
    return NOTHING if _follows_code(reading) or _is_house_number(reading) else None


def _follows_code(reading: Reading) -> bool:
    """Whether one or two capitals stand before a number: "la RN 2020", "vuelo IB 2019".

    A word in capitals, as English "A", counts only within a sentence; in a line of capitals nothing
    does.
    """
    start = reading.matched[0].start
    found = _CODE.search(reading.text[max(0, start - 6) : start])
    if found is None or found["code"] in _STATES:
        return False
    before = found["before"] or ""
    if before.isupper() or (before.isalpha() and not found["gap"]):
        return False
    plain = reading.tokens[reading.first - 1]
    meant = plain.text == found["code"] and plain.kind != KINDS["word"]
    return not meant or before.islower() or before in ("'", "’")


def _is_house_number(reading: Reading) -> bool:
    """Whether a street stands behind a number, or before it where it does so in addresses."""
    start, end = reading.matched[0].start, reading.matched[-1].end
    before = reading.text[max(0, start - _AROUND) : start]
    street = _STREET_PATTERNS.get(reading.language)
    if street is not None and street.search(before):
        return True
    house = _HOUSE_PATTERNS.get(reading.language)
    if house is None or house.match(reading.text, end) is None:
        return False
    if reading.language == "en":
        return _PLACES.search(before) is not None
    return reading.kind(reading.first - 1) not in _SAYS_YEAR


LOOKALIKE_RESOLVERS: dict[str, Resolver] = {
    "recurring": _recurring,
    "habit": _habit,
    "weekday_range": _weekday_range,
    "namesake": _namesake,
}
