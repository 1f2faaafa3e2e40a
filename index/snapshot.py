"""A store on disk.

    store/
      CURRENT                   name of the snapshot in force
      snapshots/000007-3f9a…/   data files, then manifest.json with their digests
      .lock                     held while a build writes
      .builder                  which process holds it

A snapshot is written under another name, read back and checked, and renamed; `CURRENT` is replaced
last. Whoever opens the store at any moment reads one whole snapshot. Nothing is pickled.
"""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from index import disk
from index.contents import ARTICLES, content_files, read_article_lines, read_content
from index.contents import FORMAT as FORMAT
from index.contents import digest_content as digest_content
from index.errors import (
    StoreBusy,
    StoreCorrupt,
    StoreError,
    StoreFull,
    StoreMissing,
    StoreUnwritable,
)
from index.laws import broken_laws
from index.manifest import (
    UNREADABLE,
    make_manifest,
    read_checked,
    read_files,
    read_manifest,
    write_files,
)
from index.store import Store
from index.types import Article

LOCK = ".lock"
"""Held while a build writes."""

_BUILDER = ".builder"
_CURRENT = "CURRENT"
_SNAPSHOTS = "snapshots"
_UNFINISHED = ".tmp"
_NAME = re.compile(r"([0-9]{6,12})-[0-9a-f]{12}")

# a folder and the end of the last block of each file take room too
_FILE_BYTES = 8192


def default_store() -> Path:
    """Return the store folder that is used when none is named: `DEPECHE_STORE`, else ./store."""
    return Path(os.environ.get("DEPECHE_STORE") or "store")


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


def current_name(store: Path) -> str:
    """Return the name of the snapshot in force.

    Raises:
        StoreMissing: if nothing was built there yet.
        StoreCorrupt: if CURRENT names no snapshot.
    """
    path = current_file(store)
    try:
        name = disk.read_file(path).decode("ascii").strip()
    except FileNotFoundError as error:
        raise StoreMissing(store) from error
    except (OSError, UnicodeDecodeError) as error:
        raise StoreCorrupt(path, f"cannot be read ({error})") from error
    # a damaged name must not lead out of the store
    if not _NAME.fullmatch(name) or not snapshot_folder(store, name).is_dir():
        raise StoreCorrupt(path, f"names no snapshot ({name[:40]!r})")
    return name


def named_in_force(store: Path) -> bytes | None:
    """Return what CURRENT holds, whatever it is: something else once a build has replaced it."""
    try:
        return disk.read_file(current_file(store))
    except OSError:
        return None


def save_snapshot(store: Path, content: Store) -> str:
    """Write `content` beside what is there, put it in force, and remove the oldest ones.

    The lock of the store must be held.

    Returns:
        The name of the snapshot: a number that grows, and the start of its content's digest.

    Raises:
        StoreFull: if it does not fit on the disk; nothing was written.
        StoreCorrupt: if what was written is not what is read back; it is not put in force.
        OSError: if the system refuses.
    """
    snapshots = store / _SNAPSHOTS
    disk.make_folder(snapshots)
    _remove_unfinished(store)
    files = content_files(content)
    manifest = make_manifest(content, files)
    _check_room(store, files)
    name = f"{_next_number(store):06d}-{manifest['content'][:12]}"
    before = whole_name(store)
    folder = snapshots / (name + _UNFINISHED)
    try:
        write_files(folder, files, manifest)
        _open_folder(folder, name)
        disk.rename(folder, snapshots / name)
        put_in_force(store, name)
    except BaseException:
        _withdraw(store, name)
        raise
    _prune(store, {name, before, _other_content(store, name, before)})
    return name


def open_snapshot(store: Path, name: str | None = None) -> Store:
    """Read the snapshot in force (or `name`), every file checked against the manifest.

    Raises:
        StoreMissing: if nothing was built there yet.
        StoreCorrupt: if a file is missing, or not what was written.
    """
    name = name or current_name(store)
    return _open_folder(snapshot_folder(store, name), name)


def check_files(store: Path, name: str) -> dict[str, Any]:
    """Check every file of a snapshot against its manifest, and return that.

    Raises:
        StoreCorrupt: if a file is missing, or not what was written.
    """
    return read_files(snapshot_folder(store, name), name)[0]


def read_articles(store: Path, name: str) -> list[Article]:
    """Read the articles of one snapshot, checked against the manifest, and nothing else of it.

    Raises:
        StoreCorrupt: if its manifest or its articles are not what was written.
    """
    folder = snapshot_folder(store, name)
    data = read_checked(folder / ARTICLES, read_manifest(folder)["files"][ARTICLES])
    try:
        return read_article_lines(data)
    except UNREADABLE as error:
        raise StoreCorrupt(folder / ARTICLES, f"does not fit together ({error})") from error


