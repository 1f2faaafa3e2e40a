"""A store on disk.

    store/
      CURRENT                   name of the snapshot in force
      snapshots/000007-3f9a…/   data files, then manifest.json with their digests
      stamps.json               which files were read, see index/inventory.py
      unfinished.vectors        what a build that did not end had embedded, see index/kept.py
      .lock                     held while a build writes
      .builder                  which process holds it

A snapshot is written under another name, read back and checked, and renamed; `CURRENT` is replaced
last. Whoever opens the store at any moment reads one whole snapshot. Nothing is pickled.
"""

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from index import disk
from index.arrays import Data
from index.articles import ARTICLE_FILES, StoredArticles
from index.contents import FORMAT as FORMAT
from index.contents import content_files, read_content
from index.contents import digest_content as digest_content
from index.errors import (
    StoreCorrupt,
    StoreError,
    StoreFull,
    StoreMissing,
    StoreUnsettled,
)
from index.inventory import STAMPS_ASIDE
from index.kept import forget_vectors, kept_bytes
from index.laws import broken_articles, broken_laws, broken_parts
from index.lock import LOCK as LOCK
from index.lock import builder_of as builder_of
from index.lock import lock_store as lock_store
from index.manifest import (
    UNREADABLE,
    is_mapped,
    make_manifest,
    read_file,
    read_files,
    read_manifest,
    refused,
    write_files,
)
from index.store import Store
from index.types import Article

_CURRENT = "CURRENT"
_SNAPSHOTS = "snapshots"
_UNFINISHED = ".tmp"
_NAME = re.compile(r"([0-9]{6,12})-[0-9a-f]{12}")

# a folder and the end of the last block of each file take room too
_FILE_BYTES = 8192


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
    except OSError as error:
        raise refused(path, error) from error
    except UnicodeDecodeError as error:
        raise StoreCorrupt(path, f"cannot be read ({error})") from error
    # a damaged name must not lead out of the store
    if not _NAME.fullmatch(name) or not _is_there(store, name):
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
        StoreUnsettled: if it is in force, and a power failure may undo that.
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
        _check_whole(folder, _open_folder(folder, name))
        disk.rename(folder, snapshots / name)
        put_in_force(store, name)
    except BaseException:
        _withdraw(store, name)
        raise
    with suppress(StoreCorrupt):  # what may not be listed now is removed by the next build
        _prune(store, {name, before, _other_content(store, name, before)})
    return name


def open_snapshot(store: Path, name: str | None = None, *, at_once: bool = True) -> Store:
    """Read the snapshot in force (or `name`), its files checked against the manifest.

    Args:
        store: folder of snapshots.
        name: of the snapshot.
        at_once: check large files by digest too; else `Store.is_checked` tells whether there are
            any, each article is checked when it is read, and the rest is for `check_files`.

    Raises:
        StoreMissing: if nothing was built there yet.
        StoreCorrupt: if a file is missing, or not what was written.
    """
    name = name or current_name(store)
    return _open_folder(snapshot_folder(store, name), name, at_once=at_once)


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
    manifest = read_manifest(folder)
    files = {name: read_file(folder, name, manifest) for name in ARTICLE_FILES}
    try:
        return list(StoredArticles(files))
    except UNREADABLE as error:
        raise StoreCorrupt(folder, f"does not fit together ({error})") from error


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
    """Return the names of the complete snapshots, oldest first.

    Raises:
        StoreCorrupt: if the system refuses to list them.
    """
    try:
        found = disk.folders_in(store / _SNAPSHOTS)
    except OSError as error:
        raise refused(store / _SNAPSHOTS, error) from error
    return sorted((name for name in found if _NAME.fullmatch(name)), key=number_of)


def put_in_force(store: Path, name: str) -> None:
    """Name the snapshot in force, in one step.

    The lock of the store must be held.

    Raises:
        StoreUnsettled: if the disk failed when it was to make sure of that.
        OSError: if the system refuses; the one before is in force.
    """
    aside, line = store / f"{_CURRENT}{_UNFINISHED}", f"{name}\n".encode("ascii")
    try:
        disk.replace_file(current_file(store), line, aside)
    except OSError as error:
        if named_in_force(store) == line:
            raise StoreUnsettled(store, name, error.strerror or str(error)) from error
        raise


def unfinished(store: Path) -> list[Path]:
    """Return what a build left that did not finish, or is writing now."""
    aside = [store / f"{_CURRENT}{_UNFINISHED}", store / STAMPS_ASIDE]
    left = [path for path in aside if os.path.lexists(path)]
    return [*left, *sorted((store / _SNAPSHOTS).glob(f"*{_UNFINISHED}"))]


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


def _is_there(store: Path, name: str) -> bool:
    """Whether there is a snapshot of that name.

    Raises:
        StoreCorrupt: if the system refuses to tell.
    """
    folder = snapshot_folder(store, name)
    try:
        return disk.is_folder(folder)
    except OSError as error:
        raise refused(folder, error) from error


def _open_folder(folder: Path, name: str, *, at_once: bool = True) -> Store:
    """Read the snapshot `name` from a folder, which may still have another name."""
    manifest, files = read_files(folder, name, at_once=at_once)
    try:
        content = read_content(files, manifest, name)
        problem = next(broken_laws(content), None)
    except UNREADABLE as error:
        raise StoreCorrupt(folder, f"does not fit together ({error})") from error
    if problem is not None:
        raise StoreCorrupt(folder, f"does not fit together ({problem})")
    return replace(content, is_checked=at_once or not is_mapped(manifest))


def _check_whole(folder: Path, content: Store) -> None:
    """Refuse what was written if anything in it breaks a law; all of it is read."""
    for law in (broken_articles, broken_parts):
        if (problem := next(law(content), None)) is not None:
            raise StoreCorrupt(folder, f"does not fit together ({problem})")


def room_needed(files: Mapping[str, Data]) -> int:
    """Return how many bytes a snapshot of these files takes on the disk."""
    return sum(len(data) + _FILE_BYTES for data in files.values())


def _check_room(store: Path, files: Mapping[str, Data]) -> None:
    """Refuse to fill the disk; what is kept for a build that does not end gives way before."""
    needed, free = room_needed(files), disk.free_bytes(store)
    if free < needed <= free + kept_bytes(store):
        forget_vectors(store)
        free = disk.free_bytes(store)
    if free < needed:
        raise StoreFull(store, needed, free)


def _withdraw(store: Path, name: str) -> None:
    """Remove a snapshot that could not be put in force."""
    if _may_be_in_force(store, name):
        return  # only the last wait for the disk failed
    disk.try_to_remove(snapshot_folder(store, name + _UNFINISHED))
    _remove(store, name)


def _may_be_in_force(store: Path, name: str) -> bool:
    """Whether CURRENT names a snapshot, or cannot be asked."""
    try:
        return disk.read_file(current_file(store)) == f"{name}\n".encode("ascii")
    except FileNotFoundError:
        return False
    except OSError:
        return True


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
