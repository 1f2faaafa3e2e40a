"""What people think of answers: one line each in `feedback.jsonl`, beside the snapshots of a store.

Lines are only ever added, and each is on the disk before it counts as kept. A line that a crash cut
short is closed by the next one, and is skipped when the file is read.
"""

import json
from collections.abc import Iterable
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from filelock import FileLock, Timeout

from index.disk import GrowingFile, sync
from index.errors import FeedbackFull, FeedbackTooLong, StoreMissing, StoreUnwritable
from qa.types import Answer

FILE = "feedback.jsonl"
"""Its name in the folder of a store."""

MAX_WORD_CHARS = 500
"""A word is a sentence or two."""

MAX_LINE_BYTES = 64_000
"""A question of 2,000 characters and six long quotes take a quarter of it."""

MAX_FILE_BYTES = 20_000_000
"""Some 20,000 lines; it is read whole."""

# writing a line takes a few milliseconds
_WAIT_SECONDS = 10.0


class Cited(NamedTuple):
    """A quote that was shown: `article` is an id, offsets are characters, end excluded."""

    article: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Feedback:
    """What somebody thinks of an answer.

    Attributes:
        question: as it was typed.
        standalone: as it was understood: the self-contained question.
        language: of the question.
        snapshot: name of the snapshot that answered.
        grounded: whether an answer was given.
        citations: its quotes.
        good: whether the answer is right; None takes back what was said before of the turn.
        word: what there is to say about it.
        turn: tells the turns of all conversations apart: what is said last of one counts. Empty for
            a turn of which nothing more will be said.
        at: when, in UTC.
    """

    question: str
    standalone: str
    language: str
    snapshot: str
    grounded: bool
    citations: tuple[Cited, ...]
    good: bool | None
    word: str = ""
    turn: str = ""
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


def feedback_on(
    answer: Answer, snapshot: str, *, good: bool | None, word: str = "", turn: str = ""
) -> Feedback:
    """Return feedback on an answer that a snapshot gave."""
    question = answer.question
    citations = tuple(
        Cited(citation.article.id, citation.start, citation.end, citation.quote)
        for citation in answer.citations
    )
    return Feedback(
        question.text,
        question.standalone,
        question.language,
        snapshot,
        answer.grounded,
        citations,
        good,
        word,
        turn,
    )


def note_feedback(store: Path, feedback: Feedback) -> None:
    """Add a line, and wait until it is on the disk.

    Raises:
        FeedbackTooLong: if the word, or all of it, is longer than is kept.
        FeedbackFull: if the file has reached its limit.
        StoreMissing: if there is no such folder.
        StoreUnwritable: if the folder cannot be written to.
    """
    line = json.dumps(record_of(feedback)).encode() + b"\n"
    if len(feedback.word) > MAX_WORD_CHARS:
        raise FeedbackTooLong(len(feedback.word), MAX_WORD_CHARS)
    if len(line) > MAX_LINE_BYTES:
        raise FeedbackTooLong(len(line), MAX_LINE_BYTES)
    if not store.is_dir():
        raise StoreMissing(store)
    try:
        with FileLock(store / ".feedback.lock", timeout=_WAIT_SECONDS):
            _append(store / FILE, line)
    except Timeout as error:
        raise StoreUnwritable(store, "another program is writing feedback") from error
    except OSError as error:
        raise StoreUnwritable(store, error.strerror or str(error)) from error


def read_feedback(store: Path) -> tuple[list[Feedback], int]:
    """Read all lines, oldest first.

    Returns:
        What can be read, and how many lines cannot.

    Raises:
        StoreMissing: if there is no such folder.
        StoreUnwritable: if the file is there and cannot be read.
    """
    path = store / FILE
    try:
        # what stands behind the last line feed was cut short, or is being written
        *lines, _rest = path.read_bytes().split(b"\n")
    except FileNotFoundError as error:
        if not store.is_dir():
            raise StoreMissing(store) from error
        return [], 0
    except OSError as error:
        raise StoreUnwritable(path, error.strerror or str(error)) from error
    found = [_parse(line) for line in lines if line.strip()]
    return [feedback for feedback in found if feedback is not None], found.count(None)


def latest(feedback: Iterable[Feedback]) -> list[Feedback]:
    """Return what counts: of each turn what was said last, unless that takes it back; in order."""
    last: dict[object, Feedback] = {}
    for number, said in enumerate(feedback):
        key: object = said.turn or number
        last.pop(key, None)  # what was said again stands where it was said again
        last[key] = said
    return [said for said in last.values() if said.good is not None]


def judged_questions(feedback: Iterable[Feedback]) -> list[dict[str, Any]]:
    """Return the questions that were answered well, as `qa/questions.py` reads them.

    A good answer tells what is right: its articles and quotes, or that the articles do not say. A
    bad one tells only what is wrong, and is left out. Each question comes once, as judged last.
    """
    records: dict[str, dict[str, Any]] = {}
    for said in latest(feedback):
        question = said.standalone or said.question
        records.pop(question, None)
        if said.good:
            records[question] = {
                "question": question,
                "relevant": sorted({cited.article for cited in said.citations}),
                "answerable": said.grounded,
                "sentences": [
                    {"doc": cited.article, "text": cited.quote} for cited in said.citations
                ],
                "lang": said.language,
                "kind": "feedback",
            }
    return list(records.values())


def record_of(feedback: Feedback) -> dict[str, Any]:
    """Return feedback as JSON values: those of its line."""
    citations = [cited._asdict() for cited in feedback.citations]
    at = feedback.at.isoformat(timespec="seconds")
    return {**asdict(feedback), "citations": citations, "at": at}


def describe(feedback: Iterable[Feedback]) -> str:
    """Write what counts for a terminal, a line each."""
    lines = [
        f"{'good' if said.good else 'bad ':<4}  {said.at.astimezone():%Y-%m-%d %H:%M}  "
        f"{' '.join(said.question.split())}{_told(said.word)}"
        for said in latest(feedback)
    ]
    return "\n".join(lines) or "No feedback yet."


def _told(word: str) -> str:
    """Return a word as it is shown behind its question."""
    return f"  ({' '.join(word.split())})" if word.strip() else ""


def _parse(line: bytes) -> Feedback | None:
    """Read a line; None if it is none of ours."""
    try:
        record = json.loads(line)
        record["citations"] = tuple(Cited(**cited) for cited in record["citations"])
        record["at"] = datetime.fromisoformat(record["at"])
        return Feedback(**record)
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _append(path: Path, line: bytes) -> None:
    """Add a line to the end of a file, behind what a crash may have left without one."""
    is_new = not path.exists()
    with closing(GrowingFile(path)) as file:
        if file.length + len(line) >= MAX_FILE_BYTES:
            raise FeedbackFull(path, MAX_FILE_BYTES)
        ends = file.read(max(0, file.length - 1), 1)
        file.append(line if ends in (b"", b"\n") else b"\n" + line)
    if is_new:
        sync(path.parent)
