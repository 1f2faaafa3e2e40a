"""Filters of the asker: what they shut out never comes back, and no filter changes nothing."""

from collections.abc import Callable
from dataclasses import fields
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.errors import PeriodEmpty, PeriodInvalid
from index.exact import articles_holding
from index.types import Article, DateRange
from qa.assistant import Assistant
from qa.filters import FILTERS, Filters, emptied_by, read_filters, rows_let_through
from qa.types import Answer, Passage

AssistWords = Callable[..., Assistant]

TRAMWAY = Article(
    "ville/tramway.md",
    "Le tramway de Brest",
    "La ligne de tramway a été inaugurée par la maire de Brest.",
    DateRange.parse("2025-05-12"),
    source="Le Port",
)
HARVEST = Article(
    "champs/blé.md",
    "La récolte",
    "La récolte de blé a souffert de la grêle, dit la maire de Brest.",
    DateRange.parse("2024-08"),
    source="Agence",
)
BRIDGE = Article(
    "ville/cầu.md",
    "Cây cầu mới",
    "Cây cầu mới ở Đà Nẵng được khánh thành, maire de Brest có mặt.",
    language="vi",
)
QUESTION = "Que dit la maire de Brest ?"


@pytest.fixture
def assistant(assist_words: AssistWords) -> Assistant:
    return assist_words(TRAMWAY, HARVEST, BRIDGE)


def found(passages: list[Passage]) -> set[str]:
    return {passage.article.id for passage in passages}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        pytest.param({}, [TRAMWAY, HARVEST, BRIDGE], id="none"),
        pytest.param({"languages": ["fr"]}, [TRAMWAY, HARVEST], id="a language"),
        pytest.param({"languages": "VI"}, [BRIDGE], id="one language, not in a list"),
        pytest.param({"languages": ["Français"]}, [TRAMWAY, HARVEST], id="a language by name"),
        pytest.param({"languages": ["fr-CA", "vi"]}, [TRAMWAY, HARVEST, BRIDGE], id="either"),
        pytest.param({"languages": ["xx"]}, [], id="no such language"),
        pytest.param({"languages": []}, [], id="no language at all"),
        pytest.param({"words": ["BREST"]}, [TRAMWAY, HARVEST, BRIDGE], id="a word"),
        pytest.param({"words": "grele"}, [HARVEST], id="without its accent, not in a list"),
        pytest.param({"words": ["Da Nang"]}, [BRIDGE], id="a phrase"),
        pytest.param({"words": ["Đa Nang"]}, [BRIDGE], id="one accent typed"),
        pytest.param({"words": ["Nang Da"]}, [], id="words in another order"),
        pytest.param({"words": ["tramway", "Brest"]}, [TRAMWAY], id="every word"),
        pytest.param({"words": ["tramway", "grêle"]}, [], id="words of different articles"),
        pytest.param({"words": ["tramways"]}, [], id="another form of a word"),
        pytest.param({"words": []}, [TRAMWAY, HARVEST, BRIDGE], id="no word"),
        pytest.param({"words": [" ", "récolte"]}, [HARVEST], id="a blank word asks for nothing"),
        pytest.param({"sources": ["ville"], "words": ["Brest"]}, [TRAMWAY, BRIDGE], id="both"),
        pytest.param({"sources": ["ville"], "languages": ["fr"]}, [TRAMWAY], id="both others"),
        pytest.param({"after": "2025", "words": ["Brest"]}, [TRAMWAY], id="words and a period"),
        pytest.param(
            {"after": "2024", "before": "2025", "languages": ["fr"], "words": ["récolte"]},
            [HARVEST],
            id="all",
        ),
    ],
)
def test_filters_let_through_what_all_of_them_do(
    assistant: Assistant, filters: dict[str, Any], expected: list[Article]
) -> None:
    names = {article.id for article in expected}

    answer = assistant.ask(QUESTION, **filters)

    assert found(assistant.retrieve(QUESTION, 10, **filters)) == names
    assert found(list(answer.passages)) == names
    assert bool(answer.emptied_by) == (not expected)


@pytest.mark.parametrize(
    ("filters", "dropped"),
    [
        pytest.param({"words": ["Lyon"]}, ["words"], id="the only one"),
        pytest.param({"words": ["Lyon"], "languages": ["fr"]}, ["words"], id="the one of two"),
        pytest.param(
            {"words": ["tramway"], "languages": ["vi"]}, ["languages", "words"], id="either of two"
        ),
        pytest.param(
            {"words": ["Lyon"], "languages": ["de"]}, ["languages", "words"], id="both together"
        ),
        pytest.param(
            {"words": ["Lyon"], "languages": ["de"], "sources": ["ville"]},
            ["languages", "words"],
            id="two of three",
        ),
        pytest.param({"after": "2026"}, ["after"], id="the first day"),
        pytest.param({"after": "1999", "before": "2001"}, ["before"], id="the last day"),
        pytest.param({"sources": ["nobody"], "before": "1999"}, ["before", "sources"], id="all"),
    ],
)
def test_the_filters_that_left_nothing_are_named(
    assistant: Assistant, filters: dict[str, Any], dropped: list[str]
) -> None:
    answer = assistant.ask(QUESTION, **filters)

    assert list(answer.emptied_by) == dropped
    assert answer.passages == ()
    rest = {name: value for name, value in filters.items() if name not in dropped}
    assert assistant.ask(QUESTION, **rest).passages


