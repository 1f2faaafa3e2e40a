"""Whether the articles answer a question at all."""

from qa.retrieval import Query, Retrieved
from qa.settings import Settings


def least_date(query: Query, settings: Settings) -> float:
    """Return the date evidence from which a passage is of the days asked for.

    What was printed the day after may well be what is asked for ("what was signed on 12 May?"); to
    a question about the day alone it says nothing of that day.
    """
    return settings.published_after if query.has_content else settings.article_names_day


def estimate(query: Query, found: Retrieved, settings: Settings) -> float:
    """Estimate how likely it is that the best stretch answers; a day alone is by its news.

    Args:
        query: the question.
        found: what was retrieved for it.
        settings: how the probability follows from the signals.
    """
    if not found.stretches:
        return 0.0
    best = found.stretches[0]
    if not query.has_content:
        return best.date if best.date >= least_date(query, settings) else 0.0
    if found.readings:
        fitted = settings.foreign_read if found.foreign else settings.native_read
        return fitted.probability(found.signals)
    fitted = settings.foreign if found.foreign else settings.native
    return fitted.probability(found.signals)
