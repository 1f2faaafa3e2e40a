"""What a snapshot holds, as files: bytes by name, and back."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from index.arrays import Data, array_bytes, read_array
from index.articles import (
    ARTICLE_FILES,
    HEADS,
    TEXTS,
    StoredArticles,
    StoredChunks,
    article_files,
)
from index.disk import let_go
from index.inventory import INVENTORY_FILE
from index.lexical import LexicalIndex
from index.mentions import DateIndex
from index.near import Stories
from index.store import Store
from index.types import Skipped
from index.vectors import FILES as VECTOR_FILES
from index.vectors import VectorIndex
from index.vocabulary import Vocabulary
from index.written import WrittenIndex

FORMAT = 5
"""Raised when the files of a snapshot change their meaning; another format is built again."""

STORIES, SIGNATURES = "stories.json", "signatures.npy"
CHUNKS = "chunks.npy"
DATES = "dates"
LEXICAL = "lexical"
VOCABULARY = "vocabulary"
WRITTEN = "written"

FILES = tuple(
    sorted(
        (
            *ARTICLE_FILES,
            CHUNKS,
            *(f"{DATES}/{name}" for name in DateIndex.FILES),
            INVENTORY_FILE,
            *(f"{LEXICAL}/{name}" for name in LexicalIndex.FILES),
            SIGNATURES,
            STORIES,
            *VECTOR_FILES,
            *(f"{VOCABULARY}/{name}" for name in Vocabulary.FILES),
            *(f"{WRITTEN}/{name}" for name in WrittenIndex.FILES),
        )
    )
)
"""All that stands beside the manifest, in order of name."""

_SIGNATURE = "<u4"

# what is mapped is digested so much at a time
_PIECE_BYTES = 16 << 20

_SAYING = (HEADS, TEXTS, CHUNKS)
"""What a snapshot says; the other files follow from these."""


def content_files(content: Store) -> dict[str, Data]:
    """Return the data files of a snapshot by name, in the order of `FILES`."""
    files: dict[str, Data] = {
        **article_files(content.articles),
        CHUNKS: StoredChunks.of(content.chunks).to_bytes(),
        **content.vectors.to_files(),
        **within(DATES, content.dates.to_files()),
        INVENTORY_FILE: content.inventory,
        STORIES: json.dumps(content.stories.links.tolist()).encode(),
        SIGNATURES: array_bytes(content.stories.signed.astype(_SIGNATURE, copy=False)),
        **within(LEXICAL, content.lexical.to_files()),
        **within(VOCABULARY, content.vocabulary.to_files()),
        **within(WRITTEN, content.written.to_files()),
    }
    return {name: files[name] for name in FILES}


def read_content(files: Mapping[str, Data], manifest: Mapping[str, Any], name: str) -> Store:
    """Read what `content_files` returned, for the snapshot `name`.

    Raises:
        ValueError: or KeyError, TypeError: if it is anything else.
    """
    articles, chunks = StoredArticles(files), StoredChunks.from_bytes(files[CHUNKS])
    if (len(articles), len(chunks)) != (manifest["articles"], manifest["chunks"]):
        raise ValueError("another number of articles or chunks")
    return Store(
        articles=articles,
        chunks=chunks,
        vectors=VectorIndex.from_files(files),
        lexical=LexicalIndex.from_files(inside(LEXICAL, files)),
        dates=DateIndex.from_files(inside(DATES, files)),
        written=WrittenIndex.from_files(len(articles), inside(WRITTEN, files)),
        vocabulary=Vocabulary.from_files(inside(VOCABULARY, files)),
        embedder=str(manifest["embedder"]),
        model=str(manifest["model"]),
        skipped=skipped_files(manifest),
        stories=Stories.from_signed(
            json.loads(bytes(files[STORIES])), read_array(files[SIGNATURES], _SIGNATURE, 0)
        ),
        inventory=bytes(files[INVENTORY_FILE]),
        content=str(manifest["content"]),
        name=name,
    )


def skipped_files(manifest: Mapping[str, Any]) -> tuple[Skipped, ...]:
    """Return the files that a build left out; none where an older version did not note them."""
    return tuple(Skipped(str(path), str(reason)) for path, reason in manifest.get("skipped", ()))


def digest_content(content: Store) -> str:
    """Return the sha256 of what a snapshot says: articles, chunks, embedder and its model.

    Vectors, terms and dates follow from these; vectors may differ in the last bits from one
    processor to the next.
    """
    if content.content:
        return content.content
    files = {**article_files(content.articles), CHUNKS: StoredChunks.of(content.chunks).to_bytes()}
    digests = {name: digest(files[name]) for name in _SAYING}
    return digest_digests(digests, content.embedder, content.model)


def digest_digests(digests: Mapping[str, str], embedder: str, model: str) -> str:
    """Return what `digest_content` returns, from the digests of the files."""
    saying = {name: digests[name] for name in _SAYING}
    return digest(
        as_json({"embedder": embedder, "files": saying, "format": FORMAT, "model": model})
    )


def digest(data: Data) -> str:
    """Return the sha256 of `data`, hexadecimal; little of what is mapped stays in the memory."""
    found, whole = hashlib.sha256(), memoryview(data)
    for first in range(0, len(whole), _PIECE_BYTES):
        found.update(whole[first : first + _PIECE_BYTES])
        let_go(whole)
    return found.hexdigest()


def as_json(record: Mapping[str, Any]) -> bytes:
    """Return one line of JSON, keys in order."""
    return json.dumps(record, sort_keys=True).encode() + b"\n"


def within(folder: str, files: Mapping[str, Data]) -> dict[str, Data]:
    """Return files by their names from above a folder."""
    return {f"{folder}/{name}": data for name, data in files.items()}


def inside(folder: str, files: Mapping[str, Data]) -> dict[str, Data]:
    """Return the files of a folder by their names in it."""
    start = f"{folder}/"
    return {
        name.removeprefix(start): data for name, data in files.items() if name.startswith(start)
    }
