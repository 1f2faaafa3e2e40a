"""Figures as pictures: what each side finds, and how risk grows with coverage."""

import re
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.report import sides_of
from benchmarks.results import ALL, Results
from benchmarks.sides import PRODUCT
from qa.evaluate import Figures

# text stays text and names are the same each time: a small file that differs only with its figures
mpl.rcParams["svg.fonttype"] = "none"
mpl.rcParams["svg.hashsalt"] = "depeche"

_WIDTH = 0.8
_COLUMNS = 5
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
    for name, drawn in (("ablations", _ablations(results)), ("risk", _risk(results))):
        save(drawn, folder / f"{name}.svg")


def save(figure: Figure, path: Path) -> None:
    """Write a picture that differs only with what it shows."""
    figure.savefig(path, metadata={"Date": None})
    picture = path.read_text(encoding="utf-8")
    # matplotlib writes millionths of a point, and spaces at the ends of lines
    picture = re.sub(r"(\.\d\d)\d+", r"\1", picture)
    path.write_text(re.sub(r" +$", "", picture, flags=re.MULTILINE), encoding="utf-8")


def plain(number: float, _place: int | None = None) -> str:
    """Return a number as a tick of an axis shows it: "1,000,000", "0.5"."""
    return f"{number:,.10g}"


def legends_below(figure: Figure) -> None:
    """Put the legend of each panel below it, where no line runs."""
    for axes in figure.axes:
        if axes.get_legend_handles_labels()[0]:
            axes.legend(
                frameon=False,
                fontsize="small",
                loc="upper center",
                bbox_to_anchor=(0.5, -0.16),
                ncols=2,
            )


def _ablations(results: Results) -> Figure:
    """Draw nDCG@10 of each side as bars, a group of bars for each set."""
    groups = {name: measured["groups"][ALL] for name, measured in results["sets"].items()}
    sides = sides_of({side: {} for group in groups.values() for side in group})
    figure = Figure(figsize=(2 + 1.3 * len(groups), 3.6), layout="constrained")
    axes = figure.add_subplot()
    _adorn(axes)
    axes.set_ylabel("nDCG@10")
    width = _WIDTH / len(sides)
    for place, side in enumerate(sides):
        heights = [group.get(side, {}).get("ndcg@10") or 0 for group in groups.values()]
        left = [set_place - _WIDTH / 2 + place * width for set_place in range(len(groups))]
        axes.bar(left, heights, width, align="edge", label=side, color=_SHADES[side])
    axes.set_xticks(range(len(groups)), list(groups))
    axes.margins(x=0.01)
    figure.legend(loc="outside upper center", ncols=len(sides), frameon=False, fontsize="small")
    return figure


def _risk(results: Results) -> Figure:
    """Draw for each set the share of wrong answers against the share of questions answered.

    A dot stands where the product answers.
    """
    curves = {name: measured for name, measured in results["sets"].items() if measured["risk"]}
    rows = -(-len(curves) // _COLUMNS)
    figure = Figure(figsize=(10, 2.4 * rows), layout="constrained")
    for place, (name, measured) in enumerate(curves.items(), start=1):
        axes = figure.add_subplot(rows, _COLUMNS, place)
        _adorn(axes, name)
        coverage, risk = zip(*measured["risk"], strict=True)
        axes.plot(coverage, risk, color=_SHADES["fused+dates"], linewidth=1.2)
        axes.plot(*_chosen(measured["groups"][ALL][PRODUCT]), "o", color=_SHADES[PRODUCT])
        axes.set_xlim(0, 1)
    figure.supxlabel("questions answered, the surest first", fontsize="medium")
    figure.supylabel("wrong answers", fontsize="medium")
    return figure


def _chosen(product: Figures) -> tuple[float, float]:
    """Return the share of questions that the product answers, and of those answers the wrong."""
    answerable, questions = product["answerable"], product["questions"]
    given = answerable * (1 - (product["refused"] or 0))
    given += (questions - answerable) * (1 - (product["abstained"] or 0))
    return given / questions, product["risk"] or 0.0


def _adorn(axes: Axes, title: str = "") -> None:
    """Make a picture whose vertical axis is a share."""
    axes.set_title(title, fontsize="medium")
    axes.set_ylim(0, 1)
    axes.grid(axis="y", linewidth=0.4)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
