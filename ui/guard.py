"""Stands before everything the server answers: who asks, for what, and in whose name.

Pure ASGI: what is streamed passes through as it comes.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.addresses import RootPath
from ui.armour import arm
from ui.doors import ENTER, below, drop_parameters, is_open, is_open_to_all
from ui.origins import asks_for_us, comes_from_us, drop_forwarded
from ui.refusal import refuse, wants_page
from ui.sessions import Sessions

# The largest request is the history of some conversations to be exported: 20 records of 64 KB.
_MAX_BODY_BYTES = 4 * 2**20

_BREACH_OF_POLICY = 1008  # what closes a web socket (RFC 6455)


@dataclass(frozen=True)
class House:
    """What the guard knows of the server it stands before."""

    names: frozenset[str]
    """Names of hosts under which it may be asked for; IP addresses always may."""
    root: RootPath
    paths: frozenset[str]
    """Paths of our own routes."""
    streamed: frozenset[str]
    """Those of them that count what they are sent as they read it."""
    sessions: Sessions | None
    """Who has entered; None lets everybody in."""
    cookie: str
    """Name of the cookie that holds a session."""


class Guard:
    """The middleware; see `House` for what it is told."""

    def __init__(self, app: ASGIApp, house: House) -> None:
        """Stand before `app`."""
        self._app = app
        self._house = house

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse the request, or pass it on in order."""
        if scope["type"] == "websocket":
            # nothing here speaks through one
            await send({"type": "websocket.close", "code": _BREACH_OF_POLICY})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope = self._tidied(scope)
        path = scope["path"]

        async def armed(message: Message) -> None:
            """Send on, with our headers."""
            start = message["type"] == "http.response.start"
            await send(arm(message, path) if start else message)

        answer: ASGIApp = self._refusal(scope) or self._app
        await answer(scope, receive, armed)

    def _tidied(self, scope: Scope) -> Scope:
        """Return the request without what is not believed, and as if no proxy had a prefix."""
        root = self._house.root
        path = below(scope["path"], root.path)
        query = scope["query_string"]
        return {
            **scope,
            "path": path,
            "headers": drop_forwarded(scope["headers"], root),
            "query_string": drop_parameters(query) if path == "/" else query,
        }

    def _refusal(self, scope: Scope) -> Response | None:
        """Return the answer to a request that goes no further, or None."""
        house, headers, path = self._house, Headers(scope=scope), scope["path"]
        if not asks_for_us(headers, house.names):
            return refuse("HostForeign", headers)
        if not comes_from_us(scope, headers, house.root):
            return refuse("OriginForeign", headers)
        if house.root.path and path == house.root.path:
            # the links of the page begin at this slash
            return RedirectResponse(_with_query(f"{path}/", scope), 308)
        if not is_open(path, house.paths):
            return refuse("NotHere", headers)
        trouble = self._size_trouble(path, headers)
        return refuse(trouble, headers) if trouble else self._stranger(scope, headers)

    def _size_trouble(self, path: str, headers: Headers) -> str:
        """Return what is wrong with the size of a request, or nothing."""
        if "transfer-encoding" in headers:
            return "LengthMissing"
        length = headers.get("content-length", "0")
        if path in self._house.streamed:
            return ""
        return "" if length.isdecimal() and int(length) <= _MAX_BODY_BYTES else "TooLarge"

    def _stranger(self, scope: Scope, headers: Headers) -> Response | None:
        """Note who asks; return where somebody who has not entered is sent, or None."""
        house, path = self._house, scope["path"]
        if house.sessions is None:
            return None
        token = HTTPConnection(scope).cookies.get(house.cookie, "")
        name = house.sessions.find(token) if token else None
        scope["state"] = {**scope.get("state", {}), "user": name}
        if name is not None or is_open_to_all(path):
            return None
        if scope["method"] in ("GET", "HEAD") and wants_page(headers):
            return RedirectResponse(_enter(scope, house.root), 303)
        return refuse("SessionMissing", headers)


def _enter(scope: Scope, root: RootPath) -> str:
    """Return the address of the way in; what the page was asked to show is kept in its query."""
    address = f"{root.path}{ENTER}"
    return _with_query(address, scope) if scope["path"] == "/" else address


def _with_query(address: str, scope: Scope) -> str:
    """Return `address` with the query of the request."""
    query = scope["query_string"].decode("latin-1")
    return f"{address}?{query}" if query else address


def user_of(request: HTTPConnection) -> str | None:
    """Return the name of who asks, as the guard noted it; None when nobody needs to enter."""
    name = getattr(request.state, "user", None)
    return name if isinstance(name, str) else None


def paths_of(routes: Iterable[object]) -> frozenset[str]:
    """Return the paths of `routes`: whole ones, without {places} in them."""
    return frozenset(path for route in routes if (path := getattr(route, "path", "")))
