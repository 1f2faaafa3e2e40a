"""A line on a page, and how two lines stand to each other."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

# A larger share of the usual leading above a line parts it from the line above.
_WIDE = 1.3

# Lines whose feet are nearer than this share of their height stand beside each other.
_SAME_ROW = 0.2

# Where two lines differ more in height, one is a heading or a note.
_SAME_HEIGHT = 1.15


class Line(NamedTuple):
    """A line of a page; places are in points, `bottom` and `top` from the foot of the page.

    Attributes:
        text: without blanks around it.
        left: where it begins.
        right: where it ends.
        bottom: its foot.
        top: its head.
        row: lines of one number stand beside each other.
        is_cut: whether a hyphen, which `text` does not hold, ended it.
    """

    text: str
    left: float
    right: float
    bottom: float
    top: float
    row: int = 0
    is_cut: bool = False

    @property
    def height(self) -> float:
        """Return its height, which is that of its letters with their space."""
        return max(self.top - self.bottom, 0.1)


def usual_leading(pages: Sequence[Sequence[Line]]) -> float:
    """Return the usual distance of a line from the one above it, in heights of the line.

    It is the lower quartile: of a short text most distances may be those between paragraphs.
    """
    leadings = sorted(
        (above.bottom - line.bottom) / line.height
        for lines in pages
        for above, line in pairwise(lines)
        if above.bottom - line.bottom > _SAME_ROW * line.height and are_alike(above, line)
    )
    return leadings[len(leadings) // 4] if leadings else 1.0


def are_alike(line: Line, other: Line) -> bool:
    """Whether two lines are of one height."""
    return 1 / _SAME_HEIGHT <= line.height / other.height <= _SAME_HEIGHT


def is_close(line: Line, other: Line, leading: float) -> bool:
    """Whether two lines of one height stand no further apart than lines of a paragraph do."""
    apart = abs(line.bottom - other.bottom) / other.height
    return apart <= _WIDE * leading and are_alike(line, other)


def is_beside(line: Line, other: Line) -> bool:
    """Whether `other` stands to the right of `line`, at its height."""
    apart = abs(line.bottom - other.bottom)
    return other.left >= line.right and apart < _SAME_ROW * min(line.height, other.height)


def is_below(line: Line, other: Line) -> bool:
    """Whether `other` stands below `line`, not beside it or in the next column."""
    return line.bottom - other.bottom > _SAME_ROW * other.height
