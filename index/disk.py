"""Everything that changes a store on the disk, one small operation at a time.

What is written is on the disk before it is named, and a name is changed in one step. Every
operation goes through `system`, so that a test can let any of them fail, or be the last one.
"""

import errno
import os
import shutil
from contextlib import suppress
from pathlib import Path

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

    def open_new(self, path: Path) -> int:
        """Open a file to be written from its beginning, and return its descriptor."""
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _BINARY, 0o666)

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


def write_file(path: Path, data: bytes | memoryview) -> None:
    """Write `data` to `path`, in pieces, and wait until it is on the disk."""
    descriptor = system.open_new(path)
    try:
        rest = memoryview(data)
        while rest:
            taken = system.write(descriptor, rest[:_PIECE_BYTES])
            if taken <= 0:
                raise OSError(errno.EIO, "nothing more is taken", str(path))
            rest = rest[taken:]
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
