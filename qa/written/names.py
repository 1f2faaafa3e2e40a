"""Whether the names of a written sentence stand in what it cites, in whatever language."""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from index.normal_form import normalise
from index.pieces import shared_tokenizer
from index.stopwords import STOP_WORDS
from index.tokens import fold, stem
from index.weights import shared_weights
from qa.types import Span
from qa.written.alike import are_alike, are_cognate, are_letters_of
from qa.written.concepts import LONGEST, all_concepts, concepts

_WORD = re.compile(r"[^\W\d_]+(?:[.’'-]?[^\W_]+)*")
_ELISION = re.compile(r"^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quelqu)['’]", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’](?:s|re|ve|ll|d|m|t)?$")
_OPENS = re.compile(r"[\n.!?:;…«“”„‚¿¡\"'‘’(\[–—•|]\s*$|\n\s*[-*]\s*$")
_LAST_WORD = re.compile(r"([^\W\d_]+)[ \u00a0]$")
_GAP = re.compile(r"[ \u00a0\u202f-]|\. ")

# before a name, and no part of it
_TITLES = frozenset(
    [
        "m",
        "mm",
        "mme",
        "mlle",
        "mr",
        "mrs",
        "ms",
        "dr",
        "pr",
        "sir",
        "lady",
        "dame",
        "me",
        "st",
        "ste",
        "president",
        "presidente",
        "ong",
        "ba",
        "anh",
        "chi",
        "co",
        "i",
        "bst",
        "gmt",
        "utc",
        "est",
        "pst",
        "cet",
        "ad",
        "bc",
        "am",
        "pm",
        "ceo",
        "pdg",
        "ok",
        "herr",
        "herrn",
        "frau",
        "sr",
        "sra",
        "don",
        "dona",
    ]
)

# what is known by all its forms, beside the codes of countries
_WITH_FORMS = frozenset(["name", "city", "language"])

# languages that write their words in syllables, of which the first may have a capital
SYLLABLES = frozenset(["vi"])
_SYLLABLE = re.compile(
    r"(?:ngh?|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdghklmnprstvx])?[aeiouy]{1,3}(?:ng|nh|ch|[cmnpt])?"
)

# languages that write every noun with a capital, and join nouns by hyphens
NOUNS = frozenset(["de"])
_PART = re.compile(r"[^\W\d_]+(?:[.’'][^\W_]+)*")

# what stands for the name of a currency
_CURRENCIES = {"$": "usd", "€": "eur", "£": "gbp"}

