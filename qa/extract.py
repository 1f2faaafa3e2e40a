"""The sentences that answer, out of the passages that may.

A sentence is scored by its cosine with the question (its article's title in front, or it would not
say whom "he" is), by the share of the question's words it holds, by its own dates, and by whether
it holds what is asked for: a name, a figure, a date.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.tokens import analyse
from index.types import Article, DateMention, DateRange, Embedder
from qa.evidence import asked_ranges
from qa.retrieve import Query, Stretch, span_of
from qa.seam import Index
from qa.sentences import quotable_sentences
from qa.settings import Settings
from qa.types import Span

_NAME = re.compile(r"(?<=[\w,»”)’'] )[A-ZÀ-ÝĐ][\w’'-]+|(?<=[’'])[A-ZÀ-ÝĐ][\w-]+")
_FIGURE = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that may answer.

    Attributes:
        article: the article it belongs to.
        span: its characters in `article.text`.
        stretch: position of its stretch in the ranking, from 0.
        score: higher is better.
        date: how well its days agree with those asked for, 0 to 1.
    """

    article: Article
    span: Span
    stretch: int
    score: float
    date: float


def score_sentences(
    query: Query,
    stretches: Sequence[Stretch],
    index: Index,
    embedder: Embedder,
    settings: Settings,
) -> list[Sentence]:
    """Score every quotable sentence of the stretches, best first."""
    found = [
        (place, span)
        for place, stretch in enumerate(stretches)
        for span in sentences_of(stretch, index)
    ]
    if not found:
        return []
    articles = [index.articles[stretches[place].position] for place, _span in found]
    texts = [
        f"{article.title}\n{article.text[start:end]}"
        for article, (_place, (start, end)) in zip(articles, found, strict=True)
    ]
    cosines = embedder.embed_passages(texts) @ query.vector
    ranges = [days for asked in query.question.dates for days in asked_ranges(asked, index)]
    best_score = stretches[0].score
    sentences = []
    for article, (place, span), cosine in zip(articles, found, cosines, strict=True):
        stretch = stretches[place]
        date = _date_agreement(_mentions(stretch, span, index), ranges, stretch.date)
        score = (
            settings.cosine_weight * float(cosine)
            + _coverage(article, span, query)
            + settings.sentence_date_weight * date
            + settings.expected_weight * _holds_expected(article, span, query, stretch, index)
            - settings.stretch_weight * (best_score - stretch.score)
        )
        sentences.append(Sentence(article, span, place, score, date))
    return sorted(
        sentences, key=lambda sentence: (-sentence.score, sentence.stretch, sentence.span)
    )


def sentences_of(stretch: Stretch, index: Index) -> list[Span]:
    """Return the quotable sentences that begin in a stretch."""
    start, end = span_of(stretch, index)
    article = index.articles[stretch.position]
    return [span for span in quotable_sentences(article) if start <= span[0] < end]


def select(sentences: Sequence[Sentence], query: Query, settings: Settings) -> list[Sentence]:
    """Choose the sentences to quote out of the scored ones (best first), best first.

    One, and those nearly as good; several when the question asks for several things.
    """
    if not sentences:
        return []
    several = query.question.expected in ("several", "anything")
    margin = settings.list_margin if several else settings.quote_margin
    floor = sentences[0].score - margin
    return [sentence for sentence in sentences if sentence.score >= floor][: settings.max_quotes]


def _coverage(article: Article, span: Span, query: Query) -> float:
    """Return the share of the question's words, by weight, that a sentence holds."""
    terms = set(analyse(article.text[slice(*span)], article.language))
    held = np.array(
        [
            max((weight for term, weight in word.items() if term in terms), default=0.0)
            for word in query.words
        ],
        dtype=np.float32,
    )
    return float(query.weights @ held) / max(float(query.weights.sum()), 1e-6)


def _mentions(stretch: Stretch, span: Span, index: Index) -> list[DateMention]:
    """Return the dates named in a sentence of a stretch."""
    return [
        mention
        for row in range(*stretch.rows)
        for mention in index.dates.of_row(row)
        if span[0] <= mention.start < span[1]
    ]


def _date_agreement(
    mentions: Sequence[DateMention], asked: Sequence[DateRange], inherited: float
) -> float:
    """Return 1 for a sentence that names a day asked for, 0 for one that names only other days.

    A sentence without a day of its own speaks of the day of its passage.
    """
    days = [mention.range for mention in mentions if mention.range is not None]
    single = [day for day in days if day.precision == "day"]
    if any(day.within(other) for day in days for other in asked):
        return 1.0
    return 0.0 if single and asked else inherited


def _holds_expected(
    article: Article, span: Span, query: Query, stretch: Stretch, index: Index
) -> bool:
    """Whether a sentence holds a name, figure or date that the question asks for."""
    text = article.text[slice(*span)]
    match query.question.expected:
        case "person":
            asked = query.question.standalone.casefold()
            return any(name.casefold() not in asked for name in _NAME.findall(text))
        case "number":
            return _FIGURE.search(text) is not None
        case "date":
            return bool(_mentions(stretch, span, index))
        case _:
            return False
