"""What the chat counts while it serves, and the numbers of its index, for Prometheus.

The names of what is counted are fixed: somebody's graphs show them.
"""

import sys
from collections.abc import Callable, Iterable
from importlib.metadata import PackageNotFoundError, version
from itertools import product
from pathlib import Path
from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from index.errors import DepecheError
from index.journal import note_build
from index.manifest import read_manifest
from index.snapshot import current_name, snapshot_folder
from qa.feedback import FILE, latest, read_feedback
from qa.journal import Outcome, outcome_of
from qa.types import Answer
from ui.job import Status

CallOutcome = Literal["done", "refused", "failed"]

_OUTCOMES: tuple[Outcome, ...] = ("answered", "abstained", "refused", "failed")
_STAGES = ("understand", "search", "read", "sentences", "total")
_BUILD_OUTCOMES = ("done", "cancelled", "failed")
_CALLS = ("ask", "retrieve", "article", "corpus", "status", "build")
_CALL_OUTCOMES: tuple[CallOutcome, ...] = ("done", "refused", "failed")

# An answer takes some tenths of a second; a build from an instant to hours.
_QUESTION_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_BUILD_SECONDS = (1, 5, 15, 60, 300, 900, 3600, 14400)


class Counters:
    """Counters and timings of one server, in a registry of its own."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self._registry = registry = CollectorRegistry()
        self._questions = Counter(
            "depeche_questions", "Questions by what came of them.", ["outcome"], registry=registry
        )
        self._seconds = Histogram(
            "depeche_question_seconds",
            "Seconds that each stage of answering a question took, and all of them.",
            ["stage"],
            buckets=_QUESTION_SECONDS,
            registry=registry,
        )
        self._calls = Counter(
            "depeche_calls",
            "Calls by programs, by what they called and what came of it.",
            ["name", "outcome"],
            registry=registry,
        )
        self._builds = Counter(
            "depeche_builds", "Rebuilds by what came of them.", ["outcome"], registry=registry
        )
        self._build_seconds = Histogram(
            "depeche_build_seconds",
            "Seconds that a rebuild took which was done.",
            buckets=_BUILD_SECONDS,
            registry=registry,
        )
        about = Info("depeche_build", "What is running.", registry=registry)
        about.info({"version": version_here(), "python": sys.version.split()[0]})
        # what has not happened yet is 0, and not missing
        for outcome in _OUTCOMES:
            self._questions.labels(outcome)
        for stage in _STAGES:
            self._seconds.labels(stage)
        for ended in _BUILD_OUTCOMES:
            self._builds.labels(ended)
        for name, ended in product(_CALLS, _CALL_OUTCOMES):
            self._calls.labels(name, ended)

    def answered(self, answer: Answer) -> None:
        """Count a question by its answer."""
        self._questions.labels(outcome_of(answer)).inc()
        for stage, seconds in answer.seconds.items():
            self._seconds.labels(stage).observe(seconds)

    def ended(self, outcome: Outcome) -> None:
        """Count a question that got no answer."""
        self._questions.labels(outcome).inc()

    def called(self, name: str, outcome: CallOutcome) -> None:
        """Count what a program called."""
        self._calls.labels(name, outcome).inc()

    def built(self, status: Status, seconds: float) -> None:
        """Count a rebuild that has ended, and write its line."""
        self._builds.labels(status.state).inc()
        if status.report is not None:
            self._build_seconds.observe(seconds)
        told = dict(status.report or {}) | ({"error": status.error} if status.error else {})
        note_build(
            status.state, seconds, **{name: told[name] for name in told if name != "seconds"}
        )

    def follow(self, name: str, description: str, count: Callable[[], float]) -> None:
        """Tell what `count` returns whenever it is asked for, as the gauge depeche_`name`."""
        Gauge(f"depeche_{name}", description, registry=self._registry).set_function(count)

    def follow_store(self, store: Path) -> None:
        """Tell the numbers of the snapshot in force, and of the feedback beside it."""
        self._registry.register(_StoreNumbers(store))

    def written(self) -> bytes:
        """Return everything in the text format of Prometheus."""
        return generate_latest(self._registry)


class _StoreNumbers(Collector):
    """The numbers of a store, read again only when it has changed."""

    def __init__(self, store: Path) -> None:
        """Look at `store`."""
        self._store = store
        self._snapshot: tuple[str, dict[str, int]] = "", {}
        self._feedback: tuple[tuple[int, int], dict[str, int]] = (0, 0), {"up": 0, "down": 0}

    def describe(self) -> Iterable[Metric]:
        """Say nothing beforehand: there may be no index yet."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """Yield the numbers; of an index that cannot be opened, that it cannot."""
        try:
            numbers = self._read_snapshot()
        except DepecheError:
            numbers = {}
        usable = "1 if there is an index that questions can be answered from, else 0."
        yield GaugeMetricFamily("depeche_index_usable", usable, value=bool(numbers))
        for name, number in numbers.items():
            yield GaugeMetricFamily(f"depeche_{name}", _DESCRIPTIONS[name], value=number)
        judged = GaugeMetricFamily(
            "depeche_feedback", "Answers by what people think of them.", labels=["judgement"]
        )
        for judgement, number in self._read_feedback().items():
            judged.add_metric([judgement], number)
        yield judged

    def _read_snapshot(self) -> dict[str, int]:
        """Return the numbers of the snapshot in force.

        Raises:
            DepecheError: if there is none, or it is damaged.
        """
        name = current_name(self._store)
        if self._snapshot[0] != name:
            manifest = read_manifest(snapshot_folder(self._store, name))
            numbers = {
                "snapshot_articles": int(manifest["articles"]),
                "snapshot_chunks": int(manifest["chunks"]),
                "skipped_files": len(manifest.get("skipped", ())),
            }
            self._snapshot = name, numbers
        return self._snapshot[1]

    def _read_feedback(self) -> dict[str, int]:
        """Return how many answers are thought good and bad, as said last of each."""
        try:
            found = (self._store / FILE).stat()
            stamp = found.st_mtime_ns, found.st_size
            if stamp != self._feedback[0]:
                judged = [said.good for said in latest(read_feedback(self._store)[0])]
                counts = {"up": judged.count(True), "down": judged.count(False)}
                self._feedback = stamp, counts
        except (OSError, DepecheError):
            return {"up": 0, "down": 0}
        return self._feedback[1]


_DESCRIPTIONS = {
    "snapshot_articles": "Articles of the snapshot in force.",
    "snapshot_chunks": "Chunks of the snapshot in force.",
    "skipped_files": "Files that the build of the snapshot in force left out.",
}


def version_here() -> str:
    """Return the version of this program, "unknown" where it is not installed."""
    try:
        return version("depeche")
    except PackageNotFoundError:
        return "unknown"
