"""Many shards at once, simulated: what must hold whatever is drawn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.plan import published
from benchmarks.plan.fan_out import Latency, slowest
from benchmarks.plan.load import most_questions, waits
from benchmarks.plan.merging import BY_KEY, BY_MONTH, least_each, share_kept
from benchmarks.plan.tables import published_latency

latencies = st.builds(
    Latency,
    centre=st.floats(0.1, 100),
    spread=st.floats(0, 1),
    stall=st.floats(0, 0.05),
    stalled=st.floats(1, 1000),
)
shards = st.integers(1, 64)


@given(latency=latencies, few=shards, more=shards)
@settings(max_examples=30, deadline=None)
def test_more_shards_are_never_quicker_and_hedging_never_slower(
    latency: Latency, few: int, more: int
) -> None:
    few, more = sorted((few, more))

    small, large, alone = (slowest(latency, n, questions=500) for n in (few, more, 1))

    for found in (small, large):
        assert list(found.plain) == sorted(found.plain)
        assert list(found.hedged) == sorted(found.hedged)
        assert all(np.array(found.hedged) <= np.array(found.plain))
        assert 0 <= found.extra <= 0.06
    # other draws: only the middle is steady enough to be compared
    assert large.plain[0] >= 0.9 * alone.plain[0]


def test_one_shard_takes_what_was_fitted() -> None:
    latency = Latency.from_median(8.0, 14.0)

    middle, late, _later = slowest(latency, 1).plain

    assert middle == pytest.approx(8.0, rel=0.03)
    assert late == pytest.approx(14.0, rel=0.03)


def test_the_slowest_of_many_is_told_by_arithmetic_too() -> None:
    latency = Latency.from_median(8.0, 14.0)

    # half of all questions have none of 14 shards beyond its 95.2th percentile
    assert slowest(latency, 14).plain[0] == pytest.approx(latency.percentile(0.95), rel=0.05)


@given(mean=st.floats(0.1, 1000), times=st.floats(1, 3.5))
@settings(deadline=None)
def test_a_fit_gives_back_the_mean_and_the_percentile(mean: float, times: float) -> None:
    latency = Latency.from_mean(mean, mean * times)

    assert latency.mean == pytest.approx(mean)
    assert latency.percentile(0.95) == pytest.approx(mean * times)


def test_a_fit_to_two_published_figures_gives_the_third() -> None:
    assert published_latency().percentile(0.99) == pytest.approx(
        published.SEARCH_99TH.value, rel=0.05
    )


def test_hedging_hides_stalls_for_a_twentieth_more_requests() -> None:
    latency = Latency(10, 0.1, stall=0.005, stalled=100)

    found = slowest(latency, 64)

    assert found.plain[1] > 100
    assert found.hedged[1] < 50
    assert found.extra == pytest.approx(0.05, abs=0.001)


def test_who_comes_to_idle_machines_waits_for_nobody() -> None:
    latency = Latency(10, 0.2)

    took = waits(latency, 1, 16, rate=1.0, arrivals=2000)

    assert float(np.median(took)) == pytest.approx(10, rel=0.05)


@given(rate=st.floats(10, 900), shards=st.integers(1, 4))
@settings(max_examples=15, deadline=None)
def test_waiting_only_adds_to_the_work(rate: float, shards: int) -> None:
    latency = Latency(10, 0.2)

    idle, busy = (waits(latency, shards, 10, one, 1500) for one in (0.1, rate))

    assert (busy >= idle - 1e-6).all()


def test_a_wider_bound_lets_more_in_and_more_shards_fewer() -> None:
    latency = Latency(10, 0.2)

    rates = {
        (shards, bound): most_questions(latency, shards, 8, bound, arrivals=1500)
        for shards in (1, 8)
        for bound in (20.0, 40.0)
    }

    assert all(0 < busy < 1 for _rate, busy in rates.values())
    assert rates[1, 20.0][0] < rates[1, 40.0][0]
    assert rates[8, 40.0][0] <= rates[1, 40.0][0]


def test_a_bound_below_the_work_lets_nobody_in() -> None:
    assert most_questions(Latency(10, 0.2), 1, 8, 5.0, arrivals=1000) == (0.0, 0.0)


@given(k=st.integers(1, 200), shards=shards, each=st.integers(1, 200))
@settings(max_examples=30, deadline=None)
def test_shards_that_return_all_that_is_wanted_lose_nothing(k: int, shards: int, each: int) -> None:
    assert share_kept(k, shards, k) == 1
    assert share_kept(k, shards, k, BY_MONTH) == 1
    assert 0 < share_kept(k, shards, each) <= share_kept(k, shards, each + 1)


def test_chunks_of_a_month_in_one_shard_need_more_of_each() -> None:
    assert share_kept(100, 16, 25, BY_MONTH) < share_kept(100, 16, 25, BY_KEY)
    assert least_each(100, 16, 0.99, BY_MONTH) > least_each(100, 16, 0.99, BY_KEY)


def test_the_least_of_each_is_enough_and_one_fewer_is_not() -> None:
    least = least_each(100, 16, 0.99)

    assert share_kept(100, 16, least) >= 0.99 > share_kept(100, 16, least - 1)
