"""What is lost when each shard returns fewer than are wanted: simulated, and without any index.

The best `k` chunks of an archive lie in its shards by chance when chunks are spread by their key;
in few of them when a shard holds some months and the question is about one.
"""

from functools import cache
from typing import NamedTuple

import numpy as np

_SEED = 3
QUESTIONS = 4_000


class Spread(NamedTuple):
    """How the best chunks lie in shards.

    Attributes:
        name: what it is called.
        together: share of the best that lie in one shard; the others lie anywhere.
    """

    name: str
    together: float


BY_KEY = Spread("spread by key", 0.0)
BY_MONTH = Spread("by month, a question of a month", 0.8)


@cache
def share_kept(k: int, shards: int, each: int, spread: Spread = BY_KEY) -> float:
    """Return the share of the best `k` that is found when each shard returns `each`, 0 to 1."""
    chance = np.random.default_rng(_SEED)
    together = round(k * spread.together)
    anywhere = chance.multinomial(k - together, np.full(shards, 1 / shards), size=QUESTIONS)
    anywhere[:, 0] += together
    return float(np.minimum(anywhere, each).sum(axis=1).mean() / k)


def least_each(k: int, shards: int, share: float, spread: Spread = BY_KEY) -> int:
    """Return the fewest that each shard must return for a share of the best `k` to be found."""
    fewest, most = 1, k
    while fewest < most:
        middle = (fewest + most) // 2
        if share_kept(k, shards, middle, spread) >= share:
            most = middle
        else:
            fewest = middle + 1
    return fewest
