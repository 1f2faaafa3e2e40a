"""Whether the articles answer a question at all."""

from collections.abc import Sequence
from dataclasses import replace

from qa.calibration import Signals
from qa.evidence import depends_on_dates
from qa.extract import Sentence
from qa.retrieval import Query, Retrieved
from qa.settings import Settings
from qa.types import Question

# what a sentence can be seen to hold
_DEFINITE = ("person", "number", "date")


def least_date(query: Query, settings: Settings) -> float:
    """Return the date evidence from which a passage is of the days asked for.

    What was printed the day after may well be what is asked for ("what was signed on 12 May?"); to
    a question about the day alone it says nothing of that day.
    """
    return settings.published_after if query.has_content else settings.article_names_day


def of_the_days(
    sentences: Sequence[Sentence], query: Query, settings: Settings
) -> Sequence[Sentence]:
    """Return the sentences that may be quoted: of the days asked for, if any were."""
    if not depends_on_dates(query.question):
        return sentences
    least = least_date(query, settings)
    return [sentence for sentence in sentences if sentence.date >= least]


def estimate(
    query: Query, found: Retrieved, sentences: Sequence[Sentence], settings: Settings
) -> float:
    """Estimate how likely it is that the articles answer; a day alone is by its news.

    Args:
        query: the question.
        found: what was retrieved for it.
        sentences: those that may be quoted, best first.
        settings: how the probability follows from the signals.
    """
    if not sentences:
        return 0.0
    best = found.stretches[0]
    if not query.has_content:
        return best.date if best.date >= least_date(query, settings) else 0.0
    signals = measure_sentence(found.signals, sentences[0], query.question)
    if found.readings:
        fitted = settings.foreign_read if found.foreign else settings.native_read
        return fitted.probability(signals)
    fitted = settings.foreign if found.foreign else settings.native
    return fitted.probability(signals)


def measure_sentence(signals: Signals, sentence: Sentence, question: Question) -> Signals:
    """Add the signals of the sentence that would be quoted."""
    evidence = sentence.evidence
    return replace(
        signals,
        held=evidence.coverage,
        asks=float(question.expected in _DEFINITE),
        holds=float(evidence.expected),
        share=evidence.log_answer,
    )
