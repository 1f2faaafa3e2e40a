"""`qa.retrieve` and `qa.ask`: one assistant a store, opened once per process."""

import threading
from collections.abc import Collection

from index.address import Place, place_of
from qa.assistant import Assistant
from qa.filters import Day, Names
from qa.types import Answer, Passage
from qa.understand import History

_assistants: dict[Place, Assistant] = {}
_lock = threading.Lock()


def retrieve(
    question: str,
    k: int = 5,
    *,
    store: str | Place | None = None,
    after: Day = None,
    before: Day = None,
    sources: Names = None,
    languages: Names = None,
    words: Names = None,
    ignore: Collection[str] = (),
) -> list[Passage]:
    """Find the `k` passages of `store` that answer best; see `Assistant.retrieve`."""
    return _shared_assistant(store).retrieve(
        question,
        k,
        after=after,
        before=before,
        sources=sources,
        languages=languages,
        words=words,
        ignore=ignore,
    )


def ask(
    question: str,
    history: History = (),
    *,
    store: str | Place | None = None,
    after: Day = None,
    before: Day = None,
    sources: Names = None,
    languages: Names = None,
    words: Names = None,
    ignore: Collection[str] = (),
) -> Answer:
    """Answer a question from `store`; see `Assistant.ask`."""
    return _shared_assistant(store).ask(
        question,
        history,
        after=after,
        before=before,
        sources=sources,
        languages=languages,
        words=words,
        ignore=ignore,
    )


def _shared_assistant(store: str | Place | None) -> Assistant:
    """Return this process's assistant for a store, opened at the first question."""
    place = place_of(store).resolve()
    with _lock:
        if place not in _assistants:
            _assistants[place] = Assistant.open(place)
        return _assistants[place]
