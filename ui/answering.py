"""What the page asks of the server: an answer, and old turns shown again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from qa.journal import outcome_of_error
from qa.types import Answer
from ui.cards import sources_panel
from ui.claims import Claim, ClaimInvalid, read_list, read_object, read_text
from ui.counters import Counters
from ui.filters import Filters, read_filters
from ui.highlight import is_exact
from ui.kept import MAX_RECORDS, Kept, read_id, read_record
from ui.language import Words, load_words
from ui.records import Record, Restored, restore, to_record, trouble_record
from ui.suggestions import next_questions
from ui.trouble import trouble_of
from ui.turns import turn_html

if TYPE_CHECKING:
    from qa.assistant import Assistant

# What a follow-up may lean on.
_MAX_HISTORY = 6

# The assistant refuses long before; this is what is read at all.
_MAX_QUESTION_CHARS = 20_000


class Desk(Protocol):
    """What answers."""

    def open(self) -> "Assistant":
        """Return the assistant over the snapshot in force."""

    def ask(self, question: str, history: Sequence[tuple[str, str]], filters: Filters) -> Answer:
        """Answer a question."""


class QuoteWithheld(Exception):
    """An answer quotes what its article does not say."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the page sends it, read."""

    token: str
    question: str
    history: tuple[Kept, ...]
    filters: Filters
    words: Words


def read_asked(claim: Claim) -> Asked:
    """Read a question that a page sends.

    Raises:
        ClaimInvalid: if it is none.
        FilterRefused: if a filter cannot be used.
    """
    words = load_words(read_text(claim, "language", 20))
    return Asked(
        token=read_id(claim, "token"),
        question=read_text(claim, "question", _MAX_QUESTION_CHARS).strip(),
        history=read_list(claim, "history", _MAX_HISTORY, read_record),
        filters=read_filters(read_object(claim.get("filters", {}), "filters"), words),
        words=words,
    )


def answer(asked: Asked, desk: Desk, counters: Counters) -> Record:
    """Answer a question and count it: its record, and the HTML of turn and sources."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    restored: Restored | None = None
    try:
        given = _ask(asked, desk)
        store = desk.open().index
        record = to_record(
            given,
            record_id=asked.token,
            at=at,
            filters=asked.filters,
            snapshot=store.name,
            follow_ups=next_questions(given, store),
        )
        restored = Restored(given)
        counters.answered(given)
    except Exception as error:
        counters.ended(outcome_of_error(error))
        record = trouble_record(
            trouble_of(error),
            record_id=asked.token,
            question=asked.question,
            at=at,
            filters=asked.filters,
        )
    html = show_turn(read_record(record), restored, asked.words)
    return {"token": asked.token, "record": record, "html": html}


def _ask(asked: Asked, desk: Desk) -> Answer:
    """Return the answer.

    Raises:
        QuoteWithheld: if it quotes what its article does not say.
    """
    history = [(kept.question.text, kept.text) for kept in asked.history if kept.text]
    given = desk.ask(asked.question, history, asked.filters)
    if not all(is_exact(citation) for citation in given.citations):
        raise QuoteWithheld
    return given


def show_turn(kept: Kept, restored: Restored | None, words: Words) -> dict[str, str]:
    """Return the HTML of a turn, and of its sources; those are empty when there is no answer."""
    sources = ""
    if restored is not None:
        sources = sources_panel(restored.answer, kept.id, words, changed=restored.changed)
    return {"turn": turn_html(kept, restored, words), "sources": sources}


def show(claim: Claim, desk: Desk) -> Record:
    """Return the HTML of turns that the browser kept; one that cannot be read is left out.

    Raises:
        ClaimInvalid: if too many are asked for.
        DepecheError: if the store cannot be opened.
    """
    words = load_words(read_text(claim, "language", 20))
    store = desk.open().index
    shown = {}
    for kept in read_list(claim, "records", MAX_RECORDS, _readable):
        if kept is not None:
            restored = None if kept.trouble else restore(kept, store)
            shown[kept.id] = show_turn(kept, restored, words)
    return {"html": shown, "snapshot": store.name}


def _readable(value: object) -> Kept | None:
    """Read a record, or return None: one that is damaged must not hide the others."""
    try:
        return read_record(value)
    except ClaimInvalid:
        return None
