"""A search that does not compare every row: what it finds, and what any bytes do to it."""

import random
import threading
from collections.abc import Callable
from subprocess import CompletedProcess

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from index import vectors as dense
from index.types import Vectors
from index.vectors import VectorIndex
from index.vectors.sketch import Sketch

RunPython = Callable[..., CompletedProcess[str]]

DIMENSION = 64
ROWS = 6000


def clustered(rows: int, seed: int) -> Vectors:
    """Return vectors as an embedder makes them: near one direction, around 50 topics."""
    topics = 3 * np.eye(DIMENSION)[0] + np.random.default_rng(0).normal(size=(50, DIMENSION)) / 4
    chance = np.random.default_rng(seed)
    vectors = topics[chance.integers(50, size=rows)] + chance.normal(size=(rows, DIMENSION)) / 8
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float32)


VECTORS = clustered(ROWS, 1)
QUESTIONS = clustered(50, 2)


@pytest.fixture(scope="module")
def exact() -> VectorIndex:
    return VectorIndex.build(VECTORS)


@pytest.fixture(scope="module")
def sketched() -> VectorIndex:
    return VectorIndex.build(VECTORS, exact_rows=100)


@pytest.fixture
def strict_filters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let filters be searched by sketches too, though they leave few rows."""
    monkeypatch.setattr(dense, "EXACT_ALLOWED", 50)


def found_share(
    exact: VectorIndex, sketched: VectorIndex, rows: NDArray[np.int64] | None = None
) -> float:
    """Return the share of the nearest ten that the sketches find."""
    shares = []
    for question in QUESTIONS:
        nearest = {hit.row for hit in exact.search(question, 10, rows)}
        found = {hit.row for hit in sketched.search(question, 10, rows)}
        shares.append(len(nearest & found) / len(nearest))
    return float(np.mean(shares))


def test_the_nearest_ten_are_found_as_often_as_was_measured(
    exact: VectorIndex, sketched: VectorIndex
) -> None:
    assert sketched.shortlist > 0
    assert sketched.recall >= 0.99
    assert found_share(exact, sketched) >= 0.98


@pytest.mark.usefixtures("strict_filters")
@pytest.mark.parametrize("share", [0.01, 0.1, 0.5, 1])
def test_among_some_rows_the_nearest_ten_are_found_as_well(
    exact: VectorIndex, sketched: VectorIndex, share: float
) -> None:
    chosen = np.flatnonzero(np.random.default_rng(3).random(ROWS) < share)

    assert found_share(exact, sketched, chosen) >= 0.98


@pytest.mark.usefixtures("strict_filters")
def test_the_rows_farthest_from_a_question_are_found_when_only_they_may_be(
    exact: VectorIndex, sketched: VectorIndex
) -> None:
    for question in QUESTIONS[:10]:
        far = np.sort(np.argsort(VECTORS @ question)[:300])

        assert sketched.search(question, 10, far) == exact.search(question, 10, far)


@pytest.mark.parametrize("share", [0.05, 0.2, 0.7, 1])
def test_an_exact_search_among_any_rows_is_exact(exact: VectorIndex, share: float) -> None:
    chosen = np.flatnonzero(np.random.default_rng(4).random(ROWS) < share)
    for question in QUESTIONS[:10]:
        among = set(chosen.tolist())
        best = [hit for hit in exact.search(question, ROWS) if hit.row in among]

        assert exact.search(question, 10, chosen) == best[:10]
        assert exact.search(question, ROWS, chosen) == best
        far = np.sort(np.array([hit.row for hit in best[-len(best) // 2 :]]))
        assert exact.search(question, 3, far)[0].score == best[len(best) // 2].score


def test_a_hit_has_the_score_of_an_exact_search(exact: VectorIndex, sketched: VectorIndex) -> None:
    for question in QUESTIONS:
        scores = {hit.row: hit.score for hit in exact.search(question, ROWS)}
        hits = sketched.search(question, 20)
        assert hits == sorted(hits, key=lambda hit: (-hit.score, hit.row))
        assert all(hit.score == scores[hit.row] for hit in hits)


@given(row=st.integers(0, ROWS - 1))
@settings(deadline=None, max_examples=50)
def test_each_row_finds_itself_first(sketched: VectorIndex, row: int) -> None:
    (hit,) = sketched.search(VECTORS[row], 1)

    assert hit.row == row
    assert hit.score == pytest.approx(1, abs=1e-3)


def test_as_many_rows_as_there_are_can_be_asked_for(sketched: VectorIndex) -> None:
    assert sorted(hit.row for hit in sketched.search(QUESTIONS[0], 2 * ROWS)) == list(range(ROWS))


def test_what_is_saved_searches_the_same_when_opened(sketched: VectorIndex) -> None:
    opened = VectorIndex.from_files(sketched.to_files())

    assert (opened.recall, opened.shortlist) == (sketched.recall, sketched.shortlist)
    assert opened.to_files() == sketched.to_files()
    for question in QUESTIONS:
        assert opened.search(question, 10) == sketched.search(question, 10)


def test_files_are_named_in_order(exact: VectorIndex, sketched: VectorIndex) -> None:
    assert sorted(sketched.to_files()) == sorted(exact.to_files()) == list(dense.FILES)


def test_the_same_vectors_make_the_same_files_whatever_the_threads_and_the_processor(
    run_python: RunPython,
) -> None:
    program = (
        "import sys; sys.path.insert(0, 'tests/index')\n"
        "from hashlib import sha256\n"
        "from test_vector_sketches import VECTORS, VectorIndex\n"
        "files = VectorIndex.build(VECTORS, exact_rows=100).to_files()\n"
        "print(*(sha256(files[name]).hexdigest() for name in sorted(files)))\n"
    )
    ended = [
        run_python("-c", program, **environment)
        for environment in (
            {"OMP_NUM_THREADS": "1"},
            {"OMP_NUM_THREADS": "2"},
            {"FAISS_SIMD_LEVEL": "NONE"},  # no instructions but those that every processor has
        )
    ]

    assert [one.returncode for one in ended] == [0, 0, 0], ended[-1].stderr
    assert len({one.stdout for one in ended}) == 1


def test_vectors_that_no_sketch_tells_apart_are_all_compared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(dense, "_SHORTLISTS", (1,))
    index = VectorIndex.build(VECTORS, exact_rows=100)

    assert (index.recall, index.shortlist) == (1.0, 0)
    assert (
        index.to_files()["vectors.sketch.npy"]
        == VectorIndex.build(VECTORS).to_files()["vectors.sketch.npy"]
    )


def test_many_threads_find_what_one_finds(sketched: VectorIndex) -> None:
    alone = [sketched.search(question, 10) for question in QUESTIONS]
    wrong: list[int] = []

    def ask() -> None:
        for place in random.sample(range(len(QUESTIONS)), len(QUESTIONS)):
            if sketched.search(QUESTIONS[place], 10) != alone[place]:
                wrong.append(place)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []


def test_sketches_of_other_vectors_are_refused_or_told(sketched: VectorIndex) -> None:
    files = sketched.to_files()
    others = VectorIndex.build(VECTORS[::-1], exact_rows=100).to_files()
    middle = VECTORS.copy()
    middle[2000:4000] = VECTORS[4000:]
    swapped = VectorIndex.build(middle, exact_rows=100).to_files()

    with pytest.raises(ValueError, match="of other vectors"):
        VectorIndex.from_files(files | {"vectors.sketch.npy": others["vectors.sketch.npy"]})
    opened = VectorIndex.from_files(swapped | {"vectors.npy": files["vectors.npy"]})
    assert list(opened.check()) == ["the sketches of the rows 0 to 5999 are not theirs"]
    assert list(sketched.check()) == []


def test_sketches_of_another_number_of_rows_are_refused(sketched: VectorIndex) -> None:
    files = sketched.to_files()
    fewer = VectorIndex.build(VECTORS[:3000], exact_rows=100).to_files()

    with pytest.raises(ValueError, match="bytes of sketches for 6000 rows"):
        VectorIndex.from_files(files | {"vectors.sketch.npy": fewer["vectors.sketch.npy"]})


@pytest.mark.parametrize(
    "search",
    [b"", b"{}", b"[" * 200, b'{"recall": 2.0, "shortlist": 0}', b"\xff", b" " * 300]
    + [b'{"recall": 0.99, "shortlist": %s}' % count for count in (b"-1", b"7", b'"1000"', b"1e3")],
)
def test_a_search_that_is_none_is_refused(sketched: VectorIndex, search: bytes) -> None:
    with pytest.raises(ValueError, match=r".*"):
        VectorIndex.from_files(sketched.to_files() | {"vectors.json": search})


FUZZED = """
import random, sys
sys.path.insert(0, "tests/index")
import numpy as np
from test_vector_sketches import QUESTIONS, VECTORS, VectorIndex
chance = random.Random(5)
some = np.arange(0, 500, 3)
kept = [VectorIndex.build(VECTORS[:700], exact_rows=rows).to_files() for rows in (100, 9999)]
opened = refused = 0
for turn in range(600):
    files = {name: bytearray(data) for name, data in kept[turn % 2].items()}
    name = chance.choice([*files, "vectors.npy", "vectors.sketch.npy"])
    data = files[name]
    how = chance.randrange(8)
    if how == 0 and data:
        del data[chance.randrange(len(data)) :]
    elif how == 1:
        data += chance.randbytes(chance.randrange(1, 100))
    elif how == 2:
        files[name] = files[chance.choice(sorted(files))]
    else:
        place = chance.choice([128, len(data) + 1, len(data) + 1])
        for _ in range(chance.choice([1, 20, 2000])):
            if data:
                data[chance.randrange(min(place, len(data)))] = chance.randrange(256)
    try:
        index = VectorIndex.from_files({name: bytes(data) for name, data in files.items()})
    except ValueError:
        refused += 1
        continue
    opened += 1
    for question in QUESTIONS[:3]:
        for rows in (None, some[some < len(index)]):
            if index.dimension == len(question):
                assert all(0 <= hit.row < len(index) for hit in index.search(question, 10, rows))
    list(index.check())
print(opened, refused)
"""


def test_any_bytes_are_refused_or_searched_without_harm(run_python: RunPython) -> None:
    """600 mutations, in a process of its own: FAISS would take it down."""
    ended = run_python("-W", "ignore", "-c", FUZZED)

    assert ended.returncode == 0, ended.stderr
    opened, refused = map(int, ended.stdout.split())
    assert opened + refused == 600
    assert min(opened, refused) > 50


def test_a_sketch_needs_rows() -> None:
    with pytest.raises(ValueError, match="for 0 rows"):
        Sketch(np.zeros(8, dtype=np.float32), np.zeros(0, dtype=np.uint8), 0)
