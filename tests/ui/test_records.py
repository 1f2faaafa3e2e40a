import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import DateRange, YearlessRange
from qa.types import AskedDate, Question
from ui.asked import read_date, write_date
from ui.claims import ClaimInvalid
from ui.filters import Filters
from ui.kept import MAX_RECORD_BYTES, read_record
from ui.records import restore, to_record, trouble_record

Make = Callable[..., Any]
Answer = Any  # what conftest.py makes

_QUOTE = "Les deux parties ont signé la déclaration commune."
_FILTERS = Filters(after="2025-05", sources=("Agence",), ignore=("lundi",))
_QUESTION = Question(
    "And what was signed?",
    "What was signed on 12 May?",
    "en",
    (AskedDate("12 May", yearless=YearlessRange((5, 12), (5, 12))),),
)


@pytest.fixture
def answer(make_article: Make, make_answer: Make) -> Answer:
    return replace(
        make_answer((make_article(), _QUOTE)), question=_QUESTION, confidence=0.75, emptied_by=()
    )


def write(answer: Answer) -> dict[str, Any]:
    record = to_record(
        answer,
        record_id="a1",
        at="2025-05-13T08:00:00+00:00",
        filters=_FILTERS,
        snapshot="000001-abc",
        follow_ups=("Who?",),
    )
    # what the browser keeps is JSON
    return dict(json.loads(json.dumps(record)))


def test_an_answer_comes_back_from_its_record_as_it_was(answer: Answer, make_content: Make) -> None:
    store = make_content(answer.citations[0].article)

    restored = restore(read_record(write(answer)), store)

    assert restored.changed == ()
    assert restored.answer == answer


def test_a_record_keeps_what_was_understood_and_chosen(answer: Answer) -> None:
    record = write(answer)

    assert record["standalone"] == "What was signed on 12 May?"
    assert record["dates"] == [{"text": "12 May", "value": "--05-12", "relation": "on"}]
    assert record["filters"] == {
        "after": "2025-05",
        "before": "",
        "sources": ["Agence"],
        "languages": [],
        "words": [],
        "ignore": ["lundi"],
    }
    assert record["snapshot"] == "000001-abc"
    assert record["follow_ups"] == ["Who?"]
    assert record["feedback"] is None


def test_a_quote_whose_article_changed_is_left_out_and_told(
    answer: Answer, make_article: Make, make_content: Make
) -> None:
    changed = make_article("Les deux parties ont refusé la déclaration commune.")

    restored = restore(read_record(write(answer)), make_content(changed))

    assert restored.answer.citations == ()
    assert restored.changed == (1,)


def test_a_quote_whose_article_is_gone_is_told(
    answer: Answer, make_article: Make, make_content: Make
) -> None:
    restored = restore(read_record(write(answer)), make_content(make_article(id="another.txt")))

    assert restored.changed == (1,)
    assert restored.answer.passages == ()


def test_a_quote_that_the_browser_made_up_is_no_citation(
    answer: Answer, make_content: Make
) -> None:
    store = make_content(answer.citations[0].article)
    record = write(answer)
    record["citations"][0]["quote"] = "Nobody signed anything."

    assert restore(read_record(record), store).changed == (1,)


def test_a_true_quote_under_made_up_words_is_no_citation(
    answer: Answer, make_content: Make
) -> None:
    store = make_content(answer.citations[0].article)
    record = write(answer)
    record["text"] = "> Nobody signed anything\\. [1]"

    assert restore(read_record(record), store).changed == (1,)


@pytest.mark.parametrize(
    ("start", "end"), [(-1, 5), (5, 5), (9, 5), (0, 10**9), (True, 4), (0.5, 4), ("0", 4)]
)
def test_a_place_that_is_none_gives_no_citation(
    answer: Answer, make_content: Make, start: object, end: object
) -> None:
    store = make_content(answer.citations[0].article)
    record = write(answer)
    record["citations"][0] |= {"start": start, "end": end}

    try:
        restored = restore(read_record(record), store)
    except ClaimInvalid:
        return
    assert restored.answer.citations == ()


