from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.types import Article
from qa.extract import Sentence
from qa.read import open_reader
from qa.remember import RememberingReader
from qa.reread import reread
from qa.sentences import quotable_sentences
from qa.settings import DEFAULT
from qa.types import Question

ARTICLE = Article(
    "port.txt",
    "Le nouveau port de Kerlaz",
    "Le maire a salué les pêcheurs présents. "
    "La digue a coûté quatre millions d’euros. "
    "Il fait souvent froid sur la côte. "
    "Elle sera inaugurée le 3 mars par Anne Le Bihan.",
    language="fr",
)
_reader = open_reader()
assert _reader is not None
READER = RememberingReader(_reader)
COST = Question("Combien a coûté la digue ?", "Combien a coûté la digue ?", "fr")
OPENER = Question("Who will open the sea wall?", "Who will open the sea wall?", "en")


def sentences(*scores: float) -> list[Sentence]:
    """Return the sentences of the article with these scores, best first."""
    spans = quotable_sentences(ARTICLE)
    assert len(spans) == 4
    scored = [
        Sentence(ARTICLE, span, 0, score, date=0.0)
        for span, score in zip(spans, scores, strict=True)
    ]
    return sorted(scored, key=lambda found: -found.score)


def text_of(found: Sentence) -> str:
    return found.article.text[slice(*found.span)]


@pytest.mark.parametrize(
    ("question", "answer"), [(COST, "quatre millions"), (OPENER, "Anne Le Bihan")]
)
def test_the_sentence_that_answers_comes_first_among_equals(
    question: Question, answer: str
) -> None:
    found = reread(question, sentences(1.0, 0.9, 0.8, 0.9), READER, DEFAULT)

    assert answer in text_of(found[0])


def test_a_sentence_that_was_not_read_again_is_not_lifted_above_those_that_were() -> None:
    two = replace(DEFAULT, reread_sentences=2)

    found = reread(COST, sentences(3.0, 1.0, 2.0, 0.0), READER, two)

    assert [text_of(one) for one in found[2:]] == [
        "La digue a coûté quatre millions d’euros.",
        "Elle sera inaugurée le 3 mars par Anne Le Bihan.",
    ]


@settings(deadline=None)  # the first example loads the reader
@given(
    st.lists(st.floats(-9, 9), min_size=4, max_size=4), st.integers(0, 6), st.sampled_from([0, 0.8])
)
def test_no_sentence_is_lost_and_the_best_stands_first(
    scores: list[float], count: int, weight: float
) -> None:
    tuned = replace(DEFAULT, reread_sentences=count, reread_weight=weight)
    before = sentences(*scores)

    found = reread(COST, before, READER, tuned)

    assert {one.span for one in found} == {one.span for one in before}
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    if weight == 0:
        assert {(one.span, one.score) for one in found} == {(one.span, one.score) for one in before}
