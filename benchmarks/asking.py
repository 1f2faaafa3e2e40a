"""Ask the questions of a set, of the product and of each side, and keep what came of each.

What came of a question is written down at once, so that a run that is stopped goes on where it was,
as long as neither code nor store has changed.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.sides import PRODUCT, RANKS, Ranking, rank_sides
from index.types import Embedder, Progress
from qa.assistant import Assistant
from qa.evaluate import Outcome, observe
from qa.questions import Quote, parse_question
from qa.settings import DEFAULT

Query = dict[str, Any]
"""A question as a set holds it."""

MOST = 200
"""Questions of a set, evenly from its languages: enough to see a change, and it takes minutes."""

# every question is answered, so that the risk of an answer is known at any coverage; which answers
# the product would have given follows from their confidence
ALWAYS_ANSWER = replace(DEFAULT, answer_probability=0.0)


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of one question of a set.

    Attributes:
        query: the question.
        outcome: what the product found and answered.
        sides: what each side found.
    """

    query: Query
    outcome: Outcome
    sides: dict[str, Ranking]


def sample(queries: Sequence[Query], most: int | None) -> list[Query]:
    """Choose `most` questions (all if None), evenly from each language and always the same."""
    seen: Counter[str] = Counter()
    turns = []
    for query in sorted(queries, key=lambda query: hashlib.sha256(query["id"].encode()).digest()):
        seen[query["lang"]] += 1
        turns.append((seen[query["lang"]], query["lang"], query))
    turns.sort(key=lambda turn: turn[:2])
    return [query for _turn, _language, query in turns[:most]]


def ask_all(
    queries: Sequence[Query],
    assistant: Assistant,
    embedder: Embedder,
    kept: Path,
    progress: Progress | None = None,
) -> list[Asked]:
    """Ask every question, except those whose outcome the file `kept` holds already.

    Args:
        queries: the questions.
        assistant: the product, opened with `ALWAYS_ANSWER`.
        embedder: that of its store, for the sides.
        kept: where outcomes are written, one a line.
        progress: called after every question.
    """
    known = {record["id"]: record for record in _read(kept)}
    kept.parent.mkdir(parents=True, exist_ok=True)
    asked = []
    with kept.open("a", encoding="utf-8") as file:
        for number, query in enumerate(queries, start=1):
            if query["id"] not in known:
                known[query["id"]] = record = _ask(query, assistant, embedder)
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
                file.flush()
            asked.append(_parse(query, known[query["id"]]))
            if progress is not None:
                progress("eval", number, len(queries))
    return asked


def _ask(query: Query, assistant: Assistant, embedder: Embedder) -> dict[str, Any]:
    """Ask one question of the product and of each side; return the outcome as JSON values."""
    outcome = observe(assistant, parse_question(query), RANKS)
    sides = rank_sides(query["question"], assistant.index, embedder)
    # passages of one article count once: behind what was read stands what the search found
    ranked = dict.fromkeys([*outcome.ranked, *sides["fused+dates"].articles])
    return {
        "id": query["id"],
        "question": query["question"],
        "ranked": list(ranked)[:RANKS],
        "quotes": [[quote.article, quote.text] for quote in outcome.quotes],
        "confidence": outcome.confidence,
        "sides": {name: asdict(ranking) for name, ranking in sides.items()},
    }


def _parse(query: Query, record: dict[str, Any]) -> Asked:
    """Read an outcome that was kept."""
    quotes = tuple(Quote(*quote) for quote in record["quotes"])
    outcome = Outcome(
        parse_question(query),
        tuple(record["ranked"]),
        quotes,
        given=bool(quotes) and record["confidence"] >= DEFAULT.answer_probability,
        confidence=record["confidence"],
    )
    sides = {
        name: Ranking(tuple(ranking["articles"]), ranking["best"])
        for name, ranking in record["sides"].items()
    }
    return Asked(query, outcome, {**sides, PRODUCT: Ranking(outcome.ranked, outcome.confidence)})


def _read(path: Path) -> Iterator[dict[str, Any]]:
    """Read the outcomes that were kept, but for a line that was cut short."""
    if not path.exists():
        return
    for line in path.read_text(encoding="utf-8").split("\n"):
        with suppress(ValueError):
            yield json.loads(line)
