"""POST export: a conversation with all its citations, as Markdown or as a page that prints well."""

from datetime import UTC, datetime
from typing import Literal
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from index.errors import DepecheError
from index.store import Store
from ui.claims import Claim, ClaimInvalid, read_list, read_object, read_text
from ui.export_html import write_html
from ui.export_markdown import write_markdown
from ui.exported import Conversation, Turn
from ui.kept import read_record
from ui.language import load_words
from ui.records import restore
from ui.reply import Desk, read_json, refusal
from ui.trouble import trouble_of

Format = Literal["md", "html"]

_TYPES: dict[str, str] = {"md": "text/markdown", "html": "text/html"}

# A day of questions; the guard refuses what is larger than 4 MB all the same.
_MAX_RECORDS = 200
_MAX_BODY_BYTES = 4 * 2**20

_MAX_ADDRESS_CHARS = 2_000
_MAX_TIME_CHARS = 40


def routes(desk: Desk, _options: object) -> list[Route]:
    """Return the route: its body is JSON {format, records, language, address}."""

    async def export(request: Request) -> Response:
        """Answer with the file."""
        try:
            claim = await read_json(request, _MAX_BODY_BYTES)
            written = await run_in_threadpool(_write, claim, desk)
        except ClaimInvalid:
            return refusal("RequestInvalid", 400)
        except DepecheError as error:
            return refusal(trouble_of(error), 503)
        # never shown by the browser as a page of ours: it is a file
        kind, name = _TYPES[_format(claim)], f"depeche.{_format(claim)}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(written, media_type=f"{kind}; charset=utf-8", headers=headers)

    return [Route("/export", export, methods=["POST"])]


def _format(claim: Claim) -> Format:
    """Return the format asked for.

    Raises:
        ClaimInvalid: if there is none such.
    """
    match claim.get("format"):
        case "md":
            return "md"
        case "html":
            return "html"
    raise ClaimInvalid("format")


def _write(claim: Claim, desk: Desk) -> str:
    """Write the file.

    Raises:
        ClaimInvalid: if it holds too much.
        DepecheError: if the store cannot be opened.
    """
    conversation = read_conversation(claim, desk.open().index)
    write = {"md": write_markdown, "html": write_html}[_format(claim)]
    return write(conversation)


def read_conversation(claim: Claim, store: Store) -> Conversation:
    """Read what a page sends, each quote held against its article as it is now.

    Raises:
        ClaimInvalid: if it holds too much.
    """
    turns = read_list(claim, "records", _MAX_RECORDS, lambda value: _read_turn(value, store))
    return Conversation(
        turns=[turn for turn in turns if turn is not None],
        damaged=turns.count(None),
        address=_read_address(read_text(claim, "address", _MAX_ADDRESS_CHARS)),
        words=load_words(read_text(claim, "language", 20)),
        at=datetime.now(UTC),
    )


def _read_turn(value: object, store: Store) -> Turn | None:
    """Read a record; None when it is damaged: the others are exported all the same."""
    try:
        kept = read_record(value)
        at = read_text(read_object(value, "record"), "at", _MAX_TIME_CHARS)
    except ClaimInvalid:
        return None
    return Turn(kept, None if kept.trouble else restore(kept, store), _read_time(at))


def _read_time(text: str) -> datetime | None:
    """Read when a question was asked."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _read_address(text: str) -> str:
    """Return the address of the page without what it shows; "" if no browser would follow it."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.netloc or "@" in parts.netloc:
        return ""
    return parts._replace(query="", fragment="").geturl()
