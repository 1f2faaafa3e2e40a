"""How often the articles say each word, kept so that a build counts only what changed."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from index.arrays import Data, array_bytes, read_array
from index.same import Changes
from index.stopwords import STOP_WORDS
from index.terms import Terms
from index.tokens import split_words
from index.types import Article

_MIN_WORD_CHARS = 3

# a line without blanks is one word, however long, and the model would have to read it
_MAX_WORD_CHARS = 40

_COUNTS = "counts.npy"
_COUNT = "<u4"
_MOST = int(np.iinfo(np.uint32).max)


class Word(NamedTuple):
    """A lower-case word and the language of the articles it stands in."""

    text: str
    language: str


class WordCounts:
    """The content words of the articles, in order, and how often each is said."""

    FILES = tuple(sorted([*Terms.FILES, _COUNTS]))

    def __init__(self, words: Terms, counts: NDArray[np.uint32]) -> None:
        """Take words as `_encoded` writes them, and their counts."""
        self._words = words
        self._counts = counts

    @classmethod
    def of(cls, counts: Mapping[Word, int]) -> Self:
        """Take words and their counts; words that nobody says are left out."""
        return cls._of({_encoded(word): count for word, count in counts.items()})

    @classmethod
    def _of(cls, counts: Mapping[bytes, int]) -> Self:
        """Take words as `_encoded` writes them, and their counts."""
        words = sorted(word for word, count in counts.items() if count > 0)
        numbers = np.array([min(counts[word], _MOST) for word in words], dtype=np.uint32)
        return cls(Terms.of(words), numbers)

    @classmethod
    def build(
        cls,
        articles: Iterable[Article],
        before: "WordCounts | None" = None,
        changes: Changes | None = None,
    ) -> Self:
        """Count the words of the articles, or of those that are not the same as before."""
        if before is None or changes is None:
            return cls.of(count_words(articles))
        counts = Counter(dict(zip(before._words, before._counts.tolist(), strict=True)))
        for word, count in count_words(changes.new).items():
            counts[_encoded(word)] += count
        for word, count in count_words(changes.gone).items():
            counts[_encoded(word)] -= count
        return cls._of(counts)

    @classmethod
    def from_files(cls, files: Mapping[str, Data]) -> Self:
        """Read back what `to_files` returned; what is mapped stays where it is.

        Raises:
            ValueError: if it is anything else.
        """
        words, counts = Terms.from_files(files), read_array(files[_COUNTS], _COUNT)
        if len(words) != len(counts):
            raise ValueError(f"{len(words)} words and {len(counts)} counts")
        return cls(words, counts)

    def to_files(self) -> dict[str, bytes]:
        """Return words and counts as files by name."""
        counts = array_bytes(self._counts.astype(_COUNT, copy=False))
        return {_COUNTS: counts, **self._words.to_files()}

    def check(self) -> None:
        """Read all of it.

        Raises:
            ValueError: if it is damaged.
        """
        self._words.check()
        if not self._counts.all() or any(b"\0" not in word for word in self._words):
            raise ValueError("words that nobody says, or without a language")

    def __len__(self) -> int:
        """Count the words."""
        return len(self._words)

    def word(self, column: int) -> Word:
        """Return the word in a column."""
        text, _separator, language = self._words.encoded(column).decode().partition("\0")
        return Word(text, language)

    def columns_of(self, text: str) -> range:
        """Return the columns of a word, in all languages."""
        # the separator comes before all letters, and the next sign after it ends the languages
        begin, end = f"{text}\0".encode(), f"{text}\1".encode()
        return range(self._words.first_from(begin), self._words.first_from(end))

    def texts(self, columns: NDArray[np.uint32]) -> list[str]:
        """Return the words in some columns, many of them, without their languages."""
        words = list(self._words)
        return [words[column].partition(b"\0")[0].decode() for column in columns.tolist()]

    def most_frequent(self, most: int) -> NDArray[np.uint32]:
        """Return the columns of the words that are said most often, in order."""
        order = np.argsort(-self._counts.astype(np.int64), kind="stable")[:most]
        return np.sort(order).astype(np.uint32)


def count_words(articles: Iterable[Article]) -> Counter[Word]:
    """Count the content words of articles."""
    counts: Counter[Word] = Counter()
    for article in articles:
        stop_words = STOP_WORDS.get(article.language, frozenset())
        words = split_words(f"{article.title}\n{article.text}")
        counts.update(
            Word(word, article.language)
            for word in words
            if _MIN_WORD_CHARS <= len(word) <= _MAX_WORD_CHARS
            and word.isalpha()
            and word not in stop_words
        )
    return counts


def _encoded(word: Word) -> bytes:
    """Return a word and its language as one term; in this form words are in the same order."""
    return f"{word.text}\0{word.language}".encode()
