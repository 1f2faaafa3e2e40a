"""How long to wait before a password may be tried again: longer after each one that was wrong."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple


class _Rule(NamedTuple):
    """When attempts begin to cost time."""

    free: int  # wrong passwords without a wait
    longest_seconds: float


# Somebody who mistypes waits a second or two. Who tries many names from one machine, or one name
# from many machines, soon waits longer; the last stays short, or anybody could lock anybody out.
_RULES = {
    "both": _Rule(free=1, longest_seconds=60),
    "address": _Rule(free=10, longest_seconds=300),
    "name": _Rule(free=20, longest_seconds=10),
}

# What went wrong is forgotten after this long without another attempt.
_FORGET_SECONDS = 900.0

# Names and addresses remembered; beyond it the oldest are forgotten.
_MAX_REMEMBERED = 10_000

_Key = tuple[str, str, str]  # name of the rule, name, address


@dataclass
class _Attempts:
    """Wrong attempts under one key."""

    count: int
    last: float


class Delays:
    """Counts the wrong attempts per name, per address and per both."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with none, by the seconds of `clock`."""
        self._clock = clock
        self._attempts: dict[_Key, _Attempts] = {}

    def wait(self, name: str, address: str) -> float:
        """Return the seconds until `name` may be tried from `address`; 0 is now."""
        now = self._clock()
        return max(self._wait(key, now) for key in _keys(name, address))

    def begin(self, name: str, address: str) -> None:
        """Count an attempt as wrong before it is looked at: many at once are many."""
        now = self._clock()
        for key in _keys(name, address):
            known = self._known(key, now)
            # put at the end: the first of the table are the oldest
            self._attempts.pop(key, None)
            self._attempts[key] = _Attempts(known.count + 1 if known else 1, now)
        while len(self._attempts) > _MAX_REMEMBERED:
            del self._attempts[next(iter(self._attempts))]

    def forgive(self, name: str, address: str) -> None:
        """Take back what `begin` counted: the password was right.

        Wrong attempts by others under this name, or under other names from this address, stay.
        """
        for key in _keys(name, address):
            known = self._attempts.get(key)
            if known is not None:
                known.count -= 1
            if known is None or known.count == 0 or key[0] == "both":
                self._attempts.pop(key, None)

    def _known(self, key: _Key, now: float) -> _Attempts | None:
        """Return the attempts under `key` that are not forgotten."""
        known = self._attempts.get(key)
        return known if known is not None and now - known.last < _FORGET_SECONDS else None

    def _wait(self, key: _Key, now: float) -> float:
        """Return the seconds to wait by one rule: 1, 2, 4 … after the last attempt."""
        known, rule = self._known(key, now), _RULES[key[0]]
        if known is None or known.count <= rule.free:
            return 0.0
        # the exponent is bounded too: 2.0 ** 2000 is an error
        seconds = min(2.0 ** min(known.count - rule.free - 1, 20), rule.longest_seconds)
        return max(0.0, known.last + seconds - now)


def _keys(name: str, address: str) -> Iterator[_Key]:
    """Yield what an attempt is counted under."""
    yield "both", name, address
    yield "address", "", address
    yield "name", name, ""
