from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import check_grad, minimize

from qa.fuse import Candidates, content_evidence, fuse
from qa.settings import DEFAULT
from training.fit import (
    Choice,
    Floats,
    _Logistic,
    _rows,
    _score,
    cross_validate,
    fit_choices,
    is_best,
    print_ranking,
)

TRUE = np.array([2.0, -1.0, 0.5])


def draw_choices(count: int) -> list[Choice]:
    """Draw questions of six things, the right one by a softmax over their scores."""
    drawn = np.random.default_rng(0)
    choices = []
    for table in drawn.normal(size=(count, 6, 3)):
        powers = np.exp(table @ TRUE)
        choices.append((table, np.arange(6) == drawn.choice(6, p=powers / powers.sum())))
    return choices


def test_the_weights_that_chose_are_found_again() -> None:
    found = fit_choices(draw_choices(3000))

    # four standard errors: one question tells each weight to about 1.5
    assert found == pytest.approx(TRUE, abs=4 * 1.5 / 3000**0.5)
    assert found[0] / found[1] == pytest.approx(-2, rel=0.1)


def test_weights_are_in_the_units_of_the_evidence_and_what_is_common_says_nothing() -> None:
    choices, units = draw_choices(100), np.array([1.0, 3.0, 0.1])

    found = fit_choices([(n + table * units, right) for n, (table, right) in enumerate(choices)])

    assert found * units == pytest.approx(fit_choices(choices), rel=1e-3)


def fit_logistic() -> None:
    table = np.random.default_rng(1).normal(size=(40, 3)) * [1, 3, 0.1]
    _Logistic(table, np.arange(40) % 4 == 0, ["above", "rival", "lead"])


@pytest.mark.parametrize("fit", [lambda: fit_choices(draw_choices(20)), fit_logistic])
def test_each_slope_is_that_of_its_loss(
    fit: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    errors = []

    def check(loss: Callable[[Floats], tuple[float, Floats]], first: Floats, **options: Any) -> Any:  # noqa: ANN401
        for weights in np.random.default_rng(0).normal(size=(5, len(first))):
            error = check_grad(lambda at: loss(at)[0], lambda at: loss(at)[1], weights)
            errors.append(error / np.linalg.norm(loss(weights)[1]))
        return minimize(loss, first, **options)

    monkeypatch.setattr("training.fit.minimize", check)
    fit()

    assert len(errors) == 5
    assert max(errors) < 1e-5


@pytest.mark.parametrize(
    ("weight", "right", "best"),
    [(1.0, [True, False], True), (-1.0, [True, False], False), (-1.0, [False, True], True)],
)
def test_the_best_is_right_when_the_highest_score_is_a_right_ones(
    weight: float, right: list[bool], best: bool
) -> None:
    assert is_best((np.array([[2.0], [1.0]]), np.array(right)), np.array([weight])) == best


def test_what_one_part_alone_could_teach_does_not_help_it() -> None:
    """Each part has a kind of evidence to itself; where nothing is known, the first is taken."""
    right = np.array([False, True])
    choices = [(np.stack([np.zeros(5), np.eye(5)[n % 5]]), right) for n in range(20)]

    assert all(is_best(choice, fit_choices(choices)) for choice in choices)
    assert cross_validate(choices, range(5)) == 0


def test_only_the_kinds_named_are_judged() -> None:
    choices = [(np.array([[5.0, 0.0], [5.0, 1.0]]), np.array([False, True]))] * 10

    assert [cross_validate(choices, [kind]) for kind in (0, 1)] == [0, 1]


@settings(deadline=None, max_examples=50)
@given(seed=st.integers(0, 1000), count=st.integers(4, 60), shift=st.floats(-3, 3))
def test_what_speaks_for_an_answer_never_counts_against_it(
    seed: int, count: int, shift: float
) -> None:
    answered = np.arange(count) % 2 == 0
    table = np.random.default_rng(seed).normal(size=(count, 2)) + shift * answered[:, None]

    assert min(_Logistic(table, answered, ["above", "lead"]).weights) >= 0


def test_a_rival_may_count_against_an_answer() -> None:
    answered = np.arange(100) % 2 == 0
    table = np.random.default_rng(0).normal(size=(100, 2)) - 2 * answered[:, None]

    above, rival = _Logistic(table, answered, ["above", "rival"]).weights

    assert above == 0
    assert rival < -1


def test_answered_and_unanswered_weigh_the_same_however_many_there_are() -> None:
    model = _Logistic(np.full((100, 1), 3.0), np.arange(100) < 10, ["above"])

    assert model(np.array([[3.0]])) == pytest.approx([1 / 2], abs=1e-3)


def test_rows_of_another_language_have_columns_of_their_own() -> None:
    own = {"content": [1.0, 2.0, 3.0], "native": True, "right": False}
    other = {"content": [4.0, 5.0, 6.0], "native": False, "right": True}

    table, right = _rows([own, other])

    assert table.tolist() == [[1, 2, 3, 0, 0, 0], [0, 0, 0, 4, 5, 6]]
    assert right.tolist() == [False, True]


def test_a_row_is_scored_as_it_is_in_the_product() -> None:
    every = np.ones(8, dtype=bool)
    native = np.arange(8) % 2 == 0
    sides = np.random.default_rng(0).random((5, 8), dtype=np.float32)
    dense, lexical, coverage, dates, short = sides
    candidates = Candidates(
        np.arange(8), native, dense, lexical, coverage, every, 3, True, dates, short
    )
    noted = [
        dict(zip(("content", "native", "dates", "short dates"), row, strict=True))
        for row in zip(content_evidence(candidates, DEFAULT), native, dates, short, strict=True)
    ]
    own, other = np.array(DEFAULT.native_content), np.array(DEFAULT.foreign_content)
    score = _score(own, other, DEFAULT.short_date_weight, DEFAULT.long_date_weight)

    assert list(map(score, noted)) == pytest.approx(fuse(candidates, DEFAULT).tolist(), abs=1e-3)


def test_a_ranking_is_printed_by_set_and_language(capsys: pytest.CaptureFixture[str]) -> None:
    def note(name: str, foreign: bool, *articles: int) -> dict[str, Any]:
        rows = [{"article": article, "fused": -place} for place, article in enumerate(articles)]
        return {"set": name, "foreign": foreign, "relevant": [8], "rows": rows[::-1]}

    notes = [
        note("news", False, 7, 7, 8),  # the second of two articles: 1 / log2(3) = 0.631
        note("news", False, 8, 7),
        note("news", True, *range(20, 30), 8),  # the eleventh
        note("piaf_fr", False, 1, 2, 8),  # 1 / log2(4)
    ]

    print_ranking("dense", notes, lambda row: float(row["fused"]))

    assert capsys.readouterr().out == (
        "       dense: news foreign 0.000/0.000  news native 0.815/0.500  "
        "piaf_fr native 0.500/0.000\n"
    )
