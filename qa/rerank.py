"""The reader's say in the ranking: it reads the first rows and re-orders them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from qa.fuse import Candidates, Scores
from qa.read import Reader, Reading, read_text
from qa.seam import Index
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
) -> Ranked:
    """Read the best rows and add what the reader says to their scores.

    A row that was not read counts as the least relevant one that was.
    """
    if reader is None or not len(scores):
        return Ranked(candidates, scores, {})
    best = np.lexsort((candidates.rows, -scores))[: settings.read_rows]
    rows = [int(row) for row in candidates.rows[best]]
    texts = [
        read_text(index.articles[index.chunks[row].article], index.chunks[row]) for row in rows
    ]
    readings = dict(zip(rows, reader.read(question.standalone, texts), strict=True))
    relevance = np.full(len(scores), min(found.relevance for found in readings.values()))
    relevance[best] = [readings[row].relevance for row in rows]
    joined = scores + settings.reader_weight * relevance
    return Ranked(candidates, np.asarray(joined, dtype=np.float32), readings)
