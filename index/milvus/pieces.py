"""Files as pieces of text: Milvus keeps no bytes, and no text of more than 65,535 of them.

A piece is a part of a file, cut by bytes, packed and written as base64. How many there are follows
from the length of the file; how many the manifest has, which tells these lengths, stands in front
of its first piece.
"""

import base64
import binascii
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import islice
from typing import TypeVar

from index.address import Address
from index.arrays import Data
from index.errors import CollectionCorrupt
from index.milvus.client import Client
from index.milvus.layout import DATA, KEY, with_dummy

MANIFEST = "manifest.json"

# packed and as base64, so many bytes stay under the limit even where packing gains nothing
PIECE = 48_000

# pieces that are asked for at once, 4 MB
_AT_ONCE = 64

_MARK = "|"

# of each of two files, 12 MB
_REMEMBERED = 256

# a manifest has some kilobytes
_MOST_DIGITS = 4

_Item = TypeVar("_Item")


def piece_count(size: int) -> int:
    """Return how many pieces a file of `size` bytes has."""
    return max(1, -(-size // PIECE))


def pieces_of(name: str, data: Data) -> Iterator[dict[str, object]]:
    """Yield the pieces of a file as rows of a collection."""
    count = piece_count(len(data))
    for number in range(count):
        packed = zlib.compress(bytes(data[number * PIECE : (number + 1) * PIECE]), 6)
        text = f"{count}{_MARK}{base64.b64encode(packed).decode('ascii')}"
        yield with_dummy({KEY: key_of(name, number), DATA: text})


def key_of(name: str, number: int) -> str:
    """Return the key of a piece of a file."""
    return f"{name}#{number}"


class Pieces:
    """Reads files out of one collection of pieces."""

    def __init__(self, client: Client, collection: str, name: str) -> None:
        """Read from `collection`, of the snapshot `name`."""
        self._client = client
        self._collection = collection
        self._name = name

    @property
    def address(self) -> Address:
        """Where the collection lies."""
        return self._client.address

    def read(self, sizes: Mapping[str, int]) -> dict[str, bytes]:
        """Read files of known sizes, by name.

        Raises:
            CollectionCorrupt: if a piece is missing or cannot be unpacked.
        """
        counts = {name: piece_count(size) for name, size in sizes.items()}
        keys = (key_of(name, number) for name in counts for number in range(counts[name]))
        found = self._fetch(keys)
        return {name: b"".join(islice(found, count)) for name, count in counts.items()}

    def read_alone(self, name: str) -> bytes:
        """Read a file whose size is not known.

        Raises:
            CollectionCorrupt: as `read`.
        """
        first = key_of(name, 0)
        count = self._texts([first])[0].partition(_MARK)[0]
        if not count.isdecimal() or len(count) > _MOST_DIGITS:
            raise self.broken("holds a manifest that cannot be read")
        return self.read({name: int(count) * PIECE})[name]

    def piece(self, name: str, number: int) -> bytes:
        """Read one piece of a file."""
        return next(self._fetch([key_of(name, number)]))

    def broken(self, problem: str) -> CollectionCorrupt:
        """Return what to raise when something is not what was written."""
        return CollectionCorrupt(self.address, self._name, problem)

    def _fetch(self, keys: Iterable[str]) -> Iterator[bytes]:
        """Yield pieces, unpacked, in the order of their keys."""
        for some in batched(keys, _AT_ONCE):
            yield from map(self._unpacked, self._texts(some))

    def _texts(self, keys: Sequence[str]) -> list[str]:
        """Return pieces in the order of their keys, as they are kept."""
        rows = self._client.query(self._collection, f"{KEY} in {json.dumps(keys)}", (KEY, DATA))
        texts = {str(row[KEY]): str(row[DATA]) for row in rows}
        missing = len(keys) - len(texts.keys() & set(keys))
        if missing:
            raise self.broken(f"lacks {missing} of its pieces")
        return [texts[key] for key in keys]

    def _unpacked(self, text: str) -> bytes:
        """Unpack a piece."""
        try:
            return zlib.decompress(base64.b64decode(text.partition(_MARK)[2], validate=True))
        except (binascii.Error, ValueError, zlib.error) as error:
            raise self.broken("holds a piece that cannot be read") from error


class ServedFile:
    """A file of which parts are read when they are asked for; those read last are kept."""

    def __init__(self, pieces: Pieces, name: str, size: int) -> None:
        """Read the file `name` of `size` bytes."""
        self._size = size
        self._piece = lru_cache(_REMEMBERED)(partial(pieces.piece, name))

    def __len__(self) -> int:
        """Count the bytes."""
        return self._size

    def __getitem__(self, part: slice) -> bytes:
        """Return the bytes from a start to an end."""
        start, end, _step = part.indices(self._size)
        numbers = range(start // PIECE, -(-end // PIECE))
        joined = b"".join(map(self._piece, numbers))
        return joined[start - numbers.start * PIECE :][: end - start]


def batched(items: Iterable[_Item], most: int = _AT_ONCE) -> Iterator[list[_Item]]:
    """Yield items in lists of at most `most`, in order."""
    left = iter(items)
    return iter(lambda: list(islice(left, most)), [])
