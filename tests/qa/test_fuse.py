import numpy as np
import pytest

from qa.fuse import Candidates, fuse
from qa.settings import Settings


def make_candidates(
    dense: list[float], lexical: list[float], dates: list[float], ceiling: float = 10.0
) -> Candidates:
    return Candidates(
        rows=np.arange(len(dense)),
        dense=np.array(dense, dtype=np.float32),
        dense_floor=0.5,
        lexical=np.array(lexical, dtype=np.float32),
        lexical_ceiling=ceiling,
        coverage=np.zeros(len(dense), dtype=np.float32),
        dates=np.array(dates, dtype=np.float32),
    )


def test_the_best_dense_row_counts_one_and_the_floor_nothing() -> None:
    scores = fuse(make_candidates([0.9, 0.7, 0.5], [0, 0, 0], [0, 0, 0]), Settings())

    assert scores == pytest.approx([1, (0.7 - 0.5) / (0.9 - 0.5), 0], abs=1e-6)


def test_the_lexical_side_counts_fully_when_it_found_most_of_the_question() -> None:
    scores = fuse(make_candidates([0.5, 0.5], [8, 4], [0, 0]), Settings(lexical_trust=3))

    assert scores == pytest.approx([1, 4 / 8])


def test_the_lexical_side_counts_in_proportion_when_it_found_little_of_the_question() -> None:
    scores = fuse(make_candidates([0.5, 0.5], [1, 0.5], [0, 0]), Settings(lexical_trust=3))

    assert scores == pytest.approx([3 * 1 / 10, 3 * 1 / 10 * 0.5 / 1])


def test_a_row_of_the_day_asked_for_outranks_one_that_is_only_about_the_subject() -> None:
    scores = fuse(make_candidates([0.9, 0.6], [9, 0], [0, 1.0]), Settings(date_weight=2.0))

    assert scores == pytest.approx([1, 1 + 2.0])


def test_nothing_found_gives_no_score() -> None:
    assert len(fuse(make_candidates([], [], []), Settings())) == 0


def test_the_rows_of_the_day_are_compared_with_each_other_not_with_better_rows_of_another() -> None:
    candidates = make_candidates([0.9, 0.7, 0.6], [9, 2, 1], [0, 0.9, 0.9], ceiling=10)

    scores = fuse(candidates, Settings(date_weight=2.0, lexical_trust=3))

    assert scores[1] == pytest.approx(1 + 3 * 2 / 10 + 2 * 0.9)
    assert scores[2] == pytest.approx(
        (0.6 - 0.5) / (0.7 - 0.5) + 3 * 2 / 10 * 1 / 2 + 2 * 0.9, abs=1e-6
    )
    assert scores[0] == pytest.approx(1 + 3 * 2 / 10)
