"""The running chat, asked by programs: Gradio's own client, curl, and a plain POST."""

import json
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from gradio_client.exceptions import AppError

import qa
from index.snapshot import open_snapshot

Calling = Any  # that of conftest.py
Caller = Any  # of Gradio
WithTools = Any
ToolClient = Any  # of the protocol

QUESTION = "what was signed on 12 May?"
_NAMES = {"/ask", "/retrieve", "/article", "/status", "/build"}


@pytest.fixture(scope="module")
def address(serve_chat: Callable[..., str]) -> str:
    return serve_chat()


@pytest.fixture(scope="module")
def client(address: str, calling: Calling) -> Iterator[Any]:
    with calling(address) as opened:
        yield opened


def post(address: str, path: str, body: object, **headers: str) -> httpx.Response:
    return httpx.post(
        f"{address}{path}", json=body, headers=headers, trust_env=False, verify=False, timeout=60
    )


def test_a_client_of_gradio_finds_what_it_may_call_and_with_what(client: Caller) -> None:
    known = client.view_api(print_info=False, return_format="dict")

    assert set(known["named_endpoints"]) == _NAMES
    assert known["unnamed_endpoints"] == {}
    arguments = known["named_endpoints"]["/ask"]["parameters"]
    names = [one["parameter_name"] for one in arguments]
    assert names == ["question", "after", "before", "sources", "languages", "words", "history"]
    assert [one["parameter_has_default"] for one in arguments] == [False, *[True] * 6]
    for endpoint in known["named_endpoints"].values():
        for one in endpoint["parameters"]:
            assert one["python_type"]["description"], one
    assert arguments[3]["python_type"]["type"] == "list[str]"
    shown = client.view_api(print_info=False, return_format="str")
    assert "predict(question, k, after, before, sources, languages, words" in shown


def test_an_answer_is_that_of_qa_ask_with_links_that_open_from_anywhere(
    client: Caller, address: str, sample_store: Path
) -> None:
    told = client.predict(QUESTION, api_name="/ask")

    answer = qa.ask(QUESTION, store=sample_store)
    assert told["text"] == answer.text
    assert told["grounded"] is answer.grounded is True
    for citation, quoted in zip(told["citations"], answer.citations, strict=True):
        assert citation["quote"] == quoted.quote
        assert quoted.article.text[citation["start"] : citation["end"]] == quoted.quote
        assert citation["published"] == str(quoted.article.published)
        assert citation["link"].startswith(f"{address}?article=")


def test_a_follow_up_leans_on_the_history_it_is_given(client: Caller) -> None:
    first = client.predict("What happened on 12 May?", api_name="/ask")

    told = client.predict(
        question="And on 13 May?",
        history=[["What happened on 12 May?", first["text"]]],
        api_name="/ask",
    )

    assert told["question"]["standalone"] != "And on 13 May?"


def test_passages_articles_and_the_index_are_told(client: Caller, sample_store: Path) -> None:
    found = client.predict(question=QUESTION, k=2, api_name="/retrieve")
    passages = qa.retrieve(QUESTION, 2, store=sample_store)
    assert [one["text"] for one in found] == [one.text for one in passages]

    first = found[0]
    whole = client.predict(first["article"], api_name="/article")
    part = client.predict(first["article"], 3, 9, api_name="/article")
    assert whole["text"][first["start"] : first["end"]] == first["text"]
    assert (part["text"], part["length"]) == (whole["text"][3:9], len(whole["text"]))

    status = client.predict(api_name="/status")
    assert status["articles"] == len(open_snapshot(sample_store).articles)
    assert status["rebuild"]["state"] in ("idle", "done")
    assert "store" not in status


