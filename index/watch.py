"""A folder that is followed: built again whenever a file of it changes, one build after another."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from index.errors import DepecheError, ExtraMissing
from index.readers.names import is_leftover
from index.types import BuildReport

# A copied folder arrives file by file: quiet for this long, or changing for that long.
_QUIET_MS = 500
_MOST_MS = 5_000

# how often it is asked whether to stop, or to try again
_TICK_MS = 500

# after a build that failed: another one may hold the store, or somebody may free the disk
_RETRY_SECONDS = 30.0

# folders on other machines do not tell of every change
_RECHECK_SECONDS = 600.0


def follow(
    corpus: Path,
    store: Path,
    build: Callable[[], BuildReport],
    tell: Callable[[BuildReport | DepecheError], None],
    stop: threading.Event | None = None,
) -> None:
    """Build, and build again after every change under `corpus`, until `stop` is set.

    Args:
        corpus: folder of articles.
        store: folder of snapshots; what changes in it changes nothing.
        build: builds the index; what it raises is told, and it is tried again.
        tell: told the report of each build that put another snapshot in force, and each problem
            once.
        stop: set by another thread; a `KeyboardInterrupt` passes through.

    Raises:
        ExtraMissing: if the package that follows folders is not installed.
    """
    last: str | None = None
    due = 0.0
    for changed in _changes(corpus, store, stop):
        if not changed and time.monotonic() < due:
            continue
        outcome: BuildReport | DepecheError
        try:
            report = build()
            outcome, said, pause = report, report.snapshot, _RECHECK_SECONDS
        except DepecheError as error:
            outcome, said, pause = error, str(error), _RETRY_SECONDS
        due = time.monotonic() + pause
        if said != last:
            last = said
            tell(outcome)


def _changes(corpus: Path, store: Path, stop: threading.Event | None) -> Iterator[bool]:
    """Yield True at once and after every change that may be one of articles, False now and then.

    A change during a build is not missed: the folder is followed from the first build on.
    """
    try:
        from watchfiles import watch
    except ImportError as error:
        raise ExtraMissing("follow a folder", "watchfiles", "watch") from error
    root, left_out = corpus.resolve(), store.resolve()

    def is_of_articles(_change: object, name: str) -> bool:
        path = Path(name)
        if path.is_relative_to(left_out) or not path.is_relative_to(root):
            return False
        return not any(map(is_leftover, path.relative_to(root).parts))

    is_first = True
    for changes in watch(
        root,
        watch_filter=is_of_articles,
        debounce=_MOST_MS,
        step=_QUIET_MS,
        rust_timeout=_TICK_MS,
        yield_on_timeout=True,
        stop_event=stop,
        ignore_permission_denied=True,
    ):
        yield is_first or bool(changes)
        is_first = False
