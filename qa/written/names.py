"""Whether the names of a written sentence stand in what it cites, in whatever language."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.normal_form import normalise
from index.pieces import shared_tokenizer
from index.stopwords import STOP_WORDS
from index.tokens import fold, stem
from index.weights import shared_weights
from qa.countries import no_names
from qa.types import Span
from qa.written.alike import are_alike, are_cognate, are_letters_of
from qa.written.concepts import LONGEST, all_concepts, concepts, is_body

_WORD = re.compile(r"[^\W\d_]+(?:[.’'-]?[^\W_]+)*")
_ELISION = re.compile(r"^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quelqu)['’]", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s?$")
_OPENS = re.compile(r"(?:^|[.!?:;…«»“”\"‘(\[–—•|]|^\s*[-*])\s*$")
_GAP = re.compile(r"[ \u00a0\u202f-]|\. ")

# before a name, and no part of it
_TITLES = frozenset(
    """m mm mme mlle mr mrs ms dr pr sir lord lady dame me st ste président présidente president
    ông bà anh chị cô""".split()
)

# a word is common if small letters are nearly as likely in it as its capital is, by the logarithms
# of the pieces of the vocabulary
_COMMON = -0.5
_MOST_PIECES = 2


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its capital.

    Attributes:
        text: without an elision before it and a possessive behind it.
        span: where it stands.
        opens: whether it opens a sentence, where every word has a capital.
    """

    text: str
    span: Span
    opens: bool


@dataclass(frozen=True, slots=True)
class Known:
    """The words of the cited passages.

    Attributes:
        words: without accents, and joined with the next one.
        stems: of the words, by language.
        meanings: what they name, whatever the language.
        languages: of the passages.
        capitals: the words with a capital as they are, for what is written nearly alike.
    """

    words: frozenset[str]
    stems: frozenset[str]
    meanings: frozenset[str]
    languages: frozenset[str]
    capitals: frozenset[str]


def known_words(texts: Sequence[tuple[str, str]]) -> Known:
    """Collect the words of some passages, given with their languages."""
    parts = [_known(text, language) for text, language in texts]
    return Known(
        frozenset().union(*(part.words for part in parts)),
        frozenset().union(*(part.stems for part in parts)),
        frozenset().union(*(part.meanings for part in parts)),
        frozenset(language for _text, language in texts),
        frozenset().union(*(part.capitals for part in parts)),
    )


@lru_cache(maxsize=256)
def _known(text: str, language: str) -> Known:
    """Collect the words of one passage."""
    words = [_bare(match[0]) for match in _WORD.finditer(text)]
    plain = [_fold(part) for word in words for part in [word, *re.split("[-’'.]", word)] if part]
    joined = [_fold(first + second) for first, second in zip(words, words[1:], strict=False)]
    return Known(
        frozenset([*plain, *joined, *(word.replace("-", "") for word in plain)]),
        frozenset(stem(normalise("NFC", word).lower(), language) for word in words),
        frozenset(all_concepts([part for word in words for part in _parts(word)], language)),
        frozenset([language]),
        frozenset(_fold(word) for word in words if word[:1].isupper()),
    )


def missing_names(
    text: str, language: str, known: Known, skip: Sequence[Span] = ()
) -> Iterator[str]:
    """Yield the names of `text` that the cited passages do not have.

    Args:
        text: of the sentence, without marks.
        language: of the sentence.
        known: the words of what it cites.
        skip: stretches that hold no names: dates.
    """
    for run in _runs(_capitals(text, skip), text):
        covered = _named_together(run, language, known)
        missing = [
            word
            for place, word in enumerate(run)
            if place not in covered and not _is_known(word, run, language, known)
        ]
        if missing:
            yield " ".join(word.text for word in missing)


