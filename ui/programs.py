"""What programs ask of the running chat, whichever door they come through.

Each call waits for its turn as a question of a visitor does, is counted, and fails in one sentence.
What it returns are JSON values.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeVar
from uuid import uuid4

from index.errors import RequestError, RequestFailed
from qa.doors.arguments import read_filters, read_history, read_number, read_text
from qa.doors.service import Service
from qa.journal import outcome_of_error
from qa.types import Answer
from ui.answering import QuoteWithheld
from ui.counters import Counters
from ui.desk import Desk
from ui.highlight import is_exact
from ui.intake import Endpoint
from ui.job import Job
from ui.language import load_words
from ui.line import Line
from ui.options import Options
from ui.rebuild import Rebuilding, standing
from ui.trouble import trouble_of

Record = dict[str, Any]
"""JSON values by name."""

_Given = TypeVar("_Given")

# What the models work on waits with the questions of visitors, all else beside them.
_QUESTIONS = frozenset({"ask", "retrieve"})
_PLACES_BESIDE = 2


class Programs:
    """The endpoints over one desk."""

    def __init__(
        self, desk: Desk, options: Options, *, line: Line, counters: Counters, job: Job
    ) -> None:
        """Pass questions through `line` to the desk; rebuild with `job`, if anybody may."""
        self._line, self._beside = line, Line(_PLACES_BESIDE)
        self._counters = counters
        self._job = job
        self._rebuilding = None if options.read_only else Rebuilding(desk, options, job)
        self.service = Service(options.store, desk.open, _address(options), self._look_at)

    @property
    def endpoints(self) -> Mapping[str, Endpoint]:
        """The calls by name; without that of a rebuild on a server that only reads."""
        calls = (self.ask, self.retrieve, self.article, self.status)
        named: dict[str, Endpoint] = {call.__name__: call for call in calls}
        return named if self._rebuilding is None else named | {"build": self.build}

    async def ask(
        self,
        question: str,
        after: str = "",
        before: str = "",
        sources: list[str] | None = None,
        languages: list[str] | None = None,
        words: list[str] | None = None,
        history: list[list[str]] | None = None,
    ) -> Record:
        """Answer a question with exact quotes of the articles, or say that they do not tell.

        Args:
            question: in any language; it may name days ("on 12 May")
            after: first day of publication let through: "2025", "2025-05" or "2025-05-12"
            before: last day let through, included
            sources: names of sources or folders, in one of which an article lies
            languages: codes of languages, one of which is the article's
            words: words or phrases that all stand in the article
            history: earlier turns that a follow-up leans on: pairs of question and answer
        """

        def work() -> Record:
            """Answer it."""
            filters = read_filters(after, before, sources, languages, words)
            return self.service.ask(read_text("question", question), read_history(history), filters)

        return await self.in_turn("ask", work)

    async def retrieve(
        self,
        question: str,
        k: int = 5,
        after: str = "",
        before: str = "",
        sources: list[str] | None = None,
        languages: list[str] | None = None,
        words: list[str] | None = None,
    ) -> list[Record]:
        """Find the passages that answer best, best first, each with the spans that do.

        Args:
            question: in any language; it may name days ("on 12 May")
            k: how many passages at most, up to 50
            after: first day of publication let through: "2025", "2025-05" or "2025-05-12"
            before: last day let through, included
            sources: names of sources or folders, in one of which an article lies
            languages: codes of languages, one of which is the article's
            words: words or phrases that all stand in the article
        """

        def work() -> list[Record]:
            """Find them."""
            filters = read_filters(after, before, sources, languages, words)
            return self.service.retrieve(read_text("question", question), k, filters)

        return await self.in_turn("retrieve", work)

    async def article(self, article: str, start: int = 0, end: int | None = None) -> Record:
        """Read an article, 50,000 characters at most at once.

        Args:
            article: its id, as results name it
            start: first character that is told
            end: where the text that is told ends (excluded); its end if left out
        """

        def work() -> Record:
            """Read it."""
            last = None if end is None else read_number("end", end, 0)
            first = read_number("start", start, 0)
            return self.service.article(article, first, last)

        return await self.in_turn("article", work)

    async def status(self) -> Record:
        """Tell what the index holds, and how a rebuild stands."""

        def work() -> Record:
            """Look."""
            told = self.service.status()
            # what has a path is a file to Gradio's client, and fetched
            skipped = [{"file": one["path"], "reason": one["reason"]} for one in told["skipped"]]
            return {**told, "skipped": skipped, "rebuild": self._standing()}

        return await self.in_turn("status", work)

    async def build(self) -> Record:
        """Begin to index the folder of articles again, unless that goes on; tell how it stands."""
        assert self._rebuilding is not None
        begin = self._rebuilding.begin

        def work() -> Record:
            """Begin it."""
            return {"begun": begin(), **self._standing()}

        return await self.in_turn("build", work)

    async def in_turn(self, name: str, work: Callable[[], _Given], /) -> _Given:
        """Do the work of the call `name` when its turn has come, and count it.

        Raises:
            RequestError: if it cannot be done as it was asked.
            RequestFailed: if something else is in the way.
        """
        line = self._line if name in _QUESTIONS else self._beside
        try:
            given = await line.ask(uuid4().hex, work)
        except Exception as error:
            self._note(name, error)
            if isinstance(error, RequestError):
                raise
            raise RequestFailed(_sentence(trouble_of(error))) from error
        self._counters.called(name, "done")
        return given

    def _note(self, name: str, error: Exception) -> None:
        """Count a call that an error ended."""
        outcome: Literal["refused", "failed"] = (
            "refused" if outcome_of_error(error) == "refused" else "failed"
        )
        self._counters.called(name, outcome)
        if name == "ask":
            self._counters.ended(outcome)

    def _look_at(self, answer: Answer) -> None:
        """Count an answer, unless it quotes what its article does not say.

        Raises:
            QuoteWithheld: if it does.
        """
        if not all(map(is_exact, answer.citations)):
            raise QuoteWithheld
        self._counters.answered(answer)

    def _standing(self) -> Record:
        """Return how a rebuild stands."""
        told = standing(self._job.status())
        return told | {"error": _sentence(str(told["error"])) if told["error"] else ""}


def _sentence(key: str) -> str:
    """Return what a visitor would be told, in the language of all programs."""
    return load_words("en").for_key(key)


def _address(options: Options) -> str:
    """Return where the page is for whoever asks, or nothing where only the proxy knows."""
    return options.address if options.root.origin or not options.root.path else ""
