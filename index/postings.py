"""Which rows hold which terms, in three bytes a posting, and taken over from one build to the next.

Rows are cut into blocks of 65,536, as in Roaring bitmaps (Chambi et al. 2016): a posting is a row
within its block (two bytes) and, if asked for, how often the row says the term (one byte); the
postings of one term in one block are a run. Nothing is read when it is opened; what is asked for is
read where it lies.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from index.arrays import Data, array_bytes, ranges, read_array
from index.terms import Terms

_BLOCK_BITS = 16
_BLOCK_ROWS = 1 << _BLOCK_BITS

MAX_COUNT = 255
"""A term that a row says more often counts as if it were said so often."""

_COUNTS = "counts.npy"
_ARRAYS = {"runs.npy": "<u4", "blocks.npy": "<u2", "places.npy": "<u4", "rows.npy": "<u2"}

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
        rows: the row of each posting, in its block.
        counts: how often the row says the term, at most MAX_COUNT; None if nobody counts.
    """

    runs: NDArray[np.uint32]
    blocks: NDArray[np.uint16]
    places: NDArray[np.uint32]
    rows: NDArray[np.uint16]
    counts: Counts | None


class Held(NamedTuple):
    """The rows that hold a term, in order, and how often each says it."""

    rows: NDArray[np.int32]
    counts: Counts | None


class _Said(NamedTuple):
    """Postings of one block, in any order: term, row in the block, how often."""

    terms: Numbers
    rows: Numbers
    counts: Counts


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
        numbers = _Numbering(before.terms if before is not None else None)
        taken = _Taken(before) if before is not None else None
        joined = _Joined(counted=counted)
        for first in range(0, len(rows), _BLOCK_ROWS):
            of_block = range(first, min(first + _BLOCK_ROWS, len(rows)))
            said = [_fresh(rows, of_block, same, numbers)]
            if taken is not None:
                said.append(taken.rows(same[of_block.start : of_block.stop]))
            joined.add(said)
        terms, arrays = joined.finish(numbers)
        return cls(len(rows), terms, arrays)

    @classmethod
    def from_files(cls, length: int, files: Mapping[str, Data], *, counted: bool = True) -> Self:
        """Read back what `to_files` returned; what is mapped stays where it is.

        Raises:
            ValueError: if it is anything else.
        """
        runs, blocks, places, rows = (
            read_array(files[name], dtype) for name, dtype in _ARRAYS.items()
        )
        counts = read_array(files[_COUNTS], "|u1") if counted else None
        terms = Terms.from_files(files)
        ends_meet = len(runs) == len(terms) + 1 and len(places) == len(blocks) + 1
        if not ends_meet or runs[-1] != len(blocks) or places[-1] != len(rows):
            raise ValueError("terms and postings of different lengths")
        if counts is not None and len(counts) != len(rows):
            raise ValueError("postings and counts of different lengths")
        return cls(length, terms, Arrays(runs, blocks, places, rows, counts))

    def to_files(self) -> dict[str, bytes]:
        """Return terms and arrays: files by name."""
        runs, blocks, places, rows, counts = self._all
        arrays: Sequence[NDArray[Any]] = (runs, blocks, places, rows)
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
        runs, blocks, places, rows, counts = self._all
        of_term = slice(int(runs[column]), int(runs[column + 1]))
        bounds = places[of_term.start : of_term.stop + 1].astype(np.int64)
        if len(bounds) < 2 or bounds[0] >= bounds[-1]:
            raise ValueError("a term without postings")
        firsts = blocks[of_term].astype(np.int32) << _BLOCK_BITS  # damaged ones may be negative
        postings = slice(int(bounds[0]), int(bounds[-1]))
        found = rows[postings].astype(np.int32)
        found += np.repeat(firsts, np.diff(bounds))
        if found.min() < 0 or found.max() >= self.length:
            raise ValueError("postings of rows that are not there")
        return Held(found, counts[postings] if counts is not None else None)

    def totals(self) -> Numbers:
        """Return how many terms each row says, repeated ones as often as they are counted."""
        totals = np.zeros(self.length, dtype=np.int64)
        for first in range(0, self.length, _BLOCK_ROWS):
            said = self.of_block(first >> _BLOCK_BITS)
            of_block = totals[first : first + _BLOCK_ROWS]
            of_block += np.bincount(said.rows, said.counts, len(of_block)).astype(np.int64)
        return totals

    def of_block(self, block: int) -> _Said:
        """Return the postings of all rows of a block, the terms by column and in order."""
        runs, blocks, places, rows, counts = self._all
        of_block = np.flatnonzero(blocks == block)
        firsts = places[of_block].astype(np.int64)
        lengths = places[of_block + 1] - firsts
        postings = ranges(firsts, lengths)
        columns = np.searchsorted(runs, of_block.astype(runs.dtype), side="right") - 1
        said = counts[postings] if counts is not None else np.ones(len(postings), dtype=np.uint8)
        return _Said(np.repeat(columns, lengths), rows[postings].astype(np.int64), said)

    def check(self) -> None:
        """Read all of it.

        Raises:
            ValueError: if terms or postings are out of order, or lead out of the rows.
        """
        self.terms.check()
        runs, blocks, places, rows, counts = self._all
        lengths, widths = _lengths(places), _lengths(runs)
        if runs[0] or places[0] or (widths < 1).any():
            raise ValueError("a term without postings")
        if (lengths < 1).any() or (counts is not None and not counts.all()):
            raise ValueError("postings of nothing")
        columns = np.repeat(np.arange(len(self.terms)), widths)
        ordered = np.repeat((columns << _BLOCK_BITS) + blocks, lengths)
        ordered = (ordered << _BLOCK_BITS) + rows
        last = np.repeat(blocks.astype(np.int64), lengths) << _BLOCK_BITS
        if (np.diff(ordered) < 1).any() or (last + rows >= self.length).any():
            raise ValueError("postings of rows that are not there, or out of order")


