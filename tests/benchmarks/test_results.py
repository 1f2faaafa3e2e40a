from pathlib import Path

import pytest

from benchmarks.asking import Asked
from benchmarks.results import figures_of, figures_of_set, groups_of, read_results, write_results
from benchmarks.sides import PRODUCT, Ranking
from qa.evaluate import Outcome
from qa.questions import JudgedQuestion, Quote


def make_asked(language: str, relevant: str, dense: str, product: str, **query: object) -> Asked:
    """Return what came of a question; each letter is an article, and the confidence is 0.8."""
    asked = JudgedQuestion("?", frozenset(relevant), bool(relevant))
    outcome = Outcome(asked, tuple(product), (Quote(product[0], "…"),), given=True, confidence=0.8)
    sides = {"dense": Ranking(tuple(dense), 0.9), PRODUCT: Ranking(tuple(product), 0.8)}
    return Asked({"id": "q", "lang": language, **query}, outcome, sides)


def test_a_question_belongs_to_its_language_and_kind() -> None:
    assert groups_of({"lang": "fr"}, {"fr"}) == ["all", "fr"]
    query = {"lang": "fr", "kind": "when", "specific": True, "quick": True}
    assert groups_of(query, {"fr"}) == ["all", "fr", "kind when", "specific", "quick"]


@pytest.mark.parametrize(
    ("language", "overlap", "apart"),
    [
        pytest.param("en", 1, True, id="one word shared"),
        pytest.param("en", 2, False, id="two words shared"),
        pytest.param("en", None, False, id="not counted"),
        pytest.param("fr", 0, False, id="the language of the articles"),
        pytest.param("fr-CA", 0, False, id="the same language elsewhere"),
    ],
)
def test_questions_across_languages_that_share_no_words_are_a_group(
    language: str, overlap: int | None, apart: bool
) -> None:
    groups = groups_of({"lang": language, "overlap": overlap}, {"fr"})

    assert groups == ["all", language, *(["overlap <= 1", "en, overlap <= 1"] if apart else [])]


def test_each_side_is_measured_on_the_same_questions() -> None:
    figures = figures_of(
        [
            make_asked("fr", "a", dense="ba", product="ab"),
            make_asked("fr", "b", dense="ba", product="ab"),
            make_asked("fr", "", dense="ab", product="ab"),
        ]
    )

    assert figures["dense"]["success@1"] == 1 / 2
    assert figures["dense"]["mrr@10"] == pytest.approx((1 / 2 + 1) / 2)
    assert figures["dense"]["auroc"] == 1 / 2  # all scores alike
    assert figures[PRODUCT]["success@1"] == 1 / 2
    assert figures[PRODUCT]["questions"] == 3
    assert figures[PRODUCT]["abstained"] == 0
    assert figures[PRODUCT]["risk"] == pytest.approx(2 / 3, abs=1e-4)


def test_each_group_of_a_set_has_figures() -> None:
    asked = [
        make_asked("fr", "a", dense="a", product="a", kind="when"),
        make_asked("en", "a", dense="a", product="b", kind="when", overlap=0),
    ]

    measured = figures_of_set(asked, {"fr"})

    assert measured["risk"] == [[1.0, 0.5]]
    assert {name: group[PRODUCT]["success@1"] for name, group in measured["groups"].items()} == {
        "all": 0.5,
        "fr": 1.0,
        "en": 0.0,
        "kind when": 0.5,
        "overlap <= 1": 0.0,
        "en, overlap <= 1": 0.0,
    }


def test_a_long_curve_keeps_its_ends() -> None:
    asked = [make_asked("fr", "a", dense="a", product="a") for _ in range(200)]
    for place, one in enumerate(asked):
        object.__setattr__(one.outcome, "confidence", 1 - place / 200)

    curve = figures_of_set(asked, {"fr"})["risk"]

    assert len(curve) == 60
    assert curve[0] == [0.005, 0]
    assert curve[-1] == [1, 0]


def test_sets_measured_at_the_same_code_come_together(tmp_path: Path) -> None:
    path = tmp_path / "results" / "abc.json"
    facts = {"commit": "abc", "code": "1", "most": 400, "reader": "default"}

    write_results(path, {**facts, "sets": {"a": {"groups": {}}}})
    write_results(path, {**facts, "sets": {"b": {"groups": {}}}})
    assert list(read_results(path)["sets"]) == ["a", "b"]

    write_results(path, {**facts, "code": "2", "sets": {"c": {"groups": {}}}})
    assert list(read_results(path)["sets"]) == ["c"]


def test_what_holds_nothing_further_is_written_on_one_line(tmp_path: Path) -> None:
    facts = {"code": "1", "most": 400, "reader": "default"}
    write_results(tmp_path / "r.json", {**facts, "sets": {"a": {"risk": [[0.5, 0.1], [1, 0.2]]}}})

    assert '   "risk": [\n    [ 0.5, 0.1 ],\n    [ 1, 0.2 ]' in (tmp_path / "r.json").read_text()
