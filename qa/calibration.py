"""How likely it is that the best passage answers the question.

The embedder's cosines say "near", not "answers", and lie between 0.74 and 0.88 on everything, so no
fixed cut works. What does say something is how far the best passage stands above the rest of the
corpus, how much of the question's rare words it holds, and whether one passage stands out. A
logistic model joins these; `training/calibrate.py` fits it and states what it reaches.
"""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Signals:
    """How far the best candidate stands out.

    Attributes:
        above: its cosine less the median cosine of the candidates.
        coverage: the share of the question's words that it holds, by weight.
        lead: the score of its content less that of the fourth best among those that hold less of
            the question: several articles may tell the same, and each of them answers.
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
