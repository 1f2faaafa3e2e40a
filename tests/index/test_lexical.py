import math
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import ModuleType
from typing import Any

import bm25s
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from index import runs, terms
from index.arrays import array_bytes, read_array
from index.errors import CorpusTooLarge
from index.lexical import LexicalIndex

RunPython = Callable[..., subprocess.CompletedProcess[str]]

ROWS = [
    ["le", "visa", "minsk"],
    ["le", "accord", "minsk", "minsk"],
    ["le", "tramway"],
    ["le", "tramway", "accord"],
]
DTYPES = {
    **dict.fromkeys(("runs.npy", "places.npy", "starts.npy", "ends.npy"), "<u4"),
    **dict.fromkeys(("blocks.npy", "lengths.npy"), "<u2"),
    **dict.fromkeys(("counts.npy", "letters.npy", "rows.npy"), "|u1"),
}
TERMS = st.sampled_from(["a", "b", "c", "d", "e", "éa", "12", "越南"])


@pytest.fixture(scope="module")
def index() -> LexicalIndex:
    return LexicalIndex.build(ROWS)


def words(*alternatives: str) -> list[dict[str, float]]:
    """Words of a question: the terms of each, apart by blanks, all of full weight."""
    return [dict.fromkeys(terms.split(), 1.0) for terms in alternatives]


def scores_of(index: LexicalIndex, asked: list[dict[str, float]]) -> NDArray[np.float32]:
    """The score of every row."""
    return index.match(asked).scores(np.arange(len(index)))


def bm25(term: str, row: int, rows: list[list[str]] = ROWS) -> float:
    """BM25 as in Lucene, k1 1.2 and b 0.75, from its definition."""
    holding = sum(term in terms for terms in rows)
    idf = math.log(1 + (len(rows) - holding + 0.5) / (holding + 0.5))
    frequency = rows[row].count(term)
    length = len(rows[row]) * len(rows) / max(1, sum(map(len, rows)))
    return idf * frequency / (frequency + 1.2 * (1 - 0.75 + 0.75 * length))


def test_scores_are_those_of_the_formula(index: LexicalIndex) -> None:
    scores = scores_of(index, words("minsk", "accord"))

    expected = [bm25("minsk", row) + bm25("accord", row) for row in range(len(ROWS))]
    assert scores.dtype == np.float32
    assert scores == pytest.approx(expected, rel=1e-5)


def test_the_row_that_holds_more_of_the_words_comes_first(index: LexicalIndex) -> None:
    scores = scores_of(index, words("minsk", "accord"))

    assert scores.argsort()[::-1].tolist()[0] == 1
    assert scores[2] == 0


def test_a_rare_word_counts_more_than_a_frequent_one(index: LexicalIndex) -> None:
    assert (
        scores_of(index, words("visa"))[0]
        > scores_of(index, words("minsk"))[0]
        > scores_of(index, words("le"))[0]
    )


def test_of_the_alternatives_of_one_word_the_best_counts_alone(index: LexicalIndex) -> None:
    both = scores_of(index, words("minsk accord"))

    expected = [max(bm25("minsk", row), bm25("accord", row)) for row in range(len(ROWS))]
    assert both == pytest.approx(expected, rel=1e-5)


def test_an_alternative_counts_as_much_as_it_weighs(index: LexicalIndex) -> None:
    scores = scores_of(index, [{"minsk": 1.0, "accord": 0.5}])

    expected = [max(bm25("minsk", row), 0.5 * bm25("accord", row)) for row in range(len(ROWS))]
    assert scores == pytest.approx(expected, rel=1e-5)


def test_an_alternative_that_no_row_holds_changes_nothing(index: LexicalIndex) -> None:
    assert np.array_equal(scores_of(index, words("minsk nulle")), scores_of(index, words("minsk")))


@pytest.mark.parametrize("asked", [(), ("inconnu",), ("",), ("inconnu nulle", "")])
def test_unknown_words_give_zeros(index: LexicalIndex, asked: tuple[str, ...]) -> None:
    assert scores_of(index, words(*asked)).tolist() == [0, 0, 0, 0]


def test_a_word_weighs_by_the_rows_that_hold_any_of_its_alternatives(index: LexicalIndex) -> None:
    weights = index.match(words("minsk", "minsk accord", "inconnu", "")).weights

    held = [2, 3, 0, 0]
    assert weights == pytest.approx([math.log(1 + (4.5 - n) / (n + 0.5)) for n in held], rel=1e-5)


def test_a_row_holds_a_word_in_any_of_its_alternatives(index: LexicalIndex) -> None:
    held = index.match(words("minsk", "visa accord", "inconnu")).held(np.array([0, 2, 3]))

    assert held.tolist() == [[True, False, False], [True, False, True], [False, False, False]]


@pytest.mark.parametrize("k", [0, 1, 2, 3, 9])
def test_the_best_rows_come_first_and_those_of_one_score_in_order(k: int) -> None:
    index = LexicalIndex.build([["a"], ["b"], ["a", "a"], ["a"], ["a"]])

    hits = index.match(words("a")).best(k)

    assert [hit.row for hit in hits] == [2, 0, 3, 4][:k]


