"""The pen: a second wire, on which an answer comes bit by bit that a language model writes.

The page sends the record of an answer that it has. What is written stands beside the quotes of that
answer, and is not kept: only what the articles can be held against later is.
"""

import asyncio
from collections.abc import AsyncIterator
from functools import partial

import gradio as gr
from anyio.to_thread import run_sync

from qa.types import Answer
from qa.written.model import LanguageModel
from qa.written.writing import Writing, Written, begin
from ui import askers
from ui.answering import Desk
from ui.claims import read_object, read_text
from ui.kept import Kept, read_id, read_record
from ui.language import Words, load_words
from ui.line import Line, Stopped
from ui.records import Record, restore
from ui.trouble import trouble_of
from ui.wire import claim_of, listening, write_reply
from ui.written import verdict, written_html

# what is written grows by letters: nobody reads along in smaller bits of time
_LEAST_SECONDS = 0.15

# Writing takes many seconds: of those that wait the last had better know soon.
_MAX_WAITING = 20
_MAX_OF_ONE = 5


class Pen:
    """The listeners; none of them raises, as those of the wire."""

    def __init__(self, desk: Desk, model: LanguageModel, places: int) -> None:
        """Have `model` write out answers of `desk`, so many at a time."""
        self._desk = desk
        self._model = model
        self._line = Line(places, _MAX_WAITING, _MAX_OF_ONE)
        self._going: dict[str, _Halt] = {}

    def connect(self, wire: gr.HTML) -> None:
        """Listen to the events of `wire`."""
        wire.write(self.write, outputs=wire, **listening("write"))
        wire.halt(self.halt, outputs=None, **listening("halt"))

    async def write(self, event: gr.EventData) -> AsyncIterator[str]:
        """Have an answer written out; tell how far it has come, again and again."""
        claim = claim_of(event)
        try:
            token = read_id(claim, "token")
            kept = read_record(read_object(claim.get("record"), "record"))
            words = load_words(read_text(claim, "language", 20))
            ended = False
            async for written, answer in self._write(token, kept):
                ended = written.ended
                yield write_reply(_reply(written, answer, kept.id, words), claim)
            if not ended:
                yield write_reply({"html": ""}, claim)
        except Exception as error:
            yield write_reply({"error": trouble_of(error)}, claim)

    async def halt(self, event: gr.EventData) -> None:
        """Have no more written of an answer."""
        token = str(claim_of(event).get("token", ""))
        self._line.stop(token)
        going = self._going.get(token)
        if going is not None:
            going.call()

    async def _write(self, token: str, kept: Kept) -> AsyncIterator[tuple[Written, Answer]]:
        """Yield how far a written answer has come, and the answer that it is written from.

        Nothing where the articles do not answer, or do no longer, or it is halted before its turn.
        """
        halt = self._going[token] = _Halt()
        try:
            async with self._line.place(token, askers.page()):
                writing, answer = await run_sync(partial(self._begin, kept))
                if writing is None:
                    return
                halt.listen(writing)
                async for written in _calmly(writing):
                    yield written, answer
        except Stopped:
            return
        finally:
            self._going.pop(token, None)

    def _begin(self, kept: Kept) -> tuple[Writing | None, Answer]:
        """Begin to have an answer written out.

        Raises:
            DepecheError: if the store cannot be opened, or there is no client.
        """
        assistant = self._desk.open()
        answer = restore(kept, assistant.index).answer
        return begin(answer, self._model, assistant.reader), answer


class _Halt:
    """Ends a writing, whether it has begun or not."""

    def __init__(self) -> None:
        """Begin with none."""
        self.is_called = False
        self._writing: Writing | None = None

    def listen(self, writing: Writing) -> None:
        """End this one, now if it was called for already."""
        self._writing = writing
        if self.is_called:
            writing.stop()

    def call(self) -> None:
        """Call for the end."""
        self.is_called = True
        if self._writing is not None:
            self._writing.stop()


async def _calmly(writing: Writing) -> AsyncIterator[Written]:
    """Yield the states of a writing, no faster than they are read."""
    states = iter(writing)
    try:
        # whoever is gone does not wait for the next piece
        while written := await run_sync(partial(next, states, None), abandon_on_cancel=True):
            yield written
            if not written.ended:
                await asyncio.sleep(_LEAST_SECONDS)  # what comes meanwhile is one piece
    finally:
        writing.stop()


def _reply(written: Written, answer: Answer, turn: str, words: Words) -> Record:
    """Return what the page is told of a written answer."""
    return {
        "html": written_html(written, answer, turn, words),
        "said": verdict(written, words),
        "goesOn": not written.ended,
    }
