import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.errors import WriterAbstained, WriterBroken, WriterUnproven
from index.types import Article
from qa.types import Answer
from qa.written.model import LanguageModel
from qa.written.writing import Written, begin, write

Make = Callable[..., Any]
ModelAt = Callable[..., LanguageModel]
Server = Any  # that of tests/conftest.py

SAID = "Elle relie la gare au port en dix-huit minutes [1]."


@pytest.fixture
def written_as(answer: Answer, model_at: ModelAt, model_server: Server) -> Callable[..., Written]:
    """Return a function that has these pieces written."""

    def run(*pieces: str) -> Written:
        model_server.says(*pieces)
        written = write(answer, model_at(model_server.url), reader=None)
        assert written is not None
        return written

    return run


def test_a_model_is_not_asked_when_the_articles_do_not_answer(
    answer_from: Make, tram: Make, model_at: ModelAt, model_server: Server
) -> None:
    nothing = answer_from(beside=(tram(),))

    assert write(nothing, model_at(model_server.url)) is None
    assert model_server.asked == []


def test_a_sentence_is_checked_as_soon_as_the_next_one_has_begun(
    answer: Answer, model_at: ModelAt, model_server: Server
) -> None:
    model_server.says_in_turn(SAID, " Les travaux", " ont duré trois ans [1].")
    writing = begin(answer, model_at(model_server.url), reader=None)
    assert writing is not None

    seen = []
    for state in writing:
        seen.append((state.text, len(state.sentences)))
        model_server.turn.release()

    whole = f"{SAID} Les travaux ont duré trois ans [1]."
    assert seen == [("", 0), (SAID, 0), (f"{SAID} Les travaux", 1), (whole, 1), (whole, 2)]


def test_every_sentence_that_was_written_is_there_where_it_stands(
    written_as: Callable[..., Written],
) -> None:
    text = f"{SAID} Les travaux ont duré trois ans [1]. Le maire est content."

    written = written_as(*text)

    assert written.text == text
    shown = [text[slice(*one.span)].strip() for one in written.sentences]
    assert " ".join(shown) == text
    assert written.checked == len(text)
    assert written.pending == ""
    assert not written.sentences[-1].is_supported
    assert written.supported < len(written.sentences)


@pytest.mark.parametrize(
    "text",
    [
        "Le tramway relie la gare au port. Il est rapide.",
        "Le tramway relie la gare au port [7]. Il est rapide [12].",
        "Le tramway relie la gare au port (1). Il est rapide [un].",
        "!!! ???",
    ],
)
def test_an_answer_without_a_mark_that_exists_counts_for_nothing(
    written_as: Callable[..., Written], text: str
) -> None:
    written = written_as(text)

    assert isinstance(written.trouble, WriterUnproven)
    assert not any(one.is_supported for one in written.sentences)
    assert "the quotes are the answer" in str(written.trouble)


@pytest.mark.parametrize("text", ["NOT SAID", "not said.", "**NOT SAID**", "\n NOT SAID\n"])
def test_a_model_may_say_that_the_passages_do_not_tell(
    written_as: Callable[..., Written], text: str
) -> None:
    written = written_as(text)

    assert isinstance(written.trouble, WriterAbstained)
    assert written.sentences == ()


@pytest.mark.parametrize("pieces", [(), ("",), (" \n", "\n"), ("<think>so", " long</think>")])
def test_an_answer_of_nothing_is_told(
    written_as: Callable[..., Written], pieces: tuple[str, ...]
) -> None:
    written = written_as(*pieces)

    assert isinstance(written.trouble, WriterBroken)
    assert "wrote nothing" in str(written.trouble)


def test_a_model_that_repeats_itself_is_stopped(
    answer: Answer, model_at: ModelAt, model_server: Server
) -> None:
    def reply(talk: Any) -> None:  # noqa: ANN401
        talk.begin()
        while not model_server.ended.wait(0.01):
            talk.piece(f"{SAID} ")

    model_server.reply = reply

    written = write(answer, model_at(model_server.url), reader=None)

    assert written is not None
    assert isinstance(written.trouble, WriterBroken)
    assert "repeats itself" in str(written.trouble)
    assert {one.text for one in written.sentences[:3]} == {written.sentences[0].text}
    assert model_server.hung_up.wait(5)


def test_what_a_model_thinks_aloud_is_not_its_answer(
    answer: Answer, model_at: ModelAt, model_server: Server
) -> None:
    model_server.says("<th", "ink>The user asks [1]. ", "I see.", "</think>", f"\n\n{SAID}")
    writing = begin(answer, model_at(model_server.url), reader=None)
    assert writing is not None

    texts = {state.text for state in writing}

    assert texts == {"", SAID}


def test_what_a_terminal_would_obey_is_not_passed_on(written_as: Callable[..., Written]) -> None:
    written = written_as("\x1b[2J\u202eElle relie\x07 la gare\r au port\ud800 [1].\x9b")

    assert written.text == "[2JElle relie la gare au port [1]."


def test_what_was_written_is_told_to_the_log_without_its_words(
    written_as: Callable[..., Written], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="depeche"):
        written_as("Le tramway est gratuit.")

    (line,) = [json.loads(record.message) for record in caplog.records]
    assert line["event"] == "written"
    assert (line["model"], line["sentences"], line["supported"]) == ("tiny", 1, 0)
    assert line["error"] == "WriterUnproven"
    assert "gratuit" not in json.dumps(line)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.text(max_size=20), max_size=6))
def test_whatever_a_model_writes_the_answer_stays_as_it_was(
    answer: Answer, model_at: ModelAt, model_server: Server, pieces: list[str]
) -> None:
    before = repr(answer)
    model_server.says(*pieces)

    written = write(answer, model_at(model_server.url), reader=None)

    assert written is not None
    assert written.ended
    assert repr(answer) == before
    spans = [one.span for one in written.sentences]
    assert spans == sorted(spans)
    assert all(0 <= start <= end <= len(written.text) for start, end in spans)


def test_the_question_is_answered_in_its_language_from_articles_in_another(
    answer_from: Make, tram: Make, model_at: ModelAt, model_server: Server
) -> None:
    article: Article = tram()
    english = answer_from(
        (article, "Elle relie la gare au port en dix-huit minutes."),
        question="What does the tramway connect?",
        language="en",
    )
    model_server.says("It connects the station and the port in 18 minutes [1].")

    written = write(english, model_at(model_server.url), reader=None)

    assert written is not None
    rules, asked = (message["content"] for message in model_server.asked[0]["messages"])
    assert "Write in English" in rules
    assert "Elle relie la gare au port" in asked
    assert asked.index("Elle relie") < asked.index("What does the tramway connect?")
    assert written.sentences[0].marks == (1,)
    assert written.sources[0].text in article.text
