"""The chat over a folder of articles: `python app.py`, then open the address it prints."""

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from index.errors import DepecheError, StoreError, StoreMissing
from qa.settings import READERS


def main(arguments: Sequence[str] | None = None) -> int:
    """Build the store if there is none, show the chat; return the exit code."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(format="%(message)s", stream=sys.stderr)
    try:
        _build_if_missing(options.corpus, options.store, options.model)
        _serve(options)
    except DepecheError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"The chat cannot listen on port {options.port}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="app.py", description="Ask a folder of news articles, in the browser."
    )
    store = os.environ.get("DEPECHE_STORE", "store")
    parser.add_argument("--corpus", type=Path, default=Path("corpus"), help="folder of articles")
    parser.add_argument("--store", type=Path, default=Path(store), help="where the index is kept")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=_port, default=7860, help="port to listen on")
    parser.add_argument("--model", help="name or path of another sentence-transformers model")
    parser.add_argument("--reader", choices=READERS, default=READERS[0], help="what re-ranks")
    return parser


def _port(text: str) -> int:
    """Read a port; argparse tells the user when it is none."""
    port = int(text)
    if not 1 <= port <= 65535:
        raise ValueError(text)
    return port


def _build_if_missing(corpus: Path, store: Path, model: str | None) -> None:
    """Build `store` from `corpus` when there is no index in it yet."""
    from index.snapshot import current_name

    try:
        current_name(store)
    except StoreMissing:
        _build(corpus, store, model)
    except StoreError:
        # the page opens all the same, and tells what is wrong
        return


def _build(corpus: Path, store: Path, model: str | None) -> None:
    """Build `store` from `corpus`, with a bar on the terminal, and say what came of it."""
    import index
    from index.cli import describe
    from index.progress import TerminalProgress

    with TerminalProgress() as progress:
        report = index.build(corpus, store, model=model, progress=progress)
    print(describe(report), file=sys.stderr)


def _serve(options: argparse.Namespace) -> None:
    """Show the chat; only now is Gradio loaded."""
    from ui.chat import serve
    from ui.desk import Desk

    desk = Desk(options.store, options.model, options.reader)
    desk.warm_up()
    chat = serve(desk, host=options.host, port=options.port)
    print(f"Dépêche is at {chat.local_url} (Ctrl+C ends it)", flush=True)
    chat.block_thread()


if __name__ == "__main__":
    sys.exit(main())
