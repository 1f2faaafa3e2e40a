import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.types import Hit, Vectors
from index.vectors import VectorIndex

# three directions of a plane, 0, 90 and 45 degrees, and the first once more
PLANE = np.array([[1, 0], [0, 1], [0.5**0.5, 0.5**0.5], [1, 0]], dtype=np.float32)
EAST = np.array([1, 0], dtype=np.float32)


def unit_vectors(count: int, dimension: int, seed: int = 0) -> Vectors:
    vectors = np.random.default_rng(seed).normal(size=(count, dimension))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def rows(hits: list[Hit]) -> list[int]:
    return [hit.row for hit in hits]


@pytest.fixture(scope="module")
def index() -> VectorIndex:
    return VectorIndex.build(PLANE)


def test_hits_come_best_first_with_their_cosine(index: VectorIndex) -> None:
    hits = index.search(EAST, 4)

    assert rows(hits) == [0, 3, 2, 1]
    assert [hit.score for hit in hits] == pytest.approx([1, 1, 0.5**0.5, 0])


def test_equal_scores_come_in_order_of_row() -> None:
    index = VectorIndex.build(np.repeat(EAST[None, :], 50, axis=0))

    assert rows(index.search(EAST, 50)) == list(range(50))


def test_k_larger_than_the_index_gives_every_row_once(index: VectorIndex) -> None:
    assert rows(index.search(EAST, 1000)) == [0, 3, 2, 1]


@pytest.mark.parametrize("k", [0, -1])
def test_no_rows_asked_for_are_no_hits(index: VectorIndex, k: int) -> None:
    assert index.search(EAST, k) == []


def test_only_the_rows_named_are_searched(index: VectorIndex) -> None:
    assert rows(index.search(EAST, 4, np.array([1, 2]))) == [2, 1]
    assert rows(index.search(EAST, 1, np.array([1, 2]))) == [2]
    assert rows(index.search(EAST, 4, np.array([3, 0]))) == [0, 3]
    assert index.search(EAST, 4, np.array([], dtype=np.int64)) == []


def test_vectors_come_back_by_row_in_the_order_asked(index: VectorIndex) -> None:
    assert np.array_equal(index.vectors([2, 0, 2]), PLANE[[2, 0, 2]])
    assert index.vectors([]).shape == (0, 2)


def test_the_index_knows_its_size(index: VectorIndex) -> None:
    assert (len(index), index.dimension) == (4, 2)


@pytest.mark.parametrize("width", [1, 3])
def test_a_vector_of_another_width_is_refused(index: VectorIndex, width: int) -> None:
    with pytest.raises((ValueError, AssertionError)):
        index.search(np.ones(width, dtype=np.float32), 1)


def test_what_is_saved_searches_the_same_when_loaded() -> None:
    index = VectorIndex.build(unit_vectors(100, 16))

    loaded = VectorIndex.from_bytes(index.to_bytes())

    assert (len(loaded), loaded.dimension) == (100, 16)
    assert np.array_equal(loaded.vectors(range(100)), index.vectors(range(100)))
    for vector in unit_vectors(5, 16, seed=1):
        assert loaded.search(vector, 10) == index.search(vector, 10)


def test_the_same_vectors_are_saved_as_the_same_bytes() -> None:
    first, second = (VectorIndex.build(unit_vectors(20, 8)).to_bytes() for _ in range(2))

    assert first == second


def test_vectors_of_another_layout_are_taken(index: VectorIndex) -> None:
    transposed = VectorIndex.build(np.asfortranarray(PLANE))

    assert transposed.search(EAST, 4) == index.search(EAST, 4)


@given(
    seed=st.integers(0, 1000),
    count=st.integers(1, 40),
    k=st.integers(1, 50),
    chosen=st.none() | st.lists(st.integers(0, 39), unique=True),
)
@settings(deadline=None)
def test_the_search_finds_what_comparing_with_every_row_finds(
    seed: int, count: int, k: int, chosen: list[int] | None
) -> None:
    vectors = unit_vectors(count, 8, seed)
    vectors[count // 2] = vectors[0]
    question = unit_vectors(1, 8, seed + 1)[0]
    among = None if chosen is None else [row for row in chosen if row < count]

    hits = VectorIndex.build(vectors).search(
        question, k, None if among is None else np.array(among, dtype=np.int64)
    )

    candidates = range(count) if among is None else among
    cosines = vectors @ question
    best = sorted(candidates, key=lambda row: (-cosines[row], row))[:k]
    assert len(set(rows(hits))) == len(hits) == len(best)
    assert set(rows(hits)) <= set(candidates)
    assert [hit.score for hit in hits] == pytest.approx(cosines[best].tolist(), abs=1e-6)
    assert hits == sorted(hits, key=lambda hit: (-hit.score, hit.row))
