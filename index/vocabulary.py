"""The words of the articles as vectors: a dictionary from any language into theirs.

The embedder knows that "signed" is "signé" and "signature". The words of a question are looked up
among those of the articles, and the nearest stand beside them in the lexical search. On news
sentences asked of French passages (ntrex_fr, four fifths) this raised nDCG@10 of BM25 from .73 to
.90 for English and from .68 to .87 for Spanish; among French words, where the stems do most of the
work, from .801 to .806 (piaf_fr, four fifths).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from index.arrays import Data, array_bytes, read_array
from index.keeping import by_batches
from index.same import Changes
from index.tokens import stem
from index.types import Article, Embedder, Progress, Vectors
from index.word_counts import Word, WordCounts

# rarer words are seldom asked for, and each costs a millisecond of building and 400 bytes
MAX_WORDS = 40_000

_CHOSEN, _VECTORS, _UNITS = "chosen.npy", "vectors.npy", "units.npy"
_COLUMN = "<u4"

# whole numbers of a unit that each vector has for itself: half of float16, and the cosine of two
# words is off by 0.0002, seldom by 0.0007
_DTYPE = "|i1"
_UNIT = "<f2"
_LARGEST = 127

# words that are embedded and kept at once: half a second on two cores
_BATCH = 512

# words that are turned at once: what is multiplied next still lies in the cache of a core
_BLOCK = 256

_MAX_NEAREST = 8

Numbers = NDArray[np.int8]
Units = NDArray[np.float16]


class Nearness(NamedTuple):
    """How near a word must lie to stand for another, and how much less it then counts.

    e5 gives 0.9 to words that only look alike, so the least cosine is high; the weight falls from 1
    at cosine 1 by `discount` times the distance.
    """

    least_cosine: float
    discount: float


# to a word of another language: its translation seldom lies nearer
_FOREIGN = Nearness(0.91, 4.0)

# to a word of the same language, which finds itself anyway: only its derivations
_NATIVE = Nearness(0.93, 8.0)


class Vocabulary:
    """The content words of the articles, and the vectors of the most frequent ones."""

    FILES = tuple(sorted([*WordCounts.FILES, _CHOSEN, _VECTORS, _UNITS]))

    def __init__(
        self, counts: WordCounts, chosen: NDArray[np.uint32], numbers: Numbers, units: Units
    ) -> None:
        """Take all words, the columns of those that have a vector, and the vectors.

        Args:
            counts: all words.
            chosen: for each vector, the column of its word, in order.
            numbers: the vectors, each in units of its own; shape (words, dimension).
            units: of each vector.
        """
        self._counts = counts
        self._chosen = chosen
        self._numbers = numbers
        self._units = units

    @classmethod
    def of(cls, counts: WordCounts, vectors: Vectors) -> Self:
        """Take words and the vectors of the most frequent ones, in order of word."""
        return cls(counts, counts.most_frequent(MAX_WORDS), *_in_units(vectors))

    @classmethod
    def build(
        cls,
        articles: Iterable[Article],
        embedder: Embedder,
        before: "Vocabulary | None",
        progress: Progress | None = None,
        counted: "Vocabulary | None" = None,
        changes: Changes | None = None,
    ) -> Self:
        """Collect the words of the articles and embed those that `before` does not hold.

        Args:
            articles: all articles.
            embedder: embeds the new words.
            before: the vocabulary of a build before, by the same embedder.
            progress: told how far it is.
            counted: the vocabulary of the build before, by the same code.
            changes: the articles that changed since `counted`; all are read if left out.
        """
        counts = WordCounts.build(articles, counted._counts if counted else None, changes)
        chosen = counts.most_frequent(MAX_WORDS)
        words = counts.texts(chosen)
        old = before._rows_of(words) if before else np.full(len(words), -1)
        unknown = np.flatnonzero(old < 0)
        new = sorted({words[row] for row in unknown.tolist()})
        rows = {text: row for row, text in enumerate(new)}
        numbers = np.empty((len(words), embedder.dimension), dtype=np.int8)
        units = np.empty(len(words), dtype=np.float16)
        places = [rows[words[row]] for row in unknown.tolist()]
        fresh, fresh_units = _embed(new, embedder, progress)
        numbers[unknown], units[unknown] = fresh[places], fresh_units[places]
        if before is not None:
            known = np.flatnonzero(old >= 0)
            numbers[known], units[known] = before._numbers[old[known]], before._units[old[known]]
        return cls(counts, chosen, numbers, units)

    def _rows_of(self, words: Sequence[str]) -> NDArray[np.int64]:
        """Return for each word a row that holds its vector, -1 if none does."""
        rows = {text: row for row, text in enumerate(self._counts.texts(self._chosen))}
        return np.array([rows.get(word, -1) for word in words], dtype=np.int64)

    @classmethod
    def from_files(cls, files: Mapping[str, Data]) -> Self:
        """Read back what `to_files` returned; what is mapped stays where it is.

        Raises:
            ValueError: if it is anything else.
        """
        counts, chosen = WordCounts.from_files(files), read_array(files[_CHOSEN], _COLUMN)
        numbers = read_array(files[_VECTORS], _DTYPE, columns=0)
        units = read_array(files[_UNITS], _UNIT)
        if len(chosen) != len(numbers) or len(chosen) != min(len(counts), MAX_WORDS):
            raise ValueError(f"{len(counts)} words, and {len(numbers)} vectors of {len(chosen)}")
        if len(units) != len(numbers):
            raise ValueError(f"{len(numbers)} vectors, and {len(units)} units")
        return cls(counts, chosen, numbers, units)

    def to_files(self) -> dict[str, bytes]:
        """Return words and vectors as files by name."""
        return {
            _CHOSEN: array_bytes(self._chosen.astype(_COLUMN, copy=False)),
            _VECTORS: array_bytes(self._numbers.astype(_DTYPE, copy=False)),
            _UNITS: array_bytes(self._units.astype(_UNIT, copy=False)),
            **self._counts.to_files(),
        }

    def check(self) -> None:
        """Read all of it.

        Raises:
            ValueError: if it is damaged.
        """
        self._counts.check()
        if not np.array_equal(self._chosen, self._counts.most_frequent(MAX_WORDS)):
            raise ValueError("vectors of other words than the most frequent ones")

    @property
    def words(self) -> list[Word]:
        """The words that have a vector, in order."""
        return [self._word(row) for row in range(len(self._chosen))]

    @property
    def vectors(self) -> Vectors:
        """The vectors of `words`."""
        return self._numbers * self._units.astype(np.float32)[:, None]

    def vector_of(self, word: str) -> NDArray[np.float32] | None:
        """Return the vector of a word of any language, if it is among the most frequent ones."""
        for column in self._counts.columns_of(word):
            row = int(np.searchsorted(self._chosen, column))
            if row < len(self._chosen) and self._chosen[row] == column:
                return np.asarray(self._numbers[row] * np.float32(self._units[row]))
        return None

    def translate(self, vectors: Vectors, language: str) -> list[dict[str, float]]:
        """Find the terms that mean nearly the same as words.

        Args:
            vectors: the words, embedded as queries; float32, shape (words, dimension).
            language: the words' language.

        Returns:
            For each word, weights (0 to 1) by term of the lexical index; empty when none is near.
        """
        cosines = self._cosines(vectors)
        return [self._terms(of_word, language) for of_word in cosines]

    def _terms(self, cosines: NDArray[np.float32], language: str) -> dict[str, float]:
        """Return the terms of the words that are near enough, of the nearest ones."""
        near = np.flatnonzero(cosines >= _FOREIGN.least_cosine)
        order = np.argsort(-cosines[near], kind="stable")[:_MAX_NEAREST]
        terms: dict[str, float] = {}
        for row in near[order].tolist():
            word, cosine = self._word(row), float(cosines[row])
            nearness = _NATIVE if word.language == language else _FOREIGN
            if cosine >= nearness.least_cosine:
                weight = min(1.0, 1 - nearness.discount * (1 - cosine))
                terms.setdefault(stem(word.text, word.language), weight)
        return terms

    def _word(self, row: int) -> Word:
        """Return the word of a vector."""
        column = int(self._chosen[row])
        if column >= len(self._counts):
            raise ValueError("a word that is not there")
        return self._counts.word(column)

    def _cosines(self, vectors: Vectors) -> NDArray[np.float32]:
        """Return the cosine of each vector with every word, shape (vectors, words)."""
        cosines = np.empty((len(self._numbers), len(vectors)), dtype=np.float32)
        columns = np.ascontiguousarray(vectors.T)
        block = np.empty((_BLOCK, self._numbers.shape[1]), dtype=np.float32)
        for first in range(0, len(cosines), _BLOCK):
            part = self._numbers[first : first + _BLOCK]
            block[: len(part)] = part
            np.matmul(block[: len(part)], columns, out=cosines[first : first + len(part)])
        cosines *= self._units[:, None]
        return np.ascontiguousarray(cosines.T)


def _in_units(vectors: Vectors) -> tuple[Numbers, Units]:
    """Return vectors as whole numbers of a unit, and the unit of each."""
    largest = np.abs(vectors).max(axis=1, initial=0)
    units = (largest / np.float32(_LARGEST)).astype(np.float16)
    units[units == 0] = 1
    numbers = np.rint(vectors / units.astype(np.float32)[:, None])
    return np.clip(numbers, -_LARGEST, _LARGEST).astype(np.int8), units


def _embed(
    words: Sequence[str], embedder: Embedder, progress: Progress | None
) -> tuple[Numbers, Units]:
    """Embed words as queries, telling how far it is; return what `_in_units` returns."""
    numbers = np.empty((len(words), embedder.dimension), dtype=np.int8)
    units = np.empty(len(words), dtype=np.float16)
    batches = (words[first : first + _BATCH] for first in range(0, len(words), _BATCH))
    done = 0
    for place, vectors in by_batches(embedder).embed_query_batches(batches):
        batch = slice(place * _BATCH, place * _BATCH + len(vectors))
        numbers[batch], units[batch] = _in_units(vectors)
        done += len(vectors)
        if progress is not None:
            progress("words", done, len(words))
    return numbers, units
