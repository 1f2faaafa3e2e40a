"""What is found in Milvus is what is found on a disk."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.address import Address
from index.milvus.snapshots import open_store
from index.store import Store
from index.types import Article, DateRange, YearlessRange

_SAID = (
    "accord signé Hanoï Minsk ministre visite coopération usine tracteur lait le la des 12 mai "
    "signature signer protocole 2025 3 juin 31 décembre 2024 mercredi janvier printemps"
)
_WORDS = sorted(set(_SAID.split()))
_ARTICLES = st.lists(
    st.tuples(
        st.lists(st.sampled_from(_WORDS), min_size=3, max_size=60).map(" ".join),
        st.dates(date(2023, 1, 1), date(2026, 12, 31)) | st.none(),
        st.sampled_from(["fr", "en"]),
    ),
    min_size=1,
    max_size=12,
)


def _questions(store: Store) -> st.SearchStrategy[list[dict[str, float]]]:
    """Words of questions: each has terms of the store, and some that no row holds."""
    terms = [term.decode() for term in store.lexical.terms]
    weights = st.sampled_from([1.0, 0.8, 0.55])
    word = st.dictionaries(st.sampled_from([*terms, "nowhere"]), weights, max_size=4)
    return st.lists(word, max_size=5)


_DAYS = [
    DateRange.day(date(2025, 5, 12)),
    DateRange.month(2025, 5),
    DateRange.year(2024),
    DateRange(date.min, date.max),
]
_YEARLESS = [YearlessRange((5, 12), (5, 12)), YearlessRange((12, 20), (1, 5))]


def _corpus(told: Sequence[tuple[str, date | None, str]]) -> list[Article]:
    return [
        Article(
            id=f"{number % 3}/{number}.txt",
            title=f"Titre {number}",
            text=text,
            published=DateRange.day(day) if day else None,
            source=f"agence {number % 2}",
            language=language,
        )
        for number, (text, day, language) in enumerate(told)
    ]


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(told=_ARTICLES, data=st.data())
def test_both_sides_dates_and_articles_are_those_of_the_local_store(
    told: list[tuple[str, date | None, str]],
    data: st.DataObject,
    make_content: Callable[..., Store],
    new_address: Callable[[], Address],
    put: Callable[..., str],
) -> None:
    local, address = make_content(*_corpus(told)), new_address()
    put(address, local)
    served = open_store(address)
    rows = np.array(
        sorted(data.draw(st.sets(st.integers(0, len(local.chunks) - 1)))), dtype=np.int64
    )

    assert list(served.articles) == list(local.articles)
    assert list(served.chunks) == list(local.chunks)
    assert [one.id for one in served.heads()] == [one.id for one in local.heads()]
    assert served.languages == local.languages
    assert list(served.years) == list(local.years)
    assert served.days.tolist() == local.days.tolist()
    assert served.published.tolist() == local.published.tolist()
    _compare_dates(served, local)
    _compare_dense(served, local, rows)
    for _ in range(4):
        _compare_words(served, local, data.draw(_questions(local)), rows)
    for phrase in ("accord signé", "hanoi", "lait", "nulle part"):
        assert served.articles_holding(phrase).tolist() == local.articles_holding(phrase).tolist()


def _compare_dates(served: Store, local: Store) -> None:
    for days in _DAYS:
        assert served.dates.rows_naming(days).tolist() == local.dates.rows_naming(days).tolist()
    for yearless in _YEARLESS:
        found = served.dates.rows_naming_yearless(yearless)
        assert found.tolist() == local.dates.rows_naming_yearless(yearless).tolist()
    for row in range(len(local.chunks)):
        assert served.dates.of_row(row) == local.dates.of_row(row)


def _compare_dense(served: Store, local: Store, rows: np.ndarray) -> None:
    vector = np.asarray(np.eye(8, dtype=np.float32)[0])
    for k, among in ((1, None), (5, None), (5, rows), (100, rows), (0, None)):
        known, found = (store.search_dense(vector, k, among) for store in (local, served))
        assert [hit.row for hit in found] == [hit.row for hit in known]
        assert [hit.score for hit in found] == pytest.approx([hit.score for hit in known])
    assert served.score_dense(vector, rows) == pytest.approx(local.score_dense(vector, rows))


def _compare_words(
    served: Store, local: Store, words: Sequence[Mapping[str, float]], rows: np.ndarray
) -> None:
    known, found = (store.match_words(words) for store in (local, served))
    everywhere = np.arange(len(local.chunks))
    assert found.weights.tolist() == known.weights.tolist()
    assert found.scores(everywhere).tolist() == known.scores(everywhere).tolist()
    assert found.held(everywhere).tolist() == known.held(everywhere).tolist()
    for k, among in ((1, None), (4, None), (4, rows), (100, None), (0, None)):
        assert found.best(k, among) == known.best(k, among)
