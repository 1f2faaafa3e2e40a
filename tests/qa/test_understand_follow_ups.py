from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.types import DateRange
from qa.understand import understand

TODAY = date(2026, 3, 10)

DEMONSTRATION = "How many people demonstrated in Paris on 12 May?"
FLIGHT = "Quand le vol direct entre Hanoï et Minsk a-t-il été lancé ?"
SIGNED = "What was signed on 12 May?"


def complete(message: str, *before: str) -> str:
    """The self-contained question of a message after others."""
    return understand(message, [(question, "…") for question in before], today=TODAY).standalone


@pytest.mark.parametrize(
    ("before", "message", "standalone"),
    [
        pytest.param(
            DEMONSTRATION,
            "And in Lyon?",
            "How many people demonstrated in Lyon on 12 May?",
            id="another place",
        ),
        pytest.param(
            "Wie viele Menschen demonstrierten am 1. Mai in Berlin?",
            "und in Hamburg?",
            "Wie viele Menschen demonstrierten am 1. Mai in Hamburg?",
            id="another place in German",
        ),
        pytest.param(
            "Bao nhiêu người chết trong trận lũ ở Texas?",
            "còn ở Oklahoma thì sao?",
            "Bao nhiêu người chết trong trận lũ ở Oklahoma?",
            id="another place in Vietnamese",
        ),
        pytest.param(
            "¿Quién ganó las elecciones en Bolivia?",
            "et au Pérou ?",
            "¿Quién ganó las elecciones au Pérou?",
            id="another place in another language",
        ),
        pytest.param(
            "Qu'a dit Scholz à Berlin ?",
            "Et Macron ?",
            "Qu'a dit Macron à Berlin ?",
            id="somebody else",
        ),
        pytest.param(
            "Combien de manifestants à Paris selon la police ?",
            "et selon la CGT ?",
            "Combien de manifestants à Paris selon la CGT ?",
            id="another source",
        ),
        pytest.param(
            "Which ministers met in Geneva on 11 May?",
            "no, I meant Zurich",
            "Which ministers met in Zurich on 11 May?",
            id="a correction",
        ),
        pytest.param(
            "Quel est le budget de la défense ?",
            "non, celui de l'éducation",
            "Quel est le budget de l'éducation ?",
            id="a correction by a noun",
        ),
        pytest.param(
            FLIGHT,
            "Et le vol vers Moscou ?",
            "Quand le vol direct entre Hanoï et Moscou a-t-il été lancé ?",
            id="another of the same kind",
        ),
        pytest.param(
            "Quelles entreprises ont licencié à Lyon ?",
            "seulement en mai",
            "Quelles entreprises ont licencié à Lyon ? en mai",
            id="a date to a question without one",
        ),
        pytest.param(
            "¿Cuántos muertos dejó la dana en Valencia?",
            "¿y heridos?",
            "¿Cuántos muertos dejó la dana en Valencia? heridos",
            id="something more",
        ),
    ],
)
def test_a_part_of_a_question_takes_the_place_of_its_like(
    before: str, message: str, standalone: str
) -> None:
    assert complete(message, before) == standalone


@pytest.mark.parametrize(
    ("before", "message", "standalone"),
    [
        pytest.param(
            "¿Cuántos turistas visitaron Sevilla en abril de 2025?",
            "¿y en mayo?",
            "¿Cuántos turistas visitaron Sevilla en mayo 2025?",
            id="a month of the year spoken of",
        ),
        pytest.param(
            "¿Cuántos turistas visitaron Sevilla en febrero de 2026?",
            "¿y en diciembre?",
            "¿Cuántos turistas visitaron Sevilla en diciembre?",
            id="a month of any year, when that year's is still to come",
        ),
        pytest.param(
            "What happened in Mariupol in 2022?",
            "only in April",
            "What happened in Mariupol in April 2022?",
            id="a month of the year",
        ),
        pytest.param(
            "What happened in Minsk in May 2025?",
            "and before that?",
            "What happened in Minsk before May 2025?",
            id="the time before",
        ),
        pytest.param(
            "Que s'est-il passé à Lyon en mai 2025 ?",
            "et après ?",
            "Que s'est-il passé à Lyon depuis mai 2025 ?",
            id="the time after",
        ),
        pytest.param(
            "What was signed since January 2025?",
            "and in 2024?",
            "What was signed in 2024?",
            id="a year instead of an open period",
        ),
        pytest.param(
            "Qu'est-ce qui a été signé le 12 mai ?",
            "non, pas en mai, en juin",
            "Qu'est-ce qui a été signé en juin ?",
            id="a correction",
        ),
        pytest.param(
            SIGNED,
            "who signed it on 3 December?",
            "What was signed? who signed it on 3 December?",
            id="a question with its own date",
        ),
        pytest.param(
            "Qu'est-ce qui a été signé le 12 mai ?",
            "ngày 3 tháng 12 thì sao?",
            "Qu'est-ce qui a été signé ? ngày 3 tháng 12",
            id="a date in another language stands apart",
        ),
    ],
)
def test_other_dates_take_the_place_of_those_before(
    before: str, message: str, standalone: str
) -> None:
    assert complete(message, before) == standalone


