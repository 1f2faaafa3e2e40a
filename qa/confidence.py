"""The signals that tell whether the best passage answers."""

import numpy as np

from qa.calibration import Signals
from qa.fuse import Candidates, Scores

# the fourth best rival: a few passages beside the answer speak of the same matter
_RIVAL = 4


def measure(candidates: Candidates, content: Scores, date_floor: float) -> Signals:
    """Measure the signals of the candidate whose content is best, of those of the days asked for.

    Args:
        candidates: what each side says of the rows.
        content: `score_content` of the candidates.
        date_floor: date evidence that makes a row one of the days asked for; where no row has it,
            or no date was asked for, all count.
    """
    if not len(content):
        return Signals(0.0, 0.0, 0.0)
    eligible = np.flatnonzero(candidates.of_the_days(date_floor))
    best = eligible[np.argmax(content[eligible])]
    rivals = np.sort(content[eligible][candidates.coverage[eligible] < candidates.coverage[best]])
    return Signals(
        above=float(candidates.dense[best] - np.median(candidates.dense)),
        coverage=float(candidates.coverage[best]),
        lead=float(content[best] - (rivals[-_RIVAL:][0] if len(rivals) else 0)),
    )
