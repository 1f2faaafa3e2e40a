"""One rebuild at a time, in a process of its own; the same for every visitor."""

import contextlib
import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from ui.pace import FIRST_SHARES, Pace

_logger = logging.getLogger(__name__)

State = Literal["idle", "running", "cancelling", "done", "cancelled", "failed"]

# The process looks whether to stop many times a second; a step that does not is ended.
_GRACE_SECONDS = 10.0

_ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Status:
    """How a rebuild stands.

    Attributes:
        state: what there is of it.
        step: the step that runs, of `pace.STEPS`.
        share: how much of the whole is done, 0 to 1.
        left: seconds it will still take; None when that cannot be told.
        report: what it did, when it is done.
        error: the key of what went wrong.
        before: name of the snapshot it began from; "" when there was none.
    """

    state: State = "idle"
    step: str = ""
    share: float = 0.0
    left: float | None = None
    report: Mapping[str, Any] | None = None
    error: str = ""
    before: str = ""

    @property
    def is_running(self) -> bool:
        """Whether another one has to wait."""
        return self.state in ("running", "cancelling")


class Job:
    """Begins, follows and stops the process."""

    def __init__(
        self,
        program: Sequence[str] = (sys.executable, "-m", "ui.building"),
        ended: Callable[[Status, float], None] | None = None,
    ) -> None:
        """Run `program`, which is told corpus, store and model and speaks as `ui.building` does.

        Each time it has ended, `ended` is told how, and after how many seconds.
        """
        self._program = tuple(program)
        self._ended = ended
        self._lock = threading.Lock()
        self._status = Status()
        self._process: subprocess.Popen[str] | None = None
        self._pace = Pace(0.0)
        self._shares: Mapping[str, float] = FIRST_SHARES

    def start(self, arguments: Sequence[str], before: str) -> bool:
        """Begin a rebuild from the snapshot `before`; False when one is running."""
        with self._lock:
            if self._status.is_running:
                return False
            self._status = Status("running", before=before)
            self._pace = Pace(time.monotonic(), self._shares)
            self._process = self._open(arguments)
            following = threading.Thread(target=self._follow, args=(self._process,), daemon=True)
            following.start()
            return True

    def cancel(self) -> bool:
        """Ask the rebuild to stop; False when none is running."""
        with self._lock:
            process = self._process
            if process is None or not self._status.is_running:
                return False
            if self._status.state == "running":
                self._status = replace(self._status, state="cancelling", left=None)
                _hang_up(process)
                ending = threading.Timer(_GRACE_SECONDS, process.kill)
                ending.daemon = True
                ending.start()
            return True

    def status(self) -> Status:
        """Return how it stands now."""
        with self._lock:
            if self._status.state != "running":
                return self._status
            left = self._pace.seconds_left(time.monotonic())
            return replace(self._status, step=self._pace.step, share=self._pace.share, left=left)

    def _open(self, arguments: Sequence[str]) -> subprocess.Popen[str]:
        """Begin the process; what it complains of goes to our own terminal."""
        # it finds our packages wherever the chat was begun
        paths = filter(None, (str(_ROOT), os.environ.get("PYTHONPATH")))
        return subprocess.Popen(
            [*self._program, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        )

    def _follow(self, process: subprocess.Popen[str]) -> None:
        """Note what the process says until it ends."""
        ended = None
        assert process.stdout is not None
        with process:
            for line in process.stdout:
                said = _parse(line)
                if "step" in said:
                    self._advance(said)
                elif said:
                    ended = said
        with self._lock:
            self._status = status = self._end(ended)
            self._process = None
            seconds = time.monotonic() - self._pace.begun
        if self._ended is not None:
            self._ended(status, seconds)

    def _advance(self, said: Mapping[str, Any]) -> None:
        """Note how far a step is."""
        with self._lock:
            self._pace.advance(said["step"], said["count"], said["total"], time.monotonic())

    def _end(self, ended: Mapping[str, Any] | None) -> Status:
        """Return how it stands after the process ended with the last thing it said."""
        before = self._status.before
        if ended is not None and ended.get("done"):
            self._shares = self._pace.learned(time.monotonic())
            return Status("done", share=1.0, report=ended["done"], before=before)
        if ended is not None and "error" in ended:
            return Status("failed", error=str(ended["error"]), before=before)
        if ended is not None or self._status.state == "cancelling":
            return Status("cancelled", before=before)
        _logger.error("the process of the rebuild ended without a word")
        return Status("failed", error="RebuildDied", before=before)


def _parse(line: str) -> Mapping[str, Any]:
    """Read what the process says; what a library printed beside it is passed over."""
    try:
        said = json.loads(line)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _hang_up(process: subprocess.Popen[str]) -> None:
    """End the standard input of a process: that tells it to stop."""
    assert process.stdin is not None
    with contextlib.suppress(OSError):  # it is gone already
        process.stdin.close()
