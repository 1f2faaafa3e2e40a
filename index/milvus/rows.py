"""The chunks of a snapshot in Milvus: searched there, and remembered here while they are weighed.

What a question finds is weighed by several sides: its vector, its terms and its dates come together
with the hit, so that they need not be asked for again.
"""

import json
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.milvus.client import Client
from index.milvus.layout import MENTIONS, MOST_FOUND, ROW, TERMS, VECTOR, breadth
from index.milvus.pieces import Pieces
from index.types import Hit

Rows = NDArray[np.int64]

Mention = tuple[int, ...]
"""Start, end, first and last day as ordinals, the same without a year: as in `index.mentions`."""

# 4 KB each
_REMEMBERED = 8192

_AT_ONCE = 512

# what a filter may name: runs of rows as ranges, which are slow to read, and rows alone
_MOST_RANGES = 64
_MOST_NAMED = 8192
_LEAST_RANGE = 8


class Row(NamedTuple):
    """What is known of a chunk beside its place.

    Attributes:
        vector: float32, shape (dimension,).
        terms: what each term scores in it, by column, were all terms equally rare; empty where the
            server keeps no sparse vectors.
        mentions: of dates, in order.
    """

    vector: NDArray[np.float32]
    terms: Mapping[int, float]
    mentions: tuple[Mention, ...]


class Heavy(NamedTuple):
    """A row found by its terms.

    Attributes:
        row: which.
        bound: what its terms add up to: it cannot score more.
        terms: as in `Row`.
    """

    row: int
    bound: float
    terms: Mapping[int, float]


class ServedRows:
    """The rows of one snapshot; any number of threads may ask."""

    def __init__(
        self,
        client: Client,
        collection: str,
        pieces: Pieces,
        count: int,
        dimension: int,
        *,
        sparse: bool,
    ) -> None:
        """Ask a collection of chunks; what is broken is told of `pieces`, of the same snapshot."""
        self._client = client
        self._collection = collection
        self._pieces = pieces
        self.count = count
        self.dimension = dimension
        self._fields = [ROW, VECTOR, MENTIONS, *([TERMS] if sparse else [])]
        self._known: OrderedDict[int, Row] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, rows: Sequence[int]) -> list[Row]:
        """Return rows, in the order they are asked for.

        Raises:
            CollectionCorrupt: if one is missing.
            ServerError: if the server cannot be asked.
        """
        with self._lock:
            found = {row: self._known[row] for row in rows if row in self._known}
        missing = sorted(set(rows) - found.keys())
        for first in range(0, len(missing), _AT_ONCE):
            found |= self._fetch(missing[first : first + _AT_ONCE])
        return [found[row] for row in rows]

    def nearest(self, vector: NDArray[np.float32], k: int, rows: Rows | None = None) -> list[Hit]:
        """Find the `k` rows nearest to a unit vector, best first, as the server measures."""
        params = breadth(self.count, k)
        found = self._search(VECTOR, vector.tolist(), k, rows, self._fields, params)
        self._remember(hit["entity"] for hit in found)
        return [Hit(int(hit[ROW]), float(hit["distance"])) for hit in found]

    def heaviest(
        self, weights: Mapping[int, float], k: int, rows: Rows | None = None
    ) -> list[Heavy]:
        """Find the `k` rows in which the terms, each times its weight, add up to the most."""
        found = self._search(TERMS, _shifted(weights), k, rows, [ROW, TERMS])
        return [
            Heavy(int(hit[ROW]), float(hit["distance"]), _terms(hit["entity"])) for hit in found
        ]

    def count_holding(self, words: Sequence[Sequence[int]], most: int) -> list[int]:
        """Count, for each list of terms, the rows that hold any: `most` at most."""
        found = self._client.call(
            "search",
            collection_name=self._collection,
            data=[_shifted(dict.fromkeys(columns, 1.0)) for columns in words],
            anns_field=TERMS,
            limit=max(1, min(most, self.count, MOST_FOUND)),
            search_params={"metric_type": "IP", "params": {}},
        )
        return [sum(hit["distance"] > 0 for hit in hits) for hits in found]

    def _search(
        self,
        field: str,
        asked: object,
        k: int,
        rows: Rows | None,
        fields: Sequence[str],
        params: Mapping[str, Any] | None = None,
    ) -> list[Mapping[str, Any]]:
        """Search one field, among `rows` if given, best first; equal ones by row."""
        found: list[Mapping[str, Any]] = []
        limit = max(1, min(k, MOST_FOUND, self.count if rows is None else len(rows)))
        for expression in [""] if rows is None else expressions(rows):
            (hits,) = self._client.call(
                "search",
                collection_name=self._collection,
                data=[asked],
                anns_field=field,
                filter=expression,
                limit=limit,
                output_fields=list(fields),
                search_params={"metric_type": "IP", "params": dict(params or {})},
            )
            found += hits
        return sorted(found, key=lambda hit: (-hit["distance"], hit[ROW]))[:limit]

    def _fetch(self, rows: Sequence[int]) -> dict[int, Row]:
        """Ask for rows."""
        named = ", ".join(map(str, rows))
        found = self._client.query(self._collection, f"{ROW} in [{named}]", self._fields)
        read = self._remember(found)
        if len(read) < len(rows):
            raise self._pieces.broken(f"lacks {len(rows) - len(read)} of its rows")
        return read

    def _remember(self, entities: Iterable[Mapping[str, Any]]) -> dict[int, Row]:
        """Read rows, and keep those that were read last."""
        read = {int(entity[ROW]): self._row(entity) for entity in entities}
        with self._lock:
            self._known.update(read)
            for _ in range(len(self._known) - _REMEMBERED):
                self._known.popitem(last=False)
        return read

    def _row(self, entity: Mapping[str, Any]) -> Row:
        """Read one row.

        Raises:
            CollectionCorrupt: if it is not what was written.
        """
        try:
            vector = np.array(entity[VECTOR], dtype=np.float32)
            terms = _terms(entity)
            mentions = tuple(tuple(map(int, one)) for one in json.loads(entity[MENTIONS]))
        except (KeyError, TypeError, ValueError) as error:
            raise self._pieces.broken("holds a row that cannot be read") from error
        return Row(vector, terms, mentions)