@pytest.mark.parametrize(
    "claim",
    [
        pytest.param(None, id="nothing"),
        pytest.param([], id="a list"),
        pytest.param({}, id="empty"),
        pytest.param({"id": '"><script>'}, id="a name that is markup"),
        pytest.param({"id": "a" * 41}, id="a long name"),
        pytest.param({"id": "a", "question": 5}, id="a number for a text"),
        pytest.param({"id": "a", "text": ["x"]}, id="a list for a text"),
        pytest.param({"id": "a", "language": "<b>"}, id="markup for a language"),
        pytest.param({"id": "a", "trouble": "../etc"}, id="a path for a key"),
        pytest.param({"id": "a", "grounded": "yes"}, id="a text for a flag"),
        pytest.param({"id": "a", "confidence": 7}, id="too sure"),
        pytest.param({"id": "a", "confidence": float("nan")}, id="no number"),
        pytest.param({"id": "a", "filters": {"after": "soon"}}, id="a day that is none"),
        pytest.param({"id": "a", "filters": []}, id="filters that are a list"),
        pytest.param({"id": "a", "dates": [{"text": "x", "value": "--02-30"}]}, id="30 February"),
        pytest.param({"id": "a", "citations": [[]]}, id="a citation that is a list"),
        pytest.param({"id": "a", "citations": [{}] * 65}, id="too many citations"),
        pytest.param({"id": "a", "follow_ups": ["x"] * 6}, id="too many follow-ups"),
        pytest.param({"id": "a", "text": "x" * MAX_RECORD_BYTES}, id="too large"),
        pytest.param({"id": "a", "other": "x" * MAX_RECORD_BYTES}, id="too large where unread"),
    ],
)
def test_a_claim_that_is_no_record_is_refused(claim: object) -> None:
    with pytest.raises(ClaimInvalid):
        read_record(claim)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner),
    max_leaves=10,
)


@given(
    st.fixed_dictionaries(
        {"id": st.just("a")},
        optional=dict.fromkeys(
            ("question", "dates", "filters", "citations", "passages", "text", "trouble"), _JSON
        ),
    )
)
def test_any_json_is_a_record_or_refused(claim: object) -> None:
    try:
        kept = read_record(claim)
    except ClaimInvalid:
        return
    assert kept.id == "a"
    kept.text.encode("utf-8")
    kept.question.text.encode("utf-8")


def test_half_a_character_does_not_get_through() -> None:
    kept = read_record({"id": "a", "question": "caf\ud800"})

    assert kept.question.text == "caf?"


def test_a_question_without_an_answer_keeps_why() -> None:
    record = trouble_record("StoreMissing", record_id="a", question="?", at="", filters=Filters())

    assert read_record(record).trouble == "StoreMissing"


@pytest.mark.parametrize(
    ("asked", "value"),
    [
        (AskedDate("x", range=DateRange.day(date(2025, 5, 12))), "2025-05-12"),
        (AskedDate("x", range=DateRange.month(2025, 5), relation="since"), "2025-05"),
        (AskedDate("x", range=DateRange.year(2025), relation="until"), "2025"),
        (
            AskedDate("x", range=DateRange(date(2025, 5, 3), date(2025, 6, 1))),
            "2025-05-03/2025-06-01",
        ),
        (AskedDate("x", yearless=YearlessRange((2, 29), (2, 29))), "--02-29"),
        (AskedDate("x", yearless=YearlessRange((12, 20), (1, 5))), "--12-20/--01-05"),
    ],
)
def test_a_date_is_written_short_and_read_again(asked: AskedDate, value: str) -> None:
    written = write_date(asked)

    assert written["value"] == value
    assert read_date(written) == asked