def is_whole(store: Path, name: str) -> bool:
    """Whether all files of a snapshot are what was written."""
    try:
        read_files(snapshot_folder(store, name), name)
    except StoreCorrupt:
        return False
    return True


def whole_name(store: Path) -> str | None:
    """Return the snapshot that questions are answered from: the one in force, if it is whole."""
    return next((name for name in names_to_try(store) if is_whole(store, name)), None)


def names_to_try(store: Path) -> list[str]:
    """Return the snapshots in the order in which they stand in for each other.

    First the one in force, then the older ones from the newest on, then those newer than it:
    somebody went back from them.
    """
    names = snapshot_names(store)[::-1]
    try:
        in_force = current_name(store)
    except StoreError:
        return names
    place = names.index(in_force) if in_force in names else 0
    return [*names[place:], *names[:place]]


def snapshot_names(store: Path) -> list[str]:
    """Return the names of the complete snapshots, oldest first."""
    try:
        found = [path.name for path in (store / _SNAPSHOTS).iterdir() if path.is_dir()]
    except OSError:
        return []
    return sorted((name for name in found if _NAME.fullmatch(name)), key=number_of)


def put_in_force(store: Path, name: str) -> None:
    """Name the snapshot in force, in one step.

    The lock of the store must be held.
    """
    aside = store / f"{_CURRENT}{_UNFINISHED}"
    disk.replace_file(current_file(store), f"{name}\n".encode("ascii"), aside)


def unfinished(store: Path) -> list[Path]:
    """Return what a build left that did not finish, or is writing now."""
    inner = sorted((store / _SNAPSHOTS).glob(f"*{_UNFINISHED}"))
    return [*store.glob(f"{_CURRENT}{_UNFINISHED}"), *inner]


def number_of(name: str) -> tuple[int, str]:
    """Return what snapshots are in order of: their number, then their content."""
    number, _, content = name.partition("-")
    return int(number), content


def content_of(name: str) -> str:
    """Return the part of a snapshot's name that two snapshots share if they say the same."""
    return name.partition("-")[2]


def current_file(store: Path) -> Path:
    """Return the file that names the snapshot in force."""
    return store / _CURRENT


def snapshot_folder(store: Path, name: str) -> Path:
    """Return the folder of a snapshot."""
    return store / _SNAPSHOTS / name


def _open_folder(folder: Path, name: str) -> Store:
    """Read the snapshot `name` from a folder, which may still have another name."""
    manifest, files = read_files(folder, name)
    try:
        content = read_content(files, manifest, name)
        problem = next(broken_laws(content), None)
    except UNREADABLE as error:
        raise StoreCorrupt(folder, f"does not fit together ({error})") from error
    if problem is not None:
        raise StoreCorrupt(folder, f"does not fit together ({problem})")
    return content


def _check_room(store: Path, files: Mapping[str, bytes | memoryview]) -> None:
    """Refuse to fill the disk."""
    needed = sum(len(data) + _FILE_BYTES for data in files.values())
    free = disk.free_bytes(store)
    if free < needed:
        raise StoreFull(store, needed, free)


def _withdraw(store: Path, name: str) -> None:
    """Remove a snapshot that could not be put in force."""
    with suppress(StoreError):
        if current_name(store) == name:
            return  # it is in force: only the last wait for the disk failed
    disk.try_to_remove(snapshot_folder(store, name + _UNFINISHED))
    _remove(store, name)


def _prune(store: Path, kept: set[str | None]) -> None:
    """Remove all but those `kept`: the snapshot in force and those to go back to."""
    for name in snapshot_names(store):
        if name not in kept:
            _remove(store, name)


def _remove(store: Path, name: str) -> None:
    """Remove a snapshot if it is there; what is half removed is no snapshot any more."""
    folder = snapshot_folder(store, name)
    aside = folder.with_name(name + _UNFINISHED)
    with suppress(OSError):
        disk.rename(folder, aside)
    disk.try_to_remove(aside)


def _other_content(store: Path, name: str, before: str | None) -> str | None:
    """Return the newest snapshot that says something else, if the one before says the same.

    So it is when only the files that cannot be read have changed: going back should still change
    something. The one before stays all the same: somebody may be reading it.
    """
    if before is None or content_of(before) != content_of(name):
        return None
    others = reversed([one for one in snapshot_names(store) if content_of(one) != content_of(name)])
    return next((other for other in others if is_whole(store, other)), None)


def _next_number(store: Path) -> int:
    """Return the number after that of the newest snapshot."""
    return max((number_of(name)[0] for name in snapshot_names(store)), default=0) + 1


def _remove_unfinished(store: Path) -> None:
    """Remove what a build left that did not finish."""
    for path in unfinished(store):
        disk.try_to_remove(path)
