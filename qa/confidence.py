"""The signals that tell whether the best passage answers."""

from dataclasses import replace

import numpy as np

from qa.calibration import Signals
from qa.fuse import Scores
from qa.rerank import Ranked

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
    return replace(
        signals,
        relevance=reading.relevance,
        answer=max(likeliest, -20.0),
        rival=relevances[1] if len(relevances) > 1 else reading.relevance,
    )
