"""Writing a store that was built on this machine to a server, and putting it in force.

Nothing that is in force is touched: new collections are written, read back and compared, and then
the alias is moved. What a publication left that did not end is removed by the next one.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from itertools import count
from typing import Any, Self

import numpy as np
from pymilvus import CollectionSchema
from pymilvus.milvus_client.index import IndexParams

from index.address import Address
from index.arrays import Data
from index.articles import StoredChunks
from index.errors import CollectionCorrupt, ServerError
from index.milvus.client import BUILD_SECONDS, Client, client_of
from index.milvus.dates import mention_rows, mentions_by_row
from index.milvus.layout import (
    ARTICLE,
    END,
    MENTIONS,
    ROW,
    START,
    TERMS,
    VECTOR,
    Collections,
    chunk_indexes,
    chunk_schema,
    date_schema,
    is_exact,
    other_indexes,
    part_schema,
    snapshot_of,
)
from index.milvus.opened import open_collections, read_manifest
from index.milvus.pieces import MANIFEST, batches_of, piece_count, pieces_of
from index.milvus.rows import sparse_vector
from index.milvus.snapshots import name_or_none, put_in_force, snapshot_names
from index.milvus.tables import manifest_bytes, source_of, tables_of
from index.milvus.verify import first_difference, measure_recall
from index.snapshot import content_of, number_of
from index.store import Store
from index.types import Progress

NO_SPARSE = (
    "The server keeps no sparse vectors (Milvus {version}; that takes 2.4): words are looked up on "
    "the machine that answers, which takes two bytes of its memory for each word of the articles."
)
"""What is told of a server that is older than our lexical side would like."""

# rows that are written at once, so that no message is longer than a few megabytes
_CHUNKS, _MENTIONS, _PIECES = 512, 8192, 64

_Row = dict[str, Any]


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
        ServerError: if the server cannot do it; nothing that was in force has changed.
    """
    client = client_of(address)
    before = name_or_none(address)
    if before is not None and not anew and _is_same(client, before, content):
        return before
    _remove_unfinished(client, before)
    name = f"{_next_number(client):06d}-{content.content[:12]}"
    try:
        _write(client, name, content, progress)
        _check_written(client, name, content)
        put_in_force(client, name)
    except BaseException:
        _withdraw(client, name)
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


def _write(client: Client, name: str, content: Store, progress: Progress | None) -> None:
    """Write the collections of a snapshot, the one with the manifest last."""
    collections, sparse = Collections.of(client.address.name, name), client.has_sparse
    rows, dimension = len(content.chunks), content.vectors.dimension
    spans, numbers = content.dates.spans()
    tables = tables_of(content, spans, numbers, sparse=sparse)
    total = rows + len(numbers) + sum(piece_count(len(data)) for data in tables.values()) + 1
    done = count(1)

    def tell(found: Iterable[_Row]) -> Iterator[_Row]:
        """Tell of each row when it is written."""
        for row in found:
            if progress is not None:
                progress("publish", next(done), total)
            yield row

    schema, indexes = chunk_schema(dimension, sparse=sparse), chunk_indexes(rows, sparse=sparse)
    with _Writer(client) as writer:
        chunks = batches_of(tell(_chunk_rows(content, sparse=sparse)), _CHUNKS)
        exact = is_exact(rows)
        written = writer.write(collections.chunks, schema, indexes, chunks, wait=not exact)
        mentions = batches_of(tell(mention_rows(content.dates, numbers)), _MENTIONS)
        writer.write(collections.dates, date_schema(), other_indexes(), mentions)
        recall = 1.0
        if not exact:
            written.result()
            recall = measure_recall(client, collections.chunks, content)
        manifest = manifest_bytes(content, tables, len(numbers), recall=recall, sparse=sparse)
        pieces = batches_of(tell(_piece_rows({**tables, MANIFEST: manifest})), _PIECES)
        writer.write(collections.parts, part_schema(), other_indexes(), pieces)


class _Writer:
    """Writes collections, one after the other; a server makes several ready at a time."""

    def __init__(self, client: Client) -> None:
        """Write by `client`."""
        self._client = client
        self._pool = ThreadPoolExecutor(len(Collections.__slots__), "publish")
        self._written: list[Future[None]] = []

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, kind: object, error: object, traceback: object) -> None:
        """Wait until all collections are ready, and raise what went wrong with one."""
        self._pool.shutdown()
        if kind is None:
            for one in self._written:
                one.result()

    def write(
        self,
        collection: str,
        schema: CollectionSchema,
        indexes: IndexParams,
        batches: Iterable[list[_Row]],
        *,
        wait: bool = False,
    ) -> "Future[None]":
        """Make a collection and write all its rows; what is returned ends when it is ready.

        Where all rows are compared those not indexed yet are, too; a graph is waited for: `wait`.
        """

        def have(method: str, **told: object) -> None:
            """Have the server do something with the collection."""
            self._client.call(method, BUILD_SECONDS, collection_name=collection, **told)

        def make_ready() -> None:
            """Have it kept, indexed and loaded."""
            have("flush")
            have("create_index", index_params=indexes, sync=wait)
            have("load_collection")

        # nothing is ever written to it again: no question need wait for what is being written
        have("create_collection", schema=schema, consistency_level="Eventually")
        for batch in batches:
            have("insert", data=batch)
        self._written.append(self._pool.submit(make_ready))
        return self._written[-1]


def _chunk_rows(content: Store, *, sparse: bool) -> Iterator[_Row]:
    """Yield each chunk as a row of a collection."""
    places = StoredChunks.of(content.chunks).rows.tolist()
    mentions = mentions_by_row(content.dates, len(places))
    terms = content.lexical.rows()
    for row, ((article, start, end), named, (columns, shares)) in enumerate(
        zip(places, mentions, terms, strict=True)
    ):
        if row % _CHUNKS == 0:
            last = min(row + _CHUNKS, len(places))
            vectors = content.vectors.vectors(np.arange(row, last))
        chunk = {ROW: row, ARTICLE: article, START: start, END: end}
        chunk |= {MENTIONS: json.dumps(named), VECTOR: vectors[row % _CHUNKS].tolist()}
        yield chunk | ({TERMS: sparse_vector(columns, shares)} if sparse else {})


def _piece_rows(files: Mapping[str, Data]) -> Iterator[_Row]:
    """Yield the pieces of files, in their order, as rows of a collection."""
    for name, data in files.items():
        yield from pieces_of(name, data)


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


def _withdraw(client: Client, name: str) -> None:
    """Remove a snapshot that could not be put in force, as far as the server can be asked."""
    with suppress(ServerError):
        chunks = Collections.of(client.address.name, name).chunks
        if client.target(client.address.name) != chunks:
            _remove(client, name)


def _prune(client: Client, name: str, before: str | None) -> None:
    """Remove all but the snapshot in force, the one before, and one that says something else."""
    names = snapshot_names(client.address)
    kept = {name, before}
    if before is not None and content_of(before) == content_of(name):
        kept |= set([one for one in names if content_of(one) != content_of(name)][-1:])
    for one in names:
        if one not in kept:
            _remove(client, one)


def _remove(client: Client, name: str) -> None:
    """Remove the collections of a snapshot, those that are there."""
    there = set(client.collections())
    for collection in Collections.of(client.address.name, name).all:
        if collection in there:
            client.call("drop_collection", BUILD_SECONDS, collection_name=collection)