def test_filters_let_through_what_they_let_through_elsewhere(
    client: Caller, sample_store: Path
) -> None:
    everything = client.predict("visa", k=50, api_name="/retrieve")
    found = client.predict("visa", k=50, languages=["fr"], words=["visa"], api_name="/retrieve")

    passages = qa.retrieve("visa", 50, store=sample_store, languages=["fr"], words=["visa"])
    assert [one["article"] for one in found] == [one.article.id for one in passages]
    assert 0 < len(found) < len(everything)
    nothing = client.predict("visa", before="1900", api_name="/ask")
    assert (nothing["grounded"], nothing["emptied_by"]) == (False, ["before"])


@pytest.mark.parametrize(
    ("name", "arguments", "sentence"),
    [
        ("article", {"article": "nowhere.txt"}, "There is no article 'nowhere.txt'"),
        ("article", {"article": 7}, "article cannot be 7. Give a text"),
        ("article", {"article": "x" * 2_000}, "Give a text of at most 1000 characters"),
        ("article", {"article": "a.txt", "start": -1}, "start cannot be -1"),
        ("retrieve", {"question": "x" * 20_000}, "The question has 20000 characters"),
        ("ask", {"question": "Qui ?", "after": "gestern"}, "'gestern' is no date"),
        ("ask", {"question": "Qui ?", "after": "2025", "before": "2024"}, "No day lies after"),
        ("ask", {"question": None}, "question cannot be None"),
        ("ask", {"question": "Qui ?", "history": ["one", "two"]}, "Give a list of pairs"),
        ("ask", {"question": "Qui ?", "sources": [7]}, "sources cannot be 7"),
        ("retrieve", {"question": "Qui ?", "k": -1}, "k cannot be -1. Give a whole number"),
        ("retrieve", {"question": "Qui ?", "k": "two"}, "k cannot be 'two'"),
    ],
)
def test_what_cannot_be_done_is_told_in_the_same_sentence_at_every_door(
    client: Caller, address: str, name: str, arguments: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(AppError) as raised:
        client.predict(**arguments, api_name=f"/{name}")
    told = post(address, name, arguments)

    assert sentence in str(raised.value)
    assert told.json()["sentence"] == raised.value.message
    assert told.status_code == (404 if "nowhere" in sentence else 400)
    assert "\n" not in told.json()["sentence"]


def test_a_question_that_is_too_long_is_answered_as_in_the_chat(client: Caller) -> None:
    told = client.predict("x" * 20_000, api_name="/ask")

    assert (told["grounded"], told["citations"], told["passages"]) == (False, [], [])
    assert told["text"].startswith("The question has 20000 characters")


def test_more_passages_than_are_told_are_not_told(client: Caller) -> None:
    assert 5 < len(client.predict(QUESTION, k=10**9, api_name="/retrieve")) <= 50


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no JSON",
        b"[]",
        b"7",
        b"{}",
        b'{"data": {}}',
        b'{"data": ["a", 1, 2, 3, 4, 5, 6, 7, 8]}',
        b'{"colour": "red"}',
        b'{"data": [' + b"[" * 3000 + b"]" * 3000 + b"]}",
        b"\xff\xfe",
    ],
)
@pytest.mark.parametrize("path", ["ask", "gradio_api/call/ask", "gradio_api/call/v2/ask"])
def test_rubbish_is_told_so_in_one_sentence(address: str, path: str, body: bytes) -> None:
    answer = httpx.post(
        f"{address}{path}",
        content=body,
        headers={"Content-Type": "application/json"},
        trust_env=False,
        verify=False,
        timeout=60,
    )

    assert answer.status_code == 400
    assert answer.json()["error"] == "ArgumentInvalid"
    assert "Traceback" not in answer.text
    assert len(answer.json()["sentence"]) < 300


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("queue/join", {"data": [], "fn_index": 999, "session_hash": "s"}),
        ("queue/join", {"data": [], "fn_index": -1, "session_hash": "s"}),
        ("queue/join", {"data": [], "fn_index": "0", "session_hash": "s"}),
        ("queue/join", {"data": [], "session_hash": "s"}),
        ("queue/join", {"data": [], "fn_index": 0}),
        ("queue/join", {"data": [], "fn_index": 0, "session_hash": ""}),
        ("queue/join", {"data": [], "fn_index": 0, "session_hash": 7}),
        ("queue/join", {"data": "x", "fn_index": 0, "session_hash": "s"}),
        ("queue/join", {"data": ["x"] * 20, "fn_index": "ask", "session_hash": "s"}),
        ("queue/join", {"data": [], "fn_index": "ask", "session_hash": "s"}),
        ("call/ask", {"data": ["x"], "session_hash": 7}),
        ("cancel", {}),
        ("cancel", {"session_hash": "s", "fn_index": "x", "event_id": "e"}),
        ("cancel", {"session_hash": [], "fn_index": 0, "event_id": "e"}),
        ("reset", {"event_id": 7}),
    ],
)
def test_what_gradio_would_stumble_over_is_told_in_one_sentence(
    address: str, path: str, body: dict[str, Any]
) -> None:
    if body.get("fn_index") == "ask":
        body = body | {"fn_index": _fn_index(address, "ask")}

    answer = post(address, f"gradio_api/{path}", body)

    assert (answer.status_code, answer.json()["error"]) == (400, "ArgumentInvalid")
    assert " cannot be " in answer.json()["sentence"]


