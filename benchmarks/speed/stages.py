"""What a run measures, one stage after the other, each job in a process of its own."""

import shutil
import statistics
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.runtimes import measure_apart
from benchmarks.speed.apart import job, run_command, run_job
from benchmarks.speed.contestants import ANSWERING, OURS
from benchmarks.speed.material import read_questions, write_corpus

Figures = dict[str, Any]

RUNTIMES = {"OpenVINO": OURS, "torch float32": "recipe", "torch bfloat16": ""}
"""What embeds, and for whom."""

_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Run:
    """What is measured.

    Attributes:
        sets: folder of question sets.
        work: where stores, files and the model are kept.
        others: whom to measure beside the product.
        passages: real ones, that are embedded.
        stores: passages of each store with vectors drawn.
        rows: of each dense search alone.
        questions: asked of every store.
        repeat: how often a build and a cold question are measured; the medians are taken.
    """

    sets: Path
    work: Path
    others: Sequence[str]
    passages: int
    stores: Sequence[int]
    rows: Sequence[int]
    questions: int
    repeat: int

    def stages(self) -> dict[str, Callable[[], Any]]:
        """Name the stages; the second needs the stores of the first."""
        return {
            "builds": self.measure_builds,
            "cold": self.measure_cold,
            "stores": self.measure_stores,
            "search": self.measure_search,
            "limits": self.measure_limits,
        }

    def measure_builds(self) -> Figures:
        """Build stores of the real passages, turn by turn."""
        corpus = write_corpus(self.sets, self.work, self.passages)
        self._export()
        runs: dict[str, list[Figures]] = defaultdict(list)
        for _turn in range(self.repeat):
            for name in (OURS, *self.others):
                values = self._values(name)
                shutil.rmtree(values["store"], ignore_errors=True)
                runs[name].append(run_job("build", corpus=str(corpus), **values))
        passages = len(list(corpus.iterdir()))
        figures = {name: _middle(builds) for name, builds in runs.items()}
        for one in figures.values():
            one["passages a second"] = _round(passages / one["seconds"])
        return figures

    def measure_cold(self) -> Figures:
        """Ask in fresh processes: ours as everybody does, by command."""
        (question,) = read_questions(self.sets, 1)
        store = self._values(OURS)["store"]
        ours = [sys.executable, "-m", "qa.cli"]
        commands = {
            OURS: [*ours, "search", question, "--store", store, "--reader", "none"],
            ANSWERING: [*ours, "ask", question, "--store", store],
        }
        for name in self.others:
            commands[name] = job("ask", question=question, **self._values(name))
        seconds: dict[str, list[float]] = defaultdict(list)
        for _turn in range(self.repeat):
            for name, command in commands.items():
                seconds[name].append(run_command(command)[1])
        return {name: _round(statistics.median(taken)) for name, taken in seconds.items()}

    def measure_stores(self) -> list[Figures]:
        """Ask the store of the real passages, and those of vectors drawn."""
        self._export()
        questions = read_questions(self.sets, self.questions)
        measured = []
        for drawn in (0, *self.stores):
            figures: Figures = {"passages": drawn or self.passages}
            for name in (OURS, ANSWERING, *self.others):
                values = self._values(name, drawn)
                if drawn:
                    run_job("grow", sets=str(self.sets), passages=drawn, **values)
                served = run_job("serve", questions=questions, **values)
                figures[name] = {figure: _round(value) for figure, value in served.items()}
                print(f"{figures['passages']} passages, {name}: {figures[name]}", file=sys.stderr)
            measured.append(figures)
        return measured

    def measure_search(self) -> list[Figures]:
        """Search by vectors alone."""
        return [run_job("search", sets=str(self.sets), rows=rows) for rows in self.rows]

    def measure_limits(self) -> Figures:
        """Embed, and multiply matrices of the same shapes as fast as they can be multiplied."""
        limit = run_job("multiply")
        chosen = RUNTIMES if self.others else [name for name in RUNTIMES if RUNTIMES[name] == OURS]
        limit["runtimes"] = {}
        with tempfile.TemporaryDirectory() as folder:
            for name in chosen:
                figures = measure_apart(name, Path(folder))
                share = figures["passages/busy s"] * limit["operations"] / limit["rate"]
                limit["runtimes"][name] = {**figures, "share": _round(share)}
        return limit

    def _export(self) -> None:
        """Write the model for the others, once."""
        model = self.work / "model"
        if self.others and not model.exists():
            run_job("export", model=str(model))

    def _values(self, name: str, drawn: int = 0) -> dict[str, str]:
        """Return whom a job measures, and on which store; both ways of the product have one.

        Args:
            name: of the contestant.
            drawn: passages of a store with vectors drawn; 0: that of the real passages.
        """
        which = f"drawn-{drawn}" if drawn else f"real-{self.passages}"
        store = self.work / f"{name.split()[0]}-{which}"
        return {"name": name, "model": str(self.work / "model"), "store": str(store)}


def _middle(runs: Sequence[Mapping[str, float]]) -> Figures:
    """Return the median of each figure."""
    return {name: _round(statistics.median(one[name] for one in runs)) for name in runs[0]}


def _round(value: float) -> float:
    """Keep as many digits as mean something."""
    return float(f"{value:.{_DIGITS}g}")
