"""How likely it is that the best passage answers the question.

The embedder's cosines say "near", not "answers", and lie between 0.74 and 0.88 on everything, so no
fixed cut works. What does say something is how far the best passage stands above the rest of the
corpus, how much of the question's rare words it holds, and whether one passage stands out. A
logistic model joins these; `training/calibrate.py` fits it and states what it reaches.
"""

import math
from dataclasses import astuple, dataclass


@dataclass(frozen=True, slots=True)
class Signals:
    """How far the best candidate stands out.

    Attributes:
        above: its cosine less the median cosine of the candidates.
        coverage: the share of the question's words that it holds, by weight.
        rarest: 1 if it holds the rarest word of the question, mostly a name; else 0, as where no
            candidate holds that word.
        agreement: how high it stands on the side of the search where it stands lower: 1 where it is
            the best of both, 0 where its cosine is a middling one or no word of it matches.
        lead: the score of its content less that of the fourth best among those that hold less of
            the question: several articles may tell the same, and each of them answers. The fourth
            best of all others where none holds less; 0 for a candidate that is alone.
        dated: 1 if the question names dates, else 0.
        date: how well its dates agree with those, 0 to 1.
        relevance: the reader's logit for it; 0 when it was not read.
        rival: the reader's second highest logit; 0 when nothing was read.
    """

    above: float = 0.0
    coverage: float = 0.0
    rarest: float = 0.0
    agreement: float = 0.0
    lead: float = 0.0
    dated: float = 0.0
    date: float = 0.0
    relevance: float = 0.0
    rival: float = 0.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic model of `Signals`: an intercept, and a coefficient for each of them."""

    intercept: float
    weights: Signals

    def probability(self, signals: Signals) -> float:
        """Return the estimated probability that the best candidate answers, 0 to 1."""
        pairs = zip(astuple(self.weights), astuple(signals), strict=True)
        logit = self.intercept + sum(weight * signal for weight, signal in pairs)
        # beyond these a logit changes nothing, and its exponential would overflow
        return 1 / (1 + math.exp(-min(max(logit, -700.0), 700.0)))
