import math
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.calibration import Calibration, Signals
from qa.confidence import measure
from qa.fuse import Candidates, Scores
from qa.read import Reading
from qa.rerank import Ranked
from qa.settings import DEFAULT

SIGNALS = [field.name for field in fields(Signals)]
EITHER_WAY = {"dated", "rival"}
CALIBRATION = Calibration(-1.0, Signals(above=2.0, coverage=3.0, lead=0.5))

signals = st.builds(
    Signals,
    above=st.floats(-1, 1),
    coverage=st.floats(0, 1),
    rarest=st.floats(0, 1),
    agreement=st.floats(0, 1),
    dated=st.floats(0, 1),
    date=st.floats(0, 1),
    lead=st.floats(-100, 100),
    relevance=st.floats(-8, 8),
    rival=st.floats(-8, 8),
)


def make_candidates(
    dense: list[float],
    coverage: list[float],
    dates: list[float],
    lexical: list[float] | None = None,
    rarest: list[bool] | None = None,
) -> Candidates:
    return Candidates(
        rows=np.arange(len(dense)),
        native=np.ones(len(dense), dtype=bool),
        dense=np.array(dense, dtype=np.float32),
        lexical=np.array(lexical or [0.0] * len(dense), dtype=np.float32),
        coverage=np.array(coverage, dtype=np.float32),
        rarest=np.array(rarest or [False] * len(dense), dtype=bool),
        words=3,
        dates=np.array(dates, dtype=np.float32),
        dated=any(dates),
        short_dates=np.array(dates, dtype=np.float32),
    )


def measure_unread(candidates: Candidates, content: Scores) -> Signals:
    return measure(Ranked(candidates, content, {}), content, 0.6)[0]


def read_as(relevance: float) -> Reading:
    """Read a text of two tokens: the answer is one of them."""
    offsets = np.array([[0, 3], [3, 6]])
    starts, ends = np.log([[1 / 2, 1 / 2], [1 / 4, 1 / 4]], dtype=np.float32)
    return Reading(relevance, offsets, starts, ends)


def scores(*values: float) -> Scores:
    return np.array(values, dtype=np.float32)


def test_a_logit_of_zero_is_a_probability_of_one_half() -> None:
    found = Signals(above=0.1, coverage=0.2, lead=0.4)

    # -1 + 2 * 0.1 + 3 * 0.2 + 0.5 * 0.4 = 0
    assert CALIBRATION.probability(found) == pytest.approx(1 / 2)


def test_the_intercept_alone_speaks_when_nothing_was_found() -> None:
    # odds of 1 to e
    assert CALIBRATION.probability(Signals()) == pytest.approx(1 / (1 + math.e))


@pytest.mark.parametrize(
    "calibration",
    [DEFAULT.native, DEFAULT.foreign, DEFAULT.native_read, DEFAULT.foreign_read],
    ids=["native", "foreign", "native, read", "foreign, read"],
)
@given(found=signals, more=st.floats(0.01, 1))
def test_what_speaks_for_an_answer_never_counts_against_it(
    calibration: Calibration, found: Signals, more: float
) -> None:
    for name in sorted(set(SIGNALS) - EITHER_WAY):
        raised = replace(found, **{name: getattr(found, name) + more})
        assert calibration.probability(raised) >= calibration.probability(found), name


@given(signals)
def test_a_probability_lies_between_0_and_1(found: Signals) -> None:
    assert 0 <= DEFAULT.native.probability(found) <= 1


def test_nothing_found_has_no_signals() -> None:
    assert measure_unread(make_candidates([], [], []), scores()) == Signals()


def test_the_signals_are_those_of_the_best_content() -> None:
    candidates = make_candidates([0.8, 0.7, 0.6], [0.2, 0.6, 0], [0, 0, 0])

    found = measure_unread(candidates, scores(0.5, 1.5, 0.25))

    assert found.above == pytest.approx(0.7 - 0.7)  # the median cosine is 0.7
    assert found.coverage == pytest.approx(0.6)
    assert found.lead == pytest.approx(1.5 - 0.25)  # fewer than four rivals: less the last


