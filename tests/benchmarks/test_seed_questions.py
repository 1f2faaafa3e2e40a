"""The questions on the three real articles: offsets only, for their text is not ours to copy."""

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from index.load import Corpus

QUESTIONS = Path(__file__).parents[2] / "benchmarks" / "gold" / "seeds.jsonl"
SEEDS = Path(__file__).parents[3] / "shared" / "seeds"

needs_articles = pytest.mark.skipif(
    not SEEDS.is_dir(), reason="the real articles are not beside the project"
)

DATED = {"day", "month", "period"}


@cache
def questions() -> list[dict[str, Any]]:
    return [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]


@cache
def texts() -> dict[str, str]:
    return {article.id: article.text for article in Corpus(SEEDS).load().articles}


def quotes(question: dict[str, Any]) -> list[str]:
    return [texts()[span["doc"]][span["start"] : span["end"]] for span in question["spans"]]


def test_every_question_is_there_once() -> None:
    ids = [question["id"] for question in questions()]
    asked = [question["question"] for question in questions()]

    assert len(set(ids)) == len(set(asked)) == len(questions())


def test_a_hundred_have_an_answer_and_sixty_have_none_in_five_languages() -> None:
    counted = Counter((question["answerable"], question["lang"]) for question in questions())

    answerable = {"fr": 30, "en": 25, "vi": 15, "de": 15, "es": 15}
    assert counted == {
        **{(True, language): count for language, count in answerable.items()},
        **{(False, language): 12 for language in answerable},
    }


def test_at_least_thirty_answerable_questions_name_a_date_and_eight_are_keywords() -> None:
    kinds = Counter(question["kind"] for question in questions() if question["answerable"])

    assert sum(kinds[kind] for kind in DATED) >= 30
    assert kinds["keywords"] == 8


def test_questions_without_an_answer_point_nowhere() -> None:
    for question in questions():
        if not question["answerable"]:
            assert question["relevant"] == question["spans"] == question["answers"] == []


def test_answers_are_a_few_words() -> None:
    for question in questions():
        assert bool(question["answers"]) == question["answerable"]
        assert all(0 < len(answer.split()) <= 6 for answer in question["answers"])


@needs_articles
@pytest.mark.parametrize("question", questions(), ids=lambda question: question["id"])
def test_every_span_is_a_whole_sentence_of_a_relevant_article(question: dict[str, Any]) -> None:
    assert sorted({span["doc"] for span in question["spans"]}) == question["relevant"]
    for span in question["spans"]:
        text = texts()[span["doc"]]
        assert 0 <= span["start"] < span["end"] <= len(text)
        before, quote = text[: span["start"]], text[span["start"] : span["end"]]
        assert not before.strip() or before[-1].isspace()
        assert quote == quote.strip()
        assert "\n" not in quote
        assert quote.endswith(".")


@needs_articles
def test_every_answer_stands_in_a_span_of_its_question_and_every_span_holds_one() -> None:
    for question in questions():
        for answer in question["answers"]:
            assert any(answer in quote for quote in quotes(question)), question["id"]
        for quote in quotes(question):
            assert any(answer in quote for answer in question["answers"]), question["id"]


@needs_articles
def test_no_question_copies_a_sentence_of_the_articles() -> None:
    """Ten words in a row would be a quotation; a title or an office is shorter."""
    joined = " ".join(" ".join(text.split()).lower() for text in texts().values())
    for question in questions():
        words = question["question"].lower().split()
        runs = (" ".join(words[at : at + 10]) for at in range(len(words) - 9))
        assert not any(run in joined for run in runs), question["id"]
