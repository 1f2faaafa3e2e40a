"""A line on a page, and how two lines stand to each other."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

# A larger share of the usual leading above a line parts it from the line above.
_WIDE = 1.3

# Lines whose feet are nearer than this share of their height stand beside each other.
_SAME_ROW = 0.2

# Where two lines differ more in height, one is a heading or a note.
_SAME_HEIGHT = 1.15

# Prose is rarely set looser, in heights of a line; what is further apart may be paragraphs.
_LOOSE = 1.3

# Of the lines of loose prose at least so many go on with a small letter: in German, half do.
_WITHIN_SHARE = 1 / 3

_TERMINAL = re.compile(r"[.!?…:;][\"'»”’)\]\s]*\Z")


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

    @property
    def width(self) -> float:
        """Return how far it reaches."""
        return self.right - self.left


class _Gap(NamedTuple):
    """How far a line is from the one above it, in its heights; whether a sentence goes across."""

    height: float
    is_within: bool


def usual_leading(pages: Sequence[Sequence[Line]]) -> float:
    """Return the usual distance of a line from the one above it, in heights of the line.

    It is the median of those within a sentence. Of a short text most distances are those between
    paragraphs, which no line goes across: a wide one is believed only where many lines do.
    """
    gaps = [gap for lines in pages for gap in _gaps(lines)]
    within = sorted(gap.height for gap in gaps if gap.is_within)
    if within:
        usual = within[(len(within) - 1) // 2]
        near = [gap.is_within for gap in gaps if gap.height <= _WIDE * usual]
        if usual <= _LOOSE or sum(near) >= _WITHIN_SHARE * len(near):
            return usual
    heights = sorted(gap.height for gap in gaps)
    return min(heights[len(heights) // 4], _LOOSE) if heights else 1.0


def _gaps(lines: Sequence[Line]) -> Iterator[_Gap]:
    """Yield the distances between the lines of a page that are of one height."""
    widest = max((line.width for line in lines), default=0.0)
    for above, line in pairwise(lines):
        if is_below(above, line) and are_alike(above, line):
            is_within = (
                line.text[:1].islower()
                and not ends_sentence(above.text)
                and above.width >= widest / 2
            )
            yield _Gap((above.bottom - line.bottom) / line.height, is_within)


def ends_sentence(text: str) -> bool:
    """Whether `text` ends as a sentence does."""
    return _TERMINAL.search(text) is not None


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
