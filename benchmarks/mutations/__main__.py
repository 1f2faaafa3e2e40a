"""Measure the check of written answers: `python -m benchmarks.mutations [SETS]`.

True sentences are altered in one number, date, name or negation; counted is how many pass all the
same, and how many are refused though nothing was altered.

    python -m benchmarks.mutations ../shared/eval --half develop --show name    # what to mend
    python -m benchmarks.mutations ../shared/eval                               # what is reported
"""

import argparse
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.mutations.alter import Altered, alter
from benchmarks.mutations.judge import findings, judge_all
from benchmarks.mutations.truths import Truth, read_truths
from benchmarks.provenance import ROOT, provenance
from benchmarks.results import dump_results
from qa.read import Reader, open_reader

KINDS = ("number", "date", "name", "negation")
SAME_PASSAGE = "passage"
_SEED = 7

FIRST = frozenset(["fr-fr", "fr'-fr", "en-fr", "vi-fr"])
"""The directions that were measured before others were added; the others are told apart."""

# reported apart: a number of the very passage in the place of another
_MOST_BESIDE = 200


@dataclass(frozen=True, slots=True)
class Count:
    """How many sentences were checked, and how many came out wrong: passed, or were refused."""

    checked: int
    wrong: int
    share: float


def choose(altered: Iterable[Altered], most: int) -> list[Altered]:
    """Choose as many alterations of each kind and direction as there are, up to `most` in all."""
    groups: dict[tuple[str, str], list[Altered]] = defaultdict(list)
    for one in altered:
        if one.way != SAME_PASSAGE:
            groups[one.kind, one.truth.direction].append(one)
    chance = random.Random(_SEED)
    for group in groups.values():
        chance.shuffle(group)
    chosen: list[Altered] = []
    while len(chosen) < most and any(groups.values()):
        chosen.extend(group.pop() for group in groups.values() if group)
    return chosen[:most]


def count(outcomes: Iterable[tuple[str, bool]]) -> dict[str, Count]:
    """Count by group: of how many, how many are wrong."""
    checked: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for group, is_wrong in outcomes:
        checked[group] += 1
        wrong[group] += is_wrong
    return {
        group: Count(checked[group], wrong[group], round(wrong[group] / checked[group], 4))
        for group in sorted(checked)
    }


def measure(
    truths: Sequence[Truth], altered: Sequence[Altered], reader: Reader | None, workers: int = 1
) -> dict[str, Any]:
    """Check true and altered sentences, and count the mistakes by kind, way and direction.

    Several `workers` open the default reader themselves.
    """
    sentences = [(one.truth, one.text) for one in altered]
    sentences += [(truth, truth.text) for truth in truths]
    judged = judge_all(sentences, reader, workers)
    changed, unchanged = judged[: len(altered)], judged[len(altered) :]
    return {
        name: {
            "altered that pass": _shares(
                (group, not judged[side])
                for one, judged in zip(altered, changed, strict=True)
                for group in _groups(one)
            ),
            "true that are refused": _shares(
                (group, bool(judged[side]))
                for truth, judged in zip(truths, unchanged, strict=True)
                for group in ("all", _side(truth), truth.direction)
            ),
            "true refused for": Counter(
                problem
                for judged in unchanged
                for problem in {finding.problem for finding in judged[side]}
            ),
        }
        for side, name in enumerate(("with the reader", "without"))
    }


def _groups(one: Altered) -> list[str]:
    """Name the groups that an alteration is counted in."""
    kind = "number (same passage)" if one.way == SAME_PASSAGE else one.kind
    side, direction = _side(one.truth), one.truth.direction
    groups = [kind, f"{kind} {side}", f"{kind} {direction}"]
    return groups if kind != one.kind else ["all", side, *groups, f"{kind} {one.way} {side}"]


def _side(truth: Truth) -> str:
    """Tell the directions that were measured before from those added later."""
    return "first directions" if truth.direction in FIRST else "further directions"


def _shares(outcomes: Iterable[tuple[str, bool]]) -> dict[str, Any]:
    """Count as `count` does, for a file."""
    return {name: asdict(found) for name, found in count(outcomes).items()}


def _of_side(altered: Iterable[Altered], *, first: bool) -> list[Altered]:
    """Return the alterations of the directions measured before, or of the others."""
    return [one for one in altered if (one.truth.direction in FIRST) is first]


def show(truths: Sequence[Truth], altered: Sequence[Altered], kind: str) -> None:
    """Print the mistakes of one kind, to mend by: of the half that is not reported."""
    reader = open_reader()
    for one in altered:
        if one.kind == kind and not findings(one.truth, one.text, reader):
            print(f"PASSES {one.truth.direction} {one.way}: {one.before!r} -> {one.after!r}")
            print(f"    {one.text}\n    << {one.truth.source.text}\n")
    for truth in truths:
        against = [f for f in findings(truth, truth.text, reader) if f.problem == kind]
        if against:
            print(f"REFUSED {truth.direction}: {[f.words for f in against]}")
            print(f"    {truth.text}\n    << {truth.source.text}\n")


def main() -> None:
    """Measure both with and without the reader, and write the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("sets", nargs="?", type=Path, default=ROOT.parent / "shared" / "eval")
    parser.add_argument("--half", choices=("develop", "report"), default="report")
    parser.add_argument(
        "--most",
        type=int,
        default=1000,
        help="altered sentences (default: 1000) of the first directions, and of the others",
    )
    parser.add_argument("--show", choices=(*KINDS, "unsupported"), help="print mistakes instead")
    parser.add_argument("--workers", type=int, default=1, help="processes (default: 1)")
    parser.add_argument("--output", type=Path, help="where the figures go")
    arguments = parser.parse_args()
    truths = read_truths(arguments.sets, arguments.half)
    every = list(alter(truths))
    altered = [
        one for side in (True, False) for one in choose(_of_side(every, first=side), arguments.most)
    ]
    if arguments.show:
        show(truths, altered, arguments.show)
        return
    beside = [one for one in _of_side(every, first=True) if one.way == SAME_PASSAGE]
    altered += random.Random(_SEED).sample(beside, min(len(beside), _MOST_BESIDE))
    results = {
        **provenance(),
        "half": arguments.half,
        "true sentences": dict(Counter(truth.direction for truth in truths)),
        **measure(truths, altered, open_reader(), arguments.workers),
    }
    name = f"mutations-{results['commit']}.json"
    path = arguments.output or ROOT / "benchmarks" / "results" / name
    dump_results(path, results)
    print(f"written to {path}")


if __name__ == "__main__":
    main()
