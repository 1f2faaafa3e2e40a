"""Say which days an expression names, given the words in their roles and the anchor."""

from index.dates.reading import Outcome, Reading
from index.dates.resolve_days import DAY_RESOLVERS
from index.dates.resolve_lookalikes import LOOKALIKE_RESOLVERS
from index.dates.resolve_periods import PERIOD_RESOLVERS
from index.dates.resolve_relative import RELATIVE_RESOLVERS

_RESOLVERS = {**DAY_RESOLVERS, **PERIOD_RESOLVERS, **RELATIVE_RESOLVERS, **LOOKALIKE_RESOLVERS}


def resolve(rule: str, reading: Reading) -> Outcome | None:
    """Return what a match of `rule` names, or None when it is no date expression after all."""
    return _RESOLVERS[rule](reading)
