"""The line before the desk: a few questions at a time, one of each asker in turn.

Those who ask take turns, whatever each of them has asked: the hundredth question of one does not
stand before the first of another.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from anyio.to_thread import run_sync

from index.errors import AskedTooMuch, DeskBusy

# A question takes a fraction of a second: whoever stands here for longer than that had better know.
_MAX_WAITING = 200

# Of one name or address. Those of a whole office may come from one address.
_MAX_OF_ONE = 50

_Given = TypeVar("_Given")

_Turn = asyncio.Future[bool]
"""Whether the turn came; False when whoever waited for it was told to leave."""


class Stopped(Exception):
    """Whoever asked does not wait any more."""


class Line:
    """Lets so many questions to the desk at a time; the others wait, and can leave."""

    def __init__(
        self, places: int, max_waiting: int = _MAX_WAITING, max_of_one: int = _MAX_OF_ONE
    ) -> None:
        """Begin with nobody."""
        self._free = places
        self._max_waiting, self._max_of_one = max_waiting, max_of_one
        self._turns: dict[str, deque[_Turn]] = {}  # by who asks; whose turn is next stands first
        self._tokens: dict[str, _Turn] = {}
        self._running = 0

    def waiting(self) -> int:
        """Return how many wait."""
        return sum(map(len, self._turns.values()))

    def running(self) -> int:
        """Return how many are at the desk."""
        return self._running

    async def ask(self, token: str, work: Callable[[], _Given], asker: str = "") -> _Given:
        """Do `work` on a thread of its own when its turn has come; as `place`, and it raises so."""
        async with self.place(token, asker):
            return await run_sync(work)

    @asynccontextmanager
    async def place(self, token: str, asker: str = "") -> AsyncIterator[None]:
        """Have a place at the desk, as soon as it is the turn of `asker`.

        Raises:
            DeskBusy: if too many wait already.
            AskedTooMuch: if too many of this asker do.
            Stopped: if `stop(token)` was called before.
        """
        await self._stand(token, asker)
        self._running += 1
        try:
            yield
        finally:
            self._running -= 1
            self._give_up()

    async def _stand(self, token: str, asker: str) -> None:
        """Wait for a place."""
        if self._free:
            self._free -= 1
            return
        turn = self._tokens[token] = self._line_up(asker)
        try:
            has_come = await turn
        except asyncio.CancelledError:
            if not turn.cancelled() and turn.result():
                self._give_up()
            raise
        finally:
            self._leave(asker, turn)
            if self._tokens.get(token) is turn:
                del self._tokens[token]
        if not has_come:
            raise Stopped

    def _line_up(self, asker: str) -> _Turn:
        """Return a new turn at the end of those of `asker`."""
        waiting, of_one = self.waiting(), len(self._turns.get(asker, ()))
        if of_one >= self._max_of_one:
            raise AskedTooMuch(of_one)
        if waiting >= self._max_waiting:
            raise DeskBusy(waiting)
        turn: _Turn = asyncio.get_running_loop().create_future()
        self._turns.setdefault(asker, deque()).append(turn)
        return turn

    def _leave(self, asker: str, turn: _Turn) -> None:
        """Take a turn out that did not come."""
        turns = self._turns.get(asker, deque())
        if turn in turns:
            turns.remove(turn)
            if not turns:
                del self._turns[asker]

    def _give_up(self) -> None:
        """Give a place to whose turn it is; they stand behind all others for the one after."""
        while self._turns:
            asker = next(iter(self._turns))
            turns = self._turns.pop(asker)
            turn = turns.popleft()
            if turns:
                self._turns[asker] = turns
            if not turn.done():
                turn.set_result(True)
                return
        self._free += 1

    def stop(self, token: str) -> None:
        """Have whoever waits with this token leave; work that has begun is done in vain."""
        turn = self._tokens.get(token)
        if turn is not None and not turn.done():
            turn.set_result(False)
