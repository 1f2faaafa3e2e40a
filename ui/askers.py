"""Who asks, for those that wait in line: by name where people enter, else by address.

A page and the programs of the same machine are two: neither waits for the other's questions.
"""

from contextvars import ContextVar

from gradio.context import LocalContext
from starlette.datastructures import Headers
from starlette.types import Scope

from ui.origins import address_of

_STATE = "asker"

# set by the guard for the task of a request, and for those that it begins
_asker: ContextVar[str] = ContextVar("asker", default="")


def note_asker(scope: Scope, name: str | None) -> None:
    """Note who sends a request: `name`, or an address where nobody enters."""
    asker = name or address_of(scope, Headers(scope=scope))
    scope["state"] = {**scope.get("state", {}), _STATE: asker}
    _asker.set(asker)


def program() -> str:
    """Return who asks through a program."""
    return f"program {who()}"


def page() -> str:
    """Return who asks through a page."""
    return f"page {who()}"


def who() -> str:
    """Return who sent the request that is answered now."""
    # what Gradio was called for is done in a task of Gradio's
    request = LocalContext.request.get(None)
    if request is None:
        return _asker.get()
    return str(getattr(request.state, _STATE, ""))
