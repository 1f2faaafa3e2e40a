"""The dense side: unit vectors, kept once as float16 numbers and read where they lie.

The score is the inner product, which on unit vectors is the cosine. Up to `EXACT_ROWS` rows every
row is compared. Beyond, sketches name the rows that are worth comparing, and how many those are is
measured when the index is built. Beside it: 56 bytes a row of 384 numbers.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.arrays import array_bytes, new_array, read_array
from index.types import Hit, Vectors
from index.vectors.scan import Rows, Scanner, Stored
from index.vectors.sketch import Sketch

EXACT_ROWS = 200_000
"""Rows up to which all are compared: 7 ms of one core, 154 MB that are read."""

EXACT_ALLOWED = 100_000
"""Of more rows, as many are compared when a search is confined to them: 20 ms if they lie apart."""

_SHORTLISTS = (1000, 2000, 4000, 8000)
"""How many rows the sketches may name; the last costs twice the time of the first."""

_SHORTLIST_PER_HIT = 25

_SPARSE_SHARE = 0.125
"""Up to this share, gathering the rows that are allowed costs less than reading all."""

# when few of the near ones are allowed, gathering them soon costs less than naming more
_SPARE = 1.25
_ATTEMPTS = 2

_RECALL = 0.99
"""Measured on a sample, so that it is nowhere under .98."""

_MEASURED_AT = 10
_SAMPLED = 200

# rows with noise of this length are as hard to find the nearest of as real questions: of the
# nearest 100 of a million, among 1,000 to 8,000 named, .94 to .996 beside .94 to .996
_NOISE = 0.7

_DTYPE = "<f2"
_VECTORS, _CENTRE, _SKETCH, _SEARCH = (
    "vectors.npy",
    "vectors.centre.npy",
    "vectors.sketch.npy",
    "vectors.json",
)
FILES = (_CENTRE, _SEARCH, _VECTORS, _SKETCH)
"""What `to_files` returns, in order of name."""

_PIECE = 65536
_NORM_TOLERANCE = 1e-3


class VectorIndex:
    """Vectors by row.

    Attributes:
        recall: share of the nearest ten rows that a search finds, measured; 1 if all are compared.
        shortlist: rows that the sketches name for a search; 0 if all are compared.
    """

    def __init__(
        self,
        file: bytes | memoryview,
        sketch: Sketch | None = None,
        shortlist: int = 0,
        recall: float = 1.0,
    ) -> None:
        """Search the vectors of an .npy file, where it lies.

        Raises:
            ValueError: if it holds no vectors.
        """
        self._file = file
        self._stored: Stored = read_array(file, _DTYPE, columns=0)
        if self._stored.shape[1] == 0:
            raise ValueError("vectors without numbers")
        self._scanner = Scanner(self._stored)
        self._sketch, self.shortlist, self.recall = sketch, shortlist, recall

    @classmethod
    def build(cls, vectors: Vectors | Stored, exact_rows: int = EXACT_ROWS) -> Self:
        """Index vectors, shape (n, dimension), rows of unit length, which may be a mapped file."""
        pieces = (vectors[first : first + _PIECE] for first in range(0, len(vectors), _PIECE))
        return cls.build_from(pieces, len(vectors), vectors.shape[1], exact_rows)

    @classmethod
    def build_from(
        cls,
        pieces: Iterable[Vectors | Stored],
        rows: int,
        dimension: int,
        exact_rows: int = EXACT_ROWS,
    ) -> Self:
        """Index vectors as they come: two bytes a number are held, and once only.

        Args:
            pieces: shape (any, dimension), rows of unit length.
            rows: how many they are together.
            dimension: width of a vector.
            exact_rows: up to how many rows all are compared.

        Raises:
            ValueError: if there are more or fewer rows.
        """
        file, stored = new_array((rows, dimension), _DTYPE)
        filled = 0
        for piece in pieces:
            if filled + len(piece) > rows:
                raise ValueError(f"more than {rows} vectors")
            stored[filled : filled + len(piece)] = piece
            filled += len(piece)
        if filled != rows:
            raise ValueError(f"{filled} vectors instead of {rows}")
        return cls.build_in(file, exact_rows)

    @classmethod
    def build_in(cls, file: bytes | memoryview, exact_rows: int = EXACT_ROWS) -> Self:
        """Index the vectors of an .npy file, where they lie: shape (n, dimension), float16."""
        exact = cls(file)
        return exact if len(exact) <= exact_rows else exact._sketched()

    def _sketched(self) -> Self:
        """Return the same with sketches, or as it is if they find too little."""
        sketch = Sketch.build(self._stored)
        for shortlist, recall in zip(_SHORTLISTS, self._recalls(sketch), strict=True):
            if recall >= _RECALL:
                return type(self)(self._file, sketch, shortlist, recall)
        return self

    def _recalls(self, sketch: Sketch) -> list[float]:
        """Measure the recall of each length of shortlist, on rows with noise."""
        rows = np.linspace(0, len(self) - 1, min(_SAMPLED, len(self)), dtype=np.int64)
        noise = np.random.default_rng(0).normal(size=(len(rows), self.dimension))
        questions = self.vectors(rows) + _NOISE / self.dimension**0.5 * noise
        questions /= np.linalg.norm(questions, axis=1, keepdims=True)
        found = np.zeros(len(_SHORTLISTS))
        for question in questions.astype(np.float32):
            nearest, _ = self._scanner.best(question, _MEASURED_AT)
            named = sketch.nearest(question, _SHORTLISTS[-1])
            found += [np.isin(nearest, named[:count]).mean() for count in _SHORTLISTS]
        return [round(float(share), 4) for share in found / len(rows)]

    @classmethod
    def from_files(cls, files: Mapping[str, bytes | memoryview]) -> Self:
        """Open what `to_files` returned; the numbers are read when they are searched.

        Raises:
            ValueError: or KeyError, if it is anything else.
        """
        shortlist, recall = _read_search(files[_SEARCH])
        index = cls(files[_VECTORS], None, shortlist, recall)
        packed = read_array(files[_SKETCH], "|u1")
        centre = read_array(files[_CENTRE], "<f4")
        if shortlist and len(centre) == index.dimension:
            index._sketch = Sketch(centre, packed, len(index))
            if index._sketch.first_differs(index._stored):
                raise ValueError("sketches that another version of FAISS made, or of other vectors")
        elif shortlist or len(centre) or len(packed):
            raise ValueError("sketches that do not belong to the vectors")
        return index

    def to_files(self) -> dict[str, bytes | memoryview]:
        """Return the vectors and what finds them, as files; FAISS reads no foreign bytes safely."""
        search = {"recall": self.recall, "shortlist": self.shortlist}
        sketch = self._sketch
        packed = np.empty(0, dtype=np.uint8) if sketch is None else sketch.packed
        centre = np.empty(0, dtype=np.float32) if sketch is None else sketch.centre
        return {
            _VECTORS: self._file,
            _SEARCH: json.dumps(search, sort_keys=True).encode(),
            _SKETCH: array_bytes(packed),
            _CENTRE: array_bytes(centre.astype("<f4")),
        }

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self._stored)

    @property
    def dimension(self) -> int:
        """Width of a vector."""
        return int(self._stored.shape[1])

    def vectors(self, rows: Sequence[int] | NDArray[np.int64]) -> Vectors:
        """Return the vectors of `rows`, in order.

        Raises:
            ValueError: if there is no such row.
        """
        return self._stored[self._within(np.asarray(rows, dtype=np.int64))].astype(np.float32)

    def search(
        self, vector: NDArray[np.float32], k: int, rows: NDArray[np.int64] | None = None
    ) -> list[Hit]:
        """Find the `k` rows nearest to a unit vector, best first, equal scores by row.

        Any number of threads may search at once.

        Args:
            vector: float32, shape (dimension,).
            k: how many at most.
            rows: search these rows only, each named once.

        Raises:
            ValueError: if the vector has another width, or there is no such row.
        """
        if vector.shape != (self.dimension,):
            raise ValueError(f"a vector of shape {vector.shape} instead of ({self.dimension},)")
        rows = None if rows is None else self._within(rows)
        k = min(k, len(self) if rows is None else len(rows))
        if k <= 0:
            return []
        found, scores = self._scanner.best(vector, k, self._worth_comparing(vector, k, rows))
        return list(map(Hit, found.tolist(), scores.tolist()))

    def check(self) -> Iterator[str]:
        """Yield what is wrong with the numbers, a sentence each; reads all of them."""
        for first in range(0, len(self), _PIECE):
            lengths = np.linalg.norm(
                self._stored[first : first + _PIECE].astype(np.float32), axis=1
            )
            for row in np.flatnonzero(~(abs(lengths - 1) <= _NORM_TOLERANCE)):
                yield f"the vector of the row {first + row} has the length {lengths[row]:.4f}"
        if self._sketch is not None:
            yield from self._sketch.check(self._stored)

    def _worth_comparing(
        self, vector: NDArray[np.float32], k: int, rows: Rows | None
    ) -> Rows | None:
        """Return the rows to compare with a vector; None for all."""
        few = _SPARSE_SHARE * len(self) if self._sketch is None else EXACT_ALLOWED
        if (rows is None and self._sketch is None) or (rows is not None and len(rows) <= few):
            return rows
        query = np.ascontiguousarray(vector, dtype=np.float32)
        if self._sketch is None:
            wanted, name = k, partial(self._scanner.nearest, query)
        else:
            wanted = max(self.shortlist, _SHORTLIST_PER_HIT * k)
            name = partial(self._sketch.nearest, query)
        return name(wanted) if rows is None else self._named(name, wanted, rows)

    def _named(self, name: Callable[[int], Rows], wanted: int, rows: Rows) -> Rows:
        """Return the first `wanted` of `rows` that are named, or all if that would take longer."""
        allowed = np.zeros(len(self), dtype=bool)
        allowed[rows] = True
        count = 1 + int(_SPARE * wanted * len(self) / len(rows))
        for _ in range(_ATTEMPTS):
            found = name(count)
            found = found[allowed[found]]
            if len(found) >= min(wanted, len(rows)):
                return found
            count *= 4
        return rows

    def _within(self, rows: Rows) -> Rows:
        """Return `rows`, or refuse them: there are others."""
        if len(rows) and not (rows.min() >= 0 and rows.max() < len(self)):
            raise ValueError(f"rows from {rows.min()} to {rows.max()} of {len(self)}")
        return rows


def _read_search(data: bytes | memoryview) -> tuple[int, float]:
    """Read how many rows the sketches name, and the recall.

    Raises:
        ValueError: if it is anything else.
    """
    search = json.loads(bytes(data[:200]))
    match search:
        case {"recall": float(recall), "shortlist": int(shortlist)} if (
            0 <= recall <= 1 and shortlist in (0, *_SHORTLISTS)
        ):
            return shortlist, recall
    raise ValueError(f"a search of {search}")
