"""The days that a sentence speaks of: those it names, or those around it."""

from collections.abc import Sequence

from index.types import Article, DateMention, DateRange
from qa.retrieval import Stretch
from qa.seam import Index
from qa.settings import Settings
from qa.types import Span


def mentions_of(stretch: Stretch, index: Index) -> list[DateMention]:
    """Return the dates named in a stretch, in order."""
    return [mention for row in range(*stretch.rows) for mention in index.dates.of_row(row)]


def matching_day(
    article: Article, span: Span, mentions: Sequence[DateMention], asked: Sequence[DateRange]
) -> DateRange | None:
    """Return the days by which a sentence agrees with those asked for, if it does.

    Those it names; else the last day named before it in its paragraph.
    """
    own = [mention for mention in mentions if span[0] <= mention.start < span[1]]
    for mention in own:
        if _is_asked(mention, asked):
            return mention.range
    before = _day_before(article, span, mentions)
    return before.range if before is not None and _is_asked(before, asked) else None


def date_agreement(
    article: Article,
    span: Span,
    mentions: Sequence[DateMention],
    day: DateRange | None,
    stretch: Stretch,
    other_day: float,
    settings: Settings,
) -> float:
    """Return how well the day a sentence speaks of agrees with those asked for, 0 to 1.

    That is the day it names; else the last one named before it in its paragraph; else that of its
    article, as far as the passage is evidence for it. `other_day` is what it returns of a sentence
    that speaks of another day.
    """
    if day is not None:
        return settings.names_day
    if _day_before(article, span, mentions) is not None:
        return other_day
    return min(stretch.date, settings.published_that_day)


def is_news_of(article: Article, asked: Sequence[DateRange]) -> bool:
    """Whether an article was published on the days asked for."""
    return article.published is not None and any(article.published.within(days) for days in asked)


def _day_before(
    article: Article, span: Span, mentions: Sequence[DateMention]
) -> DateMention | None:
    """Return the last single day that a paragraph names up to the end of a sentence."""
    paragraph = article.text.rfind("\n", 0, span[0])
    named = [
        mention for mention in mentions if paragraph < mention.start < span[1] and _is_day(mention)
    ]
    return named[-1] if named else None


def _is_day(mention: DateMention) -> bool:
    """Whether a mention names a single day, its year known."""
    return mention.range is not None and mention.range.precision == "day"


def _is_asked(mention: DateMention, asked: Sequence[DateRange]) -> bool:
    """Whether all days of a mention are asked for."""
    return mention.range is not None and any(mention.range.within(days) for days in asked)
