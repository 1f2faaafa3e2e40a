"""The same question of other dates: "and in May?", "only in 2024", "and before that?"."""

import re
from datetime import date

from index.language import detect_language
from index.types import DateMention, DateRange
from qa.understand.asked_dates import find_asked_dates, find_lead
from qa.understand.message import Clauses, Message, dates_of

# "before that" and "since then" speak of a date named earlier
_THEN = (
    ("before", r"(?:juste )?(?:avant|auparavant)(?: cela| ça| cette date)?|earlier|previously"),
    (
        "before",
        r"before(?: that| then)?|trước (?:đó|đấy)|davor|vorher|zuvor|antes(?: de es[eot]o?)?",
    ),
    (
        "since",
        r"(?:après|depuis)(?: cela| ça| lors)?|ensuite|(?:after|since)(?: that| then)?|later",
    ),
    ("since", r"afterwards|(?:sau|kể từ|từ) (?:đó|đấy)|danach|seitdem|seither|später"),
    ("since", r"después(?: de es[eot]o?)?|desde entonces|luego"),
)
_RELATIONS = {
    "before": {"fr": "avant", "en": "before", "vi": "trước", "de": "vor", "es": "antes de"},
    "since": {"fr": "depuis", "en": "since", "vi": "kể từ", "de": "seit", "es": "desde"},
}


def with_dates(clauses: Clauses, message: Message, today: date) -> Clauses:
    """Ask `clauses` again of the dates of `message`; without dates till now, of these too."""
    for place in reversed(range(len(clauses))):
        redated = _redate(clauses[place], message, today)
        if redated:
            return (*clauses[:place], *redated, *clauses[place + 1 :])
    return (*clauses[:-1], f"{clauses[-1]} {message.bare.text}")


def without_dates(clauses: Clauses, today: date) -> Clauses:
    """Return `clauses` without their dates: those of another message take their place."""
    undated = []
    for clause in clauses:
        old = dates_of(clause, detect_language(clause), today)
        undated.append(_cut(clause, old) if old else clause)
    return tuple(undated)


def shift_dates(clauses: Clauses, message: Message, today: date) -> Clauses | None:
    """Open the dates of `clauses` if `message` is "and before that?"; None if it is not."""
    said = message.bare.text.strip(" .?!…").lower()
    relations = [relation for relation, words in _THEN if re.fullmatch(words, said)]
    if not relations:
        return None
    for place in reversed(range(len(clauses))):
        clause, language = clauses[place], detect_language(clauses[place])
        old = dates_of(clause, language, today)
        if old:
            word = _RELATIONS[relations[0]].get(language, _RELATIONS[relations[0]]["en"])
            start = find_lead(clause, old[0].start)
            shifted = f"{clause[:start]}{word} {clause[old[0].start :]}"
            return (*clauses[:place], shifted, *clauses[place + 1 :])
    return (*clauses, message.bare.text)


def _redate(clause: str, message: Message, today: date) -> Clauses:
    """Put the dates of `message` in the place of those of `clause`; nothing if it has none."""
    language = detect_language(clause)
    old = dates_of(clause, language, today)
    if not old:
        return ()
    first = message.dates[0].start
    lead = find_lead(message.bare.text, first)
    words = message.bare.text[lead : message.dates[-1].end]
    # "and 3 December?" leaves the "on" of "on 12 May" where it is
    start = find_lead(clause, old[0].start) if lead < first else old[0].start
    before, after = clause[:start], clause[old[-1].end :]
    same_year = _in_year_of(old, message, today)
    if same_year is not None:
        redated = f"{before}{words} {same_year.first.year}{after}"
        if same_year in _days(redated, language, today):
            return (redated,)
    if _days(words, message.language, today) <= _days(before + words + after, language, today):
        return (before + words + after,)
    # the words of another language are not understood amid those of this one
    return (_cut(clause, old), words)


def _in_year_of(old: tuple[DateMention, ...], message: Message, today: date) -> DateRange | None:
    """Return the days of `message` in the year that was spoken of, if they are not to come.

    "And in May?" after "in April 2025" means that May; "and in December?", asked in June, does not.
    """
    known = [mention.range for mention in old if mention.range and mention.yearless is None]
    if not known or len(message.dates) != 1 or message.dates[0].yearless is None:
        return None
    if known[-1].first.year != known[-1].last.year:
        return None
    days = message.dates[0].yearless.in_year(known[-1].first.year)
    return days if days is not None and days.last <= today else None


def _days(text: str, language: str, today: date) -> set[object]:
    """Return the days that a text names."""
    return {asked.range or asked.yearless for asked in find_asked_dates(text, language, today)}


def _cut(clause: str, dates: tuple[DateMention, ...]) -> str:
    """Return a clause without its dates and the words that lead to them."""
    before = clause[: find_lead(clause, dates[0].start)].rstrip()
    return (before + clause[dates[-1].end :]).strip()
