"""Everything that changes a store on the disk, one small operation at a time.

What is written is on the disk before it is named, and a name is changed in one step. Every
operation goes through `system`, so that a test can let any of them fail, or be the last one.
"""

import errno
import mmap
import os
import shutil
import stat
import tempfile
import weakref
from contextlib import suppress
from pathlib import Path
from typing import IO

_PIECE_BYTES = 1 << 20
"""What is handed to the system at once."""

# Windows would change line feeds, and has no such call for folders
_BINARY = getattr(os, "O_BINARY", 0)
_SYNCS_FOLDERS = os.name != "nt"


class System:
    """The calls themselves. Each raises OSError when the system refuses."""

    def read(self, path: Path) -> bytes:
        """Return the bytes of a file."""
        return path.read_bytes()

    def read_at(self, descriptor: int, start: int, count: int) -> bytes:
        """Return bytes of an open file from the place `start` on: less than `count` at its end."""
        os.lseek(descriptor, start, os.SEEK_SET)
        return os.read(descriptor, count)

    def folders_in(self, path: Path) -> list[str]:
        """Return the names of the folders in a folder."""
        with os.scandir(path) as entries:
            return [entry.name for entry in entries if entry.is_dir()]

    def is_folder(self, path: Path) -> bool:
        """Whether there is a folder; an error when that cannot be told."""
        try:
            return stat.S_ISDIR(path.stat().st_mode)
        except (FileNotFoundError, NotADirectoryError):
            return False

    def map(self, path: Path) -> memoryview:
        """Map a file into memory; it is read where it is looked at."""
        with path.open("rb") as file:
            return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))

    def open_new(self, path: Path) -> int:
        """Open a file to be written from its beginning, and return its descriptor."""
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _BINARY, 0o666)

    def open_to_add(self, path: Path) -> int:
        """Open a file to be read and added to, made if it is not there; return its descriptor."""
        return os.open(path, os.O_RDWR | os.O_CREAT | _BINARY, 0o666)

    def open_scratch(self, folder: Path | None) -> IO[bytes]:
        """Open a file without a name in a folder, or where the system keeps such: it goes alone."""
        return tempfile.TemporaryFile(buffering=_PIECE_BYTES, dir=folder)

    def cut(self, descriptor: int, length: int) -> None:
        """Cut an open file off at a length."""
        os.ftruncate(descriptor, length)

    def write(self, descriptor: int, piece: memoryview) -> int:
        """Write a piece, or the beginning of it, and return how many bytes were taken."""
        return os.write(descriptor, piece)

    def sync(self, path: Path) -> None:
        """Wait until a file or a folder is on the disk."""
        descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR | _BINARY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def make_folder(self, path: Path) -> None:
        """Make a folder, and those above it."""
        path.mkdir(parents=True, exist_ok=True)

    def rename(self, path: Path, target: Path) -> None:
        """Give a folder another name that nothing has."""
        path.rename(target)

    def replace(self, path: Path, target: Path) -> None:
        """Put a file in the place of another, in one step."""
        os.replace(path, target)  # noqa: PTH105  the name of the system call that is atomic

    def remove_file(self, path: Path) -> None:
        """Remove a file, or a link."""
        path.unlink()

    def remove_folder(self, path: Path) -> None:
        """Remove an empty folder."""
        path.rmdir()

    def free_bytes(self, folder: Path) -> int:
        """Return how much may still be written beside `folder`."""
        return shutil.disk_usage(folder).free


system = System()
"""What the functions below call; the tests put faulty ones in its place."""


def read_file(path: Path) -> bytes:
    """Return the bytes of a file."""
    return system.read(path)


def map_file(path: Path) -> memoryview:
    """Map a file that is not empty into memory; it must not be cut while it is mapped."""
    return system.map(path)


