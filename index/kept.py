"""Vectors that are kept while a build goes on, so that one that was killed need not begin anew.

    store/unfinished.vectors      a line of JSON: the embedder and the width of its vectors;
                                  then records: digest of the text, vector, checksum

The file only grows, a batch at a time. What is torn or damaged in it is embedded again. It goes as
soon as the snapshot is in force.
"""

import json
import zlib
from array import array
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import numpy as np

from index import disk
from index.types import Embedder, Vectors

KEPT_FILE = "unfinished.vectors"
"""What it is called in the folder of a store."""

_DIGEST_BYTES = 32
_CHECKSUM_BYTES = 4


def forget_vectors(store: Path) -> None:
    """Remove what was kept for a snapshot that is in force by now."""
    disk.try_to_remove(store / KEPT_FILE)


def kept_bytes(store: Path) -> int:
    """Return the room that a build would have which gave up what is kept."""
    with suppress(OSError):
        return (store / KEPT_FILE).stat().st_size
    return 0


class Kept(NamedTuple):
    """What an unfinished build left: how many vectors, how many damaged ones, bytes torn off."""

    vectors: int
    damaged: int
    torn_bytes: int


def examine_kept(store: Path) -> Kept | None:
    """Look through the vectors that are kept; None if there are none.

    Raises:
        OSError: if the file cannot be read.
    """
    try:
        data = disk.read_file(store / KEPT_FILE)
    except FileNotFoundError:
        return None
    head, feed, rest = data.partition(b"\n")
    try:
        size = _record_bytes(int(json.loads(head)["dimension"]))
    except (ValueError, TypeError, KeyError, RecursionError):
        size = 0
    if not feed or size <= _record_bytes(0):
        return Kept(0, 0, len(data))
    records = [rest[place : place + size] for place in range(0, len(rest), size)]
    whole = [_is_whole(record, size) for record in records]
    last = len(whole) - next((back for back, good in enumerate(whole[::-1]) if good), len(whole))
    return Kept(sum(whole), last - sum(whole), sum(map(len, records[last:])))


class KeptVectors:
    """The file of vectors made so far, by the text that was embedded."""

    def __init__(self, store: Path, embedder: Embedder) -> None:
        """Read what an unfinished build into `store` left; another embedder's is dropped.

        The lock of the store must be held.
        """
        self._path = store / KEPT_FILE
        self._dimension = embedder.dimension
        head = {"embedder": embedder.identity, "dimension": self._dimension}
        self._head = json.dumps(head).encode() + b"\n"
        self._record_bytes = _record_bytes(self._dimension)
        self._prefixes, self._places = np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.int64)
        self._count = 0
        self._file: disk.GrowingFile | None = None
        self.trouble: str | None = None
        """What the disk refused, as a sentence with what mends it, if it did."""
        try:
            self._open()
        except OSError as error:  # costs only time
            self._stop(error)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the file, and leave it."""
        self._close()

    def __len__(self) -> int:
        """Return the number of vectors that are kept."""
        return self._count

    def get(self, key: bytes) -> Vectors | None:
        """Return the vector of a text, shape (dimension,), by the digest of that text.

        It is found if it was there when the file was opened: a build asks for nothing twice.
        """
        place = int(np.searchsorted(self._prefixes, np.uint64(_prefix(key))))
        if self._file is None or place == len(self._places):
            return None
        try:
            record = self._file.read(int(self._places[place]), self._record_bytes)
        except OSError:
            return None
        if not _is_whole(record, self._record_bytes) or not record.startswith(key):
            return None
        return np.frombuffer(record, "<f4", self._dimension, _DIGEST_BYTES).astype(np.float32)

    def add(self, keys: Sequence[bytes], vectors: Vectors) -> None:
        """Append vectors, and wait until they are on the disk.

        A disk that refuses ends the keeping, not the build.
        """
        if self._file is None:
            return
        bodies = [
            key + vector.astype("<f4").tobytes() for key, vector in zip(keys, vectors, strict=True)
        ]
        try:
            self._file.append(b"".join(body + _checksum(body) for body in bodies))
        except OSError as error:
            self._stop(error)
            return
        self._count += len(bodies)

    def drop_all(self) -> None:
        """Begin anew: hardly anything that was kept is of use."""
        if self._file is None:
            return
        self._know([], [])
        try:
            self._file.cut(len(self._head))
        except OSError as error:
            self._stop(error)

    def _open(self) -> None:
        """Open the file, read where the whole records are, and cut off what is torn behind them."""
        self._file = disk.GrowingFile(self._path)
        if self._file.read(0, len(self._head)) != self._head:
            self._file.cut(0)
            self._file.append(self._head)
            return
        size = self._record_bytes
        place = end = len(self._head)
        prefixes, places = array("Q"), array("q")
        while len(record := self._file.read(place, size)) == size:
            place += size
            if _is_whole(record, size):
                prefixes.append(_prefix(record))
                places.append(place - size)
                end = place
        self._know(prefixes, places)
        if self._file.length > end:
            self._file.cut(end)

    def _know(self, prefixes: Sequence[int], places: Sequence[int]) -> None:
        """Remember where the records lie, by the beginnings of their digests."""
        order = np.argsort(np.array(prefixes, dtype=np.uint64))
        self._prefixes = np.array(prefixes, dtype=np.uint64)[order]
        self._places = np.array(places, dtype=np.int64)[order]
        self._count = len(order)

    def _stop(self, error: OSError) -> None:
        """Keep no more; what was written stays for the next build, as far as it is whole."""
        self._close()
        self.trouble = (
            f"No vectors are kept in {self._path}: {error.strerror or error}. The build goes on; "
            "one that is stopped would have to embed them again. Free some space."
        )

    def _close(self) -> None:
        """Close the file; nothing more is found in it, or added."""
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
        self._file = None


def _prefix(key: bytes) -> int:
    """Return the first bytes of a digest as a number."""
    return int.from_bytes(key[:8], "little")


def _record_bytes(dimension: int) -> int:
    """Return the length of a record that holds a vector of `dimension` numbers."""
    return _DIGEST_BYTES + 4 * dimension + _CHECKSUM_BYTES


def _checksum(body: bytes) -> bytes:
    """Return what a record ends with."""
    return zlib.crc32(body).to_bytes(_CHECKSUM_BYTES, "little")


def _is_whole(record: bytes, size: int) -> bool:
    """Whether a record is what was written."""
    body = record[:-_CHECKSUM_BYTES]
    return len(record) == size and _checksum(body) == record[-_CHECKSUM_BYTES:]
