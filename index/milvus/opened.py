"""Opening a snapshot that a server holds: tables are read, all else is asked for when needed."""

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.arrays import read_array
from index.articles import HEADS, TEXTS, StoredChunks
from index.contents import (
    CHUNKS,
    DATES,
    LEXICAL,
    SIGNATURES,
    STORIES,
    VOCABULARY,
    WRITTEN,
    as_json,
    digest,
    inside,
    skipped_files,
)
from index.contents import FORMAT as CONTENT_FORMAT
from index.laws import broken_chunks, broken_lengths, broken_stories
from index.lexical import LexicalIndex
from index.manifest import UNREADABLE
from index.mentions import DateIndex
from index.milvus.client import BUILD_SECONDS, Client
from index.milvus.dates import ServedDates
from index.milvus.layout import FORMAT, Collections
from index.milvus.lexical import ServedLexical
from index.milvus.pieces import MANIFEST, Pieces, ServedFile
from index.milvus.rows import ServedRows
from index.milvus.served import ServedArticles, ServedVectors, ServedWritten
from index.near import Stories
from index.snapshot import content_of
from index.store import Store
from index.terms import Terms
from index.vocabulary import Vocabulary
from index.written import WrittenIndex

SPANS, COUNTS, HOLDING = "spans", "spans/counts.npy", f"{LEXICAL}/holding.npy"
"""Tables that a store on a disk has no need of."""

NUMBER = "<i8"
"""How what is counted is written."""

FORMATS = [FORMAT, CONTENT_FORMAT]
"""Of the collections, and of the files in them."""

_SIGNATURE = "<u4"

# read when somebody asks for them
_IN_PARTS = (HEADS, TEXTS)
_LATER = (f"{WRITTEN}/", f"{DATES}/")

Manifest = Mapping[str, Any]


def open_collections(client: Client, name: str) -> Store:
    """Open the snapshot `name`.

    Raises:
        CollectionCorrupt: if it is not what was written.
        CollectionGone: if a collection of it is not there.
        ServerError: if the server cannot be asked.
    """
    collections = Collections.of(client.address.name, name)
    for collection in collections.all:
        client.call("load_collection", BUILD_SECONDS, collection_name=collection)
    pieces = Pieces(client, collections.parts, name)
    manifest = read_manifest(client, name)
    _check_counts(client, collections, pieces, manifest)
    try:
        content = _Reader(client, collections, pieces, manifest).store(name)
        laws = (broken_lengths, broken_chunks, broken_stories)
        problem = next((told for law in laws for told in law(content)), None)
    except UNREADABLE as error:
        raise pieces.broken(f"does not fit together ({error})") from error
    if problem is not None:
        raise pieces.broken(f"does not fit together ({problem})")
    return content


def read_manifest(client: Client, name: str) -> Manifest:
    """Read what is known of a snapshot without opening it.

    Raises:
        CollectionCorrupt: if it is damaged, was never finished, or is of another format.
        ServerError: if the server cannot be asked.
    """
    parts = Collections.of(client.address.name, name).parts
    client.call("load_collection", BUILD_SECONDS, collection_name=parts)
    pieces = Pieces(client, parts, name)
    try:
        manifest = dict(json.loads(pieces.read_alone(MANIFEST)))
        stated = manifest.pop("digest")
    except UNREADABLE as error:
        raise pieces.broken("has a manifest that cannot be read") from error
    if stated != digest(as_json(manifest)):
        raise pieces.broken("has a manifest that is not what was written")
    if manifest.get("formats") != FORMATS:
        found = manifest.get("formats")
        raise pieces.broken(f"has the formats {found}, this version reads {FORMATS}")
    if not str(manifest.get("content")).startswith(content_of(name)):
        raise pieces.broken("has the manifest of another one")
    return manifest


