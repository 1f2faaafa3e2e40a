"""A message and its history to a question that stands alone.

A follow-up ("et le 3 décembre ?", "who signed it?") is completed from the question before it, and
only then: a message that can stand alone never sees the history, so a change of subject drops it.
"""

from collections.abc import Collection, Sequence
from datetime import date
from itertools import islice
from textwrap import shorten

from index.language import detect_language
from qa.settings import DEFAULT
from qa.types import AskedDate, Expected, Question
from qa.understand.asked_dates import find_asked_dates
from qa.understand.courtesies import without_courtesies
from qa.understand.expected import asked_kind
from qa.understand.follow_up import follow
from qa.understand.ignore import FOLLOW_UP, leave_out
from qa.understand.message import Clauses, read_message

History = Sequence[tuple[str, str]]
"""Earlier (question, answer text) pairs, oldest first."""

# further back nobody remembers what "it" was
_MAX_HISTORY = 6


def understand(
    message: str,
    history: History = (),
    *,
    today: date | None = None,
    limit: int = DEFAULT.max_question_chars,
    ignore: Collection[str] = (),
) -> Question:
    """Find out the language, the dates and, for a follow-up, the whole question.

    Thanks and greetings ask nothing: their `standalone` is empty.

    Args:
        message: what was typed.
        history: earlier (question, answer text) pairs, oldest first.
        today: the day "yesterday" counts from; the current day if left out.
        limit: the most characters of a question; a longer one was refused, so nothing follows it.
        ignore: parts not to heed: dates by the `text` of their `AskedDate`, "language" when it was
            guessed wrong (the likeliest other one is taken), "follow-up" to forget the history.
    """
    today = today or date.today()
    text = _tidy(message)
    language = detect_language(text)
    if not without_courtesies(text):
        return Question(text, "", language)
    ignore = [ignore] if isinstance(ignore, str) else ignore
    before = () if FOLLOW_UP in ignore else _understand_history(history, limit, today)
    clauses = follow(before, read_message(text, today), today)
    clauses = (text,) if clauses is None else _fit(clauses, limit)
    dates = _asked_dates(clauses, today)
    found = Question(text, " ".join(clauses), language, dates, _expected(clauses))
    return leave_out(found, ignore)


def _understand_history(history: History, limit: int, today: date) -> Clauses:
    """Return the question that a message may follow, itself completed from those before it."""
    short = (question for question, _answer in reversed(history) if len(question) <= limit)
    asked = filter(None, map(without_courtesies, map(_tidy, short)))
    clauses: Clauses = ()
    for question in reversed(list(islice(asked, _MAX_HISTORY))):
        clauses = follow(clauses, read_message(question, today), today) or (question,)
        clauses = _fit(clauses, limit)
    return clauses


def _tidy(message: str) -> str:
    """Return a message on one line; half a character, which no model can read, becomes "?"."""
    return " ".join(message.encode(errors="replace").decode().split())


def _fit(clauses: Clauses, limit: int) -> Clauses:
    """Keep a completed question within the limit of any; what was said last counts most."""
    *earlier, last = clauses
    last = last[-limit:]
    room = limit - len(last)
    kept = []
    for clause in earlier:
        kept.append(shorten(clause, room - 1, placeholder="") if room > 1 else "")
        room -= len(clause) + 1
    return (*filter(None, kept), last)


def _asked_dates(clauses: Clauses, today: date) -> tuple[AskedDate, ...]:
    """Find the dates of each clause, which may be in different languages."""
    found = (find_asked_dates(clause, detect_language(clause), today) for clause in clauses)
    return tuple(dict.fromkeys(asked for dates in found for asked in dates))


def _expected(clauses: Clauses) -> Expected:
    """Tell what would answer: what is asked last counts."""
    kinds = (asked_kind(clause, detect_language(clause)) for clause in reversed(clauses))
    return next((kind for kind in kinds if kind is not None), "anything")