def test_what_was_fetched_or_never_asked_for_is_not_there(address: str) -> None:
    call = post(address, "gradio_api/call/status", {"data": []}).json()["event_id"]
    paths = [f"gradio_api/call/status/{call}", "gradio_api/queue/data?session_hash=nobody"]
    paths += [f"gradio_api/call/v2/ask/{'0' * 32}", "gradio_api/queue/data"]

    fetched = [
        httpx.get(f"{address}{path}", trust_env=False, verify=False, timeout=60)
        for path in (paths[0], *paths)
    ]

    assert fetched[0].text.startswith("event: complete")
    for answer in fetched[1:]:
        assert (answer.status_code, answer.json()["error"]) == (404, "EventUnknown")


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("ask", "POST"),
        ("status", "GET, HEAD, POST"),
        ("mcp", "POST"),
        ("metrics", "GET, HEAD"),
        ("gradio_api/call/ask", "POST"),
        ("gradio_api/queue/join", "POST"),
        ("gradio_api/info", "GET, HEAD"),
    ],
)
def test_another_method_is_told_which_one_is_taken(address: str, path: str, allowed: str) -> None:
    for method in {"GET", "POST", "PUT", "DELETE"} - set(allowed.split(", ")):
        answer = httpx.request(
            method, f"{address}{path}", trust_env=False, verify=False, timeout=60
        )

        assert (answer.status_code, answer.json()["error"]) == (405, "MethodWrong")
        assert answer.headers["allow"] == allowed


def test_a_value_that_gradio_would_fetch_or_open_goes_no_further(address: str) -> None:
    asked = []
    trap = socket.create_server(("127.0.0.1", 0))
    trap.settimeout(0.2)

    def wait() -> None:
        with pytest.raises(TimeoutError):
            asked.append(trap.accept())

    place = f"http://127.0.0.1:{trap.getsockname()[1]}/secret"
    file = {"path": place, "url": place, "meta": {"_type": "gradio.FileData"}}
    listening = threading.Thread(target=wait)
    listening.start()
    fn_index = _fn_index(address, "ask")
    joined = {"data": [file, "", "", None, None, None, None], "fn_index": fn_index}
    answers = [
        post(address, "gradio_api/queue/join", joined | {"session_hash": "abcdefghijk"}),
        post(address, "gradio_api/call/ask", {"data": [file]}),
        post(address, "gradio_api/call/v2/ask", {"question": file}),
        post(address, "ask", {"question": [file]}),
    ]
    listening.join()
    trap.close()

    assert [answer.status_code for answer in answers] == [400] * 4
    assert asked == []


