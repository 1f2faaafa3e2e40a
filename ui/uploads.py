"""Files added to the corpus: POST corpus/files?name&when, one file a request, its bytes the body.

What is taken is on the disk whole or not at all, below the corpus, under a clean name, and nothing
that was there is overwritten unless that is asked for.
"""

import asyncio
import threading
from pathlib import Path
from typing import NamedTuple, Protocol

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from index.errors import DepecheError, UnreadableFile
from index.load import articles_in
from index.readers import FORMATS
from index.types import Article, Skipped
from ui.citation import spell_published
from ui.file_names import NameUnusable, clean_path
from ui.language import Words
from ui.reasons import word_reason
from ui.reply import Desk, refusal, words_of
from ui.shelve import NameTaken, NoRoom, OutsideCorpus, Put, When, put

PATH = "/corpus/files"
"""What is sent here is counted while it is read."""

MAX_FILE_BYTES = 5_000_000
"""The longest articles have a hundred times less; a build reads four times as much."""

MAX_FILES_AT_ONCE = 200
"""Of one choice in the browser."""

MAX_WAITING_FILES = 2_000
MAX_WAITING_BYTES = 500_000_000
"""Added since the snapshot in force; a rebuild makes room."""

_WHENS: dict[str, When] = {"replace": "replace", "both": "both"}


class Options(Protocol):
    """What is asked of the options of the chat."""

    @property
    def corpus(self) -> Path:
        """The folder of articles."""

    @property
    def read_only(self) -> bool:
        """Whether nothing is added."""


class Refused(Exception):
    """A file that is not taken: the key of its sentence, the status, and what else there is."""

    def __init__(self, key: str, status: int, **details: object) -> None:
        """Remember why."""
        super().__init__(key)
        self.key, self.status, self.details = key, status, details


class Added(NamedTuple):
    """A file that was taken: where it lies now, and what it was read as."""

    put: Put
    article: Article


def routes(desk: Desk, options: Options) -> list[Route]:
    """Return the route that takes files, and tells its limits (GET)."""
    room = Room(desk)

    async def add(request: Request) -> Response:
        """Take one file."""
        if options.read_only:
            return refusal("ReadOnly", 403)
        words = words_of(request)
        try:
            added = await _receive(request, options.corpus, room)
        except Refused as refused:
            return refusal(refused.key, refused.status, **_worded(refused.details, words))
        except OSError as error:
            return refusal("DiskFull" if isinstance(error, NoRoom) else "CorpusUnwritable", 507)
        except ClientDisconnect:
            return Response(status_code=400)
        return JSONResponse(_record(added, words), 200 if added.put.same else 201)

    async def tell(_request: Request) -> Response:
        """Tell the limits, so that the page says them before anything is sent."""
        return JSONResponse(
            {"bytes": MAX_FILE_BYTES, "files": MAX_FILES_AT_ONCE, "kinds": sorted(FORMATS)}
        )

    return [Route(PATH, add, methods=["POST"]), Route(PATH, tell, methods=["GET"])]


def _worded(details: dict[str, object], words: Words) -> dict[str, object]:
    """Return the details of a refusal, its reason in words."""
    return {
        name: word_reason(str(value), words) if name == "reason" else value
        for name, value in details.items()
    }


def _record(added: Added, words: Words) -> dict[str, object]:
    """Return what was taken as JSON values."""
    return {
        **added.put._asdict(),
        "title": added.article.title,
        "date": spell_published(added.article, words),
    }


class Room:
    """Counts what was added since the snapshot in force."""

    def __init__(self, desk: Desk) -> None:
        """Count anew whenever `desk` has another snapshot."""
        self._desk = desk
        self._lock = threading.Lock()
        self._snapshot = ""
        self._files = self._bytes = 0

    def check(self, size: int) -> None:
        """Make sure that there is room for one more file.

        Raises:
            Refused: if there is none.
        """
        snapshot = self._name()
        with self._lock:
            if snapshot != self._snapshot:
                self._snapshot, self._files, self._bytes = snapshot, 0, 0
            if self._files >= MAX_WAITING_FILES or self._bytes + size > MAX_WAITING_BYTES:
                raise Refused("FilesTooMany", 429)

    def count(self, size: int) -> None:
        """Count a file that was added."""
        with self._lock:
            self._files += 1
            self._bytes += size

    def _name(self) -> str:
        """Return the name of the snapshot in force, or nothing."""
        try:
            return self._desk.open().index.name
        except DepecheError:
            return ""


async def _receive(request: Request, corpus: Path, room: Room) -> Added:
    """Read one file and put it into the corpus.

    Raises:
        Refused: if it is not taken.
        OSError: if the disk does not take it.
        ClientDisconnect: if its sender is gone before its end.
    """
    name = _check_name(request.query_params.get("name", ""))
    when = _WHENS.get(request.query_params.get("when", ""), "")
    data = await _read(request)

    def take() -> Added:
        """Read the file as a build would, and put it in its place."""
        article = _read_article(name, data)
        room.check(len(data))
        added = Added(_put(corpus, name, data, when), article)
        room.count(0 if added.put.same else len(data))
        return added

    return await asyncio.to_thread(take)


def _put(corpus: Path, name: str, data: bytes, when: When) -> Put:
    """Put a file into the corpus.

    Raises:
        Refused: if its place is taken.
        OSError: if the disk does not take it.
    """
    try:
        return put(corpus, name, data, when)
    except NameTaken as taken:
        raise Refused("FileExists", 409, name=taken.name) from None
    except OutsideCorpus:
        raise Refused("FileNameUnusable", 400) from None


def _check_name(sent: str) -> str:
    """Return the path for the name of a file, if its kind is one that is read."""
    try:
        name = clean_path(sent)
    except NameUnusable:
        raise Refused("FileNameUnusable", 400) from None
    if Path(name).suffix.lower() not in FORMATS:
        raise Refused("FileKindUnknown", 415, name=name)
    return name


async def _read(request: Request) -> bytes:
    """Return the body of a request, counted while it comes."""
    told = request.headers.get("content-length", "")
    if told.isdecimal() and int(told) > MAX_FILE_BYTES:
        raise Refused("FileTooLarge", 413)
    data = bytearray()
    async for piece in request.stream():
        data += piece
        if len(data) > MAX_FILE_BYTES:
            raise Refused("FileTooLarge", 413)
    return bytes(data)


def _read_article(name: str, data: bytes) -> Article:
    """Read a file as a build would, and return its first article.

    Raises:
        Refused: if it holds none.
    """
    reason = "holds no article"
    try:
        for found in articles_in(Path(name), name, data):
            if not isinstance(found, Skipped):
                return found
            reason = found.reason
    except UnreadableFile as problem:
        reason = problem.reason
    raise Refused("FileUnreadable", 422, reason=reason)
