"""The articles of the snapshot in force as they are searched, sorted and listed."""

import threading
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from index.articles import date_origin
from index.store import Store
from index.tokens import fold
from index.types import Article

PAGE = 50
"""Articles listed at a time."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An article of the list.

    Attributes:
        article: the article; its text may be empty.
        chunks: how many it was cut into.
        sought: what a search looks through: title, file, source and author, folded.
    """

    article: Article
    chunks: int
    sought: str

    @property
    def origin(self) -> str:
        """Where its date came from."""
        return date_origin(self.article)


_Key = Callable[[Entry], Any]

SORTS: Mapping[str, _Key] = {
    "title": lambda entry: _folded(entry.article.title),
    "date": lambda entry: entry.article.published,
    "origin": lambda entry: entry.origin,
    "source": lambda entry: _folded(entry.article.source or ""),
    "language": lambda entry: entry.article.language,
    "chunks": lambda entry: entry.chunks,
}
"""What the list can be sorted by; equals come in the order of their files."""


class Catalogue:
    """The entries of a store, made once for each snapshot."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._lock = threading.Lock()
        self._known: tuple[str, tuple[Entry, ...]] | None = None

    def entries(self, store: Store) -> tuple[Entry, ...]:
        """Return the entries of a store, in the order of their files."""
        with self._lock:
            if self._known is None or self._known[0] != store.name:
                self._known = store.name, tuple(_entries(store))
            return self._known[1]


def choose(
    entries: Sequence[Entry],
    *,
    search: str = "",
    sort: str = "",
    descending: bool = False,
    undated: bool = False,
) -> list[Entry]:
    """Return the entries that hold every word of `search`, sorted.

    Args:
        entries: in the order of their files.
        search: words, or parts of words; accents and case aside.
        sort: one of `SORTS`; anything else is the order of the files.
        descending: the greatest first; what has no date comes last all the same.
        undated: only articles without a date.
    """
    sought = _folded(search).split()
    found = [
        entry
        for entry in entries
        if all(word in entry.sought for word in sought)
        and not (undated and entry.article.published is not None)
    ]
    key = SORTS.get(sort)
    if key is None:
        return found[::-1] if descending else found
    without = [entry for entry in found if key(entry) is None]
    rest = [entry for entry in found if key(entry) is not None]
    # equal ones stay in the order of their files
    return [*sorted(rest, key=key, reverse=descending), *without]


def _entries(store: Store) -> list[Entry]:
    """Return an entry for each article of a store."""
    counts = np.bincount(store.article_of_row, minlength=len(store.articles)).tolist()
    return [
        Entry(article, chunks, _sought(article))
        for article, chunks in zip(store.heads(), counts, strict=True)
    ]


def _sought(article: Article) -> str:
    """Return what a search looks through, with a line end between its parts: no word crosses it."""
    parts = (article.title, article.id, article.source or "", article.author or "")
    return "\n".join(_folded(part) for part in parts)


def _folded(text: str) -> str:
    """Return text without accents and case."""
    return " ".join(fold(word) for word in unicodedata.normalize("NFKC", text).lower().split())
