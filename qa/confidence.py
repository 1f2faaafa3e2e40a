"""The signals that tell whether the best passage answers."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from qa.calibration import Signals
from qa.fuse import Candidates, Scores
from qa.rerank import Ranked

# the fourth best rival: a few passages beside the answer speak of the same matter
_RIVAL = 4

# where one side found nothing that stands out
_LEAST = 1e-3


def measure(found: Ranked, content: Scores, date_floor: float) -> tuple[Signals, bool]:
    """Measure the signals of the best candidate, of those of the days asked for.

    Args:
        found: the candidates, ranked.
        content: `score_content` of the candidates.
        date_floor: date evidence that makes a row one of the days asked for; where no row has it,
            or no date was asked for, all count.

    Returns:
        The signals, and whether that candidate is in the language of the question.
    """
    candidates = found.candidates
    if not len(candidates.rows):
        return Signals(), False
    eligible = np.flatnonzero(candidates.of_the_days(date_floor))
    ranking = found.scores if found.readings else content
    best = eligible[np.argmax(ranking[eligible])]
    middle = float(np.median(candidates.dense))
    above = float(candidates.dense[best]) - middle
    signals = Signals(
        above=above,
        coverage=float(candidates.coverage[best]),
        rarest=float(candidates.rarest[best]),
        agreement=max(
            0.0,
            min(
                above / max(float(candidates.dense[eligible].max()) - middle, _LEAST),
                float(candidates.lexical[best] / max(candidates.lexical[eligible].max(), _LEAST)),
            ),
        ),
        dated=float(candidates.dated),
        date=float(candidates.dates[best]),
        lead=_lead(int(best), eligible, content, candidates),
    )
    native = bool(candidates.native[best])
    reading = found.readings.get(int(candidates.rows[best]))
    if reading is None:
        return signals, native
    relevances = sorted((other.relevance for other in found.readings.values()), reverse=True)
    read = replace(
        signals,
        relevance=reading.relevance,
        rival=relevances[1] if len(relevances) > 1 else reading.relevance,
    )
    return read, native


def _lead(best: int, eligible: NDArray[np.int64], content: Scores, candidates: Candidates) -> float:
    """Return by how much the best candidate's content outscores that of the fourth best rival.

    A rival holds less of the question: several articles may tell the same. Where none holds less,
    all others are rivals; a candidate that is alone leads by nothing.
    """
    others = eligible[eligible != best]
    less = others[candidates.coverage[others] < candidates.coverage[best]]
    rivals = np.sort(content[less if len(less) else others])
    return float(content[best] - rivals[-_RIVAL:][0]) if len(rivals) else 0.0
