"""What the tests of the page share: builders, a desk that answers without models, a browser."""

import base64
import hashlib
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from index.types import Article, DateRange
from qa.cite import escape
from qa.types import Answer, Citation, Passage, Question

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from index.store import Store
    from ui.filters import Filters

# What Chromium needs to run quietly, without a window and without asking anything of the network.
_CHROMIUM_ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# A machine that does other things too is slow, and not broken.
_PATIENCE_MS = 120_000

_TEXT = (
    "Le président a reçu lundi 12 mai la délégation au palais.\n\n"
    "Les deux parties ont signé la déclaration commune. Elles ont ensuite visité le musée.\n\n"
    "La visite prend fin mercredi."
)


def make_article(text: str = _TEXT, **fields: object) -> Article:
    """Return an article; every field may be given."""
    known: dict[str, object] = {
        "id": "2025/visite.txt",
        "title": "Visite d'État",
        "published": DateRange.day(date(2025, 5, 12)),
        "source": "Agence",
        "author": "A. Durand",
    }
    return Article(text=text, **(known | fields))  # type: ignore[arg-type]


def make_answer(
    *cited: tuple[Article, str], text: str | None = None, grounded: bool = True
) -> Answer:
    """Return an answer that quotes `cited` (article, words), or the first words of each if not."""
    articles = {article.id: article for article, _ in cited}.values()
    passages = tuple(
        Passage(article, 0, len(article.text), article.text, 1.0 / rank, rank)
        for rank, article in enumerate(articles, start=1)
    )
    citations = []
    for number, (article, quote) in enumerate(cited, start=1):
        start = article.text.index(quote)
        citations.append(Citation(number, article, start, start + len(quote), quote))
    written = "\n\n".join(f"> {escape(one.quote)} [{one.number}]" for one in citations)
    return Answer(
        text=text or written or "Nothing answers\\.",
        citations=tuple(citations) if grounded else (),
        passages=passages,
        grounded=grounded,
        question=Question("?", "?", "fr"),
    )


class FakeDesk:
    """Answers at once from a table of questions; anything else is not answered."""

    def __init__(
        self,
        make_content: "Callable[..., Store]",
        answers: dict[str, Answer | Exception],
        articles: Sequence[Article] = (),
        seconds: float = 0,
    ) -> None:
        """Remember the `answers`, each given after `seconds`; an exception is raised.

        The store, made by `make_content`, holds the articles of the answers, and `articles`.
        """
        self._make_content = make_content
        self.answers = answers
        self.seconds = seconds
        self.asked: list[tuple[str, list[tuple[str, str]], Filters]] = []
        self.trouble: Exception | None = None
        cited = [
            passage.article
            for answer in answers.values()
            if isinstance(answer, Answer)
            for passage in answer.passages
        ]
        self.put(*cited, *articles)

    def put(self, *articles: Article) -> None:
        """Make these the articles of the store."""
        known = {article.id: article for article in articles or (make_article(),)}
        self.store = self._make_content(*(known[name] for name in sorted(known)))

    def open(self) -> Any:  # noqa: ANN401  an assistant, as far as the page needs one
        """Return what has the store; fail with the trouble set."""
        if self.trouble:
            raise self.trouble
        return SimpleNamespace(index=self.store, trouble=None, reader=None)

    def ask(self, question: str, history: Sequence[tuple[str, str]], filters: "Filters") -> Answer:
        """Return what the table has for `question`."""
        self.asked.append((question, list(history), filters))
        time.sleep(self.seconds)
        answer = self.answers.get(question) or make_answer(
            (make_article(), "Le président"), text="Nothing answers\\.", grounded=False
        )
        if isinstance(answer, Exception):
            raise answer
        understood = answer.question
        if understood.text == "?":
            understood = Question(question, question, "en")
        return replace(answer, question=understood)


class Parsed(NamedTuple):
    """The tags of a piece of HTML with their attributes, and its text."""

    tags: list[tuple[str, dict[str, str | None]]]
    text: str


class _Reader(HTMLParser):
    """Collects tags and text."""

    def __init__(self) -> None:
        """Begin with nothing."""
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Note text."""
        self.text += data

    def handle_comment(self, data: str) -> None:
        """Note a comment as a tag: nothing of ours writes one."""
        self.tags.append((f"comment {data}", {}))


def parse_html(html: str) -> Parsed:
    """Read `html` as a browser would."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return Parsed(reader.tags, reader.text)


@pytest.fixture(scope="session", name="make_article")
def _make_article() -> Callable[..., Article]:
    return make_article


@pytest.fixture(scope="session", name="make_answer")
def _make_answer() -> Callable[..., Answer]:
    return make_answer


@pytest.fixture(scope="session", name="parse_html")
def _parse_html() -> Callable[[str], Parsed]:
    return parse_html


