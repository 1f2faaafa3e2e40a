"""Whether a sentence denies what its proof says, or says what its proof denies."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from qa.written.align import Words, read_words, similarity
from qa.written.negations import Denial, find_denials
from qa.written.proof import Proof

# languages whose negations are known: between others, nothing is compared
_KNOWN = frozenset(["fr", "en", "vi"])

# words around a negation that tell what it denies, and how much less each step away counts
_AROUND = 5
_DECAY = 0.85

# from so near on, two negations deny the same
_SAME = 0.30

# from so near on, what a proof denies is told in the sentence
_TOLD = 0.45


def contradicted(text: str, language: str, proofs: Sequence[Proof]) -> Iterator[str]:
    """Yield the words of `text`, or of its proof, that deny what the other does not.

    Args:
        text: of the sentence, without marks.
        language: of the sentence.
        proofs: the sentences that it cites, the nearest first.
    """
    proof = proofs[0]
    if language not in _KNOWN or proof.language not in _KNOWN:
        return
    own, theirs = find_denials(text, language), find_denials(proof.text, proof.language)
    if not any(denial.sure for denial in (*own, *theirs)):
        return
    words, others = read_words(text, language), read_words(proof.text, proof.language)
    near = similarity(words, others)
    for denial in own:
        if denial.sure and not _is_answered(denial, words, theirs, others, near):
            yield denial.words
    for denial in theirs:
        if denial.sure and not _is_answered(denial, others, own, words, near.T):
            yield denial.words


def _is_answered(
    denial: Denial,
    words: Words,
    others: Sequence[Denial],
    their_words: Words,
    near: NDArray[np.float32],
) -> bool:
    """Whether the other text denies the same, or does not speak of it."""
    weights = _around(denial, words)
    told = (weights[:, None] * near).max(initial=0.0)
    if told < _TOLD:
        return False
    for other in others:
        if float((weights[:, None] * near * _around(other, their_words)[None, :]).max()) >= _SAME:
            return True
    return False


def _around(denial: Denial, words: Words) -> NDArray[np.float32]:
    """Return how much each word of a text tells what a negation denies."""
    place = words.place(denial.span)
    steps = np.abs(np.arange(len(words.spans)) - place)
    weights = np.where((steps > 0) & (steps <= _AROUND), _DECAY**steps, 0.0)
    return np.asarray(weights * np.array(words.content), dtype=np.float32)
