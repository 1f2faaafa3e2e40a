from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest

from index.store import Store
from index.types import Article
from qa.fuse import Candidates
from qa.read import Reading, ReadText
from qa.rerank import rerank
from qa.settings import DEFAULT, Depth
from qa.types import Question

QUESTION = Question("Qui pêche ?", "Qui pêche ?", "fr")


class WordReader:
    """Finds a text relevant when it holds a word; keeps what it was given."""

    def __init__(self, word: str) -> None:
        self.word = word
        self.texts: list[ReadText] = []

    def read(self, question: str, texts: Sequence[ReadText]) -> list[Reading]:
        """Read a text as relevant by 4 or by minus 4."""
        assert question == QUESTION.standalone
        self.texts.extend(texts)
        nothing = np.zeros(0, dtype=np.float32)
        return [
            Reading(
                4.0 if self.word in text.text else -4.0, np.zeros((0, 2), int), nothing, nothing
            )
            for text in texts
        ]


@pytest.fixture
def store(index_words: Callable[..., Store]) -> Store:
    return index_words(
        *(
            Article(f"{number}.txt", f"Titre {number}", f"Le marin {name} pêche.", language="fr")
            for number, name in enumerate(("Yann", "Loïc", "Anne", "Marc"))
        )
    )


def make_candidates(count: int) -> Candidates:
    zeros, no = np.zeros(count, dtype=np.float32), np.zeros(count, dtype=bool)
    return Candidates(
        rows=np.arange(count),
        native=~no,
        dense=zeros,
        lexical=zeros,
        coverage=zeros,
        rarest=no,
        words=2,
        dated=False,
        dates=zeros,
        short_dates=zeros,
    )


def test_without_a_reader_the_scores_stay(store: Store) -> None:
    scores = np.array([1.0, 0.5], dtype=np.float32)

    found = rerank(QUESTION, make_candidates(2), scores, store, None, DEFAULT)

    assert found.scores is scores
    assert found.readings == {}


def test_the_text_that_answers_comes_first(store: Store) -> None:
    scores = np.array([1.0, 0.9, 0.8, 0.7], dtype=np.float32)

    found = rerank(QUESTION, make_candidates(4), scores, store, WordReader("Anne"), DEFAULT)

    assert int(np.argmax(found.scores)) == 2
    assert found.readings[2].relevance == 4.0


def test_the_reader_counts_more_where_the_question_is_in_another_language(store: Store) -> None:
    native = make_candidates(2)
    foreign = replace(native, native=np.array([False, False]))
    scores = np.array([8.0, 0.0], dtype=np.float32)

    first = [
        int(np.argmax(rerank(QUESTION, found, scores, store, WordReader("Loïc"), DEFAULT).scores))
        for found in (native, foreign)
    ]

    assert first == [0, 1]


def test_only_the_best_rows_are_read_and_the_others_gain_nothing(store: Store) -> None:
    reader = WordReader("Marc")
    settings = replace(DEFAULT, answer_depth=Depth(rows=2, at_once=8, credit=np.inf))
    scores = np.array([0.7, 1.0, 0.9, 0.8], dtype=np.float32)

    found = rerank(QUESTION, make_candidates(4), scores, store, reader, settings)

    assert sorted(found.readings) == [1, 2]
    assert [text.text for text in reader.texts] == ["Le marin Loïc pêche.", "Le marin Anne pêche."]
    assert list(np.argsort(-found.scores)) == [1, 2, 3, 0]


def test_reading_stops_when_a_row_surely_answers(store: Store) -> None:
    reader = WordReader("Loïc")
    settings = replace(DEFAULT, answer_depth=Depth(rows=4, at_once=1, credit=np.inf))
    scores = np.array([1.0, 0.9, 0.8, 0.7], dtype=np.float32)

    found = rerank(QUESTION, make_candidates(4), scores, store, reader, settings)

    assert sorted(found.readings) == [0, 1]
    assert int(np.argmax(found.scores)) == 1


def test_reading_stops_when_nothing_else_can_come_first(store: Store) -> None:
    settings = replace(DEFAULT, answer_depth=Depth(rows=4, at_once=1, credit=2.0))
    credit = 2.0 * DEFAULT.native_reader_weight
    near, far = WordReader("Nobody"), WordReader("Nobody")
    lost = -4.0 * DEFAULT.native_reader_weight

    def read(reader: WordReader, behind: float) -> list[int]:
        """The rows that are read when the second lies so far behind the first."""
        scores = np.array([1.0, 1.0 - behind, -90.0, -91.0], dtype=np.float32)
        return sorted(
            rerank(QUESTION, make_candidates(4), scores, store, reader, settings).readings
        )

    assert read(near, credit - lost - 0.01) == [0, 1]
    assert read(far, credit - lost + 0.01) == [0]


def test_a_list_is_read_further_than_an_answer(store: Store) -> None:
    settings = replace(
        DEFAULT,
        answer_depth=Depth(rows=1, at_once=1, credit=np.inf),
        list_depth=Depth(rows=3, at_once=2, credit=np.inf),
    )
    scores = np.array([1.0, 0.9, 0.8, 0.7], dtype=np.float32)
    reader = WordReader("Nobody")

    read = [
        sorted(
            rerank(
                QUESTION, make_candidates(4), scores, store, reader, settings, listing=listing
            ).readings
        )
        for listing in (False, True)
    ]

    assert read == [[0], [0, 1, 2]]


def test_nothing_found_is_not_read(store: Store) -> None:
    reader = WordReader("Marc")

    found = rerank(QUESTION, make_candidates(0), np.zeros(0, np.float32), store, reader, DEFAULT)

    assert found.readings == {}
    assert reader.texts == []
