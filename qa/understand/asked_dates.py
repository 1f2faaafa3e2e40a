"""The dates a question names, and whether it means those days, what came before or what came after.

"After 12 May" and "since 12 May" are one relation: whoever asks either wants the news from then on,
and hiding that day's own would help nobody.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from index.dates import find_dates
from index.types import DateMention, DateRange
from qa.types import AskedDate, Relation

# what stands before a date; the five languages in one table, for questions mix them
_RELATIONS: tuple[tuple[Relation, str], ...] = (
    ("since", r"depuis|après|à (?:partir|compter) (?:de|du)|dès|au-delà (?:de|du)"),
    ("since", r"since|after|following|from|(?:as|starting|beginning) (?:of|from|on|in)"),
    ("since", r"(?:kể )?từ(?: sau)?|sau(?: khi)?|bắt đầu từ"),
    ("since", r"seit|nach|ab"),
    ("since", r"desde|después (?:de|del)|a (?:partir|contar) (?:de|del)|tras"),
    ("before", r"avant|before|(?:prior|previous) to|earlier than|trước|vor|antes (?:de|del)"),
    ("until", r"jusqu['’](?:à|au|aux|en)|d['’]ici(?: à| au)?"),
    ("until", r"until|till|up (?:to|until)|by|no later than|through"),
    ("until", r"(?:cho )?(?:đến|tới)|bis(?: zum| zu| zur)?|hasta"),
)
_END = r"(?:the )?end of|(?:la )?fin de|finales de|Ende|cuối"
_ARTICLES = r"le|la|les|l['’]|du|de|d['’]|mois de|the|el|los|dem|den|der|hết|ngày|tháng|năm"
_BEFORE_DATE = tuple(
    (
        relation,
        re.compile(
            rf"(?:^|[^\w-])(?:{words})(?:\s+|(?<=['’]))(?:(?:{_END}|{_ARTICLES})\s*)*$",
            re.IGNORECASE,
        ),
    )
    for relation, words in _RELATIONS
)

# what goes with a date when another takes its place: "on", "le", "since the"
_PREPOSITIONS = r"on|in|at|for|during|of|en|à|au|aux|vào|trong|hồi|am|im|vom|zum|del|al"
_LEADS = "|".join([*(words for _, words in _RELATIONS), _ARTICLES, _PREPOSITIONS])
_LEAD = re.compile(rf"(?<!\w)(?:(?:{_LEADS})(?:\s+|(?<=['’])))*$", re.IGNORECASE)

# no relation is longer, its articles counted
_LOOK_BACK = 40

PERIOD_JOINT = " … "
"""What stands between the two ends of a period in the text of an asked date."""

# "from 3 to 12 May" has its own end: the word before it opens no further period
_TWO_ENDS = re.compile(
    r"\s(?:to|until|till|through|and|au|à|aux|et|jusqu['’]\w+|bis|und|al?|hasta|y|đến|tới|và)\s"
    r"|[–—]|\s-\s|^\d+-\d+\s\D",
    re.IGNORECASE,
)

# "before the end of May" still means May
_ENDS_PERIOD = re.compile(rf"(?:^|\s)(?:{_END}|fin)\s*$|^(?:{_END}|fin)\s", re.IGNORECASE)


def find_asked_dates(text: str, language: str, today: date) -> tuple[AskedDate, ...]:
    """Find the dates a question names; without a year they mean any year."""
    mentions = find_dates(text, language=language, anchor=DateRange.day(today))
    return tuple(_join_ends(_asked_date(text, mention) for mention in mentions))


def relation_before(text: str) -> Relation:
    """Tell from the words that end `text`, before a date, whether they open or close a period."""
    for relation, pattern in _BEFORE_DATE:
        if pattern.search(text[-_LOOK_BACK:]):
            return relation
    return "on"


def find_lead(text: str, start: int) -> int:
    """Return where the words begin that lead to a date at `start`: those of "since the"."""
    begin = max(0, start - _LOOK_BACK)
    match = _LEAD.search(text[begin:start])
    return begin + match.start() if match is not None else start


def _asked_date(text: str, mention: DateMention) -> AskedDate:
    """Return what a date mention asks for."""
    words = text[mention.start : mention.end]
    relation = _relation(text[: mention.start], words)
    if mention.yearless is not None:
        return AskedDate(words, yearless=mention.yearless, relation=relation)
    return AskedDate(words, range=mention.range, relation=relation)


def _relation(before: str, words: str) -> Relation:
    """Tell which days a date means, from its own words and those before it."""
    if _TWO_ENDS.search(words):
        return "on"
    relation = relation_before(before)
    ends = _ENDS_PERIOD.search(words) or _ENDS_PERIOD.search(before)
    return "until" if relation == "before" and ends else relation


def _join_ends(dates: Iterable[AskedDate]) -> Iterator[AskedDate]:
    """Make one period of "since 3 May 2025 ... until 12 June 2025"; apart they mean all days."""
    opening: AskedDate | None = None
    for asked in dates:
        joined = _period(opening, asked) if opening is not None else None
        if opening is not None and joined is None:
            yield opening
        opening = joined or asked
    if opening is not None:
        yield opening


def _period(first: AskedDate, last: AskedDate) -> AskedDate | None:
    """Return the period between two dates that say they are its ends."""
    if (first.relation, last.relation) != ("since", "until"):
        return None
    if first.range is None or last.range is None or last.range.last < first.range.first:
        return None
    words = f"{first.text}{PERIOD_JOINT}{last.text}"
    return AskedDate(words, DateRange(first.range.first, last.range.last))
