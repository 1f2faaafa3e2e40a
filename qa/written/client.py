"""The wire to a language model: one answer at a time, piece by piece, within limits.

The client is OpenAI's (`pip install 'depeche[llm]'`), which llama.cpp, Ollama, vLLM and hosted
models understand. What it would do beyond that is off: no second try, no way to another server, no
header that tells about this machine. A server may be anything: what it sends is measured before it
is read, and counted for nothing more than text.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import suppress
from typing import Any

import openai
from httpx2 import AsyncByteStream, Request, Response

from index.errors import (
    WriterBroken,
    WriterError,
    WriterRefused,
    WriterSilent,
    WriterUnknown,
    WriterUnreachable,
)
from qa.written.model import LanguageModel
from qa.written.prompt import Message

# the client adds to these what system this is, and whatever OPENAI_... holds in the environment
_SENT = frozenset({"host", "connection", "content-type", "content-length"})

# what a server says of a failure may help whoever runs it
_MOST_TOLD = 120

# the likeliest words, none drawn by lot; some hosted models let nobody choose
_PLAIN: dict[str, Any] = {"temperature": 0}


# a shorter one is no secret, and may be a word of the answer
_SHORTEST_KEY = 8

# why a model stops that is not done
_CUT_SHORT = {
    "length": "reached the limit of {tokens} tokens in the middle of its answer",
    "content_filter": "was stopped by a filter of its server",
}


class TooMuch(Exception):
    """A server sends more than is read."""


class Call:
    """One answer while it is written, on a thread of its own; iterate once to read it.

    Whoever leaves early calls `stop`, from any thread: the connection is closed, and a server that
    looks writes no further.
    """

    def __init__(self, model: LanguageModel, messages: Sequence[Message]) -> None:
        """Ask `model` at once."""
        self._model = model
        self._messages = messages
        self._news = threading.Condition()
        self._said = ""
        self._ended = False
        self._trouble: WriterError | None = None
        self._loop = asyncio.new_event_loop()
        self._task = self._loop.create_task(self._ask())
        threading.Thread(target=self._run, name="language-model", daemon=True).start()

    def __iter__(self) -> Iterator[str]:
        """Yield what has come since the last piece, as soon as there is any.

        Raises:
            WriterError: if there is no answer, or not all of it.
        """
        while piece := self._wait():
            yield piece
        if self._trouble is not None:
            raise self._trouble

    def stop(self) -> None:
        """Have whoever reads get no more, and hang up."""
        self._end()
        with suppress(RuntimeError):  # it has ended already
            self._loop.call_soon_threadsafe(self._task.cancel)

    def _wait(self) -> str:
        """Wait for something new, and return it; nothing if that was all."""
        with self._news:
            self._news.wait_for(lambda: self._said or self._ended)
            piece, self._said = self._said, ""
        return piece

    def _say(self, piece: str) -> None:
        """Hand on what came."""
        with self._news:
            self._said += piece
            self._news.notify()

    def _end(self, trouble: WriterError | None = None) -> None:
        """Say that nothing more comes, and why if something is wrong; the first time counts."""
        with self._news:
            if not self._ended:
                self._ended, self._trouble = True, trouble
                self._news.notify()

    def _run(self) -> None:
        """See the answer through to its end."""
        try:
            self._loop.run_until_complete(self._task)
        except asyncio.CancelledError:
            pass  # nobody waits for it any more
        finally:
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.close()
            self._end()

    async def _ask(self) -> None:
        """Pass on what the model writes; what goes wrong is passed on in the end."""
        url = self._model.url
        progress = _Progress(self._model)
        try:
            async with progress.patience, _open(self._model) as client:
                await self._read(client, progress)
        except WriterError as error:
            self._end(error)
        except TimeoutError:
            self._end(WriterSilent(url, progress.complaint()))
        except TooMuch:
            self._end(WriterBroken(url, "sends more than an answer has"))
        except openai.APIError as error:
            self._end(_explain(error, self._model, begun=progress.begun))
        except Exception:
            # whatever the client stumbles over in what a server makes up
            self._end(WriterBroken(url, "sends what is no answer"))

    async def _read(self, client: openai.AsyncOpenAI, progress: "_Progress") -> None:
        """Pass on what the model writes.

        Raises:
            WriterError: if what comes is no answer, or half of one.
            TooMuch: if it is more than is read.
        """
        url = self._model.url
        ended, length, blotted = "", 0, _Blotted(self._model.key)
        async with await self._begin(client) as chunks:
            async for chunk in chunks:
                progress.note()
                piece, ended = _read_chunk(chunk)
                length += len(piece)
                if length > self._model.limits.answer_characters:
                    raise TooMuch
                self._say(blotted.add(piece))
                if ended:
                    break  # some servers keep the line open
        self._say(blotted.rest())
        if not progress.begun:
            raise WriterBroken(url, "sends what is no answer")
        if not ended:
            raise WriterBroken(url, "broke off in the middle of its answer")
        if ended in _CUT_SHORT:
            tokens = self._model.limits.answer_tokens
            raise WriterBroken(url, _CUT_SHORT[ended].format(tokens=tokens))

    async def _begin(self, client: openai.AsyncOpenAI) -> Any:  # noqa: ANN401  a stream of chunks
        """Ask; once more in other words where a server refuses a setting, which costs no time."""
        tokens = self._model.limits.answer_tokens
        ask = client.chat.completions.create
        asked: dict[str, Any] = {
            "model": self._model.name,
            "messages": list(self._messages),
            "stream": True,
        }
        try:
            return await ask(**asked, **_PLAIN, max_tokens=tokens)
        except openai.BadRequestError as error:
            if error.param not in {"max_tokens", *_PLAIN}:
                raise
            return await ask(**asked, max_completion_tokens=tokens)


class _Blotted:
    """Text as it comes, without the key: a server may send it back, and others read along."""

    def __init__(self, key: str) -> None:
        """Blot out `key`."""
        self._key = key if len(key) >= _SHORTEST_KEY else ""
        self._held = ""

    def add(self, piece: str) -> str:
        """Return what can be shown; the beginning of a key waits for what comes next."""
        text = blot(self._held + piece, self._key)
        held = next(n for n in range(len(self._key), -1, -1) if text.endswith(self._key[:n]))
        end = len(text) - held
        self._held = text[end:]
        return text[:end]

    def rest(self) -> str:
        """Return what waited in vain."""
        held, self._held = self._held, ""
        return held


def blot(text: str, key: str) -> str:
    """Return a text without the key."""
    return text.replace(key, "…") if len(key) >= _SHORTEST_KEY else text


class _Progress:
    """How far an answer has come, and until when the next piece is waited for."""

    def __init__(self, model: LanguageModel) -> None:
        """Wait for the first piece, from now on."""
        self._limits = model.limits
        self._now = asyncio.get_running_loop().time
        self._end = self._now() + self._limits.whole_seconds
        self.begun = False
        self.patience = asyncio.timeout_at(min(self._end, self._now() + self._limits.first_seconds))

    def note(self) -> None:
        """Wait for the next piece, from now on."""
        self.begun = True
        self.patience.reschedule(min(self._end, self._now() + self._limits.next_seconds))

    def complaint(self) -> str:
        """Say what was waited for in vain."""
        limits = self._limits
        if self._now() >= self._end:
            return f"is not done after {limits.whole_seconds:g} seconds"
        if self.begun:
            return f"fell silent for {limits.next_seconds:g} seconds in the middle of its answer"
        return f"did not begin its answer within {limits.first_seconds:g} seconds"


def _open(model: LanguageModel) -> openai.AsyncOpenAI:
    """Return a client that asks nobody but the server of `model`."""

    async def only_what_is_needed(request: Request) -> None:
        """Leave out every header that an answer does not need."""
        for name in set(request.headers) - _SENT:
            del request.headers[name]
        request.headers["accept"] = "text/event-stream, application/json"
        # what is packed may be a thousand times larger than what was measured
        request.headers["accept-encoding"] = "identity"
        request.headers["user-agent"] = "depeche"
        request.headers["authorization"] = f"Bearer {model.key}"

    async def measure(response: Response) -> None:
        """Read no more of an answer than its limit."""
        if response.headers.get("content-encoding", "identity") != "identity":
            raise WriterBroken(model.url, "sends what is packed, which was not asked for")
        assert isinstance(response.stream, AsyncByteStream)
        response.stream = _Measured(response.stream, model.limits.read_bytes)

    http_client = openai.DefaultAsyncHttpxClient(
        timeout=openai.Timeout(None, connect=model.limits.connect_seconds),
        follow_redirects=False,
        trust_env=not model.is_on_this_machine,  # proxies
        event_hooks={"request": [only_what_is_needed], "response": [measure]},
    )
    return openai.AsyncOpenAI(
        base_url=model.url, api_key=model.key, max_retries=0, http_client=http_client
    )


class _Measured(AsyncByteStream):
    """What comes over a connection, up to a limit."""

    def __init__(self, stream: AsyncByteStream, most: int) -> None:
        """Pass on `most` bytes of `stream`."""
        self._stream = stream
        self._left = most

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield what comes.

        Raises:
            TooMuch: if it is more than the limit.
        """
        async for data in self._stream:
            self._left -= len(data)
            if self._left < 0:
                raise TooMuch
            yield data

    async def aclose(self) -> None:
        """Close the connection."""
        await self._stream.aclose()


