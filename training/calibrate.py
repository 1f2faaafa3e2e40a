"""Fit what joins the reader's say with the other evidence, and what an answer's confidence is.

    python -m training.calibrate content QUESTION_SETS   asks questions the reader was trained on
    python -m training.calibrate gather QUESTION_SETS    asks the questions kept for tuning
    python -m training.calibrate fit                     prints the numbers for qa/settings.py

What the two sides of the search count is fitted to questions that the reader was trained on, the
rest to questions it never saw. Those are asked twice: of a corpus that answers them, and of the
same without the articles that do (or all articles of their title); a question with a date, by a
coin, instead of the same corpus about another date. The corpus is the whole set half of the time;
else a random handful of its passages, or the handful nearest to the answer: people ask archives,
small folders, and folders about one story. No article that is held out is asked about.

What is noted depends on the weights in force: set those of the two sides and of the dates first,
gather again, set the reader's, gather again, and then the others.
"""

import argparse
import json
import random
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.sets import open_set
from index.embed import open_embedder
from index.progress import TerminalProgress
from index.store import Store
from qa.confidence import measure
from qa.extract import score_sentences
from qa.fuse import content_evidence, fuse, score_content
from qa.read import Reader, open_reader
from qa.remember import RememberingEmbedder, RememberingReader
from qa.rerank import rerank
from qa.retrieval import Query, find_candidates, is_foreign, prepare, retrieve
from qa.settings import DEFAULT, SentenceWeights
from training.examples import (
    KnownQueries,
    all_queries,
    folder_of,
    learn_questions,
    move_dates,
    names_any,
    question_of,
    span_of,
)

_SETS = {
    "news": 240,
    "piaf_fr": 120,
    "afriqa_fr": 40,
    "xquad_en": 40,
    "xquad_vi": 40,
    "ntrex_fr": 80,
    "dated_fr": 60,
}
"""Questions asked of each set at most, of those kept for tuning."""

_CONTENT_QUESTIONS = 400
"""The same of those trained on, which need no reader."""

_SMALL_CORPUS = (10, 200)
_SEED = 12
_NOTED_ROWS = 60

# the cosine of a sentence costs time, and is noted even where it counts nothing so far
_EVERYTHING = SentenceWeights(1, 1, 1, 1, 1, 1)
_NOTED = replace(
    DEFAULT,
    sentence=_EVERYTHING,
    sentence_foreign=_EVERYTHING,
    sentence_read=_EVERYTHING,
    sentence_read_foreign=_EVERYTHING,
)


