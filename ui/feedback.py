"""What people think of answers: POST feedback, and GET feedback.jsonl for `depeche eval`."""

import json
from pathlib import Path
from typing import Protocol

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from index.address import Place, folder_of
from index.errors import DepecheError, FeedbackFull, FeedbackTooLong
from qa.feedback import feedback_on, judged_questions, note_feedback, read_feedback
from ui.claims import Claim, ClaimInvalid, read_object, read_text
from ui.kept import MAX_RECORD_BYTES, read_name, read_record
from ui.records import restore
from ui.reply import Desk, read_json, refusal
from ui.trouble import trouble_of

# One record, and a sentence or two about it.
_MAX_BODY_BYTES = MAX_RECORD_BYTES + 16 * 1024

# The store refuses what is longer than it keeps, and says so.
_MAX_WORD_CHARS = 10_000


class Options(Protocol):
    """What is asked of the options of the chat."""

    @property
    def store(self) -> Place:
        """Where the snapshots lie; feedback is kept beside them."""


def routes(desk: Desk, options: Options) -> list[Route]:
    """Return the routes; what is posted is JSON {record, good, word}."""

    async def note(request: Request) -> Response:
        """Keep what somebody thinks of an answer."""
        try:
            claim = await read_json(request, _MAX_BODY_BYTES)
            await run_in_threadpool(_note, claim, desk, folder_of(options.store))
        except ClaimInvalid:
            return refusal("RequestInvalid", 400)
        except FeedbackTooLong as error:
            return refusal(trouble_of(error), 413)
        except DepecheError as error:
            return refusal(trouble_of(error), 507 if isinstance(error, FeedbackFull) else 503)
        return JSONResponse({}, 201)

    async def give(_request: Request) -> Response:
        """Answer with the questions that were answered well, one line each."""
        try:
            lines = await run_in_threadpool(_questions, folder_of(options.store))
        except DepecheError as error:
            return refusal(trouble_of(error), 503)
        headers = {"Content-Disposition": 'attachment; filename="feedback.jsonl"'}
        return Response(lines, media_type="application/jsonl; charset=utf-8", headers=headers)

    return [
        Route("/feedback", note, methods=["POST"]),
        Route("/feedback.jsonl", give, methods=["GET"]),
    ]


def _note(claim: Claim, desk: Desk, store: Path) -> None:
    """Keep feedback on the answer of a record, as far as its articles still have it.

    Raises:
        ClaimInvalid: if it is none, or of a question that was not answered.
        DepecheError: if it cannot be kept.
    """
    record = read_object(claim.get("record"), "record")
    kept = read_record(record)
    good = claim.get("good")
    if kept.trouble or not (good is None or isinstance(good, bool)):
        raise ClaimInvalid("good")
    answer = restore(kept, desk.open().index).answer
    word = read_text(claim, "word", _MAX_WORD_CHARS).strip()
    snapshot = read_name(record, "snapshot")
    note_feedback(store, feedback_on(answer, snapshot, good=good, word=word, turn=kept.id))


def _questions(store: Path) -> str:
    """Return the judged questions of a store as lines of JSON.

    Raises:
        DepecheError: if they cannot be read.
    """
    feedback, _damaged = read_feedback(store)
    return "".join(
        json.dumps(question, ensure_ascii=False) + "\n" for question in judged_questions(feedback)
    )
