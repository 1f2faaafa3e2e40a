"""Arrays as the bytes of .npy files, read back strictly: nothing but numbers of the type expected.

The header is not evaluated as numpy does it; a file that says anything else is refused.
"""

import io
import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

Data = bytes | memoryview
"""What a file holds, read or mapped."""

_HEADER = re.compile(
    rb"\x93NUMPY\x01\x00..\{'descr': '([^']{1,8})', 'fortran_order': False, "
    rb"'shape': \(([0-9]{1,15}),(?: ([0-9]{1,15}))?\), \} *\n",
    re.DOTALL,
)


def array_bytes(array: NDArray[Any]) -> bytes:
    """Return an array of one or two dimensions as the bytes of a .npy file."""
    numbers = np.ascontiguousarray(array)
    header = array_header(numbers.shape, numbers.dtype.str)
    return b"".join((header, numbers.data))


def array_header(shape: tuple[int, ...], dtype: str) -> bytes:
    """Return what stands in front of the numbers of an array in a .npy file."""
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        header, {"descr": dtype, "fortran_order": False, "shape": shape}
    )
    return header.getvalue()


def new_array(shape: tuple[int, int], dtype: str) -> tuple[memoryview, NDArray[Any]]:
    """Return a .npy file with room for an array, and the array in it, to be filled."""
    header = array_header(shape, dtype)
    size = shape[0] * shape[1] * np.dtype(dtype).itemsize
    file = np.zeros(len(header) + size, dtype=np.uint8)
    file[: len(header)] = np.frombuffer(header, dtype=np.uint8)
    return file.data, file[len(header) :].view(dtype).reshape(shape)


def read_array(data: Data, dtype: str, columns: int | None = None) -> NDArray[Any]:
    """Read back what `array_bytes` wrote; what is returned cannot be written to.

    Args:
        data: the bytes of the file.
        dtype: type and order of the numbers, as in "<f4".
        columns: width of a row; None for one dimension, 0 for any width.

    Raises:
        ValueError: if it is anything else.
    """
    header = _HEADER.match(data)
    if header is None or header[1].decode("latin-1") != dtype:
        raise ValueError(f"not an array of {dtype}")
    shape = tuple(int(size) for size in header.groups()[1:] if size is not None)
    if len(shape) != (1 if columns is None else 2) or (columns and shape[1] != columns):
        raise ValueError(f"an array of shape {shape}")
    return np.frombuffer(data, dtype=dtype, offset=header.end()).reshape(shape)


def ranges(starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the numbers of all ranges, one range behind the other."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    return np.asarray(np.arange(total) + np.repeat(starts - (ends - lengths), lengths))
