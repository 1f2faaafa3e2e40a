"""How a request arrives: within a time, whole, or not at all."""

import asyncio

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive

PIECE_SECONDS = 20.0
"""Whoever sends goes on sending: a pause of this long has no good reason."""

# A request has a moment, and as long as its size takes over the slowest line that is waited for.
_MOMENT_SECONDS = 20.0
_LEAST_BYTES_A_SECOND = 20_000


class TooSlow(Exception):
    """What was announced does not come."""


class Arrival:
    """Receives a request as long as that comes on; to be called as `receive` is."""

    def __init__(
        self, receive: Receive, headers: Headers, piece_seconds: float = PIECE_SECONDS
    ) -> None:
        """Receive what `headers` announce by `receive`; for each piece of it is waited so long."""
        length = headers.get("content-length", "0")
        self._receive = receive
        self._length = int(length) if length.isdecimal() else 0
        self._piece_seconds = piece_seconds
        self._ends: float | None = None
        self._is_whole = False

    async def __call__(self) -> Message:
        """Return what comes next.

        Raises:
            TooSlow: if nothing does in time.
        """
        if self._is_whole:
            return await self._receive()  # that whoever asked has left
        now = asyncio.get_running_loop().time()
        if self._ends is None:
            self._ends = now + _MOMENT_SECONDS + self._length / _LEAST_BYTES_A_SECOND
        try:
            async with asyncio.timeout_at(min(now + self._piece_seconds, self._ends)):
                message = await self._receive()
        except TimeoutError:
            raise TooSlow from None
        self._is_whole = not message.get("more_body", False)
        return message


async def read_body(receive: Receive) -> bytes:
    """Read the whole body of a request.

    Raises:
        ClientDisconnect: if whoever sent it left before its end.
    """
    parts = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def replay(body: bytes, receive: Receive) -> Receive:
    """Return what gives a body that was read, then whatever comes after it."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def give() -> Message:
        """Give it once."""
        return waiting.pop() if waiting else await receive()

    return give
