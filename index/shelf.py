"""Articles as they come, in the very form in which a snapshot holds them.

What a build has read lies in files without a name, and is read from there by all later steps: an
article is in the memory while it is looked at. What a snapshot before holds is copied unread.
"""

from array import array
from collections import defaultdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.articles import (
    Columns,
    Labels,
    StoredArticles,
    check_of,
    files_of,
    head_of,
    labels_of,
    ordinals_of,
    text_of,
)
from index.disk import ScratchFile
from index.types import Article

_NEW = -1


class Shelf:
    """Articles that are added one after the other, in any order."""

    def __init__(self, folder: Path | None = None) -> None:
        """Begin without an article; the files lie on the disk of `folder`."""
        self._folder = folder
        self._heads, self._texts = ScratchFile(folder), ScratchFile(folder)
        self._places, self._numbers = array("q"), array("q")
        self._labels = tuple(_Labelling() for _ in range(4))
        self._ends = 0, 0
        self._taken = array("q")
        self._last_id = ""
        self._is_ordered = True

    def __len__(self) -> int:
        """Count the articles."""
        return len(self._taken)

    def add(self, article: Article) -> None:
        """Put an article behind the others."""
        head, text = head_of(article), text_of(article)
        self._write(head, text, check_of(head), check_of(text))
        self._numbers.extend((*ordinals_of(article.published), len(article.text)))
        for column, label in zip(self._labels, labels_of(article), strict=True):
            column.add(label)
        self._note(article.id, _NEW)

    def copy(self, stored: StoredArticles, position: int, article_id: str) -> None:
        """Put an article behind the others that a snapshot holds at a position."""
        head, text, checks = stored.record(position)
        self._write(head, text, *map(int, checks))
        columns = stored.columns
        self._numbers.extend(columns.published[position].tolist())
        self._numbers.append(int(columns.lengths[position]))
        for column, labels in zip(self._labels, columns.labels, strict=True):
            column.add(labels.text(position))
        self._note(article_id, position)

    def finish(self) -> tuple[StoredArticles, NDArray[np.int64]]:
        """Return the articles in order of id, and for each the position it was copied from, or -1.

        Nothing can be added any more.
        """
        places = np.array(self._places, dtype=np.int64).reshape(-1, 4)
        numbers = np.array(self._numbers, dtype=np.int64).reshape(-1, 3)
        columns = Columns(numbers[:, :2], numbers[:, 2], *(one.finish() for one in self._labels))
        files = files_of(self._heads.map(), self._texts.map(), places, columns)
        stored, taken = StoredArticles(files), np.array(self._taken, dtype=np.int64)
        return (stored, taken) if self._is_ordered else _in_order(stored, taken, self._folder)

    def _write(self, head: bytes, text: bytes, head_check: int, text_check: int) -> None:
        """Write the parts of an article, and where they end."""
        self._heads.append(head)
        self._texts.append(text)
        self._ends = self._ends[0] + len(head), self._ends[1] + len(text)
        self._places.extend((*self._ends, head_check, text_check))

    def _note(self, article_id: str, position: int) -> None:
        """Note where an article is from, and whether it stands in order."""
        self._taken.append(position)
        self._is_ordered = self._is_ordered and self._last_id < article_id
        self._last_id = article_id


class _Labelling:
    """A column of few different texts, as they come."""

    def __init__(self) -> None:
        """Begin with no text."""
        self._codes: defaultdict[str, int] = defaultdict(lambda: len(self._codes))
        self._column = array("i")

    def add(self, text: str) -> None:
        """Put a text at the end of the column."""
        self._column.append(self._codes[text])

    def finish(self) -> Labels:
        """Return the column, its texts sorted."""
        names = sorted(self._codes)
        order = np.empty(len(names), dtype=np.int32)
        order[[self._codes[name] for name in names]] = np.arange(len(names))
        return Labels(tuple(names), order[np.array(self._column, dtype=np.int32)])


def _in_order(
    stored: StoredArticles, taken: NDArray[np.int64], folder: Path | None
) -> tuple[StoredArticles, NDArray[np.int64]]:
    """Write articles once more, in order of id: records of one file come as it holds them."""
    ids = list(stored.ids())
    order = sorted(range(len(ids)), key=ids.__getitem__)
    shelf = Shelf(folder)
    for position in order:
        shelf.copy(stored, position, ids[position])
    ordered, _positions = shelf.finish()
    return ordered, taken[order]


def read_ids(stored: StoredArticles) -> dict[str, int]:
    """Return the position of each article by its id."""
    return {article_id: position for position, article_id in enumerate(stored.ids())}