def test_passages_that_tell_the_same_do_not_lower_each_others_lead() -> None:
    candidates = make_candidates([0.5] * 7, [1, 1, 0.5, 0.5, 0.5, 0.5, 0.5], [0] * 7)

    found = measure_unread(candidates, scores(0.9, 0.8, 0.5, 0.4, 0.3, 0.2, 0.1))

    assert found.lead == pytest.approx(0.9 - 0.2)  # the fourth of those that hold less


def test_where_no_rival_holds_less_all_others_are_rivals() -> None:
    candidates = make_candidates([0.9, 0.8, 0.7], [0, 0.5, 0.5], [0, 0, 0])

    assert measure_unread(candidates, scores(0, -4, -5)).lead == pytest.approx(5)


def test_a_candidate_that_is_alone_leads_by_nothing() -> None:
    assert measure_unread(make_candidates([0.9], [0.5], [0]), scores(7.1)).lead == 0


def test_a_hopeless_candidate_has_no_chance_and_overflows_nothing() -> None:
    assert CALIBRATION.probability(Signals(lead=-1e6)) == pytest.approx(0)


def test_the_language_is_that_of_the_best_candidate() -> None:
    candidates = replace(
        make_candidates([0.9, 0.8], [0.5, 0.5], [0, 0]), native=np.array([True, False])
    )
    content = scores(1, 2)

    assert not measure(Ranked(candidates, content, {}), content, 0.6)[1]


def test_only_rows_of_the_days_asked_for_count_where_there_are_some() -> None:
    candidates = make_candidates([0.9, 0.6, 0.6], [0.9, 0.3, 0], [0.3, 1.0, 0.6])

    found = measure_unread(candidates, scores(2.0, 1.0, 0.5))

    assert found.above == pytest.approx(0.6 - 0.6)
    assert found.coverage == pytest.approx(0.3)
    assert found.lead == pytest.approx(1.0 - 0.5)


def test_both_sides_agree_on_a_row_that_is_the_best_of_each() -> None:
    both = make_candidates([0.9, 0.8, 0.7], [0.5, 0.5, 0], [0, 0, 0], lexical=[6, 3, 0])
    one = make_candidates([0.9, 0.8, 0.7], [0.5, 0.5, 0], [0, 0, 0], lexical=[3, 6, 0])

    assert measure_unread(both, scores(2, 1, 0)).agreement == pytest.approx(1)
    assert measure_unread(one, scores(2, 1, 0)).agreement == pytest.approx(3 / 6)
    # the second's cosine is the middling one
    assert measure_unread(one, scores(1, 2, 0)).agreement == pytest.approx(0, abs=1e-5)


def test_the_signals_tell_whether_the_best_holds_the_rarest_word() -> None:
    candidates = make_candidates([0.9, 0.8], [0.5, 0.5], [0, 0], rarest=[True, False])

    assert measure_unread(candidates, scores(2, 1)).rarest == 1
    assert measure_unread(candidates, scores(1, 2)).rarest == 0


def test_the_signals_tell_how_well_the_dates_of_the_best_agree() -> None:
    found = measure_unread(make_candidates([0.9, 0.6], [0.9, 0.3], [0.3, 0.8]), scores(2, 1))

    assert (found.dated, found.date) == (1, pytest.approx(0.8))


def test_the_reader_chooses_the_best_and_adds_what_it_says() -> None:
    candidates = make_candidates([0.9, 0.6, 0.6], [0.9, 0.3, 0], [0, 0, 0])
    readings = {0: read_as(-2.0), 1: read_as(3.0)}
    content = scores(1.0, 0.8, 0.5)

    found, _native = measure(Ranked(candidates, scores(0.5, 1.4, 0.1), readings), content, 0.6)

    assert found.coverage == pytest.approx(0.3)
    assert found.relevance == 3.0
    assert found.rival == -2.0


def test_all_rows_count_when_no_date_was_asked_for() -> None:
    candidates = make_candidates([0.9, 0.6, 0.6], [0.9, 0.3, 0], [0, 0, 0])

    assert measure_unread(candidates, scores(2.0, 1.0, 0.5)).coverage == pytest.approx(0.9)
