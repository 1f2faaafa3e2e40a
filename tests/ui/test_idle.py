"""Whoever is connected and asks nothing is hung up on; whoever waits for an answer is not."""

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ui.idle import Idle

_ASK = b"GET / HTTP/1.1\r\nHost: here\r\n"


async def _connect(port: int, *said: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"".join(said))
    return reader, writer


async def _rest(reader: asyncio.StreamReader) -> bytes:
    """Return what comes until the server hangs up, which it may do in the middle of a request."""
    try:
        return await reader.read()
    except ConnectionResetError:
        return b""


async def _session() -> tuple[list[bytes], bytes]:
    """Return what the idle ones read to the end, and the busy one that waits meanwhile."""
    going = asyncio.Event()

    async def answer(_request: Request) -> Response:
        await going.wait()
        return PlainTextResponse("answered")

    async def refuse(_request: Request) -> Response:
        return PlainTextResponse("refused", 413)

    routes = [Route("/", answer), Route("/refused", refuse, methods=["POST"])]
    config = uvicorn.Config(Starlette(routes=routes), log_level="warning", timeout_keep_alive=60)
    server = uvicorn.Server(config)
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:
        await asyncio.sleep(0.01)
    silent = await _connect(port)
    half = await _connect(port, _ASK)
    more = await _connect(
        port, b"POST /refused HTTP/1.1\r\nHost: here\r\nContent-Length: 99\r\n\r\nx"
    )
    busy = await _connect(port, _ASK, b"\r\n")
    while len(server.server_state.connections) < 4 or not server.server_state.tasks:
        await asyncio.sleep(0.01)
    assert (await more[0].readuntil(b"refused")).startswith(b"HTTP/1.1 413")

    idle = Idle(lambda: server.server_state.connections, idle_seconds=30)
    idle.look(0)
    idle.look(29)
    await asyncio.sleep(0.01)
    assert len(server.server_state.connections) == 4
    idle.look(31)
    hung_up = [await _rest(reader) for reader, _ in (silent, half, more)]
    going.set()
    answered = await busy[0].readuntil(b"answered")

    for _, writer in (silent, half, more, busy):
        writer.close()
    server.should_exit = True
    await serving
    return hung_up, answered


def test_whoever_asks_nothing_is_hung_up_on_and_whoever_waits_is_not() -> None:
    # in a thread of its own: a browser's test may have left a loop in this one
    with ThreadPoolExecutor(1) as thread:
        hung_up, answered = thread.submit(asyncio.run, _session()).result(60)

    assert hung_up == [b"", b"", b""]
    assert answered.startswith(b"HTTP/1.1 200")
