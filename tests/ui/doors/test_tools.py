"""The tools at `mcp`, asked over HTTP by the protocol's own client."""

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

import qa

WithTools = Any  # that of conftest.py
ToolClient = Any  # of the protocol

QUESTION = "what was signed on 12 May?"


@pytest.fixture(scope="module")
def address(serve_chat: Callable[..., str]) -> str:
    return serve_chat(read_only=True)


def test_the_tools_tell_what_those_on_standard_input_do(
    address: str, sample_store: Path, with_tools: WithTools
) -> None:
    async def use(tools: ToolClient) -> None:
        names = {tool.name: tool for tool in (await tools.list_tools()).tools}
        assert set(names) == {"ask", "retrieve", "article", "corpus"}
        assert all(tool.annotations.read_only_hint for tool in names.values())

        told = (await tools.call_tool("ask", {"question": QUESTION})).structured_content
        answer = qa.ask(QUESTION, store=sample_store)
        assert told["text"] == answer.text
        assert [one["quote"] for one in told["citations"]] == [
            one.quote for one in answer.citations
        ]
        assert told["citations"][0]["link"].startswith(f"{address}?article=")

        found = (
            await tools.call_tool("retrieve", {"question": QUESTION, "k": 10**9})
        ).structured_content
        first = found["passages"][0]
        whole = (await tools.call_tool("article", {"article": first["article"]})).structured_content
        assert whole["text"][first["start"] : first["end"]] == first["text"]
        corpus = (await tools.call_tool("corpus", {})).structured_content
        assert corpus["articles"] == 4

    with_tools(address, use)


@pytest.mark.parametrize(
    ("tool", "arguments", "sentence"),
    [
        ("article", {"article": "nowhere.txt"}, "There is no article 'nowhere.txt'"),
        ("ask", {"question": "Qui ?", "after": "gestern"}, "'gestern' is no date"),
        ("retrieve", {"question": "x" * 20_000}, "The question has 20000 characters"),
        ("retrieve", {"question": "Qui ?", "k": -1}, "k cannot be -1"),
        ("retrieve", {"question": "Qui ?", "k": "many"}, "retrieve cannot be called so: k: "),
        ("ask", {"question": "Qui ?", "words": ["a"] * 31}, "a list of at most 30 texts"),
        ("ask", {}, "ask cannot be called so: question: "),
        ("build", {}, "build"),
        ("fly", {}, "fly"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_sentence(
    address: str, with_tools: WithTools, tool: str, arguments: dict[str, Any], sentence: str
) -> None:
    async def use(tools: ToolClient) -> None:
        result = await tools.call_tool(tool, arguments)

        (content,) = result.content
        assert result.is_error
        assert sentence in content.text
        assert "Error executing" not in content.text
        assert "\n" not in content.text
        assert not (await tools.call_tool("corpus", {})).is_error

    with_tools(address, use)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "What was sent is no JSON."),
        (b"no JSON", "What was sent is no JSON."),
        (b"[" * 100_000, "What was sent is no JSON."),
        (b"\xff\xfe", "What was sent is no JSON."),
        (b"[]", "What was sent is no request."),
        (b"7", "What was sent is no request."),
        (b'{"jsonrpc": "2.0"}', "What was sent is no request."),
        (b'{"jsonrpc": "1.0", "id": 1, "method": "ping"}', "What was sent is no request."),
        (b'{"jsonrpc": "2.0", "id": 1, "method": 7}', "What was sent is no request."),
        (b'{"jsonrpc": "2.0", "id": [], "method": "ping"}', "What was sent is no request."),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "ping", "params": 3}', "What was sent is no"),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "fly"}', "ethod not found"),
    ],
)
def test_rubbish_gets_an_error_of_the_protocol(address: str, body: bytes, sentence: str) -> None:
    headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}

    answer = httpx.post(
        f"{address}mcp", content=body, headers=headers, trust_env=False, verify=False, timeout=60
    )

    error = answer.json()["error"]
    assert sentence in error["message"]
    assert error["code"] in (-32700, -32600, -32601)
    assert "Traceback" not in answer.text


def test_what_is_too_large_is_not_read(address: str) -> None:
    headers = {"Content-Type": "application/json"}

    answer = httpx.post(
        f"{address}mcp",
        content=b"x" * (4 * 2**20 + 1),
        headers=headers,
        trust_env=False,
        verify=False,
    )

    assert (answer.status_code, answer.json()["error"]) == (413, "TooLarge")
    assert answer.json()["sentence"] == "This request is too large."


def test_only_a_request_is_taken(address: str) -> None:
    for method in ("GET", "DELETE", "PUT"):
        answer = httpx.request(method, f"{address}mcp", trust_env=False, verify=False, timeout=60)

        assert answer.status_code in (403, 405)


def test_a_server_that_only_reads_has_no_endpoint_that_builds(address: str) -> None:
    for path in ("build", "gradio_api/call/build", "gradio_api/call/v2/build"):
        answer = httpx.post(f"{address}{path}", json={}, trust_env=False, verify=False, timeout=60)

        assert (answer.status_code, answer.json()["error"]) == (404, "NotHere")
        assert answer.json()["sentence"] == "There is nothing at this address."
    status = httpx.get(f"{address}status", trust_env=False, verify=False, timeout=60).json()
    assert status["rebuild"]["state"] == "idle"


def test_without_the_package_the_address_says_what_to_install(
    run_app: Callable[[Starlette], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from ui.tools import Tools

    monkeypatch.setitem(sys.modules, "qa.doors.mcp", None)
    tools = Tools(programs=None)  # type: ignore[arg-type]

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with tools.lifespan(app):
            yield

    address = run_app(Starlette(routes=[tools.route()], lifespan=lifespan))
    body = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    answer = httpx.post(f"{address}/mcp", json=body, trust_env=False, verify=False, timeout=60)

    assert answer.status_code == 501
    assert answer.json()["sentence"] == (
        "To speak to tools, install mcp: pip install 'depeche[mcp]'"
    )
