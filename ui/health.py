"""Tells machines whether questions can be answered: GET health, without a login."""

import asyncio
import time
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from index.address import Place
from index.errors import StoreError
from ui.doors import HEALTH

_OK = "ok"
_MINUTE = 60.0


class _Known(NamedTuple):
    """What was found last, for what CURRENT held then; trouble is looked at again `until`."""

    stamp: bytes | None
    status: str
    name: str
    articles: int
    until: float


class Health:
    """Looks at the snapshot in force; no model is loaded and no name of a folder told."""

    def __init__(self, store: Place) -> None:
        """Look at `store`."""
        self._store = store
        self._known: _Known | None = None

    def route(self) -> Route:
        """Return the route."""
        return Route(HEALTH, self._tell, methods=["GET"])

    async def _tell(self, _request: Request) -> Response:
        """Answer 200 with the snapshot and its articles, or 503 with what is wrong.

        The status is "degraded" where an older snapshot answers, since that in force is damaged.
        """
        try:
            # not on the threads that answer questions: they may all be at work
            status, name, articles = await asyncio.to_thread(self._look)
        except StoreError as error:
            trouble = {"status": type(error).__name__, "snapshot": None, "articles": 0}
            return JSONResponse(trouble, 503)
        return JSONResponse({"status": status, "snapshot": name, "articles": articles})

    def _look(self) -> tuple[str, str, int]:
        """Return how the index stands, the name of the snapshot that answers, and its articles.

        Raises:
            StoreError: if there is none, or none that is whole.
        """
        from index.places import counts_of, find_whole, stamp_of

        # every byte is read for this: once a snapshot, and in trouble once a minute
        stamp = stamp_of(self._store)
        known = self._known
        fresh = known is not None and (known.status == _OK or time.monotonic() < known.until)
        if known is None or known.stamp != stamp or not fresh:
            name, is_in_force = find_whole(self._store)
            articles, _chunks, _skipped = counts_of(self._store, name)
            status = _OK if is_in_force else "degraded"
            known = _Known(stamp, status, name, articles, time.monotonic() + _MINUTE)
            self._known = known
        return known.status, known.name, known.articles
