from collections.abc import Callable
from dataclasses import replace
from datetime import date
from math import log
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.snapshot import open_snapshot
from index.store import Store
from index.tokens import analyse_query
from index.types import Article, DateRange, YearlessRange
from qa.evidence import is_short
from qa.fuse import Candidates
from qa.retrieval import Query, Stretch, find_candidates, is_foreign, prepare, undated
from qa.settings import DEFAULT
from qa.types import AskedDate, Question, Relation
from qa.understand.asked_dates import find_asked_dates

if TYPE_CHECKING:
    from index.embed import DefaultEmbedder

# one row each; "gare" stands in three of the five, "notaire" in one
TRAMWAY, MARKET, MUSEUM, NOTARY, STATION = range(5)
ARTICLES = (
    ("Le tramway relie la gare au port.", "2021-05-12", "fr"),
    ("Le marché couvert est derrière la gare.", "2022-05-12", "fr"),
    ("The museum shows old tapestries.", "2023-05-12", "en"),
    ("Le notaire avare quitte la scène.", "2024-05-12", "fr"),
    ("La gare a une horloge neuve.", "2025-05-20", "fr"),
)


@pytest.fixture(scope="module")
def store(make_content: Callable[..., Store]) -> Store:
    return make_content(
        *(
            Article(f"{row}.txt", "Nouvelles", text, DateRange.parse(day), language=language)
            for row, (text, day, language) in enumerate(ARTICLES)
        )
    )


def asks(text: str, language: str = "fr") -> Question:
    return Question(text, text, language, find_asked_dates(text, language, date(2026, 1, 1)))


def find(
    store: Store, question: Question, k: int = 100, near: int = 0, allowed: list[int] | None = None
) -> Candidates:
    """Find the candidates for a question whose vector is that of the row `near`."""
    text = undated(question) or question.text
    words = analyse_query(text, question.language, store.languages)
    vector = store.vectors.vectors([near])[0]
    query = Query(question, text, vector, words, store.match_words(words))
    rows = None if allowed is None else np.array(allowed, dtype=np.int64)
    return find_candidates(query, store, replace(DEFAULT, candidates=k), rows)


def test_a_row_of_the_day_asked_for_is_a_candidate_though_neither_side_finds_it(
    store: Store,
) -> None:
    texts = ["", "le 12 mai 2024", "le 12 mai 2025", "en mai 2025"]
    rows = [find(store, asks(f"Que vend le marché {text}?"), k=1).rows.tolist() for text in texts]

    assert rows[0] == rows[2] == [TRAMWAY, MARKET]  # no row is of 12 May 2025
    assert rows[1] == [TRAMWAY, MARKET, NOTARY]
    assert rows[3] == [TRAMWAY, MARKET, STATION]


@settings(deadline=None)
@given(
    text=st.sampled_from(
        ["Où est la gare ?", "la gare le 12 mai 2024", "12 mai", "en 2024", "Qui"]
    ),
    near=st.integers(0, 4),
    k=st.integers(1, 6),
    allowed=st.none() | st.lists(st.integers(0, 4), unique=True).map(sorted),
)
def test_candidates_are_rows_let_through_each_once(
    store: Store, text: str, near: int, k: int, allowed: list[int] | None
) -> None:
    found = find(store, asks(text), k, near, allowed)
    let_through = set(range(5) if allowed is None else allowed)

    assert found.rows.tolist() == sorted(set(found.rows.tolist()) & let_through)
    # the nearest are always found, if there are as many
    assert min(k, len(let_through)) <= len(found.rows) <= 4 * k
    for share in (found.coverage, found.dates, found.short_dates):
        assert ((share >= 0) & (share <= 1 + 1e-6)).all()


@pytest.mark.parametrize(("language", "native"), [("fr", [0, 1, 3, 4]), ("en", [2]), ("de", [])])
def test_a_row_is_native_where_its_article_is_in_the_language_of_the_question(
    store: Store, language: str, native: list[int]
) -> None:
    assert np.flatnonzero(find(store, asks("tramway", language)).native).tolist() == native