@pytest.fixture(scope="session", name="fake_desk")
def _fake_desk(make_content: "Callable[..., Store]") -> Callable[..., FakeDesk]:
    return partial(FakeDesk, make_content)


@pytest.fixture(scope="session")
def free_port() -> Callable[[], int]:
    """Return a function that finds a port of this machine nobody listens on."""

    def find() -> int:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return int(probe.getsockname()[1])

    return find


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """Return Chromium, or skip the test where there is none."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=_PATIENCE_MS)
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no chromium on this machine")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=chromium, args=list(_CHROMIUM_ARGUMENTS)
        )
        yield running
        running.close()


@pytest.fixture
def look(browser: "Browser") -> Iterator[Callable[..., "Page"]]:
    """Return a function that opens a page; at the end, nothing went wrong in the browser.

    Nothing was asked of another machine, no script of a text ran. What a server refuses on purpose
    is named in `expected`: statuses that the console may complain of; None for whatever it likes.
    """
    problems: list[str] = []
    contexts = []

    def open_page(
        url: str,
        *,
        expected: Sequence[int] | None = (),
        **options: Any,  # noqa: ANN401
    ) -> "Page":
        settings = {
            "locale": "en-GB",
            "viewport": {"width": 1440, "height": 900},
            "reduced_motion": "reduce",
        }
        context = browser.new_context(**(settings | options))
        context.set_default_timeout(_PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: _note_outside(request.url, problems))
        page.on("websocket", lambda socket: _note_outside(socket.url, problems))
        page.on("pageerror", lambda error: problems.append(f"error in the page: {error}"))
        page.on("dialog", lambda dialog: problems.append(f"a script ran: {dialog.message}"))
        if expected is not None:
            page.on("console", lambda said: _note_console(said.type, said.text, expected, problems))
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def visit(look: Callable[..., "Page"]) -> Callable[..., "Page"]:
    """Return a function that opens the chat at an address; its requests `may_fail` if told."""

    def open_chat(url: str, *, may_fail: bool = False, **options: object) -> "Page":
        page = look(url, expected=None if may_fail else (), **options)
        page.wait_for_selector("#question")
        return page

    return open_chat


def _note_outside(url: str, problems: list[str]) -> None:
    """Note a request to anything but this machine."""
    ours = ("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:", "file:")
    if not url.startswith(ours):
        problems.append(f"request outside: {url}")


def _note_console(kind: str, text: str, expected: Sequence[int], problems: list[str]) -> None:
    """Note an error on the console, unless it tells of a status that was expected."""
    if kind == "error" and not any(f"status of {status}" in text for status in expected):
        problems.append(f"console: {text}")


@pytest.fixture
def serve(free_port: Callable[[], int], tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Return a function that shows the chat over a desk, and gives its address.

    Its other arguments are fields of the options.
    """
    from ui.chat import serve
    from ui.options import Options

    running = []

    def start(desk: FakeDesk, **fields: object) -> str:
        known: dict[str, object] = {
            "port": free_port(),
            "store": tmp_path / "store",
            "corpus": tmp_path / "corpus",
        }
        chat = serve(desk, Options(**(known | fields)))  # type: ignore[arg-type]
        running.append(chat)
        return str(chat.local_url)

    yield start
    for chat in running:
        chat.close(verbose=False)


class Clock:
    """Tells the time that a test sets."""

    seconds = 0.0

    def __call__(self) -> float:
        """Return it."""
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    """Return a clock that stands still until it is set."""
    return Clock()


def user_line(name: str, password: str) -> str:
    """Return a line of the file of users, hashed as cheaply as is taken: tests are in a hurry."""
    salt = hashlib.sha256(name.encode()).digest()[:16]
    digest = hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1, dklen=32)
    parts = (base64.b64encode(part).decode() for part in (salt, digest))
    return f"{name}:{'$'.join(('scrypt', '16384', '8', '1', *parts))}\n"


@pytest.fixture(scope="session", name="user_line")
def _user_line() -> Callable[[str, str], str]:
    return user_line


@pytest.fixture
def users_file(tmp_path: Path) -> Path:
    """Return a file of users that holds anna, whose password is `correct horse`."""
    path = tmp_path / "users"
    path.touch(mode=0o600)
    path.write_text(user_line("anna", "correct horse"), encoding="utf-8")
    return path


@pytest.fixture
def run_app() -> Iterator[Callable[[Any], str]]:
    """Return a function that serves an ASGI app with uvicorn, and gives its address."""
    import uvicorn

    running: list[tuple[uvicorn.Server, threading.Thread]] = []

    def start(app: Any) -> str:  # noqa: ANN401  whatever uvicorn takes
        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        running.append((server, thread))
        thread.start()
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        return f"http://127.0.0.1:{listening.getsockname()[1]}"

    yield start
    for server, thread in running:
        server.should_exit = True
        thread.join()
