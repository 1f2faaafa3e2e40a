"""The sentences that answer, out of the passages that may.

A sentence is scored by its cosine with the question (its article's title in front, or it would not
say whom "he" is), by the share of the question's words it holds, by its own dates, and by whether
it holds what is asked for: a name, a figure, a date.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from index.tokens import analyse
from index.types import Article, DateMention, DateRange, Embedder
from qa.evidence import asked_ranges
from qa.retrieval import Query, Stretch, span_of
from qa.seam import Index
from qa.sentences import quotable_sentences
from qa.settings import Settings
from qa.types import Span

_NAME = re.compile(r"(?<=[\w,»”)’'] )[A-ZÀ-ÝĐ][\w’'-]+|(?<=[’'])[A-ZÀ-ÝĐ][\w-]+")
_FIGURE = re.compile(r"\d")


# a sentence that adds to the one before it; the articles' languages, French first
_ADDITION = re.compile(
    r"(?<!\w)(?:également|aussi|d['’]autres?|outre|de plus|par ailleurs|ensuite|enfin"
    r"|also|another|other|moreover|in addition|furthermore|cũng|ngoài ra|bên cạnh đó"
    r"|auch|außerdem|ebenfalls|weitere[nrs]?|ferner|también|además|otr[oa]s?|asimismo)(?!\w)",
    re.IGNORECASE,
)


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
    asked = [days for date in query.question.dates for days in asked_ranges(date, index)]
    places = [
        (place, span)
        for place, stretch in enumerate(stretches)
        for span in sentences_of(stretch, index)
    ]
    texts = [_embedded(index.articles[stretches[place].position], span) for place, span in places]
    cosines = embedder.embed_passages(texts) @ query.vector
    sentences = []
    for (place, span), cosine in zip(places, cosines, strict=True):
        stretch = stretches[place]
        article = index.articles[stretch.position]
        mentions = _mentions(stretch, index)
        date = _date_agreement(article, span, mentions, asked, stretch, settings)
        score = (
            settings.cosine_weight * float(cosine)
            + settings.coverage_weight(len(query.words)) * _coverage(article, span, query)
            + settings.sentence_date_weight * date
            + settings.expected_weight * _holds_expected(article, span, query, mentions)
            - settings.stretch_weight * (stretches[0].score - stretch.score)
        )
        sentences.append(Sentence(article, span, place, score, date))
    return sorted(sentences, key=lambda found: (-found.score, found.stretch, found.span))


def sentences_of(stretch: Stretch, index: Index) -> list[Span]:
    """Return the quotable sentences that begin in a stretch."""
    start, end = span_of(stretch, index)
    article = index.articles[stretch.position]
    return [span for span in quotable_sentences(article) if start <= span[0] < end]


def select(sentences: Sequence[Sentence], query: Query, settings: Settings) -> list[Sentence]:
    """Choose the sentences to quote out of the scored ones (best first).

    One, and those that stand nearly as high above the middling sentence; never one whose day agrees
    less than that of the best. When the question asks for the several things of a date, also those
    that go on from a chosen one: the next in the article, when it says that it adds something.

    Returns:
        The chosen sentences, best first.
    """
    if not sentences:
        return []
    several = query.question.expected == "several"
    best = sentences[0]
    height = best.score - median(found.score for found in sentences)
    dated = bool(query.question.dates)
    share = settings.further_share(several=several, dated=dated)
    chosen = [
        found
        for found in sentences
        if found.score >= best.score - share * height and found.date >= best.date
    ]
    if several and dated:
        chosen.extend(_additions(chosen, sentences))
    return chosen[: settings.max_quotes]


def _additions(chosen: Sequence[Sentence], candidates: Sequence[Sentence]) -> list[Sentence]:
    """Follow each chosen sentence as long as the next one adds to it."""
    by_place = {(found.article.id, found.span): found for found in candidates}
    taken = {(found.article.id, found.span) for found in chosen}
    additions = []
    for found in chosen:
        following = [span for span in quotable_sentences(found.article) if span > found.span]
        for span in following:
            place = (found.article.id, span)
            adds = _ADDITION.search(found.article.text[slice(*span)])
            if place in taken or place not in by_place or not adds:
                break
            taken.add(place)
            additions.append(by_place[place])
    return additions


def _embedded(article: Article, span: Span) -> str:
    """Return what the model reads for a sentence."""
    return f"{article.title}\n{article.text[slice(*span)]}"


def _coverage(article: Article, span: Span, query: Query) -> float:
    """Return the share of the question's words, by weight, that a sentence holds."""
    terms = set(analyse(article.text[slice(*span)], article.language))
    held = [
        max((weight for term, weight in word.items() if term in terms), default=0.0)
        for word in query.words
    ]
    weights = query.weights
    return float(weights @ np.array(held, dtype=np.float32)) / max(float(weights.sum()), 1e-6)


def _mentions(stretch: Stretch, index: Index) -> list[DateMention]:
    """Return the dates named in a stretch, in order."""
    return [mention for row in range(*stretch.rows) for mention in index.dates.of_row(row)]


def _date_agreement(
    article: Article,
    span: Span,
    mentions: Sequence[DateMention],
    asked: Sequence[DateRange],
    stretch: Stretch,
    settings: Settings,
) -> float:
    """Return how well the day a sentence speaks of agrees with those asked for, 0 to 1.

    That is the day it names; else the last one named before it in its paragraph; else that of its
    article, as far as the passage is evidence for it.
    """
    own = [mention for mention in mentions if span[0] <= mention.start < span[1]]
    if any(_is_asked(mention, asked) for mention in own):
        return 1.0
    paragraph = article.text.rfind("\n", 0, span[0])
    before = [
        mention for mention in mentions if paragraph < mention.start < span[1] and _is_day(mention)
    ]
    if before and asked:
        return settings.names_day if _is_asked(before[-1], asked) else 0.0
    return min(stretch.date, settings.published_that_day)


def _is_day(mention: DateMention) -> bool:
    """Whether a mention names a single day, its year known."""
    return mention.range is not None and mention.range.precision == "day"


def _is_asked(mention: DateMention, asked: Sequence[DateRange]) -> bool:
    """Whether all days of a mention are asked for."""
    return mention.range is not None and any(mention.range.within(days) for days in asked)


def _holds_expected(
    article: Article, span: Span, query: Query, mentions: Sequence[DateMention]
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
            return any(span[0] <= mention.start < span[1] for mention in mentions)
        case _:
            return False
