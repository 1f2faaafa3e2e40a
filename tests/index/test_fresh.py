"""The vectors of a build: taken over, or made."""

import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from index.builder import split_articles
from index.fresh import embed_changed
from index.same import find_same
from index.store import Store, join
from index.types import Article, Progress, Vectors
from index.vectors import VectorIndex
from index.vocabulary import Vocabulary
from index.word_counts import WordCounts


class DrawnEmbedder:
    """Draws the vector of a text by the text, and notes which texts it was given."""

    identity = "drawn@1"
    dimension = 8
    max_tokens = 512

    def __init__(self) -> None:
        self.given: list[str] = []

    def count_tokens(self, passages: Sequence[str]) -> list[int]:
        return [len(passage.split()) for passage in passages]

    def embed_passages(self, passages: Sequence[str], progress: Progress | None = None) -> Vectors:
        del progress
        self.given.extend(passages)
        return self.embed_queries(passages)

    def embed_queries(self, queries: Sequence[str]) -> Vectors:
        rows = [
            np.random.default_rng(zlib.crc32(query.encode())).normal(size=8) for query in queries
        ]
        vectors = np.array(rows, dtype=np.float32).reshape(-1, 8)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


# a chunk holds 700 characters: some articles have several, some share one
TEXTS = st.lists(
    st.lists(st.sampled_from(["Le pont. ", "La gare. ", "Le port. "]), min_size=1, max_size=4).map(
        lambda parts: "".join(part * 70 for part in parts)
    ),
    max_size=5,
)


def make(texts: list[str]) -> list[Article]:
    return [Article(f"{number}.txt", "Titre", text) for number, text in enumerate(texts)]


def numbers(vectors: VectorIndex) -> Vectors:
    return vectors.vectors(range(len(vectors)))


def make_store(articles: list[Article]) -> Store:
    embedder = DrawnEmbedder()
    chunks = split_articles(articles, embedder)
    vectors, _embedded = embed_changed(articles, chunks, embedder, None)
    counts = WordCounts.build(articles)
    words = Vocabulary.of(counts, embedder.embed_queries([""] * len(counts)))
    return join(articles, chunks, vectors, words, embedder.identity, "drawn")


@given(old=TEXTS, new=TEXTS, is_known=st.booleans())
@settings(deadline=None, max_examples=30)
def test_vectors_are_those_of_the_texts_wherever_they_were_taken_from(
    *, old: list[str], new: list[str], is_known: bool
) -> None:
    before, articles, embedder = make_store(make(old)), make(new), DrawnEmbedder()
    chunks = split_articles(articles, embedder)
    same = find_same(before.articles, before.chunks, articles, chunks).rows if is_known else None

    vectors, embedded = embed_changed(articles, chunks, embedder, before, same=same)
    anew, all_of_them = embed_changed(articles, chunks, DrawnEmbedder(), None)

    assert np.array_equal(numbers(vectors), numbers(anew))
    assert embedded == len(embedder.given) <= all_of_them == len(chunks)
    assert is_known or not {*embedder.given} & texts_of(before)


def texts_of(store: Store) -> set[str]:
    embedder = DrawnEmbedder()
    embed_changed(store.articles, store.chunks, embedder, None)
    return {*embedder.given}


def test_an_article_under_another_name_keeps_its_vectors(tmp_path: Path) -> None:
    articles = make(["Le pont. " * 200, "La gare. " * 200])
    before, embedder = make_store(articles), DrawnEmbedder()
    renamed = [articles[0], replace(articles[1], id="9.txt")]
    chunks = split_articles(renamed, embedder)
    same = find_same(before.articles, before.chunks, renamed, chunks).rows

    vectors, embedded = embed_changed(renamed, chunks, embedder, before, same=same, folder=tmp_path)

    assert embedded == 0
    assert np.array_equal(numbers(vectors), numbers(before.vectors))
    assert list(tmp_path.iterdir()) == []
