import re
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.snapshot import open_snapshot
from index.store import Store
from index.types import Article, DateRange
from qa import suggest as module
from qa.assistant import Assistant
from qa.event_words import ANY_EVENT, EVENTS, LANGUAGES
from qa.facts import find_event, find_facts, questions_of, say_days
from qa.names import find_kinds
from qa.suggest import suggest
from qa.understand import understand

IndexWords = Callable[..., Store]

SIGNED = (
    "Le président Loukachenko et Tô Lâm, secrétaire général, ont signé à Minsk, le 12 mai 2025, "
    "une déclaration."
)


@pytest.fixture(scope="module")
def sample(sample_store: Path) -> Store:
    return open_snapshot(sample_store)


def article(text: str, published: str | None = "2025-12-31", **fields: object) -> Article:
    known: dict[str, object] = {"id": "a.txt", "title": "Titre"}
    days = DateRange.parse(published) if published else None
    return Article(text=text, published=days, **(known | fields))  # type: ignore[arg-type]


# the sample corpus


@pytest.fixture(scope="module")
def assistant(sample_store: Path) -> Assistant:
    return Assistant.open(sample_store)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_that_is_suggested_is_answered(assistant: Assistant, language: str) -> None:
    questions = suggest(assistant.index, language, 6)

    assert len(questions) == 6
    for question in questions:
        answer = assistant.ask(question)
        assert answer.grounded, question
        assert answer.question.language == language
        (asked,) = answer.question.dates
        assert asked.range is not None
        assert asked.range.precision in ("day", "month")


