"""What each part of the search finds by itself, and the parts before it: the ablations."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from index.store import Store
from index.types import Embedder
from qa.fuse import Candidates, Scores, fuse, score_content
from qa.questions import without_suffix
from qa.retrieval import find_candidates, prepare
from qa.settings import DEFAULT
from qa.types import Question
from qa.understand import understand

RANKS = 10
"""Articles that are ranked for each question."""

PRODUCT = "product"
"""The side that is asked through the assistant: everything together."""

ABLATIONS = ("dense", "lexical", "fused", "fused+dates")


@dataclass(frozen=True, slots=True)
class Ranking:
    """What one side found.

    Attributes:
        articles: their ids, best first, each once, `RANKS` at most.
        best: score of the first; comparable within the side only.
    """

    articles: tuple[str, ...]
    best: float


def rank_sides(text: str, store: Store, embedder: Embedder) -> dict[str, Ranking]:
    """Rank the articles by each side, and by what fusion and dates add.

    Only the last side knows of dates: the others search the question word by word, its dates too.
    """
    question = understand(text)
    plain = _candidates(replace(question, dates=()), store, embedder)
    dated = _candidates(question, store, embedder) if question.dates else plain
    return {
        "dense": _rank(plain, plain.dense, store),
        "lexical": _rank(plain, plain.lexical, store, plain.lexical > 0),
        "fused": _rank(plain, score_content(plain, DEFAULT), store),
        "fused+dates": _rank(dated, fuse(dated, DEFAULT), store),
    }


def rank_ids(scores: NDArray[np.float32], articles: Sequence[str], most: int = RANKS) -> Ranking:
    """Rank articles by the best of their rows; equal scores by row.

    Args:
        scores: of each row.
        articles: id of each row's article.
        most: how many articles at most.
    """
    order = np.argsort(-scores, kind="stable")
    ranked = dict.fromkeys(without_suffix(articles[row]) for row in order)
    best = float(scores[order[0]]) if len(order) else 0.0
    return Ranking(tuple(ranked)[:most], best)


def _candidates(question: Question, store: Store, embedder: Embedder) -> Candidates:
    """Find the candidates of both sides; `rows` is in order."""
    return find_candidates(prepare(question, embedder, store), store, DEFAULT)


def _rank(
    candidates: Candidates, scores: Scores, store: Store, found: NDArray[np.bool_] | None = None
) -> Ranking:
    """Rank the articles of the candidates, of those that the side found if not all are its own."""
    found = np.ones(len(scores), dtype=bool) if found is None else found
    positions = store.article_of_row[candidates.rows[found]]
    return rank_ids(scores[found], [store.articles[position].id for position in positions])
