from collections.abc import Sequence

import numpy as np
import pytest

from index.types import Embedder, Progress, Vectors
from qa.remember import RememberingEmbedder


class Counting:
    """The real embedder, counting what it is asked for."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.asked: list[str] = []
        self.dimension = embedder.dimension
        self.identity = embedder.identity
        self.max_tokens = embedder.max_tokens

    def count_tokens(self, passages: Sequence[str]) -> list[int]:
        return self._embedder.count_tokens(passages)

    def embed_queries(self, queries: Sequence[str]) -> Vectors:
        return self._embedder.embed_queries(queries)

    def embed_passages(self, passages: Sequence[str], progress: Progress | None = None) -> Vectors:
        self.asked.extend(passages)
        return self._embedder.embed_passages(passages, progress)


@pytest.fixture
def counting(embedder: Embedder) -> Counting:
    return Counting(embedder)


def test_a_sentence_is_embedded_once(counting: Counting) -> None:
    remembered = RememberingEmbedder(counting)

    first = remembered.embed_passages(["un traité", "une visite", "un traité"])
    second = remembered.embed_passages(["une visite", "un vol", "un traité"])

    assert counting.asked == ["un traité", "une visite", "un vol"]
    assert np.array_equal(first[0], first[2])
    assert np.array_equal(second[[2, 0]], first[:2])


def test_the_sentences_used_longest_ago_are_forgotten(counting: Counting) -> None:
    remembered = RememberingEmbedder(counting, most=2)

    remembered.embed_passages(["un", "deux"])
    remembered.embed_passages(["un"])
    remembered.embed_passages(["trois"])
    counting.asked.clear()
    remembered.embed_passages(["un", "trois", "deux"])

    assert counting.asked == ["deux"]


def test_no_texts_give_no_vectors(counting: Counting) -> None:
    assert RememberingEmbedder(counting).embed_passages([]).shape == (0, 384)
