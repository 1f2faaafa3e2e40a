"""Fit what joins the reader's say with the other evidence, and what an answer's confidence is.

    python -m training.calibrate gather QUESTION_SETS    asks the questions kept for tuning
    python -m training.calibrate fit                     prints the numbers for qa/settings.py

Every question is asked twice: of a corpus that answers it, and of the same without the articles
that do (or all articles of their title). The corpus is the whole set half of the time; else a
random handful of its passages, or the handful nearest to the answer: people ask archives, small
folders, and folders about one story. Only articles that are neither held out nor trained on are
asked about.
"""

import argparse
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.sets import open_set, read_queries
from index.embed import open_embedder
from index.progress import TerminalProgress
from index.store import Store
from index.types import Embedder
from qa.confidence import measure
from qa.extract import score_sentences
from qa.fuse import fuse, score_content
from qa.read import Reader, open_reader
from qa.remember import RememberingReader
from qa.rerank import rerank
from qa.retrieval import Query, find_candidates, prepare, retrieve
from qa.settings import DEFAULT
from training.examples import KnownQueries, learn_questions, part_of, question_of

_SETS = {"piaf_fr": 200, "afriqa_fr": 100, "xquad_en": 60, "xquad_vi": 60, "ntrex_fr": 60}
"""Questions asked of each set at most."""

_SMALL_CORPUS = (10, 200)
_SEED = 12


def gather(
    name: str, folder: Path, store: Store, embedder: KnownQueries, reader: Reader
) -> Iterator[dict[str, Any]]:
    """Ask the questions of a set, and note what each part of the search says."""
    positions = {article.id: position for position, article in enumerate(store.articles)}
    titles = np.array([zlib.crc32(article.title.encode()) for article in store.articles])
    queries = [
        query
        for query in read_queries(folder)
        if query["relevant"]
        and positions.keys() >= set(query["relevant"])
        and part_of(query["relevant"]) == "tuned"
    ]
    random = np.random.default_rng(_SEED)
    random.shuffle(queries)
    queries = queries[: _SETS[name]]
    learn_questions(queries, embedder)
    for record in queries:
        question = question_of(record)
        query = prepare(question, embedder, store)
        relevant = [positions[article] for article in record["relevant"]]
        whole = random.random() < 0.5
        rows = _corpus(store, relevant, titles, random, whole=whole)
        note: dict[str, Any] = {
            "set": name,
            "language": record["lang"],
            "foreign": record["lang"] not in store.languages,
            "whole": whole,
        }
        note["rows"] = _note_rows(query, store, reader, relevant)
        if record.get("spans"):
            note["sentences"] = _note_sentences(query, store, embedder, reader, record)
        for answered in (True, False):
            kept = rows if answered else _without(rows, store, relevant, titles, random)
            note[f"signals {answered}"] = _note_signals(query, store, reader, kept)
        yield note


def _note_rows(
    query: Query, store: Store, reader: Reader, relevant: Sequence[int]
) -> list[dict[str, Any]]:
    """Note the evidence of each row that is read, in the whole corpus."""
    candidates = find_candidates(query, store, DEFAULT)
    fused = fuse(candidates, DEFAULT)
    found = rerank(query.question, candidates, fused, store, reader, DEFAULT)
    order = np.lexsort((candidates.rows, -fused))[:40]
    return [
        {
            "dense": float(candidates.dense[i]),
            "floor": candidates.dense_floor,
            "top": float(candidates.dense.max()),
            "lexical": float(candidates.lexical[i]),
            "best": float(candidates.lexical.max()),
            "ceiling": candidates.lexical_ceiling,
            "coverage": float(candidates.coverage[i]),
            "dates": float(candidates.dates[i]),
            "fused": float(fused[i]),
            "relevance": reading.relevance if reading else None,
            "right": int(store.article_of_row[candidates.rows[i]]) in relevant,
            "article": int(store.article_of_row[candidates.rows[i]]),
        }
        for i in order
        for reading in [found.readings.get(int(candidates.rows[i]))]
    ]


