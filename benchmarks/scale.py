"""A large archive, served: `python -m benchmarks.scale SETS STORE --passages 170000`.

Real passages of the set `scale_fr`, real questions, and everything a store holds, but for the
vectors: to embed so many takes an hour and says nothing of how fast they are searched. They are
grown out of real ones, as in `benchmarks.dense`; so what is found means nothing here, and only
times, memory and sizes are measured. The store is built once; then another process opens and asks.
"""

import argparse
import json
import multiprocessing
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from benchmarks.dense import Figures, grow, read_vectors, resident
from benchmarks.provenance import provenance
from benchmarks.sets import read_articles, read_queries
from index.articles import HEADS, TEXTS
from index.builder import split_articles
from index.embed import DEFAULT_MODEL, open_embedder
from index.errors import StoreError
from index.progress import TerminalProgress
from index.snapshot import current_name, lock_store, save_snapshot, snapshot_folder
from index.store import join
from index.vocabulary import MAX_WORDS, Vocabulary
from index.word_counts import WordCounts
from qa.assistant import Assistant

RESULTS = Path("build/bench/scale.json")

_ASKED = 100
_FROM = ("piaf_fr", "dated_fr")


def build(sets: Path, store: Path, passages: int) -> None:
    """Build the store of so many passages, unless it is there."""
    try:
        current_name(store)
        return
    except StoreError:
        pass
    tell = TerminalProgress()
    embedder = open_embedder()
    articles = sorted(read_articles(sets / "scale_fr")[:passages], key=lambda one: one.id)
    chunks = split_articles(articles, embedder, tell)
    words = WordCounts.build(articles)
    vocabulary = min(len(words), MAX_WORDS)
    vectors = grow(read_vectors(sets)[0], len(chunks) + vocabulary).astype(np.float32)
    content = join(
        articles,
        chunks,
        vectors[: len(chunks)],
        Vocabulary.of(words, vectors[len(chunks) :]),
        embedder.identity,
        DEFAULT_MODEL,
        progress=tell,
    )
    with lock_store(store):
        save_snapshot(store, content)


def serve(store: Path, questions: Sequence[str]) -> Figures:
    """Open a store and ask; times in milliseconds, memory in MB."""
    began = time.perf_counter()
    assistant = Assistant.open(store)
    figures: Figures = {"open": _since(began)}
    began = time.perf_counter()
    assistant.ask(questions[0])
    figures["first question"] = _since(began)
    plain = Assistant.open(store, reader="none")
    asked: dict[str, Callable[[str], object]] = {
        "retrieve, no reader": plain.retrieve,
        "ask": assistant.ask,
    }
    for name, ask in asked.items():
        times = sorted(_time(ask, question) for question in questions[1:])
        figures[name] = round(statistics.median(times), 1)
        figures[f"{name}, 95th"] = round(times[int(0.95 * len(times))], 1)
    figures["resident"] = round(resident())
    figures["torch"] = "torch" in sys.modules
    return figures


def sizes(store: Path) -> Figures:
    """Return bytes a chunk on the disk, by part, and beside the articles' own words."""
    folder = snapshot_folder(store, current_name(store))
    chunks = json.loads((folder / "manifest.json").read_bytes())["chunks"]
    parts: dict[str, int] = {}
    for path in folder.rglob("*"):
        if path.is_file():
            name = path.relative_to(folder).parts[0]
            parts[name] = parts.get(name, 0) + path.stat().st_size
    beside = sum(size for name, size in parts.items() if name not in (HEADS, TEXTS))
    shares = {name: round(size / chunks, 1) for name, size in sorted(parts.items())}
    return {"chunks": chunks, "bytes a chunk": round(beside / chunks), "parts": shares}


def _time(ask: Callable[[str], object], question: str) -> float:
    """Return how long an answer takes, in milliseconds."""
    began = time.perf_counter()
    ask(question)
    return 1e3 * (time.perf_counter() - began)


def _since(began: float) -> float:
    """Return the milliseconds since `began`."""
    return round(1e3 * (time.perf_counter() - began), 1)


def _served_apart(store: Path, questions: Sequence[str]) -> Figures:
    """Serve in a process that has built nothing."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(serve, (store, questions))


def main(arguments: Sequence[str] | None = None) -> int:
    """Build, serve, and print what was measured as JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("sets", type=Path, help="folder of question sets")
    parser.add_argument("store", type=Path, help="where to build the store")
    parser.add_argument("--passages", type=int, default=170_000)
    asked = parser.parse_args(arguments)
    build(asked.sets, asked.store, asked.passages)
    questions = [
        query["question"] for name in _FROM for query in read_queries(asked.sets / name)[:_ASKED]
    ]
    figures = {**sizes(asked.store), **_served_apart(asked.store, questions)}
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps({"provenance": provenance(), **figures}, indent=1))
    print(json.dumps(figures, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
