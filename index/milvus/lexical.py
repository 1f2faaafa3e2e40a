"""BM25 over the sparse vectors of a snapshot in Milvus, the same to the last bit as on a disk.

A row scores the sum over a question's words of the best of each word's terms. Milvus adds up all
terms, which is never less: more rows are asked for than are wanted, weighed here as on a disk, and
the search ends when nothing that was not seen could come before what was.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.lexical import LexicalIndex, Matches, Words, idf
from index.milvus.layout import MOST_FOUND
from index.milvus.rows import Heavy, Rows, ServedRows
from index.terms import Terms
from index.types import Hit

# more are asked for than wanted, and many more where that does not settle it
_SPARE = 3
_WIDER = 4

# what the server adds up may differ from what is added up here in the last bits
_ROUNDING = 1e-4

_REMEMBERED_COUNTS = 4096


class ServedLexical(LexicalIndex):
    """Stands where a local store has its postings; the rows that hold a term lie in Milvus."""

    def __init__(self, rows: ServedRows, terms: Terms, holding: NDArray[np.int64]) -> None:
        """Take all terms, and how many rows hold each."""
        self._rows = rows
        self._all_terms = terms
        self._holding = holding
        self._counted: dict[tuple[int, ...], int] = {}

    def __len__(self) -> int:
        """Return the number of rows."""
        return self._rows.count

    def match(self, words: Words) -> "ServedMatches":
        """Find the rows that hold words of a question."""
        return ServedMatches(self, self._rows, words)

    def known(self, term: str, weight: float) -> tuple[int, np.float32] | None:
        """Return the column of a term, and `weight` times how rare it is; None if no row has it."""
        column = self._all_terms.find(term)
        if column is None:
            return None
        return column, np.float32(idf(len(self), int(self._holding[column])) * weight)

    def counts(self, words: Sequence[Sequence[int]]) -> list[int]:
        """Count, for each list of terms, the rows that hold any of them.

        What many rows hold is taken as if terms fell on rows by chance: its weight is small anyway.
        """
        asked = [tuple(sorted(set(columns))) for columns in words]
        known = self._counted
        if len(known) > _REMEMBERED_COUNTS:
            known = self._counted = {}
        known |= self._count(sorted(set(asked) - known.keys()))
        return [known[columns] for columns in asked]

    def _count(self, asked: Sequence[tuple[int, ...]]) -> dict[tuple[int, ...], int]:
        """Count the rows that hold any of some terms; one request tells of all that are rare."""
        sums = {columns: int(self._holding[list(columns)].sum()) for columns in asked}
        several = [columns for columns in asked if len(columns) > 1]
        rare = [columns for columns in several if sums[columns] <= MOST_FOUND]
        found = sums | {columns: self._likely(columns) for columns in several}
        if rare:
            most = max(sums[columns] for columns in rare)
            found |= zip(rare, self._rows.count_holding(rare, most), strict=True)
        return found

    def _likely(self, columns: tuple[int, ...]) -> int:
        """Return how many rows are likely to hold any of some terms."""
        counts = self._holding[list(columns)]
        missed = float(np.prod(1 - counts / len(self)))
        return max(int(counts.max()), round(len(self) * (1 - missed)))


class ServedMatches(Matches):
    """The rows that hold words of one question."""

    def __init__(self, index: ServedLexical, rows: ServedRows, words: Words) -> None:
        """Look the words up."""
        self._index = index
        self._rows = rows
        self._terms = [
            [
                found
                for term, weight in terms.items()
                if (found := index.known(term, weight)) is not None
            ]
            for terms in words
        ]

    @cached_property
    def weights(self) -> NDArray[np.float32]:
        """The BM25 weight of each word (Lucene's idf), highest if no row holds it."""
        counts = self._index.counts([[column for column, _ in terms] for terms in self._terms])
        return np.array([idf(len(self._index), count) for count in counts], dtype=np.float32)

    def scores(self, rows: Rows) -> NDArray[np.float32]:
        """Return the BM25 score of each of `rows`; 0 where no word matches."""
        return self._add_up([row.terms for row in self._rows.of(rows.tolist())])

    def _add_up(self, rows: Sequence[Mapping[int, float]]) -> NDArray[np.float32]:
        """Return the score of rows of which the terms are known."""
        total = np.zeros(len(rows), dtype=np.float32)
        shares = self._shares(rows)
        for terms in self._terms:
            best = np.zeros(len(rows), dtype=np.float32)
            for column, weight in terms:
                np.maximum(best, shares[column] * weight, out=best)
            total += best
        return total

    def held(self, rows: Rows) -> NDArray[np.bool_]:
        """Tell which of `rows` hold each word in any of its terms, shape (words, rows)."""
        held = np.zeros((len(self._terms), len(rows)), dtype=bool)
        shares = self._shares([row.terms for row in self._rows.of(rows.tolist())])
        for word, terms in enumerate(self._terms):
            for column, _weight in terms:
                held[word] |= shares[column] > 0
        return held

    def best(self, k: int, rows: Rows | None = None) -> list[Hit]:
        """Find the `k` rows with the best score, among `rows` if given, best first.

        Rows of one score come in order; those without any of the words never do.
        """
        weights = self._summed()
        if k <= 0 or not weights or (rows is not None and not len(rows)):
            return []
        limit = (1 + _SPARE) * k
        while True:
            found = self._rows.heaviest(weights, min(limit, MOST_FOUND), rows)
            hits = self._weighed(found, k)
            if limit >= MOST_FOUND or len(found) < limit or _is_settled(hits, found, k):
                return hits
            limit *= _WIDER

    def _weighed(self, found: Sequence[Heavy], k: int) -> list[Hit]:
        """Return the best `k` of some rows, by their own scores."""
        rows = np.array([heavy.row for heavy in found], dtype=np.int64)
        scores = self._add_up([heavy.terms for heavy in found])
        order = np.lexsort((rows, -scores))[:k].tolist()
        return [Hit(int(rows[i]), float(scores[i])) for i in order if scores[i] > 0]

    def _summed(self) -> dict[int, float]:
        """Return the weight of each term, added up over the words that have it."""
        summed: dict[int, float] = {}
        for terms in self._terms:
            for column, weight in terms:
                summed[column] = summed.get(column, 0.0) + float(weight)
        return {column: weight for column, weight in summed.items() if weight > 0}

    def _shares(self, rows: Sequence[Mapping[int, float]]) -> dict[int, NDArray[np.float32]]:
        """Return what each term of the question scores in rows, were all equally rare."""
        columns = {column for terms in self._terms for column, _ in terms}
        return {
            column: np.array([terms.get(column, 0.0) for terms in rows], dtype=np.float32)
            for column in columns
        }


def _is_settled(hits: Sequence[Hit], found: Sequence[Heavy], k: int) -> bool:
    """Whether no row that was not seen can come before the best `k`, or beside the last of them."""
    return len(hits) >= k and found[-1].bound * (1 + _ROUNDING) < hits[k - 1].score
