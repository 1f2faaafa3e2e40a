"""Texts to the pieces of the default embedder's vocabulary: Unigram (Kudo 2018, arXiv 1804.10959).

The package `tokenizers` does the same, but plants a tree of 250,000 pieces at every start, which
takes longer than the first answer and 250 MB; a dictionary takes a tenth of both. Its normalisation
and its bookkeeping of offsets are used here, and tests hold the pieces equal to its own.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

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

Piece = tuple[int, str]
"""Number in the vocabulary, and the letters."""


class PieceTokenizer:
    """XLM-RoBERTa's: NMT and NFKC, words at spaces, the likeliest pieces of each word."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Look pieces up in `vocabulary`."""
        from tokenizers import Regex, normalizers, pre_tokenizers

        self.bos, self.eos = vocabulary.bos, vocabulary.eos
        self._unknown = vocabulary.unknown
        self._numbers = dict(zip(vocabulary.pieces, range(len(vocabulary.pieces)), strict=True))
        self._scores = vocabulary.scores.tolist()
        self._unknown_score = float(vocabulary.scores.min()) - _UNKNOWN_COST
        self._longest = max(map(len, vocabulary.pieces))
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
        for end in range(start + 1, min(start + self._longest, len(word)) + 1):
            number = self._numbers.get(word[start:end])
            if number is not None:
                yield end, self._scores[number]
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
        return [(self._numbers.get(piece, self._unknown), piece) for piece in reversed(found)]


shared_tokenizer = Once(lambda: PieceTokenizer(shared_weights().vocabulary))
"""This process's tokenizer: embedder and reader have the same vocabulary."""
