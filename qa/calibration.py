"""How likely it is that the best passage answers the question.

The embedder's cosines say "near", not "answers", and lie between 0.74 and 0.88 on everything, so no
fixed cut works. What does say something is how far the best passage stands above the rest of the
corpus, how much of the question's rare words it holds, and whether one passage stands out. A
logistic model joins these; `training/calibrate.py` fits it and states what it reaches.
"""

import math
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Signals:
    """How far the best candidate stands out.

    Attributes:
        above: its cosine less the median cosine of the candidates.
        coverage: the share of the question's words that it holds, by weight.
        lead: the score of its content less that of the fourth best among those that hold less of
            the question: several articles may tell the same, and each of them answers.
        relevance: the reader's logit for it; 0 when it was not read.
        answer: log-probability of the likeliest answer in it; 0 when it was not read.
        rival: the reader's second highest logit; 0 when nothing was read.
    """

    above: float = 0.0
    coverage: float = 0.0
    lead: float = 0.0
    relevance: float = 0.0
    answer: float = 0.0
    rival: float = 0.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic model of `Signals`: an intercept, and a coefficient for each of them."""

    intercept: float
    above: float = 0.0
    coverage: float = 0.0
    lead: float = 0.0
    relevance: float = 0.0
    answer: float = 0.0
    rival: float = 0.0

    def probability(self, signals: Signals, support: float = 0.0) -> float:
        """Return the estimated probability that the best candidate answers, 0 to 1.

        Args:
            signals: of the best candidate.
            support: other evidence, as a logit.
        """
        logit = self.intercept + support
        for field in fields(Signals):
            logit += getattr(self, field.name) * getattr(signals, field.name)
        return 1 / (1 + math.exp(-logit))
