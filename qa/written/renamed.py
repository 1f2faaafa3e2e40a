"""Whether a name that a passage has in other words is the same, or took another one's place."""

from qa.types import Span
from qa.written.align import nearest_word
from qa.written.names import (
    NOUNS,
    SYLLABLES,
    Word,
    are_same_name,
    is_common,
    is_known_name,
    is_syllable,
    known_words,
    missing_names,
)
from qa.written.proof import Proof

# from so near on, a word without a capital is what the name was translated from
TRANSLATED = 0.40

# the same for a word that opens a sentence: any word may have a capital there
TRANSLATED_FIRST = 0.25

# the same in a language that writes every noun with a capital
TRANSLATED_NOUN = 0.15

# from so near on, another name stands in its place
REPLACED = 0.30


def is_said_otherwise(name: Word, text: str, language: str, proof: Proof) -> bool:
    """Whether a word with a capital may stand for what the proof says with another word.

    Args:
        name: the word, which the passages do not have as it is.
        text: of the sentence.
        language: of the sentence.
        proof: the sentence it is nearest to.
    """
    found = nearest_word(text, language, name.span, proof.text, proof.language)
    if found is None:
        return not name.sure
    span, near = found
    other = _whole(proof.text, span)
    if not name.sure:
        return near < REPLACED or not _is_other_name(name, other, text, language, proof)
    if is_known_name(name.text, language) or (language == proof.language and not name.opens):
        return False
    return near >= _least(name, language) and _may_be_no_name(other, language, proof.language)


def _least(name: Word, language: str) -> float:
    """Return how near the word must be that a word with a capital was translated from."""
    if language in NOUNS:
        return TRANSLATED_NOUN
    return TRANSLATED_FIRST if name.opens else TRANSLATED


def _may_be_no_name(other: str, language: str, of_proof: str) -> bool:
    """Whether a word of the proof may be written otherwise in another language."""
    if other[0].islower():
        return True
    if of_proof in SYLLABLES:  # "Giám lý" is "Methodist"
        return is_syllable(other) and not other.isascii()
    return language in NOUNS and is_common(other, of_proof)


def is_in_place_of_another(name: Word, text: str, language: str, proof: Proof) -> bool:
    """Whether a name takes the place of another one of the proof, which the sentence leaves out.

    Args:
        name: a word of the sentence that the proof does not have.
        text: of the sentence.
        language: of the sentence.
        proof: the sentence that says the same.
    """
    known = known_words([(text, language)])
    left = [other for other in missing_names(proof.text, proof.language, known) if other.sure]
    found = nearest_word(text, language, name.span, proof.text, proof.language)
    for other in left:
        if found is not None and _overlap(found[0], other.span):
            return True
        back = nearest_word(proof.text, proof.language, other.span, text, language)
        if back is not None and _overlap(back[0], name.span):
            return True
    return False


def _overlap(first: Span, second: Span) -> bool:
    """Whether two stretches share a character."""
    return first[0] < second[1] and second[0] < first[1]


def _whole(text: str, span: Span) -> str:
    """Return a word with what hyphens join to it."""
    start, end = span
    while start > 0 and (text[start - 1].isalnum() or text[start - 1] == "-"):
        start -= 1
    while end < len(text) and (text[end].isalnum() or text[end] == "-"):
        end += 1
    return text[start:end]


def _is_other_name(name: Word, other: str, text: str, language: str, proof: Proof) -> bool:
    """Whether the word of the proof is a name of its own, which the sentence left out."""
    if not other[0].isupper() or is_common(other, proof.language) or other in text:
        return False
    return not are_same_name(name.text, language, other, proof.language)
