"""Puts a file into the corpus: whole or not at all, never outside, never silently over another."""

import os
import shutil
import threading
from itertools import count
from pathlib import Path
from secrets import token_hex
from typing import Literal, NamedTuple

from ui.file_names import number, same_name

When = Literal["", "replace", "both"]

# Left free for the index, and for everybody else.
_SPARED_BYTES = 300_000_000

_lock = threading.Lock()


class NameTaken(Exception):
    """A file of that name, or one that some file system takes for it, is there already."""

    def __init__(self, name: str) -> None:
        """Remember the name that the other one has."""
        super().__init__(name)
        self.name = name


class OutsideCorpus(Exception):
    """A folder of that name is a link that leads out of the corpus, or no folder."""


class NoRoom(OSError):
    """The disk has no room to spare."""


class Put(NamedTuple):
    """What came of it: the name in the corpus, whether another was replaced, or had the bytes."""

    name: str
    replaced: bool = False
    same: bool = False


def put(corpus: Path, name: str, data: bytes, when: When = "") -> Put:
    """Put `data` into the corpus as the file `name`.

    Args:
        corpus: the folder of articles.
        name: a clean path below it.
        data: the content of the file.
        when: what to do when there is another file of that name: "replace" it, or keep "both";
            else it is an error, unless the other one has the same content.

    Raises:
        NameTaken: if there is another one.
        OutsideCorpus: if the path leads elsewhere.
        OSError: if the disk does not take it.
    """
    if shutil.disk_usage(corpus).free - len(data) < _SPARED_BYTES:
        raise NoRoom
    with _lock:
        target = _place(corpus, name)
        other = _other(target)
        if other is not None and _holds(other, data):
            return Put(_name_of(corpus, other), same=True)
        if other is not None and when == "both":
            target, other = _free(target), None
        elif other is not None and when != "replace":
            raise NameTaken(_name_of(corpus, other))
        target = other or target
        _write(target, data)
        return Put(_name_of(corpus, target), replaced=other is not None)


def _place(corpus: Path, name: str) -> Path:
    """Return where the file goes, its folder made.

    Folders whose names a file system takes for the same are the same.
    """
    root = corpus.resolve()
    folder = root
    *folders, file = name.split("/")
    for part in folders:
        folder = _known(folder, part) or folder / part
        # links out of the corpus are not read by a build, and are not followed here
        if not folder.resolve().is_relative_to(root) or (folder.exists() and not folder.is_dir()):
            raise OutsideCorpus(name)
        folder.mkdir(exist_ok=True)
    return folder / file


def _known(folder: Path, name: str) -> Path | None:
    """Return what is in `folder` under a name that is taken for `name`."""
    return next((path for path in folder.iterdir() if same_name(path.name, name)), None)


def _other(target: Path) -> Path | None:
    """Return what is there already in place of a file."""
    return _known(target.parent, target.name)


def _holds(path: Path, data: bytes) -> bool:
    """Whether a file has exactly this content."""
    return path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data


def _free(target: Path) -> Path:
    """Return the path with the first number that is free."""
    names = (target.with_name(number(target.name, one)) for one in count(2))
    return next(path for path in names if _other(path) is None)


def _name_of(corpus: Path, path: Path) -> str:
    """Return the path below the corpus, with forward slashes."""
    return path.relative_to(corpus.resolve()).as_posix()


def _write(target: Path, data: bytes) -> None:
    """Write the file under a name that no build reads, then give it its own in one step."""
    if target.exists() and not target.is_file():
        raise OutsideCorpus(target.name)
    part = target.with_name(f".{token_hex(8)}.part")
    try:
        with part.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
