"""Who does the equal parts of a build: this process, one after the other, or many workers.

A task is a function that can be sent to another process: one of a module, a `partial` of one, or a
method of an embedder, which travels by its name. Items are drawn as results are taken, so that
neither all of them nor all results are ever in the memory at once.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

Item = TypeVar("Item")
Made = TypeVar("Made")

Weigh = Callable[[Item], float]
"""Tells how much of one errand an item is: what weighs 1 goes alone, what weighs 0 goes nowhere."""

# half a second's work to find the dates of it, or to cut it
_ERRAND_CHARS = 500_000

# so that no errand has more than so many items, however small they are
_LEAST_WEIGHT = 1 / 256


class Crew(Protocol):
    """Makes something of each of many items."""

    def in_order(
        self, task: Callable[[Item], Made], items: Iterable[Item], weigh: Weigh[Item]
    ) -> Iterator[Made]:
        """Yield what `task` makes of each item, in the order of the items."""

    def as_made(
        self, task: Callable[[Item], Made], items: Iterable[Item], weigh: Weigh[Item]
    ) -> Iterator[tuple[int, Made]]:
        """Yield what `task` makes of each item, and the item's place, as soon as it is made."""

    def everywhere(self, task: Callable[[], None]) -> None:
        """Have every process that works do something; nobody waits for it."""


class Alone:
    """This process."""

    def in_order(
        self, task: Callable[[Item], Made], items: Iterable[Item], weigh: Weigh[Item]
    ) -> Iterator[Made]:
        """Yield what `task` makes of each item, in the order of the items."""
        del weigh
        return map(task, items)

    def as_made(
        self, task: Callable[[Item], Made], items: Iterable[Item], weigh: Weigh[Item]
    ) -> Iterator[tuple[int, Made]]:
        """Yield what `task` makes of each item, and the item's place."""
        return enumerate(self.in_order(task, items, weigh))

    def everywhere(self, task: Callable[[], None]) -> None:
        """Do it here."""
        task()


ALONE = Alone()
"""Nobody but this process."""


def weight_of_text(text: str) -> float:
    """Tell how much of an errand it is to look through a text."""
    return _LEAST_WEIGHT + len(text) / _ERRAND_CHARS
