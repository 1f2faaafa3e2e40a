"""How well follow-ups are understood, and changes of subject, on conversations of our own writing.

    python -m benchmarks.conversations [--failures dev]

A turn is understood when the self-contained question holds what it must, lacks what belongs to an
earlier subject, names the right days, and is taken for a follow-up only if it is one. A later turn
that is no follow-up is a change of subject; thanks count among these.
"""

import argparse
import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from qa.types import AskedDate, Question
from qa.understand import understand

GOLD = Path(__file__).parent / "gold" / "conversations.jsonl"

Part = Literal["dev", "test"]
Kind = Literal["opening", "follow-up", "change"]


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a conversation, what was understood of it, and what is wrong with that."""

    conversation: int
    language: str
    kind: Kind
    message: str
    understood: Question
    faults: tuple[str, ...]

    @property
    def part(self) -> Part:
        """Rules are made looking at the even numbers; the odd ones tell what they are worth."""
        return "test" if self.conversation % 2 else "dev"


def read_turns(path: Path = GOLD) -> list[Turn]:
    """Understand every turn of the conversations, each with the messages before it."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [turn for line in lines for turn in _turns(json.loads(line))]


def share(turns: Sequence[Turn]) -> float:
    """Return the share of turns that were understood."""
    return sum(not turn.faults for turn in turns) / len(turns)


def _turns(conversation: dict[str, Any]) -> list[Turn]:
    """Understand the turns of one conversation."""
    today = date.fromisoformat(conversation["today"])
    turns: list[Turn] = []
    for gold in conversation["turns"]:
        # as the chat shows it: what was typed, not what was understood of it
        history = [(turn.message, "…") for turn in turns]
        understood = understand(gold["message"], history, today=today)
        later: Kind = "follow-up" if gold["follow_up"] else "change"
        kind: Kind = later if turns else "opening"
        faults = tuple(_faults(understood, gold))
        found = (conversation["id"], conversation["lang"], kind, gold["message"])
        turns.append(Turn(*found, understood, faults))
    return turns


def _faults(understood: Question, gold: dict[str, Any]) -> list[str]:
    """List what is wrong with what was understood."""
    text = understood.standalone
    faults = [f"lacks {word!r}" for word in gold["standalone_has"] if not _holds(text, word)]
    faults += [f"holds {word!r}" for word in gold["standalone_lacks"] if _holds(text, word)]
    # thanks stand for no question at all, with history or without
    if (understood.is_follow_up and bool(text)) != gold["follow_up"]:
        faults.append("is a follow-up" if gold["follow_up"] else "is no follow-up")
    if "dates" in gold:
        right = sorted(item if isinstance(item, str) else "/".join(item) for item in gold["dates"])
        found = sorted(map(_days, understood.dates))
        faults += [] if found == right else [f"dates {found}, not {right}"]
    return faults


def _holds(text: str, word: str) -> bool:
    """Whether a text holds a word, in small letters, or several in a row."""
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text.lower()) is not None


def _days(asked: AskedDate) -> str:
    """Write days as the gold set does: both ends, or --MM and --MM-DD of any year."""
    if asked.range is not None:
        return f"{asked.range.first}/{asked.range.last}"
    assert asked.yearless is not None
    (month, first), (_, last) = asked.yearless.first, asked.yearless.last
    return f"--{month:02}-{first:02}" if first == last else f"--{month:02}"


def _row(name: str, turns: Sequence[Turn]) -> str:
    """Write one row of the table: all turns, then each kind of them."""
    kinds: list[Kind] = ["opening", "follow-up", "change"]
    groups = [turns, *([turn for turn in turns if turn.kind == kind] for kind in kinds)]
    cells = [f"{share(group):.2f} of {len(group)}" for group in groups]
    return f"| {name} | {' | '.join(cells)} |"


def main() -> int:
    """Print a table by part and language, and the turns that were misunderstood."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--failures", choices=["dev", "test", "all"], help="list what went wrong")
    arguments = parser.parse_args()
    turns = read_turns()
    print("| turns | all | openings | follow-ups | changes of subject |\n|---|---|---|---|---|")
    for part in ("dev", "test"):
        print(_row(part, [turn for turn in turns if turn.part == part]))
    for language in dict.fromkeys(turn.language for turn in turns):
        print(_row(language, [turn for turn in turns if turn.language == language]))
    print(_row("all", turns))
    for turn in turns:
        if turn.faults and arguments.failures in (turn.part, "all"):
            print(f"\n{turn.conversation} {turn.message}\n   -> {turn.understood.standalone}")
            print(f"   {'; '.join(turn.faults)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
