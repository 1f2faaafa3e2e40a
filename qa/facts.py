"""What the articles tell of single days: sentences with a date and a name, and what they tell.

Questions are written from them, so that the articles can answer: the sentence with the words of the
question and its day is there.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from index.types import Article, DateMention, DateRange
from qa.countries import say_place
from qa.event_words import ANY_EVENT, AT_A_PLACE, EVENTS
from qa.names import Kinds, Name, find_names
from qa.seam import Index
from qa.sentences import quotable_sentences
from qa.types import Span

# a sentence with more dates is a chronology: which of them its events belong to is not told
_MAX_DATES = 2


@dataclass(frozen=True, slots=True)
class Fact:
    """A sentence that tells something of a day or month.

    Attributes:
        article: that it stands in.
        span: its characters in `article.text`.
        days: the day or month.
        event: what it tells, a key of `EVENTS`, or "" when no word of them is there.
        person: somebody it names, or "".
        place: a place it names behind a preposition, or None.
    """

    article: Article
    span: Span
    days: DateRange
    event: str
    person: str
    place: Name | None

    @property
    def weight(self) -> int:
        """How much there is to ask: higher is better."""
        named = [name for name in (self.person, self.place and self.place.text) if name]
        in_title = any(name in self.article.title for name in named)
        return 2 * bool(self.event) + bool(named) + in_title + (self.days.precision == "day")


def find_facts(index: Index, positions: Iterable[int], kinds: Kinds) -> Iterator[Fact]:
    """Yield the facts of some articles, by their position, in order of their text."""
    for position in positions:
        article = index.articles[position]
        mentions = mentions_of(index, position)
        for span in quotable_sentences(article) if mentions else ():
            fact = _fact(article, span, mentions, kinds)
            if fact is not None:
                yield fact


def mentions_of(index: Index, position: int) -> list[DateMention]:
    """Return the dates that an article names, in order."""
    rows = np.flatnonzero(index.article_of_row == position)
    return [mention for row in rows for mention in index.dates.of_row(int(row))]


def questions_of(fact: Fact, language: str) -> Iterator[tuple[str, str]]:
    """Yield what can be asked of a fact, the most telling first, each with its kind.

    Args:
        fact: what is told.
        language: of the questions: "fr", "en" or "vi".
    """
    place = fact.place
    names = {
        "day": f" {say_days(fact.days, language)}",
        "person": fact.person,
        "place": say_place(place.text, place.lead, fact.article.language, language)
        if place is not None
        else "",
    }
    asked = [(fact.event, EVENTS[fact.event])] if fact.event else []
    if fact.days.precision == "day":  # "what happened in France in May?" is answered by anything
        asked.extend(ANY_EVENT.items())
    for kind, event in asked:
        question = event.asks[language]
        # a place may be left out of what was signed, but not of "what happened there?"
        needed = "person" if "{person}" in question else "place" if kind == AT_A_PLACE else "day"
        if names[needed]:
            yield kind, question.format(**names)


def say_days(days: DateRange, language: str) -> str:
    """Write a day or month as it stands in a question: "le 12 mai 2025", "in May 2025"."""
    from index.spell import spell_date

    first = days.first
    match language, days.precision:
        case "fr", "day":
            return f"le {spell_date(days, language)}"
        case "vi", "day":
            return f"ngày {first.day} tháng {first.month} năm {first.year}"
        case "vi", _:
            return spell_date(days, language)
        case "fr", _:
            return f"en {spell_date(days, language)}"
        case _, "day":
            return f"on {spell_date(days, language)}"
        case _:
            return f"in {spell_date(days, language)}"


def find_event(text: str, language: str) -> str:
    """Return the first kind of event that a text tells of, or asks for; "" if none."""
    return next((event for event, tells in _telling(language) if tells.search(text)), "")


def _fact(
    article: Article, span: Span, mentions: Iterable[DateMention], kinds: Kinds
) -> Fact | None:
    """Return what a sentence tells of a day or month, or None if it names none or too many."""
    named = [mention for mention in mentions if span[0] <= mention.start < span[1]]
    days = [found.range for found in named if found.range and _is_news(found.range, article)]
    if not days or len(named) > _MAX_DATES:
        return None
    names = [
        name
        for name in find_names(article, span, kinds)
        if not any(mention.start < name.span[1] and name.span[0] < mention.end for mention in named)
    ]
    people = [name.text for name in names if name.kind == "person"]
    places = [name for name in names if name.lead]
    event = find_event(article.text[slice(*span)], article.language)
    if not event and not people and not places:
        return None
    best = min(days, key=lambda found: (found.precision != "day", days.index(found)))
    person, place = people[0] if people else "", places[0] if places else None
    return Fact(article, span, best, event, person, place)


def _is_news(days: DateRange, article: Article) -> bool:
    """Whether an article can tell what happened on some days: a day or month not yet to come."""
    past = article.published is None or days.first <= article.published.last
    return past and days.precision in ("day", "month")


@cache
def _telling(language: str) -> list[tuple[str, re.Pattern[str]]]:
    """Return the patterns of the words that tell each kind of event in a language."""
    return [
        (name, re.compile(rf"(?<!\w)(?:{event.tells[language]})(?!\w)", re.IGNORECASE))
        for name, event in EVENTS.items()
        if language in event.tells
    ]
