"""How a snapshot lies in Milvus: three collections, what they are called and what they hold.

NAME                      alias of the chunks of the snapshot in force
NAME_000007_3f9a…         chunks: place, vector, lexical weights (sparse), mentions of dates
NAME_000007_3f9a…_dates   mentions of dates, to be found by day
NAME_000007_3f9a…_parts   articles, tables and the manifest, as pieces of text
"""

import re
from dataclasses import dataclass
from typing import Any

from pymilvus import CollectionSchema, DataType, MilvusClient
from pymilvus.milvus_client.index import IndexParams

FORMAT = 1
"""Raised when the collections change their meaning; another format is built again."""

ROW, ARTICLE, START, END, MENTIONS = "row", "article", "start", "end", "mentions"
VECTOR, TERMS = "vector", "terms"
MENTION, SPAN, FIRST, LAST = "mention", "span", "first", "last"
YEARLESS_FIRST, YEARLESS_LAST = "yearless_first", "yearless_last"
KEY, DATA = "key", "data"

MOST_FOUND = 16_384
"""Rows that Milvus returns at once."""

MOST_TEXT = 65_535
"""Bytes of a text that Milvus takes."""

_MOST_KEY = 200

# Milvus wants a vector in every collection
_DUMMY = "nothing"
_DUMMY_VECTOR = [0.0, 0.0]

# up to so many rows all are compared, as in the local store; beyond, a graph is searched
_EXACT_ROWS = 200_000
_GRAPH = {"M": 24, "efConstruction": 200}
_LEAST_BREADTH = 128

_SNAPSHOT = r"_(?P<number>[0-9]{6,12})_(?P<content>[0-9a-f]{12})(?P<part>_dates|_parts)?"


@dataclass(frozen=True, slots=True)
class Collections:
    """The collections of one snapshot.

    Attributes:
        chunks: one entity a row.
        dates: one entity a mention of a date.
        parts: one entity a piece of a file.
    """

    chunks: str
    dates: str
    parts: str

    @classmethod
    def of(cls, alias: str, name: str) -> "Collections":
        """Return those of the snapshot `name`."""
        chunks = f"{alias}_{name.replace('-', '_')}"
        return cls(chunks, f"{chunks}_dates", f"{chunks}_parts")

    @property
    def all(self) -> tuple[str, str, str]:
        """All of them, that of the chunks last: what an alias points to goes last."""
        return self.parts, self.dates, self.chunks


def snapshot_of(alias: str, collection: str) -> str | None:
    """Return the name of the snapshot that a collection belongs to, if it is one of `alias`."""
    found = re.fullmatch(re.escape(alias) + _SNAPSHOT, collection)
    return f"{found['number']}-{found['content']}" if found else None


def with_dummy(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row of a collection that has no vectors of its own."""
    return {**row, _DUMMY: _DUMMY_VECTOR}


def chunk_schema(mark: str, dimension: int, *, sparse: bool) -> CollectionSchema:
    """Return what a collection of chunks holds; `mark` tells who made it."""
    schema = _new_schema(mark)
    schema.add_field(ROW, DataType.INT64, is_primary=True)
    for name in (ARTICLE, START, END):
        schema.add_field(name, DataType.INT64)
    schema.add_field(MENTIONS, DataType.VARCHAR, max_length=MOST_TEXT)
    schema.add_field(VECTOR, DataType.FLOAT_VECTOR, dim=dimension)
    if sparse:
        schema.add_field(TERMS, DataType.SPARSE_FLOAT_VECTOR)
    return schema


def date_schema(mark: str) -> CollectionSchema:
    """Return what a collection of mentions holds; `mark` tells who made it."""
    schema = _new_schema(mark)
    schema.add_field(MENTION, DataType.INT64, is_primary=True)
    for name in (ROW, SPAN, FIRST, LAST, YEARLESS_FIRST, YEARLESS_LAST):
        schema.add_field(name, DataType.INT64)
    schema.add_field(_DUMMY, DataType.FLOAT_VECTOR, dim=len(_DUMMY_VECTOR))
    return schema


def part_schema(mark: str) -> CollectionSchema:
    """Return what a collection of pieces holds; `mark` tells who made it."""
    schema = _new_schema(mark)
    schema.add_field(KEY, DataType.VARCHAR, is_primary=True, max_length=_MOST_KEY)
    schema.add_field(DATA, DataType.VARCHAR, max_length=MOST_TEXT)
    schema.add_field(_DUMMY, DataType.FLOAT_VECTOR, dim=len(_DUMMY_VECTOR))
    return schema


def chunk_indexes(rows: int, *, sparse: bool) -> IndexParams:
    """Return how chunks are searched."""
    indexes = MilvusClient.prepare_index_params()
    if is_exact(rows):
        indexes.add_index(VECTOR, index_type="FLAT", metric_type="IP")
    else:
        indexes.add_index(VECTOR, index_type="HNSW", metric_type="IP", params=_GRAPH)
    if sparse:
        indexes.add_index(TERMS, index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
    return indexes


def other_indexes() -> IndexParams:
    """Return how what has no vectors of its own is indexed: Milvus wants that to load it."""
    indexes = MilvusClient.prepare_index_params()
    indexes.add_index(_DUMMY, index_type="FLAT", metric_type="L2")
    return indexes


def is_exact(rows: int) -> bool:
    """Whether of so many rows all are compared with a question."""
    return rows <= _EXACT_ROWS


def breadth(rows: int, k: int) -> dict[str, Any]:
    """Return how widely to search for the `k` nearest of so many rows."""
    return {} if is_exact(rows) else {"ef": max(_LEAST_BREADTH, 4 * k)}


def _new_schema(mark: str) -> CollectionSchema:
    """Return a schema that takes what it names and nothing else.

    A server that is asked to make a collection again says that it has, unless something of it
    differs: the mark keeps two builds from writing to one collection.
    """
    return MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False, description=mark)
