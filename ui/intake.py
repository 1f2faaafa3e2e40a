"""Looks at what is sent to Gradio's endpoints before Gradio does.

Of what it is given Gradio opens whatever says that it is a file, wherever that stands, and fetches
it where it is an address of the internet; and what does not fit, it tells with its own insides or
not at all. Nothing that our page or a program sends has an object in it: what has goes no further,
and of the rest only what Gradio needs.
"""

import inspect
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import uuid4

from starlette.datastructures import Headers, QueryParams
from starlette.types import ASGIApp, Receive, Scope, Send

from index.errors import ArgumentInvalid, RequestError
from qa.doors.arguments import MOST_OF_A_NAME, read_number, read_text
from ui import askers
from ui.arrival import read_body, replay
from ui.mailbox import Mailbox
from ui.refusal import complain, refuse

Endpoint = Callable[..., Awaitable[Any]]
"""What a program may call; its arguments are those of its signature."""

Claim = dict[str, Any]

_POSTED = re.compile(r"/gradio_api/(?:(?P<way>call/v2|call|queue)/)?(?P<name>[a-z]+)")
_FETCHED = re.compile(r"/gradio_api/(?:queue/data|call/(?:v2/)?[a-z]+/(?P<call>[0-9a-f]{32}))")

# Lists in each other: the arguments, the history, a turn of it.
_LEVELS = 3

_OBJECT = 'one JSON object, such as {"question": "…"}, without another in it'


