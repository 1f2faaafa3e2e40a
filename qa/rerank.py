"""The reader's say in the ranking: it reads the first rows and re-orders them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from qa.fuse import Candidates, Scores
from qa.read import Reader, Reading, read_text
from qa.seam import Index, Rows
from qa.settings import Settings
from qa.types import Question

Readings = Mapping[int, Reading]
"""What the reader says, by row."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """Candidates with their final scores.

    Attributes:
        candidates: what each side of the search says of the rows.
        scores: the final ones; higher is better, in the order of the candidates.
        readings: of the rows that were read; empty without a reader.
    """

    candidates: Candidates
    scores: Scores
    readings: Readings


def rerank(
    question: Question,
    candidates: Candidates,
    scores: Scores,
    index: Index,
    reader: Reader | None,
    settings: Settings,
    *,
    listing: bool = False,
) -> Ranked:
    """Read the best rows, as many as it takes, and add what the reader says to their scores.

    A row that was not read counts as the least relevant one that was. For an answer no more is read
    once nothing else can come first; for a list (`listing`) reading goes further.
    """
    if reader is None or not len(scores):
        return Ranked(candidates, scores, {})
    order = np.lexsort((candidates.rows, -scores))
    native = bool(candidates.native[order[0]])
    depth = settings.depth(native=native, listing=listing)
    weight = settings.reader_weight(native=native)
    readings: dict[int, Reading] = {}
    best = -np.inf
    for first in range(0, min(depth.rows, len(order)), depth.at_once):
        if scores[order[first]] + weight * depth.credit <= best:
            break
        places = order[first : min(first + depth.at_once, depth.rows)]
        found = _read(question, candidates.rows[places], index, reader)
        relevances = np.array([reading.relevance for reading in found.values()])
        best = max(best, float((scores[places] + weight * relevances).max()))
        readings.update(found)
        if relevances.max() >= settings.sure_relevance:
            break
    joined = scores + weight * _relevance(candidates.rows, readings)
    return Ranked(candidates, np.asarray(joined, dtype=np.float32), readings)


def _read(question: Question, rows: Rows, index: Index, reader: Reader) -> dict[int, Reading]:
    """Read rows."""
    chunks = [index.chunks[row] for row in rows]
    texts = [read_text(index.articles[chunk.article], chunk) for chunk in chunks]
    return dict(zip(rows.tolist(), reader.read(question.heeded, texts), strict=True))


def _relevance(rows: Rows, readings: Readings) -> Scores:
    """Return what the reader says of each row, or the least it says where it was not read."""
    least = min(found.relevance for found in readings.values())
    return np.array(
        [readings[row].relevance if row in readings else least for row in rows.tolist()],
        dtype=np.float32,
    )
