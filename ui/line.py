"""The line before the desk: a few questions at a time, in the order they came."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from anyio.to_thread import run_sync

from index.errors import DeskBusy

# A question takes a fraction of a second: whoever stands here for longer than that had better know.
_MAX_WAITING = 100

_Given = TypeVar("_Given")


class Stopped(Exception):
    """Whoever asked does not wait any more."""


class Line:
    """Lets so many questions to the desk at a time; the others wait, and can leave."""

    def __init__(self, places: int, max_waiting: int = _MAX_WAITING) -> None:
        """Begin with nobody."""
        self._places = asyncio.Semaphore(places)
        self._waiting: dict[str, asyncio.Task[bool]] = {}
        self._max_waiting = max_waiting
        self._running = 0

    def waiting(self) -> int:
        """Return how many wait."""
        return len(self._waiting)

    def running(self) -> int:
        """Return how many are at the desk."""
        return self._running

    async def ask(self, token: str, work: Callable[[], _Given]) -> _Given:
        """Do `work` on a thread of its own when its turn has come.

        Raises:
            DeskBusy: if too many wait already.
            Stopped: if `stop(token)` was called before.
        """
        await self._stand(token)
        self._running += 1
        try:
            return await run_sync(work)
        finally:
            self._running -= 1
            self._places.release()

    async def _stand(self, token: str) -> None:
        """Wait for a place."""
        if len(self._waiting) >= self._max_waiting:
            raise DeskBusy(len(self._waiting))
        place = asyncio.create_task(self._places.acquire())
        self._waiting[token] = place
        try:
            await asyncio.shield(place)
        except asyncio.CancelledError:
            if place.cancelled():
                raise Stopped from None
            self._leave(place)
            raise
        finally:
            self._waiting.pop(token, None)

    def _leave(self, place: "asyncio.Task[bool]") -> None:
        """Give up a place; one that was just given goes to the next."""
        if place.done() and not place.cancelled():
            self._places.release()
        place.cancel()

    def stop(self, token: str) -> None:
        """Have whoever waits with this token leave; work that has begun is done in vain."""
        place = self._waiting.get(token)
        if place is not None:
            place.cancel()
