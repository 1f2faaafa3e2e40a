"""How likely it is that the best passage answers the question.

The embedder's cosines say "near", not "answers", and lie between 0.74 and 0.88 on everything, so no
fixed cut works. What does say something is how far the best passage stands above the rest of the
corpus, how much of the question's rare words it holds, and whether one passage stands out. A
logistic model joins these; `training/calibrate.py` fits it and states what it reaches.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known of the best candidate.

    Attributes:
        above: its cosine less the median cosine of the candidates.
        coverage: its BM25 score over the weight of the question's words.
        lead: its fused score less that of the fifth candidate.
    """

    above: float
    coverage: float
    lead: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic model of `Signals`."""

    intercept: float
    above: float
    coverage: float
    lead: float

    def probability(self, signals: Signals, support: float = 0.0) -> float:
        """Return the estimated probability that the best candidate answers, 0 to 1.

        Args:
            signals: of the best candidate.
            support: other evidence, as a logit.
        """
        logit = (
            self.intercept
            + support
            + self.above * signals.above
            + self.coverage * signals.coverage
            + self.lead * signals.lead
        )
        return 1 / (1 + math.exp(-logit))


def measure(
    dense: NDArray[np.float32],
    lexical: NDArray[np.float32],
    lexical_ceiling: float,
    scores: NDArray[np.float32],
) -> Signals:
    """Measure the signals of the best candidate.

    Args:
        dense: cosine of each candidate with the question.
        lexical: BM25 score of each.
        lexical_ceiling: weight of all the question's words.
        scores: fused score of each.
    """
    if not len(scores):
        return Signals(0.0, 0.0, 0.0)
    best = int(np.argmax(scores))
    ordered = np.sort(scores)[::-1]
    return Signals(
        above=float(dense[best] - np.median(dense)),
        coverage=float(lexical[best]) / max(lexical_ceiling, 1e-6),
        lead=float(ordered[0] - ordered[min(4, len(ordered) - 1)]),
    )
