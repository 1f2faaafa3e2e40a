"""What answering asks of an index: the one place where another engine can take over."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.articles import Columns
from index.types import Article, Chunk, DateMention, DateRange, Hit, Vectors, YearlessRange

Rows = NDArray[np.int64]
Words = Sequence[Mapping[str, float]]
"""For each content word of a question, the terms it may have in the index, with their weight."""


class Dates(Protocol):
    """The date mentions of all rows."""

    def of_row(self, row: int) -> list[DateMention]:
        """Return the mentions that begin in a row."""

    def rows_naming(self, days: DateRange) -> Rows:
        """Return the rows that name days within `days`, each once, in order."""

    def rows_naming_yearless(self, days: YearlessRange) -> Rows:
        """Return the rows that name such days without any year known, each once, in order."""


class Matches(Protocol):
    """The rows that hold words of one question: looked up once, asked as often as needed."""

    @property
    def weights(self) -> NDArray[np.float32]:
        """How rare each word is: its BM25 weight, highest for a word no row holds."""

    def best(self, k: int, rows: Rows | None = None) -> list[Hit]:
        """Find the `k` rows with the best BM25 score, among `rows` if given, best first."""

    def scores(self, rows: Rows) -> NDArray[np.float32]:
        """Return the BM25 score of each of `rows`."""

    def held(self, rows: Rows) -> NDArray[np.bool_]:
        """Tell which of `rows` hold each word in any of its terms, shape (words, rows)."""


class Index(Protocol):
    """Articles, chunks, vectors, terms and dates, joined by row."""

    @property
    def name(self) -> str:
        """Name of the snapshot, another one for other articles; empty while in memory only."""

    @property
    def articles(self) -> Sequence[Article]:
        """Articles by position."""

    @property
    def chunks(self) -> Sequence[Chunk]:
        """Chunks by row."""

    @property
    def dates(self) -> Dates:
        """Dates by row."""

    @property
    def columns(self) -> Columns:
        """What is known of all articles, without reading them."""

    @property
    def languages(self) -> frozenset[str]:
        """Languages of the articles."""

    @property
    def years(self) -> Sequence[int]:
        """Years in which something was published or dated, in order."""

    @property
    def published(self) -> NDArray[np.int64]:
        """First and last day of publication by position, as ordinals; (0, 0) if not known."""

    @property
    def days(self) -> NDArray[np.int64]:
        """Single days that are named, or on which something was published, as ordinals in order."""

    def published_between(self, first: int, last: int) -> NDArray[np.int64]:
        """Return the positions of articles published between two days (ordinals, included)."""

    @property
    def article_of_row(self) -> Rows:
        """Position of each row's article."""

    def search_dense(
        self, vector: NDArray[np.float32], k: int, rows: Rows | None = None
    ) -> list[Hit]:
        """Find the `k` rows nearest to a unit vector, among `rows` if given, best first."""

    def score_dense(self, vector: NDArray[np.float32], rows: Rows) -> NDArray[np.float32]:
        """Return the cosine of each of `rows` with a unit vector."""

    def match_words(self, words: Words) -> Matches:
        """Find the rows that hold words of a question."""

    def articles_holding(self, phrase: str) -> NDArray[np.bool_]:
        """Tell which articles hold a word or phrase as it is written, by position."""

    def vector_of(self, word: str) -> NDArray[np.float32] | None:
        """Return a word, embedded as a question, if the index holds it so."""

    def translate(self, vectors: Vectors, language: str) -> list[dict[str, float]]:
        """Find the terms, with their weight, that mean nearly the same as each embedded word."""