def sparse_vector(columns: NDArray[np.int64], shares: NDArray[np.float32]) -> dict[int, float]:
    """Return the terms of a row as Milvus keeps them.

    No vector may be empty: the first dimension, which no question names, stands for every row.
    """
    return {0: 1.0, **dict(zip((columns + 1).tolist(), shares.tolist(), strict=True))}


def expressions(rows: Rows) -> Iterator[str]:
    """Yield filters that together let through just these rows, each short enough for a server.

    Args:
        rows: different ones.
    """
    ordered = np.sort(rows)
    cuts = np.flatnonzero(np.diff(ordered) != 1) + 1
    runs = np.split(ordered, cuts) if len(ordered) else []
    long = [run for run in runs if len(run) >= _LEAST_RANGE]
    short = [run for run in runs if len(run) < _LEAST_RANGE]
    for first in range(0, len(long), _MOST_RANGES):
        some = long[first : first + _MOST_RANGES]
        yield " || ".join(f"({ROW} >= {run[0]} && {ROW} <= {run[-1]})" for run in some)
    alone = np.concatenate(short) if short else ordered[:0]
    for first in range(0, len(alone), _MOST_NAMED):
        named = ", ".join(map(str, alone[first : first + _MOST_NAMED].tolist()))
        yield f"{ROW} in [{named}]"


def _terms(entity: Mapping[str, Any]) -> dict[int, float]:
    """Return the terms of a row by column, without what stands for every row."""
    return {int(term) - 1: share for term, share in entity.get(TERMS, {}).items() if term}


def _shifted(weights: Mapping[int, float]) -> dict[int, float]:
    """Return a question's terms as the rows have them."""
    return {column + 1: weight for column, weight in weights.items()}
