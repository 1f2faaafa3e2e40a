"""How well dates are found and read, on the gold set of `benchmarks/gold/README.md`.

    python -m benchmarks.dates [--failures] [--half dev]

Prints, by half, language and kind: F1 of exact spans, the share of right values among the spans
found, and false alarms: the share of sentences without a date in which one is found.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from index.dates import find_dates
from index.types import DateMention, DateRange, YearlessRange

GOLD = Path(__file__).parent / "gold" / "dates.jsonl"

Half = Literal["dev", "test"]
Value = DateRange | YearlessRange | None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the gold set, with the value of each date expression by its span."""

    id: str
    language: str
    kind: str
    text: str
    anchor: DateRange | None
    dates: dict[tuple[int, int], Value]

    @property
    def half(self) -> Half:
        """Even numbers are there to mend by, odd ones to report."""
        return "test" if int(self.id.rpartition("-")[2]) % 2 else "dev"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the detector found in a sentence."""

    sentence: Sentence
    found: dict[tuple[int, int], Value]

    @property
    def matched(self) -> set[tuple[int, int]]:
        """The spans that are exactly right."""
        return self.sentence.dates.keys() & self.found.keys()

    @property
    def valued(self) -> set[tuple[int, int]]:
        """The spans that are exactly right and have the right value."""
        return {span for span in self.matched if self.sentence.dates[span] == self.found[span]}

    @property
    def failed(self) -> bool:
        """Whether anything is missed, found too much or misread."""
        return self.sentence.dates != self.found


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of several outcomes; 1.0 or 0.0 where there is nothing to get wrong."""

    expressions: int
    f1: float
    accuracy: float
    undated: int
    alarms: float


def read_gold(path: Path = GOLD) -> list[Sentence]:
    """Read the gold set."""
    with path.open(encoding="utf-8") as file:
        return [_read_sentence(json.loads(line)) for line in file]


def _read_sentence(record: dict[str, Any]) -> Sentence:
    """Read one line of the gold set."""
    return Sentence(
        id=record["id"],
        language=record["lang"],
        kind=record["kind"],
        text=record["text"],
        anchor=DateRange.parse(record["anchor"]) if record["anchor"] else None,
        dates={(entry["start"], entry["end"]): _read_value(entry) for entry in record["dates"]},
    )


def _read_value(entry: dict[str, Any]) -> Value:
    """Read the days that an expression names."""
    if "yearless" in entry:
        first, last = (tuple(map(int, day.split("-"))) for day in entry["yearless"])
        return YearlessRange((first[0], first[1]), (last[0], last[1]))
    return DateRange(date.fromisoformat(entry["first"]), date.fromisoformat(entry["last"]))


def examine(sentence: Sentence) -> Outcome:
    """Run the detector over a sentence."""
    mentions = find_dates(sentence.text, language=sentence.language, anchor=sentence.anchor)
    return Outcome(sentence, {(found.start, found.end): _value(found) for found in mentions})


def _value(mention: DateMention) -> Value:
    """Return the days a mention names, of any year when nothing tells it."""
    return mention.range or mention.yearless


def measure(outcomes: Iterable[Outcome]) -> Figures:
    """Count what is right over several sentences."""
    outcomes = list(outcomes)
    expressions = sum(len(outcome.sentence.dates) for outcome in outcomes)
    found = sum(len(outcome.found) for outcome in outcomes)
    matched = sum(len(outcome.matched) for outcome in outcomes)
    valued = sum(len(outcome.valued) for outcome in outcomes)
    undated = [outcome for outcome in outcomes if not outcome.sentence.dates]
    alarmed = sum(bool(outcome.found) for outcome in undated)
    return Figures(
        expressions=expressions,
        f1=2 * matched / (expressions + found) if expressions + found else 1.0,
        accuracy=valued / matched if matched else 1.0,
        undated=len(undated),
        alarms=alarmed / len(undated) if undated else 0.0,
    )


def describe(outcome: Outcome) -> Iterator[str]:
    """Say what is wrong with an outcome, one line a span."""
    sentence = outcome.sentence
    yield f"{sentence.id} {sentence.kind} [{sentence.anchor}] {sentence.text!r}"
    for start, end in sorted(sentence.dates.keys() | outcome.found.keys()):
        expected = sentence.dates.get((start, end), "nothing")
        found = outcome.found.get((start, end), "nothing")
        if expected != found:
            yield f"    {sentence.text[start:end]!r}: expected {expected}, found {found}"


def main() -> int:
    """Measure the gold set, and print a table or what fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", type=Path, nargs="?", default=GOLD)
    parser.add_argument("--half", choices=["dev", "test"], help="only this half")
    parser.add_argument("--failures", action="store_true", help="list what fails instead")
    arguments = parser.parse_args()
    outcomes = [
        examine(sentence)
        for sentence in read_gold(arguments.gold)
        if arguments.half in (None, sentence.half)
    ]
    lines = _failures(outcomes) if arguments.failures else _table(outcomes)
    print("\n".join(lines))
    return 0


def _failures(outcomes: list[Outcome]) -> Iterator[str]:
    """List what is wrong, sentence by sentence."""
    for outcome in outcomes:
        if outcome.failed:
            yield from describe(outcome)


def _table(outcomes: list[Outcome]) -> Iterator[str]:
    """Write the figures of each half, language and kind, one row each."""
    yield "| part | expressions | span F1 | value accuracy | without date | false alarms |"
    yield "|---|---:|---:|---:|---:|---:|"
    yield _row("all", outcomes)
    for part in ("half", "language", "kind"):
        groups: dict[str, list[Outcome]] = {}
        for outcome in outcomes:
            groups.setdefault(getattr(outcome.sentence, part), []).append(outcome)
        for name, group in groups.items():
            yield _row(name, group)


def _row(name: str, outcomes: list[Outcome]) -> str:
    """Write the figures of a group of sentences as a row of the table."""
    figures = measure(outcomes)
    found = f"{figures.f1:.3f} | {figures.accuracy:.3f}" if figures.expressions else " | "
    alarms = f"{figures.alarms:.3f}" if figures.undated else ""
    return f"| {name} | {figures.expressions} | {found} | {figures.undated} | {alarms} |"


if __name__ == "__main__":
    sys.exit(main())
