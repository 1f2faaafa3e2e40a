"""The dense side: FAISS over unit vectors.

The score is the inner product, which on unit vectors is the cosine. The search is exact.
"""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from index.arrays import array_bytes, read_array
from index.types import Hit, Vectors

_DTYPE = "<f4"


class VectorIndex:
    """Vectors by row."""

    def __init__(self, index: Any) -> None:  # noqa: ANN401  the package has no types
        """Wrap a filled FAISS index."""
        self._index = index

    @classmethod
    def build(cls, vectors: Vectors) -> Self:
        """Index vectors, shape (n, dimension), rows of unit length."""
        import faiss

        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read back what `to_bytes` returned.

        Raises:
            ValueError: if it is anything else.
        """
        vectors = read_array(data, _DTYPE, columns=0)
        if vectors.shape[1] == 0 or not np.isfinite(vectors).all():
            raise ValueError("vectors that are no numbers")
        return cls.build(vectors)

    def to_bytes(self) -> bytes:
        """Return the vectors as the bytes of an .npy file: FAISS reads no foreign bytes safely."""
        return array_bytes(self.vectors(range(len(self))).astype(_DTYPE))

    def __len__(self) -> int:
        """Return the number of rows."""
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Width of a vector."""
        return int(self._index.d)

    def vectors(self, rows: Sequence[int] | NDArray[np.int64]) -> Vectors:
        """Return the vectors of `rows`, in order."""
        return np.asarray(
            self._index.reconstruct_batch(np.asarray(rows, dtype=np.int64)), dtype=np.float32
        )

    def search(
        self, vector: NDArray[np.float32], k: int, rows: NDArray[np.int64] | None = None
    ) -> list[Hit]:
        """Find the `k` rows nearest to a unit vector, best first, equal scores by row.

        Args:
            vector: float32, shape (dimension,).
            k: how many at most.
            rows: search these rows only.
        """
        import faiss

        k = min(k, len(self) if rows is None else len(rows))
        if k <= 0:
            return []
        parameters = faiss.SearchParameters()
        if rows is not None:
            parameters.sel = faiss.IDSelectorBatch(rows)
        scores, found = self._index.search(vector[None, :], k, params=parameters)
        # FAISS pads what it does not find with -1, and returns ties in descending order of row
        hits = [
            Hit(int(row), float(score))
            for row, score in zip(found[0], scores[0], strict=True)
            if row >= 0
        ]
        return sorted(hits, key=lambda hit: (-hit.score, hit.row))