def test_a_date_in_another_language_is_still_found() -> None:
    history = [("Qu'est-ce qui a été signé le 12 mai 2025 ?", "…")]

    (asked,) = understand("còn ngày 3 tháng 12 năm 2025?", history, today=TODAY).dates

    assert asked.range == DateRange.parse("2025-12-03")


@pytest.mark.parametrize(
    "message",
    [
        "who signed it?",
        "qui l'a signé ?",
        "ai đã ký?",
        "wer hat es unterzeichnet?",
        "¿quiénes lo firmaron?",
        "why?",
        "où ?",
        "by whom?",
        "how many people came?",
        "pourquoi cet accord ?",
    ],
)
def test_what_speaks_of_something_unnamed_follows_the_question_before(message: str) -> None:
    assert complete(message, SIGNED) == f"{SIGNED} {message}"


def test_the_last_question_word_tells_what_would_answer() -> None:
    assert understand("who signed it?", [(SIGNED, "…")], today=TODAY).expected == "person"
    assert understand("and in May 2025?", [(SIGNED, "…")], today=TODAY).expected == "several"


def test_a_question_about_the_subject_leaves_the_one_before_behind() -> None:
    before = [FLIGHT, "Combien coûte-t-il ?"]

    assert complete("D'où part-il ?", *before) == f"{FLIGHT} D'où part-il ?"
    assert complete("pourquoi ?", *before) == f"{FLIGHT} Combien coûte-t-il ? pourquoi ?"


@pytest.mark.parametrize(
    "message",
    [
        "And who won the Super Bowl?",
        "Et quel est le prix du gaz en Allemagne ?",
        "Et la grève à Lyon ?",
        "Le pape a-t-il annoncé sa visite au Liban ?",
        "Does the mayor of Chicago support his police chief?",
        "Which airline cancelled its flights to Tel Aviv?",
        "Wann hat die Bundesbank ihre Prognose gesenkt?",
        "¿La NASA aplazó su misión a la Luna?",
        "Tesla ra mắt xe mới khi nào?",
        "What happened on 25 April 2007?",
        "Quels départements sont en vigilance orange ?",
        "Le phishing, c'est quoi ?",
        "What is inflation?",
        "Minsk",
    ],
)
def test_a_change_of_subject_drops_the_history(message: str) -> None:
    question = understand(message, [(FLIGHT, "…")], today=TODAY)

    assert question.standalone == message
    assert not question.is_follow_up


@pytest.mark.parametrize(
    "message",
    [
        "merci !",
        "ok merci",
        "Thanks a lot.",
        "cảm ơn bạn",
        "Danke schön!",
        "¡Muchas gracias!",
        "non",
    ],
)
def test_thanks_ask_nothing_and_are_looked_past(message: str) -> None:
    assert complete(message, SIGNED) == ""
    assert complete("who signed it?", SIGNED, message) == f"{SIGNED} who signed it?"


def test_a_greeting_before_a_question_is_no_part_of_what_follows() -> None:
    assert complete("qui ?", "Bonjour, qu'a-t-on signé ?") == "qu'a-t-on signé ? qui ?"


def test_an_empty_message_asks_nothing_again() -> None:
    assert complete("", SIGNED) == ""


def test_a_refused_question_is_no_subject() -> None:
    too_long = "What was signed? " * 200

    assert complete("who signed it?", SIGNED, too_long) == f"{SIGNED} who signed it?"


def test_a_completed_question_stays_within_the_limit_and_keeps_the_message() -> None:
    before = "What was signed by " + "the ministers and " * 110

    standalone = complete("who signed it?", before)

    assert 1900 < len(standalone) <= 2000
    assert standalone.endswith("who signed it?")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.text(max_size=80), st.text(max_size=5)), max_size=4),
    st.text(max_size=60),
    st.sampled_from(["et {}", "{} ?", "no, I meant {}", "who signed it in {}?", "seulement {}"]),
)
def test_no_message_is_too_odd(history: list[tuple[str, str]], text: str, frame: str) -> None:
    question = understand(frame.format(text), history, today=TODAY, limit=100)

    assert len(question.standalone) <= 100
