"""Why the date of an article may be wrong, in a short English phrase.

A doubt changes nothing: the date stays that of the surest origin. It is there to be looked at.
"""

from datetime import timedelta

from index.types import DateRange

VAGUE_ORIGINS = frozenset({"document properties"})
"""What tells when a file was made rather than when its article appeared."""

AMBIGUOUS = "day and month may stand the other way round"
VAGUE = "tells when the file was made, which may not be when the article appeared"
BROAD = "only the year is known"

# Whoever types the year alone into a file means it.
_MEANT_ORIGINS = frozenset({"header", "front matter"})

_STAMPED_WITHIN = timedelta(days=7)
"""A text that is stamped, or opens with its date, appears within days of it."""

_WRITTEN_WITHIN = timedelta(days=183)
"""A day with its weekday and no year, as in "lundi 12 mai", lies within half a year."""


def doubt(
    published: DateRange,
    origin: str,
    *,
    is_ambiguous: bool = False,
    stamped: DateRange | None = None,
    proven: DateRange | None = None,
) -> str | None:
    """Return why a date may be wrong; None if nothing speaks against it.

    Args:
        published: the days of the article.
        origin: where they come from.
        is_ambiguous: whether day and month may stand the other way round.
        stamped: what a line of the text says that it was published on.
        proven: a day that the text speaks of as near.
    """
    reasons = []
    if is_ambiguous:
        reasons.append(AMBIGUOUS)
    if origin in VAGUE_ORIGINS:
        reasons.append(VAGUE)
    elif published.precision in ("year", "period") and origin not in _MEANT_ORIGINS:
        reasons.append(BROAD)
    for said, within in ((stamped, _STAMPED_WITHIN), (proven, _WRITTEN_WITHIN)):
        if said is not None and _gap(published, said) > within:
            reasons.append(f"the text tells {said}")
            break
    return "; ".join(reasons) or None


def _gap(one: DateRange, other: DateRange) -> timedelta:
    """Return the time between two ranges; nothing where they share a day."""
    return max(one.first - other.last, other.first - one.last, timedelta())
