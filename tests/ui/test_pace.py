import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.pace import FIRST_SHARES, STEPS, Pace


def test_a_step_half_done_counts_for_half_of_its_share() -> None:
    pace = Pace(0.0, {"read": 0.1, "split": 0.1, "embed": 0.6, "words": 0.2})

    pace.advance("embed", 50, 100, 10.0)

    assert pace.share == pytest.approx(0.1 + 0.1 + 0.6 / 2)


def test_the_time_left_follows_from_the_time_passed() -> None:
    pace = Pace(0.0, {"read": 0.5, "split": 0.1, "embed": 0.2, "words": 0.2})

    pace.advance("read", 1, 2, 10.0)

    # a quarter took ten seconds, three quarters will take thirty
    assert pace.seconds_left(10.0) == pytest.approx(30.0)


def test_nothing_is_said_of_the_time_left_at_first() -> None:
    pace = Pace(100.0)
    pace.advance("read", 1, 1, 101.0)

    assert pace.seconds_left(102.9) is None
    assert pace.seconds_left(103.1) is not None


def test_what_each_step_took_is_learned_for_the_next_time() -> None:
    pace = Pace(0.0)
    pace.advance("read", 1, 1, 1.0)
    pace.advance("split", 1, 1, 2.0)
    pace.advance("embed", 1, 1, 4.0)

    # read until 2, split until 4, embed until 10; words had nothing to do
    assert pace.learned(10.0) == pytest.approx(
        {"read": 0.2, "split": 0.2, "embed": 0.6, "words": 0.0}
    )


def test_a_build_without_any_step_teaches_nothing() -> None:
    assert Pace(0.0).learned(5.0) == FIRST_SHARES


@given(
    st.lists(
        st.tuples(st.sampled_from([*STEPS, "other"]), st.integers(0, 50), st.integers(0, 50)),
    )
)
def test_the_share_never_falls_and_never_ends_before_the_end(
    told: list[tuple[str, int, int]],
) -> None:
    pace, before = Pace(0.0), 0.0

    for now, (step, done, total) in enumerate(told):
        pace.advance(step, min(done, total), total, float(now))
        assert before <= pace.share <= 0.99
        before = pace.share
