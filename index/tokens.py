"""Text to the terms of the lexical index.

French first: elisions are cut (l', d', qu'), accents folded and words stemmed, so that "l'accord
signé" and "accords signés" meet. Names and numbers keep one form in every language.
"""

import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import dropwhile
from typing import Any

from index.normal_form import normalise
from index.stopwords import STOP_WORDS

# Snowball's stemmers (https://snowballstem.org) for the languages that have one
_STEMMERS = {
    "ar": "arabic",
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
}

_ELISIONS = frozenset(["c", "d", "j", "l", "m", "n", "s", "t", "qu"]) | frozenset(
    ["entr", "jusqu", "lorsqu", "presqu", "puisqu", "quelqu", "quoiqu"]
)

# letters that have no accent to take off
_FOLDED = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})

_WORD = re.compile(r"\w+(?:['’ʼ]\w+)*")
_APOSTROPHE = re.compile(r"['’ʼ]")
# scripts written without spaces between words
UNSPACED = re.compile("[฀-຿က-႟ក-៿぀-ヿ㐀-䶿一-鿿豈-﫿]")

# nobody searches for it, and it would sit in the vocabulary for ever
_MAX_TERM_CHARS = 40

# those of a large corpus; without an end, questions could fill the memory of a chat
_REMEMBERED_WORDS = 1 << 18

_local = threading.local()


def split_words(text: str) -> list[str]:
    """Cut `text` into lower-case words (NFC), elided articles and pronouns left out."""
    return _cut(_lower(text))


def _lower(text: str) -> str:
    """Return a text in the form in which words are compared (NFKC, lower case)."""
    return normalise("NFKC", text).lower()


def _cut(lower: str) -> list[str]:
    """Cut what `_lower` returned into words."""
    words: list[str] = []
    found: list[str] = _WORD.findall(lower)
    for word in found:
        if word.isalnum() and "ʼ" not in word:
            words.append(word)
        else:
            words.extend(_without_elisions(word))
    return words


def _without_elisions(word: str) -> Iterator[str]:
    """Yield the parts of a word between apostrophes, but for elided ones at its beginning."""
    *elided, last = _APOSTROPHE.split(word)
    # one kind of apostrophe is a letter, and may stand alone
    return filter(None, [*dropwhile(_ELISIONS.__contains__, elided), last])


def analyse(text: str, language: str) -> list[str]:
    """Turn an article's text into terms, in order.

    One term a word; pairs of characters where the script puts no spaces between words.
    """
    lower = _lower(text)
    words = _cut(lower)
    if UNSPACED.search(lower):
        words = [part for word in words for part in _parts(word)]
    return [stem(word, language) for word in words]


def analyse_query(
    text: str, language: str, corpus_languages: Iterable[str]
) -> list[dict[str, float]]:
    """Turn a question into its content words, each as the terms it may have in the corpus.

    Args:
        text: the question.
        language: its language, for the words that carry no content.
        corpus_languages: languages of the articles; a word is stemmed as each of them would.

    Returns:
        For each content word, in order and no word twice, its terms with their weight: all 1.
    """
    languages = {language, *corpus_languages}
    return [
        dict.fromkeys(sorted({stem(word, language) for language in languages}), 1.0)
        for word in content_words(text, language)
    ]


def content_words(text: str, language: str) -> list[str]:
    """Return the words of a question that are searched for, in order, no word twice."""
    stop_words = STOP_WORDS.get(language, frozenset())
    words = (word for word in split_words(text) if word not in stop_words)
    return list(dict.fromkeys(part for word in words for part in _parts(word)))


def stem(word: str, language: str) -> str:
    """Stem one lower-case word in `language`, then fold its accents."""
    # nobody writes the long ones twice, and they would fill the memory
    return (_stem if len(word) <= _MAX_TERM_CHARS else _stem.__wrapped__)(word, language)


@lru_cache(maxsize=_REMEMBERED_WORDS)
def _stem(word: str, language: str) -> str:
    """Stem one word."""
    stemmer = _stemmer(language)
    # a stemmer cuts "12e" and "covid19" at will: what holds a digit stays as it is, and so do pairs
    # of characters
    if stemmer is not None and word.isalpha() and not UNSPACED.search(word):
        word = stemmer.stemWord(word)
    return fold(word)[:_MAX_TERM_CHARS]


def fold(word: str) -> str:
    """Take accents off and spell ligatures out: "œuvrés" becomes "oeuvres"."""
    if word.isascii():
        return word
    decomposed = normalise("NFKD", word.translate(_FOLDED))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _parts(word: str) -> list[str]:
    """Cut a word of an unspaced script into overlapping pairs of characters."""
    if not UNSPACED.search(word):
        return [word]
    return [word[i : i + 2] for i in range(max(1, len(word) - 1))]


def _stemmer(language: str) -> Any:  # noqa: ANN401  the package has no types
    """Return this thread's stemmer for a language (they are not thread-safe), or None."""
    name = _STEMMERS.get(language)
    if name is None:
        return None
    stemmers = _local.__dict__.setdefault("stemmers", {})
    if name not in stemmers:
        import Stemmer

        stemmers[name] = Stemmer.Stemmer(name)
    return stemmers[name]