@pytest.mark.parametrize("rows", [[[]], [[], [], []]])
def test_an_index_of_empty_rows_finds_nothing(rows: list[list[str]]) -> None:
    index = LexicalIndex.build(rows)

    for same in (index, LexicalIndex.from_files(index.to_files())):
        assert len(same) == len(rows)
        assert scores_of(same, words("minsk")).tolist() == [0.0] * len(rows)


def test_an_empty_row_among_others_keeps_its_place() -> None:
    index = LexicalIndex.build([["a"], [], ["b"]])

    assert len(index) == 3
    assert np.flatnonzero(scores_of(index, words("a"))).tolist() == [0]
    assert np.flatnonzero(scores_of(index, words("b"))).tolist() == [2]


def test_what_is_saved_scores_the_same_when_loaded(index: LexicalIndex) -> None:
    loaded = LexicalIndex.from_files(index.to_files())

    assert len(loaded) == len(index)
    for asked in (words("minsk"), words("minsk visa", "le"), words("inconnu")):
        assert np.array_equal(scores_of(loaded, asked), scores_of(index, asked))
        assert np.array_equal(loaded.match(asked).weights, index.match(asked).weights)


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
        ("runs.npy", np.array([0, 1], dtype="<u4")),
        ("runs.npy", np.array([0, 1, 2, 3, 4, 9], dtype="<u4")),
        ("places.npy", np.array([0, 9], dtype="<u4")),
        ("rows.npy", np.array([0, 1, 3], dtype="|u1")),
        ("starts.npy", np.array([0, 9], dtype="<u4")),
        ("rows.npy", np.array([0] * 10, dtype="<i4")),
        ("counts.npy", np.array([1], dtype="|u1")),
        ("lengths.npy", np.array([1], dtype="<u2")),
        ("ends.npy", np.array([1, 2, 3, 4, 5], dtype="<u4")),
    ],
)
def test_parts_that_do_not_fit_together_are_refused_when_opened(
    index: LexicalIndex, name: str, changed: NDArray[Any]
) -> None:
    with pytest.raises(ValueError, match=r"postings|terms|array"):
        LexicalIndex.from_files(index.to_files() | {name: array_bytes(changed)})


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("rows.npy", lambda rows: rows + 4),
        ("rows.npy", lambda rows: rows[::-1]),
        ("runs.npy", lambda runs: runs * (runs == runs.max())),
        ("blocks.npy", lambda blocks: blocks + 1),
        ("places.npy", lambda places: places * (places == places.max())),
        ("starts.npy", lambda starts: starts * (starts == starts.max())),
        ("counts.npy", lambda counts: counts * 0),
        ("counts.npy", lambda counts: counts + 1),
        ("lengths.npy", lambda lengths: lengths + 1),
        ("ends.npy", lambda ends: ends * (ends == ends.max())),
        ("letters.npy", lambda letters: letters[::-1]),
    ],
)
def test_damage_is_found_by_a_check(
    index: LexicalIndex, name: str, change: Callable[[NDArray[Any]], NDArray[Any]]
) -> None:
    files = index.to_files()
    array = read_array(files[name], DTYPES[name])
    changed = array_bytes(change(array).astype(DTYPES[name]))

    with pytest.raises(ValueError, match=r"term|postings|lengths|runs"):
        LexicalIndex.from_files(files | {name: changed}).check()


@pytest.mark.parametrize(
    "name", ["runs.npy", "blocks.npy", "places.npy", "starts.npy", "rows.npy", "ends.npy"]
)
@pytest.mark.parametrize("value", [0, 7, 255, 60_000])
def test_damage_that_nobody_checked_for_does_no_harm(
    index: LexicalIndex, name: str, value: int
) -> None:
    files = index.to_files()
    array = read_array(files[name], DTYPES[name])
    for place in range(len(array) - 1):
        changed = array.copy()
        changed[place] = min(value, np.iinfo(array.dtype).max)
        damaged = LexicalIndex.from_files(files | {name: array_bytes(changed)})

        for term in {term for row in ROWS for term in row}:
            with suppress(ValueError):
                scores_of(damaged, words(term, f"{term} visa"))


def test_what_is_whole_passes_the_check(index: LexicalIndex) -> None:
    index.check()
    LexicalIndex.from_files(index.to_files()).check()
    LexicalIndex.build([]).check()


def test_a_term_said_very_often_counts_as_one_said_255_times() -> None:
    often = LexicalIndex.build([["a"] * 255, ["b"]])
    oftener = LexicalIndex.build([["a"] * 9_000, ["b"]])

    assert often.to_files() == oftener.to_files()


def test_rows_beyond_a_block_are_found() -> None:
    count = 3 * 65_536 + 5
    index = LexicalIndex.build(_Few(count, {65_535, 65_536, count - 1}))

    index.check()
    assert [hit.row for hit in index.match(words("rare")).best(9)] == [65_535, 65_536, count - 1]
    assert len(index.match(words("tous")).best(count)) == count


