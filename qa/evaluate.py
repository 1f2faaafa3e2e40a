"""How well questions with known answers are answered."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean, median
from typing import Any

from index.types import Progress
from qa.assistant import Assistant
from qa.metrics import area_under_risk, auroc, ndcg, recall, reciprocal_rank, risk_coverage, success
from qa.questions import JudgedQuestion, Quote, without_suffix

Figures = dict[str, Any]
"""A number by name, None where nothing was there to be measured."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one question.

    Attributes:
        asked: the question, and what answers it.
        ranked: ids of the articles found, best first, each once.
        quotes: what was quoted, the first first; also what would have been, when it is known.
        given: whether the answer was given.
        confidence: estimated probability that the articles answer.
    """

    asked: JudgedQuestion
    ranked: tuple[str, ...]
    quotes: tuple[Quote, ...]
    given: bool
    confidence: float

    @property
    def first_holds_span(self) -> bool:
        """Whether the first quote holds words that answer."""
        return any(_answers(quote, self.asked) for quote in self.quotes[:1])

    @property
    def any_holds_span(self) -> bool:
        """Whether one of the quotes does."""
        return any(_answers(quote, self.asked) for quote in self.quotes)

    @property
    def is_right(self) -> bool:
        """Whether the first quote answers, as far as is known."""
        if not self.asked.answerable:
            return False
        if self.asked.spans or self.asked.sentences:
            return self.first_holds_span
        return any(quote.article in self.asked.relevant for quote in self.quotes[:1])


def evaluate(
    assistant: Assistant,
    questions: Sequence[JudgedQuestion],
    k: int = 10,
    *,
    progress: Progress | None = None,
) -> Figures:
    """Ask every question and measure.

    Returns:
        The figures of `summarise`, and under "groups" those of each language and each kind of
        question, where there are several.
    """
    outcomes = []
    for number, asked in enumerate(questions, start=1):
        outcomes.append(observe(assistant, asked, k))
        if progress is not None:
            progress("eval", number, len(questions))
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for trait in ("language", "kind"):
        names = {getattr(outcome.asked, trait) for outcome in outcomes}
        for outcome in outcomes if len(names) > 1 else ():
            groups[f"{trait} {getattr(outcome.asked, trait) or 'not told'}"].append(outcome)
    figures = summarise(outcomes, k)
    if groups:
        figures["groups"] = {name: summarise(groups[name], k) for name in sorted(groups)}
    return figures


def observe(assistant: Assistant, asked: JudgedQuestion, k: int) -> Outcome:
    """Ask one question."""
    passages = assistant.retrieve(asked.question, k)
    answer = assistant.ask(asked.question)
    return Outcome(
        asked,
        tuple(dict.fromkeys(without_suffix(passage.article.id) for passage in passages)),
        tuple(
            Quote(without_suffix(citation.article.id), citation.quote)
            for citation in answer.citations
        ),
        answer.grounded,
        answer.confidence,
    )


def summarise(outcomes: Sequence[Outcome], k: int) -> Figures:
    """Turn outcomes into figures.

    Over the answerable questions how their articles were ranked, how many were refused wrongly,
    whether the first quote (any quote) holds words that answer, how long it is, and how many quotes
    come from a relevant article. Over all how many of the abstained are unanswerable, how well the
    confidence tells both apart (AUROC), how many of the answers given are wrong (risk), and the
    mean of that risk over all coverages. Over the unanswerable how many were abstained from.
    """
    found = [outcome for outcome in outcomes if outcome.asked.answerable]
    others = [outcome for outcome in outcomes if not outcome.asked.answerable]
    return {
        "questions": len(outcomes),
        "answerable": len(found),
        **rank_figures([(outcome.ranked, outcome.asked.relevant) for outcome in found], k),
        "refused": _mean([not outcome.given for outcome in found]),
        **_quote_figures([outcome for outcome in found if outcome.given], found),
        "abstention precision": _mean(
            [not outcome.asked.answerable for outcome in outcomes if not outcome.given]
        ),
        "auroc": auroc(
            [outcome.confidence for outcome in found], [outcome.confidence for outcome in others]
        ),
        "risk": _mean([not outcome.is_right for outcome in outcomes if outcome.given]),
        "area under risk": area_under_risk(risk_curve(outcomes)),
        "abstained": _mean([not outcome.given for outcome in others]),
    }


def rank_figures(rankings: Sequence[tuple[Sequence[str], frozenset[str]]], k: int) -> Figures:
    """Measure rankings, each with the articles that are relevant."""
    return {
        "success@1": _mean([success(*ranking, 1) for ranking in rankings]),
        "success@5": _mean([success(*ranking, 5) for ranking in rankings]),
        f"recall@{k}": _mean([recall(*ranking, k) for ranking in rankings]),
        f"mrr@{k}": _mean([reciprocal_rank(*ranking, k) for ranking in rankings]),
        f"ndcg@{k}": _mean([ndcg(*ranking, k) for ranking in rankings]),
    }


def risk_curve(outcomes: Sequence[Outcome]) -> list[tuple[float, float]]:
    """Return (coverage, risk) as answers are given in order of confidence."""
    answers = [(outcome.confidence, outcome.is_right) for outcome in outcomes if outcome.quotes]
    return risk_coverage(answers, len(outcomes))


def describe(figures: Figures) -> str:
    """Write figures for a terminal, each group under its name."""
    groups = figures.get("groups", {})
    lines = [_line(name, value) for name, value in figures.items() if name != "groups"]
    blocks = [f"\n{name}\n{describe(group)}" for name, group in groups.items()]
    return "\n".join([*lines, *blocks])


def _quote_figures(given: Sequence[Outcome], found: Sequence[Outcome]) -> Figures:
    """Measure the quotes of the answers given to the answerable questions `found`."""
    spanned = [outcome for outcome in found if outcome.asked.spans or outcome.asked.sentences]
    lengths = [len(outcome.quotes[0].text.split()) for outcome in given if outcome.quotes]
    cited = [
        quote.article in outcome.asked.relevant for outcome in given for quote in outcome.quotes
    ]
    return {
        "first quote holds the span": _mean(
            [outcome.given and outcome.first_holds_span for outcome in spanned]
        ),
        "any quote holds the span": _mean(
            [outcome.given and outcome.any_holds_span for outcome in spanned]
        ),
        "words of the first quote": median(lengths) if lengths else None,
        "citation precision": _mean(cited),
    }


def _answers(quote: Quote, asked: JudgedQuestion) -> bool:
    """Whether a quote holds words that answer, or is a part of a sentence that does."""
    words = " ".join(quote.text.split())
    part = any(
        sentence.article == quote.article and words in " ".join(sentence.text.split())
        for sentence in asked.sentences
    )
    return part or _holds(quote, [*asked.spans, *asked.sentences])


def _holds(quote: Quote, spans: Sequence[Quote]) -> bool:
    """Whether a quote holds one of the spans: not "3" within "1830", whatever the line breaks."""
    words = " ".join(quote.text.split())
    return any(
        span.article == quote.article
        and re.search(rf"(?<!\d){re.escape(' '.join(span.text.split()))}(?!\d)", words)
        for span in spans
    )


def _line(name: str, value: float | None) -> str:
    """Write one figure."""
    return f"{name:<28}{value:.3f}" if isinstance(value, float) else f"{name:<28}{value}"


def _mean(values: Sequence[float]) -> float | None:
    """Return the mean, or None of nothing."""
    return float(mean(values)) if values else None
