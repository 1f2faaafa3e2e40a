"""What is searched: articles, chunks, vectors, terms and dates, joined by row."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache, partial

import numpy as np
from numpy.typing import NDArray

from index.articles import Columns, StoredArticles, StoredChunks
from index.chunk import embedded_text
from index.exact import articles_holding
from index.inventory import NO_INVENTORY
from index.lexical import LexicalIndex
from index.mentions import DateIndex
from index.near import NO_STORIES, Stories
from index.tokens import analyse
from index.types import Article, Chunk, Hit, Skipped, Vectors
from index.vectors import VectorIndex
from index.vocabulary import Vocabulary

# a filter stays while questions change; reading 10,000 articles for it takes a second
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
        chunks = self.chunks
        return (chunks if isinstance(chunks, StoredChunks) else StoredChunks.of(chunks)).rows

    @property
    def published(self) -> NDArray[np.int64]:
        """First and last day of publication of each article as ordinals, (0, 0) if not known."""
        return self.columns.published

    @cached_property
    def years(self) -> Sequence[int]:
        """Years in which something was published or dated, in order."""
        days = np.unique(self.published[:, 0])
        published = {date.fromordinal(day).year for day in days.tolist() if day}
        return sorted(published | set(self.dates.years()))

    def heads(self) -> Iterator[Article]:
        """Yield what is known of each article; the text may be empty."""
        if isinstance(self.articles, StoredArticles):
            return self.articles.heads()
        return iter(self.articles)

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

    def search_lexical(
        self, words: Sequence[Mapping[str, float]], k: int, rows: NDArray[np.int64] | None = None
    ) -> list[Hit]:
        """Find the `k` rows with the best BM25 score, among `rows` if given, best first.

        Args:
            words: for each word of the question, the terms it may have, with their weight.
            k: how many at most; rows without any of the words are never returned.
            rows: search these rows only.
        """
        scores = self.lexical.scores(words)
        candidates = np.flatnonzero(scores) if rows is None else rows[scores[rows] > 0]
        order = np.lexsort((candidates, -scores[candidates]))[:k]
        return [Hit(int(row), float(scores[row])) for row in candidates[order]]

    def score_lexical(
        self, words: Sequence[Mapping[str, float]], rows: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """Return the BM25 score of each of `rows`."""
        return self.lexical.scores(words)[rows]

    def words_held(
        self, words: Sequence[Mapping[str, float]], rows: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """Tell which of `rows` hold each word in any of its terms, shape (words, rows)."""
        return self.lexical.held(words, rows)

    def word_weights(self, words: Sequence[Mapping[str, float]]) -> NDArray[np.float32]:
        """Return the BM25 weight of each word (Lucene's idf), highest if no row holds it."""
        held = np.array([self.lexical.row_count(terms) for terms in words], dtype=np.float32)
        weights = np.log(1 + (len(self.chunks) - held + 0.5) / (held + 0.5))
        return np.asarray(weights, dtype=np.float32)

    def articles_holding(self, phrase: str) -> NDArray[np.bool_]:
        """Tell which articles hold a word or phrase as it is written, by position."""
        return self._holding(phrase)

    @cached_property
    def _holding(self) -> Callable[[str], NDArray[np.bool_]]:
        """Return what looks for a phrase, and remembers those it looked for last."""
        return lru_cache(_REMEMBERED_PHRASES)(partial(articles_holding, self.articles))

    def translate(self, vector: NDArray[np.float32], language: str) -> dict[str, float]:
        """Find the terms that mean nearly the same as a word of another language."""
        return self.vocabulary.translate(vector, language)


def lexical_terms(article: Article, chunk: Chunk) -> list[str]:
    """Return the terms of a chunk and its title: a name in the title finds the whole article."""
    return analyse(embedded_text(article, (chunk.start, chunk.end)), article.language)


def join(
    articles: Sequence[Article],
    chunks: Sequence[Chunk],
    vectors: Vectors,
    vocabulary: Vocabulary,
    embedder: str,
    model: str,
    skipped: Sequence[Skipped] = (),
) -> Store:
    """Index everything that is searched beside the vectors, and join it by row."""
    return Store(
        articles=articles,
        chunks=chunks,
        vectors=VectorIndex.build(vectors),
        lexical=LexicalIndex.build(
            [lexical_terms(articles[chunk.article], chunk) for chunk in chunks]
        ),
        dates=DateIndex.build(articles, chunks),
        vocabulary=vocabulary,
        embedder=embedder,
        model=model,
        skipped=skipped,
    )
