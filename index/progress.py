"""Progress in the terminal."""

import sys
import time
from types import TracebackType
from typing import Any, Self

from tqdm import tqdm

# what is over sooner needs no bar
_QUIET_SECONDS = 1.0

_LABELS = {
    "workers": "Starting workers",
    "read": "Reading articles",
    "split": "Cutting articles",
    "embed": "Embedding",
    "words": "Embedding words",
    "terms": "Indexing terms",
    "dates": "Finding dates",
    "spell": "Indexing spellings",
    "compare": "Comparing articles",
    "publish": "Writing to Milvus",
    "eval": "Asking",
}


class TerminalProgress:
    """A bar on standard error for every step that takes more than a second.

    Where standard error is no terminal but a file or another program, it stays empty: whoever
    reads it finds errors there and nothing else, however slow the machine is.
    """

    def __init__(self) -> None:
        """Begin quietly."""
        self._step = ""
        self._bar: tqdm[Any] | None = None
        self._begun = time.monotonic()

    def __call__(self, step: str, done: int, total: int) -> None:
        """Show that `done` of `total` items of `step` are finished."""
        if step != self._step:
            self._close()
            self._step, self._begun = step, time.monotonic()
        if self._bar is not None:
            self._bar.update(done - self._bar.n)
        elif time.monotonic() - self._begun > _QUIET_SECONDS:
            label = _LABELS.get(step, step)
            # None: only in a terminal
            self._bar = tqdm(desc=label, total=total, initial=done, file=sys.stderr, disable=None)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Leave the last bar as it is and go to a new line."""
        self._close()

    def _close(self) -> None:
        """End the bar of the step before."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None
