"""Questions that come when they like, simulated: how many a second within a bound.

Questions arrive at random (Poisson). Each asks every shard; a shard is a machine whose cores take
one search each, in order of arrival. A question has waited as long as its slowest shard made it.
More copies of all shards answer as many times more.
"""

from functools import cache, partial

import numpy as np

from benchmarks.plan.fan_out import Latency, Times

ARRIVALS = 8_000
_WARM = 500
"""Questions that fill the machines before any is counted."""

_HALVINGS = 7
_SEED = 11


def waits(latency: Latency, shards: int, cores: int, rate: float, arrivals: int) -> Times:
    """Return how long each question took, milliseconds, waiting included.

    Args:
        latency: work of one search on one core.
        shards: machines that each question asks.
        cores: of a machine.
        rate: questions a second.
        arrivals: how many questions.
    """
    chance = np.random.default_rng(_SEED)
    comes = np.cumsum(chance.exponential(1e3 / rate, arrivals))
    work = latency.draw((arrivals, shards), chance)
    free = np.zeros((shards, cores))  # when each core has nothing left to do
    every, took = np.arange(shards), np.empty(arrivals)
    for number in range(arrivals):
        core = free.argmin(axis=1)
        ends = np.maximum(free[every, core], comes[number]) + work[number]
        free[every, core] = ends
        took[number] = ends.max() - comes[number]
    return took[_WARM:]


@cache
def most_questions(
    latency: Latency, shards: int, cores: int, bound: float, *, arrivals: int = ARRIVALS
) -> tuple[float, float]:
    """Return the most questions a second with 95 of 100 within a bound, and how busy cores are.

    Args:
        latency: work of one search on one core.
        shards: machines that each question asks.
        cores: of a machine.
        bound: milliseconds.
        arrivals: questions simulated at each rate, more than are left out at the beginning.
    """
    took = partial(waits, latency, shards, cores, arrivals=arrivals)
    low, high = 0.0, 1e3 * cores / latency.mean
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if float(np.percentile(took(rate=middle), 95)) <= bound:
            low = middle
        else:
            high = middle
    return low, low * latency.mean / 1e3 / cores
