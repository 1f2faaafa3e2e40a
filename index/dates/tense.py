"""Tell from the words before a date whether it lies ahead: "s'appliquera dès septembre"."""

import re
from datetime import timedelta
from typing import NamedTuple

from index.dates.calendars import coming, place, reckon
from index.dates.reading import Reading
from index.types import DateRange, YearlessRange


class _Tense(NamedTuple):
    """What a language says of days to come, up to such a day, and of days gone by."""

    ahead: re.Pattern[str]
    until: re.Pattern[str]
    past: re.Pattern[str]


def _tense(ahead: str, until: str, past: str) -> _Tense:
    """Compile the words of a language; `until` must stand right before the date."""
    return _Tense(
        re.compile(rf"\b(?:{ahead})\b"),
        re.compile(rf"\b(?:{until})\s*$"),
        re.compile(rf"\b(?:{past})\b", re.IGNORECASE),
    )


# a French future ends like few other words, which the first line leaves out: "il se retira lundi"
_TENSES = {
    "fr": _tense(
        r"(?!(?:re|at)?tira\b|\w*[sx]pira\b|admira\b|vira\b|(?:dé)?livra\b)"
        r"(?:s?aur|[a-zéèêïôç]*(?:er|ir|dr|vr|rr))(?:a|ont)"
        r"|devrai(?:t|ent)|doi(?:t|vent)|(?:va|vont) (?:s['’]|se )?[a-zéèêç]+(?:er|ir|re)"
        "|(?:est|sont) prévue?s?|débute|débutent|commence|commencent|s['’](?:ouvre|achève)"
        "|reprend|reprennent",
        r"[Jj]usqu['’](?:à|au|en)|[Dd]['’]ici(?: à| au| le)?",
        "a|ont|avait|avaient|était|étaient|fut|furent",
    ),
    "en": _tense(
        "will|shall|won['’]t|(?:is|are) (?:due|expected|scheduled|set|slated|planned)"
        "|(?:is|are|plans?|expects?|hopes?) to|should|begins|starts|opens|resumes|ends",
        "(?:[Uu]ntil|[Tt]ill|[Bb]y)(?: the)?",
        "was|were|had|has|have|said|told|announced|reported",
    ),
    "de": _tense(
        "wird|werden|soll|sollen|dürften?|könnten?|beginnt|beginnen|startet|starten|endet|enden",
        "[Bb]is(?: zum)?",
        "hat|haben|hatte|hatten|wurde|wurden|war|waren",
    ),
    "es": _tense(
        "[a-zéíóúñ]+(?:rá|rán)|(?:va|van) a|debería|deberían|prevé|prevén"
        "|(?:está|están) previst[oa]s?|empieza|empiezan|comienza|comienzan|arranca",
        "[Hh]asta(?: el)?",
        "ha|han|había|habían|fue|fueron|dijo|estuvo",
    ),
    "vi": _tense("sẽ|dự kiến", "[Đđ]ến hết(?: ngày)?", "đã|nói|cho biết"),
}
_FORESEEN = timedelta(270)
"""How far ahead a day without a year is announced; one further ahead has just gone by."""

_CLAUSE_END = re.compile(r"[,.;:!?()«»\"“”\n–—]")
_LONGEST_CLAUSE = 120
_VERB_BEHIND = re.compile(r"\s+(?:wird|werden)\b")
"""A German verb comes second: "Am Freitag wird gewählt"."""


def looks_ahead(reading: Reading) -> bool:
    """Whether the clause before the match tells of days to come, with nothing past after that."""
    tense = _TENSES.get(reading.language)
    if tense is None:
        return False
    first, end = reading.matched[0].start, reading.matched[-1].end
    clause = _CLAUSE_END.split(reading.text[max(0, first - _LONGEST_CLAUSE) : first])[-1]
    if reading.language == "de" and _VERB_BEHIND.match(reading.text, end):
        return True
    verbs = list(tense.ahead.finditer(clause))
    if verbs:
        return tense.past.search(clause, verbs[-1].end()) is None
    return tense.until.search(clause) is not None and tense.past.search(clause) is None


def settle(reading: Reading, days: YearlessRange, weekday: int | None = None) -> DateRange | None:
    """Return `days` in the year that the anchor, the weekday and the tense give them."""
    if weekday is None and reading.anchor is not None and looks_ahead(reading):
        found = reckon(reading.anchor, coming(days))
        if found is not None and found.first - reading.anchor.last <= _FORESEEN:
            return found
    return place(days, reading.anchor, weekday)