def _fn_index(address: str, name: str) -> int:
    config = httpx.get(f"{address}config", trust_env=False, verify=False, timeout=60).json()
    return next(one["id"] for one in config["dependencies"] if one["api_name"] == name)


def test_the_listeners_of_the_page_are_its_own(client: Caller, address: str) -> None:
    config = httpx.get(f"{address}config", trust_env=False, verify=False, timeout=60).json()
    names = {one["api_name"]: one["api_visibility"] for one in config["dependencies"]}

    private = {name for name, visibility in names.items() if visibility == "private"}
    assert {"page-ask", "page-show", "page-stop"} <= private
    assert {f"/{name}" for name in names.keys() - private} == _NAMES
    for name in private:
        with pytest.raises(ValueError, match="Cannot find a function"):
            client.predict(api_name=f"/{name}")
        for path in (f"gradio_api/call/{name}", f"gradio_api/run/{name}"):
            assert post(address, path, {"data": []}).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "gradio_api/upload",
        "gradio_api/file=/etc/passwd",
        "gradio_api/proxy=https://x.hf.space",
        "gradio_api/openapi.json",
        "gradio_api/component_server",
        "gradio_api/call/predict",
        "gradio_api/run/ask",
        "gradio_api/api/ask",
        "gradio_api/call/ask/../../upload",
        "gradio_api/call/page_ask",
        "gradio_api/runs",
        "config/",
        "login",
    ],
)
def test_what_programs_do_not_need_stays_closed(address: str, path: str) -> None:
    for answer in (
        httpx.get(f"{address}{path}", trust_env=False, verify=False, timeout=60),
        post(address, path, {}, Origin=address.rstrip("/")),
    ):
        assert (answer.status_code, answer.json()["error"]) == (404, "NotHere")


def test_the_catalogue_does_not_hear_what_gradio_would_act_upon(address: str) -> None:
    for path in ("config?deep_link=x&page=x", "gradio_api/info?all_endpoints=1"):
        told = httpx.get(f"{address}{path}", trust_env=False, verify=False, timeout=60).json()

        assert "deep_link_state" not in told
        assert set(told.get("named_endpoints", _NAMES)) == _NAMES


@pytest.mark.parametrize(
    "path",
    ["ask", "build", "gradio_api/call/ask", "gradio_api/queue/join", "gradio_api/cancel", "mcp"],
)
def test_no_page_of_somebody_else_asks_as_a_program(address: str, path: str) -> None:
    def refused(**headers: str) -> str:
        answer = post(address, path, {}, **headers)
        assert answer.status_code in (403, 415)
        return str(answer.json()["error"])

    page = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}
    assert refused(Origin="https://evil.example") == "OriginForeign"
    assert refused(Origin="null") == "OriginForeign"
    assert refused(**page) == "OriginForeign"
    assert refused(**{"Sec-Fetch-Site": "same-site"}) == "OriginForeign"
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        assert refused(**{"Content-Type": kind}) == "JsonMissing"
        assert refused(**{"Content-Type": kind, "Origin": "null"}) == "OriginForeign"
    form = {"Content-Type": "text/plain", "Accept": "text/html"}
    assert (
        httpx.post(
            f"{address}{path}", content="{}", headers=form, trust_env=False, verify=False
        ).status_code
        == 403
    )


def test_curl_asks_as_the_readme_says(address: str) -> None:
    if shutil.which("curl") is None:
        pytest.skip("no curl on this machine")

    def curl(*arguments: str) -> str:
        kind = ("-H", "Content-Type: application/json")
        command = ["curl", "-s", "--noproxy", "*", "--max-time", "60", *kind, *arguments]
        return subprocess.run(command, capture_output=True, check=True, text=True).stdout

    asked = json.dumps({"question": QUESTION})
    at_once = json.loads(curl(f"{address}ask", "-d", asked))
    event = json.loads(curl(f"{address}gradio_api/call/v2/ask", "-d", asked))["event_id"]
    streamed = curl("-N", f"{address}gradio_api/call/v2/ask/{event}")
    in_order = json.dumps({"data": [QUESTION]})
    event = json.loads(curl(f"{address}gradio_api/call/ask", "-d", in_order))["event_id"]

    assert at_once["grounded"] is True
    assert streamed.startswith("event: complete\ndata: ")
    assert json.loads(streamed.partition("data: ")[2]) == [at_once]
    assert curl("-N", f"{address}gradio_api/call/ask/{event}") == streamed
    assert json.loads(curl(f"{address}status"))["articles"] == 4


