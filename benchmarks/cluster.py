"""What workers of a Ray cluster add to a build: `python -m benchmarks.cluster SETS --articles 600`.

Writes passages of the set `scale_fr` as small files and builds them with the default embedder in
one process, and by one and two workers of a cluster of this machine. Each worker has one thread; so
has the process beside which they stand, and another one has all cores. Every build has a fresh
store and is a process of its own; a cluster is there before, its workers start with the build. They
are measured turn by turn; the figures are medians. SETS is a folder of question sets, as in
`python -m benchmarks`. Nothing else should run beside it.
"""

import argparse
import json
import logging
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.provenance import provenance
from benchmarks.rebuild import write_corpus
from benchmarks.sets import read_articles

RESULTS = Path(__file__).resolve().parent / "results"

Figures = dict[str, Any]

BESIDE = "one process, one thread"
"""What the others are compared with."""

CONTESTANTS: Mapping[str, tuple[int, int | None]] = {
    BESIDE: (0, 1),
    "one process, all cores": (0, None),
    "one worker": (1, 1),
    "two workers": (2, 1),
}
"""Workers, and threads of the process or of each worker; None: as many as there are cores."""


def build(corpus: str, store: str, workers: int) -> Figures:
    """Build in this process, with so many workers if any; the cluster is started before."""
    import index

    if workers:
        _start(workers)
    moments: dict[str, float] = {}
    began = time.perf_counter()

    def tell(step: str, done: int, total: int) -> None:
        del done, total
        moments[step] = time.perf_counter() - began

    report = index.build(corpus, store, ray="auto" if workers else None, progress=tell)
    seconds = time.perf_counter() - began
    return {
        "seconds": seconds,
        "chunks": report.chunks,
        "chunks a second": report.chunks / seconds,
        "workers started after": moments.get("workers", 0.0),
        "embedding": moments["words"] - moments["split"],
        "content": report.snapshot.partition("-")[2],
    }


def _start(workers: int) -> None:
    """Start a cluster of this machine with so many cores."""
    import ray

    ray.init(
        address="local",
        num_cpus=workers,
        include_dashboard=False,
        log_to_driver=False,
        logging_level=logging.CRITICAL,
    )


def measure(corpus: Path, folder: Path, rounds: int) -> Figures:
    """Build turn by turn; the first turn fills the caches of the machine and does not count."""
    runs: dict[str, list[Figures]] = {name: [] for name in CONTESTANTS}
    for turn in range(rounds + 1):
        for name in CONTESTANTS:
            figures = _run(name, corpus, folder / f"{name}-{turn}".replace(" ", "-"))
            print(f"{name}: {figures}", file=sys.stderr)
            if turn:
                runs[name].append(figures)
    digests = {one["content"] for figures in runs.values() for one in figures}
    if len(digests) != 1:
        raise SystemExit(f"The builds differ: {sorted(digests)}")
    return summarise(runs)


def summarise(runs: Mapping[str, Sequence[Figures]]) -> Figures:
    """Return the medians of all figures, and how often the rate of the first each one has."""
    names = ("seconds", "chunks a second", "workers started after", "embedding")
    table: Figures = {
        name: {
            "chunks": figures[0]["chunks"],
            **{one: round(statistics.median(run[one] for run in figures), 2) for one in names},
            "rates": sorted(round(run["chunks a second"], 2) for run in figures),
        }
        for name, figures in runs.items()
    }
    rate = table[BESIDE]["chunks a second"]
    for figures in table.values():
        figures["times"] = round(figures["chunks a second"] / rate, 2)
    return table


def show(table: Mapping[str, Figures]) -> str:
    """Return the figures as a table of Markdown."""
    lines = [
        "| | chunks/s (lowest to highest) | times | seconds | until the first worker | embedding |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for name, figures in table.items():
        rates = figures["rates"]
        cells = (
            f"{figures['chunks a second']} ({rates[0]} to {rates[-1]})",
            figures["times"],
            figures["seconds"],
            figures["workers started after"] or "",
            figures["embedding"],
        )
        lines.append(f"| {name} | {' | '.join(map(str, cells))} |")
    return "\n".join(lines)


def _run(name: str, corpus: Path, store: Path) -> Figures:
    """Build as a process of its own."""
    workers, threads = CONTESTANTS[name]
    environment = dict(os.environ)
    environment.pop("OMP_NUM_THREADS", None)
    if threads is not None:
        environment["OMP_NUM_THREADS"] = str(threads)
    job = [sys.executable, "-m", "benchmarks.cluster", "--job", str(workers)]
    ended = subprocess.run(
        [*job, str(corpus), "--store", str(store)],
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    figures: Figures = json.loads(ended.stdout)
    return figures


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, write the figures and print them as a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cluster", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="SETS", help="folder of question sets")
    parser.add_argument("--articles", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--into", type=Path, default=RESULTS, help="folder of the results")
    parser.add_argument("--job", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--store", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.job is not None:
        print(json.dumps(build(str(given.folder), given.store, given.job)))
        return 0
    articles = read_articles(given.folder / "scale_fr")[: given.articles]
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "articles"
        write_corpus(articles, corpus)
        table = measure(corpus, Path(folder), given.rounds)
    facts = provenance()
    measured = {**facts, "cores": os.cpu_count(), "articles": len(articles), "cluster": table}
    path = given.into / f"cluster-{facts['commit']}.json"
    path.write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")
    print(show(table))
    return 0


if __name__ == "__main__":
    sys.exit(main())
