"""Whether Milvus finds what a folder finds: `python -m benchmarks.overlap SETS [--store ADDRESS]`.

SETS is a folder of question sets, as in `python -m benchmarks`; their stores, built the first time,
lie in build/bench. Each is written to Milvus Lite in a folder that is removed afterwards, or to the
server of ADDRESS under the name of the set, and the same questions are asked of both. What is
compared is the first ten stretches of a ranking without a reader, which would hide what differs
further down; what is timed is a search whose words were embedded before, the two sides in turn.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.provenance import provenance
from benchmarks.sets import open_set, read_queries
from index.address import Address, read_address
from index.embed import open_embedder
from index.milvus.publish import publish
from index.places import open_store
from index.progress import TerminalProgress
from index.store import Store
from index.types import Embedder
from qa.remember import RememberingEmbedder
from qa.retrieval import prepare, retrieve
from qa.settings import DEFAULT
from qa.understand import understand

_STORES = Path("build/bench")
_SETS = ("piaf_fr", "xquad_en")
_QUESTIONS = 200
_FIRST = 10

Figures = dict[str, Any]
_Found = list[tuple[int, tuple[int, int]]]


def compare(local: Store, served: Store, embedder: Embedder, questions: Sequence[str]) -> Figures:
    """Ask both, and tell how much of the first ten is the same, and how long each takes."""
    shared, same = [], []
    seconds: dict[str, list[float]] = {"local": [], "milvus": []}
    sides = [("local", local), ("milvus", served)]
    for number, question in enumerate(questions):
        _search(question, local, embedder)  # its words are embedded, and remembered
        found = {}
        for name, index in sides if number % 2 else sides[::-1]:
            begun = time.perf_counter()
            found[name] = _search(question, index, embedder)
            seconds[name].append(time.perf_counter() - begun)
        one, other = found["local"], found["milvus"]
        shared.append(len({*one} & {*other}) / max(len(one), len(other), 1))
        same.append(one == other)
    return {
        "questions": len(questions),
        "overlap": round(statistics.mean(shared), 4),
        "same_order": round(statistics.mean(same), 4),
        "median_ms": {
            name: round(1000 * statistics.median(laps), 1) for name, laps in seconds.items()
        },
    }


def _search(question: str, index: Store, embedder: Embedder) -> _Found:
    """Return the first stretches that are found for a question."""
    query = prepare(understand(question), embedder, index)
    found = retrieve(query, index, DEFAULT)
    return [(stretch.position, stretch.rows) for stretch in found.stretches[:_FIRST]]


def measure(sets: Path, name: str, address: Address, count: int) -> Figures:
    """Write one set to Milvus, and compare."""
    embedder = RememberingEmbedder(open_embedder())
    with TerminalProgress() as progress:
        local = open_set(sets / name, _STORES / name, embedder, progress=progress)
    begun = time.perf_counter()
    publish(address, local, anew=True)
    published = time.perf_counter() - begun
    begun = time.perf_counter()
    served = open_store(address)
    opened = time.perf_counter() - begun
    questions = [query["question"] for query in read_queries(sets / name)]
    step = max(1, len(questions) // count)
    return {
        "set": name,
        "articles": len(local.articles),
        "chunks": len(local.chunks),
        **compare(local, served, embedder, questions[::step][:count]),
        "publish_seconds": round(published, 1),
        "open_seconds": round(opened, 2),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the figures as JSON, and write them to a file if one is named."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.overlap", description=__doc__)
    parser.add_argument("sets", type=Path, help="folder of question sets")
    parser.add_argument("--only", nargs="+", default=_SETS, metavar="SET", help="which sets")
    parser.add_argument("--store", help="address in a Milvus server, instead of Milvus Lite")
    parser.add_argument("--questions", type=int, default=_QUESTIONS, help="of each set")
    parser.add_argument("--out", type=Path, metavar="FILE", help="where the figures go")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        place = read_address(given.store or f"milvus://{folder}/lite.db/sets")
        found = [
            measure(given.sets, name, replace(place, name=name), given.questions)
            for name in given.only
        ]
    engine = "a server" if given.store else "Milvus Lite"
    figures = {"provenance": provenance(), "engine": engine, "sets": found}
    told = json.dumps(figures, indent=1, ensure_ascii=False)
    print(told)
    if given.out is not None:
        given.out.write_text(told + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
