"""Which articles hold a word or a phrase as it is written.

The lexical index cannot tell: it keeps stems without accents, of words without their order.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index.normal_form import normalise
from index.tokens import UNSPACED
from index.types import Article

# letters whose accent Unicode does not part from them, ligatures, and signs that look alike
_ALIKE = {
    "đ": "d\u0335",
    "ħ": "h\u0335",
    "ł": "l\u0335",
    "ø": "o\u0338",
    "ŧ": "t\u0335",
    "œ": "oe",
    "æ": "ae",
    **dict.fromkeys("‘’ʼ", "'"),
    **dict.fromkeys("‐–—−", "-"),
    # nobody sees these, so nobody types them
    **dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff", ""),
}

# accents of Latin, Greek and Cyrillic, vowel points of Hebrew and Arabic: these may be left out
_ACCENT = "\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c7\u064b-\u0652\u0670"
# and these make another letter
_ANY_MARK = f"{_ACCENT}\u3099\u309a"

# a mark may stand alone, after a space
_LETTER = re.compile(rf"(?P<space>\s+)|(?P<base>[^\s{_ANY_MARK}])?(?P<marks>[{_ANY_MARK}]*)")

# nobody types a longer one, and to prepare it would take minutes
_MAX_PHRASE_CHARS = 2_000

# what people put around a phrase to say that they mean it exactly
_AROUND = " \t\r\n\"'“”„«»‹›‘’"


# a line without blanks is one word, and nobody looks for it
_MAX_WORD_CHARS = 40

_MARKS = re.compile(f"[{_ANY_MARK}]+")
_WORD = re.compile(r"\w+")
_UNSPACED_RUN = re.compile(f"{UNSPACED.pattern}+")


def articles_holding(
    articles: Sequence[Article], phrase: str, among: Iterable[int] | None = None
) -> NDArray[np.bool_]:
    """Tell which articles hold a word or a phrase in their title or text.

    Whole words, next to each other, whatever stands between them in the layout. Case is not
    heeded: a word that opens a sentence is the same word. A letter typed with its accent stands for
    itself alone, a letter typed without stands for those with one too ("asymmetric search" of
    Unicode Technical Standard 10): in Vietnamese the accents tell words apart ("ma", "má", "mạ"),
    and whoever types them means them; but many keyboards lack them, and capitals often go without.

    Args:
        articles: by position.
        phrase: a word or several; quotation marks around it are left out.
        among: positions of the articles to read, all of those that hold `needed_words` among them;
            None for all.

    Returns:
        By position of the article; all true for a phrase of nothing, none for one of more than
        2,000 characters.
    """
    if len(phrase) > _MAX_PHRASE_CHARS:
        return np.zeros(len(articles), dtype=bool)
    pattern = _pattern(phrase)
    found = np.zeros(len(articles), dtype=bool)
    for position in range(len(articles)) if among is None else among:
        article = articles[position]
        found[position] = bool(
            pattern.search(_comparable(article.title)) or pattern.search(_comparable(article.text))
        )
    return found


def written_words(text: str) -> set[str]:
    """Return the words of a text without case and accents, by which phrases are found.

    Where a script puts no spaces between words, they are its letters and its pairs of letters.
    """
    bare = _MARKS.sub("", _comparable(text))
    words = {word[:_MAX_WORD_CHARS] for word in _WORD.findall(bare) if not UNSPACED.search(word)}
    for run in _UNSPACED_RUN.findall(bare):
        words.update(run, map("".join, pairwise(run)))
    return words


def needed_words(phrase: str) -> set[str]:
    """Return those of the words of a phrase that every text has among its own which holds it.

    A word that may be part of a longer one is none of them, so there may be none at all.
    """
    text = _comparable(phrase.strip(_AROUND)).strip()
    bare = _MARKS.sub("", text)
    opens, closes = _edge(text[:1], before=True), _edge(_last(text), before=False)
    needed = {
        match.group()[:_MAX_WORD_CHARS]
        for match in _WORD.finditer(bare)
        if (match.start() or opens) and (match.end() < len(bare) or closes)
    }
    needed = {word for word in needed if not UNSPACED.search(word)}
    for run in _UNSPACED_RUN.findall(bare):
        needed.update(map("".join, pairwise(run)) if len(run) > 1 else run)
    return needed


def _pattern(phrase: str) -> re.Pattern[str]:
    """Return the pattern of a phrase in comparable text."""
    text = _comparable(phrase.strip(_AROUND)).strip()
    body = "".join(_letters(text))
    return re.compile(f"{_edge(text[:1], before=True)}{body}{_edge(_last(text), before=False)}")


def _letters(text: str) -> Iterator[str]:
    """Yield a pattern for each letter of a comparable phrase."""
    for match in _LETTER.finditer(text):
        if match["space"]:
            yield r"\s+"
        elif match["marks"]:
            yield re.escape((match["base"] or "") + match["marks"]) + f"(?![{_ANY_MARK}])"
        elif match["base"]:
            yield re.escape(match["base"]) + f"[{_ACCENT}]*+(?![{_ANY_MARK}])"


def _last(text: str) -> str:
    """Return the last letter of a comparable phrase, without its accents."""
    bases = [match["base"] for match in _LETTER.finditer(text) if match["base"]]
    return bases[-1] if bases else ""


def _edge(letter: str, *, before: bool) -> str:
    """Return the pattern of the edge of a word, where the script has one."""
    if not letter.isalnum() or UNSPACED.match(letter):
        return ""
    return rf"(?<![\w{_ANY_MARK}])" if before else r"(?!\w)"


def _comparable(text: str) -> str:
    """Return a text in lower case, each letter before its accents, one sign for those alike."""
    folded = normalise("NFKD", normalise("NFKD", text).casefold())
    for sign, alike in _ALIKE.items():
        folded = folded.replace(sign, alike)
    return folded
