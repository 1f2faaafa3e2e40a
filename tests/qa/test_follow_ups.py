from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.types import Article, DateRange
from qa.assistant import Assistant
from qa.event_words import AND_THEN, LANGUAGES, WHEN, WHERE, WHO
from qa.follow_ups import follow_ups
from qa.types import Answer
from qa.understand import understand

AssistWords = Callable[..., Assistant]

MINSK = Article(
    "minsk.txt",
    "La déclaration de Minsk",
    "Le président Alexandre Loukachenko et le ministre Paul Roux ont signé une déclaration à Minsk "
    "le 12 mai 2025. Une autre a été signée le 3 juillet 2025. Le pont a été inauguré le "
    "5 août 2025 à Brest.",
    DateRange.parse("2025-12-31"),
)
HANOI = Article(
    "hanoi.txt",
    "Le protocole de Hanoi",
    "Un protocole sur la pêche a été signé à Hanoi le 3 décembre 2025.",
    DateRange.parse("2025-12-31"),
)
SIGNED = {
    "fr": "Qui a signé une déclaration le 12 mai 2025 ?",
    "en": "What was signed on 12 May 2025?",
    "vi": "Những gì đã được ký ngày 12 tháng 5 năm 2025?",
}


@pytest.fixture
def assistant(assist_words: AssistWords) -> Assistant:
    return assist_words(MINSK, HANOI)


def offered(assistant: Assistant, question: str, count: int = 9) -> list[str]:
    """What is offered after a question, each checked to be understood after it."""
    answer = assistant.ask(question)
    found = follow_ups(answer, assistant.index, count)
    assert_understood(found, answer)
    return found


def assert_understood(found: Sequence[str], answer: Answer) -> None:
    """Each is asked in full, and is another question than the one before."""
    for question in found:
        understood = understand(question, [(answer.question.text, answer.text)])
        assert any(map(str.isalnum, understood.standalone))
        assert understood.standalone != answer.question.standalone
        if not understood.is_follow_up:
            assert understood.standalone == question
    assert len(set(found)) == len(found)


# what is offered


def test_the_same_is_asked_of_another_day_that_tells_it(assistant: Assistant) -> None:
    found = offered(assistant, SIGNED["fr"])

    assert found[0] == "Et le 3 juillet 2025 ?"
    understood = understand(found[0], [(SIGNED["fr"], "…")])
    assert understood.standalone == "Qui a signé une déclaration le 3 juillet 2025 ?"


def test_of_a_day_elsewhere_what_happened_there_is_asked_in_full(assistant: Assistant) -> None:
    found = offered(assistant, "Qui a signé une déclaration à Minsk le 12 mai 2025 ?")

    assert "Et le 3 juillet 2025 ?" not in found
    assert found[0] == "Qu’est-ce qui a été signé le 3 juillet 2025 ?"


def test_somebody_who_is_quoted_is_asked_for_but_not_whoever_was_asked_for(
    assistant: Assistant,
) -> None:
    assert "Qui est Alexandre Loukachenko ?" in offered(assistant, SIGNED["fr"])
    known = offered(assistant, "Que fait le président Loukachenko à Minsk le 12 mai 2025 ?")
    assert "Qui est Paul Roux ?" in known
    assert "Qui est Alexandre Loukachenko ?" not in known


def test_where_is_asked_unless_the_question_knows(assistant: Assistant) -> None:
    assert WHERE["fr"] in offered(assistant, SIGNED["fr"])
    assert WHERE["fr"] not in offered(assistant, "Qui a signé une déclaration à Minsk ?")


def test_who_is_asked_unless_that_was_the_question(assistant: Assistant) -> None:
    asked = "Quelle déclaration a été signée à Minsk le 12 mai 2025 ?"

    assert WHO["fr"] in offered(assistant, asked)
    assert WHO["fr"] not in offered(assistant, SIGNED["fr"])


def test_when_is_asked_unless_the_question_knows_or_asks_it(assistant: Assistant) -> None:
    assert WHEN["fr"] in offered(assistant, "Qui a signé une déclaration à Minsk ?")
    assert WHEN["fr"] not in offered(assistant, SIGNED["fr"])
    assert WHEN["fr"] not in offered(assistant, "Quand a-t-on signé une déclaration à Minsk ?")


def test_the_next_month_is_offered_if_it_has_news(assistant: Assistant) -> None:
    july = offered(assistant, "Qu'a-t-on signé le 3 juillet 2025 ?")
    may = offered(assistant, SIGNED["fr"])

    assert "Et en août 2025 ?" in july
    assert "Et en juin 2025 ?" not in may
    assert understand("Et en août 2025 ?", [("Qu'a-t-on signé le 3 juillet 2025 ?", "…")]).dates[
        0
    ].range == DateRange.parse("2025-08")


def test_after_a_day_without_news_the_nearest_days_are_offered(assistant: Assistant) -> None:
    found = offered(assistant, "Qui a signé une déclaration le 1er juillet 2025 ?")

    assert found[0] == "Et le 3 juillet 2025 ?"


def test_after_no_answer_what_the_nearest_articles_tell_is_offered(assistant: Assistant) -> None:
    answer = assistant.ask("Combien coûte le lynx ?")
    assert not answer.grounded

    found = follow_ups(answer, assistant.index, 2)

    assert len(found) == 2
    assert_understood(found, answer)


