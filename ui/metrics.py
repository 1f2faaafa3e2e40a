"""Tells Prometheus what the server counts: GET metrics.

Where people need a password, so does Prometheus: name and password of the file of users by HTTP
Basic (`basic_auth` in its settings). That a request comes from this machine is no reason to answer
it: behind a proxy all of them do.
"""

import asyncio
import base64
import binascii
import math

from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from index.errors import UserNameInvalid
from ui.counters import Counters
from ui.delays import Delays
from ui.doors import METRICS
from ui.guard import user_of
from ui.origins import address_of
from ui.users import Users, check_name

_ASK = {"WWW-Authenticate": 'Basic realm="metrics", charset="UTF-8"'}


class Metrics:
    """Answers whoever may know."""

    def __init__(self, counters: Counters, users: Users | None, delays: Delays) -> None:
        """Tell `counters` to everybody, or to `users` if there are any."""
        self._counters = counters
        self._users = users
        self._delays = delays

    def route(self) -> Route:
        """Return the route."""
        return Route(METRICS, self._tell, methods=["GET"])

    async def _tell(self, request: Request) -> Response:
        """Answer with the counters, or say that a password is needed."""
        refused = None
        if self._users is not None and user_of(request) is None:
            refused = await self._refusal(request, self._users)
        if refused is not None:
            return refused
        # not on the threads that answer questions: they may all be at work
        written = await asyncio.to_thread(self._counters.written)
        return Response(written, headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})

    async def _refusal(self, request: Request, users: Users) -> Response | None:
        """Return the answer to a request without the right password, or None."""
        given = read_credentials(request.headers.get("authorization", ""))
        if given is None:
            return Response(status_code=401, headers=_ASK)
        (name, password), address = given, address_of(request.scope, request.headers)
        seconds = math.ceil(self._delays.wait(name, address))
        if seconds:
            return Response(status_code=429, headers={"Retry-After": str(seconds)})
        self._delays.begin(name, address)
        if not await users.check(name, password):
            return Response(status_code=401, headers=_ASK)
        self._delays.forgive(name, address)
        return None


def read_credentials(header: str) -> tuple[str, str] | None:
    """Return name and password of an `Authorization` header of kind Basic, or None."""
    kind, _, encoded = header.partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        name, colon, password = (
            base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
        )
        return (check_name(name), password) if colon else None
    except (binascii.Error, UnicodeDecodeError, UserNameInvalid):
        return None
