"""Figures of speed as tables; a page that has the marks gets them between these."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.dense import table as search_table
from benchmarks.report import insert
from benchmarks.speed.contestants import ANSWERING, OTHERS, OURS

Figures = dict[str, Any]

BEGIN = "<!-- speed: written by python -m benchmarks.speed -->"
END = "<!-- end of speed -->"

NAMES = {
    OURS: "Dépêche, no reader",
    ANSWERING: "Dépêche, answering",
    "recipe": "LangChain recipe",
    "txtai": "txtai hybrid",
}
"""What contestants are called."""

# heading and figure of a store that is asked
_SERVED = (
    ("open, ms", "open"),
    ("first question, ms", "first"),
    ("median, ms", "median"),
    ("95th, ms", "95th"),
    ("processor, ms", "processor"),
    ("resident, MB", "resident"),
    ("bytes a row beside the text", "bytes a row"),
)


def write_report(results: Figures, into: Path) -> str:
    """Write tables and plots below a folder; return the tables."""
    written = tables(results)
    readme = into / "README.md"
    if readme.exists():
        readme.write_text(
            insert(readme.read_text(encoding="utf-8"), written, BEGIN, END), encoding="utf-8"
        )
    try:
        from benchmarks.speed.pictures import draw
    except ImportError:
        print("The plots need matplotlib: pip install -e '.[bench]'.", file=sys.stderr)
    else:
        draw(results, into / "plots")
    return written


def tables(results: Figures) -> str:
    """Write all that was measured as Markdown."""
    parts = [_heading(results)]
    if {"builds", "cold", "stores"} <= results.keys():
        parts += [
            "The same files and weights; in bold, how many times better ours is (no reader):",
            _versus(results),
        ]
    if "stores" in results:
        drawn = "The first store has real passages, the others vectors drawn:"
        parts += [drawn, _growth(results["stores"])]
    if "search" in results:
        flat = "Dense search alone, one question after the other, against FAISS flat of float32:"
        parts += [flat, search_table(results["search"]), _reading(results["search"])]
    if "limits" in results:
        parts += ["Embedding, against products of the same shapes:", _limits(results["limits"])]
    return "\n\n".join(parts)


def _heading(results: Figures) -> str:
    """Say what was measured."""
    packages = ", ".join(f"{name} {number}" for name, number in results["packages"].items())
    load = results["load before"]
    busy = "" if load is None else f", load {load:.1f} before"
    return (
        f"Commit {results['commit']}, {results['date']}, {results['cores']} cores{busy}. "
        f"Python {results['python']}, {packages}."
    )


def _versus(results: Figures) -> str:
    """Compare on the store of real passages; ratios are against ours without the reader."""
    builds, cold, served = results["builds"], results["cold"], results["stores"][0]
    others = [name for name in OTHERS if name in builds]
    names = [OURS, ANSWERING, *others]
    rows = [
        _row("build, passages/s", {n: builds[n]["passages a second"] for n in builds}, names, -1),
        _row("build, processor s", {n: builds[n]["processor"] for n in builds}, names),
        _row("load the model, s", {n: builds[n]["load"] for n in builds}, names),
        _row("most memory of a build, MB", {n: builds[n]["peak"] for n in builds}, names),
        _row("cold question, whole process, s", cold, names),
    ]
    for heading, figure in _SERVED[2:6]:
        told = {name: served[name][figure] for name in names}
        rows.append(_row(f"warm question: {heading}", told, names))
    headings = [f"{results['sizes']['passages']} passages", *(NAMES[name] for name in names)]
    headings += [f"against {NAMES[name]}" for name in others]
    return _table(headings, rows)


def _row(heading: str, told: dict[str, float], names: Sequence[str], power: int = 1) -> list[str]:
    """Write a figure of all, and how many times better ours is than each of the others."""
    ratios = [f"**{(told[name] / told[OURS]) ** power:.2f}**" for name in names if name in OTHERS]
    return [heading, *(_number(told.get(name)) for name in names), *ratios]


def _growth(stores: Sequence[Figures]) -> str:
    """Write what each store costs."""
    rows = []
    for one in stores:
        for name in NAMES:
            if name in one:
                cells = [_number(one[name][figure]) for _heading, figure in _SERVED]
                rows.append([f"{one['passages']:,}", NAMES[name], *cells])
    return _table(["passages", "", *(heading for heading, _figure in _SERVED)], rows)


def _reading(searches: Sequence[Figures]) -> str:
    """Say how fast memory was read while flat search was measured."""
    told = []
    for one in searches:
        ratio = one["ours"]["processor median"] / one["flat"]["read"]
        told.append(
            f"{one['rows']:,} rows in {one['flat']['read']:.2f} ms (ours {ratio:.2f} of it)"
        )
    return f"Reading those float32 takes one processor: {'; '.join(told)}."


def _limits(limits: Figures) -> str:
    """Write what share of the product rate each runtime reaches."""
    rows = [
        [
            name,
            *(_number(one[figure]) for figure in ("passages/s", "passages/busy s", "query ms")),
            _number(one["share"]),
        ]
        for name, one in limits["runtimes"].items()
    ]
    headings = ["runtime", "passages/s", "passages/busy s", "query, ms", "share of products"]
    rate = f"Products of these shapes alone: {limits['rate']:.0f} x 10^9 operations a busy second."
    return f"{_table(headings, rows)}\n\n{rate}"


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table; all but the first column are numbers."""
    rules = ["---", *["---:"] * (len(headings) - 1)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [headings, rules, *rows])


def _number(value: float | None) -> str:
    """Write three digits that mean something; nothing for what was not measured."""
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
