"""A question to passages: search both sides and the dates, fuse, merge neighbours."""

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.tokens import analyse_query, content_words
from index.types import Embedder
from qa.calibration import Signals
from qa.confidence import measure
from qa.evidence import date_evidence, is_short
from qa.fuse import Candidates, fuse, score_content
from qa.journal import stage
from qa.read import Reader
from qa.rerank import Readings, rerank
from qa.seam import Index, Matches, Rows, Words
from qa.settings import Settings
from qa.types import Question, Span

# a question embedded and looked up at once; waits for whoever came first when many ask
_BESIDE = ThreadPoolExecutor(8, "words")


@dataclass(frozen=True, slots=True)
class Query:
    """A question as both sides of the search read it: without its dates, which are weighed apart.

    Attributes:
        question: what was understood.
        text: the words that are searched: the question's without its dates, or all of them when
            nothing else is left.
        vector: the question, embedded; float32, shape (dimension,).
        words: its content words, each with the terms it may have in the index, translations too.
        matches: the rows that hold these words.
    """

    question: Question
    text: str
    vector: NDArray[np.float32]
    words: Words
    matches: Matches

    @property
    def weights(self) -> NDArray[np.float32]:
        """How rare each word is, shape (words,)."""
        return self.matches.weights

    @property
    def has_content(self) -> bool:
        """Whether it asks for more than a date."""
        return bool(undated(self.question))


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring rows of one article.

    Attributes:
        position: the article's.
        rows: first row and end (excluded).
        score: of its best row; higher is better.
        date: date evidence of its best row, 0 to 1.
        row_scores: the score of each of its rows.
    """

    position: int
    rows: tuple[int, int]
    score: float
    date: float
    row_scores: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What was found for a question.

    Attributes:
        stretches: best first.
        signals: of the best row, to estimate whether it answers.
        foreign: whether that row is in another language than the question.
        readings: what the reader says of the rows it read.
        rows: all candidates.
    """

    stretches: list[Stretch]
    signals: Signals
    foreign: bool
    readings: Readings
    rows: Rows


def undated(question: Question) -> str:
    """Return the question without its dates; empty when no word to search for is left."""
    text = question.heeded
    for asked in question.dates:
        # whole words: "mai" is no part of "maire"
        text = re.sub(rf"(?<!\w){re.escape(asked.text)}(?!\w)", " ", text)
    return " ".join(text.split()) if content_words(text, question.language) else ""


def prepare(question: Question, embedder: Embedder, index: Index) -> Query:
    """Read a question for both sides of the search: it is embedded and looked up at once."""
    text = undated(question) or question.heeded
    matching = _BESIDE.submit(_match_words, question, text, embedder, index)
    (vector,) = embedder.embed_queries([text])
    words, matches = matching.result()
    return Query(question, text, vector, words, matches)


def _match_words(
    question: Question, text: str, embedder: Embedder, index: Index
) -> tuple[Words, Matches]:
    """Find the rows that hold words of a question, or what means the same."""
    words = content_words(text, question.language)
    terms = analyse_query(text, question.language, index.languages)
    if not words:
        return terms, index.match_words(terms)
    vectors = {word: vector for word in words if (vector := index.vector_of(word)) is not None}
    new = [word for word in words if word not in vectors]
    if new:
        vectors.update(zip(new, embedder.embed_queries(new), strict=True))
    translated = index.translate(np.stack([vectors[word] for word in words]), question.language)
    for known, near in zip(terms, translated, strict=True):
        for term, weight in near.items():
            known.setdefault(term, weight)
    return terms, index.match_words(terms)


