"""Hangs up on whoever is connected and asks nothing: the server itself waits for ever.

So it does for those that send a request letter by letter, or go on sending what was refused.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from typing import Any

_IDLE_SECONDS = 30.0
_LOOK_SECONDS = 5.0

Connection = Any
"""Of the server, in whichever way it reads what is sent; its `cycle` answers a request."""


class Idle:
    """Watches over the connections of one server, from within its loop."""

    def __init__(
        self, connections: Callable[[], Collection[Connection]], idle_seconds: float = _IDLE_SECONDS
    ) -> None:
        """Hang up on those of `connections` that have waited for no answer for so long."""
        self._connections = connections
        self._idle_seconds = idle_seconds
        self._since: dict[Connection, float] = {}

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """Look from time to time, as long as the server runs."""
        looking = asyncio.create_task(self._look_again())
        try:
            yield
        finally:
            looking.cancel()

    async def _look_again(self) -> None:
        """Look, again and again."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            self.look(time.monotonic())

    def look(self, now: float) -> None:
        """Hang up on those that were idle each time for too long."""
        idle = [one for one in self._connections() if _is_idle(one)]
        self._since = {one: self._since.get(one, now) for one in idle}
        for connection, since in self._since.items():
            if now - since >= self._idle_seconds:
                connection.transport.close()


def _is_idle(connection: Connection) -> bool:
    """Whether no request of a connection is there to be answered."""
    return connection.cycle is None or bool(connection.cycle.response_complete)
