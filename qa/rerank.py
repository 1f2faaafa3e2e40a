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
) -> Ranked:
    """Read the best rows, as many as it takes, and add what the reader says to their scores.

    A row that was not read counts as the least relevant one that was.
    """
    if reader is None or not len(scores):
        return Ranked(candidates, scores, {})
    order = np.lexsort((candidates.rows, -scores))[: settings.read_rows]
    readings = _read(question, candidates.rows[order], index, reader, settings)
    relevance = np.full(len(scores), min(found.relevance for found in readings.values()))
    for place, row in enumerate(candidates.rows):
        if int(row) in readings:
            relevance[place] = readings[int(row)].relevance
    weight = settings.reader_weight(native=bool(candidates.native[order[0]]))
    joined = scores + weight * relevance
    return Ranked(candidates, np.asarray(joined, dtype=np.float32), readings)


def _read(
    question: Question, rows: Rows, index: Index, reader: Reader, settings: Settings
) -> dict[int, Reading]:
    """Read rows (best first) by the batch, until one surely answers."""
    readings: dict[int, Reading] = {}
    for first in range(0, len(rows), settings.read_at_once):
        batch = [int(row) for row in rows[first : first + settings.read_at_once]]
        chunks = [index.chunks[row] for row in batch]
        texts = [read_text(index.articles[chunk.article], chunk) for chunk in chunks]
        readings.update(zip(batch, reader.read(question.heeded, texts), strict=True))
        if max(found.relevance for found in readings.values()) >= settings.sure_relevance:
            break
    return readings
