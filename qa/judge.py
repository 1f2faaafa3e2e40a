"""Whether the articles answer a question at all."""

from collections.abc import Set

from qa.retrieval import Query, Retrieved
from qa.settings import Settings


def estimate(query: Query, found: Retrieved, languages: Set[str], settings: Settings) -> float:
    """Estimate how likely it is that the best stretch answers; a day alone is by its news.

    Args:
        query: the question.
        found: what was retrieved for it.
        languages: of the articles.
        settings: how the probability follows from the signals.
    """
    if not found.stretches:
        return 0.0
    best = found.stretches[0]
    if not query.has_content:
        return best.date if best.date >= settings.published_after else 0.0
    support = settings.date_support * best.date
    native, foreign = settings.native, settings.foreign
    if found.readings:
        native, foreign = settings.native_read, settings.foreign_read
    probability = native.probability(found.signals, support)
    if query.question.language in languages:
        return probability
    # if the dictionary knows the question's words, they tell as much as in one's own tongue
    return max(probability, foreign.probability(found.signals, support))
