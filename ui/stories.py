"""The articles of an answer, those that tell one story together; see `index/near.py`."""

from collections.abc import Sequence
from typing import Literal

from index.near import SAME_STORY, Run, overlap, word_runs
from index.types import Article

Version = Literal["copy", "version"]

# What an editor of another house changes: the dateline, the signature, a word.
_SAME_TEXT = 0.9


def group_stories(articles: Sequence[Article]) -> list[list[Article]]:
    """Group articles that tell one story; groups and members keep the order they came in."""
    runs = [word_runs(article) for article in articles]
    groups: list[list[int]] = []
    for place in range(len(articles)):
        related = [group for group in groups if _belongs(place, group, runs)]
        joined = sorted([place, *(member for group in related for member in group)])
        groups = [*(group for group in groups if group not in related), joined]
    return [[articles[place] for place in group] for group in sorted(groups)]


def compare(article: Article, lead: Article) -> Version:
    """Tell whether `article` has the very text of `lead` or is another version of it."""
    one, other = word_runs(article), word_runs(lead)
    alike = len(one & other) >= _SAME_TEXT * len(one | other)
    return "copy" if alike or article.text == lead.text else "version"


def _belongs(place: int, group: Sequence[int], runs: Sequence[set[Run]]) -> bool:
    """Whether the article at `place` tells the story of one in the group."""
    return any(overlap(runs[place], runs[member]) >= SAME_STORY for member in group)
