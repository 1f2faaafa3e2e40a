"""The sentences that answer, out of the passages that may.

A sentence is scored by how likely the reader finds the answer in it; by its cosine with the
question (its article's title in front, or it would not say whom "he" is); by the share of the
question's words it holds, by its own dates, and by whether it holds what is asked for: a name, a
figure, a date.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.tokens import analyse
from index.types import Article, DateMention, DateRange, Embedder
from qa.days import date_agreement, is_news_of, matching_day, mentions_of
from qa.evidence import asked_ranges
from qa.rerank import Readings
from qa.retrieval import Query, Stretch, is_foreign, span_of
from qa.seam import Index
from qa.sentences import quotable_sentences
from qa.settings import SentenceWeights, Settings
from qa.shorten import shorten
from qa.types import Span

# a sentence is never ruled out by the reader alone
_LEAST_CHANCE = 0.01

_NAME = re.compile(r"(?<=[\w,»”)’'] )[A-ZÀ-ÝĐ][\w’'-]+|(?<=[’'])[A-ZÀ-ÝĐ][\w-]+")
_FIGURE = re.compile(r"\d")


# a sentence that adds to one before it; the articles' languages, French first
_ADDITION = re.compile(
    r"(?<!\w)(?:également|aussi|d['’]autres?|outre|de plus|par ailleurs|ensuite|enfin"
    r"|also|another|other|moreover|in addition|furthermore|cũng|ngoài ra|bên cạnh đó"
    r"|auch|außerdem|ebenfalls|weitere[nrs]?|ferner|también|además|otr[oa]s?|asimismo)(?!\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a sentence.

    Attributes:
        cosine: with the question; 0 where it is not weighed.
        coverage: share of the question's words that it holds, by weight, 0 to 1; with `n` words
            n / (n + 1) of it, for a single word proves little.
        date: how well its days agree with those asked for, 0 to 1.
        expected: whether it holds a name, figure or date that is asked for.
        answer: how likely the reader finds it that the answer lies in it, 0 to 1.
        row: score of its row, less that of the best row.
        words: characters of `article.text` that the reader takes for the answer, if it is sure and
            one thing was asked for.
    """

    cosine: float
    coverage: float
    date: float
    expected: bool
    answer: float
    row: float
    words: Span | None

    @property
    def parts(self) -> tuple[float, ...]:
        """What `SentenceWeights` weigh, in their order."""
        answer = math.log(self.answer + _LEAST_CHANCE)
        return self.cosine, self.coverage, self.date, float(self.expected), answer, self.row

    def score(self, weights: SentenceWeights) -> float:
        """Return what all of it counts."""
        return sum(weight * part for weight, part in zip(weights, self.parts, strict=True))


