"""Stands before everything the server answers: who asks, for what, and in whose name.

Pure ASGI: what is streamed passes through as it comes.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.addresses import RootPath
from ui.armour import arm
from ui.arrival import PIECE_SECONDS, Arrival, TooSlow
from ui.askers import note_asker
from ui.basic import Basic
from ui.doors import (
    ENTER,
    JSON,
    below,
    drop_parameters,
    is_for_programs,
    is_open,
    is_open_to_all,
    kind_from_programs,
    methods_for_programs,
)
from ui.origins import (
    asks_for_us,
    comes_from_us,
    drop_forwarded,
    is_of_no_page,
    is_script_of_a_page,
)
from ui.refusal import refuse, wants_page
from ui.sessions import Sessions

# The largest request is the history of some conversations to be exported: 20 records of 64 KB.
_MAX_BODY_BYTES = 4 * 2**20

_HANGS_UP = {"Connection": "close"}

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
    basic: Basic | None = None
    """Who knows programs that have not entered; None knows none."""
    endpoints: frozenset[str] = frozenset()
    """Names of what programs may call."""
    piece_seconds: float = PIECE_SECONDS
    """How long a request may pause before it is all there."""


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
        path, headers, is_begun = scope["path"], Headers(scope=scope), False

        async def armed(message: Message) -> None:
            """Send on, with our headers."""
            nonlocal is_begun
            start, is_begun = message["type"] == "http.response.start", True
            await send(arm(message, path) if start else message)

        answer: ASGIApp = self._refusal(scope) or await self._stranger(scope) or self._app
        try:
            await answer(scope, Arrival(receive, headers, self._house.piece_seconds), armed)
        except ClientDisconnect:
            return  # nobody is there to be told
        except TooSlow:
            if not is_begun:
                late = refuse("TooSlow", headers, in_words=True, more_headers=_HANGS_UP)
                await late(scope, receive, armed)

    def _tidied(self, scope: Scope) -> Scope:
        """Return the request without what is not believed, and as if no proxy had a prefix."""
        root = self._house.root
        path = below(scope["path"], root.path)
        return {
            **scope,
            "path": path,
            "headers": drop_forwarded(scope["headers"], root),
            "query_string": drop_parameters(path, scope["query_string"]),
        }

    def _refusal(self, scope: Scope) -> Response | None:
        """Return the answer to a request that goes no further, or None."""
        house, headers, path = self._house, Headers(scope=scope), scope["path"]
        trouble = self._trouble(scope, headers)
        if trouble == "NotHere" and path == house.root.path:
            # the links of the page begin at this slash
            return RedirectResponse(_with_query(f"{path}/", scope), 308)
        if not trouble:
            return None
        asks_by_hand = trouble == "NotHere" and is_of_no_page(headers)
        in_words = asks_by_hand or is_for_programs(path, house.endpoints)
        return refuse(trouble, headers, in_words=in_words, more_headers=self._beside(trouble, path))

    def _beside(self, trouble: str, path: str) -> dict[str, str]:
        """Return the headers of a refusal."""
        if trouble == "MethodWrong":
            methods = methods_for_programs(path, self._house.endpoints)
            return {"Allow": ", ".join(sorted(methods))}
        # where it ends is not sure: what comes next may be a part of it
        return _HANGS_UP if trouble == "LengthMissing" else {}

    def _trouble(self, scope: Scope, headers: Headers) -> str:
        """Return what is wrong with a request, or nothing."""
        house, path = self._house, scope["path"]
        if not asks_for_us(headers, house.names):
            return "HostForeign"
        if not is_open(path, house.paths, house.endpoints):
            return "NotHere"
        methods = methods_for_programs(path, house.endpoints)
        if methods and scope["method"] not in methods and is_of_no_page(headers):
            return "MethodWrong"
        kind = kind_from_programs(path, house.endpoints)
        if not comes_from_us(scope, headers, house.root, kind):
            is_mistake = kind == JSON and scope["method"] == "POST" and is_of_no_page(headers)
            return "JsonMissing" if is_mistake else "OriginForeign"
        return self._size_trouble(path, headers)

    def _size_trouble(self, path: str, headers: Headers) -> str:
        """Return what is wrong with the size of a request, or nothing."""
        if "transfer-encoding" in headers:
            return "LengthMissing"
        length = headers.get("content-length", "0")
        if path in self._house.streamed:
            return ""
        return "" if length.isdecimal() and int(length) <= _MAX_BODY_BYTES else "TooLarge"

    async def _stranger(self, scope: Scope) -> Response | None:
        """Note who asks; return what is answered to somebody who has not entered, or None."""
        house, path, headers = self._house, scope["path"], Headers(scope=scope)
        if house.sessions is None:
            note_asker(scope, None)
            return None
        token = HTTPConnection(scope).cookies.get(house.cookie, "")
        name = house.sessions.find(token) if token else None
        if name is None and house.basic is not None and self._is_program(path, headers):
            known = await house.basic.find(scope, headers)
            if isinstance(known, Response):
                return known
            name = known
        scope["state"] = {**scope.get("state", {}), "user": name}
        note_asker(scope, name)
        if name is not None or is_open_to_all(path):
            return None
        if scope["method"] in ("GET", "HEAD") and wants_page(headers):
            return RedirectResponse(_enter(scope, house.root), 303)
        return refuse("SessionMissing", headers)

    def _is_program(self, path: str, headers: Headers) -> bool:
        """Whether a program asks: to a page's script a browser would ask for a password itself."""
        return is_for_programs(path, self._house.endpoints) and not is_script_of_a_page(headers)


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
