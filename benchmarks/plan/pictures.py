"""Two pictures of the plan: memory against size, and the slowest of many shards."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullLocator

from benchmarks.plan import published
from benchmarks.plan.fan_out import PERCENTILES, Slowest, slowest
from benchmarks.plan.indexes import CODES, HNSW, HNSW_BYTES, ON_DISK
from benchmarks.plan.sizing import GB, GIB
from benchmarks.plan.tables import SHARDS, SIZES, count, published_latency
from benchmarks.plan.units import Units
from benchmarks.plot import legends_below, plain, save

_SHADES = {HNSW: "#2d6489", HNSW_BYTES: "#7fa5c0", ON_DISK: "#b3372f", CODES: "#c58b2a"}
_FROM = 1e6
_LATE = ("#a9c4d8", "#2d6489", "#b3372f")
_HALF = 50


def draw(units: Units, path: Path) -> None:
    """Write both pictures into one file."""
    figure = Figure(figsize=(10, 4.6), layout="constrained", facecolor="white")
    _memory(figure.add_subplot(1, 2, 1), units)
    _slowest(figure.add_subplot(1, 2, 2))
    legends_below(figure)
    save(figure, path)


def _memory(axes: Axes, units: Units) -> None:
    """Draw the memory of one copy of the vectors, the words beside them, and two machines."""
    _adorn(axes, "memory of one copy, GB", "chunks")
    ends = (_FROM, *SIZES)
    for index, shade in _SHADES.items():
        memory = [chunks * index.memory(units.dimension) / GB for chunks in ends]
        axes.plot(ends, memory, color=shade, linewidth=1.4, label=index.name)
    words = units.postings * published.POSTING_BYTES.value
    axes.plot(
        ends, [chunks * words / GB for chunks in ends], "--", color="#555555", label="words, sparse"
    )
    axes.plot(
        units.rows,
        units.resident.value / GB,
        "o",
        color="black",
        label="a process of ours, measured",
    )
    for machine in (published.MEMORY, published.LARGE_MEMORY):
        size = machine.memory * GIB / GB
        axes.axhline(size, color="#999999", linewidth=0.8)
        axes.annotate(f"a machine of {machine.memory} GiB", (_FROM, size * 1.08), fontsize="small")


def _slowest(axes: Axes) -> None:
    """Draw how long the slowest of many shards of the engine takes, plain and hedged."""
    _adorn(axes, "the slowest of all shards, ms", "shards")
    found = [slowest(published_latency(), shards) for shards in SHARDS]
    for place, (percentile, shade) in enumerate(zip(PERCENTILES, _LATE, strict=True)):
        name = "median" if percentile == _HALF else f"{percentile}th percentile"
        plain, hedged = ([one[place] for one in ways] for ways in _ways(found))
        axes.plot(SHARDS, plain, marker="o", markersize=4, color=shade, label=name)
        axes.plot(SHARDS, hedged, "--", color=shade, label=f"{name}, hedged")
    axes.set_xticks(SHARDS)
    axes.set_yscale("linear")
    axes.set_ylim(bottom=0)


def _ways(found: Sequence[Slowest]) -> tuple[list[tuple[float, ...]], list[tuple[float, ...]]]:
    """Return the percentiles of plain requests, and of hedged ones."""
    return [one.plain for one in found], [one.hedged for one in found]


def _adorn(axes: Axes, title: str, size: str) -> None:
    """Make a picture with both axes in equal steps of times, and plain numbers beside them."""
    axes.set_title(title, fontsize="medium")
    axes.set_xlabel(size)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.xaxis.set_major_formatter(FuncFormatter(lambda number, _place: count(number)))
    axes.yaxis.set_major_formatter(FuncFormatter(plain))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.tick_params(which="both", labelsize="small")
    axes.grid(linewidth=0.4)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
