"""What one may want to ask next: another day, somebody who was named, what is not known yet."""

from collections.abc import Iterator
from datetime import date, timedelta

from index.articles import find_position
from index.types import DateRange
from qa.event_words import AND_THEN, LANGUAGES, WHEN, WHERE, WHO, WHO_IS
from qa.evidence import asked_ranges, is_short, nearest_days
from qa.facts import (
    Fact,
    find_event,
    find_facts,
    mentions_of,
    questions_of,
    say_days,
)
from qa.names import Kinds, find_kinds, find_names
from qa.seam import Index
from qa.types import Answer, Citation
from qa.understand import understand


def follow_ups(answer: Answer, store: Index, count: int = 3) -> list[str]:
    """Write what may be asked after an answer, in the language of its question.

    Some stand alone ("Who is Tô Lâm?"), some go on from the question ("And in June 2025?"): pass
    the conversation as `history` when they are asked. Each is understood as it is meant.

    Args:
        answer: that was given, or refused.
        store: the snapshot that gave it.
        count: how many at most.
    """
    language = answer.question.language
    language = language if language in LANGUAGES else "en"
    found: list[str] = []
    for question, days in _asked_next(answer, store, language):
        if len(found) == count:
            break
        if question not in (*found, answer.question.text) and _is_understood(
            question, days, answer
        ):
            found.append(question)
    return found


def _asked_next(
    answer: Answer, store: Index, language: str
) -> Iterator[tuple[str, DateRange | None]]:
    """Yield questions, the most natural first, each with the days it means."""
    cited = [citation.article.id for citation in answer.citations]
    read = [passage.article.id for passage in answer.passages]
    positions = _positions(store, [*cited, *read])
    kinds = find_kinds([store.articles[position] for position in positions])
    news = [fact for fact in find_facts(store, positions, kinds) if _is_new(fact, answer, store)]
    if answer.grounded:
        yield from _other_days(answer, news, kinds, language)
        yield from ((question, None) for question in _people(answer, kinds, language))
        yield from ((question, None) for question in _unknown(answer, store, kinds, language))
        yield from _next_month(answer, store, language)
    else:
        for day in nearest_days(answer.question, store):
            yield _and_then(DateRange.day(day), language)
    for fact in news:
        yield from ((question, fact.days) for _kind, question in questions_of(fact, language))


def _is_new(fact: Fact, answer: Answer, store: Index) -> bool:
    """Whether a fact is of other days than those asked for, and not quoted in the answer."""
    asked = [days for date in answer.question.dates for days in asked_ranges(date, store)]
    quoted = any(
        citation.article.id == fact.article.id
        and citation.start < fact.span[1]
        and fact.span[0] < citation.end
        for citation in answer.citations
    )
    return not quoted and not any(fact.days.overlaps(days) for days in asked)


def _positions(store: Index, ids: list[str]) -> list[int]:
    """Return the positions of articles, each once, in the order of `ids`."""
    found = (find_position(store.articles, name) for name in dict.fromkeys(ids))
    return [position for position in found if position is not None]


def _and_then(days: DateRange, language: str) -> tuple[str, DateRange]:
    """Return "and on 12 May 2025?"."""
    return AND_THEN[language].format(day=f" {say_days(days, language)}"), days


def _people(answer: Answer, kinds: Kinds, language: str) -> Iterator[str]:
    """Yield "who is …?" for the first person of the quotes whom the question does not name."""
    asked = answer.question.standalone.casefold()
    for citation in answer.citations:
        for name in find_names(citation.article, _span(citation), kinds):
            # of "Alexandre Loukachenko" whoever asks may know the last word alone
            if name.kind == "person" and name.text.split()[-1].casefold() not in asked:
                yield WHO_IS[language].format(person=name.text)
                return


def _other_days(
    answer: Answer, news: list[Fact], kinds: Kinds, language: str
) -> Iterator[tuple[str, DateRange | None]]:
    """Yield the same question of another day that the articles tell the same of.

    Where none is told the same of, what they tell of another day is asked.
    """
    question = answer.question
    event = find_event(question.standalone, question.language)
    asked = question.standalone.casefold()
    where = {name for name, kind in kinds.items() if kind == "place" and name.casefold() in asked}
    for fact in news:
        elsewhere = where and (fact.place is None or fact.place.text not in where)
        if question.dates and event and fact.event == event and not elsewhere:
            yield _and_then(fact.days, language)
            return
    for fact in news[:1]:
        yield from ((text, fact.days) for _kind, text in list(questions_of(fact, language))[:1])


def _unknown(answer: Answer, store: Index, kinds: Kinds, language: str) -> Iterator[str]:
    """Yield where, who or when, if that was not asked and the quotes tell it."""
    question, first = answer.question, answer.citations[0]
    names = find_names(first.article, _span(first), kinds)
    asked = question.standalone.casefold()
    places = [name for name in names if name.lead]
    if places and not any(name.text.casefold() in asked for name in places):
        yield WHERE[language]
    if question.expected != "person" and any(name.kind == "person" for name in names):
        yield WHO[language]
    if not question.dates and question.expected != "date" and _names_day(first, store):
        yield WHEN[language]


def _names_day(citation: Citation, store: Index) -> bool:
    """Whether a quote names a date."""
    (position,) = _positions(store, [citation.article.id]) or (-1,)
    return any(
        citation.start <= mention.start < citation.end for mention in mentions_of(store, position)
    )


def _next_month(
    answer: Answer, store: Index, language: str
) -> Iterator[tuple[str, DateRange | None]]:
    """Yield the same question of the month after the one asked for, if it has news."""
    dates = answer.question.dates
    if len(dates) != 1 or dates[0].range is None or not is_short(dates[0]):
        return
    last = dates[0].range.last
    if last.year == date.max.year:
        return
    after = last.replace(day=1) + timedelta(days=31)
    month = DateRange.month(after.year, after.month)
    begins, ends = month.first.toordinal(), month.last.toordinal()
    printed = (store.published[:, 0] >= begins) & (store.published[:, 1] <= ends)
    if len(store.dates.rows_naming(month)) or printed.any():
        yield _and_then(month, language)


def _span(citation: Citation) -> tuple[int, int]:
    """Return the characters of a citation."""
    return citation.start, citation.end


def _is_understood(question: str, days: DateRange | None, answer: Answer) -> bool:
    """Whether a question is understood as it is meant after the one that was answered."""
    before = answer.question.standalone
    understood = understand(question, [(before, answer.text)])
    asked = [found.range for found in understood.dates]
    return understood.heeded not in ("", before) and (days is None or asked == [days])
