"""A store, wherever it lies: what is in force, opening it, and going back.

Goes to `index.history` and `index.snapshot` for a folder, and for an address to `index.milvus`,
which is not imported before one needs it.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from index import history, snapshot
from index.address import Address, Place
from index.errors import CollectionCorrupt, DepecheError, SnapshotMissing, StoreCorrupt
from index.history import Changes, Snapshot
from index.manifest import read_manifest
from index.store import Store
from index.types import BuildReport, Progress

if TYPE_CHECKING:
    from index.doctor import Check


def check(address: Address) -> None:
    """Make sure that an index can be written to a server, before hours of work.

    Raises:
        AddressInvalid: if something else has its name there.
        ServerError: if the server cannot be asked.
    """
    from index.milvus import snapshots as served

    served.name_or_none(address)


def publish(
    address: Address,
    folder: Path,
    report: BuildReport,
    progress: Progress | None = None,
    *,
    anew: bool = False,
) -> BuildReport:
    """Write the snapshot that a folder has in force to a server, and put it in force there.

    What is in force there already is not written again, unless `anew`.

    Returns:
        `report`, with the snapshot's name there, and what the server cannot do.

    Raises:
        ServerError: if the server cannot do it; what was in force there still is.
    """
    from index.milvus import publish as served

    name = served.publish(address, snapshot.open_snapshot(folder), progress, anew=anew)
    warning = served.warning_of(address)
    told = () if warning is None else (warning,)
    return replace(report, snapshot=name, warnings=(*report.warnings, *told))


def current_name(place: Place) -> str:
    """Return the name of the snapshot in force.

    Raises:
        StoreMissing: if nothing was built there yet.
        StoreError: if it cannot be told.
    """
    if isinstance(place, Address):
        from index.milvus import snapshots as served

        return served.current_name(place)
    return snapshot.current_name(place)


def open_store(place: Place, *, at_once: bool = True) -> Store:
    """Open the snapshot in force, or the newest whole one where it is damaged.

    Args:
        place: where the store lies.
        at_once: check large files by digest too, as in `index.snapshot.open_snapshot`.

    Raises:
        StoreMissing: if nothing was built there yet.
        StoreError: if no snapshot can be opened.
    """
    if isinstance(place, Address):
        from index.milvus import snapshots as served

        return served.open_store(place)
    return history.open_store(place, at_once=at_once)


def open_snapshot(place: Place, name: str, *, at_once: bool = True) -> Store:
    """Open one snapshot.

    Raises:
        StoreError: if it cannot be opened.
    """
    if isinstance(place, Address):
        from index.milvus import snapshots as served

        return served.open_snapshot(place, name)
    return snapshot.open_snapshot(place, name, at_once=at_once)


def check_files(place: Place, name: str) -> None:
    """Check every file of a snapshot; what lies in Milvus was checked when it was opened.

    Raises:
        StoreCorrupt: if one is missing, or not what was written.
    """
    if not isinstance(place, Address):
        snapshot.check_files(place, name)


def trouble_of(problem: DepecheError, place: Place, name: str) -> str:
    """Say why the snapshot `name` answers and not the one in force, and what mends it."""
    if isinstance(place, Address):
        from index.milvus import snapshots as served

        return served.trouble_of(problem, place, name)
    return history.trouble_of(problem, place, name)


def snapshots(place: Place, *, check: bool = False) -> list[Snapshot]:
    """Return the complete snapshots of a store, oldest first; `check` every file in a folder.

    Raises:
        StoreMissing: if nothing was built there yet.
        StoreError: if they cannot be listed.
    """
    if isinstance(place, Address):
        from index.milvus import snapshots as served

        return served.snapshots(place)
    return history.snapshots(place, check=check)


def rollback(place: Place, name: str | None = None) -> str:
    """Put another snapshot in force, as `index.history.rollback` does; return its name.

    Raises:
        StoreError: as there.
    """
    if isinstance(place, Address):
        from index.milvus import snapshots as served

        return served.rollback(place, name)
    return history.rollback(place, name)


def changes(place: Place, before: str, after: str | None = None) -> Changes:
    """Compare the articles of two snapshots, the second that in force if left out.

    Raises:
        StoreError: if one of them cannot be read.
    """
    if isinstance(place, Address):
        from index.milvus import snapshots as served

        return served.changes(place, before, after)
    return history.changes(place, before, after)


def changes_between(place: Place, found: Sequence[Snapshot]) -> dict[str, Changes]:
    """Return what each snapshot changed, by its name, where it and the one before can be read."""
    changed: dict[str, Changes] = {}
    for before, after in pairwise(one for one in found if one.problem is None):
        # removed, or damaged, since it was listed
        with suppress(SnapshotMissing, StoreCorrupt, CollectionCorrupt):
            changed[after.name] = changes(place, before.name, after.name)
    return changed


def find_whole(place: Place) -> tuple[str, bool]:
    """Return the snapshot that answers, as far as can be told unopened, and if it is in force.

    Raises:
        StoreError: if there is none.
    """
    if isinstance(place, Address):
        from index.milvus import snapshots as served

        return served.current_name(place), True
    return history.find_whole(place)


def counts_of(place: Place, name: str) -> tuple[int, int, int]:
    """Return how many articles and chunks a snapshot holds, and files that its build left out.

    Raises:
        StoreError: if its manifest cannot be read.
    """
    if isinstance(place, Address):
        from index.milvus import snapshots as served

        manifest = dict(served.manifest_of(place, name))
    else:
        manifest = read_manifest(snapshot.snapshot_folder(place, name))
    return int(manifest["articles"]), int(manifest["chunks"]), len(manifest.get("skipped", ()))


def stamp_of(place: Place) -> bytes | None:
    """Return something that is another one when another snapshot is in force; None for nothing.

    Raises:
        StoreError: if a server cannot be asked.
    """
    if isinstance(place, Address):
        return current_name(place).encode()
    return snapshot.named_in_force(place)


def examine_served(address: Address) -> "list[Check]":
    """Check an index that lies in Milvus: the server, and every snapshot that it holds.

    Raises:
        StoreMissing: if nothing was built there yet.
    """
    from index.milvus import doctor as served

    return served.examine(address)


def size_of(place: Place, name: str) -> dict[str, int]:
    """Return how many bytes a snapshot has, and all of the store on this machine.

    Raises:
        StoreError: if they cannot be told.
    """
    if isinstance(place, Address):
        from index.milvus import snapshots as served

        manifest = served.manifest_of(place, name)
        size = sum(size for size, _digest in manifest["files"].values())
        return {"snapshot": size, "store": _size(place.work)}
    return {"snapshot": _size(snapshot.snapshot_folder(place, name)), "store": _size(place)}


def _size(folder: Path) -> int:
    """Return how many bytes the files of a folder have; a build may remove some meanwhile."""
    size = 0
    for path in folder.rglob("*"):
        with suppress(OSError):
            size += path.stat().st_size if path.is_file() else 0
    return size
