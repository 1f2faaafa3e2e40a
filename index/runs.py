"""The postings of a build, block by block, put into runs: see `index.postings`."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index import gaps
from index.arrays import ranges
from index.terms import Terms

BLOCK_BITS = 16
BLOCK_ROWS = 1 << BLOCK_BITS

MAX_COUNT = 255
"""A term that a row says more often counts as if it were said so often."""

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

    terms: Numbers
    rows: Numbers
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

    def encoded(self, number: int) -> bytes:
        """Return the term of a number, in UTF-8."""
        if number < len(self._before):
            return self._before.encoded(number)
        return self._fresh[number - len(self._before)].encode("utf-8", "surrogatepass")


class Joined:
    """The postings of all blocks, as they come."""

    def __init__(self, *, counted: bool) -> None:
        """Begin without a block."""
        self._counted = counted
        self._terms: list[Numbers] = []
        self._lengths: list[Numbers] = []
        self._rows: list[NDArray[np.uint16]] = []
        self._counts: list[Counts] = []

    def add(self, parts: Sequence[Said]) -> None:
        """Add the next block."""
        said = together(parts)
        keys = (said.terms << BLOCK_BITS) | said.rows
        order = np.argsort(keys)
        starts = _starts(said.terms[order])
        self._terms.append(said.terms[order][starts])
        self._lengths.append(np.diff(np.append(starts, len(order))))
        self._rows.append(said.rows[order].astype(np.uint16))
        self._counts.append(said.counts[order] if self._counted else said.counts[:0])

    def finish(self, numbers: Numbering) -> tuple[Terms, Arrays]:
        """Put the runs of each term beside each other, the terms in order."""
        terms = _one(self._terms, np.int64)
        used = np.unique(terms)
        encoded = [numbers.encoded(number) for number in used.tolist()]
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
        run = 0
        for of_block, in_block, said in zip(self._lengths, self._rows, self._counts, strict=True):
            to = ranges(moved[run : run + len(of_block)], of_block)
            rows[to] = in_block
            counts[to[: len(said)]] = said
            run += len(of_block)
        written, starts = gaps.encode(rows, places)
        return Arrays(
            np.searchsorted(columns[order], np.arange(width + 1)).astype(np.uint32),
            blocks[order].astype(np.uint16),
            narrow,
            _narrowed(starts),
            written,
            counts if self._counted else None,
        )


def _narrowed(places: Numbers) -> NDArray[np.uint32]:
    """Return places, in order, as numbers of 32 bits.

    Raises:
        ValueError: if the last one is too large: an index of one machine holds no more.
    """
    if len(places) and places[-1] > np.iinfo(np.uint32).max:
        raise ValueError(f"a place of {places[-1]} in the postings, which has no 32 bits")
    return places.astype(np.uint32)


def fresh(
    rows: Sequence[Mapping[str, int]], of_block: range, same: OldRows, numbers: Numbering
) -> Said:
    """Return the postings of the rows of a block that nothing is known of."""
    terms: list[int] = []
    counts: list[int] = []
    lengths = np.zeros(len(of_block), dtype=np.int64)
    for place in np.flatnonzero(same[of_block.start : of_block.stop] < 0).tolist():
        said = rows[of_block[place]]
        terms.extend(map(numbers.__getitem__, said))
        counts.extend(said.values())
        lengths[place] = len(said)
    return Said(
        np.array(terms, dtype=np.int64),
        np.repeat(np.arange(len(of_block)), lengths),
        np.minimum(np.array(counts, dtype=np.int64), MAX_COUNT).astype(np.uint8),
    )


def together(parts: Sequence[Said]) -> Said:
    """Return postings as one."""
    return Said(
        _one([part.terms for part in parts], np.int64),
        _one([part.rows for part in parts], np.int64),
        _one([part.counts for part in parts], np.uint8),
    )


def _one(arrays: Sequence[NDArray[Any]], dtype: type[np.generic]) -> NDArray[Any]:
    """Return arrays, or none, as one."""
    return np.concatenate(arrays) if arrays else np.empty(0, dtype=dtype)


def _starts(ordered: Numbers) -> Numbers:
    """Return where each number begins in numbers that are in order."""
    return np.flatnonzero(np.diff(ordered, prepend=-1))
