"""Sorted terms as they lie in a file: found without reading them all, or making a dictionary."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.arrays import Data, array_bytes, read_array
from index.errors import CorpusTooLarge

_LETTERS, _ENDS = "letters.npy", "ends.npy"
_BYTE, _END = "|u1", "<u4"

MOST_PLACES = int(np.iinfo(np.uint32).max)
"""Numbers of 32 bits, which tell where things lie, reach so far."""


class Terms:
    """Different terms in order of their UTF-8; the column of a term is its place in this order."""

    FILES = (_ENDS, _LETTERS)

    def __init__(self, letters: NDArray[np.uint8], ends: NDArray[np.uint32]) -> None:
        """Take the UTF-8 of all terms, one behind the other, and where each ends."""
        self._letters = letters.data
        self._arrays = letters, ends
        self._ends = ends

    @classmethod
    def of(cls, encoded: Iterable[bytes]) -> Self:
        """Take different terms in UTF-8, in order.

        Raises:
            CorpusTooLarge: if they have more bytes than their ends can count.
        """
        terms = list(encoded)
        ends = np.cumsum([len(term) for term in terms], dtype=np.uint64)
        if len(ends) and ends[-1] > MOST_PLACES:
            raise CorpusTooLarge(int(ends[-1]), MOST_PLACES)
        letters = np.frombuffer(b"".join(terms), dtype=np.uint8)
        return cls(letters, ends.astype(np.uint32))

    @classmethod
    def from_files(cls, files: Mapping[str, Data]) -> Self:
        """Read back what `to_files` returned; what is mapped stays where it is.

        Raises:
            ValueError: if it is anything else.
        """
        letters, ends = read_array(files[_LETTERS], _BYTE), read_array(files[_ENDS], _END)
        if len(letters) != (ends[-1] if len(ends) else 0):
            raise ValueError("terms that end elsewhere")
        return cls(letters, ends)

    def to_files(self) -> dict[str, bytes]:
        """Return two arrays: files by name."""
        letters, ends = self._arrays
        return {
            _ENDS: array_bytes(ends.astype(_END, copy=False)),
            _LETTERS: array_bytes(letters.astype(_BYTE, copy=False)),
        }

    def __len__(self) -> int:
        """Count the terms."""
        return len(self._ends)

    def __iter__(self) -> Iterator[bytes]:
        """Yield all terms in UTF-8, in order."""
        letters, first = bytes(self._letters), 0
        for end in self._ends.tolist():
            yield letters[first:end]
            first = end

    def encoded(self, column: int) -> bytes:
        """Return a term in UTF-8."""
        first = int(self._ends[column - 1]) if column else 0
        return bytes(self._letters[first : int(self._ends[column])])

    def find(self, term: str) -> int | None:
        """Return the column of a term, or None."""
        return self.find_encoded(term.encode("utf-8", "surrogatepass"))

    def find_encoded(self, term: bytes) -> int | None:
        """Return the column of a term in UTF-8, or None."""
        first = self.first_from(term)
        return first if first < len(self) and self.encoded(first) == term else None

    def first_from(self, term: bytes) -> int:
        """Return the column of the first term that does not come before one in UTF-8."""
        first, end = 0, len(self)
        while first < end:
            middle = (first + end) // 2
            if self.encoded(middle) < term:
                first = middle + 1
            else:
                end = middle
        return first

    def check(self) -> None:
        """Read all of it.

        Raises:
            ValueError: if terms are not different and in order.
        """
        if (np.diff(self._ends.astype(np.int64)) < 0).any():
            raise ValueError("terms that end before they begin")
        before = None
        for term in self:
            if before is not None and term <= before:
                raise ValueError("terms that are out of order")
            before = term