def _capitals(text: str, skip: Sequence[Span]) -> Iterator[Word]:
    """Yield the words with a capital, but for those in `skip`."""
    for match in _WORD.finditer(text):
        bare = _bare(match[0])
        if not bare or not any(map(str.isupper, bare)):
            continue
        start = match.start() + match[0].find(bare)
        if any(first <= start < last for first, last in skip):
            continue
        before = text[max(0, match.start() - 4) : match.start()]
        opens = match.start() < 4 and not before.strip() or _OPENS.search(before) is not None
        yield Word(bare, (start, start + len(bare)), opens)


def _runs(words: Iterator[Word], text: str) -> Iterator[list[Word]]:
    """Yield the words with capitals that stand beside each other."""
    run: list[Word] = []
    for word in words:
        if run and not _GAP.fullmatch(text[run[-1].span[1] : word.span[0]]):
            yield run
            run = []
        run.append(word)
    if run:
        yield run


def _named_together(run: Sequence[Word], language: str, known: Known) -> set[int]:
    """Return the places in a run of words that are names the passages have in other words."""
    covered: set[int] = set()
    for start in range(len(run)):
        for end in range(start + 1, min(start + LONGEST, len(run)) + 1):
            parts = [part for word in run[start:end] for part in _parts(word.text)]
            joined = _fold("".join(parts))
            means = concepts(parts, language)
            if not known.meanings.isdisjoint(means) or (end > start + 1 and joined in known.words):
                covered.update(range(start, end))
    return covered


def _is_known(word: Word, run: Sequence[Word], language: str, known: Known) -> bool:
    """Whether the passages have a word, or it need not stand in them."""
    plain = _fold(word.text)
    if _stands(plain, known) or plain in _no_names():
        return True
    same = language in known.languages
    if same and stem(normalise("NFC", word.text).lower(), language) in known.stems:
        return True
    if word.opens and len(run) == 1 and is_common(word.text, language):
        return True
    if any(are_alike(plain, other) for other in known.capitals):
        return True
    if same:
        return plain in _TITLES
    return _is_translated(word, plain, language, known)


def _stands(plain: str, known: Known) -> bool:
    """Whether a word stands in the passages, or all of its parts do."""
    if plain in known.words or plain.removesuffix("s") in known.words:
        return True
    parts = [part for part in re.split("[-’'.]", plain) if len(part) > 1]
    return len(parts) > 1 and all(part in known.words for part in parts)


def _is_translated(word: Word, plain: str, language: str, known: Known) -> bool:
    """Whether a word may stand in a passage of another language under another form."""
    if word.text.isupper() and len(word.text) > 1:
        return any(are_letters_of(plain, other) for other in known.capitals)
    if language != "vi" and any(are_cognate(plain, other) for other in known.words):
        return True
    return is_common(word.text, language)


@lru_cache(maxsize=1 << 14)
def is_common(word: str, language: str) -> bool:
    """Whether a word with a capital is no name by itself: "However", "Minister", "Bộ"."""
    lower = normalise("NFC", word).lower()
    if lower in STOP_WORDS.get(language, frozenset()):
        return True
    if word.isupper() and len(word) > 1:
        return False
    tokenizer, scores = shared_tokenizer(), shared_weights().vocabulary.scores
    small, large = tokenizer.ids(lower)[1:-1], tokenizer.ids(word)[1:-1]
    if len(small) > _MOST_PIECES:
        return False
    difference = float(scores[small].sum() - scores[large].sum())
    return difference > _COMMON


def _bare(word: str) -> str:
    """Cut an elided article before a word, and a possessive behind it."""
    return _POSSESSIVE.sub("", _ELISION.sub("", word))


def _parts(word: str) -> list[str]:
    """Return the parts of a word with hyphens, for names that some write without."""
    return [part for part in re.split("[-]", word) if part]


def _fold(word: str) -> str:
    """Return a word as it is compared: small letters without accents."""
    return fold(normalise("NFC", word).lower())


@lru_cache(maxsize=1)
def _no_names() -> frozenset[str]:
    """Return what has a capital and is no name: months, weekdays, titles."""
    return frozenset(_fold(word) for word in no_names()) | frozenset(map(_fold, _TITLES))
