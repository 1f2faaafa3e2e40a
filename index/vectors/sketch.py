"""Sketches: a bit for each number of a vector and two factors, to find the rows worth comparing.

RaBitQ (Gao and Long 2024, arXiv 2405.12497) as FAISS has it, 32 rows at a time. Nothing is trained
but the centre, and whoever asks unlike the rows (a question is no passage) finds as well as others:
an inverted file had to read 30 % of 30,000 real passages for the same recall.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from index.vectors.scan import Rows, Stored

_BLOCK = 32
"""Rows that FAISS packs together."""

_PIECE = 2048 * _BLOCK
"""Rows that are sketched at once: 100 MB as float32, of 384 numbers each."""

# of their bytes: processors round the factors differently; of other vectors, five in six are
_MOST_DIFFERENT = 0.15


class Sketch:
    """The sketches of all rows."""

    def __init__(self, centre: NDArray[np.float32], packed: NDArray[np.uint8], rows: int) -> None:
        """Take over what `build` made of `rows` rows.

        Raises:
            ValueError: if the sizes are others.
        """
        self.centre, self.packed, self._rows = centre, packed, rows
        stride = int(_new_index(centre).get_block_stride())
        if not rows or packed.size != -(-rows // _BLOCK) * stride:
            raise ValueError(f"{packed.size} bytes of sketches for {rows} rows")

    @classmethod
    def build(cls, stored: Stored) -> Self:
        """Sketch rows, shape (n, dimension), a piece at a time."""
        step = max(1, len(stored) // _PIECE)
        centre = stored[::step].mean(axis=0, dtype=np.float64).astype(np.float32)
        index = _new_index(centre)
        for first in range(0, len(stored), _PIECE):
            index.add(stored[first : first + _PIECE].astype(np.float32))
        return cls(centre, _packed(index), len(stored))

    def nearest(self, vector: NDArray[np.float32], count: int) -> Rows:
        """Return about the `count` nearest rows, the nearest first."""
        _, found = self._index.search(vector[None, :], min(count, self._rows))
        return np.asarray(found[0][found[0] >= 0], dtype=np.int64)

    def first_differs(self, stored: Stored) -> bool:
        """Tell whether the first sketches are not those of these rows: another FAISS made them."""
        return self._differs(stored, 0, _BLOCK)

    def check(self, stored: Stored) -> Iterator[str]:
        """Yield what is wrong with the sketches of these rows, a sentence each."""
        for first in range(0, len(stored), _PIECE):
            after = min(first + _PIECE, len(stored))
            if self._differs(stored, first, after):
                yield f"the sketches of the rows {first} to {after - 1} are not theirs"

    def _differs(self, stored: Stored, first: int, after: int) -> bool:
        """Sketch some rows again, and tell whether more than roundings is different."""
        index = _new_index(self.centre)
        index.add(stored[first:after].astype(np.float32))
        again = _packed(index)
        start = first // _BLOCK * int(index.get_block_stride())
        different = again != self.packed[start : start + again.size]
        return bool(different.mean() > _MOST_DIFFERENT)

    @cached_property
    def _index(self) -> Any:  # noqa: ANN401  the package has no types
        """The index, filled with a copy of the sketches: FAISS aligns them."""
        import faiss

        index = _new_index(self.centre)
        index.codes.resize(self.packed.size)
        packed = np.ascontiguousarray(self.packed)
        faiss.memcpy(index.codes.get(), faiss.swig_ptr(packed), packed.size)
        index.ntotal, index.ntotal2 = self._rows, -(-self._rows // _BLOCK) * _BLOCK
        return index


def _new_index(centre: NDArray[np.float32]) -> Any:  # noqa: ANN401  the package has no types
    """Return an empty index around a centre."""
    import faiss

    index = faiss.IndexRaBitQFastScan(len(centre), faiss.METRIC_INNER_PRODUCT)
    faiss.copy_array_to_vector(np.ascontiguousarray(centre, dtype=np.float32), index.center)
    index.is_trained = True
    return index


def _packed(index: Any) -> NDArray[np.uint8]:  # noqa: ANN401  the package has no types
    """Return a copy of the sketches of an index."""
    import faiss

    packed = np.empty(index.codes.size(), dtype=np.uint8)
    faiss.memcpy(faiss.swig_ptr(packed), index.codes.get(), packed.size)
    return packed