def _check_counts(
    client: Client, collections: Collections, pieces: Pieces, manifest: Manifest
) -> None:
    """Refuse collections that hold more or less than was written."""
    counts = {collections.chunks: "chunks", collections.dates: "mentions"}
    for collection, name in counts.items():
        ((count,),) = (found.values() for found in client.query(collection, "", ("count(*)",)))
        if count != manifest[name]:
            raise pieces.broken(f"holds {count} {name} instead of {manifest[name]}")


class _Reader:
    """Puts the parts of one snapshot together."""

    def __init__(
        self, client: Client, collections: Collections, pieces: Pieces, manifest: Manifest
    ) -> None:
        """Read the tables."""
        self._client, self._collections = client, collections
        self._pieces, self._manifest = pieces, manifest
        self._sizes = {name: int(size) for name, (size, _digest) in manifest["files"].items()}
        later = (*_IN_PARTS, *_LATER)
        self._files = self._read([name for name in self._sizes if not name.startswith(later)])
        self._rows = ServedRows(
            client,
            collections.chunks,
            pieces,
            int(manifest["chunks"]),
            int(manifest["dimension"]),
            sparse=bool(manifest["sparse"]),
        )

    def store(self, name: str) -> Store:
        """Return the snapshot `name`."""
        files, manifest = self._files, self._manifest
        heads, texts = (ServedFile(self._pieces, one, self._sizes[one]) for one in _IN_PARTS)
        articles = ServedArticles(files, heads, texts, self._pieces)
        return Store(
            articles=articles,
            chunks=StoredChunks.from_bytes(files[CHUNKS]),
            vectors=ServedVectors(self._rows, float(manifest["recall"])),
            lexical=self._lexical(),
            dates=self._dates(),
            written=ServedWritten(partial(self._written, len(articles))),
            vocabulary=Vocabulary.from_files(inside(VOCABULARY, files)),
            embedder=str(manifest["embedder"]),
            model=str(manifest["model"]),
            skipped=skipped_files(manifest),
            stories=Stories.from_signed(
                json.loads(files[STORIES]), read_array(files[SIGNATURES], _SIGNATURE, 0)
            ),
            content=str(manifest["content"]),
            name=name,
        )

    def _lexical(self) -> LexicalIndex:
        """Return the terms: asked of the server where it keeps their weights, else read."""
        files = inside(LEXICAL, self._files)
        if not self._manifest["sparse"]:
            return LexicalIndex.from_files(files)
        holding: NDArray[np.int64] = read_array(self._files[HOLDING], NUMBER)
        terms = Terms.from_files(files)
        if len(terms) != len(holding):
            raise ValueError(f"{len(terms)} terms, and rows that hold {len(holding)}")
        return ServedLexical(self._rows, terms, holding)

    def _dates(self) -> ServedDates:
        """Return the dates."""
        return ServedDates(
            DateIndex.from_files(inside(SPANS, self._files)),
            read_array(self._files[COUNTS], NUMBER),
            self._rows,
            self._client,
            self._pieces,
            self._collections.dates,
            self._all_dates,
        )

    def _all_dates(self) -> DateIndex:
        """Read all mentions."""
        return DateIndex.from_files(self._read_folder(DATES))

    def _written(self, articles: int) -> WrittenIndex:
        """Read the written words."""
        return WrittenIndex.from_files(articles, self._read_folder(WRITTEN))

    def _read_folder(self, folder: str) -> dict[str, bytes]:
        """Read the files of a folder, by their names in it."""
        names = [name for name in self._sizes if name.startswith(f"{folder}/")]
        return {name.partition("/")[2]: data for name, data in self._read(names).items()}

    def _read(self, names: list[str]) -> dict[str, bytes]:
        """Read files, and check each by its digest."""
        files = self._pieces.read({name: self._sizes[name] for name in names})
        for name, data in files.items():
            if [len(data), digest(data)] != self._manifest["files"][name]:
                raise self._pieces.broken(f"has a table {name} that is not what was written")
        return files