_NO_EVIDENCE = Evidence(0.0, 0.0, 0.0, expected=False, answer=0.0, row=0.0, words=None)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that may answer.

    Attributes:
        article: the article it belongs to.
        span: its characters in `article.text`.
        stretch: position of its stretch in the ranking, from 0.
        score: higher is better.
        date: how well its days agree with those asked for, 0 to 1.
        day: the days it was matched by, if it names them itself.
        evidence: what the score is made of.
    """

    article: Article
    span: Span
    stretch: int
    score: float
    date: float
    day: DateRange | None = None
    evidence: Evidence = _NO_EVIDENCE


def score_sentences(
    query: Query,
    stretches: Sequence[Stretch],
    readings: Readings,
    index: Index,
    embedder: Embedder,
    settings: Settings,
) -> list[Sentence]:
    """Score every quotable sentence of the stretches, best first.

    To embed a sentence costs more than to weigh all other evidence of a hundred, so the best by
    that alone are embedded.
    """
    foreign = is_foreign(query.question, stretches, index)
    weights = settings.sentence_weights(read=bool(readings), foreign=foreign)
    asked = [days for date in query.question.dates for days in asked_ranges(date, index)]
    sentences = []
    for place, stretch in enumerate(stretches):
        article, mentions = index.articles[stretch.position], mentions_of(stretch, index)
        # what a day's news says of other days answers "what happened that day?" alone
        is_news = not query.has_content and is_news_of(article, asked)
        other_day = settings.article_names_day if is_news else 0.0
        for span in sentences_of(stretch, index):
            day = matching_day(article, span, mentions, asked)
            share, words = find_answer(span, stretch, readings, index, settings.sure_answer)
            date = date_agreement(article, span, mentions, day, stretch, other_day, settings)
            evidence = Evidence(
                cosine=0.0,
                coverage=_coverage(article, span, query),
                date=date,
                expected=_holds_expected(article, span, query, mentions),
                answer=share,
                row=_score_of_rows(span, stretch, index) - stretches[0].score,
                words=None if query.question.expected == "several" else words,
            )
            score = evidence.score(weights)
            sentences.append(Sentence(article, span, place, score, date, day, evidence))
    sentences.sort(key=_best_first)
    most = settings.sentences_to_embed(read=bool(readings), foreign=foreign)
    chars = None if foreign else settings.embedded_chars
    return _compare(sentences, query, embedder, weights, most, chars, settings.cosine_range)


def _compare(
    sentences: Sequence[Sentence],
    query: Query,
    embedder: Embedder,
    weights: SentenceWeights,
    most: int,
    chars: int | None,
    cosine_range: float,
) -> list[Sentence]:
    """Compare `chars` of the `most` best sentences with the question; return all, best first.

    Not those that would not even come first if they were nearer than all others by `cosine_range`.
    """
    least = sentences[0].score - weights.cosine * cosine_range if sentences else 0.0
    texts = [
        _embedded(found.article, found.span)[:chars]
        for found in sentences[:most]
        if found.score >= least
    ]
    if not weights.cosine or len(texts) < 2:
        return list(sentences)
    cosines = (embedder.embed_passages(texts) @ query.vector).tolist()
    cosines += [min(cosines)] * (len(sentences) - len(cosines))
    compared = []
    for found, cosine in zip(sentences, cosines, strict=True):
        evidence = replace(found.evidence, cosine=cosine)
        compared.append(replace(found, score=evidence.score(weights), evidence=evidence))
    return sorted(compared, key=_best_first)


def _best_first(sentence: Sentence) -> tuple[float, int, Span]:
    """Return what sentences are sorted by."""
    return -sentence.score, sentence.stretch, sentence.span


def _score_of_rows(span: Span, stretch: Stretch, index: Index) -> float:
    """Return the score of the best row that a sentence stands in."""
    rows = zip(range(*stretch.rows), stretch.row_scores, strict=True)
    return max(
        score
        for row, score in rows
        if span[0] < index.chunks[row].end and index.chunks[row].start < span[1]
    )


def find_answer(
    span: Span, stretch: Stretch, readings: Readings, index: Index, sure_answer: float
) -> tuple[float, Span | None]:
    """Return how likely the answer lies in a sentence, 0 to 1, and its characters if it is sure.

    A sentence may begin in one row and end in the next; rows that were not read hold no answer.
    """
    best: tuple[float, Span | None] = (0.0, None)
    for row in range(*stretch.rows):
        start, end = index.chunks[row].start, index.chunks[row].end
        if row in readings and span[0] < end and start < span[1]:
            inside = max(span[0], start) - start, min(span[1], end) - start
            chance, words = readings[row].answer_within(inside)
            share = readings[row].share_within(inside)
            if words is not None and share > best[0]:
                sure = chance >= math.log(sure_answer)
                best = share, (start + words[0], start + words[1]) if sure else None
    return best


def sentences_of(stretch: Stretch, index: Index) -> list[Span]:
    """Return the quotable sentences that begin in a stretch."""
    start, end = span_of(stretch, index)
    article = index.articles[stretch.position]
    return [span for span in quotable_sentences(article) if start <= span[0] < end]


def select(sentences: Sequence[Sentence], query: Query, settings: Settings) -> list[Sentence]:
    """Choose the sentences to quote out of the scored ones (best first).

    One, and those that are nearly as likely; never one whose day agrees less than that of the best.
    When the question asks for the several things of a date, also those
    further on in the same article that say they add something of that day.

    Returns:
        The chosen sentences, best first.
    """
    if not sentences:
        return []
    several = query.question.expected == "several"
    best = sentences[0]
    dated = bool(query.question.dates)
    least = best.score - settings.quote_margin(several=several, dated=dated)
    chosen = [found for found in sentences if found.score >= least and found.date >= best.date]
    if several and dated:
        chosen.extend(_additions(chosen, sentences))
    return chosen[: settings.max_quotes]


def quoted(sentence: Sentence) -> Sentence:
    """Return a sentence as it is quoted: a long one shortened to the clauses of its answer."""
    span = shorten(sentence.article.text, sentence.span, sentence.evidence.words)
    return replace(sentence, span=span)


def _additions(chosen: Sequence[Sentence], candidates: Sequence[Sentence]) -> list[Sentence]:
    """Return what the articles of chosen sentences add to them further on, of the same days."""
    first: dict[str, Span] = {}
    for found in chosen:
        first[found.article.id] = min(found.span, first.get(found.article.id, found.span))
    taken = {(found.article.id, found.span) for found in chosen}
    least = max(found.date for found in chosen)
    return [
        found
        for found in candidates
        if found.article.id in first
        and found.span > first[found.article.id]
        and (found.article.id, found.span) not in taken
        and found.date >= least
        and _ADDITION.search(found.article.text[slice(*found.span)])
    ]


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
    weights, trust = query.weights, len(held) / (len(held) + 1)
    share = weights @ np.array(held, dtype=np.float32) / max(float(weights.sum()), 1e-6)
    return trust * float(share)


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
