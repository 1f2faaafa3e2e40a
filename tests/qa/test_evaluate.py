import json
import math
from collections.abc import Callable
from pathlib import Path

import pytest

from index.errors import QuestionsInvalid
from index.types import Article
from qa.assistant import Assistant
from qa.evaluate import Expected, Outcome, describe, evaluate, read_questions, summarise
from qa.types import Answer, Citation, Question

ARTICLE = Article("a.txt", "Un traité", "Le traité a été signé lundi à Minsk.")


def make_answer(quote: str | None = None) -> Answer:
    """Return an answer that quotes the article from its start, or none that is grounded."""
    question = Question("Qui ?", "Qui ?", "fr")
    citations = (Citation(1, ARTICLE, 0, len(quote), quote),) if quote else ()
    return Answer("…", citations, (), grounded=bool(quote), question=question)


def make_outcome(
    ranked: str,
    relevant: str,
    *,
    quote: str | None = "Le traité",
    answerable: bool = True,
    spans: tuple[str, ...] = (),
) -> Outcome:
    """Return an outcome; each letter is an article."""
    expected = Expected("Qui ?", frozenset(relevant), answerable, spans)
    return Outcome(tuple(ranked), make_answer(quote), expected)


def test_success_counts_the_questions_with_a_relevant_article_among_the_first() -> None:
    outcomes = [
        make_outcome("abcdef", "a"),  # at 1
        make_outcome("abcdef", "e"),  # at 5
        make_outcome("abcdef", "f"),  # at 6
        make_outcome("abcdef", "z"),  # nowhere
    ]

    figures = summarise(outcomes, 10)

    assert figures["success@1"] == pytest.approx(1 / 4)
    assert figures["success@5"] == pytest.approx(2 / 4)


def test_recall_is_the_share_of_the_relevant_articles_among_the_first_k() -> None:
    outcomes = [make_outcome("abcd", "ac"), make_outcome("abcd", "bz"), make_outcome("abcd", "d")]

    assert summarise(outcomes, 3)["recall@3"] == pytest.approx((2 / 2 + 1 / 2 + 0 / 1) / 3)


def test_recall_can_be_complete_when_more_articles_are_relevant_than_ranks_are_read() -> None:
    assert summarise([make_outcome("abcd", "abcd")], 2)["recall@2"] == pytest.approx(2 / 2)


def test_the_reciprocal_rank_is_that_of_the_first_relevant_article() -> None:
    outcomes = [make_outcome("abc", "bc"), make_outcome("abc", "a"), make_outcome("abc", "c")]

    # the third lies beyond rank 2
    assert summarise(outcomes, 2)["mrr@2"] == pytest.approx((1 / 2 + 1 / 1 + 0) / 3)


def test_the_gain_is_discounted_by_rank_and_measured_by_the_best_order() -> None:
    gain = 1 / math.log2(1 + 1) + 1 / math.log2(3 + 1)
    best = 1 / math.log2(1 + 1) + 1 / math.log2(2 + 1)

    assert summarise([make_outcome("abc", "ac")], 10)["ndcg@10"] == pytest.approx(gain / best)


def test_the_best_order_scores_one_and_nothing_relevant_zero() -> None:
    assert summarise([make_outcome("abc", "ab")], 10)["ndcg@10"] == pytest.approx(1)
    assert summarise([make_outcome("abc", "z")], 10)["ndcg@10"] == 0
    assert summarise([make_outcome("abc", "")], 10)["ndcg@10"] == 0


def test_unanswerable_questions_are_counted_apart() -> None:
    outcomes = [
        make_outcome("a", "a"),
        make_outcome("a", "a", quote=None),
        make_outcome("a", "a"),
        make_outcome("a", "", answerable=False),
        make_outcome("a", "", answerable=False, quote=None),
    ]

    figures = summarise(outcomes, 10)

    assert figures["questions"] == 5
    assert figures["answerable"] == 3
    assert figures["refused"] == pytest.approx(1 / 3)
    assert figures["abstained"] == pytest.approx(1 / 2)
    assert figures["success@1"] == 1


def test_the_first_quote_is_held_against_the_known_spans() -> None:
    outcomes = [
        make_outcome("a", "a", quote="Le traité a été signé", spans=("signé", "ratifié")),
        make_outcome("a", "a", quote="Le traité", spans=("lundi",)),
        make_outcome("a", "a", quote=None, spans=("lundi",)),
        make_outcome("a", "a", quote="Le"),  # no span is known
    ]

    figures = summarise(outcomes, 10)

    assert figures["first quote holds the span"] == pytest.approx(1 / 3)
    assert figures["words of the first quote"] == 2  # the median of 5, 2 and 1


