import math
import subprocess
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.arrays import array_bytes
from index.lexical import LexicalIndex

RunPython = Callable[..., subprocess.CompletedProcess[str]]

ROWS = [
    ["le", "visa", "minsk"],
    ["le", "accord", "minsk", "minsk"],
    ["le", "tramway"],
    ["le", "tramway", "accord"],
]
TERMS = st.sampled_from(["a", "b", "c", "d", "e", "éa", "12", "越南"])


@pytest.fixture(scope="module")
def index() -> LexicalIndex:
    return LexicalIndex.build(ROWS)


def words(*alternatives: str) -> list[dict[str, float]]:
    """Words of a question: the terms of each, apart by blanks, all of full weight."""
    return [dict.fromkeys(terms.split(), 1.0) for terms in alternatives]


def bm25(term: str, row: int, rows: list[list[str]] = ROWS) -> float:
    """BM25 as in Lucene, k1 1.2 and b 0.75, from its definition."""
    holding = sum(term in terms for terms in rows)
    idf = math.log(1 + (len(rows) - holding + 0.5) / (holding + 0.5))
    frequency = rows[row].count(term)
    length = len(rows[row]) / (sum(map(len, rows)) / len(rows))
    return idf * frequency / (frequency + 1.2 * (1 - 0.75 + 0.75 * length))


def test_scores_are_those_of_the_formula(index: LexicalIndex) -> None:
    scores = index.scores(words("minsk", "accord"))

    expected = [bm25("minsk", row) + bm25("accord", row) for row in range(len(ROWS))]
    assert scores.dtype == np.float32
    assert scores == pytest.approx(expected, rel=1e-5)


def test_the_row_that_holds_more_of_the_words_comes_first(index: LexicalIndex) -> None:
    scores = index.scores(words("minsk", "accord"))

    assert scores.argsort()[::-1].tolist()[0] == 1
    assert scores[2] == 0


def test_a_rare_word_counts_more_than_a_frequent_one(index: LexicalIndex) -> None:
    assert (
        index.scores(words("visa"))[0]
        > index.scores(words("minsk"))[0]
        > index.scores(words("le"))[0]
    )


def test_of_the_alternatives_of_one_word_the_best_counts_alone(index: LexicalIndex) -> None:
    both = index.scores(words("minsk accord"))

    expected = [max(bm25("minsk", row), bm25("accord", row)) for row in range(len(ROWS))]
    assert both == pytest.approx(expected, rel=1e-5)


def test_an_alternative_counts_as_much_as_it_weighs(index: LexicalIndex) -> None:
    scores = index.scores([{"minsk": 1.0, "accord": 0.5}])

    expected = [max(bm25("minsk", row), 0.5 * bm25("accord", row)) for row in range(len(ROWS))]
    assert scores == pytest.approx(expected, rel=1e-5)


def test_an_alternative_that_no_row_holds_changes_nothing(index: LexicalIndex) -> None:
    assert np.array_equal(index.scores(words("minsk nulle")), index.scores(words("minsk")))


@pytest.mark.parametrize("asked", [(), ("inconnu",), ("",), ("inconnu nulle", "")])
def test_unknown_words_give_zeros(index: LexicalIndex, asked: tuple[str, ...]) -> None:
    assert index.scores(words(*asked)).tolist() == [0, 0, 0, 0]


def test_rows_are_counted_once_for_all_alternatives(index: LexicalIndex) -> None:
    assert index.row_count(["minsk"]) == 2
    assert index.row_count(["accord"]) == 2
    assert index.row_count(["minsk", "accord"]) == 3
    assert index.row_count(["inconnu"]) == 0
    assert index.row_count([]) == 0


@pytest.mark.parametrize("rows", [[[]], [[], [], []]])
def test_an_index_of_empty_rows_finds_nothing(rows: list[list[str]]) -> None:
    index = LexicalIndex.build(rows)

    for same in (index, LexicalIndex.from_files(index.to_files())):
        assert len(same) == len(rows)
        assert same.scores(words("minsk")).tolist() == [0.0] * len(rows)


def test_an_empty_row_among_others_keeps_its_place() -> None:
    index = LexicalIndex.build([["a"], [], ["b"]])

    assert len(index) == 3
    assert np.flatnonzero(index.scores(words("a"))).tolist() == [0]
    assert np.flatnonzero(index.scores(words("b"))).tolist() == [2]


def test_what_is_saved_scores_the_same_when_loaded(index: LexicalIndex) -> None:
    loaded = LexicalIndex.from_files(index.to_files())

    assert len(loaded) == len(index)
    for asked in (words("minsk"), words("minsk visa", "le"), words("inconnu")):
        assert np.array_equal(loaded.scores(asked), index.scores(asked))
        assert [loaded.row_count(word) for word in asked] == [
            index.row_count(word) for word in asked
        ]


def test_the_same_rows_are_saved_as_the_same_bytes() -> None:
    first, second = (LexicalIndex.build(ROWS).to_files() for _ in range(2))

    assert first == second


def test_another_process_saves_the_same_bytes(run_python: RunPython) -> None:
    program = (
        "from hashlib import sha256\nfrom index.lexical import LexicalIndex\n"
        "rows = [['le', 'visa', 'minsk'], ['tram', 'le'], ['été']]\n"
        "files = LexicalIndex.build(rows).to_files()\n"
        "print(*(sha256(data).hexdigest() for data in files.values()))"
    )

    ended = [run_python("-c", program, PYTHONHASHSEED=seed) for seed in ("1", "2", "3")]

    assert [run.returncode for run in ended] == [0, 0, 0]
    assert len({run.stdout for run in ended}) == 1


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("starts.npy", np.array([0, 2, 1, 3, 4, 5], dtype="<i8")),
        ("starts.npy", np.array([0, 1], dtype="<i8")),
        ("rows.npy", np.array([0, 1, 4], dtype="<i4")),
        ("rows.npy", np.array([-1] * 12, dtype="<i4")),
        ("rows.npy", np.array([9] * 12, dtype="<i4")),
        ("scores.npy", np.array([np.nan] * 12, dtype="<f4")),
        ("scores.npy", np.array([1.0] * 12, dtype="<f8")),
    ],
)
def test_postings_that_lead_out_are_refused(
    index: LexicalIndex, name: str, changed: NDArray[Any]
) -> None:
    with pytest.raises(ValueError, match=r"postings|scores|array"):
        LexicalIndex.from_files(index.to_files() | {name: array_bytes(changed)})


@given(st.lists(st.lists(TERMS, max_size=6), min_size=1, max_size=8), st.lists(TERMS, max_size=4))
@settings(deadline=None, max_examples=50)
def test_any_rows_score_as_the_formula_says(rows: list[list[str]], asked: list[str]) -> None:
    index = LexicalIndex.build(rows)

    scores = index.scores(words(*asked))

    # an empty row is indexed with one placeholder, which counts in the mean length
    filled = [terms or ["\0"] for terms in rows]
    expected = [sum(bm25(word, row, filled) for word in asked) for row in range(len(rows))]
    assert scores.tolist() == pytest.approx(expected, rel=1e-4, abs=1e-6)
