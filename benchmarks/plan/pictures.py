"""Two pictures of the plan: memory against size, and the slowest of many shards."""

from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullLocator

from benchmarks.plan import published
from benchmarks.plan.fan_out import Latency, slowest
from benchmarks.plan.indexes import CODES, HNSW, HNSW_BYTES, ON_DISK
from benchmarks.plan.sizing import GB, GIB
from benchmarks.plan.tables import SIZES, own_latency, published_latency
from benchmarks.plan.units import Units
from benchmarks.plot import save

_SHADES = {HNSW: "#2d6489", HNSW_BYTES: "#7fa5c0", ON_DISK: "#b3372f", CODES: "#c58b2a"}
_FROM = 1e6
_SHARDS = (1, 2, 4, 8, 16, 32, 64, 128, 256)


def draw(units: Units, path: Path) -> None:
    """Write both pictures into one file."""
    figure = Figure(figsize=(10, 4.6), layout="constrained", facecolor="white")
    _memory(figure.add_subplot(1, 2, 1), units)
    _slowest(figure.add_subplot(1, 2, 2), units)
    for axes in figure.axes:
        axes.legend(
            frameon=False,
            fontsize="small",
            loc="upper center",
            bbox_to_anchor=(0.5, -0.16),
            ncols=2,
        )
    save(figure, path)


def _memory(axes: Axes, units: Units) -> None:
    """Draw the memory of one copy of the vectors, the words beside them, and two machines."""
    _adorn(axes, "memory of one copy, GB", "chunks")
    ends = (_FROM, SIZES[-1])
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


def _slowest(axes: Axes, units: Units) -> None:
    """Draw the 99th percentile of a question against its shards, plain and hedged."""
    _adorn(axes, "a search over all shards, 99th percentile, ms", "shards")
    fits: dict[str, tuple[Latency, str]] = {
        "the engine": (published_latency(), "#b3372f"),
        "ours, a million rows each": (own_latency(units), "#2d6489"),
    }
    for name, (latency, shade) in fits.items():
        found = [slowest(latency, shards, questions=4_000) for shards in _SHARDS]
        axes.plot(_SHARDS, [one.plain[-1] for one in found], color=shade, label=name)
        hedged = [one.hedged[-1] for one in found]
        axes.plot(_SHARDS, hedged, "--", color=shade, label=f"{name}, hedged")
    axes.set_yscale("linear")
    axes.set_ylim(bottom=0)


def _adorn(axes: Axes, title: str, size: str) -> None:
    """Make a picture with both axes in equal steps of times, and plain numbers beside them."""
    axes.set_title(title, fontsize="medium")
    axes.set_xlabel(size)
    axes.set_xscale("log")
    axes.set_yscale("log")
    plain = FuncFormatter(lambda number, _place: f"{number:,g}" if number < 1e6 else f"{number:g}")
    axes.xaxis.set_major_formatter(plain)
    axes.yaxis.set_major_formatter(plain)
    axes.xaxis.set_minor_locator(NullLocator())
    axes.tick_params(which="both", labelsize="small")
    axes.grid(linewidth=0.4)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
