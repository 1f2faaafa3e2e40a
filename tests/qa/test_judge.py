from collections.abc import Callable

import pytest

from index.types import Article, DateRange
from qa.assistant import Assistant

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
    ("question", "grounded"),
    [
        ("Que s'est-il passé le 12 mai 2025 ?", True),
        ("Quel navire part le 12 mai 2025 ?", False),
    ],
)
def test_what_news_of_a_day_says_of_another_is_told_to_those_who_ask_for_the_day_alone(
    assist_words: AssistWords, question: str, grounded: bool
) -> None:
    article = Article(
        "port.txt",
        "Le port",
        "Le navire part le 1er juillet 2025.",
        published=DateRange.parse("2025-05-12"),
        language="fr",
    )

    answer = assist_words(article).ask(question)

    assert answer.grounded == grounded
