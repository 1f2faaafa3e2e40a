import asyncio
import base64
import json
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.middleware import Middleware

from index.errors import QuestionTooLong
from index.journal import writing_log
from index.snapshot import lock_store, save_snapshot
from index.store import Store
from index.types import Article
from qa.feedback import feedback_on, note_feedback
from ui import metrics
from ui.addresses import read_root_path
from ui.basic import Basic, read_credentials
from ui.counters import Counters
from ui.delays import Delays
from ui.guard import Guard, House
from ui.job import Job
from ui.line import Line
from ui.sessions import Sessions
from ui.users import Users
from ui.wire import Wire

Make = Callable[..., Any]
Numbers = dict[tuple[str, ...], float]
RunApp = Callable[[Starlette], str]


def numbers_in(text: str) -> Numbers:
    """Read what Prometheus would: each number under its name and its labels."""
    return {
        (sample.name, *(value for _name, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def numbers_of(counters: Counters) -> Numbers:
    return numbers_in(counters.written().decode())


def serve_metrics(
    run_app: RunApp, counters: Counters, users: Users | None = None
) -> tuple[str, Sessions | None]:
    """Serve the metrics behind the guard, and return their address."""
    sessions = Sessions(users) if users else None
    route = metrics.route(counters)
    house = House(
        names=frozenset({"127.0.0.1"}),
        root=read_root_path(""),
        paths=frozenset({route.path}),
        streamed=frozenset(),
        sessions=sessions,
        cookie="depeche",
        basic=Basic(users, Delays()) if users else None,
    )
    app = Starlette(routes=[route], middleware=[Middleware(Guard, house)])
    return f"{run_app(app)}/metrics", sessions


def in_a_loop(start: Callable[[], str]) -> str:
    """Start a chat where a loop runs: where none does, Gradio opens some and leaves them open."""

    async def run() -> str:
        return start()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, run()).result()


def get(address: str, **options: Any) -> httpx.Response:  # noqa: ANN401  those of httpx
    return httpx.get(address, trust_env=False, timeout=60, **options)


def test_before_anything_happened_everything_is_there_and_0(
    run_app: RunApp, tmp_path: Path
) -> None:
    counters = Counters()
    counters.follow_store(tmp_path / "store")

    answer = get(serve_metrics(run_app, counters)[0])

    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    numbers = numbers_in(answer.text)
    for outcome in ("answered", "abstained", "refused", "failed"):
        assert numbers["depeche_questions_total", outcome] == 0
    for outcome in ("done", "cancelled", "failed"):
        assert numbers["depeche_builds_total", outcome] == 0
    for stage in ("understand", "search", "read", "sentences", "total"):
        assert numbers["depeche_question_seconds_count", stage] == 0
    assert numbers[("depeche_index_usable",)] == 0
    assert numbers["depeche_feedback", "up"] == 0
    assert ("depeche_snapshot_articles",) not in numbers
    assert any(name[0] == "depeche_build_info" for name in numbers)


def test_questions_are_counted_by_what_came_of_them(
    fake_desk: Make, make_article: Make, make_answer: Make
) -> None:
    quote = "Les deux parties ont signé la déclaration commune."
    timed = replace(make_answer((make_article(), quote)), seconds={"search": 0.02, "total": 0.3})
    desk = fake_desk(
        {"signed?": timed, "long": QuestionTooLong(2, 1), "broken": RuntimeError("secret")}
    )
    counters = Counters()

    async def ask() -> None:
        wire = Wire(desk, Line(2), counters)
        for question in ("signed?", "nothing?", "long", "broken"):
            claim = {"token": "t", "question": question, "language": "en"}
            await wire.ask(SimpleNamespace(_data=json.dumps(claim)))  # type: ignore[arg-type]
        await wire.ask(SimpleNamespace(_data="rubbish"))  # type: ignore[arg-type]
        claim |= {"filters": {"after": "rubbish"}}
        await wire.ask(SimpleNamespace(_data=json.dumps(claim)))  # type: ignore[arg-type]

    thread = threading.Thread(target=lambda: asyncio.run(ask()))
    thread.start()
    thread.join()

    numbers = numbers_of(counters)
    assert numbers["depeche_questions_total", "answered"] == 1
    assert numbers["depeche_questions_total", "abstained"] == 1
    assert numbers["depeche_questions_total", "refused"] == 3
    assert numbers["depeche_questions_total", "failed"] == 1
    assert numbers["depeche_question_seconds_sum", "total"] == pytest.approx(0.3)
    assert numbers["depeche_question_seconds_bucket", "0.025", "search"] == 1
    assert numbers["depeche_question_seconds_bucket", "0.01", "search"] == 0


def test_the_index_and_what_people_think_of_its_answers_are_told(
    run_app: RunApp,
    tmp_path: Path,
    make_content: Callable[..., Store],
    make_article: Callable[..., Article],
    make_answer: Make,
) -> None:
    store = tmp_path / "store"
    counters = Counters()
    counters.follow_store(store)
    address, _ = serve_metrics(run_app, counters)
    with lock_store(store):
        save_snapshot(store, make_content(make_article()))
    before = numbers_in(get(address).text)
    with lock_store(store):
        save_snapshot(store, make_content(make_article(), make_article(id="b.txt")))
    answer = make_answer((make_article(), "Le président"))
    for turn, good in (("a", True), ("b", True), ("c", False), ("a", None)):
        note_feedback(store, feedback_on(answer, "snapshot", good=good, turn=turn))

    after = numbers_in(get(address).text)

    assert (before[("depeche_snapshot_articles",)], after[("depeche_snapshot_articles",)]) == (1, 2)
    assert after[("depeche_snapshot_chunks",)] >= 2
    assert after[("depeche_skipped_files",)] == 0
    assert after[("depeche_index_usable",)] == 1
    assert (before["depeche_feedback", "up"], after["depeche_feedback", "up"]) == (0, 1)
    assert after["depeche_feedback", "down"] == 1


@pytest.mark.parametrize(
    ("program", "outcome"),
    [
        ('print(\'{"done": {"articles": 4, "snapshot": "000001-a"}}\')', "done"),
        ('print(\'{"error": "CorpusEmpty"}\')', "failed"),
        ("raise SystemExit(1)", "failed"),
        ("print('{\"done\": null}')", "cancelled"),
    ],
)
def test_rebuilds_are_counted_and_written_to_the_log(
    tmp_path: Path, program: str, outcome: str
) -> None:
    counters, log = Counters(), tmp_path / "log"

    with writing_log(log):
        job = Job((sys.executable, "-c", program), ended=counters.built)
        job.start([], "")
        while not log.read_text():
            time.sleep(0.02)

    numbers = numbers_of(counters)
    assert numbers["depeche_builds_total", outcome] == 1
    assert numbers[("depeche_build_seconds_count",)] == (outcome == "done")
    (line,) = map(json.loads, log.read_text().splitlines())
    assert (line["event"], line["outcome"]) == ("build", outcome)
    assert line.get("articles") == (4 if outcome == "done" else None)


def test_who_waits_and_who_has_entered_are_told(users: Users) -> None:
    counters, line, sessions = Counters(), Line(1), Sessions(users)
    counters.follow("questions_running", "Running.", line.running)
    counters.follow("questions_waiting", "Waiting.", line.waiting)
    counters.follow("sessions", "Entered.", sessions.count)
    sessions.close(sessions.open("anna"))
    sessions.open("anna")
    seen: list[Numbers] = []

    async def ask() -> None:
        def look() -> None:
            seen.append(numbers_of(counters))

        first = asyncio.create_task(line.ask("a", lambda: time.sleep(0.2) or look()))
        second = asyncio.create_task(line.ask("b", look))
        await asyncio.gather(first, second)

    thread = threading.Thread(target=lambda: asyncio.run(ask()))
    thread.start()
    thread.join()

    assert seen[0][("depeche_questions_running",)] == 1
    assert seen[0][("depeche_questions_waiting",)] == 1
    assert seen[1][("depeche_questions_waiting",)] == 0
    assert numbers_of(counters)[("depeche_questions_running",)] == 0
    assert numbers_of(counters)[("depeche_sessions",)] == 1


def test_the_chat_tells_its_line_its_index_and_its_version(
    serve: Callable[..., str], fake_desk: Make, make_content: Callable[..., Store], tmp_path: Path
) -> None:
    with lock_store(tmp_path / "store"):
        save_snapshot(tmp_path / "store", make_content(Article("a.txt", "Titre", "Un texte.")))
    address = in_a_loop(lambda: serve(fake_desk({})))

    numbers = numbers_in(get(f"{address}metrics").text)

    assert numbers[("depeche_questions_waiting",)] == 0
    assert numbers[("depeche_questions_running",)] == 0
    assert numbers[("depeche_snapshot_articles",)] == 1
    assert ("depeche_sessions",) not in numbers


def test_the_chat_with_passwords_tells_who_has_entered_to_who_knows_one(
    serve: Callable[..., str], fake_desk: Make, users: Users
) -> None:
    address = in_a_loop(lambda: serve(fake_desk({}), users=users)) + "metrics"

    assert get(address, headers={"Accept": "text/html"}).status_code == 401
    told = get(address, headers=basic("anna", "correct horse"))
    assert numbers_in(told.text)[("depeche_sessions",)] == 0


@pytest.fixture
def users(users_file: Path) -> Users:
    return Users(users_file)


def basic(name: str, password: str) -> dict[str, str]:
    encoded = base64.b64encode(f"{name}:{password}".encode()).decode()
    return {"Authorization": f"Basic {encoded}"}


def test_where_people_need_a_password_so_does_prometheus(run_app: RunApp, users: Users) -> None:
    address, sessions = serve_metrics(run_app, Counters(), users)
    assert sessions is not None

    assert get(address).status_code == 401
    assert get(address).headers["www-authenticate"].startswith("Basic")
    assert get(address, headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 401
    assert get(address, headers={"Authorization": "Bearer x"}).status_code == 401
    assert "depeche_" not in get(address).text
    assert get(address, headers=basic("anna", "correct horse")).status_code == 200
    entered = {"depeche": sessions.open("anna")}
    assert get(address, cookies=entered).status_code == 200


def test_wrong_passwords_cost_time_here_too(run_app: RunApp, users: Users) -> None:
    address, _ = serve_metrics(run_app, Counters(), users)

    answers = [get(address, headers=basic("anna", f"wrong {number}")) for number in range(4)]

    assert answers[0].status_code == 401
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) >= 1


def test_a_page_of_somebody_else_cannot_ask(run_app: RunApp) -> None:
    address, _ = serve_metrics(run_app, Counters())

    assert get(address, headers={"Origin": "https://evil.example"}).status_code == 403
    assert get(address, headers={"Host": "evil.example"}).status_code >= 400
    assert httpx.post(address, trust_env=False).status_code >= 400


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Basic",
        "Basic !",
        "Basic " + base64.b64encode(b"anna").decode(),
        "Basic /w==",
        "Basic Og==",
    ],
)
def test_credentials_that_are_none_are_nobodys(header: str) -> None:
    assert read_credentials(header) is None
