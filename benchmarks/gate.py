"""Refuse figures below the floors that were reached before.

    python -m benchmarks.gate benchmarks/results/COMMIT.json [--raise]

Exits with 1 and names each figure below its floor, each floor that was lowered without a reason,
and each set on which the product ranks worse than one side of its search alone. `--raise` adds
floors where more was reached, and never lower ones.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.asking import MOST
from benchmarks.floors import (
    FLOORS,
    LOWER_IS_BETTER,
    Floors,
    check_floors,
    raised,
    read_floors,
    worth,
    write_floors,
)
from benchmarks.results import ALL, Results, read_results
from benchmarks.sides import PRODUCT
from qa.settings import DEFAULT_READER

_PARTS = ("dense", "lexical")


def shortfalls(floors: Floors, results: Results) -> list[str]:
    """Name each figure that lies below its floor; sets that were not measured are left out."""
    reached = dict(_figures(results))
    complaints = []
    for key, history in floors.items():
        floor, value = history[-1]["floor"], reached.get(key)
        name = key.rsplit("/", 1)[1]
        if key.split("/")[0] not in results["sets"]:
            continue
        if value is None:
            complaints.append(f"{key} was not measured; its floor is {floor:g}")
        elif worth(name, value) < worth(name, floor):
            side = "above its ceiling" if name in LOWER_IS_BETTER else "below its floor"
            complaints.append(f"{key} is {value:g}, {side} {floor:g}")
    return complaints


def worse_than_a_part(results: Results) -> list[str]:
    """Name each set on which the product ranks worse than dense or lexical search alone."""
    complaints = []
    for name, measured in results["sets"].items():
        group = measured["groups"][ALL]
        gains = {side: group.get(side, {}).get("ndcg@10") or 0.0 for side in (PRODUCT, *_PARTS)}
        best = max(_PARTS, key=lambda side: gains[side])
        if gains[PRODUCT] < gains[best]:
            complaints.append(
                f"{name}/{ALL}/ndcg@10 is {gains[PRODUCT]:g}, below that of {best} search alone, "
                f"{gains[best]:g}"
            )
    return complaints


def main(arguments: list[str] | None = None) -> int:
    """Check a file of results, and raise the floors if asked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gate")
    parser.add_argument("results", type=Path)
    parser.add_argument("--floors", type=Path, default=FLOORS)
    parser.add_argument("--raise", dest="raising", action="store_true", help="pin what was reached")
    parsed = parser.parse_args(arguments)
    results, floors = read_results(parsed.results), read_floors(parsed.floors)
    if (results["most"], results["reader"]) != (MOST, DEFAULT_READER):
        print("These figures are of a trial: floors hold for whole runs.", file=sys.stderr)
        return 1
    complaints = check_floors(parsed.floors)
    complaints += shortfalls(floors, results) + worse_than_a_part(results)
    for complaint in complaints:
        print(complaint)
    if parsed.raising:
        write_floors(parsed.floors, raised(floors, results))
    unmeasured = {key.split("/")[0] for key in floors} - results["sets"].keys()
    if unmeasured:
        print(f"Not measured: {', '.join(sorted(unmeasured))}.", file=sys.stderr)
    return 1 if complaints else 0


def _figures(results: Results) -> Iterator[tuple[str, float | None]]:
    """Name every figure of the product."""
    for name, measured in results["sets"].items():
        for group, sides in measured["groups"].items():
            for figure, value in sides[PRODUCT].items():
                yield f"{name}/{group}/{figure}", value


if __name__ == "__main__":
    sys.exit(main())
