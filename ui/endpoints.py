"""The endpoints that programs call: through Gradio, whose clients find them, and by one POST each.

A client of Gradio asks for what there is and calls it by name (`gradio_client`, `@gradio/client`);
`POST ask` takes the arguments as a JSON object and answers with the result, as a JSON value too.
"""

import inspect
from functools import wraps
from typing import Any

import gradio as gr
from gradio.components.api_component import Api
from gradio.events import api
from gradio.utils import get_function_description
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from index.errors import DepecheError
from ui.intake import Endpoint, place, read_flat
from ui.programs import Programs
from ui.refusal import complain

_ALSO = {"status": ("GET",)}


def register(programs: Programs, page: gr.Blocks) -> None:
    """Make the endpoints known to `page`, in whose context this is called."""
    for name, call in programs.endpoints.items():
        _register(name, call, page)


def routes(programs: Programs) -> list[Route]:
    """Return a route for each endpoint: POST ask, and so on; status may be got as well."""
    return [
        Route(f"/{name}", _answer_with(call), methods=["POST", *_ALSO.get(name, ())])
        for name, call in programs.endpoints.items()
    ]


def _register(name: str, call: Endpoint, page: gr.Blocks) -> None:
    """Make one endpoint known, with what its description says of each argument."""
    # the line before the desk is the limit
    made = api(_told(call), api_name=name, concurrency_limit=None, concurrency_id="programs")
    known = page.fns[made["id"]]
    _, arguments, _ = get_function_description(call)
    for argument, block in zip(inspect.signature(call).parameters, known.inputs, strict=True):
        assert isinstance(block, Api)
        kind: dict[str, Any] = block.api_info()
        # what may be left out says so itself
        kind.update(kind.pop("oneOf", (None, {}))[1], additional_description=arguments[argument])
    for block in known.outputs:
        assert isinstance(block, Api)
        # the page looks labels up among its words: none is called so
        block.label = f"{name}_result"


def _told(call: Endpoint) -> Endpoint:
    """Return a call that fails as those of Gradio do, with its sentence."""

    @wraps(call)
    async def told(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401  those of the call
        """Call it."""
        try:
            return await call(*arguments, **named)
        except DepecheError as error:
            raise gr.Error(str(error), print_exception=False) from None

    return told


def _answer_with(call: Endpoint) -> Any:  # noqa: ANN401  an endpoint of Starlette
    """Return what answers a request with the result of a call, or why there is none."""
    signature = inspect.signature(call)

    async def answer(request: Request) -> Response:
        """Call it with the arguments that are sent."""
        try:
            given = place(read_flat(await request.body() or b"{}"), signature)
            return JSONResponse(await call(*given))
        except DepecheError as error:
            return complain(error)

    return answer
