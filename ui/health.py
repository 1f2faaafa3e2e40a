"""Tells machines whether questions can be answered: GET health, without a login."""

import asyncio
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from index.errors import StoreError
from ui.doors import HEALTH


class Health:
    """Looks at the snapshot in force; no model is loaded and no name of a folder told."""

    def __init__(self, store: Path) -> None:
        """Look at `store`."""
        self._store = store
        self._known: tuple[str, int] | None = None

    def route(self) -> Route:
        """Return the route."""
        return Route(HEALTH, self._tell, methods=["GET"])

    async def _tell(self, _request: Request) -> Response:
        """Answer 200 with the snapshot and its articles, or 503 with what is wrong."""
        try:
            # not on the threads that answer questions: they may all be at work
            name, articles = await asyncio.to_thread(self._look)
        except StoreError as error:
            trouble = {"status": type(error).__name__, "snapshot": None, "articles": 0}
            return JSONResponse(trouble, 503)
        return JSONResponse({"status": "ok", "snapshot": name, "articles": articles})

    def _look(self) -> tuple[str, int]:
        """Return the name of the snapshot in force, and how many articles it has.

        Raises:
            StoreError: if there is none, or it is damaged.
        """
        from index.snapshot import current_name, read_manifest

        name = current_name(self._store)
        if self._known is None or self._known[0] != name:
            manifest = read_manifest(self._store / "snapshots" / name)
            self._known = name, int(manifest["articles"])
        return self._known
