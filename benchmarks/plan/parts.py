"""What a store is made of: `python -m benchmarks.plan.parts STORE [STORE ...]`.

Counts what lies in the files of stores of different sizes, and times the search of words and of
days in them, in processor time of one thread: the questions are those that `benchmarks.speed` asks.
Writes results/parts-COMMIT.json. Stores such as build/bench/speed holds after `make bench-speed`.
"""

import argparse
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.provenance import provenance
from benchmarks.results import dump_results
from benchmarks.speed.material import read_questions
from index.embed import open_embedder
from index.inventory import Inventory, Record
from index.snapshot import current_name, open_snapshot, snapshot_folder
from index.store import Store
from index.types import Embedder
from qa.evidence import date_evidence
from qa.retrieval import Query, prepare
from qa.settings import DEFAULT
from qa.understand import understand

Figures = dict[str, Any]

_RESULTS = Path(__file__).resolve().parent.parent / "results"
_ASKED = 100
_FILES = 10_000


def count_parts(folder: Path) -> Figures:
    """Count what lies in the files of a snapshot, and their bytes by file or folder."""
    sizes: dict[str, int] = {}
    for path in folder.rglob("*"):
        if path.is_file():
            name = path.relative_to(folder).parts[0]
            sizes[name] = sizes.get(name, 0) + path.stat().st_size
    return {
        "articles": _length(folder / "columns.npy"),
        "chunks": _length(folder / "chunks.npy"),
        "postings": _length(folder / "lexical/counts.npy"),
        "row bytes": _length(folder / "lexical/rows.npy"),
        "terms": _length(folder / "lexical/ends.npy"),
        "words": _length(folder / "vocabulary/ends.npy"),
        "mentions": _length(folder / "dates/by_day.npy"),
        "bytes": dict(sorted(sizes.items())),
    }


def time_search(store: Store, embedder: Embedder, questions: Sequence[str]) -> Figures:
    """Time what grows with the archive, milliseconds of one thread: words, and days asked for."""
    queries = [prepare(understand(question), embedder, store) for question in questions]
    dated = [query for query in queries if query.question.dates]
    return {
        "lexical": _times(lambda query: _search_words(query, store), queries),
        "days": _times(lambda query: _search_days(query, store), dated),
    }


def weigh_inventory(files: int = _FILES) -> Figures:
    """Return the bytes of an inventory for each file, written and when it is read."""
    digest = "0" * 64
    records = {
        f"{number // 1000:03d}/{number:06d}.txt": Record(digest, ((f"{number:06d}.txt", digest),))
        for number in range(files)
    }
    written = Inventory("0" * 64, records).to_bytes()
    tracemalloc.start()
    held = Inventory.parse(written)
    parsed, _peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held is not None
    return {"bytes": len(written) / files, "parsed": parsed / files}


def weigh_heads(store: Store, most: int = _FILES) -> float:
    """Return the memory of what is known of an article but its text, when many are listed."""
    tracemalloc.start()
    heads = list(islice(store.heads(), most))
    held, _peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return held / max(1, len(heads))


def _search_words(query: Query, store: Store) -> object:
    """Look the words of a question up, as a question does."""
    matches = store.match_words(query.words)
    hits = matches.best(DEFAULT.candidates)
    rows = np.array([hit.row for hit in hits], dtype=np.int64)
    return matches.held(rows), matches.scores(rows), matches.weights


def _search_days(query: Query, store: Store) -> object:
    """Weigh the days of a question, as a question does."""
    return date_evidence(query.question.dates, store, DEFAULT).rows_above(DEFAULT.same_month)


def _times(run: Callable[[Query], object], queries: Sequence[Query]) -> Figures:
    """Run something for each question; the first is asked once more before."""
    if not queries:
        return {"questions": 0}
    run(queries[0])
    times = []
    for query in queries:
        began = time.thread_time()
        run(query)
        times.append(1e3 * (time.thread_time() - began))
    times.sort()
    return {
        "questions": len(times),
        "median": round(statistics.median(times), 3),
        "95th": round(times[int(0.95 * len(times))], 3),
    }


def _length(path: Path) -> int:
    """Return how many rows an array on the disk has."""
    return len(np.load(path, mmap_mode="r"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure stores, smallest first, and write the figures."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.plan.parts",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("stores", type=Path, nargs="+", help="stores of different sizes")
    parser.add_argument("--sets", type=Path, default=Path("../shared/eval"), help="question sets")
    parser.add_argument("--into", type=Path, default=_RESULTS, help="folder of the results")
    given = parser.parse_args(arguments)
    embedder, stores = open_embedder(), []
    questions = read_questions(given.sets, _ASKED)
    for path in given.stores:
        name = current_name(path)
        parts = count_parts(snapshot_folder(path, name))
        store = open_snapshot(path, name)
        timed = time_search(store, embedder, questions)
        stores.append({**parts, **timed, "head": round(weigh_heads(store))})
    stores.sort(key=lambda store: int(store["chunks"]))
    results = {**provenance(), "stores": stores, "inventory": weigh_inventory()}
    target = given.into / f"parts-{results['commit']}.json"
    dump_results(target, results)
    print(f"Written to {target}.", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
