"""The collections of a snapshot, written row by row; a server makes several ready at a time."""

import json
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import count, islice
from typing import Any, Self
from uuid import uuid4

import numpy as np
from pymilvus import CollectionSchema
from pymilvus.milvus_client.index import IndexParams

from index.arrays import Data
from index.articles import StoredChunks
from index.errors import ServerFailed, StoreBusy
from index.milvus.client import BUILD_SECONDS, Client
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
)
from index.milvus.pieces import MANIFEST, batched, piece_count, pieces_of
from index.milvus.rows import sparse_vector
from index.milvus.tables import manifest_bytes, tables_of
from index.milvus.verify import measure_recall
from index.store import Store
from index.types import Progress

# rows that are written at once, so that no message is longer than a few megabytes
_CHUNKS, _MENTIONS, _PIECES = 512, 8192, 64

_Row = dict[str, Any]


def write(
    client: Client, name: str, content: Store, made: list[str], progress: Progress | None = None
) -> None:
    """Write the collections of a snapshot, the one with the manifest last.

    Args:
        client: of the server.
        name: of the snapshot.
        content: the store.
        made: the collections are added to it when they are made.
        progress: told how far it is.

    Raises:
        StoreBusy: if somebody else writes a snapshot of that name.
        ServerError: if the server cannot do it.
    """
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

    mark = uuid4().hex
    schema = chunk_schema(mark, dimension, sparse=sparse)
    indexes, exact = chunk_indexes(rows, sparse=sparse), is_exact(rows)
    with _Writer(client, mark, made) as writer:
        chunks = batched(tell(_chunk_rows(content, sparse=sparse)), _CHUNKS)
        written = writer.write(collections.chunks, schema, indexes, chunks, wait=not exact)
        mentions = batched(tell(mention_rows(content.dates, numbers)), _MENTIONS)
        writer.write(collections.dates, date_schema(mark), other_indexes(), mentions)
        recall = 1.0
        if not exact:
            written.result()
            recall = measure_recall(client, collections.chunks, content)
        manifest = manifest_bytes(content, tables, len(numbers), recall=recall, sparse=sparse)
        pieces = batched(tell(_piece_rows({**tables, MANIFEST: manifest})), _PIECES)
        writer.write(collections.parts, part_schema(mark), other_indexes(), pieces)


class _Writer:
    """Writes collections, one after the other; those that are written are made ready meanwhile."""

    def __init__(self, client: Client, mark: str, made: list[str]) -> None:
        """Write by `client`; `made` is told of each collection with this mark."""
        self._client = client
        self._mark, self._made = mark, made
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

        self._make(collection, schema)
        for batch in batches:
            have("insert", data=batch)
        self._written.append(self._pool.submit(make_ready))
        return self._written[-1]

    def _make(self, collection: str, schema: CollectionSchema) -> None:
        """Make a collection.

        Raises:
            StoreBusy: if somebody else made one of that name.
        """
        try:
            # nothing is ever written to it again: no question need wait for what is being written
            self._client.call(
                "create_collection",
                BUILD_SECONDS,
                collection_name=collection,
                schema=schema,
                consistency_level="Eventually",
            )
        except ServerFailed as error:
            if self._client.mark_of(collection) in (None, self._mark):
                raise
            raise StoreBusy(self._client.address) from error
        self._made.append(collection)


def _chunk_rows(content: Store, *, sparse: bool) -> Iterator[_Row]:
    """Yield each chunk as a row of a collection."""
    places = StoredChunks.of(content.chunks).rows
    terms = content.lexical.rows()
    for first in range(0, len(places), _CHUNKS):
        rows = range(first, min(first + _CHUNKS, len(places)))
        parts = zip(
            rows,
            places[rows.start : rows.stop].tolist(),
            content.vectors.vectors(np.arange(rows.start, rows.stop)),
            mentions_by_row(content.dates, rows),
            islice(terms, len(rows)),
            strict=True,
        )
        for row, (article, start, end), vector, named, (columns, shares) in parts:
            chunk = {ROW: row, ARTICLE: article, START: start, END: end}
            chunk |= {MENTIONS: json.dumps(named), VECTOR: vector.tolist()}
            yield chunk | ({TERMS: sparse_vector(columns, shares)} if sparse else {})


def _piece_rows(files: Mapping[str, Data]) -> Iterator[_Row]:
    """Yield the pieces of files, in their order, as rows of a collection."""
    for name, data in files.items():
        yield from pieces_of(name, data)
