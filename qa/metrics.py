"""Figures of a ranking and of a confidence, from plain lists.

Rankings are ids, best first, each once.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence, Set
from itertools import groupby
from math import log2


def success(ranked: Sequence[str], relevant: Set[str], k: int) -> bool:
    """Whether one of the first `k` is relevant."""
    return not relevant.isdisjoint(ranked[:k])


def recall(ranked: Sequence[str], relevant: Set[str], k: int) -> float:
    """Return the share of the relevant (at most `k` of them) among the first `k`."""
    return len(relevant & set(ranked[:k])) / max(1, min(k, len(relevant)))


def reciprocal_rank(ranked: Sequence[str], relevant: Set[str], k: int) -> float:
    """Return 1 / rank of the first that is relevant, 0 if it is not among the first `k`."""
    for rank, name in enumerate(ranked[:k], start=1):
        if name in relevant:
            return 1 / rank
    return 0.0


def ndcg(ranked: Sequence[str], relevant: Set[str], k: int) -> float:
    """Return the discounted gain of the first `k` over that of the best order."""
    gain = sum(
        1 / log2(rank + 1) for rank, name in enumerate(ranked[:k], start=1) if name in relevant
    )
    best = sum(1 / log2(rank + 1) for rank in range(1, min(k, len(relevant)) + 1))
    return gain / best if best else 0.0


def auroc(positives: Sequence[float], negatives: Sequence[float]) -> float | None:
    """Return the chance that a positive stands above a negative; a tie counts half.

    None where there is nothing to compare.
    """
    if not (positives and negatives):
        return None
    ordered = sorted(negatives)
    beaten = sum(bisect_left(ordered, score) + bisect_right(ordered, score) for score in positives)
    return beaten / 2 / (len(positives) * len(negatives))


def risk_coverage(answers: Sequence[tuple[float, bool]], asked: int) -> list[tuple[float, float]]:
    """Return the share of questions answered, and of those answers the share that is wrong.

    Args:
        answers: confidence of each answer there is, and whether it is right.
        asked: how many questions were asked.

    Returns:
        (coverage, risk) for each confidence from which on answers might be given, highest first:
        answers of one confidence are given together.
    """
    points = []
    given = wrong = 0
    ordered = sorted(answers, key=lambda answer: -answer[0])
    for _confidence, alike in groupby(ordered, key=lambda answer: answer[0]):
        for _, right in alike:
            given += 1
            wrong += not right
        points.append((given / asked, wrong / given))
    return points


def area_under_risk(points: Sequence[tuple[float, float]]) -> float | None:
    """Return the mean risk over the coverage reached (lower is better); None of no points."""
    if not points:
        return None
    before = 0.0
    area = 0.0
    for coverage, risk in points:
        area += (coverage - before) * risk
        before = coverage
    return area / before
