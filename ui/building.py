"""The process that rebuilds: `python -m ui.building CORPUS STORE [MODEL]`.

It has a process of its own so that it can be stopped at any moment, has its own share of the
processor, the smaller one, and takes nothing along when it ends. It says what it does as lines of
JSON on standard output, and stops when its standard input ends or says anything: so it does not
outlive the chat that began it.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from index.address import Place, place_of
from index.errors import BuildCancelled, DepecheError

# Questions come first.
_NICENESS = 10

# Lines are read one by one at the other end: this many a second are enough.
_LINES_PER_SECOND = 10


def main(arguments: Sequence[str] | None = None) -> int:
    """Rebuild; return the exit code: 0 done or cancelled, 1 failed."""
    corpus, store, model = [*(arguments or sys.argv[1:]), ""][:3]
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    cancelled = threading.Event()
    threading.Thread(target=_listen, args=(cancelled,), daemon=True).start()
    try:
        _tell(done=_build(Path(corpus), place_of(store), model or None, cancelled))
    except DepecheError as error:
        _tell(error=type(error).__name__, said=str(error))
        return 1
    return 0


def _build(
    corpus: Path, store: Place, model: str | None, cancelled: threading.Event
) -> dict[str, object] | None:
    """Build, and return the report; None if it was cancelled.

    Raises:
        DepecheError: if it fails.
    """
    from index.builder import build

    try:
        report = build(corpus, store, model=model, progress=_Progress(), cancelled=cancelled.is_set)
    except BuildCancelled:
        return None
    return {
        "articles": report.articles,
        "chunks": report.chunks,
        "embedded": report.embedded,
        "skipped": len(report.skipped),
        "warnings": len(report.warnings),
        "seconds": round(report.seconds, 1),
        "snapshot": report.snapshot,
    }


class _Progress:
    """Says how far a step is, not more often than somebody looks."""

    def __init__(self) -> None:
        """Begin with nothing said."""
        self._step, self._said = "", 0.0

    def __call__(self, step: str, done: int, total: int) -> None:
        """Say that `done` of `total` items of `step` are finished."""
        now = time.monotonic()
        if step != self._step or done == total or now - self._said > 1 / _LINES_PER_SECOND:
            self._step, self._said = step, now
            _tell(step=step, count=done, total=total)


def _tell(**said: object) -> None:
    """Say something, at once."""
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


def _listen(cancelled: threading.Event) -> None:
    """Wait for a word or the end of standard input: both mean stop."""
    sys.stdin.readline()
    cancelled.set()


if __name__ == "__main__":
    sys.exit(main())
