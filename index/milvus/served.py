"""The parts of a store that ask Milvus, each in the place of one that lies in files."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from index.arrays import Data
from index.articles import ArticleChanged, Sliced, StoredArticles
from index.milvus.pieces import Pieces
from index.milvus.rows import Rows, ServedRows
from index.types import Article, Hit, Vectors
from index.vectors import VectorIndex
from index.written import WrittenIndex

# so many more are asked for than wanted: those of one score at the end come in order of row
_SPARE = 8


class ServedVectors(VectorIndex):
    """Stands where a local store has its vectors."""

    def __init__(self, rows: ServedRows, recall: float) -> None:
        """Search `rows`, of which a search finds `recall` of the nearest ten."""
        self._rows = rows
        self.recall = recall
        self.shortlist = 0

    def __len__(self) -> int:
        """Return the number of rows."""
        return self._rows.count

    @property
    def dimension(self) -> int:
        """Width of a vector."""
        return self._rows.dimension

    def vectors(self, rows: Sequence[int] | Rows) -> Vectors:
        """Return the vectors of `rows`, in order."""
        asked = np.asarray(rows, dtype=np.int64).tolist()
        found = [row.vector for row in self._rows.of(asked)]
        return np.array(found, dtype=np.float32).reshape(len(asked), self.dimension)

    def search(self, vector: NDArray[np.float32], k: int, rows: Rows | None = None) -> list[Hit]:
        """Find the `k` rows nearest to a unit vector, best first, equal scores by row.

        Raises:
            ValueError: if the vector has another width.
        """
        if vector.shape != (self.dimension,):
            raise ValueError(f"a vector of shape {vector.shape} instead of ({self.dimension},)")
        if k <= 0 or (rows is not None and not len(rows)):
            return []
        found = np.array([hit.row for hit in self._rows.nearest(vector, k + _SPARE, rows)])
        scores = self.vectors(found) @ vector
        order = np.lexsort((found, -scores))[:k].tolist()
        return [Hit(int(found[i]), float(scores[i])) for i in order]


class ServedArticles(StoredArticles):
    """The articles of a snapshot in Milvus; each is checked by its digest when it is read."""

    def __init__(
        self, files: Mapping[str, Data], heads: Sliced, texts: Sliced, pieces: Pieces
    ) -> None:
        """Read heads and texts as they are asked for; what is broken is told of `pieces`."""
        self._pieces = pieces
        super().__init__(files, heads, texts)

    def _part(self, data: Sliced, column: int, position: int) -> bytes:
        """Return the bytes of one article in one of the files, checked."""
        try:
            return super()._part(data, column, position)
        except ArticleChanged as error:
            raise self._pieces.broken("holds an article that is not what was written") from error


class ServedWritten(WrittenIndex):
    """The written words of the articles, read when somebody asks for a phrase."""

    def __init__(self, read: Callable[[], WrittenIndex]) -> None:
        """Read them by `read`, once."""
        self._read = read
        self._words: WrittenIndex | None = None

    def holding(self, articles: Sequence[Article], phrase: str) -> NDArray[np.bool_]:
        """Tell which of the articles hold a phrase."""
        if self._words is None:
            self._words = self._read()
        return self._words.holding(articles, phrase)
