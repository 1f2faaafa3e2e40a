"""The lexical side: BM25 over terms.

BM25 as in Lucene (k1 1.2, b 0.75). What a posting scores is worked out when it is asked for, from
how often the row says the term and how long the row is: that takes some two bytes a posting where a
score made ahead of time takes eight, and what did not change since the build before is taken over.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from index.arrays import Data, array_bytes, read_array
from index.postings import Held, Postings
from index.runs import BLOCK_BITS, BLOCK_ROWS, Counts, OldRows
from index.terms import Terms
from index.types import Hit

_K1 = 1.2
_B = 0.75

_SHAPE, _LENGTHS = "shape.json", "lengths.npy"
_LENGTH = "<u2"
_MAX_LENGTH = 65_535

Words = Sequence[Mapping[str, float]]
"""For each word of a question, the terms it may have, with their weight."""


class _Found(NamedTuple):
    """The rows that hold a term, and what it scores in each."""

    rows: NDArray[np.int32]
    scores: NDArray[np.float32]


class LexicalIndex:
    """Which rows hold which terms, and how much each counts."""

    FILES = tuple(sorted([*Postings.COUNTED_FILES, _LENGTHS, _SHAPE]))

    def __init__(self, postings: Postings, lengths: NDArray[np.uint16], terms: int) -> None:
        """Take postings, how many terms each row has, and how many all of them have."""
        self._postings = postings
        self._lengths = lengths
        self._terms = terms

    @classmethod
    def build(
        cls,
        rows: Sequence[Iterable[str]],
        before: "LexicalIndex | None" = None,
        same: OldRows | None = None,
    ) -> Self:
        """Index the terms of each row; repeated terms count.

        Args:
            rows: the terms by row; those that `before` holds are not asked for.
            before: the index of the build before.
            same: where `before` holds each row, -1 where it does not.
        """
        known = before._postings if before is not None else None
        postings = Postings.build(_Counted(rows), known, same)
        lengths = np.minimum(postings.totals(), _MAX_LENGTH)
        return cls(postings, lengths.astype(np.uint16), int(lengths.sum()))

    @classmethod
    def from_files(cls, files: Mapping[str, Data]) -> Self:
        """Read back what `to_files` returned; what is mapped stays where it is.

        Raises:
            ValueError: if it is anything else.
        """
        shape = json.loads(bytes(files[_SHAPE]))
        rows, terms = int(shape["rows"]), int(shape["terms"])
        lengths = read_array(files[_LENGTHS], _LENGTH)
        if len(lengths) != rows or terms < 0:
            raise ValueError(f"postings of {rows} rows, and lengths of {len(lengths)}")
        return cls(Postings.from_files(rows, files), lengths, terms)

    def to_files(self) -> dict[str, bytes]:
        """Return postings and lengths as files by name."""
        shape = {"rows": len(self), "terms": self._terms}
        return {
            _SHAPE: json.dumps(shape).encode(),
            _LENGTHS: array_bytes(self._lengths.astype(_LENGTH, copy=False)),
            **self._postings.to_files(),
        }

    def check(self) -> None:
        """Read all of it.

        Raises:
            ValueError: if it is damaged.
        """
        self._postings.check()
        lengths = np.minimum(self._postings.totals(), _MAX_LENGTH)
        if not np.array_equal(lengths, self._lengths) or lengths.sum() != self._terms:
            raise ValueError("lengths that are not those of the postings")

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self._lengths)

    def match(self, words: Words) -> "Matches":
        """Find the rows that hold words of a question."""
        return Matches(self, words)

    def found(self, term: str, weight: float) -> _Found | None:
        """Return the rows that hold a term, and `weight` times its score in each, or None."""
        held = self._postings.held(term)
        return _Found(held.rows, self._scores(held, weight)) if held is not None else None

    def _scores(self, held: Held, weight: float) -> NDArray[np.float32]:
        """Return `weight` times the scores of one term in the rows that hold it."""
        assert held.counts is not None
        scores = self._shares(held.rows, held.counts)
        scores *= np.float32(idf(len(self), len(held.rows)) * weight)
        return scores

    def _shares(
        self, rows: NDArray[np.int32] | NDArray[np.int64], counts: Counts
    ) -> NDArray[np.float32]:
        """Return what terms score in rows that say them so often, were all terms equally rare."""
        scale = _K1 * _B * len(self) / max(self._terms, 1)
        said = counts.astype(np.float32)
        shares = self._lengths[rows].astype(np.float32)
        shares *= np.float32(scale)
        shares += np.float32(_K1 * (1 - _B))
        shares += said
        np.divide(said, shares, out=shares)
        return shares

    @property
    def terms(self) -> Terms:
        """All terms; the column of a term is its place among them."""
        return self._postings.terms

    def holding(self) -> NDArray[np.int64]:
        """Count the rows that hold each term, by column."""
        return self._postings.holding()

    def rows(self) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
        """Yield for each row the columns of its terms, in order, and what each scores there.

        What they score is still to be multiplied by how rare a term is: see `idf`.
        """
        for first in range(0, len(self), BLOCK_ROWS):
            said = self._postings.of_block(first >> BLOCK_BITS)
            order = np.argsort(said.rows, kind="stable")
            rows = said.rows[order].astype(np.int64)
            columns = said.terms[order].astype(np.int64)
            shares = self._shares(rows + first, said.counts[order])
            ends = np.searchsorted(rows, np.arange(min(BLOCK_ROWS, len(self) - first)), "right")
            for begin, end in pairwise([0, *ends.tolist()]):
                yield columns[begin:end], shares[begin:end]


class Matches:
    """The rows that hold words of one question: looked up once, asked as often as needed."""

    def __init__(self, index: LexicalIndex, words: Words) -> None:
        """Look the words up in `index`."""
        self._length = len(index)
        self._words = [
            [
                found
                for term, weight in terms.items()
                if (found := index.found(term, weight)) is not None
            ]
            for terms in words
        ]

    @cached_property
    def weights(self) -> NDArray[np.float32]:
        """The BM25 weight of each word (Lucene's idf), highest if no row holds it."""
        counts = [self._count(alternatives) for alternatives in self._words]
        return np.array([idf(self._length, count) for count in counts], dtype=np.float32)

    @cached_property
    def _scores(self) -> NDArray[np.float32]:
        """The score of every row: the sum over the words of the best of each word's terms."""
        total = np.zeros(self._length, dtype=np.float32)
        best = np.zeros(self._length if any(len(found) > 1 for found in self._words) else 0, "f4")
        for alternatives in self._words:
            if len(alternatives) == 1:
                total[alternatives[0].rows] += alternatives[0].scores
                continue
            for rows, scores in alternatives:
                best[rows] = np.maximum(best[rows], scores)
            for rows, _scores in alternatives:
                total[rows] += best[rows]
                best[rows] = 0
        return total

    def scores(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the BM25 score of each of `rows`; 0 where no word matches."""
        return self._scores[rows]

    def best(self, k: int, rows: NDArray[np.int64] | None = None) -> list[Hit]:
        """Find the `k` rows with the best score, among `rows` if given, best first.

        Rows of one score come in order; those without any of the words never do.
        """
        if rows is None:
            rows = np.flatnonzero(self._scores)
        scores = self._scores[rows]
        rows, scores = rows[scores > 0], scores[scores > 0]
        if len(rows) > k > 0:
            least = np.partition(scores, len(scores) - k)[len(scores) - k]
            rows, scores = rows[scores >= least], scores[scores >= least]
        order = np.lexsort((rows, -scores))[: max(k, 0)]
        return [Hit(int(rows[place]), float(scores[place])) for place in order]

    def held(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell which of `rows` hold each word in any of its terms, shape (words, rows)."""
        held = np.zeros((len(self._words), len(rows)), dtype=bool)
        wanted = rows.astype(np.int32)
        for word, alternatives in enumerate(self._words):
            for found, _scores in alternatives:
                places = np.minimum(np.searchsorted(found, wanted), len(found) - 1)
                held[word] |= found[places] == wanted
        return held

    def _count(self, alternatives: Sequence[_Found]) -> int:
        """Count the rows that hold a word in any of its terms."""
        if len(alternatives) < 2:
            return len(alternatives[0].rows) if alternatives else 0
        seen = np.zeros(self._length, dtype=bool)
        for rows, _scores in alternatives:
            seen[rows] = True
        return int(np.count_nonzero(seen))


class _Counted(Sequence[Mapping[str, int]]):
    """How often rows say their terms, counted when it is asked for."""

    def __init__(self, rows: Sequence[Iterable[str]]) -> None:
        """Take the terms of each row."""
        self._rows = rows

    def __len__(self) -> int:
        """Count the rows."""
        return len(self._rows)

    def __getitem__(self, row):  # type: ignore[no-untyped-def]  # noqa: ANN001,ANN204
        """Count the terms of a row."""
        return Counter(self._rows[row])


def idf(length: int, holding: int) -> float:
    """Return how much a term weighs that `holding` of `length` rows hold."""
    return float(np.log(1 + (length - holding + 0.5) / (holding + 0.5)))
