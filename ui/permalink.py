"""Permanent links (see `qa/links.py`) read again: where the words that one points at stand now.

The part after `#` never reaches a server: the page asks `article.html` for the place it names.
Words that moved are shown where they stand now; of words that are gone the reader is told that the
article changed.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from qa.links import digest_quote
from qa.types import Span
from ui.highlight import Quote

# Places of an article looked at for words that moved: about a third of a second.
_MAX_PLACES = 200_000

# START-END, then the hash and the number of the mark, where they are known.
_PLACE = re.compile(r"(\d{1,9})-(\d{1,9})(?:-([0-9a-f]{10}))?(?:-(\d{1,4}))?")


class Place(NamedTuple):
    """Where a link says that a quote stands; `digest` is "" and `number` 0 when not known."""

    start: int
    end: int
    digest: str
    number: int


class Found(NamedTuple):
    """Where the quote of a link stands now: `quote` is None when its words are gone."""

    place: Place
    quote: Quote | None

    @property
    def has_moved(self) -> bool:
        """Whether the same words stand elsewhere than the link says."""
        return self.quote is not None and self.quote.start != self.place.start


def describe_place(text: str, quote: Quote) -> str:
    """Return a quote as `read_places` reads it: START-END-HASH-NUMBER."""
    digest = digest_quote(text[quote.start : quote.end])
    return f"{quote.start}-{quote.end}-{digest}-{quote.number}"


def read_places(written: Iterable[str]) -> Iterator[Place]:
    """Read places that a browser sends; what is none is passed over."""
    for text in written:
        match = _PLACE.fullmatch(text)
        if match and int(match[1]) < int(match[2]):
            yield Place(int(match[1]), int(match[2]), match[3] or "", int(match[4] or 0))


def read_span(written: str) -> Span | None:
    """Read a passage START-END that a browser sends; None when it is none."""
    return next((place[:2] for place in read_places([written])), None)


def find_quote(text: str, place: Place) -> Found:
    """Find the words that a link points at: at their place, else nearest to it."""
    start = _start_of(text, place)
    if start is None:
        return Found(place, None)
    return Found(place, Quote(start, start + place.end - place.start, place.number))


def _start_of(text: str, place: Place) -> int | None:
    """Return where the words of a link begin now, or None when they are gone."""
    length = place.end - place.start
    if not place.digest:
        return place.start if place.end <= len(text) else None
    for start in _nearest_first(place.start, len(text) - length):
        if digest_quote(text[start : start + length]) == place.digest:
            return start
    return None


def _nearest_first(start: int, last: int) -> Iterator[int]:
    """Yield the places from 0 to `last`, those nearest to `start` first."""
    for distance in range(min(max(start, last) + 1, _MAX_PLACES // 2)):
        if start + distance <= last:
            yield start + distance
        if distance and 0 <= start - distance <= last:
            yield start - distance
