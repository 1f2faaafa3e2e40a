"""The snapshots a store still holds: what each was, what changed between two, and going back."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from index.errors import SnapshotMissing, StoreCorrupt
from index.snapshot import (
    content_of,
    current_name,
    lock_store,
    open_snapshot,
    put_in_force,
    read_articles,
    read_manifest,
    skipped_files,
    snapshot_folder,
    snapshot_names,
)
from index.types import Article


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is known of a snapshot without opening it.

    Attributes:
        name: a number that grows, and the start of the digest of its content.
        written: when, as the file system tells; a copied store may tell when it was copied.
        articles: how many it holds; 0 if its manifest cannot be read.
        chunks: the same.
        skipped: how many files its build left out.
        in_force: whether questions are answered from it.
        problem: why it cannot be put in force, as far as the manifest tells; None if it can.
    """

    name: str
    written: datetime
    articles: int
    chunks: int
    skipped: int
    in_force: bool
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """What a build changed, by article, in the order of ids.

    Attributes:
        added: articles that were not there.
        changed: articles whose text, or what is known of it, is another, as they are now.
        removed: articles that are no more, as they were. A file that was renamed is removed and
            added.
    """

    added: tuple[Article, ...]
    changed: tuple[Article, ...]
    removed: tuple[Article, ...]


def snapshots(store: Path) -> list[Snapshot]:
    """Return the complete snapshots of a store, oldest first.

    Raises:
        StoreMissing: if nothing was built there yet.
    """
    in_force = _name_in_force(store)
    found = (_read(store, name, in_force) for name in snapshot_names(store))
    return [snapshot for snapshot in found if snapshot is not None]


def rollback(store: Path, name: str | None = None) -> str:
    """Put another snapshot in force, in one rename, every file of it checked first.

    The one in force so far stays, so that one may go forward again; the next build removes it.

    Args:
        store: folder of snapshots.
        name: which; if left out, the newest one older than that in force, one that says something
            else if there is any.

    Returns:
        The name of the snapshot now in force.

    Raises:
        StoreMissing: if nothing was built there yet.
        SnapshotMissing: if there is none of that name, or none older.
        StoreCorrupt: if a file of it is missing, or not what was written.
        StoreBusy: if a build is writing to `store`.
    """
    in_force = _name_in_force(store)
    with lock_store(store):
        name = _known(store, name) if name is not None else _name_before(store, in_force)
        open_snapshot(store, name)
        put_in_force(store, name)
    return name


def changes(store: Path, before: str, after: str | None = None) -> Changes:
    """Compare the articles of two snapshots.

    Args:
        store: folder of snapshots.
        before: name of the older one.
        after: name of the newer one; the one in force if left out.

    Raises:
        StoreMissing: if nothing was built there yet.
        SnapshotMissing: if there is none of that name (any more).
        StoreCorrupt: if the articles of one are not what was written.
    """
    after = current_name(store) if after is None else _known(store, after)
    old = {article.id: article for article in read_articles(store, _known(store, before))}
    new = {article.id: article for article in read_articles(store, after)}
    return Changes(
        added=tuple(new[name] for name in sorted(new.keys() - old.keys())),
        changed=tuple(
            new[name] for name in sorted(new.keys() & old.keys()) if new[name] != old[name]
        ),
        removed=tuple(old[name] for name in sorted(old.keys() - new.keys())),
    )


def _name_in_force(store: Path) -> str | None:
    """Return the name of the snapshot in force; None when that is damaged: one may still go back.

    Raises:
        StoreMissing: if nothing was built there yet.
    """
    try:
        return current_name(store)
    except StoreCorrupt:
        return None


def _read(store: Path, name: str, in_force: str | None) -> Snapshot | None:
    """Describe a snapshot by its manifest; None when a build has just removed it."""
    folder = snapshot_folder(store, name)
    try:
        written = datetime.fromtimestamp(folder.stat().st_mtime, UTC)
    except FileNotFoundError:
        return None
    try:
        manifest = read_manifest(folder)
        return Snapshot(
            name,
            written,
            articles=int(manifest["articles"]),
            chunks=int(manifest["chunks"]),
            skipped=len(skipped_files(manifest)),
            in_force=name == in_force,
        )
    except (KeyError, TypeError, ValueError) as error:
        problem = f"{folder} does not fit together ({error})"
    except StoreCorrupt as error:
        problem = str(error)
    return Snapshot(name, written, 0, 0, 0, in_force=name == in_force, problem=problem)


def _known(store: Path, name: str) -> str:
    """Return a name if a snapshot has it: a name may come from anywhere."""
    names = snapshot_names(store)
    if name not in names:
        raise SnapshotMissing(store, name, names)
    return name


def _name_before(store: Path, in_force: str | None) -> str:
    """Return the snapshot to go back to."""
    names = snapshot_names(store)
    older = [name for name in names if in_force is None or name < in_force]
    other = [name for name in older if in_force is None or content_of(name) != content_of(in_force)]
    if not older:
        raise SnapshotMissing(store, None, names)
    return (other or older)[-1]
