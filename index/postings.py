"""Which rows hold which terms, in two bytes a posting, and taken over from one build to the next.

Rows are cut into blocks of 65,536, as in Roaring bitmaps (Chambi et al. 2016): a posting is a row
within its block (about a byte, see `index.gaps`) and, if asked for, how often the row says the term
(one byte); the postings of one term in one block are a run. Nothing is read when it is opened; what
is asked for is read where it lies.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from index import gaps
from index.arrays import Data, array_bytes, ranges, read_array
from index.runs import (
    BLOCK_BITS,
    BLOCK_ROWS,
    SLICE_ROWS,
    Arrays,
    Counts,
    Joined,
    Numbering,
    Numbers,
    OldRows,
    Said,
    fresh,
    together,
)
from index.terms import Terms

_COUNTS = "counts.npy"
_ARRAYS = {
    "runs.npy": "<u4",
    "blocks.npy": "<u2",
    "places.npy": "<u4",
    "starts.npy": "<u4",
    "rows.npy": "|u1",
}


class Held(NamedTuple):
    """The rows that hold a term, in order, and how often each says it."""

    rows: NDArray[np.int32]
    counts: Counts | None


class Postings:
    """Terms, and the rows that hold each."""

    FILES = tuple(sorted([*_ARRAYS, *Terms.FILES]))
    COUNTED_FILES = tuple(sorted([*FILES, _COUNTS]))

    def __init__(self, length: int, terms: Terms, arrays: Arrays) -> None:
        """Take the postings of `terms` over `length` rows."""
        self.length = length
        self.terms = terms
        self._all = arrays

    @classmethod
    def build(
        cls,
        rows: Sequence[Mapping[str, int]],
        before: "Postings | None" = None,
        same: OldRows | None = None,
        *,
        counted: bool = True,
    ) -> Self:
        """Index how often each row says each of its terms.

        Args:
            rows: by row; those that `before` holds are not asked for.
            before: the index of the build before.
            same: where `before` holds each row.
            counted: whether to keep how often.

        Returns:
            The same, byte for byte, whatever of it was taken over.
        """
        if before is None or same is None:
            before, same = None, np.full(len(rows), -1, dtype=np.int64)
        numbers = Numbering(before.terms if before is not None else None)
        taken = _Taken(before) if before is not None else None
        joined = Joined(counted=counted)
        for first in range(0, len(rows), BLOCK_ROWS):
            of_block = range(first, min(first + BLOCK_ROWS, len(rows)))
            said = fresh(rows, of_block, same, numbers)
            if taken is not None:
                said = chain(said, taken.rows(same[of_block.start : of_block.stop]))
            joined.add(said)
        terms, arrays = joined.finish(numbers)
        return cls(len(rows), terms, arrays)

    @classmethod
    def from_files(cls, length: int, files: Mapping[str, Data], *, counted: bool = True) -> Self:
        """Read back what `to_files` returned; what is mapped stays where it is.

        Raises:
            ValueError: if it is anything else.
        """
        runs, blocks, places, starts, rows = (
            read_array(files[name], dtype) for name, dtype in _ARRAYS.items()
        )
        counts = read_array(files[_COUNTS], "|u1") if counted else None
        terms = Terms.from_files(files)
        ends_meet = len(runs) == len(terms) + 1 and len(places) == len(starts) == len(blocks) + 1
        if not ends_meet or runs[-1] != len(blocks) or starts[-1] != len(rows):
            raise ValueError("terms and postings of different lengths")
        if counts is not None and len(counts) != places[-1]:
            raise ValueError("postings and counts of different lengths")
        return cls(length, terms, Arrays(runs, blocks, places, starts, rows, counts))

    def to_files(self) -> dict[str, bytes]:
        """Return terms and arrays: files by name."""
        counts = self._all.counts
        arrays: Sequence[NDArray[Any]] = self._all[:-1]
        found = zip(_ARRAYS.items(), arrays, strict=True)
        files = {
            name: array_bytes(array.astype(dtype, copy=False)) for (name, dtype), array in found
        }
        if counts is not None:
            files[_COUNTS] = array_bytes(counts)
        return files | self.terms.to_files()

    def held(self, term: str) -> Held | None:
        """Return the rows that hold a term, or None if there are none.

        Raises:
            ValueError: if the postings are damaged.
        """
        column = self.terms.find(term)
        if column is None:
            return None
        arrays = self._all
        of_term = np.arange(int(arrays.runs[column]), int(arrays.runs[column + 1]))
        if not len(of_term) or of_term[-1] >= len(arrays.blocks):
            raise ValueError("a term without postings")
        lengths = arrays.places[of_term + 1].astype(np.int64) - arrays.places[of_term]
        found = arrays.rows_of(of_term).astype(np.int32)
        firsts = arrays.blocks[of_term].astype(np.int32) << BLOCK_BITS  # damaged: may be negative
        found += np.repeat(firsts, lengths)
        if found.min() < 0 or found.max() >= self.length:
            raise ValueError("postings of rows that are not there")
        first = int(arrays.places[of_term[0]])
        counts = arrays.counts[first : first + len(found)] if arrays.counts is not None else None
        if counts is not None and len(counts) != len(found):
            raise ValueError("postings without counts")
        return Held(found, counts)

    def holding(self) -> Numbers:
        """Return how many rows hold each term, by column."""
        places = self._all.places.astype(np.int64)
        return np.asarray(np.diff(places[self._all.runs]))

    def totals(self) -> Numbers:
        """Return how many terms each row says, repeated ones as often as they are counted."""
        totals = np.zeros(self.length, dtype=np.int64)
        for first in range(0, self.length, BLOCK_ROWS):
            of_block = totals[first : first + BLOCK_ROWS]
            for said in self._parts(first >> BLOCK_BITS):
                of_block += np.bincount(said.rows, said.counts, len(of_block)).astype(np.int64)
        return totals

    def of_block(self, block: int) -> Said:
        """Return the postings of all rows of a block, the terms by column and in order.

        Raises:
            ValueError: if they are damaged.
        """
        return together([*self._parts(block)])

    def _parts(self, block: int) -> Iterator[Said]:
        """Yield what `of_block` returns, some runs at a time."""
        arrays = self._all
        of_block = np.flatnonzero(arrays.blocks == block)
        firsts = arrays.places[of_block].astype(np.int64)
        lengths = arrays.places[of_block + 1] - firsts
        columns = np.searchsorted(arrays.runs, of_block.astype(arrays.runs.dtype), side="right") - 1
        for first, end in gaps.slices(np.concatenate([[0], np.cumsum(lengths)])):
            part = slice(first, end)
            rows = arrays.rows_of(of_block[part])
            if rows.max(initial=0) >= BLOCK_ROWS:
                raise ValueError("postings of rows that are not there")
            said = np.ones(len(rows), dtype=np.uint8)
            if arrays.counts is not None:
                said = arrays.counts[ranges(firsts[part], lengths[part])]
            terms = np.repeat(columns[part].astype(np.uint32), lengths[part])
            yield Said(terms, rows.astype(np.uint16), said)

    def check(self) -> None:
        """Read all of it.

        Raises:
            ValueError: if terms or postings are out of order, or lead out of the rows.
        """
        self.terms.check()
        arrays = self._all
        if arrays.runs[0] or arrays.places[0] or arrays.starts[0]:
            raise ValueError("postings that begin elsewhere")
        if (_lengths(arrays.runs) < 1).any() or (_lengths(arrays.places) < 1).any():
            raise ValueError("a term without postings")
        if arrays.counts is not None and not arrays.counts.all():
            raise ValueError("postings of nothing")
        columns = np.repeat(np.arange(len(self.terms)), _lengths(arrays.runs))
        if (np.diff((columns << BLOCK_BITS) + arrays.blocks) < 1).any():
            raise ValueError("runs that are out of order")
        for first in range(0, max(self.length, 1), BLOCK_ROWS):
            self._check_block(first >> BLOCK_BITS)
        if arrays.blocks.max(initial=0) << BLOCK_BITS >= max(self.length, 1):
            raise ValueError("postings of rows that are not there")

    def _check_block(self, block: int) -> None:
        """Read all of a block.

        Raises:
            ValueError: if postings are out of order, or lead out of the rows.
        """
        for said in self._parts(block):  # runs are in order, so no two parts have to be compared
            ordered = (said.terms.astype(np.int64) << BLOCK_BITS) + said.rows
            last = (block << BLOCK_BITS) + int(said.rows.max(initial=0))
            if (np.diff(ordered) < 1).any() or (len(ordered) and last >= self.length):
                raise ValueError("postings of rows that are not there, or out of order")


class _Taken:
    """The rows of a build before, found by row; the postings lie in order of term."""

    def __init__(self, before: Postings) -> None:
        """Take what is there."""
        self._before = before
        self._block = -1, np.zeros(1, dtype=np.int64), before.of_block(-1)

    def rows(self, old: OldRows) -> Iterator[Said]:
        """Yield the postings of `old` rows, each as of its place in `old`; -1 has none."""
        places = np.flatnonzero(old >= 0)
        places = places[np.argsort(old[places] >> BLOCK_BITS, kind="stable")]
        blocks = old[places] >> BLOCK_BITS
        cuts = np.flatnonzero(np.diff(blocks)) + 1
        for of_block in np.split(places, cuts):
            for first in range(0, len(of_block), SLICE_ROWS):
                yield self._of_block(old, of_block[first : first + SLICE_ROWS])

    def _of_block(self, old: OldRows, places: Numbers) -> Said:
        """Return the postings of the rows at `places` of `old`, which lie in one block."""
        starts, said = self._open(int(old[places[0]]) >> BLOCK_BITS)
        rows = old[places] & (BLOCK_ROWS - 1)
        lengths = starts[rows + 1] - starts[rows]
        found = ranges(starts[rows], lengths)
        in_block = np.repeat(places.astype(np.uint16), lengths)
        return Said(said.terms[found], in_block, said.counts[found])

    def _open(self, block: int) -> tuple[Numbers, Said]:
        """Return the postings of a block in order of row, and where those of each row start."""
        if self._block[0] != block:
            said = self._before.of_block(block)
            order = np.argsort(said.rows, kind="stable")
            starts = np.concatenate([[0], np.cumsum(np.bincount(said.rows, minlength=BLOCK_ROWS))])
            terms, rows, counts = said
            self._block = block, starts, Said(terms[order], rows[order], counts[order])
        return self._block[1:]


def _lengths(bounds: NDArray[Any]) -> Numbers:
    """Return how far it is from each number to the next."""
    return np.asarray(bounds[1:].astype(np.int64) - bounds[:-1])
