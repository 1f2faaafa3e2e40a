"""The floors: what was reached once, and must not be lost unnoticed.

floors.json holds for each figure, `SET/GROUP/FIGURE`, every floor that it ever had, the last of
which is in force: `{"floor", "since", "reason"}`. Whoever must lower one adds an entry by hand, and
the reason to it; nothing is ever taken out, which the history of the file proves where there is
git.
"""

import json
import math
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.provenance import ROOT, ask_git
from benchmarks.results import ALL, QUICK, Results
from benchmarks.sides import PRODUCT
from qa.evaluate import Figures

FLOORS = Path(__file__).with_name("floors.json")

Floors = dict[str, list[dict[str, Any]]]
"""Every floor that each figure ever had, the oldest first."""

LOWER_IS_BETTER = frozenset(["refused", "words of the first quote", "risk", "area under risk"])

# what is pinned of the whole of a set (and of its quick part), and of its languages and kinds
_PINNED = (
    "success@1",
    "success@5",
    "recall@10",
    "mrr@10",
    "ndcg@10",
    "first quote holds the span",
    "any quote holds the span",
    "words of the first quote",
    "citation precision",
    "refused",
    "abstained",
    "auroc",
    "area under risk",
)
_PINNED_OF_GROUPS = ("success@1", "ndcg@10", "abstained")

# the figures of fewer questions jump with each of them
_FEWEST = 25

# processors round differently, which changes the order of a question or two
_STEP = 0.01


def raised(floors: Floors, results: Results) -> Floors:
    """Return the floors with those added that are higher than before."""
    found = {key: list(history) for key, history in floors.items()}
    for key, value in _pinned(results):
        name = key.rsplit("/", 1)[1]
        floor = _round_down(name, value)
        history = found.setdefault(key, [])
        if not history or worth(name, floor) > worth(name, history[-1]["floor"]):
            history.append({"floor": floor, "since": results["commit"], "reason": ""})
    return dict(sorted(found.items()))


def lowered_silently(floors: Floors) -> list[str]:
    """Name each floor that is lower than the one before it, without a reason."""
    return [
        f"the floor of {key} was lowered from {before['floor']:g} to {after['floor']:g}: "
        "the entry needs a reason"
        for key, history in floors.items()
        for before, after in pairwise(history)
        if worth(key, after["floor"]) < worth(key, before["floor"])
        and not str(after.get("reason", "")).strip()
    ]


def rewritten(floors: Floors, earlier: Floors) -> list[str]:
    """Name each figure whose floors of an earlier version were changed or taken out."""
    return [
        f"the floors of {key} were rewritten: entries may be added only, those before were "
        + ", ".join(f"{entry['floor']:g}" for entry in history)
        for key, history in earlier.items()
        if floors.get(key, [])[: len(history)] != history
    ]


def check_floors(path: Path = FLOORS) -> list[str]:
    """Hold a file of floors against its own rules, and its earlier versions where there is git."""
    floors = read_floors(path)
    complaints = lowered_silently(floors)
    for earlier in _earlier_versions(path):
        complaints.extend(rewritten(floors, earlier))
    return list(dict.fromkeys(complaints))


def read_floors(path: Path = FLOORS) -> Floors:
    """Read the floors; none where there is no file yet."""
    if not path.exists():
        return {}
    floors: Floors = json.loads(path.read_text(encoding="utf-8"))
    return floors


def write_floors(path: Path, floors: Floors) -> None:
    """Write floors, one figure a line, so that a change can be read."""
    lines = [
        f" {json.dumps(key)}: {json.dumps(history, ensure_ascii=False)}"
        for key, history in floors.items()
    ]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def worth(key: str, value: float) -> float:
    """Return a number that is higher when a figure is better; `key` is its name or whole key."""
    return -value if key.rsplit("/", 1)[-1] in LOWER_IS_BETTER else value


def _earlier_versions(path: Path) -> Iterator[Floors]:
    """Read what the file held at each commit that changed it; nothing without git."""
    if not path.resolve().is_relative_to(ROOT):
        return
    name = path.resolve().relative_to(ROOT).as_posix()
    for commit in (ask_git("log", "--format=%H", "--", name) or "").split():
        if text := ask_git("show", f"{commit}:{name}"):
            yield json.loads(text)


def _pinned(results: Results) -> Iterator[tuple[str, float]]:
    """Go through the figures that have a floor."""
    for name, measured in results["sets"].items():
        for group, sides in measured["groups"].items():
            figures: Figures = sides[PRODUCT]
            whole = group in (ALL, QUICK)
            if not whole and figures["questions"] < _FEWEST:
                continue
            for figure in _PINNED if whole else _PINNED_OF_GROUPS:
                if figures.get(figure) is not None:
                    yield f"{name}/{group}/{figure}", figures[figure]


def _round_down(name: str, value: float) -> float:
    """Round a figure to its next worse hundredth."""
    step = math.ceil if name in LOWER_IS_BETTER else math.floor
    return round(step(round(value / _STEP, 6)) * _STEP, 2)
