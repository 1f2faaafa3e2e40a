"""Which word of a text stands for which word of another, in the same language or not.

The encoder of the default embedder sees each word in its sentence; words of two languages that mean
the same come out near each other (Jalili Sabet et al. 2020, arXiv 2004.08728).
"""

import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from index.embed import DefaultEmbedder, open_embedder
from index.normal_form import normalise
from index.stopwords import STOP_WORDS
from index.tokens import stem
from qa.types import Span

_WORD = re.compile(r"[^\W_]+(?:['’](?=[^\W_]))?")

# a word with the same stem is the same word, wherever it stands
_SAME_STEM = 1.0


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text.

    Attributes:
        spans: where they stand.
        content: which of them carry content.
        stems: each without its ending.
        vectors: unit vectors, shape (words, dimension), each seen in its sentence.
        language: of the text.
    """

    spans: tuple[Span, ...]
    content: tuple[bool, ...]
    stems: tuple[str, ...]
    vectors: NDArray[np.float32]
    language: str

    def place(self, span: Span) -> int:
        """Return the place of the first word that ends behind the beginning of a stretch."""
        return next((n for n, (_start, end) in enumerate(self.spans) if end > span[0]), 0)


@lru_cache(maxsize=512)
def read_words(text: str, language: str) -> Words:
    """Cut a text into words and see each in its place."""
    embedder = open_embedder()
    assert isinstance(embedder, DefaultEmbedder)
    (tokens,) = embedder.embed_tokens([text])
    spans = tuple(match.span() for match in _WORD.finditer(text))
    vectors = np.zeros((len(spans), embedder.dimension), dtype=np.float32)
    for place, (start, end) in enumerate(spans):
        inside = (tokens.offsets[:, 0] < end) & (tokens.offsets[:, 1] > start)
        if inside.any():
            vectors[place] = tokens.states[inside].mean(axis=0)
    if spans:
        vectors -= vectors.mean(axis=0, keepdims=True)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
    lower = [normalise("NFC", text[slice(*span)]).lower().rstrip("'’") for span in spans]
    stop = STOP_WORDS.get(language, frozenset())
    return Words(
        spans,
        tuple(word not in stop and len(word) > 1 for word in lower),
        tuple(stem(word, language) for word in lower),
        vectors,
        language,
    )


def nearest_word(
    text: str, language: str, span: Span, proof: str, other: str
) -> tuple[Span, float] | None:
    """Return which word of a proof a word stands for, and how near the two are.

    Args:
        text: of the sentence.
        language: of the sentence.
        span: of the word.
        proof: a sentence that it cites.
        other: the language of that one.
    """
    words, others = read_words(text, language), read_words(proof, other)
    if not words.spans or not others.spans:
        return None
    near = others.vectors @ words.vectors[words.place(span)]
    best = int(np.argmax(near))
    return others.spans[best], float(near[best])


def similarity(first: Words, second: Words) -> NDArray[np.float32]:
    """Return how near each word of one text is to each of the other, shape (words, words)."""
    near = first.vectors @ second.vectors.T
    if first.language == second.language:
        same = np.array(first.stems)[:, None] == np.array(second.stems)[None, :]
        near = np.where(same, np.float32(_SAME_STEM), near)
    return near
