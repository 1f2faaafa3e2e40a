"""What a snapshot holds, as files: bytes by name, and back."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import Any

import numpy as np

from index.arrays import array_bytes, read_array
from index.inventory import INVENTORY_FILE, Inventory
from index.lexical import LexicalIndex
from index.mentions import DateIndex
from index.store import Store
from index.types import Article, Chunk, DateRange, Skipped
from index.vectors import VectorIndex
from index.vocabulary import Vocabulary
from index.written import WrittenIndex

FORMAT = 2
"""Raised when the files of a snapshot change their meaning; another format is built again."""

ARTICLES = "articles.jsonl"
STORIES = "stories.json"
CHUNKS = "chunks.npy"
VECTORS = "vectors.npy"
DATES = "dates"
LEXICAL = "lexical"
VOCABULARY = "vocabulary"
WRITTEN = "written"

FILES = (
    ARTICLES,
    CHUNKS,
    *(f"{DATES}/{name}" for name in DateIndex.FILES),
    INVENTORY_FILE,
    *(f"{LEXICAL}/{name}" for name in LexicalIndex.FILES),
    STORIES,
    VECTORS,
    *(f"{VOCABULARY}/{name}" for name in Vocabulary.FILES),
    *(f"{WRITTEN}/{name}" for name in WrittenIndex.FILES),
)
"""All that stands beside the manifest, in order of name."""

_CHUNK_NUMBER = "<i8"


def content_files(content: Store) -> dict[str, bytes]:
    """Return the data files of a snapshot by name, in the order of `FILES`."""
    files = {
        ARTICLES: _article_lines(content.articles),
        CHUNKS: _chunk_bytes(content.chunks),
        VECTORS: content.vectors.to_bytes(),
        **_within(DATES, content.dates.to_files()),
        INVENTORY_FILE: content.inventory,
        STORIES: json.dumps(content.stories).encode(),
        **_within(LEXICAL, content.lexical.to_files()),
        **_within(VOCABULARY, content.vocabulary.to_files()),
        **_within(WRITTEN, content.written.to_files()),
    }
    return {name: files[name] for name in FILES}


def read_content(files: Mapping[str, bytes], manifest: Mapping[str, Any], name: str) -> Store:
    """Read what `content_files` returned, for the snapshot `name`.

    Raises:
        ValueError: or KeyError, TypeError: if it is anything else.
    """
    articles = read_article_lines(files[ARTICLES])
    chunks = [Chunk(*record) for record in read_array(files[CHUNKS], _CHUNK_NUMBER, 3).tolist()]
    if (len(articles), len(chunks)) != (manifest["articles"], manifest["chunks"]):
        raise ValueError("another number of articles or chunks")
    if Inventory.parse(files[INVENTORY_FILE]) is None:
        raise ValueError("no inventory")
    return Store(
        articles=articles,
        chunks=chunks,
        vectors=VectorIndex.from_bytes(files[VECTORS]),
        lexical=LexicalIndex.from_files(_inside(LEXICAL, files)),
        dates=DateIndex.from_files(_inside(DATES, files)),
        written=WrittenIndex.from_files(len(articles), _inside(WRITTEN, files)),
        vocabulary=Vocabulary.from_files(_inside(VOCABULARY, files)),
        embedder=str(manifest["embedder"]),
        model=str(manifest["model"]),
        skipped=skipped_files(manifest),
        stories=[tuple(map(int, group)) for group in json.loads(files[STORIES])],
        inventory=files[INVENTORY_FILE],
        name=name,
    )


def read_article_lines(data: bytes) -> list[Article]:
    """Read the articles of a snapshot.

    Raises:
        ValueError: or KeyError, TypeError: if it is anything else.
    """
    return [_article(json.loads(line)) for line in data.splitlines()]


def skipped_files(manifest: Mapping[str, Any]) -> tuple[Skipped, ...]:
    """Return the files that a build left out; none where an older version did not note them."""
    return tuple(Skipped(str(path), str(reason)) for path, reason in manifest.get("skipped", ()))


def digest_content(content: Store) -> str:
    """Return the sha256 of what a snapshot says: articles, chunks, embedder and its model.

    Vectors, terms and dates follow from these; vectors may differ in the last bits from one
    processor to the next.
    """
    names = content.embedder, content.model
    return _digest_parts(*names, _article_lines(content.articles), _chunk_bytes(content.chunks))


def digest_files(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> str:
    """Return what `digest_content` returns, from the files."""
    names = str(manifest.get("embedder")), str(manifest.get("model"))
    return _digest_parts(*names, files[ARTICLES], files[CHUNKS])


def digest(data: bytes) -> str:
    """Return the sha256 of `data`, hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def as_json(record: Mapping[str, Any]) -> bytes:
    """Return one line of JSON, keys in order."""
    return json.dumps(record, sort_keys=True).encode() + b"\n"


def _digest_parts(embedder: str, model: str, articles: bytes, chunks: bytes) -> str:
    """Return the sha256 of the parts of a content, each told apart from the next."""
    head = {"format": FORMAT, "embedder": embedder, "model": model, "articles": len(articles)}
    return digest(as_json(head) + articles + chunks)


def _within(folder: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return files by their names from above a folder."""
    return {f"{folder}/{name}": data for name, data in files.items()}


def _inside(folder: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files of a folder by their names in it."""
    start = f"{folder}/"
    return {
        name.removeprefix(start): data for name, data in files.items() if name.startswith(start)
    }


def _article_lines(articles: Sequence[Article]) -> bytes:
    """Return articles as lines of JSON."""
    return b"".join(as_json(_article_record(article)) for article in articles)


def _article_record(article: Article) -> dict[str, Any]:
    """Return an article as JSON values."""
    record = asdict(article)
    published = article.published
    record["published"] = published and [published.first.isoformat(), published.last.isoformat()]
    return record


def _article(record: dict[str, Any]) -> Article:
    """Return the article that `_article_record` wrote."""
    published = record["published"]
    furniture = tuple((int(start), int(end)) for start, end in record["furniture"])
    days = DateRange(*map(date.fromisoformat, published)) if published else None
    return replace(Article(**record), published=days, furniture=furniture)


def _chunk_bytes(chunks: Sequence[Chunk]) -> bytes:
    """Return chunks as an array, shape (n, 3): article, start, end."""
    rows = [(chunk.article, chunk.start, chunk.end) for chunk in chunks]
    return array_bytes(np.array(rows, dtype=_CHUNK_NUMBER).reshape(-1, 3))
