"""Looks at what is sent to Gradio's endpoints before Gradio does.

Of what it is given Gradio opens whatever says that it is a file, wherever that stands, and fetches
it where it is an address of the internet; and what does not fit, it tells with its own insides or
not at all. Nothing that our page or a program sends has an object in it: what has goes no further.
"""

import inspect
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from index.errors import ArgumentInvalid
from ui.refusal import tell

Endpoint = Callable[..., Awaitable[Any]]
"""What a program may call; its arguments are those of its signature."""

_GRADIO = re.compile(r"/gradio_api/(?P<way>call/v2|call|queue)/(?P<name>[a-z]+)")

# Lists in each other: the arguments, the history, a turn of it.
_LEVELS = 3

_OBJECT = 'one JSON object, such as {"question": "…"}, without another in it'


class Intake:
    """The middleware, behind the guard: that has seen to the size."""

    def __init__(self, app: ASGIApp, endpoints: Mapping[str, Endpoint]) -> None:
        """Stand before `app`, whose `endpoints` programs may call."""
        self._app = app
        self._signatures = {name: inspect.signature(call) for name, call in endpoints.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, with its arguments in their places, or refuse it."""
        asked = _GRADIO.fullmatch(scope["path"]) if scope["type"] == "http" else None
        if asked is None or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        body = await read_body(receive)
        try:
            claim = read_flat(body)
            if asked["name"] in self._signatures:
                body = _placed(claim, self._signatures[asked["name"]], asked["way"])
        except ArgumentInvalid as error:
            await tell("ArgumentInvalid", str(error), 400)(scope, receive, send)
            return
        await self._app(scope, replay(body, receive), send)


def read_flat(body: bytes) -> dict[str, Any]:
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


def place(arguments: list[Any] | dict[str, Any], signature: inspect.Signature) -> list[Any]:
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


def _placed(claim: dict[str, Any], signature: inspect.Signature, way: str) -> bytes:
    """Return the body as Gradio takes it: by name the second way of calling, else in order."""
    if way == "call/v2":
        names = signature.parameters
        return json.dumps(dict(zip(names, place(claim, signature), strict=True))).encode()
    data = claim.get("data")
    if not isinstance(data, list):
        raise ArgumentInvalid("data", data, "the list of the arguments")
    return json.dumps(claim | {"data": place(data, signature)}).encode()


def _is_deep(value: object, levels: int = _LEVELS) -> bool:
    """Whether an object stands in a value, or lists in lists beyond so many levels."""
    if isinstance(value, list):
        return not levels or any(_is_deep(item, levels - 1) for item in value)
    return isinstance(value, dict)


async def read_body(receive: Receive) -> bytes:
    """Read the whole body of a request."""
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def replay(body: bytes, receive: Receive) -> Receive:
    """Return what gives a body that was read, then whatever comes after it."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def give() -> Message:
        """Give it once."""
        return waiting.pop() if waiting else await receive()

    return give