def retrieve(
    query: Query,
    index: Index,
    settings: Settings,
    *,
    reader: Reader | None = None,
    allowed: Rows | None = None,
    listing: bool = False,
) -> Retrieved:
    """Find the stretches that may answer, best first.

    Args:
        query: the prepared question.
        index: what is searched.
        settings: weights and limits.
        reader: re-orders the best rows, unless the question is about a day alone.
        allowed: the rows that the asker's own filters let through, or None for all.
        listing: whether a list is wanted, not an answer alone.
    """
    candidates = find_candidates(query, index, settings, allowed)
    fused = fuse(candidates, settings)
    asked = reader if query.has_content else None
    with stage("read"):
        found = rerank(query.question, candidates, fused, index, asked, settings, listing=listing)
    order = np.lexsort((candidates.rows, -found.scores))
    ranked = [
        (int(candidates.rows[i]), float(found.scores[i]), float(candidates.dates[i])) for i in order
    ]
    stretches = merge_neighbours(ranked, index, settings.max_passage_chunks)
    content = score_content(candidates, settings)
    signals, native = measure(found, content, settings.published_after)
    return Retrieved(stretches, signals, not native, found.readings, candidates.rows)


def is_foreign(question: Question, stretches: Sequence[Stretch], index: Index) -> bool:
    """Whether the article of the best stretch is in another language than the question."""
    if not stretches:
        return False
    languages = index.columns.languages
    return languages.text(stretches[0].position) != question.language


def find_candidates(
    query: Query, index: Index, settings: Settings, allowed: Rows | None = None
) -> Candidates:
    """Search both sides and the rows of the days asked for, and score every row found on each."""
    question, matches, k = query.question, query.matches, settings.candidates
    evidence = date_evidence(question.dates, index, settings)
    short_dates = [asked for asked in question.dates if is_short(asked)]
    is_all = len(short_dates) == len(question.dates)
    short = evidence if is_all else date_evidence(short_dates, index, settings)
    hits = [*index.search_dense(query.vector, k, allowed), *matches.best(k, allowed)]
    if len(dated := evidence.rows_above(settings.same_month, allowed)):
        hits += [*index.search_dense(query.vector, k, dated), *matches.best(k, dated)]
    rows = np.unique(np.array([hit.row for hit in hits], dtype=np.int64))
    held, weights = matches.held(rows), query.weights
    share = weights @ held / max(float(weights.sum()), 1e-6)
    return Candidates(
        rows=rows,
        native=index.columns.languages.among([question.language])[index.article_of_row[rows]],
        dense=index.score_dense(query.vector, rows),
        lexical=matches.scores(rows),
        coverage=np.asarray(share, dtype=np.float32),
        rarest=held[np.argmax(weights)] if len(weights) else np.zeros(len(rows), dtype=bool),
        words=len(query.words),
        dated=bool(question.dates),
        dates=evidence.at(rows),
        short_dates=short.at(rows),
    )


def merge_neighbours(
    ranked: Sequence[tuple[int, float, float]], index: Index, max_rows: int
) -> list[Stretch]:
    """Merge rows that stand beside each other, best first; a stretch has the score of its best row.

    Only the better half of the candidates pulls its neighbours in: the rest is there to be ranked.
    """
    taken: dict[int, Stretch] = {}
    scores = {row: score for row, score, _date in ranked}
    worth = {row for row, _score, _date in ranked[: max(1, len(ranked) // 2)]}
    stretches = []
    for row, score, date in ranked:
        if row in taken:
            continue
        position = int(index.article_of_row[row])
        first, end = row, row + 1
        while end - first < max_rows and _free(end, position, index, worth, taken):
            end += 1
        while end - first < max_rows and _free(first - 1, position, index, worth, taken):
            first -= 1
        row_scores = tuple(scores[one] for one in range(first, end))
        stretch = Stretch(position, (first, end), score, date, row_scores)
        taken.update(dict.fromkeys(range(first, end), stretch))
        stretches.append(stretch)
    return stretches


def _free(
    row: int, position: int, index: Index, worth: set[int], taken: dict[int, Stretch]
) -> bool:
    """Whether a row belongs to the article, is worth reading and is in no stretch yet."""
    return (
        0 <= row < len(index.chunks)
        and index.article_of_row[row] == position
        and row in worth
        and row not in taken
    )


def span_of(stretch: Stretch, index: Index) -> Span:
    """Return the characters a stretch covers in its article."""
    first, end = stretch.rows
    return index.chunks[first].start, index.chunks[end - 1].end
