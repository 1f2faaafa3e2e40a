import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.fuse import Candidates, fuse
from qa.settings import ContentWeights, Settings

SETTINGS = Settings(
    native_content=ContentWeights(cosine=100.0, lexical=6.0, coverage=8.0),
    foreign_content=ContentWeights(cosine=50.0, lexical=2.0, coverage=4.0),
    few_words=4,
    short_date_weight=14.0,
    long_date_weight=6.0,
)


def make_candidates(
    dense: list[float],
    lexical: list[float],
    dates: list[float] | None = None,
    coverage: list[float] | None = None,
    native: list[bool] | None = None,
    words: int = 4,
    short_dates: list[float] | None = None,
) -> Candidates:
    count = len(dense)
    return Candidates(
        rows=np.arange(count),
        native=np.array([True] * count if native is None else native, dtype=bool),
        dense=np.array(dense, dtype=np.float32),
        lexical=np.array(lexical, dtype=np.float32),
        coverage=np.array(coverage or [0.0] * count, dtype=np.float32),
        rarest=np.zeros(count, dtype=bool),
        words=words,
        dated=dates is not None or short_dates is not None,
        dates=np.array(dates or short_dates or [0.0] * count, dtype=np.float32),
        short_dates=np.array(short_dates or [0.0] * count, dtype=np.float32),
    )


def test_a_cosine_counts_by_how_far_it_lies_below_the_best() -> None:
    scores = fuse(make_candidates([0.9, 0.88, 0.8], [0, 0, 0]), SETTINGS)

    assert scores == pytest.approx([0, 100 * -0.02, 100 * -0.1], abs=1e-4)


def test_the_lexical_side_counts_by_its_share_of_the_best_score_and_by_the_words_held() -> None:
    scores = fuse(make_candidates([0.5, 0.5], [8, 2], coverage=[1.0, 0.25]), SETTINGS)

    # four words: half of what very many would count
    assert scores == pytest.approx([(6 + 8) / 2, (6 / 4 + 8 / 4) / 2])


def test_the_more_words_a_question_has_the_more_the_lexical_side_counts() -> None:
    scores = fuse(make_candidates([0.5, 0.5], [8, 2], words=12), SETTINGS)

    assert scores == pytest.approx([6 * 12 / 16, 6 / 4 * 12 / 16])


def test_rows_in_another_language_than_the_question_have_weights_of_their_own() -> None:
    candidates = make_candidates([0.9, 0.8], [8, 8], coverage=[0.5, 0.5], native=[False, False])

    assert fuse(candidates, SETTINGS) == pytest.approx(
        [(2 + 4 / 2) / 2, (2 + 4 / 2) / 2 + 50 * -0.1], abs=1e-4
    )


def test_a_row_of_the_day_asked_for_outranks_one_that_is_only_about_the_subject() -> None:
    candidates = make_candidates([0.9, 0.82], [9, 0], short_dates=[0, 1.0])

    scores = fuse(candidates, SETTINGS)

    assert scores[1] == pytest.approx(14.0)
    assert scores[0] < scores[1]


def test_a_year_counts_for_less_than_a_day() -> None:
    day = fuse(make_candidates([0.9], [0], short_dates=[1.0]), SETTINGS)
    year = fuse(make_candidates([0.9], [0], dates=[1.0]), SETTINGS)

    assert (day[0], year[0]) == (14.0, 6.0)


def test_nothing_found_gives_no_score() -> None:
    assert len(fuse(make_candidates([], []), SETTINGS)) == 0


def test_the_rows_of_the_day_are_compared_with_each_other_not_with_better_rows_of_another() -> None:
    candidates = make_candidates([0.9, 0.7, 0.6], [9, 2, 1], short_dates=[0, 0.9, 0.9])

    scores = fuse(candidates, SETTINGS)

    assert scores[1] == pytest.approx(6 / 2 + 14 * 0.9)
    assert scores[2] == pytest.approx(6 / 2 / 2 + 100 * -0.1 + 14 * 0.9, abs=1e-4)
    assert scores[0] == pytest.approx(6 / 2)


def test_a_year_beside_a_day_counts_no_more_than_a_year() -> None:
    candidates = make_candidates([0.9, 0.9], [0, 0], dates=[1.0, 1.0], short_dates=[1.0, 0])

    assert fuse(candidates, SETTINGS) == pytest.approx([14.0, 6.0])


def test_a_better_row_outside_the_year_asked_for_keeps_its_lead() -> None:
    candidates = make_candidates([0.9, 0.8], [12, 1], dates=[0, 1.0], coverage=[1.0, 0.1])

    scores = fuse(candidates, SETTINGS)

    assert scores[0] == pytest.approx((6 + 8) / 2)
    assert scores[1] == pytest.approx((6 / 12 + 0.8) / 2 - 10 + 6, abs=1e-4)


def test_rows_in_two_languages_are_each_weighed_by_their_own() -> None:
    candidates = make_candidates([0.9, 0.9], [8, 8], native=[True, False])

    assert fuse(candidates, SETTINGS) == pytest.approx([6 / 2, 2 / 2])


@given(
    rows=st.lists(
        st.tuples(st.floats(0.7, 0.9), st.floats(0, 20), st.floats(0, 1)), min_size=2, max_size=20
    ),
    words=st.integers(1, 20),
)
def test_a_row_that_is_better_on_each_side_never_scores_less(
    rows: list[tuple[float, float, float]], words: int
) -> None:
    dense, lexical, coverage = (list(side) for side in zip(*rows, strict=True))

    scores = fuse(make_candidates(dense, lexical, coverage=coverage, words=words), Settings())

    for one, score in zip(rows, scores, strict=True):
        for other, other_score in zip(rows, scores, strict=True):
            if all(a >= b for a, b in zip(one, other, strict=True)):
                assert score >= other_score - 1e-4
