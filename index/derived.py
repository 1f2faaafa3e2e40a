"""Arrays that are derived from an installed package once, and mapped at every later start.

    CACHE/languages-1f0c8e….arrays    a line of JSON: types and shapes, and the digest of these and
                                      of all that follows; then the arrays

They lie in the user's folder of things that can be made again: `DEPECHE_CACHE`, else where the
system has such a folder. What is missing, damaged or of another version is made again; where the
folder cannot be written to, they are made at every start.
"""

import hashlib
import json
import math
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index import disk

Arrays = Mapping[str, NDArray[Any]]

_SUFFIX = ".arrays"

# numbers that begin at a multiple of it can be read in place by any processor
_ALIGNED = 64

_MAX_HEADER_BYTES = 4096


def derived(name: str, source: str, make: Callable[[], Arrays]) -> Arrays:
    """Return the arrays that `make` makes, mapped if they were made before.

    Args:
        name: what they are, in letters.
        source: digest of all that they are made of.
        make: makes them; numbers and plain strings only.
    """
    path = cache_folder() / f"{name}-{source[:32]}{_SUFFIX}"
    with suppress(OSError, ValueError, TypeError, KeyError):
        return _read(disk.map_file(path))
    arrays = {key: np.ascontiguousarray(array) for key, array in make().items()}
    with suppress(OSError):
        _keep(path, _written(arrays))
        _forget_others(path, name)
    return arrays


def cache_folder() -> Path:
    """Return the folder that they lie in; it need not be there yet."""
    told = os.environ.get("DEPECHE_CACHE")
    if told:
        return Path(told)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or "~/AppData/Local"
    elif sys.platform == "darwin":
        base = "~/Library/Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(os.path.expanduser(base)) / "depeche"  # noqa: PTH111  no error without a home


def _written(arrays: Arrays) -> bytes:
    """Return arrays as a file."""
    content = bytearray()
    for array in arrays.values():
        content += array.tobytes()
        content += b"\0" * (-len(content) % _ALIGNED)
    shapes = {key: [array.dtype.str, *array.shape] for key, array in arrays.items()}
    header = {"digest": _digest(shapes, content), "arrays": shapes}
    line = json.dumps(header).encode()
    return line.ljust(-(-(len(line) + 1) // _ALIGNED) * _ALIGNED - 1) + b"\n" + content


def _read(data: memoryview) -> Arrays:
    """Return the arrays of a file, where they lie.

    Raises:
        ValueError: if it is damaged; TypeError or KeyError if it is something else.
    """
    line = bytes(data[:_MAX_HEADER_BYTES]).partition(b"\n")[0]
    header, content = json.loads(line), data[len(line) + 1 :]
    if _digest(header["arrays"], content) != header["digest"]:
        raise ValueError("its digest is another")
    arrays, place = {}, 0
    for key, (dtype, *shape) in header["arrays"].items():
        count = math.prod(shape)
        arrays[key] = np.frombuffer(content, dtype, count, place).reshape(shape)
        place += -(-arrays[key].nbytes // _ALIGNED) * _ALIGNED
    return arrays


def _digest(shapes: Mapping[str, Any], content: bytes | bytearray | memoryview) -> str:
    """Return the digest of arrays, their types and shapes included."""
    digest = hashlib.sha256(json.dumps(shapes).encode())
    digest.update(content)
    return digest.hexdigest()


def _keep(path: Path, data: bytes) -> None:
    """Write a file; others that write it too do no harm."""
    disk.make_folder(path.parent)
    disk.replace_file(path, data, path.with_suffix(f".{os.getpid()}"))


def _forget_others(path: Path, name: str) -> None:
    """Remove what was derived from other versions, and what a start that was killed left."""
    for other in path.parent.glob(f"{name}-*"):
        if other != path:
            disk.try_to_remove(other)
