"""Exact search: the inner product of a vector with stored rows, read where they lie."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Stored = NDArray[np.float16]
Rows = NDArray[np.int64]

# what is gathered at once stays in the caches: 6 MB of 384 numbers a row
_GATHERED = 8192


class Scanner:
    """Compares vectors with rows of float16 numbers, shape (n, dimension), where they lie."""

    def __init__(self, stored: Stored) -> None:
        """Scan `stored`, contiguous, which may be a mapped file."""
        import faiss

        self._stored = stored
        self._quantizer: Any = faiss.ScalarQuantizer(stored.shape[1], faiss.ScalarQuantizer.QT_fp16)
        # one for each search under way: the package cannot free them
        self._idle: dict[bool, list[Any]] = {True: [], False: []}

    def best(
        self, vector: NDArray[np.float32], k: int, rows: Rows | None = None
    ) -> tuple[Rows, NDArray[np.float32]]:
        """Find the `k` rows with the highest inner product, best first, equal ones by row.

        Args:
            vector: shape (dimension,).
            k: how many at most, more than none.
            rows: each once, in range; compare these only.

        Returns:
            Rows and their inner products. What is no number is never found.
        """
        total = len(self._stored) if rows is None else len(rows)
        kept = min(k + 1, total)
        found, scores = self._heap(vector, kept, rows)
        # FAISS keeps any of those that are equal to the last
        while k < len(found) == kept < total and scores[k - 1] == scores[-1]:
            kept = min(4 * kept, total)
            found, scores = self._heap(vector, kept, rows)
        return found[:k], scores[:k]

    def nearest(self, vector: NDArray[np.float32], count: int) -> Rows:
        """Return the `count` nearest rows, the nearest first."""
        return self.best(vector, count)[0]

    def _heap(
        self, vector: NDArray[np.float32], kept: int, rows: Rows | None
    ) -> tuple[Rows, NDArray[np.float32]]:
        """Return some `kept` best, in order."""
        import faiss

        scores = np.full(kept, np.finfo(np.float32).min, dtype=np.float32)
        found = np.full(kept, -1, dtype=np.int64)
        query = np.ascontiguousarray(vector, dtype=np.float32)
        idle = self._idle[rows is None]
        scanner = idle.pop() if idle else self._new_scanner(numbered=rows is None)
        scanner.set_query(faiss.swig_ptr(query))
        scanner.set_list(0, 0.0)
        heap = faiss.swig_ptr(scores), faiss.swig_ptr(found), kept
        if rows is None:
            scanner.scan_codes(len(self._stored), _codes(self._stored), None, *heap)
        else:
            self._gather(scanner, np.sort(rows), heap)
        idle.append(scanner)
        order = np.lexsort((found, -scores))
        order = order[found[order] >= 0]
        return found[order], scores[order]

    def _gather(self, scanner: Any, rows: Rows, heap: tuple[Any, Any, int]) -> None:  # noqa: ANN401
        """Compare the query of a scanner with some rows, a piece at a time."""
        import faiss

        for first in range(0, len(rows), _GATHERED):
            some = rows[first : first + _GATHERED]
            gathered = np.take(self._stored, some, axis=0)
            scanner.scan_codes(len(some), _codes(gathered), faiss.swig_ptr(some), *heap)

    def _new_scanner(self, *, numbered: bool) -> Any:  # noqa: ANN401  the package has no types
        """Return a scanner that numbers what it finds from 0, or is told the numbers."""
        import faiss

        return self._quantizer.select_InvertedListScanner(
            faiss.METRIC_INNER_PRODUCT, None, numbered, None, False
        )


def _codes(stored: Stored) -> Any:  # noqa: ANN401  the package has no types
    """Return where the bytes of rows begin, as FAISS wants it."""
    import faiss

    return faiss.swig_ptr(stored.reshape(-1).view(np.uint8))