def test_questions_are_of_different_events_days_and_articles(sample: Store) -> None:
    assert suggest(sample, "en", 4) == [
        "Who met Tô Lâm on 3 December 2025?",
        "What was signed in Minsk on 12 May 2025?",
        "What came into force on 30 January 2025?",
        "What was launched in October 2025?",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_questions_begin_alike_however_many_are_wanted(sample: Store, language: str) -> None:
    for count in range(5):
        assert suggest(sample, language, count) == suggest(sample, language, 5)[:count]


def test_the_same_snapshot_gives_the_same_questions_at_once(sample: Store) -> None:
    first = suggest(sample, "fr")
    begun = time.monotonic()

    again = [suggest(sample, "fr") for _ in range(1000)]

    assert time.monotonic() - begun < 1
    assert again == [first] * 1000
    module._remembered.clear()
    assert suggest(sample, "fr") == first


def test_what_was_suggested_is_not_changed_by_whoever_got_it(sample: Store) -> None:
    first = suggest(sample, "fr")
    first.clear()

    assert len(suggest(sample, "fr")) == 4


def test_few_snapshots_are_remembered(sample: Store) -> None:
    for count in range(1, 60):
        suggest(sample, "vi", count)

    assert len(module._remembered) <= module._REMEMBERED


def test_visitors_ask_for_questions_at_once(sample: Store) -> None:
    module._remembered.clear()
    found: list[list[str]] = []
    threads = [
        threading.Thread(target=lambda: found.append(suggest(sample, "en"))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [suggest(sample, "en")] * 8


# of other articles


def test_a_question_is_written_in_each_language(index_words: IndexWords) -> None:
    index = index_words(article(SIGNED))

    assert suggest(index, "fr", 1) == ["Qu’est-ce qui a été signé à Minsk le 12 mai 2025 ?"]
    assert suggest(index, "en", 1) == ["What was signed in Minsk on 12 May 2025?"]
    assert suggest(index, "vi", 1) == ["Những gì đã được ký ở Minsk ngày 12 tháng 5 năm 2025?"]
    assert suggest(index, "de", 1) == suggest(index, "en", 1)


def test_one_sentence_is_asked_for_once(index_words: IndexWords) -> None:
    assert len(suggest(index_words(article(SIGNED)), "fr", 9)) == 1


@pytest.mark.parametrize(
    ("text", "published", "expected"),
    [
        pytest.param(
            "Il pleuvait le 3 mars 2025 à Brest.",
            "2025-12-31",
            ["Que s’est-il passé à Brest le 3 mars 2025 ?"],
            id="a place",
        ),
        pytest.param(
            "Le 3 mars 2025, le maire Paul Roux dort.",
            "2025-12-31",
            ["Qu’a fait Paul Roux le 3 mars 2025 ?"],
            id="a person",
        ),
        pytest.param(
            "Le pont a été inauguré le 3 mars 2025.",
            "2025-12-31",
            ["Qu’est-ce qui a été inauguré le 3 mars 2025 ?"],
            id="an event alone",
        ),
        pytest.param(
            "Le pont a été inauguré en mars 2025.",
            "2025-12-31",
            ["Qu’est-ce qui a été inauguré en mars 2025 ?"],
            id="an event of a month",
        ),
        pytest.param(
            "Il pleuvait en mars 2025 à Brest.", "2025-12-31", [], id="any event of a month"
        ),
        pytest.param("Il pleuvait le 3 mars 2025.", "2025-12-31", [], id="neither event nor name"),
        pytest.param("Il pleuvait à Brest.", "2025-12-31", [], id="no date"),
        pytest.param("Un pont sera inauguré le 3 mars 2025.", "2025-01-01", [], id="to come"),
        pytest.param("Inauguré en 2025 à Brest.", "2025-12-31", [], id="a year"),
        pytest.param(
            "Signé le 3 mai, le 4 mai et le 5 mai 2025 à Brest.",
            "2025-12-31",
            [],
            id="too many dates",
        ),
        pytest.param(
            "Signé le 3 mars 2025 à Brest.",
            None,
            ["Qu’est-ce qui a été signé à Brest le 3 mars 2025 ?"],
            id="undated",
        ),
    ],
)
def test_a_question_needs_a_day_and_something_that_happened(
    index_words: IndexWords, text: str, published: str | None, expected: list[str]
) -> None:
    assert suggest(index_words(article(text, published)), "fr") == expected


def test_the_newest_articles_are_read_and_no_more_than_a_second_takes(
    index_words: IndexWords, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOST_ARTICLES", 2)
    articles = [
        article(
            f"Un pont a été inauguré le {day} mars 2025 à Brest.", f"2025-03-{day}", id=f"{day}.txt"
        )
        for day in (11, 12, 13)
    ]

    assert suggest(index_words(*articles), "fr") == [
        "Qu’est-ce qui a été inauguré à Brest le 13 mars 2025 ?",
        "Que s’est-il passé à Brest le 12 mars 2025 ?",
    ]


def test_an_index_without_a_name_is_not_remembered(index_words: IndexWords) -> None:
    one, other = (
        index_words(article(f"Un pont a été inauguré le 3 mars 2025 à {town}."))
        for town in ("Brest", "Lyon")
    )

    assert suggest(one, "fr") != suggest(other, "fr")


# the tables


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_of_the_tables_is_understood(language: str) -> None:
    days = DateRange.parse("2025-05-12")
    names = {"day": f" {say_days(days, language)}", "place": "", "person": "Tô Lâm"}
    for event in (*EVENTS.values(), *ANY_EVENT.values()):
        question = event.asks[language].format(**names)

        understood = understand(question)

        assert understood.language == language, question
        assert [asked.range for asked in understood.dates] == [days]
        assert understood.expected != "date"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_of_an_event_is_told_to_ask_for_it(language: str) -> None:
    """So that another day of the same can be offered after it."""
    for name in ("signed", "launched", "adopted", "elected", "arrested", "met"):
        question = EVENTS[name].asks[language].format(day="", place="", person="Tô Lâm")

        assert find_event(question, language) == name


@pytest.mark.parametrize("text", ["2025-05-12", "2025-05", "2024-02-29", "2023-01-01"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_days_are_said_so_that_they_are_understood(language: str, text: str) -> None:
    days = DateRange.parse(text)
    question = EVENTS["signed"].asks[language].format(day=f" {say_days(days, language)}", place="")

    assert [asked.range for asked in understand(question).dates] == [days]


_PIECES = st.sampled_from(
    [
        "le 12 mai 2025",
        "à Minsk",
        "Tô Lâm, ministre",
        "le président <b>Max</b>",
        "signé",
        "inauguré",
        "hier",
        "en mai",
        "[1]",
        "<script>alert(1)</script>",
        "javascript:x",
        "à Ba$$ra",
        "\u202e",
        "Ông Lê",
        "à **Fort**",
        "lundi",
        "…",
        "\n\n",
        ".",
    ]
)


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.lists(_PIECES, min_size=3, max_size=25), st.sampled_from(LANGUAGES))
def test_whatever_the_articles_say_a_question_is_plain_and_of_its_sentence(
    index_words: IndexWords, pieces: list[str], language: str
) -> None:
    index = index_words(article(" ".join(pieces), "2025-05-20"))
    kinds = find_kinds(index.articles)
    asked = {
        question
        for fact in find_facts(index, [0], kinds)
        for _kind, question in questions_of(fact, language)
    }

    questions = suggest(index, language, 9)

    assert set(questions) <= asked
    for question in questions:
        assert re.fullmatch(r"[\w’ -]+\??", question), question
