"""Who is measured: each builds a store of the same files, opens it, and finds passages.

All have the same weights. `recipe` is the usual one, in the manner of LangChain: its recursive
splitter, sentence-transformers with their defaults, a flat FAISS index. `txtai` is that library's
hybrid search, by words and by vectors, as its first pages show it, over the same pieces of text.
`depeche` searches without its reader, as the others do; `depeche ask` answers, reader included.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from index.types import Vectors

FOUND = 5
"""How many passages a question is answered with."""

Ask = Callable[[str], list[str]]
"""Finds texts for a question, best first."""

Embed = Callable[[list[str]], Vectors]
"""Embeds passages."""


class Contestant(Protocol):
    """Who is measured."""

    def load(self) -> None:
        """Load the model, as far as that can be told from building."""

    def build(self, corpus: Path, store: Path) -> None:
        """Build the store of a folder of files."""

    def grow(self, sets: Path, passages: int, store: Path) -> None:
        """Build the store of so many passages of the set `scale_fr`, with vectors drawn."""

    def open(self, store: Path) -> Ask:
        """Open a store to ask it."""

    def size(self, store: Path) -> tuple[int, int]:
        """Return the rows of a store, and its bytes beside the texts."""


class Depeche:
    """The product."""

    def __init__(self, reader: str) -> None:
        """Take a reader by its name; with "none", passages are found and nothing is answered."""
        self._reader = reader

    def load(self) -> None:
        """Load the embedder."""
        from index.embed import open_embedder

        open_embedder().embed_queries(["?"])

    def build(self, corpus: Path, store: Path) -> None:
        """Build a store."""
        import index

        index.build(corpus, store)

    def grow(self, sets: Path, passages: int, store: Path) -> None:
        """Build a store with vectors drawn."""
        from benchmarks import scale

        scale.build(sets, store, passages)

    def open(self, store: Path) -> Ask:
        """Open an assistant."""
        from qa.assistant import Assistant

        assistant = Assistant.open(store, reader=self._reader)
        if self._reader == "none":
            return lambda question: [one.text for one in assistant.retrieve(question, FOUND)]
        return lambda question: [one.text for one in assistant.ask(question).passages]

    def size(self, store: Path) -> tuple[int, int]:
        """Measure a store."""
        from benchmarks import scale

        sizes = scale.sizes(store)
        return sizes["chunks"], sizes["chunks"] * sizes["bytes a chunk"]


class Recipe:
    """The recursive splitter, sentence-transformers and a flat FAISS index."""

    def __init__(self, model: Path) -> None:
        """Take the folder of the model."""
        self._folder = model
        self._model: Any = None

    def load(self) -> None:
        """Load the model."""
        from sentence_transformers import SentenceTransformer

        self._model = SentenceTransformer(str(self._folder))
        self._model.encode_query("?")

    def build(self, corpus: Path, store: Path) -> None:
        """Read, cut, embed, write."""
        self._write(cut(read_files(corpus)), self._embed, store)

    def grow(self, sets: Path, passages: int, store: Path) -> None:
        """Cut and write."""
        self._write(cut(read_set(sets, passages)), lambda texts: drawn(sets, len(texts)), store)

    def open(self, store: Path) -> Ask:
        """Read index and texts, and load the model."""
        import faiss

        self.load()
        index = faiss.read_index(str(store / "index.faiss"))
        texts = json.loads((store / "texts.json").read_text(encoding="utf-8"))

        def ask(question: str) -> list[str]:
            vector = self._model.encode_query([question], normalize_embeddings=True)
            _scores, rows = index.search(vector, FOUND)
            return [texts[row] for row in rows[0] if row >= 0]

        return ask

    def size(self, store: Path) -> tuple[int, int]:
        """Measure a store."""
        rows = len(json.loads((store / "texts.json").read_text(encoding="utf-8")))
        return rows, (store / "index.faiss").stat().st_size

    def _embed(self, texts: list[str]) -> Vectors:
        """Embed with the defaults."""
        return np.asarray(
            self._model.encode_document(texts, normalize_embeddings=True, show_progress_bar=False)
        )

    def _write(self, texts: list[str], embed: Embed, store: Path) -> None:
        """Write index and texts."""
        import faiss

        vectors = embed(texts)
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        store.mkdir(parents=True)
        faiss.write_index(index, str(store / "index.faiss"))
        (store / "texts.json").write_text(json.dumps(texts), encoding="utf-8")


class Txtai:
    """Hybrid search of txtai: BM25 and vectors, texts kept beside."""

    def __init__(self, model: Path) -> None:
        """Take the folder of the model."""
        self._settings = {
            "path": str(model),
            "hybrid": True,
            "content": True,
            "instructions": {"query": "query: ", "data": "passage: "},
        }
        self._embeddings: Any = None

    def load(self) -> None:
        """Load the model."""
        from txtai import Embeddings

        self._embeddings = Embeddings(self._settings)
        self._embeddings.transform("?", "query")

    def build(self, corpus: Path, store: Path) -> None:
        """Read, cut, index, write."""
        self._embeddings.index(cut(read_files(corpus)))
        self._embeddings.save(str(store))

    def grow(self, sets: Path, passages: int, store: Path) -> None:
        """Index with vectors drawn; the store then names the model, as others do."""
        from txtai import Embeddings

        texts = cut(read_set(sets, passages))
        vectors = iter(drawn(sets, len(texts)))

        def transform(batch: Sequence[str]) -> Vectors:
            return np.stack([next(vectors) for _text in batch])

        others = {name: self._settings[name] for name in ("hybrid", "content")}
        embeddings = Embeddings({"method": "external", "transform": transform, **others})
        embeddings.index(texts)
        for name in ("method", "transform"):
            embeddings.config.pop(name)
        embeddings.config.update(self._settings)
        embeddings.save(str(store))

    def open(self, store: Path) -> Ask:
        """Load a store, and the model with it."""
        from txtai import Embeddings

        embeddings = Embeddings()
        embeddings.load(str(store))
        return lambda question: [found["text"] for found in embeddings.search(question, FOUND)]

    def size(self, store: Path) -> tuple[int, int]:
        """Measure a store."""
        import sqlite3

        with sqlite3.connect(f"file:{store / 'documents'}?mode=ro", uri=True) as database:
            ((rows,),) = database.execute("SELECT count(*) FROM sections")
        database.close()
        files = [path for path in store.rglob("*") if path.is_file() and path.name != "documents"]
        return rows, sum(path.stat().st_size for path in files)


OURS, ANSWERING = "depeche", "depeche ask"

OTHERS = ("recipe", "txtai")


def contestant(name: str, model: Path) -> Contestant:
    """Return who is measured.

    Args:
        name: "depeche", "depeche ask", "recipe" or "txtai".
        model: folder of the model for the last two.
    """
    made: dict[str, Callable[[], Contestant]] = {
        OURS: lambda: Depeche("none"),
        ANSWERING: lambda: Depeche("default"),
        "recipe": lambda: Recipe(model),
        "txtai": lambda: Txtai(model),
    }
    return made[name]()


def read_files(corpus: Path) -> Iterator[str]:
    """Read the texts of a folder, in order."""
    return (path.read_text(encoding="utf-8") for path in sorted(corpus.iterdir()))


def read_set(sets: Path, passages: int) -> Iterator[str]:
    """Read the texts of a large set."""
    from benchmarks.sets import read_articles

    return (article.text for article in read_articles(sets / "scale_fr")[:passages])


def drawn(sets: Path, rows: int) -> Vectors:
    """Return so many vectors, of real passages and drawn near them."""
    from benchmarks.dense import grow, read_vectors

    return grow(read_vectors(sets)[0], rows).astype(np.float32)


def cut(texts: Iterator[str]) -> list[str]:
    """Cut texts as the recipe does."""
    from benchmarks.baselines import splitter_of_the_recipe

    splitter = splitter_of_the_recipe()
    return [piece for text in texts for piece in splitter.split_text(text)]
