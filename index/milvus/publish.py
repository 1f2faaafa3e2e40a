"""Writing a store that was built on this machine to a server, and putting it in force.

Nothing that is in force is touched: new collections are written, read back and compared, and then
the alias is moved. What a publication left that did not end is removed by the next one.
"""

from collections.abc import Iterable
from contextlib import suppress

from index.address import Address
from index.errors import CollectionCorrupt, ServerError
from index.milvus.client import BUILD_SECONDS, Client, client_of
from index.milvus.layout import Collections, snapshot_of
from index.milvus.opened import open_collections, read_manifest
from index.milvus.snapshots import name_or_none, put_in_force, snapshot_names
from index.milvus.tables import source_of
from index.milvus.verify import first_difference
from index.milvus.write import write
from index.snapshot import content_of, number_of
from index.store import Store
from index.types import Progress

NO_SPARSE = (
    "The server keeps no sparse vectors (Milvus {version}; that takes 2.4): words are looked up on "
    "the machine that answers, which takes two bytes of its memory for each word of the articles."
)
"""What is told of a server that is older than our lexical side would like."""


def publish(
    address: Address, content: Store, progress: Progress | None = None, *, anew: bool = False
) -> str:
    """Write a store to a server, and put it in force, unless the same is in force there.

    Args:
        address: of the index.
        content: a snapshot that was opened.
        progress: told how far it is.
        anew: write it even if the same is in force.

    Returns:
        The name of the snapshot in force.

    Raises:
        AddressInvalid: if something else has the name of the index.
        CollectionCorrupt: if what was written is not what is read back; it is not put in force.
        StoreBusy: if another build writes the same from elsewhere.
        ServerError: if the server cannot do it; nothing that was in force has changed.
    """
    client = client_of(address)
    before = name_or_none(address)
    if before is not None and not anew and _is_same(client, before, content):
        return before
    # before: what is removed may still be written to, and must not get its name back
    name = f"{_next_number(client):06d}-{content.content[:12]}"
    _remove_unfinished(client, before)
    made: list[str] = []
    try:
        write(client, name, content, made, progress)
        _check_written(client, name, content)
        put_in_force(client, name)
    except BaseException:
        _withdraw(client, name, made)
        raise
    with suppress(ServerError):  # what cannot be removed now is removed by the next build
        _prune(client, name, before)
    return name


def warning_of(address: Address) -> str | None:
    """Return what the server cannot do, as a sentence, or None."""
    client = client_of(address)
    return None if client.has_sparse else NO_SPARSE.format(version=client.version)


def _is_same(client: Client, name: str, content: Store) -> bool:
    """Whether a snapshot comes of the same files, in the form of this code, and is whole.

    That is told of its tables, of how much there is, and of a sample of the rest.
    """
    try:
        manifest = read_manifest(client, name)
        if manifest["source"] != source_of(content, sparse=client.has_sparse):
            return False
        return first_difference(content, open_collections(client, name)) is None
    except CollectionCorrupt:
        return False


def _check_written(client: Client, name: str, content: Store) -> None:
    """Refuse what was written if it is not what is read back.

    Raises:
        CollectionCorrupt: if it is not.
    """
    problem = first_difference(content, open_collections(client, name))
    if problem is not None:
        raise CollectionCorrupt(client.address, name, f"is not what was written ({problem})")


def _next_number(client: Client) -> int:
    """Return the number after that of the newest snapshot, finished or not."""
    alias = client.address.name
    names = [snapshot_of(alias, collection) for collection in client.collections()]
    return max((number_of(name)[0] for name in names if name is not None), default=0) + 1


def _remove_unfinished(client: Client, in_force: str | None) -> None:
    """Remove what a publication left that did not end."""
    alias = client.address.name
    names = {snapshot_of(alias, collection) for collection in client.collections()}
    whole = set(snapshot_names(client.address))
    for name in names - {None, in_force}:
        assert name is not None
        if name not in whole or not _is_finished(client, name):
            _remove(client, name)


def _is_finished(client: Client, name: str) -> bool:
    """Whether all of a snapshot was written, in the form of this code."""
    try:
        read_manifest(client, name)
    except CollectionCorrupt:
        return False
    return True


def _withdraw(client: Client, name: str, made: Iterable[str]) -> None:
    """Remove what was made of a snapshot, unless it is in force, as far as the server answers."""
    with suppress(ServerError):
        if client.target(client.address.name) != Collections.of(client.address.name, name).chunks:
            _drop(client, made)


def _prune(client: Client, name: str, before: str | None) -> None:
    """Remove all but the snapshot in force, the one before, and one that says something else."""
    names = snapshot_names(client.address)
    # somebody may have put another one in force meanwhile
    kept = {name, before, name_or_none(client.address)}
    if before is not None and content_of(before) == content_of(name):
        kept |= set([one for one in names if content_of(one) != content_of(name)][-1:])
    for one in names:
        if one not in kept:
            _remove(client, one)


def _remove(client: Client, name: str) -> None:
    """Remove the collections of a snapshot, those that are there."""
    there = set(client.collections())
    _drop(client, [one for one in Collections.of(client.address.name, name).all if one in there])


def _drop(client: Client, collections: Iterable[str]) -> None:
    """Remove collections."""
    for collection in collections:
        client.call("drop_collection", BUILD_SECONDS, collection_name=collection)
