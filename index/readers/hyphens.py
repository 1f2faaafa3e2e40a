"""Hyphens at the end of a line: those that only cut a word go, those of the word itself stay.

The document decides where it can: "tram-/way" is one word if it writes "tramway" elsewhere.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Protocol

_WORD = re.compile(r"[^\W\d_]+(?:[-‐‑][^\W\d_]+)*")
_LAST = re.compile(r"[^\W\d_]+\Z")
_FIRST = re.compile(r"[^\W\d_]+")

# Keep their hyphen wherever they stand in front of it: a word of them written in one is rare.
_FIRST_PARTS = re.compile(
    "dix|vingt|trente|quarante|cinquante|soixante|quatre|cent|peut|celui|celle|ceux|celles|lui|eux|"
    "soi|quelques|sous|ex|non|vice|demi|semi|après|avant|arrière|quasi|self|well|twenty|thirty|"
    "forty|fifty|sixty|seventy|eighty|ninety",
    re.IGNORECASE,
)
# And those behind it: "a-t-/il", "elle-/même".
_LAST_PARTS = re.compile("mêmes?|ils?|elles?|on|ci|là")


class Cuttable(Protocol):
    """A line, and whether a hyphen that its text does not hold ended it."""

    @property
    def text(self) -> str:
        """Return the line."""

    @property
    def is_cut(self) -> bool:
        """Return whether a hyphen ended it."""


class Words:
    """How often a document writes each word inside its lines."""

    def __init__(self, lines: Iterable[Cuttable]) -> None:
        """Count the words of `lines`, without the halves of those that are cut."""
        self._counts: Counter[str] = Counter()
        after_cut = False
        for line in lines:
            words = [word.casefold() for word in _WORD.findall(line.text)]
            self._counts.update(words[after_cut : len(words) - line.is_cut])
            after_cut = line.is_cut

    def count(self, word: str) -> int:
        """Return how often `word` is written so, in small letters or capitals."""
        return self._counts[word.casefold()]


def mend(lines: Sequence[Cuttable], words: Words) -> str:
    """Put lines together with blanks, or with what the word that was cut needs."""
    parts: list[str] = []
    for line, following in zip(lines, [*lines[1:], None], strict=True):
        parts.append(line.text)
        if following is None:
            parts.append("-" if line.is_cut else "")
        elif not line.is_cut:
            parts.append(" ")
        elif _keeps_hyphen(line.text, following.text, words):
            parts.append("-")
    return " ".join("".join(parts).split())


def _keeps_hyphen(before: str, after: str, words: Words) -> bool:
    """Whether the hyphen between `before` and `after` belongs to the word."""
    first, last = _LAST.search(before), _FIRST.match(after)
    if first is None or last is None or not last[0][0].islower():
        return True
    in_one, in_two = words.count(first[0] + last[0]), words.count(f"{first[0]}-{last[0]}")
    if in_one != in_two:
        return in_two > in_one
    return bool(_FIRST_PARTS.fullmatch(first[0]) or _LAST_PARTS.fullmatch(last[0]))
