import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from index.errors import PeriodInvalid, QuestionTooLong
from index.journal import writing_log
from index.types import Article, DateRange
from qa.assistant import Assistant
from qa.journal import Watch, quiet, stage, watching

Assist = Callable[..., Assistant]
Lines = Callable[[], list[dict[str, Any]]]

TEXT = "Le ministre a signé lundi 12 mai 2025 une déclaration commune avec son homologue."
ARTICLE = Article("a.txt", "La déclaration", TEXT, DateRange.parse("2025-05-12"))


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Lines]:
    """Return a function that reads the lines written so far."""
    path = tmp_path / "log"
    with writing_log(path):
        yield lambda: [json.loads(line) for line in path.read_text(encoding="ascii").splitlines()]


def test_a_question_writes_one_line_without_its_words_or_those_of_an_article(
    log: Lines, assist_words: Assist
) -> None:
    question = "Qui a signé la déclaration le 12 mai 2025 ?"

    answer = assist_words(ARTICLE).ask(question)

    (line,) = log()
    assert set(line) == {
        *("time", "event", "outcome", "milliseconds", "snapshot", "language", "dates", "grounded"),
        *("confidence", "citations", "k", "characters"),
    }
    assert line["event"] == "question"
    assert line["outcome"] == ("answered" if answer.grounded else "abstained")
    assert (line["language"], line["dates"]) == ("fr", 1)
    assert line["grounded"] is answer.grounded
    assert line["citations"] == len(answer.citations)
    assert line["characters"] == len(question)
    assert "ministre" not in json.dumps(line)
    assert "signé" not in json.dumps(line, ensure_ascii=False)


def test_the_time_is_told_by_stage_and_adds_up(log: Lines, assist_words: Assist) -> None:
    answer = assist_words(ARTICLE).ask("Qui a signé la déclaration ?")

    taken = log()[0]["milliseconds"]
    assert set(taken) == {"understand", "search", "read", "sentences", "total"}
    # each is rounded to a tenth
    assert sum(taken.values()) - taken["total"] <= taken["total"] + 0.5
    assert set(answer.seconds) == set(taken)


def test_answers_that_took_longer_are_equal_all_the_same(assist_words: Assist) -> None:
    assistant = assist_words(ARTICLE)

    assert assistant.ask("Qui a signé ?") == assistant.ask("Qui a signé ?")


def test_a_question_stands_in_the_line_only_if_it_is_asked_for(
    tmp_path: Path, assist_words: Assist
) -> None:
    question = "Qui a\nsigné ?"

    with writing_log(tmp_path / "log", with_questions=True):
        assist_words(ARTICLE).ask(question)

    (line,) = (tmp_path / "log").read_text(encoding="ascii").splitlines()
    assert json.loads(line)["question"] == question


def test_a_search_writes_a_line_with_its_k(log: Lines, assist_words: Assist) -> None:
    assist_words(ARTICLE).retrieve("Qui a signé ?", 3)

    (line,) = log()
    assert (line["event"], line["k"], line["passages"]) == ("search", 3, 1)


@pytest.mark.parametrize("question", ["", "?!", "mot " * 5000])
def test_a_message_that_cannot_be_searched_is_refused(
    log: Lines, assist_words: Assist, question: str
) -> None:
    assist_words(ARTICLE).ask(question)

    assert log()[0]["outcome"] == "refused"


def test_a_filter_that_is_none_and_a_question_too_long_are_refused_by_name(
    log: Lines, assist_words: Assist
) -> None:
    with pytest.raises(PeriodInvalid):
        assist_words(ARTICLE).ask("Qui a signé ?", after="secret")
    with pytest.raises(QuestionTooLong):
        assist_words(ARTICLE).retrieve("secret " * 5000)

    assert [(line["outcome"], line["error"]) for line in log()] == [
        ("refused", "PeriodInvalid"),
        ("refused", "QuestionTooLong"),
    ]
    assert "secret" not in json.dumps(log())


def test_filters_that_leave_nothing_are_an_abstention(log: Lines, assist_words: Assist) -> None:
    assist_words(ARTICLE).ask("Qui a signé ?", after="2030")

    assert log()[0]["outcome"] == "abstained"


def test_what_fails_writes_a_line_and_fails(log: Lines) -> None:
    with pytest.raises(ZeroDivisionError), watching("question", "secret"):
        _ = 1 / 0

    (line,) = log()
    assert (line["outcome"], line["error"]) == ("failed", "other")
    assert "secret" not in json.dumps(line)


def test_what_nobody_asked_writes_no_line(log: Lines, assist_words: Assist) -> None:
    with quiet():
        assist_words(ARTICLE).retrieve("Dépêche")

    assert log() == []


def test_a_stage_inside_another_is_taken_out_of_it() -> None:
    watch = Watch()

    with watch.stage("search"), watch.stage("read"):
        inside = dict(watch.seconds)
    watch.stop()

    assert set(inside) == {"search"}
    assert set(watch.seconds) == {"search", "read", "total"}
    assert watch.seconds["search"] + watch.seconds["read"] <= watch.seconds["total"]


def test_a_stage_without_a_question_is_not_counted() -> None:
    with stage("search"):
        pass
