"""Jobs in fresh processes, and the memory that these have meanwhile."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.dense import resident
from benchmarks.provenance import ROOT

_LOOK_SECONDS = 0.05


class JobFailed(Exception):
    """A process ended badly."""

    def __init__(self, command: Sequence[str], said: str) -> None:
        """Tell which, and what it said last."""
        last = (said.strip().splitlines() or ["nothing"])[-1]
        super().__init__(f"`{' '.join(command[1:4])}` failed and said: {last}")


def job(kind: str, **values: object) -> list[str]:
    """Return the command that does a job."""
    return [sys.executable, "-m", "benchmarks.speed.jobs", kind, json.dumps(values)]


def run_job(kind: str, **values: object) -> dict[str, Any]:
    """Do a job in a process of its own; `peak` is the most memory it had, in MB.

    Raises:
        JobFailed: if it failed.
    """
    printed, seconds, peak = run_command(job(kind, **values))
    figures: dict[str, Any] = json.loads(printed.splitlines()[-1])
    return {**figures, "process": seconds, "peak": peak}


def run_command(command: Sequence[str]) -> tuple[str, float, float]:
    """Run a command; what it prints, seconds from its start to its end, and the most memory.

    Raises:
        JobFailed: if it failed.
    """
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    # no library looks for a model on the network
    environment = {**os.environ, "PYTHONPATH": path, "HF_HUB_OFFLINE": "1"}
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as complaints:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=complaints, env=environment)
        watch = _Watch(process.pid)
        code = process.wait()
        seconds = time.perf_counter() - began
        watch.end()
        out.seek(0)
        complaints.seek(0)
        if code:
            raise JobFailed(command, complaints.read().decode(errors="replace"))
        return out.read().decode(), seconds, watch.most


class _Watch(threading.Thread):
    """Looks again and again how much memory a process and those it began have together."""

    def __init__(self, process: int) -> None:
        """Begin to look."""
        super().__init__(daemon=True)
        self.most = 0.0
        self._process = process
        self._ended = threading.Event()
        self.start()

    def run(self) -> None:
        """Look until the end; Linux alone tells."""
        while not self._ended.wait(_LOOK_SECONDS):
            self.most = max(self.most, sum(map(_memory, _family(self._process))))

    def end(self) -> None:
        """Look no more."""
        self._ended.set()
        self.join()


def _family(process: int) -> list[int]:
    """Return a process and all that it began, and these in turn."""
    family = [process]
    for one in family:
        for listed in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                family.extend(map(int, listed.read_text(encoding="ascii").split()))
            except OSError:  # it has ended
                continue
    return family


def _memory(process: int) -> float:
    """Return the memory of a process, in MB; of one that has ended, none."""
    try:
        return resident(process)
    except (OSError, ValueError):
        return 0.0
