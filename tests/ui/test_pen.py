"""The pen, over a real server of a language model: what the page is told while it writes."""

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest

from index.errors import StoreMissing
from qa.written.model import LanguageModel, Limits
from ui.filters import Filters
from ui.pen import Pen
from ui.records import to_record

Make = Callable[..., Any]
Desk = Server = Any  # those of conftest.py and tests/conftest.py

_QUOTE = "Les deux parties ont signé la déclaration commune."


@pytest.fixture
def desk(fake_desk: Make, make_article: Make, make_answer: Make) -> Desk:
    return fake_desk({"What was signed?": make_answer((make_article(), _QUOTE))})


@pytest.fixture
def record(desk: Desk) -> dict[str, Any]:
    """The record of an answer, as the page has it."""
    answer = desk.ask("What was signed?", [], Filters())
    return dict(to_record(answer, record_id="t-1", at="", filters=Filters(), snapshot=""))


def told(pen: Pen, message: object, *, halts: Server = None) -> list[dict[str, Any]]:
    """Everything that the page is told of one answer, which it `halts` once its server is asked."""

    async def run() -> list[dict[str, Any]]:
        replies = []
        async for text in pen.write(event(message)):
            replies.append(json.loads(text))
            if halts is not None:
                while not halts.asked:
                    await asyncio.sleep(0.01)
                await pen.halt(event({"token": "w"}))
        return replies

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, run()).result()


def event(message: object) -> Any:  # noqa: ANN401  as much of an event as is looked at
    return SimpleNamespace(_data=json.dumps(message))


def pen_at(desk: Desk, url: str, **limits: float) -> Pen:
    return Pen(desk, LanguageModel(url, "tiny", limits=Limits(**limits)), 2)


def test_a_written_answer_comes_with_its_token_and_ends(
    desk: Desk, record: dict[str, Any], model_server: Server
) -> None:
    model_server.says("Ils ont signé la déclaration commune [1]. ", "Le maire a payé [9].")

    replies = told(
        pen_at(desk, model_server.url), {"token": "w", "record": record, "language": "en"}
    )

    assert {reply["token"] for reply in replies} == {"w"}
    assert [reply["goesOn"] for reply in replies][-1] is False
    assert all(reply["goesOn"] for reply in replies[:-1])
    assert "Written by" in replies[0]["html"]
    last = replies[-1]["html"]
    assert 'href="#source-t-1-1"' in last
    assert "it cites a passage that does not exist" in last
    assert "not supported by the passages" in replies[-1]["said"]


def test_a_failure_is_told_and_the_answer_stays(desk: Desk, record: dict[str, Any]) -> None:
    (*_, last) = told(pen_at(desk, "http://127.0.0.1:9/v1"), {"token": "w", "record": record})

    assert last["goesOn"] is False
    assert last["said"].startswith("The server of the language model does not answer.")
    assert last["said"] in last["html"]


def test_whoever_halts_is_told_no_more_and_the_server_is_hung_up_on(
    desk: Desk, record: dict[str, Any], model_server: Server
) -> None:
    def reply(talk: Any) -> None:  # noqa: ANN401
        talk.stream("Ils", ends=False)
        talk.hang()

    model_server.reply = reply

    replies = told(
        pen_at(desk, model_server.url), {"token": "w", "record": record}, halts=model_server
    )

    assert replies[-1]["goesOn"] is False
    assert model_server.hung_up.wait(5)


def test_what_waits_for_its_turn_can_be_halted(
    desk: Desk, record: dict[str, Any], model_server: Server
) -> None:
    pen = Pen(desk, LanguageModel(model_server.url, "tiny", limits=Limits(first_seconds=20)), 1)
    model_server.reply = lambda talk: talk.hang()

    async def last_of(token: str) -> dict[str, Any]:
        said = [json.loads(text) async for text in pen.write(event(message | {"token": token}))]
        return dict(said[-1])

    async def run() -> list[dict[str, Any]]:
        first, second = (asyncio.create_task(last_of(token)) for token in ("a", "b"))
        while not model_server.asked:
            await asyncio.sleep(0.01)
        await pen.halt(event({"token": "b"}))
        await pen.halt(event({"token": "nobody"}))
        await pen.halt(event({"token": "a"}))
        return [await first, await second]

    message = {"record": record}
    with ThreadPoolExecutor(1) as thread:
        first, second = thread.submit(asyncio.run, run()).result()

    assert len(model_server.asked) == 1
    assert second == {"html": "", "token": "b"}
    assert first["goesOn"] is False


def test_an_answer_whose_quotes_are_gone_is_not_written(
    desk: Desk, record: dict[str, Any], make_article: Make, model_server: Server
) -> None:
    desk.put(make_article("Something else entirely."))

    replies = told(pen_at(desk, model_server.url), {"token": "w", "record": record})

    assert replies == [{"html": "", "token": "w"}]
    assert model_server.asked == []


@pytest.mark.parametrize(
    "message",
    [
        None,
        5,
        {},
        {"token": "w"},
        {"token": "<b>", "record": {}},
        {"token": "w", "record": []},
        {"token": "w", "record": {"id": "t", "citations": "all"}},
        {"token": "w", "record": {"id": "t"}, "language": 5},
    ],
)
def test_a_message_of_another_kind_is_refused_in_words(
    desk: Desk, model_server: Server, message: object
) -> None:
    (reply,) = told(pen_at(desk, model_server.url), message)

    assert reply["error"] == "ClaimInvalid"
    assert model_server.asked == []


def test_a_store_that_cannot_be_opened_is_told(
    desk: Desk,
    record: dict[str, Any],
    model_server: Server,
    tmp_path: Any,  # noqa: ANN401
) -> None:
    desk.trouble = StoreMissing(tmp_path)

    (reply,) = told(pen_at(desk, model_server.url), {"token": "w", "record": record})

    assert reply["error"] == "StoreMissing"
