from datetime import date

import pytest

from index.types import DateRange
from qa.understand import understand

TODAY = date(2025, 6, 15)

RELATIONS = {
    "since": [
        "What has happened since 12 May 2025?",
        "What was signed after 12 May 2025?",
        "What was announced from May 2025 on?",
        "What will change starting in July 2025?",
        "Which laws apply as of 1 January 2026?",
        "Que s'est-il passé depuis le 12 mai 2025 ?",
        "Que s'est-il passé après le 12 mai ?",
        "Qu'est-ce qui change à partir du 1er juillet ?",
        "Qu'est-ce qui change dès le mois de juin 2025 ?",
        "Qu'est-ce qui change à compter du 1er janvier 2026 ?",
        "Điều gì đã xảy ra kể từ ngày 12 tháng 5?",
        "Điều gì đã xảy ra từ tháng 5 năm 2025?",
        "Điều gì đã xảy ra sau ngày 12 tháng 5 năm 2025?",
        "Was ist seit dem 12. Mai 2025 passiert?",
        "Was ist nach dem 12. Mai passiert?",
        "Was ändert sich ab dem 1. Juli?",
        "Was ändert sich ab Juli 2025?",
        "¿Qué ha pasado desde el 12 de mayo de 2025?",
        "¿Qué pasó después del 12 de mayo?",
        "¿Qué cambia a partir del 1 de julio?",
        "¿Qué pasó tras el 12 de mayo de 2025?",
    ],
    "before": [
        "What was signed before 12 May 2025?",
        "What was signed prior to May 2025?",
        "Que s'est-il passé avant le 12 mai 2025 ?",
        "Qu'a-t-on signé avant mai 2025 ?",
        "Điều gì đã xảy ra trước ngày 12 tháng 5?",
        "Điều gì đã xảy ra trước tháng 5 năm 2025?",
        "Was geschah vor dem 12. Mai 2025?",
        "Was geschah vor Mai 2025?",
        "¿Qué pasó antes del 12 de mayo?",
        "¿Qué pasó antes de mayo de 2025?",
    ],
    "until": [
        "What was signed until 12 May 2025?",
        "What must be paid by 31 December 2025?",
        "What was signed up to May 2025?",
        "Que s'est-il passé jusqu'au 12 mai 2025 ?",
        "Que s'est-il passé jusqu'en mai 2025 ?",
        "Que faut-il payer d'ici le 31 décembre ?",
        "Que doit-on construire d'ici à 2030 ?",
        "Điều gì đã xảy ra cho đến ngày 12 tháng 5?",
        "Điều gì đã xảy ra đến hết tháng 5 năm 2025?",
        "Was geschah bis zum 12. Mai 2025?",
        "Was soll bis Ende 2025 gebaut werden?",
        "¿Qué pasó hasta el 12 de mayo?",
        "¿Qué pasó hasta mayo de 2025?",
    ],
    "on": [
        "What was signed on 12 May 2025?",
        "What happened in May 2025, after the vote?",
        "What did the minister, seen before the court, say on 12 May?",
        "Que s'est-il passé le 12 mai ?",
        "Qu'a dit l'ancien ministre après la grève du 12 mai ?",
        "Qu'a décidé le jury avant la finale de mai 2025 ?",
        "Điều gì đã xảy ra ngày 12 tháng 5?",
        "Was geschah am 12. Mai 2025?",
        "Was geschah nach der Wahl vom 12. Mai?",
        "¿Qué pasó el 12 de mayo?",
        "¿Qué pasó después de la votación del 12 de mayo?",
    ],
}

CASES = [(message, relation) for relation, asked in RELATIONS.items() for message in asked]


@pytest.mark.parametrize(("message", "relation"), CASES)
def test_the_words_before_a_date_tell_which_days_are_meant(message: str, relation: str) -> None:
    (asked,) = understand(message, today=TODAY).dates
    assert asked.relation == relation


RANGES = [
    "What was signed between 3 May and 12 May 2025?",
    "What was signed from 3 to 12 May 2025?",
    "Que s'est-il passé entre le 3 et le 12 mai 2025 ?",
    "Que s'est-il passé du 3 au 12 mai 2025 ?",
    "Điều gì đã xảy ra từ ngày 3 đến ngày 12 tháng 5 năm 2025?",
    "Was geschah zwischen dem 3. und dem 12. Mai 2025?",
    "Was geschah vom 3. bis zum 12. Mai 2025?",
    "¿Qué pasó entre el 3 y el 12 de mayo de 2025?",
    "¿Qué pasó del 3 al 12 de mayo de 2025?",
]


@pytest.mark.parametrize("message", RANGES)
def test_two_ends_make_one_range(message: str) -> None:
    (asked,) = understand(message, today=TODAY).dates
    assert asked.range is not None
    assert (asked.range.first, asked.range.last) == (date(2025, 5, 3), date(2025, 5, 12))
    assert asked.relation == "on"


@pytest.mark.parametrize(
    "message",
    [
        "Will there be a vote before long?",
        "Who was there long after the war?",
        "Que fera-t-on avant peu ?",
        "Qui a parlé d'ici peu de temps ?",
        "Was war vor allem wichtig?",
        "Ai đã đứng trước tòa?",
        "¿Quién habló antes de todo?",
    ],
)
def test_before_and_after_without_a_date_ask_for_no_days(message: str) -> None:
    assert understand(message, today=TODAY).dates == ()


@pytest.mark.parametrize(
    "message",
    [
        "What was signed since 3 May 2025 and until 12 June 2025?",
        "Qu'a-t-on signé à partir du 3 mai 2025 et jusqu'au 12 juin 2025 ?",
        "Was wurde ab dem 3. Mai 2025 und bis zum 12. Juni 2025 unterzeichnet?",
    ],
)
def test_an_opening_and_an_end_make_one_period(message: str) -> None:
    (asked,) = understand(message, today=TODAY).dates

    assert asked.range == DateRange(date(2025, 5, 3), date(2025, 6, 12))
    assert asked.relation == "on"


@pytest.mark.parametrize(
    ("message", "relation"),
    [
        ("What was built before the end of May 2025?", "until"),
        ("Qu'a-t-on construit avant la fin de mai 2025 ?", "until"),
        ("Was wurde vor Ende Mai 2025 gebaut?", "until"),
        ("What was signed on 2025-05-12?", "on"),
        ("What was signed since 2025-05-12?", "since"),
    ],
)
def test_the_end_of_a_period_still_belongs_to_it(message: str, relation: str) -> None:
    (asked,) = understand(message, today=TODAY).dates

    assert asked.relation == relation
