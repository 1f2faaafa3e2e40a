"""The postings of a build, block by block, put into runs: see `index.postings`."""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index import gaps
from index.arrays import ranges
from index.errors import CorpusTooLarge
from index.terms import MOST_PLACES, Terms

BLOCK_BITS = 16
BLOCK_ROWS = 1 << BLOCK_BITS

MAX_COUNT = 255
"""A term that a row says more often counts as if it were said so often."""

SLICE_ROWS = 4096
"""Rows whose postings are gathered at once: some five megabytes."""

# a posting is sorted as one number: term, row in the block, how often
_ROW_SHIFT = 8
_TERM_SHIFT = _ROW_SHIFT + BLOCK_BITS

OldRows = NDArray[np.int64]
"""For each row, the row of the build before that holds the same terms; -1 if there is none."""

Numbers = NDArray[np.int64]
Counts = NDArray[np.uint8]


class Arrays(NamedTuple):
    """Postings as they lie in files.

    Attributes:
        runs: the runs of column c are those from `runs[c]` to `runs[c + 1]`.
        blocks: the block of each run.
        places: the postings of run r are those from `places[r]` to `places[r + 1]`.
        starts: the rows of run r are written from `starts[r]` to `starts[r + 1]`.
        rows: the row of each posting in its block, as `gaps.encode` writes them.
        counts: how often the row says the term, at most MAX_COUNT; None if nobody counts.
    """

    runs: NDArray[np.uint32]
    blocks: NDArray[np.uint16]
    places: NDArray[np.uint32]
    starts: NDArray[np.uint32]
    rows: NDArray[np.uint8]
    counts: Counts | None

    def rows_of(self, runs: Numbers) -> Numbers:
        """Return the rows of some runs, in their blocks, one run behind the other.

        Raises:
            ValueError: if they are damaged.
        """
        starts, ends = (self.starts[at].astype(np.int64) for at in (runs, runs + 1))
        counts = self.places[runs + 1].astype(np.int64) - self.places[runs]
        if (counts < 1).any():
            raise ValueError("a term without postings")
        return gaps.decode(self.rows, starts, ends, counts)


class Said(NamedTuple):
    """Postings of one block, in any order: term, row in the block, how often."""

    terms: NDArray[np.uint32]
    rows: NDArray[np.uint16]
    counts: Counts


class Numbering(dict[str, int]):
    """A number for each term, as it comes: its old column, or one behind all of these."""

    def __init__(self, before: Terms | None) -> None:
        """Begin with the columns of the build before."""
        super().__init__()
        self._before = before if before is not None else Terms.of([])
        self._fresh: list[str] = []

    def __missing__(self, term: str) -> int:
        """Give a term its number."""
        number = self._before.find(term)
        if number is None:
            number = len(self._before) + len(self._fresh)
            self._fresh.append(term)
        self[term] = number
        return number

    def encoded(self, numbers: Numbers) -> list[bytes]:
        """Return the terms of some numbers, many of them, in UTF-8."""
        terms = list(self._before)
        terms.extend(term.encode("utf-8", "surrogatepass") for term in self._fresh)
        return [terms[number] for number in numbers.tolist()]