class Intake:
    """The middleware, behind the guard: that has seen to the size."""

    def __init__(
        self, app: ASGIApp, endpoints: Mapping[str, Endpoint], mailbox: Mailbox | None = None
    ) -> None:
        """Stand before `app`, whose `endpoints` programs may call.

        Args:
            app: what answers.
            endpoints: what may be called, by name.
            mailbox: what was called for; what Gradio would stumble over is refused by it.
        """
        self._app = app
        self._signatures = {name: inspect.signature(call) for name, call in endpoints.items()}
        self._mailbox = mailbox

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, with its arguments in their places, or refuse it."""
        answer: ASGIApp = self._app
        posted = _POSTED.fullmatch(scope["path"]) if _is(scope, "POST") else None
        try:
            if posted is not None:
                claim = self._tidied(read_flat(await read_body(receive)), **posted.groupdict())
                # in order is how Gradio has them in the end
                scope = {**scope, "path": scope["path"].replace("/call/v2/", "/call/")}
                receive = replay(json.dumps(claim).encode(), receive)
            elif _is(scope, "GET") and _FETCHED.fullmatch(scope["path"]):
                answer = self._fetched
        except RequestError as error:
            answer = complain(error)
        await answer(scope, receive, send)

    def _tidied(self, claim: Claim, way: str | None, name: str) -> Claim:
        """Return what Gradio is to be told.

        Raises:
            ArgumentInvalid: if it could make nothing of it.
            AskedTooMuch: if too much that was asked for is not fetched.
        """
        if way is None:
            return _read_names(claim, name)
        if way == "queue":
            return self._joined(claim)
        signature = self._signatures.get(name)
        if signature is None:
            return claim
        arguments = place(_read_data(claim) if way == "call" else claim, signature)
        # without one it would be that of the call, which nobody but Gradio knows yet
        session = claim.get("session_hash") if way == "call" else None
        return {"data": arguments, "session_hash": self._begin(session or uuid4().hex)}

    def _joined(self, claim: Claim) -> Claim:
        """Return a call by the number of a function, as the page and Gradio's clients send it."""
        if self._mailbox is None:
            return claim
        number, data = claim.get("fn_index"), _read_data(claim)
        name = self._mailbox.name_of(number)
        if name is None:
            raise ArgumentInvalid("fn_index", number, "the id of an endpoint, as /config tells it")
        signature = self._signatures.get(name)
        return {
            "data": [] if signature is None else place(data, signature),
            "fn_index": number,
            "session_hash": self._begin(claim.get("session_hash")),
            # of the page: what its script says, and which of its parts said it
            "event_data": _only(str, claim.get("event_data")),
            "trigger_id": _only(int, claim.get("trigger_id")),
        }

    def _begin(self, session: object) -> str:
        """Return the name of a session in which a call begins.

        Raises:
            ArgumentInvalid: if it is none.
            AskedTooMuch: if too much that was asked for is not fetched.
        """
        name = read_text("session_hash", session, MOST_OF_A_NAME)
        if not name:
            raise ArgumentInvalid("session_hash", session, "a name of this session")
        if self._mailbox is not None:
            self._mailbox.begin(name, askers.who())
        return name

    async def _fetched(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let what was called for be fetched, unless it is not there, or no more."""
        if self._mailbox is None:
            await self._app(scope, receive, send)
            return
        found = _FETCHED.fullmatch(scope["path"])
        call = found and found["call"]
        if call is None:
            session = QueryParams(scope["query_string"]).get("session_hash")
        else:
            session = self._mailbox.session_of(call)
        if session is not None and self._mailbox.is_known(session):
            with self._mailbox.reading(session):
                await self._app(scope, receive, send)
        else:
            # Gradio would begin an answer, and break it off
            gone = refuse("EventUnknown", Headers(scope=scope), in_words=True)
            await gone(scope, receive, send)


def _is(scope: Scope, method: str) -> bool:
    """Whether something is a request of this method."""
    return bool(scope["type"] == "http" and scope["method"] == method)


def read_flat(body: bytes) -> Claim:
    """Read a JSON object in which there is no other.

    Raises:
        ArgumentInvalid: if it is none.
    """
    try:
        claim = json.loads(body)
    except (ValueError, RecursionError):
        claim = None
    if not isinstance(claim, dict) or any(map(_is_deep, claim.values())):
        raise ArgumentInvalid("The request", body.decode("utf-8", "replace"), _OBJECT)
    return claim


def place(arguments: list[Any] | Claim, signature: inspect.Signature) -> list[Any]:
    """Return arguments in their order, those that are left out with what stands for them.

    Raises:
        ArgumentInvalid: if one is missing, or unknown, or there are too many.
    """
    try:
        if isinstance(arguments, dict):
            bound = signature.bind(**arguments)
        else:
            bound = signature.bind(*arguments)
    except TypeError:
        names = ", ".join(
            f"{name} (needed)" if one.default is inspect.Parameter.empty else name
            for name, one in signature.parameters.items()
        )
        raise ArgumentInvalid("The arguments", arguments, f"some of: {names}") from None
    bound.apply_defaults()
    return list(bound.arguments.values())


def _read_data(claim: Claim) -> list[Any]:
    """Return the arguments in their order.

    Raises:
        ArgumentInvalid: if there is no list of them.
    """
    data = claim.get("data")
    if not isinstance(data, list):
        raise ArgumentInvalid("data", data, "the list of the arguments")
    return data


def _read_names(claim: Claim, way: str) -> Claim:
    """Return what names a call that is cancelled, or reset.

    Raises:
        ArgumentInvalid: if a name is missing, or is none.
    """
    names = {"event_id": read_text("event_id", claim.get("event_id"), MOST_OF_A_NAME)}
    if way != "cancel":
        return names
    session = read_text("session_hash", claim.get("session_hash"), MOST_OF_A_NAME)
    return names | {
        "session_hash": session,
        "fn_index": read_number("fn_index", claim.get("fn_index"), 0),
    }


def _only(kind: type, value: object) -> object:
    """Return a value of this kind, or None for any other."""
    return value if type(value) is kind else None


def _is_deep(value: object, levels: int = _LEVELS) -> bool:
    """Whether an object stands in a value, or lists in lists beyond so many levels."""
    if isinstance(value, list):
        return not levels or any(_is_deep(item, levels - 1) for item in value)
    return isinstance(value, dict)
