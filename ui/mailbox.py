"""What Gradio was called for, from the call until its result is fetched.

Gradio keeps results that nobody fetches, and the names of all calls there ever were. Here they are
bounded for each asker, and forgotten after a while.
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import gradio as gr

from index.errors import AskedTooMuch

# Calls of one asker that are not fetched: each result may be an article.
_MAX_HELD = 100

# Whoever calls fetches at once; programs may be busy in between.
_KEPT_SECONDS = 300.0
# A page that has all it called for may just be about to listen for more.
_SWEEP_SECONDS = 10.0


class Mailbox:
    """The calls of one page and of programs, by session: what fetches them together."""

    def __init__(
        self, page: gr.Blocks, max_held: int = _MAX_HELD, kept_seconds: float = _KEPT_SECONDS
    ) -> None:
        """Look after what `page` is called for."""
        self._page = page
        self._max_held = max_held
        self._kept_seconds = kept_seconds
        self._askers: dict[str, str] = {}  # by session
        self._read: Counter[str] = Counter()
        self._still: dict[str, tuple[frozenset[str], float]] = {}  # what is not fetched, since when

    def name_of(self, number: object) -> str | None:
        """Return what the function of this number is called, or None if there is none."""
        function = self._page.fns.get(number) if type(number) is int else None
        return None if function is None else str(function.api_name)

    def begin(self, session: str, asker: str) -> None:
        """Note a call.

        Raises:
            AskedTooMuch: if too many of this asker are not fetched.
        """
        pending = self._page._queue.pending_event_ids_session
        sessions = (known for known, of_whom in self._askers.items() if of_whom == asker)
        held = sum(len(pending.get(known, ())) for known in sessions)
        if held >= self._max_held:
            raise AskedTooMuch(held)
        self._askers[session] = asker

    def session_of(self, call: str) -> str | None:
        """Return the session whose call this is, as long as its result is not fetched."""
        held = self._page._queue.pending_event_ids_session.items()
        return next((session for session, calls in held if call in calls), None)

    def is_known(self, session: str) -> bool:
        """Whether a session called for anything of late; the page may listen ahead of a call."""
        return session in self._page._queue.pending_messages_per_session

    @contextmanager
    def reading(self, session: str) -> Iterator[None]:
        """Keep a session as long as somebody reads what comes for it."""
        self._read[session] += 1
        try:
            yield
        finally:
            self._read[session] -= 1
            if not self._read[session]:
                del self._read[session]

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """Forget what is not fetched, again and again, as long as the server runs."""
        sweeping = asyncio.create_task(self._sweep_again())
        try:
            yield
        finally:
            sweeping.cancel()

    async def _sweep_again(self) -> None:
        """Sweep from time to time."""
        while True:
            await asyncio.sleep(_SWEEP_SECONDS)
            self.sweep(time.monotonic())

    def sweep(self, now: float) -> None:
        """Forget the sessions that wait for nothing, and those whose results nobody fetches."""
        queue = self._page._queue
        for session in self._askers.keys() | queue.pending_event_ids_session.keys():
            calls = frozenset(queue.pending_event_ids_session.get(session, ()))
            if session in self._read or not calls.isdisjoint(queue.event_ids_to_events):
                continue  # one of them is being answered, or fetched
            before, since = self._still.get(session, (None, now))
            if before != calls:
                since = now
            self._still[session] = calls, since
            if now - since >= (self._kept_seconds if calls else _SWEEP_SECONDS):
                self._forget(session)

    def _forget(self, session: str) -> None:
        """Forget a session."""
        queue = self._page._queue
        queue.pending_event_ids_session.pop(session, None)
        queue.pending_messages_per_session.pop(session, None)
        self._askers.pop(session, None)
        self._still.pop(session, None)