@pytest.mark.parametrize(
    ("asked", "dates", "short_dates"),
    [
        pytest.param("", [], [], id="no date"),
        pytest.param("le 12 mai 2024", [NOTARY], [NOTARY], id="a day"),
        pytest.param("en mai 2025", [STATION], [STATION], id="a month"),
        pytest.param("en 2024", [NOTARY], [], id="a year is not short"),
        pytest.param("depuis mai 2024", [NOTARY, STATION], [], id="nor is all that followed"),
        pytest.param("en 2024, le 12 mai 2021", [TRAMWAY, NOTARY], [TRAMWAY], id="one of each"),
    ],
)
def test_days_and_months_are_weighed_again_without_longer_periods(
    store: Store, asked: str, dates: list[int], short_dates: list[int]
) -> None:
    found = find(store, asks(f"Où est la gare {asked} ?"))

    assert found.dated == bool(asked)
    for rows, evidence in ((dates, found.dates), (short_dates, found.short_dates)):
        assert np.flatnonzero(evidence).tolist() == rows
        assert evidence[rows] == pytest.approx(DEFAULT.published_that_day)


def test_coverage_is_the_share_of_the_words_by_how_rare_they_are(store: Store) -> None:
    # BM25 of 5 rows: log(1 + 4.5 / 1.5) for the word of one, log(1 + 2.5 / 3.5) for that of three
    notary, station = log(4), log(12 / 7)
    share = station / (notary + station)

    found = find(store, asks("notaire gare"))

    assert found.words == 2
    assert found.coverage == pytest.approx([share, share, 0, 1 - share, share])
    assert np.flatnonzero(found.rarest).tolist() == [NOTARY]
    assert not find(store, asks("notaire baleine")).rarest.any()  # the rarest stands nowhere


@pytest.mark.parametrize(
    ("best", "foreign"), [([TRAMWAY, MUSEUM], False), ([MUSEUM, TRAMWAY], True), ([], False)]
)
def test_the_article_of_the_best_stretch_tells_whether_it_is_foreign(
    store: Store, best: list[int], foreign: bool
) -> None:
    stretches = [Stretch(position, (position, position + 1), 1.0, 0.0) for position in best]

    assert is_foreign(asks("Où est la gare ?"), stretches, store) == foreign


@pytest.mark.parametrize(
    ("days", "short"),
    [
        (DateRange.parse("2025-05-12"), True),
        (DateRange.parse("2025-05"), True),
        (DateRange(date(2025, 5, 1), date(2025, 6, 1)), False),
        (DateRange.parse("2025"), False),
        (YearlessRange((2, 29), (2, 29)), True),
        (YearlessRange((12, 20), (1, 5)), True),
        (YearlessRange((5, 1), (8, 31)), False),
    ],
    ids=str,
)
def test_a_month_is_short_and_more_is_not(days: DateRange | YearlessRange, short: bool) -> None:
    if isinstance(days, YearlessRange):
        asked = AskedDate("alors", yearless=days)
    else:
        asked = AskedDate("alors", range=days)
    relations: tuple[Relation, ...] = ("since", "before", "until")

    assert is_short(asked) == short
    # what is open at one end never is
    assert not any(is_short(replace(asked, relation=relation)) for relation in relations)


@pytest.fixture(scope="module")
def sample(sample_store: Path) -> Store:
    return open_snapshot(sample_store)


def test_a_question_is_searched_without_its_dates_and_with_the_words_of_the_articles(
    sample: Store, embedder: "DefaultEmbedder"
) -> None:
    asked = "¿Quién firmó el acuerdo el 12 de mayo de 2025, antes del 3 de diciembre de 2025?"
    query = prepare(asks(asked, "es"), embedder, sample)
    agreement = query.words[1]

    assert query.text == "¿Quién firmó el acuerdo el , antes del ?"
    assert query.has_content
    assert query.vector == pytest.approx(embedder.embed_queries([query.text])[0], abs=1e-4)
    # its own stem, and what the articles say
    assert 0 < agreement["accord"] < agreement["acuerd"] == 1


def test_every_day_that_the_sample_articles_name_brings_a_row_of_that_day(
    sample: Store, embedder: "DefaultEmbedder"
) -> None:
    alone = prepare(asks("le 12 mai 2025"), embedder, sample)
    days = sample.dates.days()

    assert (alone.text, alone.has_content) == ("le 12 mai 2025", False)
    assert date(2025, 1, 30) in days
    for day in days:
        question = replace(alone.question, dates=(AskedDate("x", DateRange.day(day)),))
        one = replace(DEFAULT, candidates=1)
        found = find_candidates(replace(alone, question=question), sample, one)
        assert found.short_dates.max() >= DEFAULT.article_names_day
