"""The tools, asked by the protocol's own client over a real process."""

import json
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.types import CallToolResult, TextContent

import qa
from index.snapshot import open_snapshot

_ROOT = Path(__file__).resolve().parents[3]
_DEPECHE = "from qa.cli import main; raise SystemExit(main())"

_ADDRESS = "https://news.example/depeche"

QUESTION = "what was signed on 12 May?"

Use = Callable[[Callable[[Client], Awaitable[None]]], None]
"""Has something asked of the tools."""


@asynccontextmanager
async def tools_of(store: Path) -> AsyncIterator[Client]:
    command = ["-c", _DEPECHE, "mcp", "--store", str(store), "--address", _ADDRESS]
    process = StdioServerParameters(command=sys.executable, args=command, cwd=_ROOT)
    async with Client(stdio_client(process)) as client:
        yield client


@pytest.fixture(scope="module")
def use(sample_store: Path) -> Iterator[Use]:
    """Return what asks the tools of one process: nothing that is asked changes it."""
    # in a thread of its own: a browser's test may have left a loop running in this one
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(tools_of(sample_store)) as client,
    ):

        def run(ask: Callable[[Client], Awaitable[None]]) -> None:
            portal.call(ask, client)

        yield run


def said(result: CallToolResult) -> dict[str, Any]:
    """The values of a result: of its structure, and as a text that says the same."""
    (content,) = result.content
    assert isinstance(content, TextContent)
    assert json.loads(content.text) == result.structured_content
    assert result.structured_content is not None
    return result.structured_content


def test_a_tool_answers_with_the_quotes_of_qa_ask(use: Use, sample_store: Path) -> None:
    async def ask(client: Client) -> None:
        names = {tool.name for tool in (await client.list_tools()).tools}
        assert names == {"ask", "retrieve", "article", "corpus"}

        told = said(await client.call_tool("ask", {"question": QUESTION}))

        answer = qa.ask(QUESTION, store=sample_store)
        assert told["text"] == answer.text
        assert told["grounded"] is answer.grounded is True
        for citation, quoted in zip(told["citations"], answer.citations, strict=True):
            assert citation["quote"] == quoted.quote
            span = citation["start"], citation["end"]
            assert quoted.article.text[slice(*span)] == citation["quote"]
            assert citation["published"] == str(quoted.article.published)
            assert citation["link"].startswith("https://news.example/depeche/?article=")

    use(ask)


def test_a_follow_up_leans_on_the_history_it_is_given(use: Use) -> None:
    async def ask(client: Client) -> None:
        first = said(await client.call_tool("ask", {"question": "What happened on 12 May?"}))
        history = [["What happened on 12 May?", first["text"]]]
        told = said(
            await client.call_tool("ask", {"question": "And on 13 May?", "history": history})
        )

        assert told["question"]["standalone"] != "And on 13 May?"

    use(ask)


def test_tools_tell_passages_articles_and_the_corpus(use: Use, sample_store: Path) -> None:
    async def ask(client: Client) -> None:
        found = said(await client.call_tool("retrieve", {"question": QUESTION, "k": 2}))
        passages = qa.retrieve(QUESTION, 2, store=sample_store)
        assert [one["text"] for one in found["passages"]] == [one.text for one in passages]

        first = found["passages"][0]
        whole = said(await client.call_tool("article", {"article": first["article"]}))
        assert whole["text"][first["start"] : first["end"]] == first["text"]
        part = said(
            await client.call_tool("article", {"article": first["article"], "start": 3, "end": 9})
        )
        assert (part["text"], part["length"]) == (whole["text"][3:9], len(whole["text"]))

        corpus = said(await client.call_tool("corpus", {}))
        assert corpus["articles"] == len(open_snapshot(sample_store).articles)

    use(ask)


UNANSWERABLE: list[tuple[str, dict[str, object], str]] = [
    ("article", {"article": "nowhere.txt"}, "There is no article 'nowhere.txt'"),
    ("ask", {"question": "Qui ?", "after": "gestern"}, "'gestern' is no date"),
    ("retrieve", {"question": "x" * 20_000}, "The question has 20000 characters"),
    ("article", {"article": "a.txt", "start": -1}, "start cannot be -1"),
    ("ask", {"question": "Qui ?", "history": [["one"]]}, "Give a list of pairs"),
    ("ask", {"question": 7}, "question"),
    ("ask", {}, "question"),
    ("fly", {}, "fly"),
]


def test_what_cannot_be_done_is_told_in_a_sentence_and_the_tools_go_on(use: Use) -> None:
    async def ask(client: Client) -> None:
        for tool, arguments, sentence in UNANSWERABLE:
            result = await client.call_tool(tool, arguments)

            (content,) = result.content
            assert isinstance(content, TextContent)
            assert result.is_error
            assert sentence in content.text
            assert "Traceback" not in content.text
            assert "Error executing" not in content.text
            assert not (await client.call_tool("corpus", {})).is_error

    use(ask)


def test_rubbish_on_standard_input_is_told_so_and_what_follows_is_answered(
    sample_store: Path,
) -> None:
    start = {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    }
    lines = [
        b"",
        b"no JSON",
        b"\xff\xfe\x00",
        b"[[[[",
        b"7",
        b'{"jsonrpc": "1.0", "id": 1, "method": "ping"}',
        b'{"jsonrpc": "2.0", "method": 7, "id": 2}',
        b'[{"jsonrpc": "2.0", "id": 6, "method": "ping"}]',
        b'{"jsonrpc": "2.0", "id": "\\ud800", "method": "ping"}',
        b'{"jsonrpc": "2.0", "id": 7, "method": "ping", "params": [' + b"[" * 10_000,
        b'{"jsonrpc": "2.0", "id": 3, "method": "fly"}',
        b"x" * 5_000_000,
        json.dumps({"jsonrpc": "2.0", "id": 4, "method": "initialize", "params": start}).encode(),
        b'{"jsonrpc": "2.0", "method": "notifications/initialized"}',
        b'{"jsonrpc": "2.0", "id": 5, "method": "tools/call", "params": {"name": "corpus"}}',
    ]
    command = [sys.executable, "-c", _DEPECHE, "mcp", "--store", str(sample_store)]
    with subprocess.Popen(
        command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(b"\n".join(lines) + b"\n")
        process.stdin.flush()
        told: dict[int | None, list[dict[str, Any]]] = {}
        while 5 not in told:
            message = json.loads(process.stdout.readline())
            told.setdefault(message["id"], []).append(message)
        process.stdin.close()
        complaints = process.stderr.read().decode()

    assert process.returncode == 0
    assert told[5][0]["result"]["structuredContent"]["articles"] == 4
    sentences = {message["error"]["message"] for message in told[None]}
    assert sentences == {
        "A line was no message of the protocol. Send one JSON-RPC 2.0 object a line."
    }
    assert told[3][0]["error"]["message"] == "Method not found"
    assert "Traceback" not in complaints
