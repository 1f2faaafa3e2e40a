"""What the tests of the page's parts share: routes on a real server, a bare page around them."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

import ui
from index.snapshot import save_snapshot
from index.types import Article, Skipped
from qa.assistant import Assistant
from qa.settings import DEFAULT
from ui.language import languages, load_words

_UI = Path(ui.__file__).parent
_STYLE_SHEETS = (
    *("style", "log", "turn", "chips", "corpus", "corpus-keeping", "corpus-list"),
    *("corpus-numbers", "sources", "reader", "timeline", "feedback"),
)
_SCRIPTS = (
    *("words", "say", "keep", "call", "sources", "reader", "timeline"),
    *("corpus", "uploads", "rebuild", "feedback", "export"),
)

_START_SECONDS = 60


class Shelf:
    """A desk over a real snapshot; nothing is asked of it, so no model is loaded."""

    def __init__(self, store: Path, make_content: Callable[..., Any]) -> None:
        """Keep snapshots in `store`, made by `make_content`."""
        self.store = store
        self._make_content = make_content
        self._assistant: Assistant | None = None

    def put(self, *articles: Article, skipped: Sequence[Skipped] = ()) -> None:
        """Make a snapshot of `articles`, in order of their ids, the one in force."""
        content = self._make_content(*sorted(articles, key=lambda article: article.id))
        save_snapshot(self.store, replace(content, skipped=skipped))
        if self._assistant is None:
            embedder: Any = SimpleNamespace(identity=content.embedder)
            self._assistant = Assistant(self.store, content, embedder, None, DEFAULT, pinned=False)

    def open(self) -> Assistant:
        """Return the assistant over the snapshot in force."""
        assert self._assistant is not None, "nothing was put on the shelf"
        return self._assistant


@dataclass
class Options:
    """What routes are told of how the chat is shown."""

    corpus: Path
    store: Path
    model: str | None = None
    read_only: bool = False


def bare_page(
    body: str, *, language: str = "en", dark: bool = False, read_only: bool = False
) -> str:
    """Return a page of nothing but `body`, with our style sheets and scripts."""
    words = {code: load_words(code).entries for code in languages()}
    settings = json.dumps({"words": words, "readOnly": read_only, "store": "test"}).replace(
        "<", "\\u003c"
    )
    sheets = [_file(f"{name}.css") for name in _STYLE_SHEETS]
    scripts = [
        f"localStorage.setItem('depeche:language', '{language}');"
        f"window.depeche = {{settings: {settings}}};"
    ]
    scripts += [_file(f"{name}.js") for name in _SCRIPTS]
    head = "".join(f"<style>{sheet}</style>" for sheet in sheets) + "".join(
        f"<script>{script}</script>" for script in scripts
    )
    kind = ' class="dark"' if dark else ""
    return (
        f'<!doctype html><html lang="{escape(language)}"{kind}><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="icon" href="data:,"><title>Dépêche</title>{head}</head><body{kind}>'
        '<div id="notices"></div><p id="said" class="sr-only" role="status"></p>'
        f'<main class="gradio-container">{body}</main></body></html>'
    )


def _file(name: str) -> str:
    """Return the content of a static file, which may not be written yet."""
    for folder in (_UI / "static", _UI):
        if (folder / name).is_file():
            return (folder / name).read_text(encoding="utf-8")
    return ""


class Server:
    """A real server on 127.0.0.1 around some routes and a bare page."""

    def __init__(self, routes: list[Route], port: int) -> None:
        """Listen on `port`."""
        self.body = ""
        self.settings: dict[str, Any] = {}
        self.url = f"http://127.0.0.1:{port}/"

        async def page(_request: Request) -> HTMLResponse:
            return HTMLResponse(bare_page(self.body, **self.settings))

        app = Starlette(routes=[Route("/", page), *routes])
        settings = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error")
        self._server = uvicorn.Server(settings)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        begun = time.monotonic()
        while not self._server.started:
            assert time.monotonic() - begun < _START_SECONDS, "the server does not start"
            time.sleep(0.01)

    def close(self) -> None:
        """Stop listening."""
        self._server.should_exit = True
        self._thread.join(_START_SECONDS)


@pytest.fixture
def shelf(tmp_path: Path, make_content: Callable[..., Any]) -> Shelf:
    """Return an empty shelf."""
    return Shelf(tmp_path / "store", make_content)


@pytest.fixture
def options(tmp_path: Path) -> Options:
    """Return the options of a chat over an empty corpus."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    return Options(corpus, tmp_path / "store")


@pytest.fixture
def serve_parts(free_port: Callable[[], int]) -> Iterator[Callable[..., Server]]:
    """Return a function that serves routes, and a page with a body."""
    running: list[Server] = []

    def start(*routes: Route, body: str = "", **settings: Any) -> Server:  # noqa: ANN401
        server = Server(list(routes), free_port())
        server.body, server.settings = body, settings
        running.append(server)
        return server

    yield start
    for server in running:
        server.close()