def _note_sentences(
    query: Query, store: Store, embedder: Embedder, reader: Reader, record: dict[str, Any]
) -> list[dict[str, Any]]:
    """Note the evidence of each sentence of the first passages, in the whole corpus."""
    found = retrieve(query, store, DEFAULT, reader=reader)
    stretches = found.stretches[: DEFAULT.read_passages]
    parts = score_sentences(query, stretches, found.readings, store, embedder, DEFAULT)
    spans = [(s["doc"], s["start"], s["start"] + len(s["text"])) for s in record["spans"]]
    return [
        {
            **asdict(part.evidence),
            "below": stretches[0].score - stretches[part.stretch].score,
            "right": any(
                part.article.id == doc and part.span[0] <= start and end <= part.span[1]
                for doc, start, end in spans
            ),
        }
        for part in parts
    ]


def _note_signals(
    query: Query, store: Store, reader: Reader, rows: NDArray[np.int64]
) -> dict[str, Any]:
    """Note the signals of the best row of a corpus, with the reader and without."""
    candidates = find_candidates(query, store, DEFAULT, rows)
    fused = fuse(candidates, DEFAULT)
    read = rerank(query.question, candidates, fused, store, reader, DEFAULT)
    unread = rerank(query.question, candidates, fused, store, None, DEFAULT)
    content, floor = score_content(candidates, DEFAULT), DEFAULT.published_after
    return {
        "read": asdict(measure(read, content, floor)),
        "unread": asdict(measure(unread, content, floor)),
    }


def _corpus(
    store: Store,
    relevant: Sequence[int],
    titles: NDArray[np.int64],
    random: np.random.Generator,
    *,
    whole: bool,
) -> NDArray[np.int64]:
    """Choose the rows that stand for the corpus."""
    if whole:
        return np.arange(len(store.chunks))
    same = np.isin(store.article_of_row, relevant)
    allowed = np.isin(titles, titles[relevant])[store.article_of_row]
    count = min(len(store.chunks), int(random.integers(*_SMALL_CORPUS)))
    if random.random() < 0.5:
        allowed[random.choice(len(store.chunks), count, replace=False)] = True
    else:
        answer = store.vectors.vectors(np.flatnonzero(same)).mean(axis=0)
        allowed[[hit.row for hit in store.search_dense(answer, count)]] = True
    return np.flatnonzero(allowed)


def _without(
    rows: NDArray[np.int64],
    store: Store,
    relevant: Sequence[int],
    titles: NDArray[np.int64],
    random: np.random.Generator,
) -> NDArray[np.int64]:
    """Leave out the articles that answer, half of the time all of their title."""
    gone = np.isin(np.arange(len(titles)), relevant)
    if random.random() < 0.5:
        gone |= np.isin(titles, titles[relevant])
    return rows[~gone[store.article_of_row[rows]]]


def main() -> None:
    """Gather, or fit what was gathered."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("step", choices=["gather", "fit"])
    parser.add_argument("sets", type=Path, nargs="?", help="folder of question sets")
    parser.add_argument("--stores", type=Path, default=Path("build/bench"))
    parser.add_argument("--notes", type=Path, default=Path("build/training/notes.jsonl"))
    arguments = parser.parse_args()
    if arguments.step == "fit":
        from training.fit import report

        report(arguments.notes)
        return
    embedder = KnownQueries(open_embedder())
    chosen = open_reader()
    assert chosen is not None
    reader = RememberingReader(chosen)
    with arguments.notes.open("w", encoding="utf-8") as file:
        for name in _SETS:
            with TerminalProgress() as progress:
                folder, work = arguments.sets / name, arguments.stores / name
                store = open_set(folder, work, embedder, progress=progress)
            for note in gather(name, folder, store, embedder, reader):
                file.write(json.dumps(note) + "\n")
                file.flush()


if __name__ == "__main__":
    main()
