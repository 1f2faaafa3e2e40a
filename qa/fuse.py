"""Three kinds of evidence to one score for each candidate row.

Scores, not ranks, are combined (convex combination beats reciprocal ranks: Bruch et al. 2023, arXiv
2210.11934), and how far the lexical side is trusted follows from how much of the question it found:
plain rank fusion gains in one language and loses across languages.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.seam import Rows
from qa.settings import Settings

Scores = NDArray[np.float32]
"""float32, shape (candidates,), in the order of the candidates."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """What each side says of the candidate rows.

    Attributes:
        rows: the candidates, each once.
        dense: cosine with the question.
        dense_floor: cosine of the last row that the dense search returned.
        lexical: BM25 score.
        lexical_ceiling: weight of all the question's words: about the score of a row with each.
        coverage: share of the question's words, by weight, that the row holds, 0 to 1.
        dates: date evidence, 0 to 1; all 0 when the question names no date.
    """

    rows: Rows
    dense: Scores
    dense_floor: float
    lexical: Scores
    lexical_ceiling: float
    coverage: Scores
    dates: Scores

    def of_the_days(self, least: float) -> NDArray[np.bool_]:
        """Tell which candidates have at least this date evidence; all, where none has it."""
        if not len(self.dates) or float(self.dates.max()) < least:
            return np.ones(len(self.dates), dtype=bool)
        return np.asarray(self.dates >= least)


def fuse(candidates: Candidates, settings: Settings) -> Scores:
    """Score the candidates; higher is better: content, and dates up to `settings.date_weight`."""
    found = score_content(candidates, settings) + settings.date_weight * candidates.dates
    return np.asarray(found, dtype=np.float32)


def score_content(candidates: Candidates, settings: Settings) -> Scores:
    """Score what the candidates say, whatever their dates, 0 to 2.

    Dense evidence counts 1 for the best row and 0 at the floor, lexical evidence up to 1 for the
    best row. When days were asked for, the best is that of their rows: a perfect passage of another
    day says nothing about which of theirs is the better.
    """
    if not len(candidates.rows):
        return np.zeros(0, dtype=np.float32)
    of_the_days = candidates.of_the_days(settings.published_after)
    share = _dense_share(candidates, of_the_days)
    return share + _lexical_share(candidates, of_the_days, settings.lexical_trust)


def _dense_share(candidates: Candidates, reference: NDArray[np.bool_]) -> Scores:
    """Scale the cosines: e5's lie between 0.74 and 0.88 whatever is asked."""
    cosines = candidates.dense[reference]
    floor = candidates.dense_floor
    if not reference.all():  # the rows of a day may all lie below the floor of the whole corpus
        floor = min(floor, float(cosines.min()))
    span = max(float(cosines.max()) - floor, 1e-6)
    return np.asarray(np.clip((candidates.dense - floor) / span, 0, 1), dtype=np.float32)


def _lexical_share(candidates: Candidates, reference: NDArray[np.bool_], trust: float) -> Scores:
    """Scale the BM25 scores by the best, and by how much of the question that one found."""
    best = float(candidates.lexical[reference].max())
    if best == 0:
        return np.zeros_like(candidates.lexical)
    agreement = min(1.0, trust * best / candidates.lexical_ceiling)
    capped = np.minimum(candidates.lexical, best)
    return np.asarray(capped * (agreement / best), dtype=np.float32)
