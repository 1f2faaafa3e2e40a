"""Sequences whose items are made when they are asked for."""

from collections.abc import Callable, Sequence
from typing import TypeVar, overload

Item = TypeVar("Item")


class Lazy(Sequence[Item]):
    """The items that a function makes of the numbers from 0 on."""

    def __init__(self, length: int, item: Callable[[int], Item]) -> None:
        """Begin with none of the `length` items made."""
        self._length, self._item = length, item

    def __len__(self) -> int:
        """Return how many there are."""
        return self._length

    @overload
    def __getitem__(self, place: int) -> Item: ...
    @overload
    def __getitem__(self, place: slice) -> list[Item]: ...
    def __getitem__(self, place: int | slice) -> Item | list[Item]:
        """Make the item at a place, or those of a slice."""
        if isinstance(place, slice):
            return [self._item(one) for one in range(*place.indices(self._length))]
        return self._item(range(self._length)[place])

    def __eq__(self, other: object) -> bool:
        """Whether the other sequence holds equal items."""
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]
