from datetime import date

import pytest

from index.types import DateRange, YearlessRange
from qa.understand import understand

TODAY = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("message", "language"),
    [
        ("what was signed on 12 May?", "en"),
        ("Qu'est-ce qui a été signé le 3 décembre ?", "fr"),
        ("Văn kiện nào được ký ngày 12 tháng 5?", "vi"),
        ("Was wurde am 12. Mai unterzeichnet?", "de"),
        ("¿Qué se firmó el 12 de mayo?", "es"),
    ],
)
def test_a_question_is_understood_in_its_language(message: str, language: str) -> None:
    assert understand(message, today=TODAY).language == language


@pytest.mark.parametrize(
    "message",
    [
        "what was signed on 12 May?",
        "Qu'est-ce qui a été signé le 12 mai ?",
        "Văn kiện nào được ký ngày 12 tháng 5?",
        "Was wurde am 12. Mai unterzeichnet?",
        "¿Qué se firmó el 12 de mayo?",
    ],
)
def test_a_day_without_a_year_means_that_day_of_any_year(message: str) -> None:
    (asked,) = understand(message, today=TODAY).dates

    assert asked.yearless == YearlessRange((5, 12), (5, 12))
    assert asked.range is None


@pytest.mark.parametrize(
    ("message", "days"),
    [
        ("what was signed on 12 May 2025?", "2025-05-12"),
        ("Que s'est-il passé en mai 2025 ?", "2025-05"),
        ("What happened in 2024?", "2024"),
    ],
)
def test_a_date_with_its_year_is_that_date(message: str, days: str) -> None:
    (asked,) = understand(message, today=TODAY).dates

    assert asked.range == DateRange.parse(days)


def test_yesterday_counts_from_today() -> None:
    (asked,) = understand("Que s'est-il passé hier ?", today=TODAY).dates

    assert asked.range == DateRange.day(date(2026, 3, 9))


@pytest.mark.parametrize(
    ("message", "relation"),
    [
        ("Qu'a-t-on signé depuis le 12 mai 2025 ?", "since"),
        ("What has been signed since 12 May 2025?", "since"),
        ("Qu'a-t-on signé avant le 12 mai 2025 ?", "before"),
        ("What was signed before May 2025?", "before"),
        ("What was signed until May 2025?", "until"),
        ("Qu'a-t-on signé jusqu'au 12 mai 2025 ?", "until"),
        ("What was signed on 12 May 2025?", "on"),
    ],
)
def test_since_and_before_open_a_period(message: str, relation: str) -> None:
    (asked,) = understand(message, today=TODAY).dates

    assert asked.relation == relation


@pytest.mark.parametrize(
    ("first", "then", "standalone"),
    [
        pytest.param(
            "Qu'est-ce qui a été signé le 12 mai ?",
            "et le 3 décembre ?",
            "Qu'est-ce qui a été signé le 3 décembre ?",
            id="another day in French",
        ),
        pytest.param(
            "What was signed on 12 May?",
            "and on 3 December?",
            "What was signed on 3 December?",
            id="another day in English",
        ),
        pytest.param(
            "What was signed on 12 May?",
            "who signed it?",
            "What was signed on 12 May? who signed it?",
            id="a pronoun",
        ),
    ],
)
def test_a_follow_up_is_completed_from_the_question_before(
    first: str, then: str, standalone: str
) -> None:
    question = understand(then, [(first, "…")], today=TODAY)

    assert question.standalone == standalone
    assert question.is_follow_up
    assert question.text == then


@pytest.mark.parametrize(
    "message",
    [
        "Qui est le Premier ministre de la Biélorussie ?",
        "When did the visa waiver between the two countries come into force?",
        "What was signed on 3 December 2025?",
    ],
)
def test_a_question_that_stands_alone_drops_the_history(message: str) -> None:
    question = understand(message, [("Que fait Tô Lâm à Minsk ?", "…")], today=TODAY)

    assert question.standalone == message
    assert not question.is_follow_up


def test_a_follow_up_of_a_follow_up_goes_back_to_the_first() -> None:
    history = [("What was signed on 12 May?", "…"), ("and on 3 December?", "…")]

    assert understand("and in 2024?", history, today=TODAY).standalone == "What was signed in 2024?"


@pytest.mark.parametrize("message", ["", "   ", "???", "…", "😀"])
def test_a_message_without_a_word_asks_nothing(message: str) -> None:
    question = understand(message, today=TODAY)

    assert question.dates == ()
    assert not any(character.isalnum() for character in question.standalone)
