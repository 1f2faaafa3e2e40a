"""The chat: the page put together, and the server that shows it."""

import os

import gradio as gr

from ui.desk import Desk
from ui.events import connect
from ui.language import choose_language, load_words
from ui.layout import lay_out
from ui.theme import head, theme

# Questions answered at the same time; the models take their turns below this.
_CONCURRENT_QUESTIONS = 8

# Questions waiting beyond those; more are refused rather than left hanging.
_WAITING_QUESTIONS = 64

# Nothing is uploaded here, but Gradio always has an address for it.
_MAX_UPLOAD_BYTES = 1


def build_chat(desk: Desk) -> gr.Blocks:
    """Return the page, with `desk` behind it."""
    words = load_words(choose_language(None))
    chat = gr.Blocks(title=words("page.title"), analytics_enabled=False, fill_width=True)
    with chat:
        page = lay_out(words)
        connect(page, chat, desk)
    chat.queue(default_concurrency_limit=_CONCURRENT_QUESTIONS, max_size=_WAITING_QUESTIONS)
    return chat


def serve(desk: Desk, *, host: str, port: int) -> gr.Blocks:
    """Start the server of the chat over `desk` and return; `block_thread()` waits for its end.

    Raises:
        OSError: if `port` is taken.
    """
    _spare_the_proxy(host)
    chat = build_chat(desk)
    chat.launch(
        server_name=host,
        server_port=port,
        prevent_thread_lock=True,
        quiet=True,
        theme=theme(),
        head=head(),
        footer_links=[],
        show_error=False,
        share=False,
        ssr_mode=False,
        pwa=False,
        run_history=False,
        mcp_server=False,
        max_file_size=_MAX_UPLOAD_BYTES,
    )
    return chat


def _spare_the_proxy(host: str) -> None:
    """Have Gradio ask its own server directly: it checks it over HTTP, and heeds proxies."""
    spared = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    hosts = ",".join(filter(None, (spared, host, "127.0.0.1", "localhost")))
    # which of the two names is read depends on the library
    os.environ["no_proxy"] = os.environ["NO_PROXY"] = hosts
