"""A large archive, served: `python -m benchmarks.scale SETS STORE --passages 170000`.

Real passages of the set `scale_fr`, among them the articles of two sets of questions, and
everything a store holds. Of the passages of `scale_fr` alone the vectors are not real: to embed so
many takes an hour and says nothing of how fast they are searched. They are grown out of real ones,
as in `benchmarks.dense`, and lie as near to the questions. So what is found is not counted here;
only times, memory and sizes are measured. The store is built once; then another process opens and
asks, every question once.
"""

import argparse
import json
import multiprocessing
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.dense import Figures, grow, read_vectors, resident
from benchmarks.provenance import provenance
from benchmarks.sets import read_articles, read_queries
from index.articles import HEADS, TEXTS
from index.builder import split_articles
from index.chunk import embedded_text
from index.embed import DEFAULT_MODEL, open_embedder
from index.errors import StoreError
from index.progress import TerminalProgress
from index.snapshot import current_name, lock_store, save_snapshot, snapshot_folder
from index.store import join
from index.types import Article
from index.vocabulary import Vocabulary
from qa.assistant import Assistant

RESULTS = Path("build/bench/scale.json")

_ASKED = 70
_ANSWERED = ("piaf_fr", "xquad_en")
"""Sets whose articles are in the store: French ones, and English ones asked in other languages."""

_OWN = "asked/"

_FROM = (*_ANSWERED, "dated_fr")


def build(sets: Path, store: Path, passages: int) -> None:
    """Build the store of so many passages, unless it is there."""
    try:
        current_name(store)
        return
    except StoreError:
        pass
    tell = TerminalProgress()
    embedder = open_embedder()
    articles = _articles(sets, passages)
    chunks = split_articles(articles, embedder, tell)
    vectors = grow(read_vectors(sets)[0], len(chunks)).astype(np.float32)
    real = [row for row, chunk in enumerate(chunks) if articles[chunk.article].id.startswith(_OWN)]
    texts = []
    for chunk in (chunks[row] for row in real):
        texts.append(embedded_text(articles[chunk.article], (chunk.start, chunk.end)))
    vectors[real] = embedder.embed_passages(texts, tell)
    content = join(
        articles,
        chunks,
        vectors,
        Vocabulary.build(articles, embedder, None, tell),
        embedder.identity,
        DEFAULT_MODEL,
        progress=tell,
    )
    with lock_store(store):
        save_snapshot(store, content)


def _articles(sets: Path, passages: int) -> list[Article]:
    """Return so many passages of `scale_fr`, and the articles that questions are asked about."""
    answering = [
        replace(article, id=f"{_OWN}{name}/{article.id}")
        for name in _ANSWERED
        if (sets / name).is_dir()
        for article in read_articles(sets / name)
    ]
    articles = [*answering, *read_articles(sets / "scale_fr")][:passages]
    return sorted(articles, key=lambda one: one.id)


def serve(store: Path, questions: Sequence[str]) -> Figures:
    """Open a store and ask; times in milliseconds, memory in MB."""
    began = time.perf_counter()
    assistant = Assistant.open(store)
    figures: Figures = {"open": _since(began)}
    began = time.perf_counter()
    assistant.ask(questions[0])
    figures["first question"] = _since(began)
    figures |= _ask_each("ask", assistant.ask, questions[1:])
    figures["resident"] = round(resident())
    plain = Assistant.open(store, reader="none")
    plain.retrieve(questions[0])
    figures |= _ask_each("retrieve, no reader", plain.retrieve, questions[1:])
    figures["torch"] = "torch" in sys.modules
    return figures


def _ask_each(name: str, ask: Callable[[str], object], questions: Sequence[str]) -> Figures:
    """Ask every question; milliseconds: the median, and what all but one in twenty take at most."""
    times = sorted(_time(ask, question) for question in questions)
    return {
        name: round(statistics.median(times), 1),
        f"{name}, 95th": round(times[int(0.95 * len(times))], 1),
    }


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
