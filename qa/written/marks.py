"""The marks of a written answer: `[1]`, `[1][2]`, `[1, 3]`, `[1-3]`."""

import re
from collections.abc import Iterator

_NUMBER = r"\d{1,4}"
MARK = re.compile(rf"\[\s{{0,3}}{_NUMBER}(?:\s{{0,3}}[,;–-]\s{{0,3}}{_NUMBER}){{0,40}}\s{{0,3}}\]")
"""One bracket with the numbers it cites."""

UNFINISHED = re.compile(r"\s*\[[\d\s,;–-]{0,200}\Z")
"""A mark that the end of a stream has cut."""

_PART = re.compile(rf"({_NUMBER})(?:\s*[–-]\s*({_NUMBER}))?")

# a longer run is rather one mark than a hundred
_LONGEST_RUN = 20


def cited(text: str) -> tuple[int, ...]:
    """Return the numbers that the marks in `text` cite, in order, each once."""
    return tuple(dict.fromkeys(n for mark in MARK.finditer(text) for n in _numbers(mark[0])))


def without_marks(text: str) -> str:
    """Return `text` with blanks where marks stand, so that offsets stay."""
    return MARK.sub(lambda mark: " " * len(mark[0]), text)


def _numbers(mark: str) -> Iterator[int]:
    """Yield the numbers of one bracket; "[1-3]" cites three."""
    for first, last in _PART.findall(mark):
        yield int(first)
        if last and int(first) < int(last) <= int(first) + _LONGEST_RUN:
            yield from range(int(first) + 1, int(last))
        if last:
            yield int(last)
