"""The dense side: FAISS over unit vectors.

The score is the inner product, which on unit vectors is the cosine. The search is exact.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from index.types import Hit, Vectors


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
    def load(cls, path: Path) -> Self:
        """Read back what `save` wrote."""
        import faiss

        return cls(faiss.deserialize_index(np.frombuffer(path.read_bytes(), dtype=np.uint8)))

    def save(self, path: Path) -> None:
        """Write the index to the new file `path`."""
        import faiss

        # Python opens the file: FAISS itself fails on accented paths on Windows
        path.write_bytes(faiss.serialize_index(self._index).tobytes())

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
