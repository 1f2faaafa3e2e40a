from collections.abc import Callable

import pytest

from index.types import Article
from qa.assistant import Assistant
from qa.evaluate import Outcome, describe, evaluate, risk_curve, summarise
from qa.questions import JudgedQuestion, Quote


def make_outcome(
    relevant: str = "a",
    *quotes: tuple[str, str],
    ranked: str = "abc",
    spans: tuple[str, ...] = (),
    given: bool = True,
    confidence: float = 0.5,
) -> Outcome:
    """Return an outcome; each letter is an article, and no relevant one means unanswerable."""
    words = tuple(Quote(relevant[:1], span) for span in spans)
    asked = JudgedQuestion("Qui ?", frozenset(relevant), bool(relevant), words)
    quoted = tuple(Quote(*quote) for quote in quotes or [("a", "Le traité")])
    return Outcome(asked, tuple(ranked), quoted, given, confidence)


def test_the_articles_of_answerable_questions_alone_are_looked_for() -> None:
    outcomes = [
        make_outcome("a", ranked="abcdef"),
        make_outcome("e", ranked="abcdef"),
        make_outcome("f", ranked="abcdef"),
        make_outcome("z", ranked="abcdef"),
        make_outcome("", ranked="abcdef"),
    ]

    figures = summarise(outcomes, 5)

    assert figures["questions"] == 5
    assert figures["answerable"] == 4
    assert figures["success@1"] == 1 / 4
    assert figures["success@5"] == figures["recall@5"] == 2 / 4
    assert figures["mrr@5"] == pytest.approx((1 / 1 + 1 / 5) / 4)


def test_abstaining_is_right_or_wrong() -> None:
    outcomes = [
        make_outcome("a"),
        make_outcome("a"),
        make_outcome("a", given=False),
        make_outcome(""),
        make_outcome("", given=False),
        make_outcome("", given=False),
        make_outcome("", given=False),
    ]

    figures = summarise(outcomes, 10)

    assert figures["refused"] == pytest.approx(1 / 3)
    assert figures["abstained"] == pytest.approx(3 / 4)  # of the unanswerable ones: the recall
    assert figures["abstention precision"] == pytest.approx(3 / 4)  # of the four abstained from


def test_the_confidence_should_tell_what_can_be_answered() -> None:
    outcomes = [
        make_outcome("a", confidence=0.9),
        make_outcome("a", confidence=0.3, given=False),
        make_outcome("", confidence=0.4, given=False),
    ]

    assert summarise(outcomes, 10)["auroc"] == 1 / 2


def test_the_first_quote_is_held_against_the_words_that_answer() -> None:
    outcomes = [
        make_outcome("a", ("a", "Le traité a été signé"), spans=("signé", "ratifié")),
        make_outcome("a", ("a", "Le traité"), ("a", "signé lundi"), spans=("lundi",)),
        make_outcome("a", ("a", "signé lundi"), spans=("lundi",), given=False),
        make_outcome("a", ("a", "Le")),  # what answers is not known
    ]

    figures = summarise(outcomes, 10)

    assert figures["first quote holds the span"] == pytest.approx(1 / 3)
    assert figures["any quote holds the span"] == pytest.approx(2 / 3)
    assert figures["words of the first quote"] == 2  # the median of 5, 2 and 1


@pytest.mark.parametrize(
    ("quote", "span", "held"),
    [
        pytest.param(("a", "en 1830 à Minsk"), "3", False, id="within a number"),
        pytest.param(("a", "les 3 pays"), "3", True, id="the number itself"),
        pytest.param(("a", "Le traité\nde Minsk"), "traité de  Minsk", True, id="a line break"),
        pytest.param(("b", "Le traité"), "traité", False, id="another article"),
        pytest.param(("a", "Le traite"), "traité", False, id="another word"),
    ],
)
def test_words_are_held_as_they_stand_in_their_article(
    quote: tuple[str, str], span: str, held: bool
) -> None:
    assert make_outcome("a", quote, spans=(span,)).first_holds_span is held


