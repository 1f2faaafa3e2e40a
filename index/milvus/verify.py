"""Whether what a server gives back is what was written: a sample of everything is compared."""

import numpy as np
from numpy.typing import NDArray

from index.milvus.client import Client
from index.milvus.layout import ROW, VECTOR, breadth
from index.store import Store

_SAMPLED = 24
_MEASURED_AT = 10
_MEASURED = 100

# rows with noise are as hard to find the nearest of as real questions, as `index.vectors` measures
_NOISE = 0.7

_TOLERANCE = 1e-5


def first_difference(written: Store, read: Store) -> str | None:
    """Tell in a few words where a sample of two stores differs; None where it does not."""
    rows = _sample(len(written.chunks))
    if not np.allclose(written.vectors.vectors(rows), read.vectors.vectors(rows), atol=_TOLERANCE):
        return "other vectors"
    for row in rows.tolist():
        if written.dates.of_row(row) != read.dates.of_row(row):
            return f"other dates in the row {row}"
    for position in _sample(len(written.articles)).tolist():
        if written.articles[position] != read.articles[position]:
            return f"another article {position + 1}"
    return _different_terms(written, read)


def _different_terms(written: Store, read: Store) -> str | None:
    """Tell of a term that other rows hold."""
    for column in _sample(len(written.lexical.terms)).tolist():
        term = written.lexical.terms.encoded(column).decode("utf-8", "surrogatepass")
        known, found = (store.match_words([{term: 1.0}]).best(3) for store in (written, read))
        scores, others = ([hit.score for hit in hits] for hits in (known, found))
        if len(scores) != len(others) or not np.allclose(scores, others, atol=_TOLERANCE):
            return "other rows for a term"
    return None


def measure_recall(client: Client, collection: str, content: Store) -> float:
    """Return the share of the nearest ten rows that the server finds, on a sample."""
    count = len(content.chunks)
    rows = np.linspace(0, count - 1, _MEASURED, dtype=np.int64)
    noise = np.random.default_rng(0).normal(size=(len(rows), content.vectors.dimension))
    asked = content.vectors.vectors(rows) + _NOISE / content.vectors.dimension**0.5 * noise
    asked /= np.linalg.norm(asked, axis=1, keepdims=True)
    shares = [_share(client, collection, content, one) for one in asked.astype(np.float32)]
    return round(float(np.mean(shares)), 4)


def _share(client: Client, collection: str, content: Store, vector: NDArray[np.float32]) -> float:
    """Return the share of the rows nearest to one vector that the server finds."""
    (found,) = client.call(
        "search",
        collection_name=collection,
        data=[vector.tolist()],
        anns_field=VECTOR,
        limit=_MEASURED_AT,
        search_params={
            "metric_type": "IP",
            "params": breadth(len(content.chunks), _MEASURED_AT),
        },
    )
    nearest = {hit.row for hit in content.search_dense(vector, _MEASURED_AT)}
    return len(nearest & {hit[ROW] for hit in found}) / len(nearest)


def _sample(length: int) -> NDArray[np.int64]:
    """Return some numbers of all below a length."""
    return np.unique(np.linspace(0, length - 1, min(_SAMPLED, length), dtype=np.int64))
