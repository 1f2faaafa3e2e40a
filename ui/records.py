"""The record of a turn: what the browser keeps of an answer, and sends back to see it again.

Nothing in a record is trusted. The articles are those of the store, and a citation counts only when
its article has, now, the words quoted at the place named, and the answer quotes them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from index.types import Article
from qa import cite
from qa.types import Answer, Citation, Passage
from ui.asked import write_date
from ui.filters import Filters
from ui.kept import Kept
from ui.reply import find_article

Record = dict[str, object]
"""JSON: what the browser keeps."""


class Library(Protocol):
    """What holds the articles: a store."""

    @property
    def articles(self) -> Sequence[Article]:
        """The articles, in order of id."""


@dataclass(frozen=True, slots=True)
class Restored:
    """An answer made again from its record.

    Attributes:
        answer: with those citations only that the articles still have, word for word.
        changed: numbers of the others.
    """

    answer: Answer
    changed: tuple[int, ...] = ()


def to_record(
    answer: Answer,
    *,
    record_id: str,
    at: str,
    filters: Filters,
    snapshot: str,
    follow_ups: Sequence[str] = (),
) -> Record:
    """Return the record of an answer given at `at` (ISO time) from `snapshot`."""
    asked = answer.question
    return _frame(record_id, asked.text, at, filters) | {
        "standalone": asked.standalone,
        "language": asked.language,
        "dates": [write_date(one) for one in asked.dates],
        "snapshot": snapshot,
        "grounded": answer.grounded,
        "confidence": round(answer.confidence, 4),
        "text": answer.text,
        "emptied_by": list(answer.emptied_by),
        "citations": [_write_citation(one) for one in answer.citations],
        "passages": [_write_passage(one) for one in answer.passages],
        "follow_ups": list(follow_ups),
    }


def trouble_record(
    trouble: str, *, record_id: str, question: str, at: str, filters: Filters
) -> Record:
    """Return the record of a question that was not answered; `trouble` is a key of `errors`."""
    return _frame(record_id, question, at, filters) | {"trouble": trouble}


def _frame(record_id: str, question: str, at: str, filters: Filters) -> Record:
    """Return what every record has."""
    return {
        "id": record_id,
        "question": question,
        "at": at,
        "filters": filters.write(),
        "trouble": "",
        "feedback": None,
    }


def _write_citation(citation: Citation) -> Record:
    """Return a citation of a record."""
    return {
        "number": citation.number,
        "article": citation.article.id,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
    }


def _write_passage(passage: Passage) -> Record:
    """Return a passage of a record."""
    return {
        "article": passage.article.id,
        "start": passage.start,
        "end": passage.end,
        "rank": passage.rank,
        "quotes": [list(span) for span in passage.quotes],
    }


def restore(kept: Kept, store: Library) -> Restored:
    """Make an answer again from a record that was read."""
    citations = {one.number: one for one in _exact_citations(kept, store.articles)}
    changed = {place.number for place in kept.citations} - citations.keys()
    answer = Answer(
        text=kept.text,
        citations=tuple(citations[number] for number in sorted(citations)),
        passages=tuple(_passages(kept, store.articles)),
        grounded=kept.grounded,
        question=kept.question,
        confidence=kept.confidence,
        emptied_by=kept.emptied_by,
    )
    return Restored(answer, tuple(sorted(changed)))


def _exact_citations(kept: Kept, articles: Sequence[Article]) -> Iterator[Citation]:
    """Yield the citations that are, now, what their article says and what the answer quotes."""
    for place in kept.citations:
        article = find_article(articles, place.article)
        if article is None or not 0 <= place.start < place.end <= len(article.text):
            continue
        quote = article.text[place.start : place.end]
        if quote == place.quote and cite.escape(quote) in kept.text:
            yield Citation(place.number, article, place.start, place.end, quote)


def _passages(kept: Kept, articles: Sequence[Article]) -> Iterator[Passage]:
    """Yield the passages that still lie in their article."""
    for place in kept.passages:
        article = find_article(articles, place.article)
        if article is None or not 0 <= place.start < place.end <= len(article.text):
            continue
        text = article.text[place.start : place.end]
        inside = tuple(
            span for span in place.quotes if place.start <= span[0] < span[1] <= place.end
        )
        # the score counts within one question only: the rank is what is left of it
        score = 1 / max(place.number, 1)
        yield Passage(article, place.start, place.end, text, score, place.number, inside)
