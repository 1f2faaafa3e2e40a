"""Parts of what was understood that the asker takes off again."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.types import Article, DateRange
from qa.assistant import Assistant
from qa.types import Question
from qa.understand import understand

TODAY = date(2025, 6, 15)


def ignoring(message: str, *parts: str, history: tuple[tuple[str, str], ...] = ()) -> Question:
    return understand(message, history, today=TODAY, ignore=parts)


@pytest.mark.parametrize(
    ("message", "ignored", "heeded"),
    [
        pytest.param(
            "Qu'est-ce qui a été signé le 12 mai ?",
            "12 mai",
            "Qu'est-ce qui a été signé ?",
            id="fr",
        ),
        pytest.param("What was signed on 12 May?", "12 May", "What was signed?", id="en"),
        pytest.param(
            "Ngày 12 tháng 5 đã ký gì?", "Ngày 12 tháng 5", "đã ký gì?", id="vi, and it comes first"
        ),
        pytest.param(
            "Qu'est-ce qui a changé depuis mai 2025 ?",
            "mai 2025",
            "Qu'est-ce qui a changé ?",
            id="since",
        ),
        pytest.param(
            "Le maire de Brest parle-t-il en mai ?",
            "mai",
            "Le maire de Brest parle-t-il ?",
            id="a word",
        ),
    ],
)
def test_a_date_that_is_ignored_is_neither_evidence_nor_words(
    message: str, ignored: str, heeded: str
) -> None:
    asked = understand(message, today=TODAY)
    texts = [found.text for found in asked.dates]

    question = ignoring(message, ignored)

    assert ignored in texts
    assert question.dates == ()
    assert " ".join(question.heeded.replace(" ?", "?").split()) == heeded.replace(" ?", "?")
    assert question.text == question.standalone == message
    assert not question.is_follow_up


def test_of_two_dates_the_other_stays() -> None:
    question = ignoring("Que s'est-il passé à Minsk le 12 mai et le 3 juin 2024 ?", "12 mai")

    assert [asked.text for asked in question.dates] == ["3 juin 2024"]
    assert "3 juin 2024" in question.heeded
    assert "12 mai" not in question.heeded


def test_a_period_of_two_dates_is_ignored_whole() -> None:
    message = "Qui a gagné depuis le 3 mai 2025 et jusqu'au 12 juin 2025 ?"
    (asked,) = understand(message, today=TODAY).dates

    question = ignoring(message, asked.text)

    assert question.dates == ()
    assert "mai" not in question.heeded
    assert "juin" not in question.heeded
    assert question.heeded.startswith("Qui a gagné")


def test_a_date_of_the_question_before_can_be_ignored() -> None:
    history = (("Qu'est-ce qui a été signé à Minsk le 12 mai ?", "…"),)

    question = ignoring("Qui l'a signé ?", "12 mai", history=history)

    assert question.is_follow_up
    assert question.dates == ()
    assert "Minsk" in question.heeded
    assert "12 mai" not in question.heeded


def test_a_follow_up_that_is_ignored_stands_alone() -> None:
    history = (("Qu'est-ce qui a été signé le 12 mai ?", "…"),)
    assert understand("Et à Lyon ?", history, today=TODAY).is_follow_up

    question = ignoring("Et à Lyon ?", "follow-up", history=history)

    assert question == understand("Et à Lyon ?", today=TODAY)


def test_a_language_that_is_ignored_gives_way_to_the_likeliest_other() -> None:
    question = ignoring("What was signed in Minsk?", "language")

    assert question.language != "en"
    assert question.language in {"fr", "vi", "de", "es"}
    assert question.standalone == question.heeded == "What was signed in Minsk?"


@settings(deadline=None, max_examples=30, derandomize=True)
@given(st.text(max_size=20), st.sampled_from(["Qui a signé le 12 mai ?", "Who won?", "", "merci"]))
def test_what_is_no_part_of_a_question_changes_nothing(part: str, message: str) -> None:
    if part not in {"12 mai", "language", "follow-up"}:
        assert ignoring(message, part) == understand(message, today=TODAY)


def test_thanks_ask_nothing_whatever_is_ignored() -> None:
    assert ignoring("merci !", "language", "follow-up").standalone == ""


def test_an_answer_is_of_any_day_once_the_date_is_ignored(
    assist_words: Callable[..., Assistant],
) -> None:
    signed = "Le traité de pêche a été signé à Brest par la ministre."
    article = Article("a.txt", "La pêche", signed, DateRange.parse("2025-05-12"))
    assistant = assist_words(article)
    question = "Qui a signé le traité de pêche à Brest le 3 août 2025 ?"
    assert not assistant.ask(question).grounded

    answer = assistant.ask(question, ignore=["3 août 2025"])

    assert answer.grounded
    assert answer.citations[0].quote == signed
    assert answer.question.dates == ()
    assert [passage.article for passage in assistant.retrieve(question, ignore="3 août 2025")]


def test_a_question_of_nothing_but_an_ignored_date_is_told_what_to_ask(
    assist_words: Callable[..., Assistant],
) -> None:
    assistant = assist_words(Article("a.txt", "Titre", "Le texte du 12 mai 2025."))

    answer = assistant.ask("12 mai 2025 ?", ignore=["12 mai 2025"])

    assert answer.text.startswith("Posez une question")
    assert assistant.retrieve("12 mai 2025 ?", ignore=["12 mai 2025"]) == []
