"""Cut a text into words, numbers and marks, without knowing its language."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

_LETTER = r"[^\W\d_][\u0300-\u036f]*"
_LEXEME = re.compile(
    rf"""
      (?P<ideograph>\d{{4}}年\d{{1,2}}月\d{{1,2}}日)
    | (?P<number>\d{{1,3}}(?:[ \u00a0\u202f]\d{{3}})+(?!\d)|\d+(?:[.,:/\-‐-―]\d+)*)
    | (?P<word>(?:{_LETTER})+(?:['’ʼ](?=[^\W\d_])(?!s\b))?)
    | (?P<space>\s+)
    | (?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)

_WIDEST_GAP = 8
"""Spaces that may stand inside an expression; OCR and justified text have several."""


class Lexeme(NamedTuple):
    """A piece of the text: what kind of piece, where, as written, and whether it is glued on."""

    sort: str
    start: int
    end: int
    text: str
    glued: bool


def scan(text: str) -> list[Lexeme]:
    """Cut `text` into lexemes; wide gaps and blank lines become one of sort "break"."""
    lexemes: list[Lexeme] = []
    glued = False
    for match in _LEXEME.finditer(text):
        sort = match.lastgroup or "mark"
        piece = match.group()
        if sort == "space":
            glued = False
            if len(piece) > _WIDEST_GAP or piece.count("\n") > 1:
                lexemes.append(Lexeme("break", match.start(), match.end(), "|", glued=False))
            continue
        lexemes.append(Lexeme(sort, match.start(), match.end(), piece, glued))
        glued = True
    return lexemes


@lru_cache(maxsize=1 << 16)
def plain(word: str) -> str:
    """Return `word` in lower case without accents, apostrophes straight."""
    if word.isascii():
        return word.lower()
    letters = unicodedata.normalize("NFD", word.casefold())
    kept = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return kept.replace("đ", "d").replace("’", "'").replace("ʼ", "'")


@lru_cache(maxsize=1 << 16)
def accented(word: str) -> str:
    """Return `word` in lower case, accents composed: what Vietnamese needs to tell words apart."""
    if word.isascii():
        return word.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", word).casefold())
