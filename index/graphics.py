"""NVIDIA's graphics processors, found without torch, which takes seconds to import.

The default embedder goes there in a build that has much to embed, never for a question; a model of
`--model` is there always. `DEPECHE_GPU=0` keeps both off, and `CUDA_VISIBLE_DEVICES` is heeded.
"""

import ctypes
import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_DRIVER = "nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1"


def are_allowed() -> bool:
    """Whether graphics processors may be used, if there are any."""
    return os.environ.get("DEPECHE_GPU", "").strip() != "0"


def are_there(driver: str = _DRIVER) -> bool:
    """Whether this process may use a graphics processor, and the driver of that name runs one."""
    if not are_allowed() or _are_hidden():
        return False
    try:
        return count_devices(ctypes.CDLL(driver)) > 0
    except (OSError, AttributeError):  # no such library, or another one
        return False


def count_devices(driver: Any) -> int:  # noqa: ANN401  a library, whose functions are found by name
    """Return how many processors a driver runs; none if it fails.

    Raises:
        AttributeError: if it is no driver of CUDA.
    """
    number = ctypes.c_int(0)
    if driver.cuInit(0) or driver.cuDeviceGetCount(ctypes.byref(number)):
        return 0
    return number.value


def torch_reaches_them() -> bool:
    """Whether the torch that is installed was built for CUDA; it is looked at, not imported."""
    found = find_spec("torch")
    if found is None or found.origin is None:
        return False
    return any((Path(found.origin).parent / "lib").glob("*torch_cuda*"))


def _are_hidden() -> bool:
    """Whether the environment shows no processor to CUDA: the list is empty, or begins with -1."""
    shown = os.environ.get("CUDA_VISIBLE_DEVICES")
    return shown is not None and (not shown.strip() or shown.strip().startswith("-"))
