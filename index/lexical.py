"""The lexical side: BM25 over terms.

BM25 as in Lucene (k1 1.2, b 0.75), scored ahead of time by bm25s (Lù 2024, arXiv 2407.03618).
"""

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from index.arrays import array_bytes, read_array

_K1 = 1.2
_B = 0.75

# bm25s cannot index a corpus without a single term; no query holds this one
_PLACEHOLDER = "\0"

_TERMS = "terms.json"
_STARTS, _ROWS, _SCORES = "starts.npy", "rows.npy", "scores.npy"
_ARRAYS = {_STARTS: "<i8", _ROWS: "<i4", _SCORES: "<f4"}


class Postings(NamedTuple):
    """Rows and scores of all terms, those of the term in column c from `starts[c]` on."""

    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    scores: NDArray[np.float32]


class LexicalIndex:
    """Which rows hold which terms, and how much each counts."""

    def __init__(self, length: int, terms: Sequence[str], postings: Postings) -> None:
        """Take the postings of `terms`, in order, over `length` rows."""
        self._length = length
        self._columns = {term: column for column, term in enumerate(terms)}
        self._all = postings

    @classmethod
    def build(cls, rows: Sequence[list[str]]) -> Self:
        """Index the terms of each row; repeated terms count."""
        import bm25s

        # it tells every step at a level that it shows by itself
        logging.getLogger("bm25s").setLevel(logging.WARNING)
        index = bm25s.BM25(k1=_K1, b=_B, method="lucene", backend="numpy")
        filled = [terms or [_PLACEHOLDER] for terms in rows]
        index.index(filled, create_empty_token=False, show_progress=False)
        # its own order of terms is another in each process
        terms = sorted(index.vocab_dict)
        order = np.array([index.vocab_dict[term] for term in terms], dtype=np.int64)
        found = Postings(*(index.scores[name] for name in ("indptr", "indices", "data")))
        return cls(len(rows), terms, _reorder(found, order))

    @classmethod
    def from_files(cls, files: Mapping[str, bytes]) -> Self:
        """Read back what `to_files` returned.

        Raises:
            ValueError: if it is anything else.
        """
        record = json.loads(files[_TERMS])
        terms = [str(term) for term in record["terms"]]
        postings = Postings(*(read_array(files[name], dtype) for name, dtype in _ARRAYS.items()))
        length = int(record["rows"])
        _check(length, terms, postings)
        return cls(length, terms, postings)

    def to_files(self) -> dict[str, bytes]:
        """Return the terms as JSON and their postings as arrays: files by name."""
        record = {"rows": self._length, "terms": list(self._columns)}
        starts, rows, scores = self._all
        arrays: dict[str, NDArray[Any]] = {_STARTS: starts, _ROWS: rows, _SCORES: scores}
        return {
            _TERMS: json.dumps(record).encode(),
            **{name: array_bytes(arrays[name].astype(dtype)) for name, dtype in _ARRAYS.items()},
        }

    def __len__(self) -> int:
        """Return the number of rows."""
        return self._length

    def scores(self, words: Sequence[Mapping[str, float]]) -> NDArray[np.float32]:
        """Score every row: the sum over the words of the best of each word's terms.

        Args:
            words: for each word of the question, the terms it may have, with their weight.

        Returns:
            float32, shape (rows,); 0 where no word matches.
        """
        total = np.zeros(len(self), dtype=np.float32)
        for terms in words:
            best = np.zeros(len(self), dtype=np.float32)
            for term, weight in terms.items():
                if (postings := self._postings(term)) is not None:
                    rows, scores = postings
                    best[rows] = np.maximum(best[rows], weight * scores)
            total += best
        return total

    def held(
        self, words: Sequence[Mapping[str, float]], rows: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """Tell which of `rows` hold each word in any of its terms, shape (words, rows)."""
        found = np.zeros((len(words), len(self)), dtype=bool)
        for word, terms in enumerate(words):
            for term in terms:
                if (postings := self._postings(term)) is not None:
                    found[word, postings[0]] = True
        return found[:, rows]

    def row_count(self, terms: Iterable[str]) -> int:
        """Count the rows that hold a word, given as its alternative terms."""
        found = [postings[0] for term in terms if (postings := self._postings(term)) is not None]
        return len(np.unique(np.concatenate(found))) if found else 0

    def _postings(self, term: str) -> tuple[NDArray[np.int32], NDArray[np.float32]] | None:
        """Return the rows that hold a term and its score in each, or None."""
        column = self._columns.get(term)
        if column is None:
            return None
        starts, rows, scores = self._all
        held = slice(starts[column], starts[column + 1])
        return rows[held], scores[held]


def _reorder(postings: Postings, order: NDArray[np.int64]) -> Postings:
    """Put the terms of postings into another order."""
    starts, rows, scores = postings
    lengths = np.diff(starts)[order]
    moved = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    places = np.arange(moved[-1]) + np.repeat(starts[order] - moved[:-1], lengths)
    return Postings(moved, rows[places], scores[places])


def _check(length: int, terms: Sequence[str], postings: Postings) -> None:
    """Refuse postings that lead out of the rows or the arrays."""
    starts, rows, scores = postings
    ends_meet = len(starts) == len(terms) + 1 == len(set(terms)) + 1 and starts[0] == 0
    if not ends_meet or starts[-1] != len(rows) or len(rows) != len(scores):
        raise ValueError("terms and postings of different lengths")
    if (np.diff(starts) < 0).any() or (rows < 0).any() or (rows >= length).any():
        raise ValueError("postings of rows that are not there")
    if not np.isfinite(scores).all():
        raise ValueError("scores that are no numbers")
