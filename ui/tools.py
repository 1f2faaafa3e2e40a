"""The Model Context Protocol at `mcp`: the tools of `depeche mcp`, over HTTP, to who may ask.

The package that speaks it is loaded when somebody asks for the first time.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
from anyio.abc import TaskGroup, TaskStatus
from anyio.to_thread import run_sync
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from index.errors import ExtraMissing
from ui.arrival import read_body, replay
from ui.counters import version_here
from ui.doors import MCP
from ui.programs import Programs
from ui.refusal import tell

# Of JSON-RPC: what was sent is no JSON, or no request.
_NO_JSON, _NO_REQUEST = -32700, -32600


class Tools:
    """Answers tools as long as the server runs."""

    def __init__(self, programs: Programs) -> None:
        """Ask `programs`."""
        self._programs = programs
        self._turn = asyncio.Lock()
        self._group: TaskGroup | None = None
        self._answering: ASGIApp | None = None

    def route(self) -> Route:
        """Return the route."""
        return Route(MCP, self, methods=["POST"])

    @asynccontextmanager
    async def lifespan(self, _app: object) -> AsyncIterator[None]:
        """Let what answers run beside the server, and end with it."""
        async with anyio.create_task_group() as self._group:
            yield
            self._group.cancel_scope.cancel()
        self._group = self._answering = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        body = await read_body(receive)
        refused = _refusal(body)
        if refused is None:
            try:
                answer = await self._open()
            except ExtraMissing as error:
                answer = tell("ExtraMissing", str(error), 501)
            await answer(scope, replay(body, receive), send)
        else:
            await refused(scope, receive, send)

    async def _open(self) -> ASGIApp:
        """Return what answers, begun at the first request.

        Raises:
            ExtraMissing: if the package is not installed.
        """
        async with self._turn:
            if self._answering is None:
                assert self._group is not None, "the server does not run"
                # it takes a second, and others are being answered
                await run_sync(_load)
                self._answering = await self._group.start(self._run)
            return self._answering

    async def _run(self, *, task_status: TaskStatus[ASGIApp]) -> None:
        """Answer until the server ends."""
        from qa.doors.mcp import over_http, serve

        programs = self._programs
        server = serve(programs.service, version_here(), programs.in_turn)
        async with over_http(server) as answering:
            task_status.started(answering)
            await anyio.sleep_forever()


def _load() -> None:
    """Load the package.

    Raises:
        ExtraMissing: if it is not installed.
    """
    try:
        import qa.doors.mcp  # noqa: F401
    except ModuleNotFoundError as error:
        raise ExtraMissing("speak to tools", "mcp", "mcp") from error


def _refusal(body: bytes) -> Response | None:
    """Return the answer to what is no request of the protocol, or None."""
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError):
        return _complain(_NO_JSON, "What was sent is no JSON.")
    if _is_request(asked):
        return None
    return _complain(
        _NO_REQUEST, 'What was sent is no request. Send {"jsonrpc": "2.0", "id": …, "method": …}.'
    )


def _is_request(asked: object) -> bool:
    """Whether something is a request of JSON-RPC, or a notification: one that has no id."""
    return (
        isinstance(asked, dict)
        and asked.get("jsonrpc") == "2.0"
        and isinstance(asked.get("method"), str)
        and isinstance(asked.get("params", {}), dict)
        and type(asked.get("id", 0)) in (int, str)
    )


def _complain(code: int, sentence: str) -> Response:
    """Return an error of the protocol to somebody who did not say which request it answers."""
    error = {"code": code, "message": sentence}
    return JSONResponse({"jsonrpc": "2.0", "id": None, "error": error}, 400)
