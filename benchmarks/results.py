"""Outcomes to figures, by group of questions; and the file that holds them.

    {"commit", "date", "packages", "settings", ..., "sets": {NAME: {"articles", "chunks",
     "risk": [[coverage, risk], ...], "groups": {GROUP: {SIDE: {FIGURE: value}}}}}}

The groups of a set are `all`, each language, each `kind ...`, `specific` (PIAF: questions that make
sense without their passage), `quick` (the part of our own that `make test` asks), and for questions
in another language than the articles' `overlap <= 1`: those that share one word with their article
at most.
"""

import json
import re
from collections import defaultdict
from collections.abc import Sequence, Set
from pathlib import Path
from typing import Any

from benchmarks.asking import Asked, Query
from benchmarks.sides import PRODUCT, RANKS
from qa.evaluate import Figures, rank_figures, risk_curve, summarise
from qa.metrics import auroc

ALL = "all"
QUICK = "quick"
_MARKS = ("specific", QUICK)

Results = dict[str, Any]

_DIGITS = 4
_CURVE_POINTS = 60


def groups_of(query: Query, languages: Set[str]) -> list[str]:
    """Name the groups that a question belongs to.

    Args:
        query: the question, as its set holds it.
        languages: of the articles.
    """
    language = query["lang"]
    groups = [ALL, language]
    if query.get("kind"):
        groups.append(f"kind {query['kind']}")
    groups.extend(mark for mark in _MARKS if query.get(mark))
    overlap = query.get("overlap")
    if language.split("-")[0] not in languages and overlap is not None and overlap <= 1:
        groups += ["overlap <= 1", f"{language}, overlap <= 1"]
    return groups


def figures_of_set(asked: Sequence[Asked], languages: Set[str]) -> Results:
    """Measure a set: its curve of risk, and each group of its questions."""
    groups: dict[str, list[Asked]] = defaultdict(list)
    for one in asked:
        for group in groups_of(one.query, languages):
            groups[group].append(one)
    curve = risk_curve([one.outcome for one in asked])
    return {
        "risk": [[_round(value) for value in point] for point in _thin(curve)],
        "groups": {name: figures_of(group) for name, group in groups.items()},
    }


def figures_of(asked: Sequence[Asked]) -> dict[str, Figures]:
    """Measure each side on the same questions, and the answers of the product."""
    figures = {side: _side_figures(asked, side) for side in asked[0].sides}
    figures[PRODUCT] = summarise([one.outcome for one in asked], RANKS)
    return {
        side: {name: _round(value) for name, value in found.items()}
        for side, found in figures.items()
    }


def write_results(path: Path, results: Results) -> None:
    """Write results, with the sets that the same code was measured on before."""
    if path.exists():
        before = read_results(path)
        if all(before.get(fact) == results[fact] for fact in ("code", "most", "reader")):
            results = {**results, "sets": {**before["sets"], **results["sets"]}}
    dump_results(path, results)


def dump_results(path: Path, results: Results) -> None:
    """Write results as they are, a line for what holds nothing further."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(results, ensure_ascii=False, indent=1)
    text = re.sub(r"[\[{][^\[\]{}]*[\]}]", lambda inner: " ".join(inner[0].split()), text)
    path.write_text(text + "\n", encoding="utf-8")


def read_results(path: Path) -> Results:
    """Read back what `write_results` wrote."""
    results: Results = json.loads(path.read_text(encoding="utf-8"))
    return results


def _side_figures(asked: Sequence[Asked], side: str) -> Figures:
    """Measure what one side found, and how well its best score tells what can be answered."""
    found = [one for one in asked if one.outcome.asked.answerable]
    others = [one for one in asked if not one.outcome.asked.answerable]
    return {
        **rank_figures(
            [(one.sides[side].articles, one.outcome.asked.relevant) for one in found], RANKS
        ),
        "auroc": auroc(
            [one.sides[side].best for one in found], [one.sides[side].best for one in others]
        ),
    }


def _thin(curve: Sequence[tuple[float, float]]) -> Sequence[tuple[float, float]]:
    """Keep points of a curve at even distances, the last always."""
    if len(curve) <= _CURVE_POINTS:
        return curve
    step = (len(curve) - 1) / (_CURVE_POINTS - 1)
    return [curve[round(place * step)] for place in range(_CURVE_POINTS)]


def _round(value: float | None) -> float | None:
    """Keep as many digits as mean something."""
    return round(value, _DIGITS) if isinstance(value, float) else value
