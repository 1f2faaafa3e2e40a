"""What an endpoint says when the fault is not the program's; no model is needed for that."""

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from index.errors import StoreMissing
from ui import endpoints
from ui.answering import QuoteWithheld
from ui.counters import Counters
from ui.job import Job
from ui.language import load_words
from ui.line import Line
from ui.options import Options
from ui.programs import Programs

Desk = Any  # that of conftest.py


@pytest.fixture
def open_programs(
    run_app: Callable[[Starlette], str], tmp_path: Path
) -> Callable[..., tuple[str, Counters]]:
    """Return a function that serves the endpoints over a desk."""

    def start(desk: Desk, line: Line | None = None, job: Job | None = None) -> tuple[str, Counters]:
        counters, line, job = Counters(), line or Line(2), job or Job()
        options = Options(corpus=tmp_path, store=tmp_path / "store")
        programs = Programs(desk, options, line=line, counters=counters, job=job)
        return run_app(Starlette(routes=endpoints.routes(programs))), counters

    return start


def ask(address: str, name: str = "ask") -> httpx.Response:
    body = {"question": "Qui ?"} if name == "ask" else {}
    return httpx.post(f"{address}/{name}", json=body, trust_env=False, verify=False, timeout=60)


@pytest.mark.parametrize(
    ("trouble", "key"),
    [
        (StoreMissing(Path("secret")), "StoreMissing"),
        (RuntimeError("secret"), "other"),
        (QuoteWithheld(), "QuoteWithheld"),
    ],
)
def test_what_is_not_the_programs_fault_is_told_as_a_visitor_is_told(
    open_programs: Callable[..., tuple[str, Counters]],
    fake_desk: Callable[..., Desk],
    caplog: pytest.LogCaptureFixture,
    trouble: Exception,
    key: str,
) -> None:
    desk = fake_desk({})
    desk.trouble = trouble
    address, counters = open_programs(desk)

    told = ask(address)

    assert (told.status_code, told.json()["error"]) == (500, "RequestFailed")
    assert told.json()["sentence"] == load_words("en")(f"errors.{key}")
    assert "secret" not in told.text
    # only what nobody foresaw goes to the terminal
    assert ("a request failed" in caplog.text) is (key == "other")
    assert 'depeche_questions_total{outcome="failed"} 1.0' in counters.written().decode()


def test_a_store_that_is_not_there_is_told_by_the_status_too(
    open_programs: Callable[..., tuple[str, Counters]], fake_desk: Callable[..., Desk]
) -> None:
    told = ask(open_programs(fake_desk({}))[0], "status")

    assert told.json()["sentence"] == load_words("en")("errors.StoreMissing")


def test_where_too_many_wait_nobody_else_does(
    open_programs: Callable[..., tuple[str, Counters]], fake_desk: Callable[..., Desk]
) -> None:
    told = ask(open_programs(fake_desk({}), Line(0, max_waiting=0))[0])

    assert (told.status_code, told.json()["error"]) == (503, "DeskBusy")
    assert re.fullmatch(r"\d+ questions wait already\. .*", told.json()["sentence"])


def test_whoever_has_asked_too_much_is_told_to_wait(
    open_programs: Callable[..., tuple[str, Counters]], fake_desk: Callable[..., Desk]
) -> None:
    told = ask(open_programs(fake_desk({}), Line(0, max_of_one=0))[0])

    assert (told.status_code, told.json()["error"]) == (429, "AskedTooMuch")
    assert told.headers["retry-after"] == "1"
    assert told.json()["sentence"].endswith("Wait for one of them before you ask another.")


def test_a_rebuild_is_begun_once_however_often_it_is_asked_for(
    open_programs: Callable[..., tuple[str, Counters]], fake_desk: Callable[..., Desk]
) -> None:
    # it builds until it is told to stop
    job = Job((sys.executable, "-c", "import sys; sys.stdin.read()"))
    address, _ = open_programs(fake_desk({}), job=job)

    told = [ask(address, "build").json() for _ in range(3)]
    job.cancel()

    assert [one["begun"] for one in told] == [True, False, False]
    assert {one["state"] for one in told} == {"running"}


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ({}, {"ask", "retrieve", "article", "status", "build"}),
        ({"read_only": True}, {"ask", "retrieve", "article", "status"}),
    ],
)
def test_only_a_server_that_may_be_rebuilt_has_an_endpoint_for_it(
    fake_desk: Callable[..., Desk], tmp_path: Path, fields: dict[str, bool], names: set[str]
) -> None:
    options = Options(store=tmp_path, **fields)  # type: ignore[arg-type]

    programs = Programs(fake_desk({}), options, line=Line(1), counters=Counters(), job=Job())

    assert set(programs.endpoints) == names