class Joined:
    """The postings of all blocks, as they come."""

    def __init__(self, *, counted: bool) -> None:
        """Begin without a block."""
        self._counted = counted
        self._terms: list[Numbers] = []
        self._lengths: list[Numbers] = []
        self._rows: list[NDArray[np.uint16]] = []
        self._counts: list[Counts] = []

    def add(self, parts: Iterable[Said]) -> None:
        """Add the next block."""
        keys = _sorted_keys([*parts])
        starts = _starts(keys)
        self._terms.append(keys[starts] >> _TERM_SHIFT)
        self._lengths.append(np.diff(np.append(starts, len(keys))))
        counts = keys.astype(np.uint8) if self._counted else np.empty(0, dtype=np.uint8)
        self._counts.append(counts)
        keys >>= _ROW_SHIFT
        self._rows.append(keys.astype(np.uint16))

    def finish(self, numbers: Numbering) -> tuple[Terms, Arrays]:
        """Put the runs of each term beside each other, the terms in order."""
        terms = _one(self._terms, np.int64)
        used = np.unique(terms)
        encoded = numbers.encoded(used)
        order = sorted(range(len(encoded)), key=encoded.__getitem__)
        columns = np.empty(len(order), dtype=np.int64)
        columns[order] = np.arange(len(order))
        of_run = columns[np.searchsorted(used, terms)]
        arrays = self._arrange(of_run, len(order))
        return Terms.of([encoded[number] for number in order]), arrays

    def _arrange(self, columns: Numbers, width: int) -> Arrays:
        """Move each run to its place; `columns` tells the column of each."""
        lengths = _one(self._lengths, np.int64)
        blocks = np.repeat(np.arange(len(self._terms)), [len(terms) for terms in self._terms])
        order = np.argsort(columns, kind="stable")
        places = np.concatenate([[0], np.cumsum(lengths[order])])
        narrow = _narrowed(places)  # before room is taken for what does not fit
        moved = np.empty(len(order), dtype=np.int64)
        moved[order] = places[:-1]
        rows = np.empty(places[-1], dtype=np.uint16)
        counts = np.empty(places[-1] if self._counted else 0, dtype=np.uint8)
        self._move(rows, counts, moved, lengths)
        written, starts = gaps.encode(rows, places)
        return Arrays(
            np.searchsorted(columns[order], np.arange(width + 1)).astype(np.uint32),
            blocks[order].astype(np.uint16),
            narrow,
            _narrowed(starts),
            written,
            counts if self._counted else None,
        )

    def _move(
        self, rows: NDArray[np.uint16], counts: Counts, moved: Numbers, lengths: Numbers
    ) -> None:
        """Write each run of every block where it is `moved` to; no block is kept."""
        run = 0
        while self._rows:
            in_block, said = self._rows.pop(0), self._counts.pop(0)
            of_block = len(self._lengths.pop(0))
            bounds = np.concatenate([[0], np.cumsum(lengths[run : run + of_block])])
            for first, end in gaps.slices(bounds):
                part = slice(bounds[first], bounds[end])
                to = ranges(moved[run + first : run + end], lengths[run + first : run + end])
                rows[to] = in_block[part]
                if self._counted:
                    counts[to] = said[part]
            run += of_block


def _narrowed(places: Numbers) -> NDArray[np.uint32]:
    """Return places, in order, as numbers of 32 bits.

    Raises:
        CorpusTooLarge: if the last one is too large.
    """
    if len(places) and places[-1] > MOST_PLACES:
        raise CorpusTooLarge(int(places[-1]), MOST_PLACES)
    return places.astype(np.uint32)


def fresh(
    rows: Sequence[Mapping[str, int]], of_block: range, same: OldRows, numbers: Numbering
) -> Iterator[Said]:
    """Yield the postings of the rows of a block that nothing is known of, some rows at a time."""
    new = np.flatnonzero(same[of_block.start : of_block.stop] < 0)
    for first in range(0, len(new), SLICE_ROWS):
        places = new[first : first + SLICE_ROWS]
        yield _gathered((rows[of_block[place]] for place in places.tolist()), places, numbers)


def _gathered(rows: Iterable[Mapping[str, int]], places: Numbers, numbers: Numbering) -> Said:
    """Return the postings of rows, each as of its place in the block."""
    terms, counts, lengths = array("I"), array("I"), array("I")
    for said in rows:
        terms.extend(map(numbers.__getitem__, said))
        counts.extend(said.values())
        lengths.append(len(said))
    return Said(
        np.array(terms, dtype=np.uint32),
        np.repeat(places.astype(np.uint16), np.array(lengths)),
        np.minimum(np.array(counts, dtype=np.uint32), MAX_COUNT).astype(np.uint8),
    )


def together(parts: Sequence[Said]) -> Said:
    """Return postings as one."""
    return Said(
        _one([part.terms for part in parts], np.uint32),
        _one([part.rows for part in parts], np.uint16),
        _one([part.counts for part in parts], np.uint8),
    )


def _starts(keys: Numbers) -> Numbers:
    """Return where each term begins in numbers that `_sorted_keys` returned."""
    changed = np.bitwise_xor(keys[1:], keys[:-1])
    changed >>= _TERM_SHIFT
    first = np.zeros(min(len(keys), 1), dtype=np.int64)
    return np.concatenate([first, np.flatnonzero(changed) + 1])


def _sorted_keys(parts: list[Said]) -> Numbers:
    """Return the postings of all parts as numbers, in order; none of the parts is kept."""
    keys = np.empty(sum(len(part.terms) for part in parts), dtype=np.int64)
    end = len(keys)
    while parts:
        said = parts.pop()
        part = keys[end - len(said.terms) : end]
        part[:] = said.terms
        part <<= BLOCK_BITS
        part |= said.rows
        part <<= _ROW_SHIFT
        part |= said.counts
        end -= len(part)
    keys.sort()
    return keys


def _one(arrays: Sequence[NDArray[Any]], dtype: type[np.generic]) -> NDArray[Any]:
    """Return arrays, or none, as one."""
    return np.concatenate(arrays) if arrays else np.empty(0, dtype=dtype)
