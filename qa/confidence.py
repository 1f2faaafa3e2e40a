"""The signals that tell whether the best passage answers."""

from collections.abc import Set
from typing import TYPE_CHECKING

import numpy as np

from qa.calibration import Signals
from qa.fuse import Scores
from qa.rerank import Ranked
from qa.settings import Settings

if TYPE_CHECKING:
    from qa.retrieval import Query, Retrieved

# the fourth best rival: a few passages beside the answer speak of the same matter
_RIVAL = 4


def measure(found: Ranked, content: Scores, date_floor: float) -> Signals:
    """Measure the signals of the best candidate, of those of the days asked for.

    Args:
        found: the candidates, ranked.
        content: `score_content` of the candidates.
        date_floor: date evidence that makes a row one of the days asked for; where no row has it,
            or no date was asked for, all count.
    """
    candidates = found.candidates
    if not len(candidates.rows):
        return Signals()
    eligible = np.flatnonzero(candidates.of_the_days(date_floor))
    ranking = found.scores if found.readings else content
    best = eligible[np.argmax(ranking[eligible])]
    rivals = np.sort(content[eligible][candidates.coverage[eligible] < candidates.coverage[best]])
    signals = Signals(
        above=float(candidates.dense[best] - np.median(candidates.dense)),
        coverage=float(candidates.coverage[best]),
        lead=float(content[best] - (rivals[-_RIVAL:][0] if len(rivals) else 0)),
    )
    reading = found.readings.get(int(candidates.rows[best]))
    if reading is None:
        return signals
    relevances = sorted((other.relevance for other in found.readings.values()), reverse=True)
    likeliest, _span = reading.answer_within((0, reading.length))
    return Signals(
        signals.above,
        signals.coverage,
        signals.lead,
        relevance=reading.relevance,
        answer=max(likeliest, -20.0),
        rival=relevances[1] if len(relevances) > 1 else reading.relevance,
    )


def estimate(query: "Query", found: "Retrieved", languages: Set[str], settings: Settings) -> float:
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
