"""Wire copies and updates of one story, told by the runs of words that two articles share.

Two articles tell one story when two in five of the five-word runs of the shorter one stand in the
other one too, accents, case, endings and punctuation aside. A copy shares nearly all of them, an
update that adds paragraphs all those of the first version, a cut version all of its own. Different
articles about one event share hardly any: 6 % at most among the sample articles, which tell of the
same visit, and 5 % among the 336 articles of `training/news`.
"""

from collections.abc import Sequence
from typing import Literal

from index.tokens import analyse
from index.types import Article

Version = Literal["copy", "version"]
Run = tuple[str, ...]

# Long enough that a name with its title is no run that different articles share.
_RUN_WORDS = 5
_SAME_STORY = 0.4
# What an editor of another house changes: the dateline, the signature, a word.
_SAME_TEXT = 0.9

# An answer has a handful of articles; a book among them must not keep its reader waiting.
_READ_CHARS = 20_000


def group_stories(articles: Sequence[Article]) -> list[list[Article]]:
    """Group articles that tell one story; groups and members keep the order they came in."""
    runs = [_runs(article) for article in articles]
    groups: list[list[int]] = []
    for place in range(len(articles)):
        related = [group for group in groups if _belongs(place, group, runs)]
        joined = sorted([place, *(member for group in related for member in group)])
        groups = [*(group for group in groups if group not in related), joined]
    return [[articles[place] for place in group] for group in sorted(groups)]


def compare(article: Article, lead: Article) -> Version:
    """Tell whether `article` has the very text of `lead` or is another version of it."""
    one, other = _runs(article), _runs(lead)
    alike = len(one & other) >= _SAME_TEXT * len(one | other)
    return "copy" if alike or article.text == lead.text else "version"


def _belongs(place: int, group: Sequence[int], runs: Sequence[set[Run]]) -> bool:
    """Whether the article at `place` tells the story of one in the group."""
    return any(_overlap(runs[place], runs[member]) >= _SAME_STORY for member in group)


def _overlap(one: set[Run], other: set[Run]) -> float:
    """Return the share of the shorter one's runs that the other has, 0 to 1."""
    shorter = min(len(one), len(other))
    return len(one & other) / shorter if shorter else 0.0


def _runs(article: Article) -> set[Run]:
    """Return the runs of words of an article's text; a shorter text is one run."""
    terms = analyse(article.text[:_READ_CHARS], article.language)
    starts = range(max(1, len(terms) - _RUN_WORDS + 1))
    return {tuple(terms[start : start + _RUN_WORDS]) for start in starts if terms}
