import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.types import Hit, Vectors
from index.vectors import VectorIndex

# three directions of a plane, 0, 90 and 45 degrees, and the first once more
PLANE = np.array([[1, 0], [0, 1], [0.5**0.5, 0.5**0.5], [1, 0]], dtype=np.float32)

# a number of a unit vector as float16 is wrong by a 4,096th at most
TOLERANCE = 1e-3
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
    assert [hit.score for hit in hits] == pytest.approx([1, 1, 0.5**0.5, 0], abs=TOLERANCE)


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
    assert index.vectors([2, 0, 2]) == pytest.approx(PLANE[[2, 0, 2]], abs=TOLERANCE)
    assert index.vectors([]).shape == (0, 2)


def test_the_index_knows_its_size(index: VectorIndex) -> None:
    assert (len(index), index.dimension) == (4, 2)


@pytest.mark.parametrize("width", [1, 3])
def test_a_vector_of_another_width_is_refused(index: VectorIndex, width: int) -> None:
    with pytest.raises(ValueError, match=f"shape \\({width},\\)"):
        index.search(np.ones(width, dtype=np.float32), 1)


def test_what_is_saved_searches_the_same_when_loaded() -> None:
    index = VectorIndex.build(unit_vectors(100, 16))

    loaded = VectorIndex.from_files(index.to_files())

    assert (len(loaded), loaded.dimension) == (100, 16)
    assert np.array_equal(loaded.vectors(range(100)), index.vectors(range(100)))
    for vector in unit_vectors(5, 16, seed=1):
        assert loaded.search(vector, 10) == index.search(vector, 10)


def test_the_same_vectors_are_saved_as_the_same_bytes() -> None:
    first, second = (VectorIndex.build(unit_vectors(20, 8)).to_files() for _ in range(2))

    assert first == second


def test_what_is_opened_is_read_where_it_lies() -> None:
    files = {name: memoryview(data) for name, data in VectorIndex.build(PLANE).to_files().items()}

    opened = VectorIndex.from_files(files)

    assert opened.to_files()["vectors.npy"] is files["vectors.npy"]


def test_vectors_come_in_pieces_of_any_size() -> None:
    vectors = unit_vectors(100, 16)
    pieces = (vectors[first:after] for first, after in [(0, 7), (7, 7), (7, 99), (99, 100)])

    index = VectorIndex.build_from(pieces, 100, 16)

    assert index.to_files() == VectorIndex.build(vectors).to_files()


@pytest.mark.parametrize("rows", [3, 5])
def test_more_or_fewer_vectors_than_were_told_are_refused(rows: int) -> None:
    with pytest.raises(ValueError, match=str(rows)):
        VectorIndex.build_from([PLANE], rows, 2)


@pytest.mark.parametrize("row", [-1, 4, 2**40])
def test_rows_that_are_not_there_are_refused(index: VectorIndex, row: int) -> None:
    with pytest.raises(ValueError, match="of 4"):
        index.vectors([0, row])
    with pytest.raises(ValueError, match="of 4"):
        index.search(EAST, 1, np.array([0, row]))


def test_of_many_equal_rows_the_first_are_found() -> None:
    index = VectorIndex.build(np.repeat(EAST[None, :], 20_000, axis=0))

    assert rows(index.search(EAST, 3)) == [0, 1, 2]
    assert rows(index.search(EAST, 3, np.arange(19_999, 99, -1))) == [100, 101, 102]


def test_what_is_no_number_is_never_found() -> None:
    index = VectorIndex.build(np.array([[np.nan, 1], [1, 0]], dtype=np.float32))

    assert rows(index.search(EAST, 2)) == [1]
    assert index.search(np.array([np.nan, 0], dtype=np.float32), 2) == []


def test_the_check_names_each_row_that_is_no_unit_vector() -> None:
    index = VectorIndex.build(np.array([[np.nan, 1], [1, 0], [2, 0]], dtype=np.float32))

    assert list(index.check()) == [
        "the vector of the row 0 has the length nan",
        "the vector of the row 2 has the length 2.0000",
    ]


def test_an_exact_search_finds_all_it_should(index: VectorIndex) -> None:
    assert (index.recall, index.shortlist) == (1.0, 0)


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
    assert [hit.score for hit in hits] == pytest.approx(cosines[best].tolist(), abs=TOLERANCE)
    assert hits == sorted(hits, key=lambda hit: (-hit.score, hit.row))
