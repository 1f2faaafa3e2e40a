"""Three kinds of evidence to one score for each candidate row.

Scores, not ranks, are combined (as in Bruch et al. 2023, arXiv 2210.11934), and what each side
counts depends on the language: plain rank fusion gains in one language and loses across languages.
What a row says is weighed by a conditional logit, so that scores are logarithms of odds: a row that
scores one more is e times as likely to be the right one.
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
        native: whether each row is in the language of the question.
        dense: cosine with the question.
        lexical: BM25 score.
        coverage: share of the question's words, by how rare they are, that the row holds, 0 to 1.
        rarest: whether the row holds the rarest word of the question.
        words: how many words of the question are searched.
        dated: whether the question names dates.
        dates: date evidence, 0 to 1; all 0 when the question names no date.
        short_dates: the same of the days and months it names alone.
    """

    rows: Rows
    native: NDArray[np.bool_]
    dense: Scores
    lexical: Scores
    coverage: Scores
    rarest: NDArray[np.bool_]
    words: int
    dated: bool
    dates: Scores
    short_dates: Scores

    def of_the_days(self, least: float) -> NDArray[np.bool_]:
        """Tell which candidates are of the days or months asked for; all, where none is.

        Args:
            least: evidence that makes a row one of them.
        """
        found = self.short_dates >= least
        return found if found.any() else ~found


def fuse(candidates: Candidates, settings: Settings) -> Scores:
    """Score the candidates; higher is better: what they say, and how well their dates agree.

    A day picks out few rows and counts for much; a year picks out many, and is often part of a name
    ("the 2024 budget").
    """
    dates = np.maximum(
        settings.short_date_weight * candidates.short_dates,
        settings.long_date_weight * candidates.dates,
    )
    return np.asarray(score_content(candidates, settings) + dates, dtype=np.float32)


def score_content(candidates: Candidates, settings: Settings) -> Scores:
    """Score what the candidates say, whatever their dates."""
    evidence = content_evidence(candidates, settings)
    native, foreign = np.array(settings.native_content), np.array(settings.foreign_content)
    weights = np.where(candidates.native[:, None], native, foreign)
    return np.asarray((weights * evidence).sum(axis=1), dtype=np.float32)


def content_evidence(candidates: Candidates, settings: Settings) -> Scores:
    """Return what `ContentWeights` weigh, in their order, shape (candidates, 3).

    The cosine, less the best (e5's lie between 0.74 and 0.88 whatever is asked, but their
    differences mean the same everywhere); the BM25 score, as a share of the best; and the coverage.
    With few words the last two say little.

    When days were asked for, the best is that of their rows: a perfect passage of another day says
    nothing about which of theirs is the better.
    """
    if not len(candidates.rows):
        return np.zeros((0, 3), dtype=np.float32)
    reference = candidates.of_the_days(settings.published_after)
    best = max(float(candidates.lexical[reference].max()), 1e-6)
    trust = candidates.words / (candidates.words + settings.few_words)
    parts = (
        np.minimum(candidates.dense - candidates.dense[reference].max(), 0),
        trust * np.minimum(candidates.lexical / best, 1),
        trust * candidates.coverage,
    )
    return np.asarray(np.stack(parts, axis=1), dtype=np.float32)
