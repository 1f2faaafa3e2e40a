from collections.abc import Sequence

import numpy as np
import pytest

from index.types import Embedder, Progress, Vectors
from qa.read import Reading, ReadText
from qa.remember import Remembered, RememberingEmbedder, RememberingReader


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


class CountingReader:
    """Reads anything as irrelevant, counting what it is asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def read(self, question: str, texts: Sequence[ReadText]) -> list[Reading]:
        self.asked.extend((question, text.text) for text in texts)
        nothing = np.zeros(0, dtype=np.float32)
        return [Reading(len(text.text), np.zeros((0, 2), int), nothing, nothing) for text in texts]


def test_a_text_is_read_once_for_each_question() -> None:
    reader = CountingReader()
    remembered = RememberingReader(reader)
    treaty, visit = ReadText("Titre", "un traité"), ReadText("Titre", "une visite")

    first = remembered.read("Qui ?", [treaty, visit, treaty])
    second = remembered.read("Qui ?", [visit, treaty])
    remembered.read("Quand ?", [visit])

    assert reader.asked == [
        ("Qui ?", "un traité"),
        ("Qui ?", "une visite"),
        ("Quand ?", "une visite"),
    ]
    assert [reading.relevance for reading in first] == [9, 10, 9]
    assert second == [first[1], first[0]]


def test_the_readings_used_longest_ago_are_forgotten() -> None:
    reader = CountingReader()
    remembered = RememberingReader(reader, most=2)
    one, two, three = (ReadText("", name) for name in ("un", "deux", "trois"))

    remembered.read("Qui ?", [one, two])
    remembered.read("Qui ?", [one])
    remembered.read("Qui ?", [three])
    reader.asked.clear()
    remembered.read("Qui ?", [one, three, two])

    assert reader.asked == [("Qui ?", "deux")]


def test_an_answer_is_worked_out_once_and_forgotten_when_it_was_used_longest_ago() -> None:
    remembered = Remembered[str, int](most=2)
    worked: list[str] = []

    def find(asked: str) -> int:
        """Ask for the length of a word."""

        def work() -> int:
            worked.append(asked)
            return len(asked)

        return remembered.get(asked, work)

    assert [find(asked) for asked in ("un", "deux", "un", "trois", "un", "deux")] == [
        2,
        4,
        2,
        5,
        2,
        4,
    ]
    assert worked == ["un", "deux", "trois", "deux"]


def test_what_failed_is_tried_again() -> None:
    remembered = Remembered[str, int]()

    def fail() -> int:
        raise OSError("no")

    with pytest.raises(OSError, match="no"):
        remembered.get("un", fail)
    assert remembered.get("un", lambda: 1) == 1
