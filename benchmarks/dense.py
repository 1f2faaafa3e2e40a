"""The dense search alone, as rows grow: `python -m benchmarks.dense [SETS] --rows 10000 1000000`.

Compares with FAISS's flat search over float32, and that with the time in which its bytes can be
read at all. Rows are real passages; where there are too few, more are made of them: a passage plus
.2 to .4 of the difference between two of its 50 nearest, so that the spread around a passage keeps
its directions. That gives no near copies: the nearest of a passage lies at .077 (median) among
30,000 made of 7,500, at .058 among 30,000 real ones. Questions are real, and are no rows.

SETS is a folder of question sets, as in `python -m benchmarks`; what was embedded is kept in
build/bench/dense.npz.
"""

import argparse
import json
import mmap
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from benchmarks.provenance import provenance
from benchmarks.sets import open_set, public_sets, read_lines
from index.embed import open_embedder
from index.types import Vectors
from index.vectors import VectorIndex

KEPT = Path("build/bench/dense.npz")
RESULTS = Path("build/bench/dense.json")

_AT = 10
_ASKED = 200
_OF_A_SET = 150
_NEIGHBOURS = 50
_SHARE = 0.2, 0.4
_PIECE = 50_000

Array = NDArray[Any]
Search = Callable[[NDArray[np.float32]], list[int]]
Figures = dict[str, Any]


def read_vectors(sets: Path | None) -> tuple[Vectors, Vectors]:
    """Return real passages and real questions as vectors, each in an order drawn at random.

    Raises:
        FileNotFoundError: if none were kept, and no sets are named.
    """
    if not KEPT.is_file():
        passages, questions = embed_sets(sets or Path())
        KEPT.parent.mkdir(parents=True, exist_ok=True)
        np.savez(KEPT, passages=passages.astype(np.float16), questions=questions)
    kept = np.load(KEPT)
    chance = np.random.default_rng(0)
    passages, questions = (kept[name].astype(np.float32) for name in ("passages", "questions"))
    return chance.permutation(passages), chance.permutation(questions)[:_ASKED]


def embed_sets(folder: Path) -> tuple[Vectors, Vectors]:
    """Embed the passages and some questions of each set, each passage once."""
    embedder = open_embedder()
    passages, questions = [], []
    for one in public_sets(folder):
        store = open_set(one.folder, KEPT.parent / one.name, embedder)
        passages.append(store.vectors.vectors(range(len(store.vectors))))
        asked = read_lines(one.folder / "queries.jsonl.gz")[:_OF_A_SET]
        questions.append(embedder.embed_queries([question["question"] for question in asked]))
    return np.unique(np.concatenate(passages), axis=0), np.concatenate(questions)


def grow(passages: Vectors, rows: int) -> Array:
    """Return `rows` vectors as float16: real ones, or more made of them."""
    if rows <= len(passages):
        return passages[:rows].astype(np.float16)
    _, nearest = faiss.knn(passages, passages, _NEIGHBOURS + 1, metric=faiss.METRIC_INNER_PRODUCT)
    chance = np.random.default_rng(1)
    grown = np.empty((rows, passages.shape[1]), dtype=np.float16)
    grown[: len(passages)] = passages
    for first in range(len(passages), rows, _PIECE):
        count = min(_PIECE, rows - first)
        near = nearest[chance.integers(len(passages), size=count)]
        first_drawn = chance.integers(_NEIGHBOURS, size=count)
        then_drawn = (first_drawn + chance.integers(1, _NEIGHBOURS, size=count)) % _NEIGHBOURS
        one, other = (
            passages[near[range(count), 1 + drawn]] for drawn in (first_drawn, then_drawn)
        )
        share = chance.uniform(*_SHARE, size=(count, 1)).astype(np.float32)
        vectors = passages[near[:, 0]] + share * (one - other)
        grown[first : first + count] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return grown


def time_each(search: Search, questions: Vectors) -> tuple[Figures, list[list[int]]]:
    """Search for each question in turn; milliseconds that pass, and that the processor works."""
    search(questions[0])
    passed, worked, found = [], [], []
    for question in questions:
        began = time.perf_counter(), time.process_time()
        found.append(search(question))
        passed.append(1e3 * (time.perf_counter() - began[0]))
        worked.append(1e3 * (time.process_time() - began[1]))
    figures = {"median": np.median(passed), "95th": np.quantile(passed, 0.95)}
    figures |= {"processor median": np.median(worked)}
    return {name: round(float(value), 2) for name, value in figures.items()}, found


