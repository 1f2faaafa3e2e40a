"""What is made once in a process, by whichever thread asks first, or ahead of the first."""

import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, TypeVar

from index.errors import DepecheError

Value = TypeVar("Value")

# while another thread computes, one that loads waits so long for its turn, hundreds of times; by
# itself Python lets it wait ten times as long
_TURN_SECONDS = 0.0005


def take_short_turns() -> None:
    """Let the threads of this process take short turns, for what is loaded beside other work."""
    sys.setswitchinterval(_TURN_SECONDS)


class Once(Generic[Value]):
    """A value that is made at its first use; threads that ask meanwhile wait for it."""

    def __init__(self, make: Callable[[], Value]) -> None:
        """Make it with `make`; if that fails, the next to ask tries again."""
        self._make = make
        self._lock = threading.Lock()
        self._made: list[Value] = []

    def __call__(self) -> Value:
        """Return the value."""
        if not self._made:
            with self._lock:
                if not self._made:
                    self._made.append(self._make())
        return self._made[0]

    def warm(self) -> None:
        """Begin to make the value, and return at once; whoever asks for it hears of a failure."""
        if not self._made and not self._lock.locked():
            threading.Thread(target=self._try, name="warm").start()

    def _try(self) -> None:
        """Make the value if that succeeds."""
        with suppress(DepecheError):
            self()
