"""What is searched: articles, chunks, vectors, terms and dates, joined by row."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache, partial
from itertools import count
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from index.articles import Columns, StoredArticles, StoredChunks
from index.chunk import embedded_text
from index.crew import ALONE, Crew, weight_of_text
from index.inventory import NO_INVENTORY
from index.lazy import Lazy
from index.lexical import LexicalIndex, Matches, Words
from index.mentions import DateIndex
from index.near import NO_STORIES, Stories
from index.same import Same
from index.tokens import analyse
from index.types import Article, Chunk, Hit, Progress, Skipped, Vectors
from index.vectors import VectorIndex
from index.vocabulary import Vocabulary
from index.written import WrittenIndex

_Item = TypeVar("_Item")

# a filter stays while questions change; reading 10,000 articles for a frequent one takes seconds
_REMEMBERED_PHRASES = 256


@dataclass(frozen=True)
class Store:
    """A complete index in memory.

    Attributes:
        articles: in order of id.
        chunks: by row, in order of article and place.
        vectors: one a row.
        lexical: terms of each row.
        dates: dates named in each row.
        written: words as they are written in each article.
        vocabulary: the words of the articles, to translate a question's into.
        embedder: identity of the embedder that made the vectors.
        model: what `--model` was, to open the same embedder again.
        skipped: the files of the corpus that did not become an article, and why.
        stories: which articles tell one story.
        inventory: the files it was built from, as `index.inventory.Inventory` writes them.
        content: digest of what it says, of a snapshot that was opened; else empty.
        name: name of the snapshot it was opened from; empty while it is being built.
        is_checked: whether all its files were checked when it was opened.
        trouble: why it was opened although another snapshot is in force, and what mends it, as a
            sentence; None when all is well.
    """

    articles: Sequence[Article]
    chunks: Sequence[Chunk]
    vectors: VectorIndex
    lexical: LexicalIndex
    dates: DateIndex
    written: WrittenIndex
    vocabulary: Vocabulary
    embedder: str
    model: str
    skipped: Sequence[Skipped] = ()
    stories: Stories = field(default=NO_STORIES, compare=False)
    inventory: bytes = field(default=NO_INVENTORY, repr=False)
    content: str = field(default="", compare=False)
    name: str = field(default="", compare=False)
    is_checked: bool = field(default=True, compare=False)
    trouble: str | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        """Refuse parts of different lengths: a row would join what does not belong together."""
        lengths = (len(self.chunks), len(self.vectors), len(self.lexical))
        if len(set(lengths)) != 1:
            raise ValueError(f"chunks, vectors and postings have lengths {lengths}")

    @cached_property
    def columns(self) -> Columns:
        """What is known of all articles, without reading them."""
        if isinstance(self.articles, StoredArticles):
            return self.articles.columns
        return Columns.of(self.articles)

    @cached_property
    def languages(self) -> frozenset[str]:
        """Languages of the articles."""
        return frozenset(self.columns.languages.names)

    @cached_property
    def article_of_row(self) -> NDArray[np.int64]:
        """Position of each row's article, shape (rows,)."""
        return self.chunk_rows[:, 0].astype(np.int64)

    @cached_property
    def chunk_rows(self) -> NDArray[np.int32]:
        """Article, start and end of each chunk, shape (rows, 3)."""
        return StoredChunks.of(self.chunks).rows

    @property
    def published(self) -> NDArray[np.int64]:
        """First and last day of publication of each article as ordinals, (0, 0) if not known."""
        return self.columns.published

    @cached_property
    def days(self) -> NDArray[np.int64]:
        """Single days that are named, or on which something was published, as ordinals in order."""
        first, last = self.published.T
        named = np.array([day.toordinal() for day in self.dates.days()], dtype=np.int64)
        return np.asarray(np.union1d(first[(first == last) & (first > 0)], named))

    @cached_property
    def years(self) -> Sequence[int]:
        """Years in which something was published or dated, in order."""
        first = np.unique(self.published[:, 0]).tolist()
        published = {date.fromordinal(day).year for day in first if day}
        return sorted(published | set(self.dates.years()))

    def heads(self) -> Iterator[Article]:
        """Yield what is known of each article; the text may be empty."""
        if isinstance(self.articles, StoredArticles):
            return self.articles.heads()
        return iter(self.articles)

    def published_between(self, first: int, last: int) -> NDArray[np.int64]:
        """Return the positions of articles whose days of publication overlap those asked for.

        Args:
            first: the first day, as an ordinal.
            last: the last day, included.
        """
        order, firsts, latest = self._by_publication
        begin = int(np.searchsorted(latest, max(first, 1)))
        found = order[begin : np.searchsorted(firsts, last, side="right")]
        return np.asarray(found[self.published[found, 1] >= max(first, 1)])

    @cached_property
    def _by_publication(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Positions in order of the first day, these days, and the latest last day up to each."""
        order = np.argsort(self.published[:, 0], kind="stable")
        return order, self.published[order, 0], np.maximum.accumulate(self.published[order, 1])

    def search_dense(
        self, vector: NDArray[np.float32], k: int, rows: NDArray[np.int64] | None = None
    ) -> list[Hit]:
        """Find the `k` rows nearest to a unit vector, among `rows` if given, best first."""
        return self.vectors.search(vector, k, rows)

    def score_dense(
        self, vector: NDArray[np.float32], rows: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """Return the cosine of each of `rows` with a unit vector."""
        return np.asarray(self.vectors.vectors(rows) @ vector, dtype=np.float32)

    def match_words(self, words: Words) -> Matches:
        """Find the rows that hold words of a question.

        Args:
            words: for each word of the question, the terms it may have, with their weight.
        """
        return self.lexical.match(words)

    def articles_holding(self, phrase: str) -> NDArray[np.bool_]:
        """Tell which articles hold a word or phrase as it is written, by position."""
        return self._holding(phrase)

    @cached_property
    def _holding(self) -> Callable[[str], NDArray[np.bool_]]:
        """Return what looks for a phrase, and remembers those it looked for last."""
        return lru_cache(_REMEMBERED_PHRASES)(partial(self.written.holding, self.articles))

    def vector_of(self, word: str) -> NDArray[np.float32] | None:
        """Return a word, embedded as a question, if the articles say it often enough."""
        return self.vocabulary.vector_of(word)

    def translate(self, vectors: Vectors, language: str) -> list[dict[str, float]]:
        """Find the terms that mean nearly the same as each of a question's words."""
        return self.vocabulary.translate(vectors, language)


def _searched(article: Article, chunk: Chunk) -> tuple[str, str]:
    """Return a chunk and its title, and their language: a name in the title finds all chunks."""
    return embedded_text(article, (chunk.start, chunk.end)), article.language


def _terms(searched: tuple[str, str]) -> list[str]:
    """Analyse a text in its language."""
    return analyse(*searched)


def _weight_of(searched: tuple[str, str]) -> float:
    """Tell how much of an errand it is to analyse a text."""
    return weight_of_text(searched[0])


def join(
    articles: Sequence[Article],
    chunks: Sequence[Chunk],
    vectors: Vectors | VectorIndex,
    vocabulary: Vocabulary,
    embedder: str,
    model: str,
    skipped: Sequence[Skipped] = (),
    *,
    before: Store | None = None,
    same: Same | None = None,
    progress: Progress | None = None,
    crew: Crew = ALONE,
) -> Store:
    """Index everything that is searched beside the vectors, and join it by row.

    Args:
        articles: in order of id.
        chunks: in order of article and place.
        vectors: one a row, indexed or not.
        vocabulary: the words of the articles.
        embedder: identity of what made the vectors.
        model: what `--model` was.
        skipped: the files left out.
        before: a store made by this very code, to take over what is the same.
        same: where that holds the same articles and rows.
        progress: told how far each step is.
        crew: analyses the texts and finds the dates in them.
    """
    old = before if same is not None else None
    same_articles, same_rows = same if same is not None else (None, None)
    new_articles = _count_new(same_articles, articles)

    def told(step: str) -> Sequence[Article]:
        """Return the articles; each is asked for once, and told as done."""
        return _told(step, len(articles), articles.__getitem__, new_articles, progress)

    new = (chunks[row] for row in _new(same_rows, chunks))
    searched = (_searched(articles[chunk.article], chunk) for chunk in new)
    analysed = crew.in_order(_terms, searched, _weight_of)

    def terms(_row: int) -> list[str]:
        """Return the terms of the next new row: each is asked for once, in order."""
        return next(analysed)

    rows = _told("terms", len(chunks), terms, _count_new(same_rows, chunks), progress)
    return Store(
        articles=articles,
        chunks=chunks,
        vectors=vectors if isinstance(vectors, VectorIndex) else VectorIndex.build(vectors),
        lexical=LexicalIndex.build(rows, old.lexical if old else None, same_rows),
        dates=DateIndex.build(told("dates"), chunks, old.dates if old else None, same_rows, crew),
        written=WrittenIndex.build(told("spell"), old.written if old else None, same_articles),
        vocabulary=vocabulary,
        embedder=embedder,
        model=model,
        skipped=skipped,
    )


def _new(same: NDArray[np.int64] | None, items: Sequence[Any]) -> Iterator[int]:
    """Yield the places of the items that are not the same as before."""
    return iter(range(len(items)) if same is None else np.flatnonzero(same < 0).tolist())


def _count_new(same: NDArray[np.int64] | None, items: Sequence[Any]) -> int:
    """Count the items that are not the same as before."""
    return len(items) if same is None else int((same < 0).sum())


def _told(
    step: str,
    length: int,
    item: Callable[[int], _Item],
    total: int,
    progress: Progress | None,
) -> Sequence[_Item]:
    """Return items that are made when they are asked for, each told as done."""
    done = count(1)

    def tell(place: int) -> _Item:
        """Make an item."""
        if progress is not None:
            progress(step, next(done), total)
        return item(place)

    return Lazy(length, tell)
