"""The vectors of a build: those of what did not change are taken over, the others are embedded.

They are written to a file as they come, two bytes a number; neither they nor the texts that are
embedded are ever in the memory at once.
"""

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.arrays import array_header
from index.chunk import embedded_text
from index.disk import ScratchFile
from index.kept import told_from
from index.store import Store
from index.types import Article, Chunk, Embedder, Progress, Vectors
from index.vectors import VectorIndex

Rows = NDArray[np.int64]

_DTYPE = "<f2"

# compared in full: zeros at its end are no end
_DIGEST = np.dtype("S16")

# what is embedded and kept at once: two seconds on two cores
_BATCH = 128

# vectors that are copied at once: 25 MB
_PIECE = 32_768


class _Texts(NamedTuple):
    """What the model reads for some rows: a digest of each text, and its length in characters."""

    digests: NDArray[np.bytes_]
    lengths: Rows


class _Source(NamedTuple):
    """Chunks and their articles."""

    articles: Sequence[Article]
    chunks: Sequence[Chunk]

    def text(self, row: int) -> str:
        """Return what the model reads for a chunk."""
        chunk = self.chunks[row]
        return embedded_text(self.articles[chunk.article], (chunk.start, chunk.end))

    def texts(self, rows: Rows) -> _Texts:
        """Look at what the model reads for rows, keeping none of it."""
        digests, lengths = np.empty(len(rows), dtype=_DIGEST), np.empty(len(rows), dtype=np.int64)
        for place, row in enumerate(rows.tolist()):
            text = self.text(row)
            lengths[place] = len(text)
            data = text.encode("utf-8", "surrogatepass")
            digests[place] = blake2b(data, digest_size=_DIGEST.itemsize).digest()
        return _Texts(digests, lengths)


class _VectorFile:
    """A .npy file of vectors without a name, filled in any order."""

    def __init__(self, folder: Path | None, rows: int, dimension: int) -> None:
        """Make room for so many rows."""
        self._file = ScratchFile(folder)
        self._row_bytes = dimension * np.dtype(_DTYPE).itemsize
        header = array_header((rows, dimension), _DTYPE)
        self._first = len(header)
        self._file.append(header)

    def put(self, rows: Rows, vectors: Vectors) -> None:
        """Write the vectors of rows; those of rows that follow each other at once."""
        numbers = vectors.astype(_DTYPE)
        cuts = np.flatnonzero(np.diff(rows) != 1) + 1
        for places in np.split(np.arange(len(rows)), cuts):
            if len(places):
                begin = self._first + int(rows[places[0]]) * self._row_bytes
                self._file.write_at(begin, numbers[places[0] : places[-1] + 1].tobytes())

    def finish(self) -> VectorIndex:
        """Index what was written."""
        return VectorIndex.build_in(self._file.map())


def embed_changed(
    articles: Sequence[Article],
    chunks: Sequence[Chunk],
    embedder: Embedder,
    before: Store | None,
    progress: Progress | None = None,
    *,
    same: Rows | None = None,
    folder: Path | None = None,
) -> tuple[VectorIndex, int]:
    """Embed the chunks whose text `before` does not hold; take the other vectors from there.

    Args:
        articles: by position.
        chunks: by row.
        embedder: embeds what is new.
        before: a store whose vectors it made.
        progress: told how far it is.
        same: where `before` holds the same row, as far as that is known; -1 elsewhere.
        folder: on whose disk the vectors are written.

    Returns:
        The vectors by row, and how many had to be embedded.
    """
    file = _VectorFile(folder, len(chunks), embedder.dimension)
    source = _Source(articles, chunks)
    taken = same.copy() if same is not None else np.full(len(chunks), -1, dtype=np.int64)
    new = np.flatnonzero(taken < 0)
    found = source.texts(new)
    if before is not None:
        taken[new] = _find(found, _Source(before.articles, before.chunks), taken)
        rows = np.flatnonzero(taken >= 0)
        for first in range(0, len(rows), _PIECE):
            piece = rows[first : first + _PIECE]
            file.put(piece, before.vectors.vectors(taken[piece]))
    missing = taken[new] < 0
    for rows, vectors in _embed(source, new[missing], found.lengths[missing], embedder, progress):
        file.put(rows, vectors)
    return file.finish(), int(missing.sum())


def _find(wanted: _Texts, before: _Source, taken: Rows) -> Rows:
    """Return the row before that has each text; -1 where none has, of those not `taken`."""
    gone = np.setdiff1d(np.arange(len(before.chunks)), taken)
    if not len(gone) or not len(wanted.digests):
        return np.full(len(wanted.digests), -1, dtype=np.int64)
    known = before.texts(gone).digests
    order = np.argsort(known, kind="stable")
    places = order[np.minimum(np.searchsorted(known[order], wanted.digests), len(gone) - 1)]
    return np.where(known[places] == wanted.digests, gone[places], -1)


def _embed(
    source: _Source, rows: Rows, lengths: Rows, embedder: Embedder, progress: Progress | None
) -> Iterator[tuple[Rows, Vectors]]:
    """Embed rows, those of the longest texts first, so that a batch holds little padding."""
    rows = rows[np.lexsort((rows, -lengths))]
    for first in range(0, len(rows), _BATCH):
        batch = rows[first : first + _BATCH]
        texts = [source.text(row) for row in batch.tolist()]
        yield batch, embedder.embed_passages(texts, told_from(progress, first, len(rows)))
        if progress is not None:
            progress("embed", first + len(batch), len(rows))
