"""The snapshots a store still holds: what each was, what changed between two, and going back.

Also what is opened when the one in force is damaged: the newest whole one before it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from index.contents import skipped_files
from index.errors import (
    DepecheError,
    SnapshotMissing,
    StoreCorrupt,
    StoreError,
    StoreForbidden,
    StoreMissing,
)
from index.manifest import read_files, read_manifest, refused
from index.snapshot import (
    content_of,
    current_file,
    current_name,
    is_whole,
    lock_store,
    named_in_force,
    names_to_try,
    number_of,
    open_snapshot,
    put_in_force,
    read_articles,
    snapshot_folder,
    snapshot_names,
)
from index.store import Store
from index.types import Article

# a build may replace the snapshot in force, and remove an older one, while it is being opened
_TRIES = 5


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
        problem: why it cannot be put in force, as far as was looked; None if it can.
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


def open_store(store: Path, *, at_once: bool = True) -> Store:
    """Open the snapshot in force, or the newest whole one before it when it is damaged.

    What is opened then says so: its `trouble` is a sentence with the reason and what mends it.

    Args:
        store: folder of snapshots.
        at_once: check large files by digest too, as in `index.snapshot.open_snapshot`.

    Raises:
        StoreMissing: if nothing was built there yet.
        StoreCorrupt: if no snapshot of the store can be opened.
    """
    for _ in range(_TRIES):
        named = named_in_force(store)
        try:
            return open_snapshot(store, at_once=at_once)
        except (StoreMissing, StoreCorrupt) as error:
            problem: StoreError = error
        if named_in_force(store) != named:
            continue  # a build went by: what it removed was not damaged
        instead = _open_instead(store, problem)
        if named_in_force(store) != named:
            continue
        if instead is not None:
            return instead
        break
    raise problem


def trouble_of(problem: DepecheError, store: Path, name: str) -> str:
    """Say why the snapshot `name` answers and not the one in force, and what mends it."""
    if isinstance(problem, StoreMissing) and _names_if_listed(store):
        problem = StoreCorrupt(current_file(store), "is missing")
    said = problem.problem if isinstance(problem, StoreCorrupt) else str(problem)
    answering = f"{said} Questions are answered from the snapshot {name}."
    if isinstance(problem, StoreForbidden):
        return f"{answering} Have the owner of that file allow to read it: chmod -R u+rwX {store}"
    return (
        f"{answering} Build the index again: depeche build CORPUS --store {store}; or keep that "
        f"snapshot: depeche rollback {name} --store {store}"
    )


def find_whole(store: Path) -> tuple[str, bool]:
    """Return the snapshot that `open_store` would open, as far as digests tell, unopened.

    Returns:
        Its name, and whether it is the one in force.

    Raises:
        StoreMissing: if nothing was built there yet.
        StoreCorrupt: if no snapshot of the store is whole.
    """
    for name in names_to_try(store):
        if is_whole(store, name):
            return name, name == _name_or_none(store)
    name = current_name(store)
    read_files(snapshot_folder(store, name), name)
    raise StoreCorrupt(current_file(store), "names no snapshot that is whole")


def snapshots(store: Path, *, check: bool = False) -> list[Snapshot]:
    """Return the complete snapshots of a store, oldest first.

    Args:
        store: folder of snapshots.
        check: read every file of each, not its manifest alone.

    Raises:
        StoreMissing: if nothing was built there yet.
        StoreCorrupt: if the system refuses to list them.
    """
    try:
        in_force = _name_in_force(store)
    except StoreForbidden:
        in_force = None  # the others can be told all the same
    found = (_read(store, name, in_force, check) for name in snapshot_names(store))
    return [snapshot for snapshot in found if snapshot is not None]


def rollback(store: Path, name: str | None = None) -> str:
    """Put another snapshot in force, in one rename, every file of it checked first.

    The one in force so far stays, so that one may go forward again; the next build removes it.

    Args:
        store: folder of snapshots.
        name: which; if left out, the newest whole one older than that in force, one that says
            something else if there is any.

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
        names = [_known(store, name)] if name is not None else _names_before(store, in_force)
        return _put_first_whole_in_force(store, names)


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
    return compare(read_articles(store, _known(store, before)), read_articles(store, after))


def compare(before: Iterable[Article], after: Iterable[Article]) -> Changes:
    """Tell what changed from some articles to others."""
    old = {article.id: article for article in before}
    new = {article.id: article for article in after}
    return Changes(
        added=tuple(new[name] for name in sorted(new.keys() - old.keys())),
        changed=tuple(
            new[name] for name in sorted(new.keys() & old.keys()) if new[name] != old[name]
        ),
        removed=tuple(old[name] for name in sorted(old.keys() - new.keys())),
    )


def _open_instead(store: Path, problem: StoreError) -> Store | None:
    """Open the first whole snapshot, and note why; that in force if a build just mended it."""
    in_force = _name_or_none(store)
    for name in names_to_try(store):
        try:
            content = open_snapshot(store, name)
        except StoreCorrupt:
            continue
        if name == in_force:
            return content
        return replace(content, trouble=trouble_of(problem, store, name))
    return None


def _name_or_none(store: Path) -> str | None:
    """Return the name of the snapshot in force, if it can be read."""
    try:
        return current_name(store)
    except StoreError:
        return None


def _name_in_force(store: Path) -> str | None:
    """Return the name of the snapshot in force; None when that is damaged: one may still go back.

    Raises:
        StoreMissing: if nothing was built there yet.
        StoreForbidden: if the system refuses to tell.
    """
    try:
        return current_name(store)
    except StoreMissing:
        if not snapshot_names(store):
            raise
        return None
    except StoreForbidden:
        raise
    except StoreCorrupt:
        return None


def _names_if_listed(store: Path) -> list[str]:
    """Return the names of the snapshots; none if the system refuses to list them."""
    try:
        return snapshot_names(store)
    except StoreCorrupt:
        return []


def _read(store: Path, name: str, in_force: str | None, check: bool) -> Snapshot | None:
    """Describe a snapshot by its manifest; None when a build has just removed it."""
    folder = snapshot_folder(store, name)
    try:
        written = datetime.fromtimestamp(folder.stat().st_mtime, UTC)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise refused(folder, error) from error
    try:
        manifest = read_files(folder, name)[0] if check else read_manifest(folder)
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


def _names_before(store: Path, in_force: str | None) -> list[str]:
    """Return the snapshots to go back to, the best first: those that say something else."""
    names = snapshot_names(store)[::-1]
    older = [name for name in names if in_force is None or number_of(name) < number_of(in_force)]
    if not older:
        raise SnapshotMissing(store, None, names[::-1])
    content = content_of(in_force) if in_force is not None else None
    return sorted(older, key=lambda name: content_of(name) == content)


def _put_first_whole_in_force(store: Path, names: Sequence[str]) -> str:
    """Put the first of `names` in force that can be opened."""
    problem: StoreCorrupt | None = None
    for name in names:
        try:
            open_snapshot(store, name)
        except StoreCorrupt as error:
            problem = problem or error
        else:
            put_in_force(store, name)
            return name
    raise problem or SnapshotMissing(store, None, names)