def let_go(data: object) -> None:
    """Give back the memory in which a mapped file was read; it is read anew where it is looked at.

    Whoever passes over a large file would hold all of it in the end. Other data stay as they are.
    """
    mapped = data.obj if isinstance(data, memoryview) else None
    if isinstance(mapped, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        mapped.madvise(mmap.MADV_DONTNEED)


def write_file(path: Path, data: bytes | memoryview) -> None:
    """Write `data` to `path`, in pieces, and wait until it is on the disk."""
    descriptor = system.open_new(path)
    try:
        _write(descriptor, data, path)
    finally:
        os.close(descriptor)
    sync(path)


def replace_file(path: Path, data: bytes, aside: Path) -> None:
    """Write `data` to the file `aside` and put it in the place of `path`, in one step."""
    for stray in (aside, path):
        if stray.is_dir() and not stray.is_symlink():
            remove_tree(stray)  # no file could take the place of a folder
    write_file(aside, data)
    if read_file(aside) != data:
        raise OSError(errno.EIO, "what was written is not what is read back", str(aside))
    system.replace(aside, path)
    sync(path.parent)


class GrowingFile:
    """A file that is added to at its end, by one thread; what is torn there is for its reader."""

    def __init__(self, path: Path) -> None:
        """Open the file at `path`, made if it is not there."""
        self._path = path
        self._descriptor = system.open_to_add(path)
        self.length = os.fstat(self._descriptor).st_size
        """How many bytes it has, as far as all that was added is there."""

    def read(self, start: int, count: int) -> bytes:
        """Return the bytes from the place `start` on: less than `count` at the end."""
        return system.read_at(self._descriptor, start, count)

    def append(self, data: bytes) -> None:
        """Add `data` at the end, and wait until it is on the disk."""
        # not where the disk says that the end is: it may have taken less than it told
        os.lseek(self._descriptor, self.length, os.SEEK_SET)
        _write(self._descriptor, data, self._path)
        sync(self._path)
        self.length += len(data)

    def cut(self, length: int) -> None:
        """Forget all bytes from the place `length` on."""
        system.cut(self._descriptor, length)
        self.length = length

    def close(self) -> None:
        """Close the file, and leave it."""
        os.close(self._descriptor)


class ScratchFile:
    """A file without a name, for what would fill the memory; it goes when nobody looks at it."""

    def __init__(self, folder: Path | None = None) -> None:
        """Open an empty one on the disk of `folder`, or where the system keeps such files."""
        self._file = system.open_scratch(folder)
        weakref.finalize(self, self._file.close)

    def append(self, data: bytes | memoryview) -> None:
        """Add `data` behind what was written last."""
        self._file.write(data)

    def write_at(self, place: int, data: bytes | memoryview) -> None:
        """Write `data` from a place on."""
        self._file.seek(place)
        self._file.write(data)

    def map(self) -> memoryview:
        """Return all that was written, as it lies on the disk; nothing can be written any more."""
        with self._file as file:
            file.flush()
            if os.fstat(file.fileno()).st_size == 0:
                return memoryview(b"")
            return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


def folders_in(path: Path) -> list[str]:
    """Return the names of the folders in a folder; none if it is not there."""
    try:
        return system.folders_in(path)
    except (FileNotFoundError, NotADirectoryError):
        return []


def is_folder(path: Path) -> bool:
    """Whether there is a folder; an error when that cannot be told."""
    return system.is_folder(path)


def make_folder(path: Path) -> None:
    """Make a folder, and those above it, unless it is there."""
    system.make_folder(path)


def rename(path: Path, target: Path) -> None:
    """Give a folder another name, in one step, and wait until that is on the disk."""
    system.rename(path, target)
    sync(target.parent)


def sync(path: Path) -> None:
    """Wait until a file or a folder is on the disk."""
    if _SYNCS_FOLDERS or not path.is_dir():
        system.sync(path)


def remove_tree(path: Path) -> None:
    """Remove a file, a link, or a folder with all that is in it; no link is followed."""
    if path.is_symlink() or not path.is_dir():
        system.remove_file(path)
        return
    for inner in sorted(path.iterdir()):
        remove_tree(inner)
    system.remove_folder(path)


def try_to_remove(path: Path) -> None:
    """Remove what may be there; what cannot be removed stays for the next time."""
    with suppress(OSError):
        remove_tree(path)


def free_bytes(folder: Path) -> int:
    """Return how many bytes may still be written beside `folder`."""
    return system.free_bytes(folder)


def _write(descriptor: int, data: bytes | memoryview, path: Path) -> None:
    """Write `data` to an open file, the one at `path`, in pieces."""
    rest = memoryview(data)
    while rest:
        taken = system.write(descriptor, rest[:_PIECE_BYTES])
        if taken <= 0:
            raise OSError(errno.EIO, "nothing more is taken", str(path))
        rest = rest[taken:]
        let_go(data)
