"""Whether a sentence denies what its proof says, or says what its proof denies."""

import re
from collections.abc import Container, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from index.tokens import fold
from qa.written.align import Words, read_words, similarity
from qa.written.alike import are_cognate
from qa.written.negation_words import CONTRARY
from qa.written.negations import Denial, find_denials
from qa.written.proof import Proof

# languages whose negations are known: between others, nothing is compared
_KNOWN = frozenset(["fr", "en", "vi", "de", "es"])

# a word with the same stem is the same word, and as much a contrary
_THE_SAME = 0.99

# words around a negation that tell what it denies, and how much less each step away counts
_AROUND = 5
_DECAY = 0.85

# from so near on, two negations deny the same; a word that only may deny must be nearer
SURE = 0.20
QUIET = 0.50

# from so near on, a word stands for a contrary of the proof ("unknown"), and so many words around
# it tell whether it is denied
MEANT = 0.20
_BESIDE = 4
_CONTRARY = re.compile(CONTRARY, re.IGNORECASE)

# what a proof denies is told in a sentence that has most of the words around it
TOLD = 0.35
_TOLD_WORDS = 3


def contradicted(text: str, language: str, proofs: Sequence[Proof]) -> Iterator[str]:
    """Yield the words of `text`, or of its proof, that deny what the other does not.

    Each negation answers one other only: one more, or one less, is a change of sense.

    Args:
        text: of the sentence, without marks.
        language: of the sentence.
        proofs: the sentences that it cites, the nearest first.
    """
    proof = proofs[0]
    if language not in _KNOWN or proof.language not in _KNOWN:
        return
    own, theirs = find_denials(text, language), find_denials(proof.text, proof.language)
    if not theirs and not any(denial.sure for denial in own):
        return
    words, others = read_words(text, language), read_words(proof.text, proof.language)
    near = similarity(words, others)
    scores = _scores(own, words, theirs, others, near)
    answered, answering = _match(own, theirs, scores)
    yield from (d.words for n, d in enumerate(own) if d.sure and n not in answered)
    for place, denial in enumerate(theirs):
        if denial.sure and place not in answering and _is_told(denial, others, near.T):
            yield denial.words
    yield from _affirmed(text, words, own, theirs, answering, others, near)


def _affirmed(
    text: str,
    words: Words,
    own: Sequence[Denial],
    theirs: Sequence[Denial],
    answering: Container[int],
    others: Words,
    near: NDArray[np.float32],
) -> Iterator[str]:
    """Yield the contraries of a proof ("unknown") that the sentence says without denying them."""
    denied = [words.place(denial.span) for denial in own]
    for place, denial in enumerate(theirs):
        if denial.sure or place in answering or not _CONTRARY.fullmatch(denial.words):
            continue
        there = near[:, others.place(denial.span)]
        best = int(there.argmax()) if len(there) else 0
        if not len(there) or not MEANT <= there[best] < _THE_SAME:
            continue
        meant = fold(text[slice(*words.spans[best])].lower())
        if any(abs(one - best) <= _BESIDE for one in denied):
            continue
        if not are_cognate(meant, fold(denial.words.lower())):
            yield denial.words


def _scores(
    own: Sequence[Denial],
    words: Words,
    theirs: Sequence[Denial],
    others: Words,
    near: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Return how alike each two negations are: they themselves, and what stands around them."""
    scores = np.zeros((len(own), len(theirs)), dtype=np.float32)
    for row, denial in enumerate(own):
        around = _around(denial, words)[:, None] * near
        for column, other in enumerate(theirs):
            place, there = words.place(denial.span), others.place(other.span)
            beside = float((around * _around(other, others)[None, :]).max(initial=0.0))
            itself = float(words.vectors[place] @ others.vectors[there])
            scores[row, column] = (itself + beside) / 2
    return scores


def _match(
    own: Sequence[Denial], theirs: Sequence[Denial], scores: NDArray[np.float32]
) -> tuple[set[int], set[int]]:
    """Give each negation the one of the other text that it is most like, each only once."""
    answered: set[int] = set()
    answering: set[int] = set()
    for quiet, least in ((False, SURE), (True, QUIET)):
        pairs = [
            (float(scores[row, column]), row, column)
            for row, denial in enumerate(own)
            for column, other in enumerate(theirs)
            if (denial.sure and other.sure) != quiet and (denial.sure or other.sure)
        ]
        for score, row, column in sorted(pairs, reverse=True):
            if score >= least and row not in answered and column not in answering:
                answered.add(row)
                answering.add(column)
    return answered, answering


def _is_told(denial: Denial, words: Words, near: NDArray[np.float32]) -> bool:
    """Whether the other text has the words around a negation."""
    there = near.max(axis=1, initial=0.0)[_around(denial, words) > 0]
    nearest = np.sort(there)[::-1][:_TOLD_WORDS]
    return bool(len(nearest)) and float(nearest.mean()) >= TOLD


def _around(denial: Denial, words: Words) -> NDArray[np.float32]:
    """Return how much each word of a text tells what a negation denies."""
    place = words.place(denial.span)
    steps = np.abs(np.arange(len(words.spans)) - place)
    weights = np.where((steps > 0) & (steps <= _AROUND), _DECAY**steps, 0.0)
    return np.asarray(weights * np.array(words.content, dtype=np.float32), dtype=np.float32)