# a word is common if small letters are nearly as likely in it as its capital is, by the logarithms
# of the pieces of the vocabulary
_COMMON = 0.0
# any word may open a sentence
_COMMON_FIRST = -1.5


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its capital.

    Attributes:
        text: without an elision before it and a possessive behind it.
        span: where it stands.
        opens: whether it opens a sentence, where every word has a capital.
        before: the word in small letters that stands before it.
        sure: whether it must stand in a passage; else only what it takes the place of tells.
    """

    text: str
    span: Span
    opens: bool
    before: str = ""
    sure: bool = True


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
    joined = [_fold(first + second) for first, second in itertools.pairwise(words)]
    signs = [name for sign, name in _CURRENCIES.items() if sign in text]
    return Known(
        frozenset([*plain, *joined, *signs, *(word.replace("-", "") for word in plain)]),
        frozenset(stem(normalise("NFC", word).lower(), language) for word in words),
        frozenset(all_concepts([part for word in words for part in _parts(word)], language)),
        frozenset([language]),
        frozenset(_fold(word) for word in words if word[:1].isupper()),
    )


def missing_names(
    text: str, language: str, known: Known, skip: Sequence[Span] = ()
) -> Iterator[Word]:
    """Yield the words of names of `text` that the cited passages do not have as they are.

    Those are not `sure` that the passages may have in another language or form.

    Args:
        text: of the sentence, without marks.
        language: of the sentence.
        known: the words of what it cites.
        skip: stretches that hold no names: dates.
    """
    for run in _runs(_capitals(text, language, skip), text):
        covered = _named_together(run, language, known)
        for place, word in enumerate(run):
            if place in covered:
                if language in known.languages and not _stands(_fold(word.text), known):
                    yield replace(word, sure=False)
                continue
            if _is_known(word, language, known):
                continue
            translated = language not in known.languages and _is_no_name(word, len(run), language)
            if not translated:
                yield word
            elif not word.opens and language not in SYLLABLES:
                yield replace(word, sure=False)


def _capitals(text: str, language: str, skip: Sequence[Span]) -> Iterator[Word]:
    """Yield the words with a capital, but for those in `skip`."""
    for match in (_PART if language in NOUNS else _WORD).finditer(text):
        bare = _bare(match[0])
        if not bare or not any(map(str.isupper, bare)):
            continue
        start = match.start() + match[0].find(bare)
        if any(first <= start < last for first, last in skip):
            continue
        before = text[max(0, match.start() - 20) : match.start()]
        opens = _OPENS.search(before if match.start() > 20 else f"\n{before}") is not None
        last = _LAST_WORD.search(before)
        yield Word(bare, (start, start + len(bare)), opens, last[1] if last else "")


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
    start = 0
    while start < len(run):
        for end in range(min(start + LONGEST, len(run)), start, -1):
            parts = [part for word in run[start:end] for part in _parts(word.text)]
            means = concepts(parts, language) | concepts([run[start].before, *parts], language)
            joined = len(parts) > 1 and _fold("".join(parts)) in known.words
            if joined or not known.meanings.isdisjoint(means):
                covered.update(range(start, end))
            # "North America" is not known by "North" and "America" apart
            if joined or (means and (end > start + 1 or covered)):
                break
        start = end
    return covered


def _is_known(word: Word, language: str, known: Known) -> bool:
    """Whether the passages have a word, or it need not stand in them."""
    plain = _fold(word.text)
    if _stands(plain, known) or plain in _TITLES:
        return True
    if word.opens and plain in _folded_stop_words(language):
        return True
    if is_known_name(word.text, language):
        return False
    same = language in known.languages
    if same and stem(normalise("NFC", word.text).lower(), language) in known.stems:
        return True
    if word.opens and is_common(word.text, language, least=_COMMON_FIRST):
        return True
    if any(are_alike(plain, other) for other in known.capitals):
        return True
    return not same and _is_translated(word, plain, known)


def _stands(plain: str, known: Known) -> bool:
    """Whether a word stands in the passages, or all of its parts do."""
    if not known.words.isdisjoint([plain, plain.removesuffix("s"), plain.replace(".", "")]):
        return True
    parts = [part for part in re.split("[-’'.]", plain) if len(part) > 1]
    return parts not in ([], [plain]) and all(part in known.words for part in parts)


def _is_no_name(word: Word, beside: int, language: str) -> bool:
    """Whether a word with a capital may be one that another language writes without."""
    if language in SYLLABLES:
        if not is_syllable(word.text):
            return False
        if beside == 1 and not word.text.isascii():
            return True
    return not is_known_name(word.text, language) and is_common(word.text, language)


def is_syllable(word: str) -> bool:
    """Whether a word may be a Vietnamese one: all others are names from elsewhere."""
    return _SYLLABLE.fullmatch(_fold(word)) is not None


def _is_translated(word: Word, plain: str, known: Known) -> bool:
    """Whether a word may stand in a passage of another language under another form."""
    if word.text.isupper() and len(word.text) > 1:
        return any(are_letters_of(plain, other) for other in known.capitals)
    return plain.isascii() and any(are_cognate(plain, other) for other in known.words)


@lru_cache(maxsize=1 << 14)
def is_common(word: str, language: str, *, least: float = _COMMON) -> bool:
    """Whether a word with a capital is no name by itself: "However", "Minister", "Bộ"."""
    lower = normalise("NFC", word).lower()
    if lower in STOP_WORDS.get(language, frozenset()):
        return True
    if word.isupper() and len(word) > 1:
        return False
    tokenizer, scores = shared_tokenizer(), shared_weights().vocabulary.scores
    small, large = tokenizer.ids(lower)[1:-1], tokenizer.ids(word)[1:-1]
    return len(small) == 1 and float(scores[small].sum() - scores[large].sum()) > least


@cache
def _folded_stop_words(language: str) -> frozenset[str]:
    """Return the words of a language that carry no content, as they are compared."""
    return frozenset(map(_fold, STOP_WORDS.get(language, ())))


def _bare(word: str) -> str:
    """Cut an elided article before a word, and a possessive behind it."""
    return _POSSESSIVE.sub("", _ELISION.sub("", word))


def _parts(word: str) -> list[str]:
    """Return the parts of a word with hyphens, for names that some write without."""
    return [part for part in re.split("[-]", word) if part]


def is_known_name(word: str, language: str) -> bool:
    """Whether a word is the name of a nation or a city, whose forms are all known."""
    means = concepts(_parts(word), language)
    return any(concept.isupper() or concept.partition(" ")[0] in _WITH_FORMS for concept in means)


def are_same_name(first: str, language: str, second: str, other: str) -> bool:
    """Whether two words of two texts are one name, or mean the same."""
    plain, others = _fold(first), _fold(_bare(second))
    means = concepts(_parts(first), language)
    if plain == others or are_alike(plain, others) or are_cognate(plain, others):
        return True
    return not means.isdisjoint(concepts(_parts(_bare(second)), other))


def _fold(word: str) -> str:
    """Return a word as it is compared: small letters without accents."""
    return fold(normalise("NFC", word).lower())
