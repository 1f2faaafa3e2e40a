import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from index.types import Article
from qa.cite import escape
from qa.feedback import latest, read_feedback
from qa.questions import read_questions
from ui import feedback
from ui.filters import Filters
from ui.records import to_record, trouble_record

Make = Callable[..., Any]
Options = Shelf = Any  # those of conftest.py


@pytest.fixture
def article(make_article: Make) -> Article:
    """Return the article that is quoted."""
    article: Article = make_article()
    return article


@pytest.fixture
def record(article: Article, make_answer: Make) -> dict[str, Any]:
    """Return the record of an answer that quotes it."""
    answer = make_answer((article, "ont signé"), text=f"> {escape('ont signé')} [1]")
    return dict(
        to_record(
            answer,
            record_id="t1",
            at="2025-05-13T08:00:00+00:00",
            filters=Filters(),
            snapshot="000001-0123456789ab",
        )
    )


@pytest.fixture
def url(shelf: Shelf, options: Options, serve_parts: Make, article: Article) -> str:
    """Return where the routes are."""
    shelf.put(article)
    return str(serve_parts(*feedback.routes(shelf, options)).url)


def post(url: str, **body: object) -> httpx.Response:
    """Send feedback."""
    return httpx.post(f"{url}feedback", json=body)


def test_a_thumb_and_a_word_are_kept_in_the_store(
    url: str, options: Options, record: dict[str, Any]
) -> None:
    answer = post(url, record=record, good=True, word="  Exactly <b>that</b>.  ")

    assert answer.status_code == 201
    (said,), damaged = read_feedback(options.store)
    assert damaged == 0
    assert (said.good, said.word, said.turn) == (True, "Exactly <b>that</b>.", "t1")
    assert said.snapshot == "000001-0123456789ab"
    assert [cited.quote for cited in said.citations] == ["ont signé"]


def test_what_is_said_last_counts_and_can_be_taken_back(
    url: str, options: Options, record: dict[str, Any]
) -> None:
    for good in (True, False, None):
        assert post(url, record=record, good=good).status_code == 201

    said, _ = read_feedback(options.store)
    assert [one.good for one in said] == [True, False, None]
    assert latest(said) == []


def test_a_quote_that_the_article_does_not_have_is_not_kept(
    url: str, options: Options, record: dict[str, Any]
) -> None:
    forged = record | {"citations": [record["citations"][0] | {"quote": "n'ont pas signé"}]}

    post(url, record=forged, good=True)

    (said,), _ = read_feedback(options.store)
    assert said.citations == ()


def test_what_was_answered_well_can_be_measured(
    url: str, record: dict[str, Any], tmp_path: Path
) -> None:
    post(url, record=record | {"question": "What was signed?", "standalone": ""}, good=True)

    answer = httpx.get(f"{url}feedback.jsonl")

    assert answer.headers["content-disposition"] == 'attachment; filename="feedback.jsonl"'
    (line,) = answer.text.splitlines()
    assert json.loads(line)["relevant"] == ["2025/visite.txt"]
    (tmp_path / "feedback.jsonl").write_text(answer.text)
    (question,) = read_questions(tmp_path / "feedback.jsonl")
    assert question.question == "What was signed?"


def test_before_anything_was_said_the_file_is_empty(url: str) -> None:
    answer = httpx.get(f"{url}feedback.jsonl")

    assert (answer.status_code, answer.text) == (200, "")


@pytest.mark.parametrize("good", ["yes", 1, [], {}])
def test_a_thumb_is_up_down_or_none(url: str, record: dict[str, Any], good: object) -> None:
    assert post(url, record=record, good=good).status_code == 400


def test_a_word_that_is_too_long_is_told(url: str, record: dict[str, Any]) -> None:
    answer = post(url, record=record, good=True, word="x" * 501)

    assert (answer.status_code, answer.json()) == (413, {"error": "FeedbackTooLong"})


def test_a_question_that_was_not_answered_is_not_judged(url: str) -> None:
    record = trouble_record("StoreBusy", record_id="t2", question="?", at="", filters=Filters())

    assert post(url, record=record, good=True).status_code == 400


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"record": 1}', b" " * 200_000])
def test_what_is_no_feedback_is_refused(url: str, options: Options, body: bytes) -> None:
    answer = httpx.post(f"{url}feedback", content=body)

    assert (answer.status_code, answer.json()) == (400, {"error": "RequestInvalid"})
    assert not (options.store / "feedback.jsonl").exists()
