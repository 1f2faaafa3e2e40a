"""An embedder that keeps meaning and loads nothing, and assistants over articles in memory."""

import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from index.builder import split_articles
from index.fresh import embed_changed
from index.store import Store, join
from index.tokens import analyse
from index.types import Article, Progress, Vectors
from index.vocabulary import Vocabulary
from qa.assistant import Assistant
from qa.settings import DEFAULT


class WordEmbedder:
    """A bag of words, hashed: texts that share words lie near, on every machine alike."""

    identity = "words@1"
    dimension = 256
    max_tokens = 512

    def count_tokens(self, passages: Sequence[str]) -> list[int]:
        """Count one token for each character: the most that any text can have."""
        return [len(passage) for passage in passages]

    def embed_passages(self, passages: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Add up a direction for each word; the same as for a question."""
        if progress is not None:
            progress("embed", len(passages), len(passages))
        return self.embed_queries(passages)

    def embed_queries(self, queries: Sequence[str]) -> Vectors:
        """Add up a direction for each word, stemmed as in French."""
        vectors = np.zeros((len(queries), self.dimension), dtype=np.float32)
        for row, query in enumerate(queries):
            for term in analyse(query, "fr") or [""]:
                vectors[row, zlib.crc32(term.encode()) % self.dimension] += 1
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors


def index_words(*articles: Article) -> Store:
    """Index articles in memory as a build does, with the `WordEmbedder`."""
    embedder = WordEmbedder()
    ordered = sorted(articles, key=lambda article: article.id)
    chunks = split_articles(ordered, embedder)
    vectors, _embedded = embed_changed(ordered, chunks, embedder, None)
    words = Vocabulary.build(ordered, embedder, None)
    return join(ordered, chunks, vectors, words, embedder.identity, "words")


def assist_words(*articles: Article) -> Assistant:
    """Return an assistant over articles in memory; there is no store to follow."""
    content = index_words(*articles)
    return Assistant(Path("in memory"), content, WordEmbedder(), None, DEFAULT, pinned=True)


@pytest.fixture(scope="session", name="index_words")
def _index_words() -> Callable[..., Store]:
    return index_words


@pytest.fixture(scope="session", name="assist_words")
def _assist_words() -> Callable[..., Assistant]:
    return assist_words
