"""Print the tables of docs/scale.md: `python -m benchmarks.plan [--write]`.

`--write` puts them, and the pictures, where they stand: after a new result in `results/`.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.plan.tables import BLOCKS
from benchmarks.plan.units import Units, read_units
from benchmarks.report import insert

_DOCS = Path(__file__).resolve().parent.parent.parent / "docs"


def begin(name: str) -> str:
    """Return the line above a table in the page."""
    return f"<!-- plan: {name} -->"


def end(name: str) -> str:
    """Return the line below a table in the page."""
    return f"<!-- end of {name} -->"


def renewed(page: str, units: Units) -> str:
    """Return a page with every table as it is now.

    Raises:
        ValueError: if the page lacks one of them.
    """
    for name, write in BLOCKS.items():
        page = insert(page, write(units), begin(name), end(name))
    return page


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables, or write them into the page."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.plan",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--write", action="store_true", help="renew docs/scale.md and its picture")
    parser.add_argument("--into", type=Path, default=_DOCS, help="folder of the page")
    given = parser.parse_args(arguments)
    units = read_units()
    if not given.write:
        for name, write in BLOCKS.items():
            print(f"{begin(name)}\n\n{write(units)}\n")
        return 0
    page = given.into / "scale.md"
    page.write_text(renewed(page.read_text(encoding="utf-8"), units), encoding="utf-8")
    try:
        from benchmarks.plan.pictures import draw
    except ImportError:
        print("The picture needs matplotlib: pip install -e '.[bench]'.", file=sys.stderr)
    else:
        draw(units, given.into / "scale.svg")
    print(f"Written to {page}.", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
