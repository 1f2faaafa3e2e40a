"""What the hostile inputs share: how many, how each is run, and what is told of it at the end.

`make torture` sets DEPECHE_TORTURE=1: more inputs, and larger ones, than `make test` has time for.
"""

import os
import resource
import signal
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from types import FrameType
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

IS_TORTURE = os.environ.get("DEPECHE_TORTURE") == "1"

# Seconds of processor time that one input may take: nothing that ends takes a tenth of it.
_HANGS = 30 if IS_TORTURE else 15

_EXAMPLES = 1_000 if IS_TORTURE else 25

settings.register_profile(
    "hostile", max_examples=_EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck)
)


@dataclass
class Tally:
    """What one target was given, and what the worst of it took."""

    inputs: int = 0
    seconds: float = 0.0
    megabytes: int = 0

    def add(self, other: "Tally") -> None:
        """Count what another process, or one more input, took."""
        self.inputs += other.inputs
        self.seconds = max(self.seconds, other.seconds)
        self.megabytes = max(self.megabytes, other.megabytes)


_TALLIES: defaultdict[str, Tally] = defaultdict(Tally)

Attack = Callable[..., Any]


@contextmanager
def _guarded(target: str) -> Iterator[None]:
    """Turn a hang into an error that names the target."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise AssertionError(f"{target} took more than {_HANGS} s for one input")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, _HANGS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@pytest.fixture(scope="session")
def attack() -> Attack:
    """Return what calls a function with a hostile input, counts it, and lets it not hang."""

    def run(target: str, action: Callable[..., Any], *arguments: Any) -> Any:  # noqa: ANN401
        began = time.process_time()
        try:
            with _guarded(target):
                return action(*arguments)
        finally:
            used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            _TALLIES[target].add(Tally(1, time.process_time() - began, used))

    return run


@pytest.fixture(scope="session")
def length() -> int:
    """Return the characters of a long input."""
    return 200_000 if IS_TORTURE else 3_000


@pytest.fixture(scope="session")
def share() -> int:
    """Return how many of the long inputs there are to one that is tried."""
    return 1 if IS_TORTURE else 10


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand over what the targets of this process went through, if it works for another."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["tallies"] = {target: asdict(tally) for target, tally in _TALLIES.items()}


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:  # noqa: ANN401  a class of pytest-xdist's inside
    """Gather what the targets of another process went through; one that crashed tells nothing."""
    for target, tally in getattr(node, "workeroutput", {}).get("tallies", {}).items():
        _TALLIES[target].add(Tally(**tally))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell what each target went through."""
    if IS_TORTURE and _TALLIES:
        terminalreporter.section("hostile inputs")
        for target, tally in sorted(_TALLIES.items()):
            terminalreporter.write_line(
                f"{target:28}{tally.inputs:9,} inputs, the longest {tally.seconds:6.2f} s, "
                f"at most {tally.megabytes:,} MB"
            )