def test_a_rebuild_is_begun_followed_and_told_of_while_questions_are_answered(
    client: Caller,
) -> None:
    begun = client.predict(api_name="/build")
    answered = client.predict(QUESTION, api_name="/ask")
    while (told := client.predict(api_name="/status"))["rebuild"]["state"] == "running":
        time.sleep(0.1)

    assert (begun["begun"], begun["state"]) == (True, "running")
    assert 0 <= begun["share"] <= 1
    assert answered["grounded"] is True
    assert (told["rebuild"]["state"], told["rebuild"]["error"]) == ("done", "")
    assert told["rebuild"]["report"]["articles"] == 4


def test_twenty_programs_at_once_are_answered_while_the_page_goes_on(
    client: Caller, address: str, calling: Calling, with_tools: WithTools
) -> None:
    expected = client.predict(QUESTION, api_name="/ask")["text"]

    def call() -> str:
        with calling(address) as opened:
            return str(opened.predict(QUESTION, api_name="/ask")["text"])

    def use_tool() -> str:
        told = []

        async def use(tools: ToolClient) -> None:
            told.append((await tools.call_tool("ask", {"question": QUESTION})).structured_content)

        with_tools(address, use)
        return str(told[0]["text"])

    with ThreadPoolExecutor(21) as threads:
        asked = [threads.submit(call) for _ in range(10)]
        asked += [threads.submit(use_tool) for _ in range(10)]
        page = threads.submit(_ask_as_the_page, address)

        assert page.result()["record"]["question"] == QUESTION
        assert {one.result() for one in asked} == {expected}


def _ask_as_the_page(address: str) -> dict[str, Any]:
    """Ask through the wire, as the page's script does."""
    claim = {"token": "t1", "question": QUESTION, "language": "en", "filters": {}}
    fn_index = _fn_index(address, "page-ask")
    body = {"data": [], "event_data": json.dumps(claim), "fn_index": fn_index}
    headers = {"Origin": address.rstrip("/"), "Sec-Fetch-Site": "same-origin"}
    with httpx.Client(
        base_url=address, headers=headers, trust_env=False, verify=False, timeout=60
    ) as page:
        joined = page.post("gradio_api/queue/join", json=body | {"session_hash": "thepage"})
        assert joined.status_code == 200, joined.text
        path = "gradio_api/queue/data"
        with page.stream("GET", path, params={"session_hash": "thepage"}) as events:
            for line in events.iter_lines():
                said = json.loads(line.removeprefix("data:")) if line else {}
                if said.get("msg") == "process_completed":
                    return dict(json.loads(said["output"]["data"][0]))
    raise AssertionError("the page was not answered")


def test_calls_are_counted_by_what_came_of_them(client: Caller, address: str) -> None:
    def count(name: str, outcome: str) -> float:
        told = httpx.get(f"{address}metrics", trust_env=False, verify=False, timeout=60).text
        line = f'depeche_calls_total{{name="{name}",outcome="{outcome}"}} '
        return next(
            (float(one.removeprefix(line)) for one in told.splitlines() if one.startswith(line)), 0
        )

    before = count("retrieve", "done"), count("article", "refused")
    client.predict(QUESTION, api_name="/retrieve")
    post(address, "article", {"article": "nowhere.txt"})

    assert (count("retrieve", "done"), count("article", "refused")) == (
        before[0] + 1,
        before[1] + 1,
    )