def test_an_answer_that_found_something_names_no_filter(assistant: Assistant) -> None:
    assert assistant.ask(QUESTION).emptied_by == ()
    assert assistant.ask(QUESTION, words=["Brest"]).emptied_by == ()
    assert assistant.ask("…", words=["Lyon"]).emptied_by == ()  # nothing was searched


def test_filters_are_read_with_the_errors_of_a_period() -> None:
    with pytest.raises(PeriodInvalid):
        read_filters(after="hier")
    with pytest.raises(PeriodEmpty):
        read_filters(after="2025", before="2024")


def test_filters_are_named_as_the_arguments_that_set_them() -> None:
    assert {field.name for field in fields(Filters)} == set(FILTERS)
    given_all = read_filters("2024", "2025-05", "Agence", ["French"], [" ", "visa"])
    assert given_all == Filters(
        date(2024, 1, 1), date(2025, 5, 31), ("Agence",), ("fr",), ("visa",)
    )
    assert given_all.given == FILTERS
    assert read_filters() == Filters()
    assert Filters().given == ()


few = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
_ENDS = [None, "2024", "2024-08", "2025-05-12", "2026"]
_WORDS = ["Brest", "maire de Brest", "tramway", "grele", "Đà Nẵng", "Lyon", " "]
_SOURCES = ["ville", "champs", "Agence", "le port", "nobody"]


@st.composite
def filters_given(draw: st.DrawFn) -> dict[str, Any]:
    """Draw filters, some of them left out; a period never ends before it begins."""
    after, before = sorted(
        [draw(st.sampled_from(_ENDS)) for _ in range(2)], key=lambda end: end or ""
    )
    drawn = {
        "after": after,
        "before": before,
        "sources": draw(st.none() | st.lists(st.sampled_from(_SOURCES), max_size=2)),
        "languages": draw(st.none() | st.lists(st.sampled_from(["fr", "vi", "de"]), max_size=2)),
        "words": draw(st.none() | st.lists(st.sampled_from(_WORDS), max_size=2)),
    }
    return {name: value for name, value in drawn.items() if value is not None}


def is_let_through(article: Article, filters: dict[str, Any]) -> bool:
    """Whether an article that names no day passes, in other words than the product's."""
    period = DateRange(
        DateRange.parse(filters.get("after", "0001")).first,
        DateRange.parse(filters.get("before", "9999")).last,
    )
    dated = {"after", "before"} & filters.keys()
    if dated and not (article.published and article.published.overlaps(period)):
        return False
    if "sources" in filters and not any(
        name.lower() in {(article.source or "").lower(), article.id.split("/")[0]}
        for name in filters["sources"]
    ):
        return False
    if "languages" in filters and article.language not in filters["languages"]:
        return False
    return all(articles_holding([article], word)[0] for word in filters.get("words", []))


@few
@given(filters_given())
def test_a_filter_never_lets_through_what_it_excludes(
    assistant: Assistant, filters: dict[str, Any]
) -> None:
    passing = {
        article.id for article in (TRAMWAY, HARVEST, BRIDGE) if is_let_through(article, filters)
    }

    answer = assistant.ask(QUESTION, **filters)

    assert found(assistant.retrieve(QUESTION, 10, **filters)) == passing
    assert found(list(answer.passages)) == passing
    assert {citation.article.id for citation in answer.citations} <= passing
    assert (answer.emptied_by == ()) == bool(passing)


@few
@given(filters_given())
def test_dropping_the_filters_that_are_named_brings_results(
    assistant: Assistant, filters: dict[str, Any]
) -> None:
    read = read_filters(**filters)

    dropped = emptied_by(assistant.index, read)

    rows = rows_let_through(assistant.index, read.without(dropped))
    assert rows is None or len(rows) > 0
    assert set(dropped) <= set(read.given)


@few
@given(filters_given(), filters_given())
def test_one_more_filter_never_lets_more_through(
    assistant: Assistant, one: dict[str, Any], other: dict[str, Any]
) -> None:
    both = other | one
    few_passages = found(assistant.retrieve(QUESTION, 10, **one))
    try:
        fewer = found(assistant.retrieve(QUESTION, 10, **both))
    except PeriodEmpty:
        return  # the two together name no day

    assert fewer <= few_passages


def test_no_filter_leaves_the_answer_as_it_was(assistant: Assistant) -> None:
    none: dict[str, Any] = dict.fromkeys(FILTERS)
    everything: dict[str, Any] = {"words": [], "languages": ["fr", "vi"], "ignore": ()}

    answer: Answer = assistant.ask(QUESTION)

    assert assistant.ask(QUESTION, **none) == answer
    assert assistant.ask(QUESTION, **everything) == answer
    assert assistant.retrieve(QUESTION, **none) == assistant.retrieve(QUESTION)
