"""How well questions with known answers are answered.

A file of questions holds one JSON object a line: `question`; `relevant`, the ids of the articles
that answer (with or without the file's suffix); `answerable` (true if left out); `spans`, a list of
`{"doc", "text"}` that a quote should hold; `id` and `lang` for the report.
"""

import json
import math
from collections.abc import Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median
from typing import Any

from index.errors import QuestionsInvalid
from index.types import Progress
from qa.assistant import Assistant
from qa.types import Answer


@dataclass(frozen=True, slots=True)
class Expected:
    """A question and what answers it."""

    question: str
    relevant: frozenset[str]
    answerable: bool
    spans: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one question.

    Attributes:
        ranked: ids of the articles found, best first, each once.
        answer: what was answered.
        expected: what should have been.
    """

    ranked: tuple[str, ...]
    answer: Answer
    expected: Expected


def read_questions(path: str | Path) -> list[Expected]:
    """Read a file of questions.

    Raises:
        QuestionsInvalid: if it cannot be read, or a line is not a question.
    """
    try:
        # only a line feed ends a line: a question may hold any other separator
        lines = Path(path).read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise QuestionsInvalid(Path(path), 0, error.strerror or "cannot be read") from error
    except UnicodeDecodeError as error:
        raise QuestionsInvalid(Path(path), 0, "the file is not written in UTF-8") from error
    questions = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                questions.append(_question(json.loads(line)))
            except (ValueError, TypeError, RecursionError) as error:
                raise QuestionsInvalid(Path(path), number, str(error)) from error
    return questions


def evaluate(
    assistant: Assistant,
    questions: Sequence[Expected],
    k: int = 10,
    *,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Ask every question and measure.

    Returns:
        Counts, and over the answerable questions success@1, success@5, recall@k, MRR@k, nDCG@k, the
        share refused wrongly, the share whose first quote holds a known span and the median words
        of that quote; over the others the share abstained from. None where there is no question.
    """
    outcomes = []
    for number, expected in enumerate(questions, start=1):
        passages = assistant.retrieve(expected.question, k)
        ranked = tuple(dict.fromkeys(_stem(passage.article.id) for passage in passages))
        outcomes.append(Outcome(ranked, assistant.ask(expected.question), expected))
        if progress is not None:
            progress("eval", number, len(questions))
    return summarise(outcomes, k)


def summarise(outcomes: Sequence[Outcome], k: int) -> dict[str, Any]:
    """Turn outcomes into the figures that `evaluate` returns."""
    found = [outcome for outcome in outcomes if outcome.expected.answerable]
    unanswerable = [outcome for outcome in outcomes if not outcome.expected.answerable]
    spanned = [outcome for outcome in found if outcome.expected.spans]
    quotes = [outcome.answer.citations[0].quote for outcome in found if outcome.answer.citations]
    return {
        "questions": len(outcomes),
        "answerable": len(found),
        "success@1": _mean([_success(outcome, 1) for outcome in found]),
        "success@5": _mean([_success(outcome, 5) for outcome in found]),
        f"recall@{k}": _mean([_recall(outcome, k) for outcome in found]),
        f"mrr@{k}": _mean([_reciprocal_rank(outcome, k) for outcome in found]),
        f"ndcg@{k}": _mean(
            [ndcg(outcome.ranked, outcome.expected.relevant, k) for outcome in found]
        ),
        "refused": _mean([not outcome.answer.grounded for outcome in found]),
        "first quote holds the span": _mean([_holds_span(outcome) for outcome in spanned]),
        "words of the first quote": median(len(quote.split()) for quote in quotes)
        if quotes
        else None,
        "abstained": _mean([not outcome.answer.grounded for outcome in unanswerable]),
    }


def describe(figures: dict[str, Any]) -> str:
    """Write figures for a terminal."""
    return "\n".join(
        f"{name:<28}{value:.3f}" if isinstance(value, float) else f"{name:<28}{value}"
        for name, value in figures.items()
    )


def _question(record: Any) -> Expected:  # noqa: ANN401  whatever the line held
    """Read one question; a line that is none raises."""
    if not isinstance(record, dict):
        raise TypeError("it is no JSON object")
    question, relevant = record.get("question"), record.get("relevant") or []
    if not isinstance(question, str):
        raise TypeError("question is no text")
    if not isinstance(relevant, list) or not all(isinstance(name, str) for name in relevant):
        raise TypeError("relevant is no list of article ids")
    try:
        spans = tuple(str(span["text"]) for span in record.get("spans") or [])
    except (KeyError, TypeError) as error:
        raise TypeError('spans is no list of {"doc", "text"}') from error
    answerable = bool(record.get("answerable", True))
    return Expected(question, frozenset(map(_stem, relevant)), answerable, spans)


def _stem(article: str) -> str:
    """Return an article's id without the suffix of its file."""
    suffix = Path(article).suffix
    return article.removesuffix(suffix)


def _success(outcome: Outcome, k: int) -> bool:
    """Whether one of the first `k` articles is relevant."""
    return not outcome.expected.relevant.isdisjoint(outcome.ranked[:k])


def _recall(outcome: Outcome, k: int) -> float:
    """Return the share of the relevant articles (at most `k` of them) among the first `k`."""
    relevant = outcome.expected.relevant
    return len(relevant.intersection(outcome.ranked[:k])) / max(1, min(k, len(relevant)))


def _reciprocal_rank(outcome: Outcome, k: int) -> float:
    """Return 1 / rank of the first relevant article, 0 if it is not among the first `k`."""
    for rank, article in enumerate(outcome.ranked[:k], start=1):
        if article in outcome.expected.relevant:
            return 1 / rank
    return 0.0


def ndcg(ranked: Sequence[str], relevant: Set[str], k: int) -> float:
    """Return the discounted gain of the first `k` articles over that of the best order."""
    gain = sum(
        1 / math.log2(rank + 1)
        for rank, article in enumerate(ranked[:k], start=1)
        if article in relevant
    )
    best = sum(1 / math.log2(rank + 1) for rank in range(1, min(k, len(relevant)) + 1))
    return gain / best if best else 0.0


def _holds_span(outcome: Outcome) -> bool:
    """Whether the first quote holds a known span."""
    citations = outcome.answer.citations
    return bool(citations) and any(span in citations[0].quote for span in outcome.expected.spans)


def _mean(values: Sequence[float]) -> float | None:
    """Return the mean, or None of nothing."""
    return float(mean(values)) if values else None