def test_no_question_has_no_figures() -> None:
    figures = summarise([], 10)

    assert (figures.pop("questions"), figures.pop("answerable")) == (0, 0)
    assert set(figures.values()) == {None}
    assert "None" in describe(figures)


def test_figures_are_told_with_three_decimals() -> None:
    assert describe({"questions": 3, "mrr@10": 1 / 3}).split() == [
        "questions",
        "3",
        "mrr@10",
        "0.333",
    ]


def write(path: Path, *lines: object) -> Path:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    path.write_text(text, encoding="utf-8")
    return path


def test_questions_are_read_one_a_line(tmp_path: Path) -> None:
    path = write(
        tmp_path / "q.jsonl",
        {"question": "Qui ?", "relevant": ["ville/a.txt", "b"]},
        "",
        {"question": "Quoi ?", "answerable": False, "id": 7, "lang": "fr"},
        {"question": "Où ?", "relevant": ["a.md"], "spans": [{"doc": "a", "text": "à Minsk"}]},
    )

    assert read_questions(path) == [
        Expected("Qui ?", frozenset(["ville/a", "b"]), answerable=True, spans=()),
        Expected("Quoi ?", frozenset(), answerable=False, spans=()),
        Expected("Où ?", frozenset(["a"]), answerable=True, spans=("à Minsk",)),
    ]


def test_a_byte_order_mark_and_other_line_ends_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_bytes('\ufeff{"question": "Qui\u2028donc ?"}\r\n'.encode())

    (expected,) = read_questions(path)

    assert expected.question == "Qui\u2028donc ?"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        pytest.param("{", "Expecting property name", id="no JSON"),
        pytest.param("[]", "it is no JSON object", id="no object"),
        pytest.param("{}", "question is no text", id="no question"),
        pytest.param('{"question": 3}', "question is no text", id="a number"),
        pytest.param('{"question": "?", "relevant": "a"}', "relevant is no list", id="one id"),
        pytest.param('{"question": "?", "relevant": [1]}', "relevant is no list", id="numbers"),
        pytest.param('{"question": "?", "spans": [{}]}', "spans is no list of", id="an empty span"),
        pytest.param('{"question": "?", "spans": 3}', "spans is no list of", id="no spans"),
        pytest.param("[" * 100_000, "recursion", id="too deep"),
    ],
)
def test_a_line_that_is_no_question_is_named_by_its_number(
    tmp_path: Path, line: str, problem: str
) -> None:
    path = write(tmp_path / "q.jsonl", {"question": "Qui ?"}, "", line)

    with pytest.raises(QuestionsInvalid, match=f"line 3 of .*q.jsonl: .*{problem}"):
        read_questions(path)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        pytest.param(None, "No such file", id="missing"),
        pytest.param(b"\xff\xfe\x00", "not written in UTF-8", id="another encoding"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence(
    tmp_path: Path, content: bytes | None, problem: str
) -> None:
    path = tmp_path / "q.jsonl"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(QuestionsInvalid, match=f"from {path}: .*{problem}") as caught:
        read_questions(path)

    assert "line" not in str(caught.value).split(". ")[0]


def test_questions_are_asked_of_the_articles(assist_words: Callable[..., Assistant]) -> None:
    assistant = assist_words(
        Article("a.txt", "Le tramway", "Le tramway relie la gare au port en dix minutes."),
        Article("b.txt", "Le marché", "Le marché couvert vend des poissons et des fruits."),
        Article("c.txt", "Le stade", "Le stade accueille la finale du tournoi de rugby."),
    )
    questions = [
        Expected("Que relie le tramway ?", frozenset(["a"]), answerable=True, spans=("port",)),
        Expected("Que vend le marché couvert ?", frozenset(["b"]), answerable=True, spans=()),
    ]
    told: list[tuple[str, int, int]] = []

    figures = evaluate(assistant, questions, 2, progress=lambda *told_now: told.append(told_now))

    assert figures["questions"] == figures["answerable"] == 2
    assert figures["success@1"] == figures["mrr@2"] == figures["ndcg@2"] == 1
    assert told == [("eval", 1, 2), ("eval", 2, 2)]
