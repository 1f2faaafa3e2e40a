"""Cut a text into words, numbers and marks, before any language gives them a meaning."""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from index.normal_form import normalise

_LETTER = r"[^\W\d_][\u0300-\u036f]*"
_SPACES = r"[ \u00a0\u202f]{0,3}"
_SPACED = "|".join(
    rf"\d{{1,2}}{_SPACES}{mark}{_SPACES}\d{{1,2}}{_SPACES}{mark}{_SPACES}\d{{4}}(?![.,:/‐-―-]?\d)"
    for mark in (r"\.", "/", "-")
)
"""A day in digits that OCR or a careful typesetter has set apart: "17. 11. 2021"."""

_LEXEME = re.compile(
    rf"""
      (\d{{4}}年\d{{1,2}}月\d{{1,2}}日)
    | ({_SPACED}
        | \d{{1,3}}(?:[ \u00a0\u202f]\d{{3}})+(?!\d)
        | \d+(?:[.,:/\-‐-―]\d+)*)
    | ((?:{_LETTER})+(?:['’ʼ](?=[^\W\d_])(?!s\b))?)
    | (\S)
    """,
    re.VERBOSE,
)
_SORTS = ("", "ideograph", "number", "word", "mark")

WIDEST_GAP = 8
"""Spaces that may stand inside an expression; OCR and justified text have several."""


# the longest of a date has 16 letters, each with its marks; `plain` remembers what it is asked
_LONGEST_WORD = 50


class Lexeme(NamedTuple):
    """A piece of the text: what kind of piece, where, as written, and whether it is glued on."""

    sort: str
    start: int
    end: int
    text: str
    glued: bool


def scan(text: str, known: Callable[[str], bool]) -> list[Lexeme]:
    """Cut `text` into lexemes.

    Of words in a row that are not `known`, only the first is kept: most of a text is no date.
    Wide gaps and blank lines become a lexeme of sort "break".
    """
    lexemes: list[Lexeme] = []
    end = 0
    skipping = False
    for match in _LEXEME.finditer(text):
        index = match.lastindex or 4
        start, before, end = match.start(), end, match.end()
        piece = match[index]
        if start - before > 1 and _breaks(text[before:start]):
            lexemes.append(Lexeme("break", before, start, "|", glued=False))
            skipping = False
        if index == 3 and (len(piece) > _LONGEST_WORD or not known(piece)):
            if skipping:
                continue
            skipping = True
        else:
            skipping = False
        lexemes.append(Lexeme(_SORTS[index], start, end, piece, start == before > 0))
    return lexemes


def _breaks(gap: str) -> bool:
    """Whether this white space ends an expression."""
    return len(gap) > WIDEST_GAP or gap.count("\n") > 1


@lru_cache(maxsize=1 << 16)
def plain(word: str) -> str:
    """Return `word` in lower case without accents, apostrophes straight."""
    if word.isascii():
        return word.lower()
    letters = normalise("NFKD", word.casefold())
    kept = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return kept.replace("đ", "d").replace("’", "'").replace("ʼ", "'")


@lru_cache(maxsize=1 << 16)
def accented(word: str) -> str:
    """Return `word` in lower case, accents kept and composed, apostrophes straight."""
    if word.isascii():
        return word.lower()
    letters = normalise("NFC", normalise("NFC", word).casefold())
    return letters.replace("’", "'").replace("ʼ", "'")
