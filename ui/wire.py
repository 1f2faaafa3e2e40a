"""The wire between page and server: JSON in, JSON out, each with the token of its question."""

import json
from functools import partial
from typing import Any

import gradio as gr
from anyio.to_thread import run_sync

from index.errors import RequestError
from ui import askers
from ui.answering import Desk, answer, read_asked, show
from ui.claims import Claim, ClaimInvalid
from ui.counters import Counters
from ui.filters import FilterRefused
from ui.line import Line, Stopped
from ui.records import Record
from ui.trouble import trouble_of

# A token is what the page made it; what comes back is no longer than one.
_MAX_TOKEN_CHARS = 40

_LISTENING: dict[str, Any] = {
    "inputs": None,
    "concurrency_limit": None,  # the line before the desk is the limit
    "trigger_mode": "multiple",
    "show_progress": "hidden",
    "api_visibility": "private",
}


class Wire:
    """The listeners; none of them raises, so that the page hears of everything in its own words."""

    def __init__(self, desk: Desk, line: Line, counters: Counters | None = None) -> None:
        """Pass questions through the line to the desk, and count them."""
        self._desk = desk
        self._line = line
        self._counters = counters or Counters()

    def connect(self, wire: gr.HTML) -> None:
        """Listen to the events of `wire`."""
        wire.ask(self.ask, outputs=wire, **listening("ask"))
        wire.show(self.show, outputs=wire, **listening("show"))
        wire.stop(self.stop, outputs=None, **listening("stop"))

    async def ask(self, event: gr.EventData) -> str:
        """Answer a question, when its turn has come."""
        claim = claim_of(event)
        try:
            asked = read_asked(claim)
            reply = await self._line.ask(
                asked.token, partial(answer, asked, self._desk, self._counters), askers.page()
            )
        except FilterRefused as refused:
            self._counters.ended("refused")
            reply = {"refused": {"field": refused.field, "sentence": str(refused)}}
        except Stopped:
            reply = {"stopped": True}
        except Exception as error:
            is_refused = isinstance(error, (ClaimInvalid, RequestError))
            self._counters.ended("refused" if is_refused else "failed")
            reply = {"error": trouble_of(error)}
        return write_reply(reply, claim)

    async def show(self, event: gr.EventData) -> str:
        """Show old turns again."""
        claim = claim_of(event)
        try:
            reply = await run_sync(partial(show, claim, self._desk))
        except Exception as error:
            reply = {"error": trouble_of(error)}
        return write_reply(reply, claim)

    async def stop(self, event: gr.EventData) -> None:
        """Take a question out of the line."""
        self._line.stop(str(claim_of(event).get("token", "")))


def listening(event: str) -> dict[str, Any]:
    """Return how the listener of an event is told of it."""
    # by its own name it would stand in the place of what programs call so
    return {"concurrency_id": event, "api_name": f"page-{event}", **_LISTENING}


def claim_of(event: gr.EventData) -> Claim:
    """Return what a page sends with an event: a text of JSON, or anything.

    Of an object Gradio would look at each part, to fetch and open what says that it is a file.
    """
    try:
        claim = json.loads(event._data) if isinstance(event._data, str) else None
    except (ValueError, RecursionError):
        claim = None
    return claim if isinstance(claim, dict) else {}


def write_reply(reply: Record, claim: Claim) -> str:
    """Return a reply as JSON, with the token of what it replies to; nothing in it is a tag."""
    token = str(claim.get("token", ""))[:_MAX_TOKEN_CHARS]
    return json.dumps(reply | {"token": token}).replace("<", "\\u003c")
