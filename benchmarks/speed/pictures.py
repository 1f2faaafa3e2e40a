"""Cost against size, as plots."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from benchmarks.plot import legends_below, plain, save
from benchmarks.speed.contestants import ANSWERING, OURS
from benchmarks.speed.tables import NAMES

Results = dict[str, Any]
Line = Mapping[float, float]

# a shade and a mark for each, told apart on white without colours
_SHADES = {
    OURS: ("#2d6489", "o"),
    ANSWERING: ("#b3372f", "s"),
    "recipe": ("#8d8673", "^"),
    "txtai": ("#c58b2a", "D"),
}
_FLAT = {"FAISS flat, float32": _SHADES["recipe"], "Dépêche": _SHADES[OURS]}


def draw(results: Results, folder: Path) -> None:
    """Write speed.svg into `folder`: what was measured of four costs against size."""
    figure = Figure(figsize=(10, 8.5), layout="constrained", facecolor="white")
    stores, searches = results.get("stores", []), results.get("search", [])
    panels = [
        ("median", "a warm question, ms: median, dashed 95th"),
        ("resident", "resident memory, MB"),
        ("bytes a row", "bytes on disk a row, beside the text"),
    ]
    for place, (cost, title) in enumerate(panels, start=1):
        axes = _axes(figure, place, title, "passages")
        for name, (shade, mark) in _SHADES.items():
            _line(axes, _costs(stores, name, cost), NAMES[name], shade, mark)
            if cost == "median":
                _line(axes, _costs(stores, name, "95th"), None, shade, "")
    axes = _axes(figure, len(panels) + 1, "dense search alone, median, ms", "rows")
    for (name, (shade, mark)), side in zip(_FLAT.items(), ("flat", "ours"), strict=True):
        _line(axes, {one["rows"]: one[side]["median"] for one in searches}, name, shade, mark)
    read = {one["rows"]: one["flat"]["read"] for one in searches}
    _line(axes, read, "reading float32 once", "#999999", "")
    legends_below(figure)
    folder.mkdir(parents=True, exist_ok=True)
    save(figure, folder / "speed.svg")


def _costs(stores: Sequence[Results], name: str, cost: str) -> Line:
    """Return one cost of a contestant by size."""
    return {one["passages"]: one[name][cost] for one in stores if name in one}


def _axes(figure: Figure, place: int, title: str, size: str) -> Axes:
    """Add a panel with both axes in equal steps of times, and plain numbers beside them."""
    axes = figure.add_subplot(2, 2, place)
    axes.set_title(title, fontsize="medium")
    axes.set_xlabel(size)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.xaxis.set_major_formatter(FuncFormatter(plain))
    axes.yaxis.set_major_formatter(FuncFormatter(plain))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_minor_locator(LogLocator(subs=(2.0, 5.0)))
    axes.yaxis.set_minor_formatter(FuncFormatter(plain))
    axes.tick_params(which="both", labelsize="small")
    axes.grid(which="both", linewidth=0.4)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    return axes


def _line(axes: Axes, line: Line, label: str | None, shade: str, mark: str) -> None:
    """Draw a line; one without marks is dashed."""
    if line:
        style = "-" if mark else "--"
        axes.plot(
            list(line),
            list(line.values()),
            style,
            marker=mark or None,
            color=shade,
            label=label,
            linewidth=1.2,
            markersize=4,
        )
