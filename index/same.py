"""What of a build before is still the same: articles by position, and their chunks by row."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.articles import StoredChunks, find_position
from index.types import Article, Chunk

Positions = NDArray[np.int64]


class Same(NamedTuple):
    """Where a build before holds the same.

    Attributes:
        articles: for each article, its position before; -1 where another text, title, language, day
            or furniture was there, or none.
        rows: for each row, its row before; -1 for all rows of an article that was another one, or
            cut in another way.
    """

    articles: Positions
    rows: Positions


class Changes(NamedTuple):
    """Articles of a build before that are not in this one, and of this one that were not."""

    gone: list[Article]
    new: list[Article]


def find_changes(
    old_articles: Sequence[Article], articles: Sequence[Article], same: Positions
) -> Changes:
    """Return the articles that are not the same as before; `same` is that of `Same.articles`."""
    gone = np.setdiff1d(np.arange(len(old_articles)), same)
    return Changes(
        [old_articles[position] for position in gone.tolist()],
        [articles[position] for position in np.flatnonzero(same < 0).tolist()],
    )


def find_same(
    old_articles: Sequence[Article],
    old_chunks: Sequence[Chunk],
    articles: Sequence[Article],
    chunks: Sequence[Chunk],
    taken: Positions | None = None,
) -> Same:
    """Find the articles and chunks of `old_articles` among `articles`; both in order of id.

    `taken` tells of each article which of the old ones it is a copy of; -1 where that is not known.
    """
    positions = np.full(len(articles), -1, dtype=np.int64) if taken is None else taken.copy()
    _find_articles(old_articles, articles, positions)
    return Same(positions, _find_rows(_spans(old_chunks), _spans(chunks), positions))


def _find_articles(
    old_articles: Sequence[Article], articles: Sequence[Article], positions: Positions
) -> None:
    """Fill in the old position of each article that has none, where it is the same one."""
    for position in np.flatnonzero(positions < 0).tolist() if len(old_articles) else ():
        article = articles[position]
        old = find_position(old_articles, article.id)
        if old is not None and _is_same(article, old_articles[old]):
            positions[position] = old


def _is_same(one: Article, other: Article) -> bool:
    """Whether all that is searched of two articles is the same."""
    return (
        one.text == other.text
        and one.title == other.title
        and one.language == other.language
        and one.published == other.published
        and one.furniture == other.furniture
    )


def _find_rows(old: Positions, new: Positions, same: Positions) -> Positions:
    """Find the chunks, given as (article, start, end) in order, of the articles that are the same.

    Args:
        old: those of before.
        new: those of now.
        same: the old position of each article.
    """
    before, first, count = same[new[:, 0]], *_rows_of(new[:, 0], len(same))
    old_first, old_count = _rows_of(old[:, 0], int(same.max(initial=-1)) + 1)
    rows = np.full(len(new), -1, dtype=np.int64)
    kept = np.flatnonzero(before >= 0)
    of_article, of_old = new[kept, 0], before[kept]
    kept = kept[count[of_article] == old_count[of_old]]
    of_article, of_old = new[kept, 0], before[kept]
    rows[kept] = old_first[of_old] + kept - first[of_article]
    moved = kept[(old[rows[kept], 1:] != new[kept, 1:]).any(axis=1)]
    rows[np.isin(new[:, 0], new[moved, 0])] = -1
    return rows


def _rows_of(positions: Positions, articles: int) -> tuple[Positions, Positions]:
    """Return the first row of each article, and how many rows it has; `positions` are in order."""
    firsts, ends = (
        np.searchsorted(positions, np.arange(articles), side=side) for side in ("left", "right")
    )
    return firsts, ends - firsts


def _spans(chunks: Sequence[Chunk]) -> Positions:
    """Return chunks as numbers, shape (rows, 3)."""
    return StoredChunks.of(chunks).rows.astype(np.int64)
