"""Who builds: one process at a time, by a lock that the system lets go of if it dies."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from index import disk
from index.errors import StoreBusy, StoreUnwritable

LOCK = ".lock"
"""Held while a build writes."""

_BUILDER = ".builder"


@contextmanager
def lock_store(store: Path, wait_seconds: float = 0) -> Iterator[None]:
    """Keep other builds out of `store`; the system lets go of the lock if this process dies.

    Args:
        store: folder of snapshots.
        wait_seconds: how long to wait for another build; negative: for as long as it takes.

    Raises:
        StoreBusy: if another build holds it.
        StoreUnwritable: if the folder cannot be written to, now or while the lock is held.
    """
    from filelock import FileLock, Timeout  # who only asks needs none

    try:
        disk.make_folder(store)
        lock = FileLock(store / LOCK, timeout=wait_seconds if wait_seconds >= 0 else -1)
        with lock, _signed(store / _BUILDER):
            yield
    except Timeout as error:
        raise StoreBusy(store) from error
    except OSError as error:
        raise StoreUnwritable(store, error.strerror or str(error)) from error


def builder_of(store: Path) -> str | None:
    """Return which process builds, and since when; None if none does, as far as it is told."""
    try:
        return disk.read_file(store / _BUILDER).decode("ascii").strip()[:100] or None
    except (OSError, UnicodeDecodeError):
        return None


@contextmanager
def _signed(path: Path) -> Iterator[None]:
    """Leave word of this process while it holds the lock; what fails here hinders nothing."""
    since = datetime.now(UTC).isoformat(timespec="seconds")
    with suppress(OSError):
        disk.write_file(path, f"process {os.getpid()} since {since}\n".encode())
    try:
        yield
    finally:
        disk.try_to_remove(path)
