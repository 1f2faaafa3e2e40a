"""The vectors of a build: those of what did not change are taken over, the others are embedded.

They are written to a file as they come, two bytes a number; neither they nor the texts that are
embedded are ever in the memory at once.
"""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.arrays import array_header
from index.articles import StoredChunks, text_checks
from index.chunk import embedded_text
from index.disk import ScratchFile
from index.keeping import by_batches
from index.store import Store
from index.types import Article, Chunk, Embedder, Progress, Vectors
from index.vectors import VectorIndex

Rows = NDArray[np.int64]

_DTYPE = "<f2"

# compared in full: zeros at its end are no end
_DIGEST = np.dtype("S16")

# what is embedded and kept at once: two seconds on two cores
_BATCH = 128

# a row is read and checked so many times as fast as it is embedded
_READ_FASTER = 1000

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
    older: Iterable[Store] = (),
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
        older: other stores whose vectors it made; asked for when many chunks are new.
        folder: on whose disk the vectors are written.

    Returns:
        The vectors by row, and how many had to be embedded.
    """
    file = _VectorFile(folder, len(chunks), embedder.dimension)
    source = _Source(articles, chunks)
    taken = same.copy() if same is not None else np.full(len(chunks), -1, dtype=np.int64)
    rows = np.flatnonzero(taken < 0)
    texts = source.texts(rows)
    if before is not None:
        gone = np.setdiff1d(np.arange(len(before.chunks)), taken)
        taken[rows] = _find(texts, before, gone)
        _copy(file, before, taken)
    for one in older if _is_worth_looking(int((taken < 0).sum()), len(chunks)) else ():
        rows, texts = _left(rows, texts, taken)
        found = np.full(len(chunks), -1, dtype=np.int64)
        found[rows] = _find(texts, one, _rows_of_texts(one, source, rows))
        _copy(file, one, found)
        taken = np.maximum(taken, found)
    rows, texts = _left(rows, texts, taken)
    for batch, vectors in _embed(source, rows, texts.lengths, embedder, progress):
        file.put(batch, vectors)
    return file.finish(), len(rows)


def _is_worth_looking(missing: int, rows: int) -> bool:
    """Whether to look for so many of all rows in older stores: each is read, and checked, whole."""
    return missing * _READ_FASTER > rows


def _left(rows: Rows, texts: _Texts, taken: Rows) -> tuple[Rows, _Texts]:
    """Return those of the rows that are taken from nowhere yet, and their texts."""
    left = taken[rows] < 0
    return rows[left], _Texts(texts.digests[left], texts.lengths[left])


def _rows_of_texts(store: Store, source: _Source, rows: Rows) -> Rows:
    """Return the rows of a store whose articles have the text of one that `rows` belong to."""
    here, there = (text_checks(one.articles) for one in (source, store))
    wanted = here[np.unique(StoredChunks.of(source.chunks).rows[rows, 0])]
    return np.flatnonzero(np.isin(there, wanted)[store.article_of_row])


def _find(wanted: _Texts, store: Store, among: Rows) -> Rows:
    """Return the row of a store that has each text, -1 where none of those `among` has it."""
    if not len(among) or not len(wanted.digests):
        return np.full(len(wanted.digests), -1, dtype=np.int64)
    known = _Source(store.articles, store.chunks).texts(among).digests
    order = np.argsort(known, kind="stable")
    places = order[np.minimum(np.searchsorted(known[order], wanted.digests), len(among) - 1)]
    return np.where(known[places] == wanted.digests, among[places], -1)


def _copy(file: _VectorFile, store: Store, taken: Rows) -> None:
    """Write the vectors of the rows that a store holds; -1 where it does not."""
    rows = np.flatnonzero(taken >= 0)
    for first in range(0, len(rows), _PIECE):
        piece = rows[first : first + _PIECE]
        file.put(piece, store.vectors.vectors(taken[piece]))


def _embed(
    source: _Source, rows: Rows, lengths: Rows, embedder: Embedder, progress: Progress | None
) -> Iterator[tuple[Rows, Vectors]]:
    """Embed rows, those of the longest texts first, so that a batch holds little padding."""
    rows = rows[np.lexsort((rows, -lengths))]
    batches = [rows[first : first + _BATCH] for first in range(0, len(rows), _BATCH)]
    texts = ([source.text(row) for row in batch.tolist()] for batch in batches)
    done = 0
    for place, vectors in by_batches(embedder).embed_batches(texts, progress, len(rows)):
        yield batches[place], vectors
        done += len(vectors)
        if progress is not None:
            progress("embed", done, len(rows))
