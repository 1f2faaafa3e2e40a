"""Question sets: folders of `corpus.jsonl.gz` and `queries.jsonl.gz`, or the same unpacked.

An article is `{id, title, date, lang, text}`; a question `{id, lang, question, relevant}`, with
`answerable` and `spans` where they are known. Articles are split by the hash of their id: four
fifths to tune on, one fifth to report. A question belongs to the part of the articles that answer
it; one that nothing answers, to the part of those that would.
"""

import gzip
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.builder import split_articles
from index.embed import DEFAULT_MODEL
from index.errors import StoreError
from index.fresh import embed_changed
from index.snapshot import lock_store, open_snapshot, save_snapshot
from index.store import Store, join
from index.types import Article, DateRange, Embedder, Progress
from index.vocabulary import Vocabulary

_CORPUS = "corpus.jsonl.gz"
_QUERIES = "queries.jsonl.gz"

_PARTS = 5

# xquad's articles are translations of each other (xq-en-012, xq-vi-012); ntrex's are sentences of
# one document (nt-fr-007-012 is of document 007)
_TRANSLATED = re.compile(r"(xq|nt)-[a-z]{2}-(\d+)(?:-\d+)?")
_LANGUAGE_AT_END = re.compile(r"-[a-z]{2}$")

# where the questions of a set without answers come from: there they have one
_ORIGINS = {"abstain_fr": ("piaf_fr", "afriqa_fr")}


@dataclass(frozen=True, slots=True)
class PublicSet:
    """A folder of `corpus.jsonl.gz` and `queries.jsonl.gz`."""

    folder: Path

    @property
    def name(self) -> str:
        """For the report."""
        return self.folder.name

    def build(self, store: Path, embedder: Embedder, progress: Progress | None = None) -> None:
        """Index the articles, unless that was done before."""
        open_set(self.folder, store, embedder, progress=progress)

    def queries(self, articles: Sequence[Article]) -> list[dict[str, Any]]:  # noqa: ARG002
        """Read the questions that nothing was fitted on."""
        return held_out_queries(self.folder)


def public_sets(folder: Path) -> list[PublicSet]:
    """List the sets in a folder, or the one that it is itself, the smallest corpus first.

    Raises:
        FileNotFoundError: if there is none.
    """
    found = [
        path
        for path in [folder, *(folder.iterdir() if folder.is_dir() else [])]
        if _unpacked(path / _CORPUS).is_file() and _unpacked(path / _QUERIES).is_file()
    ]
    if not found:
        raise FileNotFoundError(
            f"There are no question sets in {folder}. Name a folder of them: python -m benchmarks "
            f"FOLDER, where each is a folder of {_CORPUS} and {_QUERIES}."
        )
    found.sort(key=lambda path: (_unpacked(path / _CORPUS).stat().st_size, path))
    return [PublicSet(path) for path in found]


def is_held_out(article: str) -> bool:
    """Whether an article belongs to the fifth that nothing is tuned on.

    Translations of one text, and the sentences of one document, fall into the same part.
    """
    return split_number(article) % _PARTS == 0


def split_number(article: str) -> int:
    """Return the number by whose remainders articles are split."""
    same = _TRANSLATED.fullmatch(article)
    return _hash("-".join(same.groups()) if same else article)


def held_out_queries(folder: Path) -> list[dict[str, Any]]:
    """Read the questions of a set whose articles are all held out.

    Nothing may be tuned on a question with *any* article held out: those with articles of both
    parts are for neither.
    """
    origins = _ORIGINS.get(folder.name, ())
    known = [folder.parent / name for name in origins if (folder.parent / name).is_dir()]
    behind = {query["id"]: query["relevant"] for origin in known for query in read_queries(origin)}
    return [
        query
        for query in read_queries(folder)
        if all(map(is_held_out, query["relevant"] or behind.get(query["id"]) or [_event(query)]))
    ]


def _event(query: dict[str, Any]) -> str:
    """Name what a question without any article asks about, the same in every language."""
    return _LANGUAGE_AT_END.sub("", query["id"])


def _hash(article: str) -> int:
    """Return a number that an article's id always has."""
    return int(hashlib.sha256(article.encode()).hexdigest(), 16)


def read_articles(folder: Path) -> list[Article]:
    """Read the articles of a set, in order of id."""
    articles = [
        Article(
            id=record["id"],
            title=record["title"] or record["id"],
            text=record["text"],
            published=DateRange.parse(record["date"]) if record["date"] else None,
            language=record["lang"],
        )
        for record in read_lines(folder / _CORPUS)
    ]
    return sorted(articles, key=lambda article: article.id)


def read_queries(folder: Path) -> list[dict[str, Any]]:
    """Read the questions of a set."""
    return read_lines(folder / _QUERIES)


def open_set(
    folder: Path,
    store: Path,
    embedder: Embedder,
    *,
    progress: Progress | None = None,
) -> Store:
    """Open the store of a set, building it the first time."""
    try:
        return open_snapshot(store)
    except StoreError:
        articles = read_articles(folder)
    with lock_store(store):
        chunks = split_articles(articles, embedder, progress)
        vectors, _embedded = embed_changed(articles, chunks, embedder, None, progress)
        words = Vocabulary.build(articles, embedder, None, progress)
        content = join(articles, chunks, vectors, words, embedder.identity, DEFAULT_MODEL)
        save_snapshot(store, content)
    return open_snapshot(store)


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Read a file of one JSON object a line, gzipped or not."""
    path = _unpacked(path)
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def _unpacked(path: Path) -> Path:
    """Return a gzipped file, or the same without ".gz" where it is not packed."""
    return path.with_suffix("") if path.suffix == ".gz" and not path.exists() else path
