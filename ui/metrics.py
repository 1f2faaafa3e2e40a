"""Tells Prometheus what the server counts: GET metrics.

Where people need a password, so does Prometheus: name and password of the file of users by HTTP
Basic (`basic_auth` in its settings), which the guard asks for.
"""

import asyncio

from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ui.counters import Counters
from ui.doors import METRICS


def route(counters: Counters) -> Route:
    """Return the route that tells `counters`."""

    async def tell(_request: Request) -> Response:
        """Answer with the counters."""
        # not on the threads that answer questions: they may all be at work
        written = await asyncio.to_thread(counters.written)
        return Response(written, headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})

    return Route(METRICS, tell, methods=["GET"])
