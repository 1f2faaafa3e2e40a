"""What is made once in a process, by whichever thread asks first, or ahead of the first."""

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, TypeVar

from index.errors import DepecheError

Value = TypeVar("Value")


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
