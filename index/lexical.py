"""The lexical side: BM25 over terms.

BM25 as in Lucene (k1 1.2, b 0.75), scored ahead of time by bm25s (Lù 2024, arXiv 2407.03618).
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

_K1 = 1.2
_B = 0.75

# bm25s cannot index a corpus without a single term; no query holds this one
_PLACEHOLDER = "\0"


class LexicalIndex:
    """Which rows hold which terms, and how much each counts."""

    def __init__(self, index: Any) -> None:  # noqa: ANN401  the package has no types
        """Wrap a filled `bm25s.BM25`."""
        self._index = index

    @classmethod
    def build(cls, rows: Sequence[list[str]]) -> Self:
        """Index the terms of each row; repeated terms count."""
        import bm25s

        # it tells every step at a level that it shows by itself
        logging.getLogger("bm25s").setLevel(logging.WARNING)
        index = bm25s.BM25(k1=_K1, b=_B, method="lucene", backend="numpy")
        filled = [terms or [_PLACEHOLDER] for terms in rows]
        index.index(filled, create_empty_token=False, show_progress=False)
        return cls(index)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read back what `save` wrote."""
        import bm25s

        return cls(bm25s.BM25.load(folder, load_corpus=False, backend="numpy"))

    def save(self, folder: Path) -> None:
        """Write the index as JSON and numpy files into the new folder `folder`."""
        self._index.save(folder, show_progress=False)

    def __len__(self) -> int:
        """Return the number of rows."""
        return int(self._index.scores["num_docs"])

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
        column = self._index.vocab_dict.get(term)
        if column is None:
            return None
        scores = self._index.scores
        start, end = scores["indptr"][column], scores["indptr"][column + 1]
        return scores["indices"][start:end], scores["data"][start:end]
