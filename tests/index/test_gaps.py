"""Rows written as gaps."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import gaps
from index.gaps import Bytes, Numbers

RUN = st.one_of(
    st.sets(st.integers(0, 65_535), min_size=1, max_size=20),
    st.sets(st.integers(0, 300), min_size=1, max_size=200),
    st.integers(0, 2**32).map(
        lambda seed: set(np.random.default_rng(seed).integers(0, 65_536, 3_000).tolist())
    ),
)


def write(runs: list[set[int]]) -> tuple[Bytes, Numbers, Numbers]:
    """The bytes of runs, where they begin and end, and the number of rows of each."""
    counts = np.array([len(run) for run in runs], dtype=np.int64)
    rows = np.array([row for run in runs for row in sorted(run)], dtype=np.uint16)
    return *gaps.encode(rows, np.concatenate([[0], np.cumsum(counts)])), counts


@given(st.lists(RUN, max_size=8), st.randoms())
@settings(deadline=None)
def test_runs_are_read_back_in_any_order(runs: list[set[int]], random: np.random.Generator) -> None:
    written, bounds, counts = write(runs)
    order = list(range(len(runs)))
    random.shuffle(order)

    read = gaps.decode(written, bounds[:-1][order], bounds[1:][order], counts[order])

    assert read.tolist() == [row for run in order for row in sorted(runs[run])]


@given(st.lists(RUN, max_size=8))
@settings(deadline=None)
def test_no_run_takes_more_than_two_bytes_a_row(runs: list[set[int]]) -> None:
    _written, bounds, counts = write(runs)

    assert (np.diff(bounds) <= 2 * counts).all()


def test_rows_that_stand_close_take_a_byte_each() -> None:
    written, _bounds, _counts = write([set(range(0, 60_000, 50))])

    assert len(written) == 60_000 // 50


def test_more_rows_than_are_turned_at_once_are_written_alike() -> None:
    runs = [set(range(step, 65_536, step)) for step in range(1, 30)]
    written, bounds, counts = write(runs)

    assert counts.sum() > 1 << 17
    assert [
        gaps.decode(written, *ends, count[None]).tolist()
        for ends, count in (
            ((bounds[run : run + 1], bounds[run + 1 : run + 2]), counts[run]) for run in (0, 1, 28)
        )
    ] == [sorted(runs[run]) for run in (0, 1, 28)]


@given(RUN, st.data())
@settings(deadline=None)
def test_damage_is_refused_or_gives_as_many_rows(run: set[int], data: st.DataObject) -> None:
    written, bounds, counts = write([run])
    places = st.integers(0, len(written) - 1)
    damaged = written.copy()
    damaged[data.draw(places)] = data.draw(st.integers(0, 255))
    counted = counts + data.draw(st.sampled_from([0, 0, 1, 2**32 - 1]))

    try:
        rows = gaps.decode(damaged, bounds[:-1], bounds[1:], counted)
    except ValueError:
        return
    assert len(rows) == counted[0]


def test_runs_beyond_the_end_are_refused() -> None:
    written, bounds, counts = write([{1, 2, 3}])

    with pytest.raises(ValueError, match="runs"):
        gaps.decode(written, bounds[:-1], bounds[1:] + 5, counts)
