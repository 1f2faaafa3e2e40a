"""The words of the articles as vectors: a dictionary from any language into theirs.

The embedder knows that "signed" is "signé" and "signature". Words of a question in another language
are looked up among the words of the articles, and the nearest take their place in the lexical
search. On news sentences asked of French passages (ntrex_fr, four fifths) this raised nDCG@10 of
BM25 from .73 to .90 for English and from .68 to .87 for Spanish.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from index.stopwords import STOP_WORDS
from index.tokens import split_words, stem
from index.types import Article, Embedder, Progress, Vectors

# rarer words are seldom asked for, and each costs a millisecond of building and a kilobyte
_MAX_WORDS = 50_000

_MIN_WORD_CHARS = 3

# cosine below which two words are strangers: e5 gives 0.9 to words that only look alike
_MIN_COSINE = 0.91

# a translation counts less the further it lies: 1 at cosine 1, 0.64 at the least cosine
_DISCOUNT = 4.0

# inflected forms of one word lie this near to each other; what lies further is another word
_MAX_BEHIND_BEST = 0.03

_MAX_TRANSLATIONS = 8


class Word(NamedTuple):
    """A lower-case word and the language of the articles it stands in."""

    text: str
    language: str


@dataclass(frozen=True)
class Vocabulary:
    """The content words of the articles; row i of `vectors` belongs to `words[i]`."""

    words: Sequence[Word]
    vectors: Vectors

    @classmethod
    def build(
        cls,
        articles: Iterable[Article],
        embedder: Embedder,
        before: "Vocabulary | None",
        progress: Progress | None = None,
    ) -> Self:
        """Collect the words of the articles and embed those that `before` does not hold."""
        words = collect_words(articles)
        known = {word.text: row for row, word in enumerate(before.words)} if before else {}
        new = sorted({word.text for word in words} - known.keys())
        rows = {text: row for row, text in enumerate(new)}
        fresh = _embed(new, embedder, progress)
        vectors = np.empty((len(words), embedder.dimension), dtype=np.float32)
        for row, word in enumerate(words):
            if word.text in rows:
                vectors[row] = fresh[rows[word.text]]
            elif before is not None:
                vectors[row] = before.vectors[known[word.text]]
        return cls(words, vectors)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read back what `save` wrote."""
        records = json.loads((folder / "words.json").read_text(encoding="utf-8"))
        vectors = np.load(folder / "vectors.npy", allow_pickle=False).astype(np.float32)
        if len(records) != len(vectors):
            raise ValueError(f"{len(records)} words and {len(vectors)} vectors")
        return cls([Word(*record) for record in records], vectors)

    def save(self, folder: Path) -> None:
        """Write words and vectors (float16: a word's place needs no more) into a new folder."""
        folder.mkdir()
        (folder / "words.json").write_text(json.dumps(list(self.words)), encoding="utf-8")
        with (folder / "vectors.npy").open("wb") as file:
            np.save(file, self.vectors.astype(np.float16), allow_pickle=False)

    def translate(self, vector: NDArray[np.float32], language: str) -> dict[str, float]:
        """Find the terms of other languages that mean nearly the same as a word.

        Args:
            vector: the word, embedded as a query; float32, shape (dimension,).
            language: the word's language; its own words need no translation.

        Returns:
            Weights (0 to 1) by term of the lexical index; empty when no word is near.
        """
        cosines = self.vectors @ vector
        nearest = np.argsort(-cosines, kind="stable")[:_MAX_TRANSLATIONS]
        floor = max(_MIN_COSINE, float(cosines.max(initial=0)) - _MAX_BEHIND_BEST)
        terms: dict[str, float] = {}
        for row in nearest:
            word = self.words[row]
            if cosines[row] >= floor and word.language != language:
                weight = min(1.0, 1 - _DISCOUNT * (1 - float(cosines[row])))
                terms.setdefault(stem(word.text, word.language), weight)
        return terms


def collect_words(articles: Iterable[Article]) -> list[Word]:
    """Return the content words of the articles, the most frequent if there are too many, sorted."""
    counts: Counter[Word] = Counter()
    for article in articles:
        stop_words = STOP_WORDS.get(article.language, frozenset())
        words = split_words(f"{article.title}\n{article.text}")
        counts.update(
            Word(word, article.language)
            for word in words
            if len(word) >= _MIN_WORD_CHARS and word.isalpha() and word not in stop_words
        )
    frequent = sorted(counts, key=lambda word: (-counts[word], word))[:_MAX_WORDS]
    return sorted(frequent)


def _embed(words: Sequence[str], embedder: Embedder, progress: Progress | None) -> Vectors:
    """Embed words as queries, telling how far it is."""
    vectors = np.empty((len(words), embedder.dimension), dtype=np.float32)
    step = 256
    for first in range(0, len(words), step):
        batch = words[first : first + step]
        vectors[first : first + len(batch)] = embedder.embed_queries(batch)
        if progress is not None:
            progress("words", first + len(batch), len(words))
    return vectors
