"""What programs ask of the running chat, whichever door they come through.

Each call waits for its turn as a question of a visitor does, is counted, and fails in one sentence.
What it returns are JSON values.
"""

from collections.abc import Callable
from typing import Literal, TypeVar
from uuid import uuid4

from index.errors import RequestError, RequestFailed
from qa.doors.service import Record, Service, offer
from qa.journal import outcome_of_error
from qa.types import Answer
from ui import askers
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
        self._rebuilding = Rebuilding(desk, options, job)
        self.service = service = Service(options.store, desk.open, _address(options), self._look_at)
        self.endpoints: dict[str, Endpoint] = {
            "ask": offer(service.ask, self.in_turn),
            "retrieve": offer(service.retrieve, self.in_turn),
            "article": offer(service.article, self.in_turn),
            "status": self.status,
        }
        """The calls by name; without that of a rebuild on a server that only reads."""
        if not options.read_only:
            self.endpoints["build"] = self.build

    async def status(self) -> Record:
        """Tell what the index holds, and how a rebuild stands."""
        return await self.in_turn("status", self._look)

    async def build(self) -> Record:
        """Begin to index the folder of articles again, unless that goes on; tell how it stands."""
        return await self.in_turn("build", self._begin)

    async def in_turn(self, name: str, work: Callable[[], _Given], /) -> _Given:
        """Do the work of the call `name` when its turn has come, and count it.

        Raises:
            RequestError: if it cannot be done as it was asked.
            RequestFailed: if something else is in the way.
        """
        line = self._line if name in _QUESTIONS else self._beside
        try:
            given = await line.ask(uuid4().hex, work, askers.program())
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

    def _look(self) -> Record:
        """Return what the index holds."""
        told = self.service.status()
        # what has a path is a file to Gradio's client, and fetched
        skipped = [{"file": one["path"], "reason": one["reason"]} for one in told["skipped"]]
        return {**told, "skipped": skipped, "rebuild": self._standing()}

    def _begin(self) -> Record:
        """Begin a rebuild."""
        return {"begun": self._rebuilding.begin(), **self._standing()}

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
