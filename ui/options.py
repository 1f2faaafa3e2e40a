"""The command line of the chat: what can be asked of `app.py`, and what is refused at once."""

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from index.address import Place, place_of
from qa.settings import READERS
from qa.written.command import add_writer_arguments
from qa.written.model import LanguageModel, choose_model
from ui.addresses import (
    RootPath,
    address_to_open,
    is_loopback,
    read_host,
    read_root_path,
    refuse_an_open_door,
)
from ui.users import Users

# Beside the one that answers, another can read its question and write its answer.
_LEAST_CONCURRENCY = 2


@dataclass(frozen=True)
class Options:
    """How the chat is to be shown."""

    host: str = "127.0.0.1"
    """Where it listens; an IPv6 address stands in brackets."""
    port: int = 7860
    root_path: str = ""
    """What people see behind a proxy: an address or a path, as `read_root_path` takes it."""
    users: Users | None = None
    """Who may enter; None is everybody."""
    read_only: bool = False
    """Whether nothing is uploaded, rebuilt or gone back to."""
    concurrency: int = _LEAST_CONCURRENCY
    """Questions that the models work on at the same time."""
    corpus: Path = Path("corpus")
    store: Place = Path("store")
    model: str | None = None
    reader: str = READERS[0]
    log: Path | None = None
    """Where a line is written for each question and build; None leaves it to `DEPECHE_LOG`."""
    log_questions: bool = False
    """Whether those lines hold the questions."""
    writer: LanguageModel | None = None
    """What writes answers out beside their quotes; None is nobody."""

    @property
    def root(self) -> RootPath:
        """The root path, read."""
        return read_root_path(self.root_path)

    @property
    def address(self) -> str:
        """The address that people open."""
        return address_to_open(self.host, self.port, self.root)

    @property
    def is_overheard(self) -> bool:
        """Whether passwords come over the network unencrypted, as far as can be told."""
        encrypted = self.root.origin.startswith("https:")
        return self.users is not None and not encrypted and not is_loopback(self.host)


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line; wrong usage ends the program, exit code 2."""
    parser = _parser()
    given = parser.parse_args(arguments)
    if given.add_user is not None and given.auth_file is None:
        parser.error("--add-user needs --auth-file FILE, the file that the name is written to")
    if given.auth_file is not None and given.without_password:
        parser.error("--auth-file asks for passwords, --without-password for none: leave one out")
    return given


def check(given: argparse.Namespace) -> Options:
    """Return the options, once it is sure that the chat can be shown like this.

    Raises:
        SetupError: if it cannot, or if others could open it without a password.
    """
    root = read_root_path(given.root_path)
    refuse_an_open_door(
        given.host, root, password=given.auth_file is not None, told=given.without_password
    )
    return Options(
        host=given.host,
        port=given.port,
        root_path=root.address,
        users=None if given.auth_file is None else Users(given.auth_file),
        read_only=given.read_only,
        concurrency=given.concurrency or max(_LEAST_CONCURRENCY, (os.cpu_count() or 1) // 2),
        corpus=given.corpus,
        store=place_of(given.store),
        model=given.model,
        reader=given.reader,
        log=given.log,
        log_questions=given.log_questions,
        writer=choose_model(given.llm, given.llm_model),
    )


def _parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="app.py", description="Ask a folder of news articles, in the browser."
    )
    parser.add_argument("--corpus", type=Path, default=Path("corpus"), help="folder of articles")
    parser.add_argument("--store", help="folder or address of the index (DEPECHE_STORE, ./store)")
    parser.add_argument("--model", help="name or path of another sentence-transformers model")
    parser.add_argument("--reader", choices=READERS, default=READERS[0], help="what re-ranks")
    add_writer_arguments(parser.add_argument_group("to have answers written out, and checked"))
    _add_log_options(parser.add_argument_group("for who looks after it"))
    _add_team_options(parser.add_argument_group("for a team"))
    return parser


def _add_log_options(group: "argparse._ArgumentGroup") -> None:
    """Add what is written down while the chat is open."""
    group.add_argument(
        "--log",
        type=Path,
        metavar="FILE",
        help="a line of JSON for each question and build (DEPECHE_LOG); no text of an article",
    )
    group.add_argument(
        "--log-questions", action="store_true", help="write the questions into those lines too"
    )


def _add_team_options(group: "argparse._ArgumentGroup") -> None:
    """Add what is needed when more than one person opens the chat."""
    group.add_argument(
        "--host", type=_host, default="127.0.0.1", help="address to listen on (only this machine)"
    )
    group.add_argument("--port", type=_port, default=7860, help="port to listen on (7860)")
    group.add_argument(
        "--root-path",
        default="",
        metavar="ADDRESS",
        help="behind a proxy, what people open: https://news.example/depeche, or /depeche",
    )
    group.add_argument(
        "--auth-file", type=Path, metavar="FILE", help="ask for the passwords that FILE holds"
    )
    group.add_argument(
        "--add-user", metavar="NAME", help="ask for a password, write it to the file, and end"
    )
    group.add_argument(
        "--without-password", action="store_true", help="let others open it without a password"
    )
    group.add_argument("--read-only", action="store_true", help="no upload, no rebuild")
    group.add_argument(
        "--concurrency",
        type=_count,
        metavar="N",
        help="questions answered at the same time (half the cores, at least 2)",
    )


def _host(text: str) -> str:
    """Read a host; nothing would mean every address of the machine."""
    if not text.strip():
        raise ValueError(text)
    return read_host(text)


def _port(text: str) -> int:
    """Read a port; argparse tells the user when it is none."""
    port = int(text)
    if not 1 <= port <= 65535:
        raise ValueError(text)
    return port


def _count(text: str) -> int:
    """Read a number of at least one."""
    count = int(text)
    if count < 1:
        raise ValueError(text)
    return count
