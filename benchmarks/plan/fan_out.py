"""A question over many shards, simulated: how long the slowest takes, and what hedging saves.

Each shard's time is drawn by itself from a lognormal through two figures that were measured or
published; a small share of them stalls for longer, which no fit to a quiet benchmark shows. Nothing
is known here of what makes shards slow together: a network or a disk that all share.
"""

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from benchmarks.plan import published

Times = NDArray[np.float64]

_95TH = 1.6448536269514722
"""Standard deviations up to which 95 of 100 lie."""

QUESTIONS = 20_000
PERCENTILES = (50, 95, 99)
_SEED = 7


@dataclass(frozen=True, slots=True)
class Latency:
    """How long one shard takes, milliseconds.

    Attributes:
        centre: its median, stalls aside.
        spread: standard deviation of its logarithm.
        stall: share of searches that stall.
        stalled: how much longer these take.
    """

    centre: float
    spread: float
    stall: float = 0.0
    stalled: float = published.STALL_MILLISECONDS.value

    @classmethod
    def from_median(cls, median: float, percentile: float, stall: float = 0.0) -> "Latency":
        """Fit a median and a 95th percentile."""
        return cls(median, math.log(max(percentile, median) / median) / _95TH, stall)

    @classmethod
    def from_mean(cls, mean: float, percentile: float, stall: float = 0.0) -> "Latency":
        """Fit a mean and a 95th percentile, which must lie beyond it and below 3.8 times it."""
        ratio = math.log(max(percentile, mean) / mean)
        spread = _95TH - math.sqrt(max(0.0, _95TH**2 - 2 * ratio))
        return cls(mean * math.exp(-(spread**2) / 2), spread, stall)

    @property
    def mean(self) -> float:
        """Mean time, stalls included."""
        return self.centre * math.exp(self.spread**2 / 2) + self.stall * self.stalled

    def percentile(self, share: float) -> float:
        """Return a percentile of the fit, stalls aside; `share` is .95 or .99."""
        deviations = {0.95: _95TH, 0.99: 2.3263478740408408}[share]
        return self.centre * math.exp(deviations * self.spread)

    def draw(self, shape: tuple[int, ...], chance: np.random.Generator) -> Times:
        """Draw times."""
        times = self.centre * np.exp(self.spread * chance.standard_normal(shape))
        return np.asarray(times + self.stalled * (chance.random(shape) < self.stall))


@dataclass(frozen=True, slots=True)
class Slowest:
    """Of many questions, each as slow as its slowest shard: percentiles in milliseconds.

    Attributes:
        plain: with one request to each shard.
        hedged: with a second one to another copy, where the first took too long.
        extra: share of requests that were sent twice.
    """

    plain: tuple[float, ...]
    hedged: tuple[float, ...]
    extra: float


@cache
def slowest(
    latency: Latency, shards: int, *, hedge_after: float = 0.95, questions: int = QUESTIONS
) -> Slowest:
    """Simulate questions over so many shards.

    Args:
        latency: of one shard.
        shards: asked at once.
        hedge_after: the percentile of one shard after which a copy is asked too, as a share.
        questions: how many.
    """
    chance = np.random.default_rng(_SEED)
    first = latency.draw((questions, shards), chance)
    second = latency.draw((questions, shards), chance)
    wait = float(np.quantile(first, hedge_after))
    hedged = np.where(first > wait, np.minimum(first, wait + second), first)
    plain, saved = (np.percentile(times.max(axis=1), PERCENTILES) for times in (first, hedged))
    return Slowest(tuple(plain.tolist()), tuple(saved.tolist()), float(np.mean(first > wait)))