def time_to_read(matrix: Vectors) -> float:
    """Return the milliseconds of the processor in which the bytes of a matrix can be read."""
    times = []
    for _ in range(5):
        began = time.process_time()
        matrix.view(np.int64).max()
        times.append(1e3 * (time.process_time() - began))
    return round(min(times), 5)


def measure(passages: Vectors, questions: Vectors, rows: int) -> Figures:
    """Measure both searches over as many rows, grown out of `passages`."""
    vectors = grow(passages, rows)
    flat, truth = measure_flat(vectors, questions)
    ours = measure_ours(vectors, questions, truth)
    return {"rows": rows, "real": len(passages), "flat": flat, "ours": ours}


def measure_flat(vectors: Array, questions: Vectors) -> tuple[Figures, list[list[int]]]:
    """Measure FAISS's flat search over float32."""
    matrix = vectors.astype(np.float32)
    read = time_to_read(matrix)
    flat = faiss.IndexFlatIP(vectors.shape[1])
    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)  # one question takes one thread; others would only wait for it
    flat.add(matrix)
    del matrix
    figures, found = time_each(lambda one: flat.search(one[None], _AT)[1][0].tolist(), questions)
    faiss.omp_set_num_threads(threads)
    return figures | {"read": read}, found


def measure_ours(vectors: Array, questions: Vectors, truth: list[list[int]]) -> Figures:
    """Build, write, open by memory map in another process, and search there."""
    began = time.perf_counter(), time.process_time()
    index = VectorIndex.build(vectors)
    built = {
        "build seconds": round(time.perf_counter() - began[0], 1),
        "build processor seconds": round(time.process_time() - began[1], 1),
        "shortlist": index.shortlist,
        "recall stated": index.recall,
    }
    with tempfile.TemporaryDirectory() as folder:
        size = 0
        for name, data in index.to_files().items():
            size += (Path(folder) / name).write_bytes(data)
        del index
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            figures, found = pool.apply(serve, (folder, questions))
    shares = [len(set(a) & set(b)) / _AT for a, b in zip(found, truth, strict=True)]
    return {
        **built,
        **figures,
        "bytes a row": round(size / len(vectors), 1),
        "recall@10": round(float(np.mean(shares)), 4),
    }


def serve(folder: str, questions: Vectors) -> tuple[Figures, list[list[int]]]:
    """Open files by memory map and search; also how much memory that took, in MB."""
    before = resident()
    began = time.perf_counter()
    files = {}
    for path in Path(folder).iterdir():
        with path.open("rb") as file:
            files[path.name] = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    index = VectorIndex.from_files(files)
    opened = {"open": round(1e3 * (time.perf_counter() - began), 1)}
    figures, found = time_each(
        lambda question: [hit.row for hit in index.search(question, _AT)], questions
    )
    half = np.arange(0, len(index), 2)
    filtered, _ = time_each(
        lambda question: [hit.row for hit in index.search(question, _AT, half)], questions[:50]
    )
    figures |= opened | {"half allowed median": filtered["median"]}
    figures["resident"] = round(resident() - before)
    return figures, found


def resident(process: int | str = "self") -> float:
    """Return the memory of a process, mapped files included, in MB; Linux alone tells."""
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    (line,) = (line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024


def table(measured: Sequence[Figures]) -> str:
    """Return the figures as a table, a line for each number of rows."""
    lines = [
        "| rows | flat, ms (processor) | over reading | ours, ms (processor) | 95th |"
        " half allowed | of flat | recall@10 | stated | shortlist |"
        " build, s | bytes a row | resident, MB |",
        "|" + "--:|" * 13,
    ]
    for one in measured:
        flat, ours = one["flat"], one["ours"]
        cells = [
            f"{one['rows']:,}",
            f"{flat['median']} ({flat['processor median']})",
            f"{flat['processor median'] / flat['read']:.2f}",
            f"{ours['median']} ({ours['processor median']})",
            *(ours[name] for name in ("95th", "half allowed median")),
            f"{ours['processor median'] / flat['processor median']:.2f}",
            *(ours[name] for name in ("recall@10", "recall stated", "shortlist")),
            *(ours[name] for name in ("build seconds", "bytes a row", "resident")),
        ]
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure each number of rows, print the table, write the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dense", description=__doc__)
    parser.add_argument("sets", type=Path, nargs="?", help="folder of question sets")
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    given = parser.parse_args(arguments)
    passages, questions = read_vectors(given.sets)
    measured = []
    for rows in given.rows:
        measured.append(measure(passages, questions, rows))
        print(json.dumps(measured[-1]), file=sys.stderr)
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps({**provenance(), "dense": measured}, indent=1) + "\n")
    print(table(measured))
    return 0


if __name__ == "__main__":
    sys.exit(main())
