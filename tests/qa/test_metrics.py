import math

import pytest

from qa.metrics import area_under_risk, auroc, ndcg, recall, reciprocal_rank, risk_coverage, success


def test_success_is_a_relevant_one_among_the_first() -> None:
    assert success("abcdef", {"a", "z"}, 1)
    assert success("abcdef", {"e"}, 5)
    assert not success("abcdef", {"f"}, 5)


def test_recall_is_the_share_of_the_relevant_among_the_first_k() -> None:
    assert recall("abcd", {"a", "c"}, 3) == 2 / 2
    assert recall("abcd", {"b", "z"}, 3) == 1 / 2
    assert recall("abcd", {"d"}, 3) == 0 / 1


def test_recall_can_be_complete_when_more_are_relevant_than_ranks_are_read() -> None:
    assert recall("abcd", {"a", "b", "c", "d"}, 2) == 2 / 2


def test_the_reciprocal_rank_is_that_of_the_first_relevant() -> None:
    assert reciprocal_rank("abc", {"b", "c"}, 2) == 1 / 2
    assert reciprocal_rank("abc", {"a"}, 2) == 1 / 1
    assert reciprocal_rank("abc", {"c"}, 2) == 0  # beyond rank 2


def test_the_gain_is_discounted_by_rank_and_measured_by_the_best_order() -> None:
    gain = 1 / math.log2(1 + 1) + 1 / math.log2(3 + 1)
    best = 1 / math.log2(1 + 1) + 1 / math.log2(2 + 1)

    assert ndcg("abc", {"a", "c"}, 10) == pytest.approx(gain / best)
    assert ndcg("abc", {"a", "c"}, 2) == pytest.approx(1 / best)  # rank 3 is not read
    assert ndcg("xa", {"a"}, 10) == pytest.approx(1 / math.log2(3))


def test_the_best_order_scores_one_and_nothing_relevant_zero() -> None:
    assert ndcg("abc", {"a", "b"}, 10) == pytest.approx(1)
    assert ndcg("abcd", {"a", "b", "c", "d"}, 2) == pytest.approx(1)
    assert ndcg("abc", {"z"}, 10) == 0
    assert ndcg("abc", set(), 10) == 0


def test_auroc_counts_the_pairs_in_the_right_order() -> None:
    # 0.9 stands above both, 0.4 above one of the two: 3 of 4 pairs
    assert auroc([0.9, 0.4], [0.5, 0.1]) == 3 / 4
    assert auroc([0.9, 0.8], [0.5, 0.1]) == 1
    assert auroc([0.1], [0.5]) == 0


def test_auroc_counts_a_tie_for_half() -> None:
    # 0.5 ties with one and stands above the other; 0.2 ties with the other and lies below the one
    assert auroc([0.5, 0.2], [0.5, 0.2]) == (0.5 + 1 + 0 + 0.5) / 4
    assert auroc([0.3, 0.3, 0.3], [0.3]) == 0.5


def test_auroc_of_one_sort_alone_is_unknown() -> None:
    assert auroc([0.9], []) is None
    assert auroc([], [0.9]) is None


def test_risk_is_the_share_of_wrong_ones_among_the_answers_given_so_far() -> None:
    answers = [(0.2, False), (0.9, True), (0.5, False), (0.4, True)]

    # five were asked: one has no answer to give
    assert risk_coverage(answers, 5) == [
        (1 / 5, 0 / 1),
        (2 / 5, 1 / 2),
        (3 / 5, 1 / 3),
        (4 / 5, 2 / 4),
    ]


def test_answers_of_one_confidence_are_given_together() -> None:
    answers = [(0.9, True), (0.5, True), (0.5, False)]

    assert risk_coverage(answers, 3) == [(1 / 3, 0), (3 / 3, 1 / 3)]
    assert risk_coverage(answers, 3) == risk_coverage(answers[::-1], 3)


def test_the_area_is_the_mean_risk_over_the_coverage_reached() -> None:
    assert area_under_risk([(1 / 3, 0), (3 / 3, 1 / 3)]) == pytest.approx(1 / 3 * 0 + 2 / 3 * 1 / 3)
    # half of the questions are answered: the risks 0 and 1/2 cover a quarter each
    assert area_under_risk([(1 / 4, 0), (2 / 4, 1 / 2)]) == pytest.approx((0 + 1 / 2) / 2)
    assert area_under_risk([]) is None
