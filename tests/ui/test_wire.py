import asyncio
import json
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import AskedTooMuch, DeskBusy, QuestionTooLong, StoreMissing
from ui.line import Line, Stopped
from ui.wire import Wire

Make = Callable[..., Any]
Desk = Any  # that of conftest.py

_QUOTE = "Les deux parties ont signé la déclaration commune."


def finish(work: Coroutine[Any, Any, Any]) -> Any:  # noqa: ANN401  whatever it returns
    """Run `work` on a thread of its own: on this one the loop of the browser's tests may run."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@pytest.fixture
def desk(fake_desk: Make, make_article: Make, make_answer: Make) -> Desk:
    return fake_desk(
        {
            "What was signed?": make_answer((make_article(), _QUOTE)),
            "too long": QuestionTooLong(5000, 1000),
            "broken": RuntimeError("a secret of the server"),
        }
    )


@dataclass
class Raw:
    """What is no text of JSON."""

    data: object


def send(desk: Desk, event: str, message: object) -> dict[str, Any]:
    """Send one event down the wire."""

    async def run() -> str:
        wire = Wire(desk, Line(2))
        data = message if isinstance(message, Raw) else json.dumps(message)
        return str(await getattr(wire, event)(SimpleNamespace(_data=getattr(data, "data", data))))

    return dict(json.loads(finish(run())))


def test_an_answer_comes_with_its_token_its_record_and_its_html(desk: Desk) -> None:
    reply = send(
        desk,
        "ask",
        {
            "token": "t1",
            "question": " What was signed? ",
            "history": [{"id": "h", "question": "Who?", "text": "Nobody\\."}],
            "filters": {"after": "May 2025", "ignore": ["12 May"]},
            "language": "fr",
        },
    )

    assert reply["token"] == "t1"
    assert reply["record"]["id"] == "t1"
    assert reply["record"]["citations"][0]["quote"] == _QUOTE
    assert "Redemander" in reply["html"]["turn"]
    assert 'data-turn="t1"' in reply["html"]["sources"]
    question, history, filters = desk.asked[0]
    assert (question, history) == ("What was signed?", [("Who?", "Nobody\\.")])
    assert (filters.after, filters.ignore) == ("2025-05", ("12 May",))


def test_what_the_browser_kept_is_shown_again(desk: Desk) -> None:
    record = send(desk, "ask", {"token": "t1", "question": "What was signed?"})["record"]

    reply = send(desk, "show", {"token": "s", "records": [record], "language": "en"})

    assert reply["token"] == "s"
    assert _QUOTE in reply["html"]["t1"]["turn"]
    assert "Ask again" in reply["html"]["t1"]["turn"]
    assert 'data-turn="t1"' in reply["html"]["t1"]["sources"]


def test_one_damaged_record_does_not_hide_the_others(desk: Desk) -> None:
    record = send(desk, "ask", {"token": "t1", "question": "What was signed?"})["record"]

    reply = send(desk, "show", {"token": "s", "records": [{"id": "<b>"}, record, None]})

    assert list(reply["html"]) == ["t1"]


@pytest.mark.parametrize(
    ("question", "trouble"), [("too long", "QuestionTooLong"), ("broken", "other")]
)
def test_an_error_is_a_record_with_a_key_and_no_details(
    desk: Desk, question: str, trouble: str
) -> None:
    reply = send(desk, "ask", {"token": "t", "question": question})

    assert reply["record"]["trouble"] == trouble
    assert "secret" not in json.dumps(reply)
    assert reply["html"]["sources"] == ""


def test_a_period_that_is_none_is_refused_with_its_field_and_asks_nothing(desk: Desk) -> None:
    reply = send(desk, "ask", {"token": "t", "question": "?", "filters": {"before": "soon"}})

    assert reply["refused"]["field"] == "before"
    assert "soon" in reply["refused"]["sentence"]
    assert desk.asked == []


def test_a_quote_that_its_article_does_not_have_is_withheld(
    desk: Desk, make_article: Make, make_answer: Make
) -> None:
    answer = make_answer((make_article(), _QUOTE))
    forged = replace(answer.citations[0], quote="Nobody signed.")
    desk.answers["forged"] = replace(answer, citations=(forged,))

    reply = send(desk, "ask", {"token": "t", "question": "forged"})

    assert reply["record"]["trouble"] == "QuoteWithheld"


@pytest.mark.parametrize("event", ["ask", "show"])
@pytest.mark.parametrize(
    "message",
    [
        None,
        "ask",
        [],
        5,
        {},
        {"token": 5, "records": 7},
        {"token": "t", "question": [], "records": "all"},
        {"token": "t", "question": "?", "history": [{}] * 7, "records": [{}] * 21},
        {"token": "<b>", "question": "?", "filters": 3, "records": {}},
        Raw({"token": "t", "question": "?", "records": [1]}),
        Raw(None),
        Raw("{"),
        Raw("[" * 100_000),
    ],
)
def test_a_message_of_another_kind_is_refused_in_words(
    desk: Desk, event: str, message: object
) -> None:
    reply = send(desk, event, message)

    assert reply.get("error") == "ClaimInvalid" or reply["html"] == {}
    assert desk.asked == []


def test_a_store_that_cannot_be_opened_is_told(desk: Desk, tmp_path: Path) -> None:
    desk.trouble = StoreMissing(tmp_path)

    assert send(desk, "show", {"token": "s", "records": []})["error"] == "StoreMissing"


# ---- The line


def test_so_many_are_answered_at_a_time_in_the_order_they_came() -> None:
    begun: list[int] = []
    most = 0
    working = 0
    lock = threading.Lock()

    def work(number: int) -> int:
        nonlocal most, working
        with lock:
            begun.append(number)
            working += 1
            most = max(most, working)
        time.sleep(0.02)
        with lock:
            working -= 1
        return number

    async def run() -> list[int]:
        line = Line(2)
        return await asyncio.gather(
            *(line.ask(str(number), lambda number=number: work(number)) for number in range(8))
        )

    assert finish(run()) == list(range(8))
    assert sorted(begun[:2]) == [0, 1]
    assert most == 2


def test_whoever_stops_leaves_the_line_and_the_next_one_is_answered() -> None:
    async def run() -> tuple[object, ...]:
        line = Line(1)
        going = threading.Event()
        asked = [
            asyncio.create_task(line.ask("first", going.wait)),
            asyncio.create_task(line.ask("stopped", lambda: "never")),
            asyncio.create_task(line.ask("last", lambda: "answered")),
        ]
        await asyncio.sleep(0.05)
        line.stop("stopped")
        line.stop("nobody")
        await asyncio.sleep(0)
        going.set()
        return tuple(await asyncio.gather(*asked, return_exceptions=True))

    first, stopped, last = finish(run())

    assert first is True
    assert isinstance(stopped, Stopped)
    assert last == "answered"


def test_a_line_that_is_too_long_refuses_the_next_and_recovers() -> None:
    async def run() -> tuple[object, ...]:
        line = Line(1, max_waiting=1)
        going = threading.Event()
        asked = []
        for token in ("answered", "waiting", "refused"):
            asked.append(asyncio.create_task(line.ask(token, going.wait)))
            await asyncio.sleep(0.02)
        going.set()
        told = await asyncio.gather(*asked, return_exceptions=True)
        return *told, await line.ask("later", lambda: "answered")

    *told, later = finish(run())

    assert told[:2] == [True, True]
    assert isinstance(told[2], DeskBusy)
    assert later == "answered"


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=10))
def test_those_who_ask_have_turns_alike_however_much_each_of_them_asks(askers: list[str]) -> None:
    answered: list[tuple[str, int]] = []

    async def run() -> None:
        line, going = Line(1), threading.Event()
        first = asyncio.create_task(line.ask("first", going.wait, "z"))
        await asyncio.sleep(0)
        waiting = [
            asyncio.create_task(
                line.ask(str(number), lambda one=(asker, number): answered.append(one), asker)
            )
            for number, asker in enumerate(askers)
        ]
        await asyncio.sleep(0)
        assert line.waiting() == len(askers)
        going.set()
        await asyncio.gather(first, *waiting)

    finish(run())

    assert sorted(number for _, number in answered) == list(range(len(askers)))
    for asker in set(askers):
        own = [number for one, number in answered if one == asker]
        assert own == sorted(own)
    for turns in range(len(answered)):
        had = [[one for one, _ in answered[:turns]].count(asker) for asker in set(askers)]
        left = [askers.count(asker) for asker in set(askers)]
        waits = [count for count, whole in zip(had, left, strict=True) if count < whole]
        assert max(had) <= min(waits) + 1


def test_whoever_asks_too_much_is_told_so_and_others_are_answered() -> None:
    async def run() -> tuple[object, ...]:
        line, going = Line(1, max_of_one=2), threading.Event()
        # one token for all of them makes them no fewer
        asked = [asyncio.create_task(line.ask("t", going.wait, "greedy")) for _ in range(4)]
        await asyncio.sleep(0.02)
        asked.append(asyncio.create_task(line.ask("t", lambda: "answered", "other")))
        await asyncio.sleep(0.02)
        going.set()
        return tuple(await asyncio.gather(*asked, return_exceptions=True))

    *greedy, other = finish(run())

    assert greedy[:3] == [True] * 3
    assert isinstance(greedy[3], AskedTooMuch)
    assert other == "answered"


def test_a_question_that_fails_gives_its_place_back() -> None:
    def fail() -> None:
        raise OSError("broken")

    async def run() -> str:
        line = Line(1)
        for _ in range(3):
            with pytest.raises(OSError, match="broken"):
                await line.ask("fails", fail)
        return await line.ask("next", lambda: "answered")

    assert finish(run()) == "answered"


def test_whoever_is_gone_gives_the_place_back() -> None:
    async def run() -> str:
        line = Line(1)
        going = threading.Event()
        first = asyncio.create_task(line.ask("first", going.wait))
        gone = asyncio.create_task(line.ask("gone", lambda: "never"))
        await asyncio.sleep(0.02)
        gone.cancel()
        await asyncio.sleep(0)
        going.set()
        await first
        return await line.ask("next", lambda: "answered")

    assert finish(run()) == "answered"
