"""Figures as tables and pictures.

    python -m benchmarks.report benchmarks/results/COMMIT.json

Writes the tables between the marks of benchmarks/README.md, and benchmarks/plots/.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.results import ALL, Results, read_results
from benchmarks.sides import ABLATIONS, PRODUCT
from qa.evaluate import Figures

README = Path(__file__).with_name("README.md")
PLOTS = Path(__file__).with_name("plots")

_BEGIN = "<!-- tables: written by python -m benchmarks.report -->"
_END = "<!-- end of the tables -->"

BASELINES = ("recipe", "bm25", "rrf")

# the figures of fewer questions are in the file of results only
_FEWEST = 10

# what a table shows of the answers: heading and figure
_ANSWERS = (
    ("success@5", "success@5"),
    ("recall@10", "recall@10"),
    ("MRR@10", "mrr@10"),
    ("span in the first quote", "first quote holds the span"),
    ("in any quote", "any quote holds the span"),
    ("words", "words of the first quote"),
    ("citation precision", "citation precision"),
    ("wrongly refused", "refused"),
    ("abstained", "abstained"),
    ("abstention precision", "abstention precision"),
    ("AUROC", "auroc"),
    ("risk", "risk"),
    ("area under risk", "area under risk"),
)


def tables(results: Results) -> str:
    """Write all figures as Markdown."""
    parts = [
        _heading(results),
        "First place / nDCG@10, over the answerable questions:",
        _table(["set", "group", "questions", *BASELINES, *ABLATIONS, PRODUCT], _ranks(results)),
        "The product in full:",
        _table(["set", "group", *(heading for heading, _ in _ANSWERS)], _answers(results)),
        "Telling what can be answered, AUROC of each side's best score (the product: confidence):",
        _table(["set", "group", *BASELINES, *ABLATIONS, PRODUCT], _aurocs(results)),
    ]
    return "\n\n".join(parts)


def insert(readme: str, written: str, begin: str = _BEGIN, end: str = _END) -> str:
    """Put what was written between the marks of a page, instead of what was there before.

    Raises:
        ValueError: if the page has no such marks.
    """
    if begin not in readme or end not in readme:
        raise ValueError(f"The page has no lines {begin!r} and {end!r} to write between.")
    before, rest = readme.split(begin, 1)
    _old, after = rest.split(end, 1)
    return f"{before}{begin}\n\n{written}\n\n{end}{after}"


def sides_of(group: dict[str, Figures]) -> list[str]:
    """List the sides that were measured, in the order of the tables."""
    return [side for side in (*BASELINES, *ABLATIONS, PRODUCT) if side in group]


def _heading(results: Results) -> str:
    """Say what was measured."""
    packages = ", ".join(f"{name} {version}" for name, version in results["packages"].items())
    return (
        f"Commit {results['commit']}, {results['date']}, reader {results['reader']}, at most "
        f"{results['most']} questions of a set. Python {results['python']}, {packages}."
    )


def _ranks(results: Results) -> Iterator[list[str]]:
    """Write a row of each group: what each side found."""
    for name, label, group in _groups(results):
        cells = [_pair(group[side]) if side in group else "" for side in (*BASELINES, *ABLATIONS)]
        product = group[PRODUCT]
        if product["answerable"]:
            yield [name, label, str(product["answerable"]), *cells, f"**{_pair(product)}**"]


def _answers(results: Results) -> Iterator[list[str]]:
    """Write a row of each group: the figures of the product."""
    for name, label, group in _groups(results):
        shown = [group[PRODUCT][figure] for _heading, figure in _ANSWERS]
        yield [name, label, *map(_number, shown)]


def _aurocs(results: Results) -> Iterator[list[str]]:
    """Write a row of each set that holds unanswerable questions."""
    for name, measured in results["sets"].items():
        group = measured["groups"][ALL]
        if group[PRODUCT]["auroc"] is not None:
            sides = [group.get(side, {}).get("auroc") for side in (*BASELINES, *ABLATIONS, PRODUCT)]
            yield [name, ALL, *map(_number, sides)]


def _groups(results: Results) -> Iterator[tuple[str, str, dict[str, Figures]]]:
    """Go through the groups of each set: its whole, its languages, then the others.

    The name of the set stands at its first row only. One that is the whole again is left out, and
    so are those of a handful of questions, and of one language and few shared words.
    """
    for name, measured in results["sets"].items():
        groups = measured["groups"]
        whole = groups[ALL][PRODUCT]["questions"]
        yield name, ALL, groups[ALL]
        for label in sorted(groups, key=lambda label: (len(label) > len("fr-CA"), label)):
            if _FEWEST <= groups[label][PRODUCT]["questions"] < whole and ", " not in label:
                yield "", label, groups[label]


def _table(headings: Sequence[str], rows: Iterator[list[str]]) -> str:
    """Write a table; all but the first two columns are numbers."""
    rules = ["---", "---", *["---:"] * (len(headings) - 2)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [headings, rules, *rows])


def _pair(figures: Figures) -> str:
    """Write first place and nDCG."""
    return f"{_number(figures['success@1'])} / {_number(figures['ndcg@10'])}"


def _number(value: float | None) -> str:
    """Write a share without its zero, as tables of this kind do."""
    if value is None:
        return ""
    shown = f"{value:.3f}" if value <= 1 else f"{value:g}"
    return shown.removeprefix("0")


def main(arguments: list[str] | None = None) -> int:
    """Write tables and pictures of a file of results."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.report")
    parser.add_argument("results", type=Path)
    results = read_results(parser.parse_args(arguments).results)
    page = insert(README.read_text(encoding="utf-8"), tables(results))
    README.write_text(page, encoding="utf-8")
    try:
        from benchmarks.plot import draw
    except ImportError:
        print("The pictures need matplotlib: pip install -e '.[bench]'.", file=sys.stderr)
        return 1
    draw(results, PLOTS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
