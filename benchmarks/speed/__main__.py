"""Measure speed, memory and size, as ratios in one run.

    python -m benchmarks.speed [SETS] [--only builds cold stores search limits] [--quick]

Every job has a fresh process, and contestants take turns. Writes results/speed-COMMIT.json, and the
tables and plots of README.md. Stores with vectors drawn, the model for the others and the files are
kept in build/bench/speed: remove that folder after a change to `index/`.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.provenance import provenance
from benchmarks.results import dump_results, read_results
from benchmarks.speed.apart import JobFailed
from benchmarks.speed.contestants import OTHERS
from benchmarks.speed.stages import Run
from benchmarks.speed.tables import write_report
from index.errors import DepecheError

_WORK = Path("build/bench/speed")
_HOME = Path(__file__).resolve().parent.parent
_STAGES = ("builds", "cold", "stores", "search", "limits")

_QUICK = {"passages": 6, "rows": [200], "stores": [60], "questions": 3, "repeat": 1}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, write the figures, show them."""
    given = _parser().parse_args(arguments)
    if given.quick:
        given = _parser(**_QUICK).parse_args(arguments)
    into: Path = given.into or (_WORK / "quick" if given.quick else _HOME)
    if given.show is not None:
        print(write_report(read_results(given.show), into))
        return 0
    if missing := [name for name in _needed(given.others) if find_spec(name) is None]:
        print(f"There is no {', '.join(missing)}: pip install -e '.[bench]'.", file=sys.stderr)
        return 1
    sizes = {name: getattr(given, name) for name in _QUICK}
    run = Run(given.sets, _WORK.resolve(), given.others, **sizes)
    results = {**_facts(given.others), "sizes": sizes}
    path = into / "results" / f"speed-{results['commit']}.json"
    if path.exists():
        before = read_results(path)
        if all(before[fact] == results[fact] for fact in ("code", "sizes")):
            results = {**before, **results}
    try:
        for name in given.only:
            print(f"{name} …", file=sys.stderr, flush=True)
            results[name] = run.stages()[name]()
            dump_results(path, results)
    except (DepecheError, FileNotFoundError, JobFailed) as error:
        print(error, file=sys.stderr)
        return 1
    print(write_report(results, into))
    print(f"\nWritten to {path}.", file=sys.stderr)
    return 0


def _facts(others: Sequence[str]) -> dict[str, Any]:
    """Return what was measured, with what; and how busy the machine was at the beginning."""
    facts = provenance()
    for name in others:
        try:
            facts["packages"][name] = version(name)
        except PackageNotFoundError:
            continue  # the recipe is no package
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    return {**facts, "cores": os.cpu_count(), "load before": load}


def _needed(others: Sequence[str]) -> list[str]:
    """Return the packages that a run needs and that are not always there."""
    return [name for name in others if name != "recipe"]


def _numbers(text: str) -> list[int]:
    """Read numbers between commas."""
    return [int(number) for number in text.split(",") if number]


def _parser(**usual: Any) -> argparse.ArgumentParser:  # noqa: ANN401  numbers, and lists of them
    """Make the parser of the command; `usual` are other values than those of a whole run."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.speed",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("sets", type=Path, nargs="?", default=Path("../shared/eval"), help="question sets")
    add("--passages", type=int, default=600, help="real ones, embedded by all")
    add("--stores", type=_numbers, default=[1000, 10_000, 170_000], help="passages of each, N,N")
    add("--rows", type=_numbers, default=[10_000, 100_000, 1_000_000], help="of each search, N,N")
    add("--questions", type=int, default=100, help="asked of each store")
    add("--repeat", type=int, default=3, help="measurements of a build and of a cold question")
    add("--others", nargs="*", choices=OTHERS, default=OTHERS, help="whom to measure beside")
    add("--only", nargs="+", choices=_STAGES, default=_STAGES, help="stages to measure")
    add("--quick", action="store_true", help="a trial of seconds, that changes no page")
    add("--into", type=Path, help="folder of results/, plots/ and README.md")
    add("--show", type=Path, metavar="RESULTS", help="measure nothing, write from a file")
    parser.set_defaults(**usual)
    return parser
    return parser


if __name__ == "__main__":
    sys.exit(main())