class Asking:
    """A set that is asked, and what it is asked with."""

    def __init__(
        self, name: str, folder: Path, store: Store, known: KnownQueries, reader: Reader
    ) -> None:
        """Know the set's folder and its store."""
        self.name, self.folder, self.store = name, folder, store
        self.known, self.embedder = known, RememberingEmbedder(known)
        self.reader = RememberingReader(reader)
        self.positions = {article.id: place for place, article in enumerate(store.articles)}
        self.titles = np.array([zlib.crc32(article.title.encode()) for article in store.articles])
        self.random = np.random.default_rng(_SEED)
        self.shuffled = random.Random(_SEED)

    def content_notes(self) -> Iterator[dict[str, Any]]:
        """Note what both sides say of the rows, for questions that were trained on."""
        queries = all_queries(self.name, self.folder, "trained")
        queries = [query for query in queries if query["relevant"]]
        self.random.shuffle(queries)
        queries = queries[:_CONTENT_QUESTIONS]
        learn_questions(queries, self.known)
        for record in queries:
            query = prepare(question_of(record), self.known, self.store)
            yield {**self.label(record), "content": self.note_rows(query, record, None)}

    def notes(self) -> Iterator[dict[str, Any]]:
        """Note what each part says, for questions kept for tuning."""
        queries = all_queries(self.name, self.folder, "tuned")
        self.random.shuffle(queries)
        queries = queries[: _SETS[self.name]]
        learn_questions(queries, self.known)
        for record in queries:
            yield self.note(record)

    def note(self, record: dict[str, Any]) -> dict[str, Any]:
        """Note what each part says of one question."""
        question = question_of(record)
        query = prepare(question, self.known, self.store)
        relevant = self.places_of(record)
        rows = self.corpus(relevant or self.places_of(record, "near"))
        note = {**self.label(record), "askings": []}
        if not relevant:
            note["askings"] += self.note_signals(query, rows, answered=False)
            return note
        reader = self.reader if query.has_content else None
        note["rows"] = self.note_rows(query, record, reader)
        if record.get("spans"):
            if reader is not None:
                note["read"] = self.note_sentences(query, record, reader)
            note["unread"] = self.note_sentences(query, record, None)
        note["askings"] += self.note_signals(query, rows, answered=True)
        moved = move_dates(question, self.shuffled)
        if moved is None or self.random.random() < 0.5:
            rows = self.without(rows, relevant)
        elif any(names_any(int(row), moved.dates, self.store) for row in rows):
            return note  # the other date may have its own answer
        else:
            query = prepare(moved, self.known, self.store)
        note["askings"] += self.note_signals(query, rows, answered=False)
        return note

    def label(self, record: dict[str, Any]) -> dict[str, Any]:
        """Say what was asked, and whether what answers it is in another language."""
        places = self.places_of(record)
        languages = {self.store.articles[place].language for place in places}
        language = question_of(record).language
        return {"set": self.name, "relevant": places, "foreign": language not in languages}

    def places_of(self, record: dict[str, Any], articles: str = "relevant") -> list[int]:
        """Return the positions of the articles that answer, or of those that are near."""
        return [self.positions[article] for article in record[articles]]

    def note_rows(
        self, query: Query, record: dict[str, Any], reader: Reader | None
    ) -> list[dict[str, Any]]:
        """Note the evidence of the best rows, in the whole corpus."""
        relevant = self.places_of(record)
        candidates = find_candidates(query, self.store, DEFAULT)
        fused = fuse(candidates, DEFAULT)
        found = rerank(query.question, candidates, fused, self.store, reader, DEFAULT)
        content = content_evidence(candidates, DEFAULT)
        order = np.lexsort((candidates.rows, -fused))[:_NOTED_ROWS]
        return [
            {
                "content": content[i].tolist(),
                "native": bool(candidates.native[i]),
                "dated": candidates.dated,
                "dates": float(candidates.dates[i]),
                "short dates": float(candidates.short_dates[i]),
                "fused": float(fused[i]),
                "relevance": reading.relevance if reading else None,
                "right": int(self.store.article_of_row[candidates.rows[i]]) in relevant,
                "article": int(self.store.article_of_row[candidates.rows[i]]),
            }
            for i in order
            for reading in [found.readings.get(int(candidates.rows[i]))]
        ]

    def note_sentences(
        self, query: Query, record: dict[str, Any], reader: Reader | None
    ) -> dict[str, Any]:
        """Note the evidence of each sentence of the first passages, in the whole corpus."""
        store = self.store
        found = retrieve(query, store, _NOTED, reader=reader)
        stretches = found.stretches[: DEFAULT.read_passages]
        sentences = score_sentences(query, stretches, found.readings, store, self.embedder, _NOTED)
        answers = [(span["doc"], *span_of(span)) for span in record["spans"]]
        noted = [
            {
                "parts": sentence.evidence.parts,
                "right": any(
                    sentence.article.id == doc
                    and sentence.span[0] <= start
                    and end <= sentence.span[1]
                    for doc, start, end in answers
                ),
            }
            for sentence in sentences
        ]
        return {"foreign": is_foreign(query.question, stretches, store), "sentences": noted}

    def note_signals(
        self, query: Query, rows: NDArray[np.int64], *, answered: bool
    ) -> list[dict[str, Any]]:
        """Note the signals of the best row of a corpus, with the reader and without."""
        if not len(rows) or not query.has_content:
            return []
        candidates = find_candidates(query, self.store, DEFAULT, rows)
        fused = fuse(candidates, DEFAULT)
        content, floor = score_content(candidates, DEFAULT), DEFAULT.published_after
        noted: dict[str, Any] = {"answered": answered}
        for label, reader in (("read", self.reader), ("unread", None)):
            ranked = rerank(query.question, candidates, fused, self.store, reader, DEFAULT)
            signals, native = measure(ranked, content, floor)
            noted[label] = {**asdict(signals), "foreign": not native}
        return [noted]

    def corpus(self, near: Sequence[int]) -> NDArray[np.int64]:
        """Choose the rows that stand for the corpus."""
        store = self.store
        if self.random.random() < 0.5:
            return np.arange(len(store.chunks))
        same = np.isin(store.article_of_row, near)
        allowed = np.isin(self.titles, self.titles[near])[store.article_of_row]
        count = min(len(store.chunks), int(self.random.integers(*_SMALL_CORPUS)))
        if self.random.random() < 0.5:
            allowed[self.random.choice(len(store.chunks), count, replace=False)] = True
        else:
            answer = store.vectors.vectors(np.flatnonzero(same)).mean(axis=0)
            allowed[[hit.row for hit in store.search_dense(answer, count)]] = True
        return np.flatnonzero(allowed)

    def without(self, rows: NDArray[np.int64], relevant: Sequence[int]) -> NDArray[np.int64]:
        """Leave out the articles that answer, half of the time all of their title."""
        gone = np.isin(np.arange(len(self.titles)), relevant)
        if self.random.random() < 0.5:
            gone |= np.isin(self.titles, self.titles[relevant])
        return rows[~gone[self.store.article_of_row[rows]]]


def main() -> None:
    """Gather, or fit what was gathered."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("step", choices=["content", "gather", "fit"])
    parser.add_argument("sets", type=Path, nargs="?", help="folder of question sets")
    parser.add_argument("--stores", type=Path, default=Path("build/bench"))
    parser.add_argument("--notes", type=Path, default=Path("build/training/notes"))
    parser.add_argument("--only", nargs="*", default=list(_SETS))
    arguments = parser.parse_args()
    if arguments.step == "fit":
        from training.fit import report

        report(sorted(arguments.notes.glob("*.jsonl")))
        return
    known, reader = KnownQueries(open_embedder()), open_reader()
    assert reader is not None
    arguments.notes.mkdir(parents=True, exist_ok=True)
    content = arguments.step == "content"
    for name in arguments.only:
        path = arguments.notes / f"{name}{'-content' if content else ''}.jsonl"
        with path.open("w", encoding="utf-8") as file:
            with TerminalProgress() as progress:
                folder, work = folder_of(name, arguments.sets), arguments.stores / name
                store = open_set(folder, work, known, progress=progress)
            asking = Asking(name, folder, store, known, reader)
            for note in asking.content_notes() if content else asking.notes():
                file.write(json.dumps(note) + "\n")
            print(name, flush=True)


if __name__ == "__main__":
    main()
