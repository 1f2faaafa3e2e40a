"""What the tests of the doors share: the chat over the sample articles, in this process."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
import pytest
from gradio_client import Client

if TYPE_CHECKING:
    from mcp import Client as ToolClient

Serve = Callable[..., str]
Use = Callable[["ToolClient"], Awaitable[None]]


def aside(work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:  # noqa: ANN401  its result
    """Run `work` in a thread of its own: a browser's test may have left a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work()).result()


@pytest.fixture(scope="module")
def serve_chat(
    sample_store: Path, free_port: Callable[[], int], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Serve]:
    """Return a function that shows the chat over the sample articles, and gives its address."""
    from ui.chat import serve
    from ui.desk import Desk
    from ui.options import Options

    running = []

    def start(**fields: object) -> str:
        store = tmp_path_factory.mktemp("doors") / "store"
        shutil.copytree(sample_store, store)
        corpus = store.with_name("corpus")
        shutil.copytree(Path(__file__).parents[3] / "corpus", corpus)
        known: dict[str, object] = {"port": free_port(), "store": store, "corpus": corpus}
        options = Options(**(known | fields))  # type: ignore[arg-type]

        async def launch() -> Any:  # noqa: ANN401  the page
            return serve(Desk(options.store), options)

        # where no loop runs, Gradio would open some and leave them open
        chat = aside(launch)
        running.append(chat)
        return f"http://127.0.0.1:{options.port}/"

    yield start
    for chat in running:
        chat.close(verbose=False)


@contextmanager
def calling(address: str, **options: Any) -> Iterator[Client]:  # noqa: ANN401  those of Client
    """Open Gradio's client of the chat at `address`."""
    client = Client(address, verbose=False, analytics_enabled=False, **options)
    try:
        yield client
    finally:
        client.close()


def with_tools(address: str, use: Use, headers: dict[str, str] | None = None) -> None:
    """Use the tools at `address`, with the protocol's own client."""
    import httpx2
    from mcp import Client as ToolClient
    from mcp.client.streamable_http import streamable_http_client

    async def session() -> None:
        async with (
            httpx2.AsyncClient(headers=headers or {}, trust_env=False, timeout=60) as http,
            ToolClient(streamable_http_client(f"{address}mcp", http_client=http)) as client,
        ):
            await use(client)

    with ThreadPoolExecutor(1) as thread:
        thread.submit(anyio.run, session).result()


@pytest.fixture(scope="module", name="calling")
def _calling() -> Any:  # noqa: ANN401  the function above
    return calling


@pytest.fixture(scope="module", name="with_tools")
def _with_tools() -> Any:  # noqa: ANN401  the function above
    return with_tools