@pytest.mark.parametrize(
    ("quote", "held"),
    [
        pytest.param(("a", "a été signé lundi"), True, id="a part"),
        pytest.param(("a", "Voici. Le traité a été signé lundi à Minsk. Fin."), True, id="more"),
        pytest.param(("a", "lundi à Minsk. Fin."), False, id="another stretch"),
        pytest.param(("b", "a été signé lundi"), False, id="another article"),
    ],
)
def test_a_part_of_a_sentence_that_answers_will_do(quote: tuple[str, str], held: bool) -> None:
    sentence = Quote("a", "Le traité a été signé lundi à Minsk.")
    asked = JudgedQuestion("Quand ?", frozenset("a"), sentences=(sentence,))
    outcome = Outcome(asked, ("a",), (Quote(*quote),), given=True, confidence=0.5)

    assert outcome.first_holds_span is outcome.is_right is held
    assert summarise([outcome], 10)["first quote holds the span"] == held


def test_citations_are_precise_when_their_articles_are_relevant() -> None:
    outcomes = [
        make_outcome("a", ("a", "x"), ("b", "x"), ("a", "x")),
        make_outcome("b", ("a", "x")),
        make_outcome("b", ("b", "x"), given=False),
        make_outcome("", ("a", "x")),
    ]

    assert summarise(outcomes, 10)["citation precision"] == 2 / 4


def test_an_answer_is_right_by_its_words_or_else_by_its_article() -> None:
    assert make_outcome("a", ("a", "lundi"), spans=("lundi",)).is_right
    assert not make_outcome("a", ("a", "mardi"), spans=("lundi",)).is_right
    assert make_outcome("a", ("a", "mardi")).is_right
    assert not make_outcome("a", ("b", "mardi"), ("a", "lundi")).is_right
    assert not make_outcome("", ("a", "lundi")).is_right


def test_the_risk_is_the_share_of_answers_that_are_wrong() -> None:
    outcomes = [
        make_outcome("a", ("a", "x"), confidence=0.9),
        make_outcome("a", ("b", "x"), confidence=0.7),
        make_outcome("", ("a", "x"), confidence=0.5),
        make_outcome("a", ("a", "x"), confidence=0.2, given=False),
    ]

    assert risk_curve(outcomes) == [(1 / 4, 0), (2 / 4, 1 / 2), (3 / 4, 2 / 3), (4 / 4, 2 / 4)]
    figures = summarise(outcomes, 10)
    assert figures["risk"] == pytest.approx(2 / 3)
    assert figures["area under risk"] == pytest.approx((0 + 1 / 2 + 2 / 3 + 1 / 2) / 4)


def test_no_question_has_no_figures() -> None:
    figures = summarise([], 10)

    assert (figures.pop("questions"), figures.pop("answerable")) == (0, 0)
    assert set(figures.values()) == {None}
    assert "None" in describe(figures)


def test_figures_are_told_with_three_decimals_and_groups_below() -> None:
    told = describe({"questions": 3, "mrr@10": 1 / 3, "groups": {"kind day": {"questions": 2}}})

    assert [line.split() for line in told.split("\n")] == [
        ["questions", "3"],
        ["mrr@10", "0.333"],
        [],
        ["kind", "day"],
        ["questions", "2"],
    ]


def test_questions_are_asked_of_the_articles(assist_words: Callable[..., Assistant]) -> None:
    assistant = assist_words(
        Article("a.txt", "Le tramway", "Le tramway relie la gare au port en dix minutes."),
        Article("b.txt", "Le marché", "Le marché couvert vend des poissons et des fruits."),
        Article("c.txt", "Le stade", "Le stade accueille la finale du tournoi de rugby."),
    )
    questions = [
        JudgedQuestion(
            "Que relie le tramway ?", frozenset("a"), spans=(Quote("a", "port"),), kind="what"
        ),
        JudgedQuestion("Que vend le marché couvert ?", frozenset("b"), language="fr"),
    ]
    told: list[tuple[str, int, int]] = []

    figures = evaluate(assistant, questions, 2, progress=lambda *told_now: told.append(told_now))

    assert figures["questions"] == figures["answerable"] == 2
    assert figures["success@1"] == figures["mrr@2"] == figures["ndcg@2"] == 1
    assert list(figures["groups"]) == [
        "kind not told",
        "kind what",
        "language fr",
        "language not told",
    ]
    assert figures["groups"]["kind what"]["questions"] == 1
    assert told == [("eval", 1, 2), ("eval", 2, 2)]
