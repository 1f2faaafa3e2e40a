"""The snapshots that a server holds: what is opened, what each was, and going back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from index.address import Address
from index.errors import (
    AddressInvalid,
    CollectionCorrupt,
    CollectionGone,
    DepecheError,
    SnapshotMissing,
    StoreError,
    StoreMissing,
)
from index.history import Changes, Snapshot, compare
from index.lock import lock_store
from index.milvus.client import Client, client_of
from index.milvus.layout import Collections, snapshot_of
from index.milvus.opened import Manifest, open_collections, read_manifest
from index.snapshot import content_of, number_of
from index.store import Store

# a build may move the alias, and remove an older snapshot, while one is being opened
_TRIES = 5


def current_name(address: Address) -> str:
    """Return the name of the snapshot that the alias points to.

    Raises:
        StoreMissing: if there is no such alias.
        AddressInvalid: if it is the name of something else.
        ServerError: if the server cannot be asked.
    """
    collection = client_of(address).target(address.name)
    if collection is None:
        raise StoreMissing(address)
    name = snapshot_of(address.name, collection)
    if name is None:
        raise AddressInvalid(str(address), "the server has another collection of that name")
    return name


def open_snapshot(address: Address, name: str | None = None) -> Store:
    """Open the snapshot in force, or `name`.

    Raises:
        StoreMissing: if nothing was built there yet.
        CollectionCorrupt: if it is not what was written.
        ServerError: if the server cannot be asked.
    """
    return open_collections(client_of(address), name or current_name(address))


def open_store(address: Address) -> Store:
    """Open the snapshot in force, or the newest whole one where that is damaged.

    What is opened then says so: its `trouble` is a sentence.

    Raises:
        StoreMissing: if nothing was built there yet.
        CollectionCorrupt: if no snapshot can be opened.
        ServerError: if the server cannot be asked.
    """
    for _ in range(_TRIES):
        named = name_or_none(address)
        try:
            return open_snapshot(address)
        except (StoreMissing, CollectionCorrupt) as error:
            problem: StoreError = error
        if name_or_none(address) == named:
            break
    for name in reversed(snapshot_names(address)):
        try:
            content = open_snapshot(address, name)
        except CollectionCorrupt:
            continue
        return replace(content, trouble=trouble_of(problem, address, name))
    raise problem


def trouble_of(problem: DepecheError, address: Address, name: str) -> str:
    """Say why the snapshot `name` answers and not the one in force, and what mends it."""
    said = "Its alias is gone." if isinstance(problem, StoreMissing) else str(problem)
    if not isinstance(problem, StoreMissing | CollectionCorrupt):
        return said
    return (
        f"{said} Questions are answered from the snapshot {name}. "
        f"To keep that one: depeche rollback {name} --store {address}"
    )


def snapshot_names(address: Address) -> list[str]:
    """Return the names of the snapshots of which all collections are there, oldest first.

    Raises:
        ServerError: if the server cannot be asked.
    """
    there = set(client_of(address).collections())
    names = {name for one in there if (name := snapshot_of(address.name, one)) is not None}
    whole = [name for name in names if there >= {*Collections.of(address.name, name).all}]
    return sorted(whole, key=number_of)


def snapshots(address: Address) -> list[Snapshot]:
    """Return the snapshots, oldest first.

    Raises:
        StoreMissing: if nothing was built there yet.
        ServerError: if the server cannot be asked.
    """
    in_force, names = name_or_none(address), snapshot_names(address)
    if in_force is None and not names:
        raise StoreMissing(address)
    client = client_of(address)
    return [_snapshot(client, name, in_force) for name in names]


def manifest_of(address: Address, name: str) -> Manifest:
    """Return what is known of a snapshot without opening it.

    Raises:
        CollectionCorrupt: if it cannot be read.
        ServerError: if the server cannot be asked.
    """
    return read_manifest(client_of(address), name)


def rollback(address: Address, name: str | None = None) -> str:
    """Put another snapshot in force, opened first; return its name.

    Args:
        address: of the index.
        name: which; if left out, the newest one older than that in force, one that says something
            else if there is any.

    Raises:
        StoreMissing: if nothing was built there yet.
        SnapshotMissing: if there is none of that name, or none older.
        CollectionCorrupt: if it cannot be opened.
        ServerError: if the server cannot be asked.
    """
    in_force, names = name_or_none(address), snapshot_names(address)
    if in_force is None and not names:
        raise StoreMissing(address)
    with lock_store(address.work):
        chosen = _before(address, in_force, names) if name is None else [name]
        for one in chosen:
            if one not in names:
                raise SnapshotMissing(address, one, names)
        return _put_first_whole_in_force(address, chosen)


def changes(address: Address, before: str, after: str | None = None) -> Changes:
    """Compare the articles of two snapshots, the second that in force if left out.

    Raises:
        SnapshotMissing: if there is none of that name (any more).
        CollectionCorrupt: if one cannot be opened.
        ServerError: if the server cannot be asked.
    """
    names = snapshot_names(address)
    after = current_name(address) if after is None else after
    for name in (before, after):
        if name not in names:
            raise SnapshotMissing(address, name, names)
    return compare(*(open_snapshot(address, name).articles for name in (before, after)))


def put_in_force(client: Client, name: str) -> None:
    """Point the alias to a snapshot, in one step.

    Raises:
        ServerError: if the server cannot be asked; it may have done it all the same.
    """
    alias = client.address.name
    chunks = Collections.of(alias, name).chunks
    method = "create_alias" if client.target(alias) is None else "alter_alias"
    client.call(method, collection_name=chunks, alias=alias)


def name_or_none(address: Address) -> str | None:
    """Return the name of the snapshot in force, or None where there is none."""
    try:
        return current_name(address)
    except StoreMissing:
        return None


def _snapshot(client: Client, name: str, in_force: str | None) -> Snapshot:
    """Describe a snapshot by its manifest."""
    try:
        manifest = read_manifest(client, name)
    except CollectionCorrupt as error:
        never = datetime.fromtimestamp(0, UTC)
        return Snapshot(name, never, 0, 0, 0, in_force=name == in_force, problem=str(error))
    return Snapshot(
        name,
        datetime.fromisoformat(manifest["written"]),
        articles=int(manifest["articles"]),
        chunks=int(manifest["chunks"]),
        skipped=len(manifest["skipped"]),
        in_force=name == in_force,
    )


def _before(address: Address, in_force: str | None, names: Sequence[str]) -> list[str]:
    """Return the snapshots to go back to, the best first: those that say something else."""
    older = [
        name
        for name in reversed(names)
        if in_force is None or number_of(name) < number_of(in_force)
    ]
    if not older:
        raise SnapshotMissing(address, None, names)
    content = content_of(in_force) if in_force is not None else None
    return sorted(older, key=lambda name: content_of(name) == content)


def _put_first_whole_in_force(address: Address, names: Sequence[str]) -> str:
    """Put the first of `names` in force that can be opened."""
    problem: CollectionCorrupt | None = None
    for name in names:
        try:
            open_snapshot(address, name)
        except CollectionCorrupt as error:
            problem = problem or error
        else:
            put_in_force(client_of(address), name)
            return name
    raise problem or CollectionGone(address, address.name)