class _Numbering(dict[str, int]):
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


class _Taken:
    """The rows of a build before, found by row; the postings lie in order of term."""

    def __init__(self, before: Postings) -> None:
        """Take what is there."""
        self._before = before
        self._block = -1, np.zeros(1, dtype=np.int64), before.of_block(-1)

    def rows(self, old: OldRows) -> _Said:
        """Return the postings of `old` rows, each as of its place in `old`; -1 has none."""
        places = np.flatnonzero(old >= 0)
        places = places[np.argsort(old[places] >> _BLOCK_BITS, kind="stable")]
        blocks = old[places] >> _BLOCK_BITS
        cuts = np.flatnonzero(np.diff(blocks)) + 1
        parts = [self._of_block(old, part) for part in np.split(places, cuts) if len(part)]
        return _together(parts)

    def _of_block(self, old: OldRows, places: Numbers) -> _Said:
        """Return the postings of the rows at `places` of `old`, which lie in one block."""
        starts, said = self._open(int(old[places[0]]) >> _BLOCK_BITS)
        rows = old[places] & (_BLOCK_ROWS - 1)
        lengths = starts[rows + 1] - starts[rows]
        found = ranges(starts[rows], lengths)
        return _Said(said.terms[found], np.repeat(places, lengths), said.counts[found])

    def _open(self, block: int) -> tuple[Numbers, _Said]:
        """Return the postings of a block in order of row, and where those of each row start."""
        if self._block[0] != block:
            said = self._before.of_block(block)
            order = np.argsort(said.rows, kind="stable")
            starts = np.concatenate([[0], np.cumsum(np.bincount(said.rows, minlength=_BLOCK_ROWS))])
            terms, rows, counts = said
            self._block = block, starts, _Said(terms[order], rows[order], counts[order])
        return self._block[1:]


class _Joined:
    """The postings of all blocks, as they come."""

    def __init__(self, *, counted: bool) -> None:
        """Begin without a block."""
        self._counted = counted
        self._terms: list[Numbers] = []
        self._lengths: list[Numbers] = []
        self._rows: list[NDArray[np.uint16]] = []
        self._counts: list[Counts] = []

    def add(self, parts: Sequence[_Said]) -> None:
        """Add the next block."""
        said = _together(parts)
        keys = (said.terms << _BLOCK_BITS) | said.rows
        order = np.argsort(keys)
        starts = _starts(said.terms[order])
        self._terms.append(said.terms[order][starts])
        self._lengths.append(np.diff(np.append(starts, len(order))))
        self._rows.append(said.rows[order].astype(np.uint16))
        self._counts.append(said.counts[order] if self._counted else said.counts[:0])

    def finish(self, numbers: _Numbering) -> tuple[Terms, Arrays]:
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
        if places[-1] > np.iinfo(np.uint32).max:
            raise ValueError(f"{places[-1]} postings")
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
        return Arrays(
            np.searchsorted(columns[order], np.arange(width + 1)).astype(np.uint32),
            blocks[order].astype(np.uint16),
            places.astype(np.uint32),
            rows,
            counts if self._counted else None,
        )


def _fresh(
    rows: Sequence[Mapping[str, int]], of_block: range, same: OldRows, numbers: _Numbering
) -> _Said:
    """Return the postings of the rows of a block that nothing is known of."""
    terms: list[int] = []
    counts: list[int] = []
    lengths = np.zeros(len(of_block), dtype=np.int64)
    for place in np.flatnonzero(same[of_block.start : of_block.stop] < 0).tolist():
        said = rows[of_block[place]]
        terms.extend(map(numbers.__getitem__, said))
        counts.extend(said.values())
        lengths[place] = len(said)
    return _Said(
        np.array(terms, dtype=np.int64),
        np.repeat(np.arange(len(of_block)), lengths),
        np.minimum(np.array(counts, dtype=np.int64), MAX_COUNT).astype(np.uint8),
    )


def _together(parts: Sequence[_Said]) -> _Said:
    """Return postings as one."""
    return _Said(
        _one([part.terms for part in parts], np.int64),
        _one([part.rows for part in parts], np.int64),
        _one([part.counts for part in parts], np.uint8),
    )


def _one(arrays: Sequence[NDArray[Any]], dtype: type[np.generic]) -> NDArray[Any]:
    """Return arrays, or none, as one."""
    return np.concatenate(arrays) if arrays else np.empty(0, dtype=dtype)


def _lengths(bounds: NDArray[Any]) -> Numbers:
    """Return how far it is from each number to the next."""
    return np.asarray(bounds[1:].astype(np.int64) - bounds[:-1])


def _starts(ordered: Numbers) -> Numbers:
    """Return where each number begins in numbers that are in order."""
    return np.flatnonzero(np.diff(ordered, prepend=-1))
