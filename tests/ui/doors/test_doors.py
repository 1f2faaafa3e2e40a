"""Of what Gradio answers to, only what the page and programs need is open."""

import asyncio
import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

import gradio as gr
from gradio.routes import App

from ui.doors import is_open

_PAGE = {
    "/",
    "/theme.css",
    "/favicon.ico",
    "/manifest.json",
    "/assets/{path:path}",
    "/static/{path:path}",
    "/gradio_api/app_id",
    "/gradio_api/startup-events",
    "/gradio_api/queue/join",
    "/gradio_api/queue/data",
    "/gradio_api/cancel",
    "/gradio_api/reset",
    "/gradio_api/heartbeat/{session_hash}",
}
_PROGRAMS = {
    "/config",
    "/gradio_api/info",
    "/gradio_api/call/{api_name}",
    "/gradio_api/call/v2/{api_name}",
    "/gradio_api/call/{api_name}/{event_id}",
    "/gradio_api/call/v2/{api_name}/{event_id}",
}


def paths_of_gradio() -> set[str]:
    async def make() -> set[str]:
        with gr.Blocks(analytics_enabled=False) as page:
            pass
        return set(_paths(App.create_app(page).routes))

    # where no loop runs, Gradio would open some and leave them open
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, make()).result()


def _paths(routes: Iterable[object]) -> Iterator[str]:
    """Yield the path of each route, those of a router that was put among them too."""
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from _paths(inner.routes)
        elif path := getattr(route, "path", ""):
            yield path


def opened(endpoints: frozenset[str], called: str = "ask") -> set[str]:
    """The paths of Gradio that are open when `called` is put in the place of an endpoint."""
    places = {"{api_name}": called, "{event_id}": "0" * 32}

    def filled(path: str) -> str:
        for place, value in places.items():
            path = path.replace(place, value)
        return re.sub(r"{[^}]+}", "x", path)

    return {path for path in paths_of_gradio() if is_open(filled(path), frozenset(), endpoints)}


def test_only_what_is_named_is_open_of_all_that_gradio_answers_to() -> None:
    assert opened(frozenset()) == _PAGE
    assert opened(frozenset({"ask"})) == _PAGE | _PROGRAMS


def test_an_endpoint_that_is_not_ours_is_closed() -> None:
    opened_for_another = opened(frozenset({"ask"}), called="predict")

    assert opened_for_another == _PAGE | {"/config", "/gradio_api/info"}
