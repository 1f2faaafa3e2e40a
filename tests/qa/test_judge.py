import math
from collections.abc import Callable

import pytest

from index.types import Article, DateRange
from qa.assistant import Assistant
from qa.calibration import Signals
from qa.extract import Evidence, Sentence
from qa.judge import measure_sentence
from qa.types import Expected, Question

AssistWords = Callable[..., Assistant]


def make_articles(text: str) -> list[Article]:
    """Return an article of 13 May 2025, and one of another year."""
    days = {"traité.txt": "2025-05-13", "port.txt": "2024-02-01"}
    return [
        Article(name, "Le traité", text, published=DateRange.parse(day), language="fr")
        for name, day in days.items()
    ]


@pytest.mark.parametrize(
    "question", ["Que s'est-il passé le 12 mai 2025 ?", "What happened on 12 May 2025?"]
)
def test_news_printed_the_day_after_is_no_news_of_a_day_asked_for_alone(
    assist_words: AssistWords, question: str
) -> None:
    answer = assist_words(*make_articles("Les ministres ont signé le traité.")).ask(question)

    assert not answer.grounded
    assert "13" in answer.text, "the nearest day is named"


def test_news_that_names_the_day_is_its_news(assist_words: AssistWords) -> None:
    articles = make_articles("Les ministres ont signé le traité le 12 mai 2025.")

    answer = assist_words(*articles).ask("Que s'est-il passé le 12 mai 2025 ?")

    assert answer.grounded


def test_news_printed_the_day_after_may_tell_what_was_done_on_a_day(
    assist_words: AssistWords,
) -> None:
    articles = make_articles("Les ministres ont signé le traité.")

    answer = assist_words(*articles).ask("Qu'ont signé les ministres le 12 mai 2025 ?")

    assert [citation.article.id for citation in answer.citations] == ["traité.txt"]


@pytest.mark.parametrize(
    ("expected", "asks"),
    [("person", 1), ("number", 1), ("date", 1), ("several", 0), ("anything", 0)],
)
def test_the_sentence_that_would_be_quoted_adds_its_signals(expected: Expected, asks: int) -> None:
    (article, _other) = make_articles("Le ministre Durand a signé le traité.")
    evidence = Evidence(0.8, 0.6, 0.0, expected=True, answer=0.49, row=0.0, words=None)
    sentence = Sentence(article, (0, 37), 0, 1.0, 0.0, evidence=evidence)
    question = Question("Qui ?", "Qui ?", "fr", expected=expected)

    found = measure_sentence(Signals(lead=2.0), sentence, question)

    assert found == Signals(
        lead=2.0, held=0.6, asks=asks, holds=1, share=pytest.approx(math.log(0.5))
    )
