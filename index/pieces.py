"""Texts to the pieces of the default embedder's vocabulary: Unigram (Kudo 2018, arXiv 1804.10959).

The package `tokenizers` does the same, but plants a tree of 250,000 pieces at every start, which
takes longer than the first answer and 250 MB. Here they are put in order by their first letters,
and those that begin like a word are made when the first such word comes. Its normalisation and its
bookkeeping of offsets are used, and tests hold the pieces equal to its own.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.once import Once
from index.weights import Vocabulary, shared_weights

if TYPE_CHECKING:
    from tokenizers import Token

SPACE = "▁"
"""Stands for the space in front of a word."""

# what a character that no piece has costs beyond the rarest piece, as in SentencePiece
_UNKNOWN_COST = 10.0

# words come back; what is longer (text without spaces) seldom does, and would fill the memory
_WORDS_KEPT = 1 << 16
_LONGEST_KEPT = 32

# letters that pieces are put in order by: with one more, there are as many groups as pieces
_FIRST = 3
_LETTER_BITS = 21  # those of Unicode
_GROUPS_KEPT = 1 << 16

Piece = tuple[int, str]
"""Number in the vocabulary, and the letters."""


class _Group(NamedTuple):
    """The pieces that begin alike or are such a beginning: their places, and the longest."""

    places: dict[str, int]
    longest: int


class _Groups:
    """The pieces in order of their first letters."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Put the pieces of `vocabulary` in order."""
        keys = _keys(vocabulary)
        order = np.argsort(keys)
        # Python reads numbers one by one out of a view in a third of the time of an array
        self._keys = keys[order].data
        self._starts = vocabulary.places[order].data
        self._ends = vocabulary.places[order + 1].data
        self._text = vocabulary.text
        self.numbers = order.data
        self.scores = vocabulary.scores[order].data
        self.beginning = lru_cache(_GROUPS_KEPT)(self._find)

    def _find(self, beginning: str) -> _Group:
        """Find the pieces that begin so, if that is `_FIRST` letters, and those inside it."""
        key = 0
        for letter in beginning.ljust(_FIRST, "\0"):
            key = key << _LETTER_BITS | ord(letter)
        first = bisect_left(self._keys, key)
        last = bisect_right(self._keys, key, first)
        spans = zip(self._starts[first:last], self._ends[first:last], strict=True)
        found = {self._text[start:end]: first + n for n, (start, end) in enumerate(spans)}
        if len(beginning) > 1:
            found |= self.beginning(beginning[:-1]).places
        return _Group(found, max(map(len, found), default=1))


def _keys(vocabulary: Vocabulary) -> NDArray[np.int64]:
    """Return the first letters of each piece as one number; those that are missing are 0."""
    # behind the last piece stand as many letters as are read there
    text = vocabulary.text + "\0" * _FIRST
    letters = np.frombuffer(text.encode("utf-32-le"), dtype="<u4").astype(np.int64)
    starts, lengths = vocabulary.places[:-1], np.diff(vocabulary.places)
    keys = np.zeros(len(starts), dtype=np.int64)
    for place in range(_FIRST):
        keys <<= _LETTER_BITS
        keys += np.where(lengths > place, letters[starts + place], 0)
    return keys


class PieceTokenizer:
    """XLM-RoBERTa's: NMT and NFKC, words at spaces, the likeliest pieces of each word."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Look pieces up in `vocabulary`."""
        from tokenizers import Regex, normalizers, pre_tokenizers

        self.bos, self.eos = vocabulary.bos, vocabulary.eos
        self._unknown = vocabulary.unknown
        self._groups = _Groups(vocabulary)
        self._beginning = self._groups.beginning
        self._unknown_score = float(vocabulary.scores.min()) - _UNKNOWN_COST
        self._normalizer = normalizers.Sequence(
            [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
        )
        self._words = pre_tokenizers.Metaspace(prepend_scheme="always")
        self._kept = lru_cache(_WORDS_KEPT)(self._find_pieces)

    def ids(self, text: str) -> list[int]:
        """Return the numbers of the pieces of `text`, marks of beginning and end included."""
        normal = self._normalizer.normalize_str(text).replace(" ", SPACE)
        if normal and not normal.startswith(SPACE):
            normal = SPACE + normal
        words = [SPACE + word for word in normal.split(SPACE)[1:]]
        numbers = (number for word in words for number, _piece in self._pieces_of(word))
        return [self.bos, *numbers, self.eos]

    def ids_and_offsets(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """Return the pieces of `text` without marks, and the characters that each covers."""
        from tokenizers import PreTokenizedString

        parts = PreTokenizedString(text)
        parts.normalize(self._normalizer.normalize)
        self._words.pre_tokenize(parts)
        parts.tokenize(self._tokens)
        encoding = parts.to_encoding()
        return encoding.ids, encoding.offsets

    def _tokens(self, word: str) -> "list[Token]":
        """Return the pieces of a word as `tokenizers` counts them: by the bytes of UTF-8."""
        from tokenizers import Token

        tokens, start = [], 0
        for number, piece in self._pieces_of(word):
            end = start + len(piece.encode())
            tokens.append(Token(number, piece, (start, end)))
            start = end
        return tokens

    def _pieces_of(self, word: str) -> Sequence[Piece]:
        """Return the pieces of a word, from memory where it came before."""
        return self._kept(word) if len(word) <= _LONGEST_KEPT else self._find_pieces(word)

    def _find_pieces(self, word: str) -> Sequence[Piece]:
        """Find the likeliest pieces: for each place in the word, the best way there (Viterbi)."""
        best, origins = [0.0] + [float("-inf")] * len(word), [0] * (len(word) + 1)
        known = [True] * (len(word) + 1)
        for start in range(len(word)):
            for end, score in self._steps(word, start):
                if best[start] + score > best[end]:
                    best[end], origins[end] = best[start] + score, start
                    known[end] = score > self._unknown_score
        return self._trace(word, origins, known)

    def _steps(self, word: str, start: int) -> Iterator[tuple[int, float]]:
        """Yield the ends of the pieces that begin at a place, with their scores."""
        places, longest = self._beginning(word[start : start + _FIRST])
        for end in range(start + 1, min(start + longest, len(word)) + 1):
            place = places.get(word[start:end])
            if place is not None:
                yield end, self._groups.scores[place]
            elif end == start + 1:
                yield end, self._unknown_score

    def _trace(self, word: str, origins: Sequence[int], known: Sequence[bool]) -> Sequence[Piece]:
        """Follow the best way back; unknown characters beside each other are one piece."""
        found: list[str] = []
        end, before = len(word), True
        while end:
            start = origins[end]
            if known[end] or before:
                found.append(word[start:end])
            else:
                found[-1] = word[start:end] + found[-1]
            before, end = known[end], start
        return [(self._number(piece), piece) for piece in reversed(found)]

    def _number(self, piece: str) -> int:
        """Return the number of a piece."""
        place = self._beginning(piece[:_FIRST]).places.get(piece)
        return self._unknown if place is None else self._groups.numbers[place]


shared_tokenizer = Once(lambda: PieceTokenizer(shared_weights().vocabulary))
"""This process's tokenizer: embedder and reader have the same vocabulary."""
