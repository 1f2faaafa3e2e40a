"""Items that are sent to another process at once: many small ones, or one large one."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic

from index.crew import Item, Made, Weigh

# items that weigh nothing are no errand, however many
_MOST_ITEMS = 1000


@dataclass
class Errand(Generic[Item, Made]):
    """Items that are sent at once, and what was made of them.

    Attributes:
        place: its number, from 0.
        first: the place of its first item among all.
        items: in order.
        weight: of all.
        sent: the places in it of those items that are sent; the others weigh nothing.
        made: of those, by place.
        tries: how many workers were lost with it.
    """

    place: int
    first: int
    items: list[Item] = field(default_factory=list)
    weight: float = 0.0
    sent: list[int] = field(default_factory=list)
    made: dict[int, Made] = field(default_factory=dict)
    tries: int = 0

    def add(self, item: Item, weight: float) -> None:
        """Put an item behind the others."""
        if weight:
            self.weight += weight
            self.sent.append(len(self.items))
        self.items.append(item)

    def results(self, task: Callable[[Item], Made]) -> Iterator[Made]:
        """Yield what was made of each item, in order; what weighs nothing is done here."""
        for place, item in enumerate(self.items):
            yield self.made[place] if place in self.made else task(item)


def errands(items: Iterable[Item], weigh: Weigh[Item]) -> Iterator[Errand[Item, Any]]:
    """Put items together, until they weigh 1 or are too many."""
    errand: Errand[Item, Any] = Errand(0, 0)
    for item in items:
        errand.add(item, weigh(item))
        if errand.weight >= 1 or len(errand.items) == _MOST_ITEMS:
            yield errand
            errand = Errand(errand.place + 1, errand.first + len(errand.items))
    if errand.items:
        yield errand
