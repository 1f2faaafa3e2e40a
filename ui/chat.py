"""The chat: the page put together, and the server that shows it."""

import os
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager

import gradio as gr
from starlette.routing import Route

from ui import (
    corpus_page,
    endpoints,
    export,
    feedback,
    reader,
    rebuild,
    suggestions,
    timeline,
    uploads,
)
from ui.counters import Counters
from ui.desk import Desk
from ui.frame import launch_settings
from ui.idle import Connection, Idle
from ui.job import Job
from ui.language import choose_language, load_words
from ui.layout import lay_out, lay_out_pen
from ui.line import Line
from ui.mailbox import Mailbox
from ui.options import Options
from ui.pen import Pen
from ui.programs import Programs
from ui.theme import head, theme
from ui.tools import Tools
from ui.wire import Wire

# Our routes beside the wire; each module says what it answers.
_ROUTES: tuple[Callable[[Desk, Options], list[Route]], ...] = (
    suggestions.routes,
    reader.routes,
    timeline.routes,
    corpus_page.routes,
    uploads.routes,
    feedback.routes,
    export.routes,
)

# They count what they are sent while they read it.
_STREAMED = frozenset({uploads.PATH})

# Nothing is uploaded through Gradio, but it always has an address for it.
_MAX_UPLOAD_BYTES = 1

# Things that Gradio has done at a time: more than wait in our lines, which tell who has to wait and
# keep the turns. None of them is a thread.
_MAX_EVENTS = 1_000

# What Gradio keeps of a page that is closed; nothing of ours is in it.
_MAX_SESSIONS = 500


def build_chat(
    desk: Desk, programs: Programs, line: Line, counters: Counters, pen: Pen | None
) -> gr.Blocks:
    """Return the page, with `desk` behind it; what it is asked waits in `line` and is counted.

    Answers are written out by `pen`, if there is one.
    """
    counters.follow("questions_waiting", "Questions that wait for their turn.", line.waiting)
    counters.follow("questions_running", "Questions that are being answered.", line.running)
    words = load_words(choose_language(None))
    chat = gr.Blocks(title=words("page.title"), analytics_enabled=False, fill_width=True)
    with chat:
        Wire(desk, line, counters).connect(lay_out())
        if pen is not None:
            pen.connect(lay_out_pen())
        endpoints.register(programs, chat)
    # the line before the desk says who waits, in the reader's language
    chat.queue(default_concurrency_limit=None, max_size=None, api_open=False)
    return chat


def serve(desk: Desk, options: Options) -> gr.Blocks:
    """Start the server of the chat over `desk` and return; `block_thread()` waits for its end.

    Raises:
        OSError: if the port is taken.
    """
    _prepare(options.host)
    counters, line = Counters(), Line(options.concurrency)
    job = Job(ended=counters.built)
    programs = Programs(desk, options, line=line, counters=counters, job=job)
    tools = Tools(programs)
    routes: list[Route] = [route for make in _ROUTES for route in make(desk, options)]
    routes += [*rebuild.routes(desk, options, job), *endpoints.routes(programs), tools.route()]
    pen = Pen(desk, options.writer, options.concurrency) if options.writer is not None else None
    chat = build_chat(desk, programs, line, counters, pen)
    idle = Idle(lambda: _connections_of(chat))
    mailbox = Mailbox(chat)

    @asynccontextmanager
    async def lifespan(app: object) -> AsyncIterator[None]:
        """Do what is done beside the answers, as long as there are any."""
        async with tools.lifespan(app), mailbox.lifespan(), idle.lifespan():
            yield

    chat.launch(
        **launch_settings(
            options, routes, _STREAMED, counters, programs.endpoints, lifespan, mailbox
        ),
        prevent_thread_lock=True,
        quiet=True,
        theme=theme(),
        head=head(options.store, read_only=options.read_only, writer=options.writer),
        footer_links=[],
        show_error=False,
        share=False,
        ssr_mode=False,
        pwa=False,
        run_history=False,
        max_threads=_MAX_EVENTS,
        mcp_server=False,
        max_file_size=_MAX_UPLOAD_BYTES,
        state_session_capacity=_MAX_SESSIONS,
    )
    return chat


def _connections_of(chat: gr.Blocks) -> Collection[Connection]:
    """Return the connections of the server that shows the page."""
    # it is known a moment after it has begun to listen
    server = getattr(chat, "server", None)
    return () if server is None else server.server_state.connections


def _prepare(host: str) -> None:
    """Set what Gradio reads from the environment."""
    # on Hugging Face it would ask for fonts and pictures from there; nothing is to be asked for
    for name in ("SYSTEM", "SPACE_ID", "GRADIO_VIBE_MODE"):
        os.environ.pop(name, None)
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    # after each event it would summarise all events so far, for a page that is closed
    os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = str(10**9)
    # it checks its own server over HTTP, and heeds proxies; which name is read varies
    spared = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    hosts = ",".join(filter(None, (spared, host, "127.0.0.1", "localhost")))
    os.environ["no_proxy"] = os.environ["NO_PROXY"] = hosts
