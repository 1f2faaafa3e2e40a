"""The line of a question, and how long each part of answering it took."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Literal

from index.errors import RequestError
from index.journal import name_of, note, wants_questions
from qa.types import Answer

Stage = Literal["understand", "search", "read", "sentences"]
Outcome = Literal["answered", "abstained", "refused", "failed"]


class Watch:
    """The seconds of one question by stage; a stage inside another is taken out of it."""

    def __init__(self) -> None:
        """Begin now."""
        self.seconds: dict[str, float] = {}
        self.told: dict[str, object] = {}
        self._open: list[Stage] = []
        self._begun = self._since = time.perf_counter()

    @contextmanager
    def stage(self, name: Stage) -> Iterator[None]:
        """Count the time until the end as that of a stage."""
        self._count()
        self._open.append(name)
        try:
            yield
        finally:
            self._count()
            self._open.pop()

    def stop(self) -> None:
        """Count the whole."""
        self.seconds["total"] = time.perf_counter() - self._begun

    def tell(self, **told: object) -> None:
        """Keep what the line shall tell, as JSON values."""
        self.told |= told

    def _count(self) -> None:
        """Give the time since last looked at to the stage that is open."""
        now = time.perf_counter()
        if self._open:
            self.seconds[self._open[-1]] = self.seconds.get(self._open[-1], 0.0) + now - self._since
        self._since = now


_watch: ContextVar[Watch | None] = ContextVar("watch", default=None)
_is_quiet: ContextVar[bool] = ContextVar("is_quiet", default=False)


@contextmanager
def watching(event: str, question: str) -> Iterator[Watch]:
    """Watch over a question that is answered inside, and write its line at the end."""
    watch = Watch()
    token = _watch.set(watch)
    try:
        yield watch
    except BaseException as error:
        watch.tell(outcome=outcome_of_error(error), error=name_of(error))
        raise
    finally:
        _watch.reset(token)
        watch.stop()
        _write(event, question, watch)


@contextmanager
def stage(name: Stage) -> Iterator[None]:
    """Count the time until the end as that of a stage of the question in hand, if there is one."""
    watch = _watch.get()
    if watch is None:
        yield
        return
    with watch.stage(name):
        yield


@contextmanager
def quiet() -> Iterator[None]:
    """Write no line of what is asked inside: nobody asked it."""
    token = _is_quiet.set(True)
    try:
        yield
    finally:
        _is_quiet.reset(token)


def outcome_of(answer: Answer) -> Outcome:
    """Return what came of a question."""
    if answer.grounded:
        return "answered"
    # without any passage, and no filter to blame for it, nothing was looked for
    return "abstained" if answer.passages or answer.emptied_by else "refused"


def outcome_of_error(error: BaseException) -> Outcome:
    """Return what came of a question that an error ended."""
    return "refused" if isinstance(error, RequestError) else "failed"


def tell_answer(watch: Watch, answer: Answer, k: int) -> None:
    """Keep what the line tells of an answer, which at most `k` passages were read for."""
    watch.tell(
        outcome=outcome_of(answer),
        language=answer.question.language,
        dates=len(answer.question.dates),
        grounded=answer.grounded,
        confidence=round(answer.confidence, 3),
        citations=len(answer.citations),
        k=k,
    )


def _write(event: str, question: str, watch: Watch) -> None:
    """Write the line."""
    if _is_quiet.get():
        return
    told: dict[str, Any] = {
        "milliseconds": {name: round(1000 * taken, 1) for name, taken in watch.seconds.items()},
        "characters": len(question),
        **watch.told,
    }
    if wants_questions():
        told["question"] = question
    note(event, **told)
