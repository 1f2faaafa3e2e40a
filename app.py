"""The chat over a folder of articles: `python app.py`, then open the address it prints."""

import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from index.address import Place
from index.errors import DepecheError, StoreError, StoreMissing
from index.journal import logging_as_told
from ui.options import Options, check, parse


def main(arguments: Sequence[str] | None = None) -> int:
    """Add a user, or build the store if there is none and show the chat; return the exit code."""
    given = parse(arguments)
    logging.basicConfig(format="%(message)s", stream=sys.stderr)
    try:
        if given.add_user is not None:
            _add_user(given.auth_file, given.add_user)
            return 0
        options = check(given)
        with logging_as_told(_complain, options.log, with_questions=options.log_questions):
            _build_if_missing(options.corpus, options.store, options.model)
            _serve(options)
    except DepecheError as error:
        _complain(str(error))
        return 1
    except OSError as error:
        _complain(f"The chat cannot listen on port {given.port}: {error}")
        return 1
    except (KeyboardInterrupt, EOFError):
        _complain("Stopped.")
        return 1
    return 0


def _complain(sentence: str) -> None:
    """Say on standard error what goes wrong."""
    print(sentence, file=sys.stderr)


def _add_user(auth_file: Path, name: str) -> None:
    """Ask for the password of `name` and write it, hashed."""
    from ui.enrol import enrol

    name = enrol(auth_file, name)
    print(f"{name} can enter: python app.py --auth-file {auth_file}", file=sys.stderr)


def _build_if_missing(corpus: Path, store: Place, model: str | None) -> None:
    """Build `store` from `corpus` when there is no index in it yet."""
    from index.places import current_name

    try:
        current_name(store)
    except StoreMissing:
        _build(corpus, store, model)
    except StoreError:
        # the page opens all the same, and tells what is wrong
        return


def _build(corpus: Path, store: Place, model: str | None) -> None:
    """Build `store` from `corpus`, with a bar on the terminal, and say what came of it."""
    import index
    from index.cli import describe
    from index.progress import TerminalProgress

    with TerminalProgress() as progress:
        report = index.build(corpus, store, model=model, progress=progress)
    print(describe(report), file=sys.stderr)


def _serve(options: Options) -> None:
    """Show the chat; only now is Gradio loaded, and the models beside it."""
    from index.once import take_short_turns
    from ui.desk import Desk

    take_short_turns()
    desk = Desk(options.store, options.model, options.reader)
    desk.warm_up()
    from ui.chat import serve  # it takes as long as the models

    chat = serve(desk, options)
    if options.is_overheard:
        print(
            "Passwords come here unencrypted: put a proxy with https before it and name its "
            "address, --root-path https://NAME",
            file=sys.stderr,
        )
    print(f"Dépêche is at {options.address} (Ctrl+C ends it)", flush=True)
    chat.block_thread()


if __name__ == "__main__":
    sys.exit(main())
