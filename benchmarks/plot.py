"""Figures as pictures: what each side finds, and how risk grows with coverage."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.report import sides_of
from benchmarks.results import ALL, Results
from benchmarks.sides import PRODUCT

# text stays text and names are the same each time: a small file that differs only with its figures
mpl.rcParams["svg.fonttype"] = "none"
mpl.rcParams["svg.hashsalt"] = "depeche"

_WIDTH = 0.8
_SHADES = {
    "recipe": "#c9c4b8",
    "bm25": "#aba595",
    "rrf": "#8d8673",
    "dense": "#a9c4d8",
    "lexical": "#7fa5c0",
    "fused": "#5585a6",
    "fused+dates": "#2d6489",
    PRODUCT: "#b3372f",
}


def draw(results: Results, folder: Path) -> None:
    """Write ablations.svg and risk.svg into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in (("ablations", _ablations(results)), ("risk", _risk(results))):
        path = folder / f"{name}.svg"
        picture.savefig(path, metadata={"Date": None})
        # matplotlib leaves spaces at the ends of lines
        lines = path.read_text(encoding="utf-8").split("\n")
        path.write_text("\n".join(line.rstrip() for line in lines), encoding="utf-8")


def _ablations(results: Results) -> Figure:
    """Draw nDCG@10 of each side as bars, a group of bars for each set."""
    groups = {name: measured["groups"][ALL] for name, measured in results["sets"].items()}
    sides = sides_of({side: {} for group in groups.values() for side in group})
    figure, axes = _picture(2 + 1.3 * len(groups), "nDCG@10")
    width = _WIDTH / len(sides)
    for place, side in enumerate(sides):
        heights = [group.get(side, {}).get("ndcg@10") or 0 for group in groups.values()]
        left = [set_place - _WIDTH / 2 + place * width for set_place in range(len(groups))]
        axes.bar(left, heights, width, align="edge", label=side, color=_SHADES[side])
    axes.set_xticks(range(len(groups)), list(groups))
    _legend(axes, len(sides))
    return figure


def _risk(results: Results) -> Figure:
    """Draw the share of wrong answers against the share of questions answered, for each set."""
    figure, axes = _picture(8, "wrong answers")
    for name, measured in results["sets"].items():
        points: Sequence[tuple[float, float]] = measured["risk"]
        if points:
            coverage, risk = zip(*points, strict=True)
            axes.plot(coverage, risk, drawstyle="steps-post", label=name, linewidth=1.2)
    axes.set_xlabel("questions answered, the surest first")
    axes.set_xlim(0, 1)
    _legend(axes, 4)
    return figure


def _picture(width: float, label: str) -> tuple[Figure, Axes]:
    """Begin a picture whose vertical axis is a share."""
    figure = Figure(figsize=(width, 3.6), layout="constrained")
    axes = figure.add_subplot()
    axes.set_ylabel(label)
    axes.set_ylim(0, 1)
    axes.grid(axis="y", linewidth=0.4)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _legend(axes: Axes, columns: int) -> None:
    """Put the legend above the picture."""
    axes.legend(
        loc="lower center", bbox_to_anchor=(0.5, 1), ncols=columns, frameon=False, fontsize=8
    )
