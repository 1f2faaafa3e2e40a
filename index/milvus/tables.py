"""What a snapshot in Milvus holds as tables: files that are read when it is opened."""

from collections.abc import Mapping
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from index.arrays import Data, array_bytes
from index.contents import LEXICAL, as_json, content_files, digest, within
from index.inventory import INVENTORY_FILE
from index.mentions import DateIndex
from index.milvus.opened import COUNTS, FORMATS, HOLDING, NUMBER, SPANS
from index.store import Store
from index.terms import Terms
from index.vectors import FILES as VECTOR_FILES
from index.versions import versions

# vectors are searched by the server; which files it was built from matters to who builds
_LEFT_OUT = (*VECTOR_FILES, INVENTORY_FILE)

# of the lexical side, where the server keeps the weights
_TERMS = tuple(f"{LEXICAL}/{name}" for name in Terms.FILES)


def tables_of(
    content: Store, spans: DateIndex, numbers: NDArray[np.int64], *, sparse: bool
) -> dict[str, Data]:
    """Return the tables of a store by name.

    Args:
        content: the store.
        spans: the different spans of its dates.
        numbers: which of them each mention names.
        sparse: whether the server keeps the weights of terms.
    """
    files = {name: data for name, data in content_files(content).items() if name not in _LEFT_OUT}
    if sparse:
        postings = [name for name in files if name.startswith(f"{LEXICAL}/")]
        for name in set(postings) - set(_TERMS):
            del files[name]
        files[HOLDING] = _numbers(content.lexical.holding())
    counts = np.bincount(numbers, minlength=len(spans.mentions["row"]))
    return {**files, **within(SPANS, spans.to_files()), COUNTS: _numbers(counts)}


def manifest_bytes(
    content: Store, tables: Mapping[str, Data], mentions: int, *, recall: float, sparse: bool
) -> bytes:
    """Return the manifest of a snapshot, with the digest of each table, and then its own."""
    manifest = {
        "formats": FORMATS,
        "source": source_of(content, sparse=sparse),
        "content": content.content,
        "embedder": content.embedder,
        "model": content.model,
        "articles": len(content.articles),
        "chunks": len(content.chunks),
        "mentions": mentions,
        "dimension": content.vectors.dimension,
        "recall": recall,
        "sparse": sparse,
        "skipped": [list(skipped) for skipped in content.skipped],
        "versions": versions(),
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
        "files": {name: [len(data), digest(data)] for name, data in tables.items()},
    }
    return as_json({**manifest, "digest": digest(as_json(manifest))})


def source_of(content: Store, *, sparse: bool) -> str:
    """Return what two publications share that come of the same files in the same way."""
    said = {
        "content": content.content,
        "formats": FORMATS,
        "inventory": digest(content.inventory),
        "skipped": [list(skipped) for skipped in content.skipped],
        "sparse": sparse,
    }
    return digest(as_json(said))


def _numbers(counts: NDArray[np.int64]) -> bytes:
    """Return counts as a table."""
    return array_bytes(counts.astype(NUMBER, copy=False))
