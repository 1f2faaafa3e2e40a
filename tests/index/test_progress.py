"""Progress is drawn for people, and only for them."""

import os
import re
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from index import progress
from index.progress import TerminalProgress


def run_two_steps() -> None:
    """Tell of two steps as a build does."""
    with TerminalProgress() as tell:
        for step in ("read", "embed"):
            for done in range(4):
                tell(step, done, 3)


def said_in_a_terminal(
    monkeypatch: pytest.MonkeyPatch, run: Callable[[], None] = run_two_steps
) -> str:
    """Run the steps in a terminal and return what stands in it."""
    shown, written_to = os.openpty()
    termios.tcsetwinsize(written_to, (24, 80))
    with os.fdopen(written_to, "w", encoding="utf-8") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        run()
        terminal.write("end")
        terminal.flush()
        said = b""
        # a terminal hands on what was written by the piece
        while not said.endswith(b"end"):
            said += os.read(shown, 65536)
    os.close(shown)
    return said.decode()


@pytest.fixture
def slow_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every step counts as slow."""
    monkeypatch.setattr(progress, "_QUIET_SECONDS", -1.0)


@pytest.mark.usefixtures("slow_machine")
def test_slow_steps_are_shown_in_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    said = said_in_a_terminal(monkeypatch)

    assert "Reading articles: 100%" in said
    assert "Embedding: 100%" in said


@pytest.mark.usefixtures("slow_machine")
def test_a_long_step_tells_its_rate_and_the_time_that_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def run() -> None:
        with TerminalProgress() as tell:
            for done in range(0, 100, 20):
                tell("embed", done, 100)
                time.sleep(0.15)  # a bar is drawn anew ten times a second at most

    said = said_in_a_terminal(monkeypatch, run)

    assert re.search(r"Embedding:\s+60%\S*.*? 60/100 \[00:00<00:0\d, +\d+\.\d+it/s\]", said)


def test_quick_steps_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    assert said_in_a_terminal(monkeypatch) == "end"


@pytest.mark.usefixtures("slow_machine")
def test_nothing_is_written_where_there_is_no_terminal(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with log.open("w", encoding="utf-8") as file:
        monkeypatch.setattr(sys, "stderr", file)
        run_two_steps()

    assert log.read_text(encoding="utf-8") == ""
