"""Which articles hold which written words: few articles have to be read to find a phrase."""

from collections.abc import Mapping, Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.arrays import Data
from index.exact import articles_holding, needed_words, written_words
from index.postings import Postings
from index.runs import OldRows
from index.types import Article


class WrittenIndex:
    """The words of each article, without case and accents, as `exact.written_words` has them."""

    FILES = Postings.FILES

    def __init__(self, postings: Postings) -> None:
        """Take the words of the articles."""
        self._postings = postings

    @classmethod
    def build(
        cls,
        articles: Sequence[Article],
        before: "WrittenIndex | None" = None,
        same: OldRows | None = None,
    ) -> Self:
        """Index the words of titles and texts.

        Args:
            articles: by position; those that `before` holds are not read.
            before: the index of the build before.
            same: the position of each article in `before`, -1 where there is none.
        """
        known = before._postings if before is not None else None
        return cls(Postings.build(_Words(articles), known, same, counted=False))

    @classmethod
    def from_files(cls, length: int, files: Mapping[str, Data]) -> Self:
        """Read back what `to_files` returned of `length` articles.

        Raises:
            ValueError: if it is anything else.
        """
        return cls(Postings.from_files(length, files, counted=False))

    def to_files(self) -> dict[str, bytes]:
        """Return the words as files by name."""
        return self._postings.to_files()

    def check(self) -> None:
        """Read all of it.

        Raises:
            ValueError: if it is damaged.
        """
        self._postings.check()

    def holding(self, articles: Sequence[Article], phrase: str) -> NDArray[np.bool_]:
        """Tell which of the articles it was built of hold a phrase: see `articles_holding`."""
        return articles_holding(articles, phrase, self._candidates(needed_words(phrase)))

    def _candidates(self, words: set[str]) -> list[int] | None:
        """Return the articles that hold all the words; None for all articles."""
        found = [self._postings.held(word) for word in words]
        rows = [held.rows for held in found if held is not None]
        if len(rows) < len(words):
            return []
        rows.sort(key=len)
        if not rows:
            return None
        common = rows[0]
        for other in rows[1:]:
            common = np.intersect1d(common, other, assume_unique=True)
        return [int(position) for position in common]


class _Words(Sequence[Mapping[str, int]]):
    """The words of articles, collected when they are asked for."""

    def __init__(self, articles: Sequence[Article]) -> None:
        """Take the articles."""
        self._articles = articles

    def __len__(self) -> int:
        """Count the articles."""
        return len(self._articles)

    def __getitem__(self, position):  # type: ignore[no-untyped-def]  # noqa: ANN001,ANN204
        """Collect the words of an article."""
        article = self._articles[position]
        return dict.fromkeys(written_words(article.title) | written_words(article.text), 1)
