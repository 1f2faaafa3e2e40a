"""What was done, one line each: a JSON object, through the standard logger "depeche".

Nothing is written unless somebody listens: a program that uses us by a handler of its own, a
command by `DEPECHE_LOG`, the chat by `--log`. No line holds text of an article. Writing a line
never breaks what it tells of.
"""

import json
import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from functools import wraps
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec

from index.errors import BuildCancelled, DepecheError, LogUnwritable

if TYPE_CHECKING:  # it loads numpy
    from index.types import BuildReport

LOGGER = "depeche"
"""Name of the logger; its lines are of level INFO."""

_logger = logging.getLogger(LOGGER)
_logger.addHandler(logging.NullHandler())

# Some 50,000 lines; then the file is put aside, and the oldest of five thrown away.
_MAX_BYTES = 10_000_000
_KEPT_FILES = 5

_Arguments = ParamSpec("_Arguments")


class _QuietFile(RotatingFileHandler):
    """A file of lines, which says nothing when the disk is full: answers count, not lines."""

    def __init__(self, path: Path, *, with_questions: bool) -> None:
        """Open the file at `path`, for lines that hold the questions or do not."""
        super().__init__(
            path, maxBytes=_MAX_BYTES, backupCount=_KEPT_FILES, encoding="ascii", errors="replace"
        )
        self.with_questions = with_questions

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  its name in logging
        """Let a line go that cannot be written."""


def is_heard() -> bool:
    """Whether anybody listens to lines."""
    return _logger.isEnabledFor(logging.INFO)


def note(event: str, **told: object) -> None:
    """Write a line: when, the `event`, and what is `told` of it, as JSON values."""
    if is_heard():
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        _logger.info("%s", json.dumps({"time": at, "event": event, **told}))


def wants_questions() -> bool:
    """Whether the lines shall hold the questions."""
    return any(handler.with_questions for handler in _files())


@contextmanager
def writing_log(path: Path | None, *, with_questions: bool = False) -> Iterator[None]:
    """Write lines to the end of the file at `path` meanwhile; None writes none.

    Raises:
        LogUnwritable: if no line can be written to it.
    """
    if path is None:
        yield
        return
    handler = _open(path, with_questions)
    propagate, _logger.propagate = _logger.propagate, False  # or warnings' handler would print them
    level = _logger.level
    _logger.setLevel(logging.INFO)
    _logger.addHandler(handler)
    try:
        yield
    finally:
        _logger.removeHandler(handler)
        _logger.setLevel(level)
        _logger.propagate = propagate
        with suppress(OSError):  # the disk is full still
            handler.close()


def _open(path: Path, with_questions: bool) -> _QuietFile:
    """Open a file of lines.

    Raises:
        LogUnwritable: if no line can be written to it.
    """
    try:
        handler = _QuietFile(path, with_questions=with_questions)
    except (OSError, ValueError) as error:
        raise LogUnwritable(path, getattr(error, "strerror", None) or str(error)) from error
    handler.setFormatter(logging.Formatter("%(message)s"))
    return handler


def _files() -> Iterator[_QuietFile]:
    """Yield the files that lines are written to."""
    return (handler for handler in _logger.handlers if isinstance(handler, _QuietFile))


@contextmanager
def logging_as_told(
    complain: Callable[[str], None], path: Path | None = None, *, with_questions: bool = False
) -> Iterator[None]:
    """Write lines meanwhile to the file at `path`, else to the one that `DEPECHE_LOG` names.

    If it cannot be written to, `complain` is told so in a sentence, and nothing else stops.
    `DEPECHE_LOG_QUESTIONS=1` stands for `with_questions`.
    """
    named = os.environ.get("DEPECHE_LOG", "").strip()
    asked = os.environ.get("DEPECHE_LOG_QUESTIONS", "").strip() not in ("", "0")
    with ExitStack() as stack:
        try:
            chosen = path or (Path(named) if named else None)
            stack.enter_context(writing_log(chosen, with_questions=with_questions or asked))
        except LogUnwritable as error:
            complain(str(error))
        yield


def noted(build: "Callable[_Arguments, BuildReport]") -> "Callable[_Arguments, BuildReport]":
    """Have each call of `build` write a line."""

    @wraps(build)
    def build_and_note(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> "BuildReport":
        """Build, and write what came of it."""
        begun = time.monotonic()
        try:
            report = build(*args, **kwargs)
        except BaseException as error:
            outcome = "cancelled" if isinstance(error, BuildCancelled) else "failed"
            note_build(outcome, time.monotonic() - begun, error=name_of(error))
            raise
        note_build(
            "done",
            report.seconds,
            articles=report.articles,
            chunks=report.chunks,
            embedded=report.embedded,
            reused=report.reused,
            skipped=len(report.skipped),
            warnings=len(report.warnings),
            snapshot=report.snapshot,
        )
        return report

    return build_and_note


def note_build(outcome: str, seconds: float, **told: object) -> None:
    """Write the line of a build: "done", "cancelled" or "failed"."""
    note("build", outcome=outcome, seconds=round(seconds, 3), **told)


def name_of(error: BaseException) -> str:
    """Return what a line tells of an error: its kind; its sentence may quote a question."""
    return type(error).__name__ if isinstance(error, DepecheError) else "other"
