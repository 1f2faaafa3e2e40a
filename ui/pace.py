"""How far a build is, and how long it will take: the steps done, and what the others take."""

from collections.abc import Mapping
from dataclasses import dataclass, field

STEPS = ("read", "split", "embed", "words")
"""The steps of a build, in order; one that has nothing to do is passed over."""

# Of a corpus that is built for the first time, as measured on two cores; what follows the last
# step, writing, is what is missing to 1.
FIRST_SHARES: Mapping[str, float] = {"read": 0.03, "split": 0.03, "embed": 0.72, "words": 0.2}

# Before that an estimate is a guess.
_MIN_SECONDS = 3.0
_MIN_SHARE = 0.02

# The bar comes to its end when the new snapshot is in force.
_MAX_SHARE = 0.99


@dataclass
class Pace:
    """Follows one build; times are seconds of a monotonic clock.

    Attributes:
        begun: when it began.
        shares: what each step takes of the whole, 0 to 1.
        step: the step that runs; empty before the first.
        share: how much of the whole is done, 0 to 1; it never falls.
    """

    begun: float
    shares: Mapping[str, float] = field(default_factory=lambda: FIRST_SHARES)
    step: str = ""
    share: float = 0.0
    _entered: dict[str, float] = field(default_factory=dict)

    def advance(self, step: str, done: int, total: int, now: float) -> None:
        """Note that `done` of `total` items of `step` are finished."""
        if step not in STEPS:
            return
        if step != self.step:
            self.step = step
            self._entered[step] = now
        before = sum(self.shares[one] for one in STEPS[: STEPS.index(step)])
        reached = before + self.shares[step] * (done / total if total else 1.0)
        self.share = min(max(self.share, reached), _MAX_SHARE)

    def seconds_left(self, now: float) -> float | None:
        """Estimate how long it will still take; None while nothing can be said."""
        passed = now - self.begun
        if passed < _MIN_SECONDS or self.share < _MIN_SHARE:
            return None
        return passed * (1 - self.share) / self.share

    def learned(self, now: float) -> Mapping[str, float]:
        """Return what each step took of this build, which ended now, for the next one.

        The time before the first step belongs to it, that after the last one to nothing.
        """
        whole = now - self.begun
        entered = [(step, self._entered[step]) for step in STEPS if step in self._entered]
        if whole <= 0 or not entered:
            return self.shares
        ends = [*(when for _, when in entered[1:]), now]
        begins = [self.begun, *(when for _, when in entered[1:])]
        took = {
            step: (end - begin) / whole
            for (step, _), begin, end in zip(entered, begins, ends, strict=True)
        }
        return {step: took.get(step, 0.0) for step in STEPS}