def _read_chunk(chunk: object) -> tuple[str, str]:
    """Return what a chunk adds to the answer, and why it ends there; nothing if it goes on.

    The client checks nothing of what it hands over: any part may be anything, or missing.
    """
    choices = getattr(chunk, "choices", None)
    if not isinstance(choices, list) or not choices:
        return "", ""
    piece = getattr(getattr(choices[0], "delta", None), "content", None)
    # while it goes on, some servers give no reason and some an empty one
    reason = getattr(choices[0], "finish_reason", None)
    return piece if isinstance(piece, str) else "", str(reason) if reason else ""


def _explain(error: openai.APIError, model: LanguageModel, *, begun: bool) -> WriterError:
    """Say in our words what the client met with."""
    if isinstance(error, openai.APIStatusError):
        return _explain_status(error, model)
    if isinstance(error, openai.APIConnectionError) and not begun:
        return WriterUnreachable(model.url)
    if isinstance(error, openai.APIConnectionError):
        return WriterBroken(model.url, "broke off in the middle of its answer")
    return WriterBroken(model.url, f"reports a failure{_told(error, model)}")


def _explain_status(error: openai.APIStatusError, model: LanguageModel) -> WriterError:
    """Say what a server means by a status."""
    if error.status_code in (401, 403):
        return WriterRefused(model.url, error.status_code)
    if error.status_code in (404, 405):
        return WriterUnknown(model.url, model.name)
    return WriterBroken(model.url, f"answers with status {error.status_code}{_told(error, model)}")


def _told(error: openai.APIError, model: LanguageModel) -> str:
    """Return what a server says of its failure, on one line; nothing where it says nothing."""
    body = error.body
    message = body.get("message") if isinstance(body, dict) else None
    if not isinstance(message, str):
        return ""
    line = blot(" ".join("".join(filter(_is_shown, message)).split()), model.key)
    return f" ({line[:_MOST_TOLD]})" if line else ""


def _is_shown(letter: str) -> bool:
    """Whether a letter of somebody else's is shown: none that turns or clears a terminal."""
    return letter.isprintable() or letter.isspace()