def test_what_was_asked_or_quoted_is_not_offered_again(assistant: Assistant) -> None:
    for question in (SIGNED["fr"], "Qu’est-ce qui a été signé à Minsk le 12 mai 2025 ?"):
        found = offered(assistant, question, 20)

        assert question not in found
        assert not [text for text in found if "12 mai" in text]


@pytest.mark.parametrize("count", range(5))
def test_no_more_are_offered_than_are_wanted(assistant: Assistant, count: int) -> None:
    answer = assistant.ask(SIGNED["fr"])

    found = follow_ups(answer, assistant.index, count)

    assert found == follow_ups(answer, assistant.index, 9)[:count]
    assert len(found) == count


def test_thanks_and_an_empty_message_are_followed_by_nothing(assistant: Assistant) -> None:
    assert follow_ups(assistant.ask("merci"), assistant.index) == []
    assert follow_ups(assistant.ask(""), assistant.index) == []


def test_an_answer_of_articles_that_are_gone_is_followed_by_nothing_of_them(
    assistant: Assistant, assist_words: AssistWords
) -> None:
    answer = assistant.ask(SIGNED["fr"])

    found = follow_ups(answer, assist_words(Article("b.txt", "Titre", "Rien.")).index)

    assert not [text for text in found if "juillet" in text]


# in the language of the question


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_offered_is_in_the_language_of_the_question(
    assistant: Assistant, language: str
) -> None:
    answer = assistant.ask(SIGNED[language])
    assert answer.question.language == language

    found = offered(assistant, SIGNED[language])

    assert len(found) >= 3
    for question in found:
        assert understand(question, [(SIGNED[language], "…")]).language == language, question


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("question", ["where", "when", "who"])
def test_every_elliptical_question_is_resolved(language: str, question: str) -> None:
    text = {"where": WHERE, "when": WHEN, "who": WHO}[question][language]
    history = [(SIGNED[language], "…")]

    understood = understand(text, history)

    assert understood.is_follow_up
    assert understood.standalone == f"{SIGNED[language]} {text}"
    assert understood.expected == {"where": "anything", "when": "date", "who": "person"}[question]


@pytest.mark.parametrize("language", LANGUAGES)
def test_another_day_takes_the_place_of_the_day(language: str) -> None:
    day = {"fr": " le 3 juin 2024", "en": " on 3 June 2024", "vi": " ngày 3 tháng 6 năm 2024"}
    text = AND_THEN[language].format(day=day[language])

    understood = understand(text, [(SIGNED[language], "…")])

    assert [asked.range for asked in understood.dates] == [DateRange.parse("2024-06-03")]
    assert "12" not in understood.standalone


def test_a_question_in_another_language_is_followed_in_english(assistant: Assistant) -> None:
    answer = assistant.ask("Was wurde am 12. Mai 2025 in Minsk unterzeichnet?")

    found = follow_ups(answer, assistant.index)

    assert found
    assert {understand(question).language for question in found} == {"en"}


# whatever is asked of whatever articles

_PIECES = st.sampled_from(
    [
        "le 12 mai 2025",
        "à Minsk",
        "Tô Lâm, ministre",
        "le président <b>Max</b>",
        "ont signé",
        "la gare",
        "en mai",
        "[1]",
        "<script>alert(1)</script>",
        "au Vietnam",
        "le pont",
        "inauguré",
        "le 3 juin 2024",
        "Qui",
        "Quand",
        "Où",
        ".",
    ]
)


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.lists(st.lists(_PIECES, min_size=3, max_size=20), min_size=1, max_size=3), st.data())
def test_whatever_is_asked_what_is_offered_is_understood(
    assist_words: AssistWords, texts: list[list[str]], data: st.DataObject
) -> None:
    assistant = assist_words(
        *(
            Article(f"{number}.txt", "Titre", " ".join(text), DateRange.parse("2025-05-20"))
            for number, text in enumerate(texts)
        )
    )
    question = " ".join(data.draw(st.lists(_PIECES, min_size=1, max_size=6)))
    answer = assistant.ask(question)

    found = follow_ups(answer, assistant.index)

    assert len(found) <= 3
    assert_understood(found, answer)
    assert not any(set(text) & set("<>[]&*_$") for text in found)


# the sample corpus


@pytest.fixture(scope="module")
def sample(sample_store: Path) -> Assistant:
    return Assistant.open(sample_store)


@pytest.mark.parametrize(
    "question",
    [
        "what was signed on 12 May?",
        "Qu'est-ce qui a été signé le 12 mai 2025 ?",
        "Qui est le Premier ministre de la Biélorussie ?",
        "Ai đã ký ở Hà Nội ngày 3 tháng 12 năm 2025?",
        "Quelle est la population de Hanoi ?",
        "What was signed on 12 August?",
        "When did the visa exemption come into force?",
    ],
)
def test_three_questions_follow_an_answer_of_the_sample_corpus(
    sample: Assistant, question: str
) -> None:
    answer = sample.ask(question)

    found = follow_ups(answer, sample.index)

    assert len(found) == 3
    assert_understood(found, answer)