def test_blocks_that_were_elsewhere_before_are_taken_over() -> None:
    count = 2 * 65_536 + 5
    before = LexicalIndex.build(_Few(count, {1, 65_540}))
    turned = LexicalIndex.build(_Few(count, {count - 2, count - 65_541}))

    taken = LexicalIndex.build(_Few(count), before, np.arange(count)[::-1].copy())

    assert taken.to_files() == turned.to_files()


def test_more_postings_than_are_turned_at_once_are_taken_over_alike() -> None:
    count, changed = 6_000, {0, 4_095, 4_096, 5_999}
    rows = [[f"mot{(row * step) % 997}" for step in range(1, 40)] for row in range(count)]
    later = [["neuf", *row] if place in changed else row for place, row in enumerate(rows)]
    known = np.array([-1 if place in changed else place for place in range(count)])

    taken = LexicalIndex.build(later, LexicalIndex.build(rows), known)

    taken.check()
    assert taken.holding().sum() > 1 << 17
    assert taken.to_files() == LexicalIndex.build(later).to_files()


@pytest.mark.parametrize("module", [runs, terms])
def test_more_words_than_the_places_reach_are_refused_in_a_sentence(
    module: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_PLACES", 7)

    with pytest.raises(CorpusTooLarge, match=r"places of the index, which has 7;.*depeche build"):
        LexicalIndex.build(ROWS)


class _Few(Sequence[list[str]]):
    """Many rows of one term, some of which hold a rare one too."""

    def __init__(self, count: int, rare: set[int] | None = None) -> None:
        self._count = count
        self._rare = rare

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, row):  # type: ignore[no-untyped-def]  # noqa: ANN001,ANN204
        assert self._rare is not None, "a row that is the same was asked for"
        return ["tous", "rare"] if row in self._rare else ["tous"]


@given(st.lists(st.lists(TERMS, min_size=1, max_size=6), min_size=1, max_size=8))
@settings(deadline=None, max_examples=20)
def test_scores_are_those_of_bm25s(rows: list[list[str]]) -> None:
    other = bm25s.BM25(k1=1.2, b=0.75, method="lucene", backend="numpy")
    other.index(rows, create_empty_token=False, show_progress=False)
    index = LexicalIndex.build(rows)

    for term in {term for row in rows for term in row}:
        assert scores_of(index, words(term)) == pytest.approx(other.get_scores([term]), rel=1e-4)


@given(st.lists(st.lists(TERMS, max_size=6), max_size=8), st.data())
@settings(deadline=None, max_examples=100)
def test_what_is_taken_over_from_before_gives_the_same_bytes(
    old: list[list[str]], data: st.DataObject
) -> None:
    fresh = st.tuples(st.just(-1), st.lists(TERMS, max_size=6))
    taken = st.sampled_from(list(enumerate(old))) if old else fresh
    rows = data.draw(st.lists(fresh | taken, max_size=8))
    before = LexicalIndex.build(old)

    known = np.array([row for row, _terms in rows], dtype=np.int64)
    again = LexicalIndex.build([terms if row < 0 else [] for row, terms in rows], before, known)

    assert again.to_files() == LexicalIndex.build([terms for _row, terms in rows]).to_files()


@given(
    st.lists(st.lists(TERMS, max_size=6), min_size=1, max_size=8),
    st.lists(st.dictionaries(TERMS, st.sampled_from([1.0, 0.5, 0.25]), max_size=3), max_size=4),
)
@settings(deadline=None, max_examples=100)
def test_all_that_is_asked_of_matches_agrees_with_the_scores(
    rows: list[list[str]], asked: list[dict[str, float]]
) -> None:
    matches = LexicalIndex.build(rows).match(asked)
    everywhere = np.arange(len(rows))

    scores = matches.scores(everywhere)

    ranked = sorted((row for row in everywhere if scores[row] > 0), key=lambda r: (-scores[r], r))
    assert [hit.row for hit in matches.best(3)] == ranked[:3]
    held = [[bool(set(terms) & set(row)) for row in rows] for terms in asked]
    assert matches.held(everywhere).tolist() == held
    counts = [sum(of_word) for of_word in held]
    idfs = [math.log(1 + (len(rows) - count + 0.5) / (count + 0.5)) for count in counts]
    assert matches.weights.tolist() == pytest.approx(idfs, rel=1e-5)


@given(st.lists(st.lists(TERMS, max_size=6), min_size=1, max_size=8), st.lists(TERMS, max_size=4))
@settings(deadline=None, max_examples=50)
def test_any_rows_score_as_the_formula_says(rows: list[list[str]], asked: list[str]) -> None:
    index = LexicalIndex.build(rows)

    scores = scores_of(index, words(*asked))

    expected = [sum(bm25(word, row, rows) for word in asked) for row in range(len(rows))]
    assert scores.tolist() == pytest.approx(expected, rel=1e-4, abs=1e-6)
