"""Turn lexemes into tokens: each with the kind and value that a language gives it."""

import re
from collections.abc import Sequence

from index.dates.kinds import KINDS, Token, kinds
from index.dates.numbers import read_number, turn_round
from index.dates.scan import Lexeme
from index.dates.vocabulary import Vocabulary

_MARKS = {
    ".": "dot",
    ",": "comma",
    "/": "slash",
    "(": "open",
    "[": "open",
    ")": "close",
    "]": "close",
    "!": "stop",
    "?": "stop",
    ":": "stop",
    "|": "break",
    "$": "money",
    "€": "money",
    "£": "money",
    "%": "money",
    "°": "label",
    "#": "label",
    "№": "label",
} | dict.fromkeys("-‐‑‒–—―", "dash")

_ORDINAL_ENDINGS = frozenset(
    ("er", "re", "ere", "e", "eme", "nd", "nde", "st", "rd", "th", "º", "ª", "o", "a")
)
_APART = frozenset(("er", "re", "eme", "nd", "rd", "st", "th", "º", "ª"))
"""Ordinal endings that OCR may set apart from the number: no other words."""

_SMALL, _BIG, _YEAR = KINDS["small"], KINDS["big"], KINDS["year"]
_NO_NUMBER_GLUED = kinds("word", "number", "label")
_DECADES = kinds("year", "old", "tail")
_READABLE = kinds("month", "proper", "verb", "of")
"""Kinds of word that may be glued to the end of a day: "12mai", "2de octubre"."""

_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_ROMAN_MONTHS = {numeral: month for month, numeral in enumerate(_ROMAN, 1)}
_DATE_MARK_NAMES = ("dot", "slash", "dash")
_DATE_MARKS = kinds(*_DATE_MARK_NAMES)

_CODE = re.compile(r"(\d{1,2})(?:[/-](\d{4}))?")


def read_tokens(lexemes: Sequence[Lexeme], vocabulary: Vocabulary) -> list[Token]:
    """Return the tokens of `lexemes`, in order."""
    tokens: list[Token] = []
    at = 0
    while at < len(lexemes):
        lexeme = lexemes[at]
        used = 1
        if lexeme.sort in ("number", "ideograph"):
            used = _add_number(tokens, lexemes, at, vocabulary)
        elif lexeme.sort == "word":
            used = _add_word(tokens, lexemes, at, vocabulary)
        else:
            kind = KINDS[_MARKS.get(lexeme.text, "mark")]
            tokens.append(Token(lexeme.start, lexeme.end, kind, (), lexeme.text))
        at += used
    return turn_round(tokens) if vocabulary.language == "en" else tokens


def _add_word(
    tokens: list[Token], lexemes: Sequence[Lexeme], at: int, vocabulary: Vocabulary
) -> int:
    """Add the token of a word or of several that belong together; return how many."""
    lexeme = lexemes[at]
    if lexeme.text in _ROMAN_MONTHS and (month := _roman_month(tokens, lexemes, at)):
        tokens.append(Token(lexeme.start, lexeme.end, KINDS["month"], (month,), lexeme.text))
        return 1
    if used := _add_coded(tokens, lexemes, at, vocabulary):
        return used
    found = vocabulary.read(lexemes, at)
    if found is None:
        tokens.append(Token(lexeme.start, lexeme.end, KINDS["word"], (), lexeme.text))
        return 1
    used, kind, value = found
    tokens.append(Token(lexeme.start, lexemes[at + used - 1].end, kind, value, lexeme.text))
    return used


def _roman_month(tokens: Sequence[Token], lexemes: Sequence[Lexeme], at: int) -> int:
    """Return the month of "7. XI. 1916", between a day and a year, or 0."""
    if not tokens:
        return 0
    before = -2 if tokens[-1].kind in _DATE_MARKS and len(tokens) > 1 else -1
    behind = at + 1
    if behind < len(lexemes) and _MARKS.get(lexemes[behind].text) in _DATE_MARK_NAMES:
        behind += 1
    year = lexemes[behind].text if behind < len(lexemes) else ""
    dated = tokens[before].kind in (_SMALL, _BIG) and len(year) == 4 and year.isdecimal()
    return _ROMAN_MONTHS[lexemes[at].text] if dated else 0


def _add_coded(
    tokens: list[Token], lexemes: Sequence[Lexeme], at: int, vocabulary: Vocabulary
) -> int:
    """Add the tokens of "Q3", "Q.3/2025" or Vietnamese "T5/2025"; return how many lexemes."""
    months = vocabulary.codes.get(vocabulary.fold(lexemes[at].text))
    if months is None:
        return 0
    last = at + 2 if _glued(lexemes, at + 1) and lexemes[at + 1].text == "." else at + 1
    code = _CODE.fullmatch(lexemes[last].text) if _glued(lexemes, last) else None
    if code is None or not 1 <= int(code[1]) <= 12 // months or (months == 1 and not code[2]):
        return 0
    end = lexemes[last].start + code.end(1)
    _add_code(tokens, lexemes[at].start, end, months, int(code[1]))
    if code[2]:
        tokens.extend(read_number(code[2], end + 1))
    return last + 1 - at


def _add_code(tokens: list[Token], start: int, end: int, months: int, number: int) -> None:
    """Add the token of a numbered part of the year as first month and number of months."""
    value = ((number - 1) * months + 1, months)
    tokens.append(Token(start, end, KINDS["code"], value, ""))


def _add_number(
    tokens: list[Token], lexemes: Sequence[Lexeme], at: int, vocabulary: Vocabulary
) -> int:
    """Add the tokens of a number, its ordinal ending included; return how many lexemes."""
    lexeme = lexemes[at]
    pieces = read_number(lexeme.text, lexeme.start)
    used = 1
    if lexeme.sort == "ideograph":
        pass  # nothing glued on changes what it is
    elif lexeme.glued and not _may_follow(tokens, lexemes[at - 1]):
        pieces = [piece._replace(kind=KINDS["number"]) for piece in pieces]
    elif _glued(lexemes, at + 1):
        used = _glue_mark(pieces, lexemes, at, vocabulary)
    elif _is_ordinal_apart(pieces, lexemes, at + 1, vocabulary):
        pieces[-1] = pieces[-1]._replace(end=lexemes[at + 1].end)
        used = 2
    if tokens and tokens[-1].kind == KINDS["month_lead"]:
        pieces[0] = _month(tokens, pieces[0])
    tokens.extend(pieces)
    return used


def _may_follow(tokens: Sequence[Token], before: Lexeme) -> bool:
    """Whether a number may be glued to what is before: "mai2025", "mi-2025", not "CVE-2025"."""
    last = tokens[-1]
    if last.kind == KINDS["dash"] and before.glued and len(tokens) > 1:
        last = tokens[-2]
    return last.kind not in _NO_NUMBER_GLUED


def _glue_mark(
    pieces: list[Token], lexemes: Sequence[Lexeme], at: int, vocabulary: Vocabulary
) -> int:
    """Read what is glued to the end of a number: a word, "1°" or the dot of German "28.11."."""
    mark = lexemes[at + 1]
    if mark.sort == "word":
        return _glue_word(pieces, lexemes, at, vocabulary)
    if mark.text == "°" and pieces[-1].text == "1":
        pieces[-1] = pieces[-1]._replace(end=mark.end)
        return 2
    if mark.text == "." and _is_ordinal(pieces, lexemes, at + 2, vocabulary):
        pieces[-1] = pieces[-1]._replace(end=lexemes[at + 2].end)
        return 3
    if mark.text == "." and vocabulary.language == "de":
        day = read_number(lexemes[at].text.replace(".", "/"), lexemes[at].start)
        if len(day) == 1 and day[0].kind == KINDS["pair"] and pieces[0].kind == KINDS["number"]:
            pieces[:] = [day[0]._replace(text=lexemes[at].text)]
    return 1


def _is_ordinal(
    pieces: Sequence[Token], lexemes: Sequence[Lexeme], at: int, vocabulary: Vocabulary
) -> bool:
    """Whether the lexeme at `at` makes an ordinal of the number before it."""
    ending = _glued(lexemes, at) and vocabulary.fold(lexemes[at].text) in _ORDINAL_ENDINGS
    return ending and pieces[-1].kind in (_SMALL, _BIG)


def _is_ordinal_apart(
    pieces: Sequence[Token], lexemes: Sequence[Lexeme], at: int, vocabulary: Vocabulary
) -> bool:
    """Whether the lexeme at `at`, one space away, makes an ordinal of the number before it."""
    if at >= len(lexemes) or lexemes[at].start - pieces[-1].end > 1:
        return False
    return pieces[-1].kind in (_SMALL, _BIG) and vocabulary.fold(lexemes[at].text) in _APART


def _glue_word(
    pieces: list[Token], lexemes: Sequence[Lexeme], at: int, vocabulary: Vocabulary
) -> int:
    """Read the word glued to the end of a number: an ordinal's, a decade's, a month, or any."""
    last, word = pieces[-1], vocabulary.fold(lexemes[at + 1].text)
    end = lexemes[at + 1].end
    if _is_ordinal(pieces, lexemes, at + 1, vocabulary):
        pieces[-1] = last._replace(end=end)
        return 2
    if word in ("s", "er") and last.kind in _DECADES and last.value[0] % 10 == 0:
        pieces[-1] = last._replace(end=end, kind=KINDS["tens"])
        return 2
    months = vocabulary.codes.get(word, 1)
    if months > 1 and last.kind == _SMALL and last.value[0] <= 12 // months:
        pieces.pop()
        _add_code(pieces, last.start, end, months, last.value[0])
        return 2
    found = vocabulary.read(lexemes, at + 1)
    keeps = found is not None and found[1] in _READABLE
    if not keeps and not (word == "t" and last.kind == KINDS["numeric"]):
        pieces[-1] = last._replace(kind=KINDS["number"])
    return 1


def _month(tokens: list[Token], number: Token) -> Token:
    """Join "tháng" with the number behind it, which then is a month."""
    lead = tokens[-1]
    if number.kind == _SMALL:
        tokens.pop()
        return number._replace(start=lead.start, kind=KINDS["month"])
    if number.kind == KINDS["month_year"]:
        tokens.pop()
        return number._replace(start=lead.start)
    return number


def _glued(lexemes: Sequence[Lexeme], at: int) -> bool:
    """Whether there is a lexeme at `at` without a space before it."""
    return at < len(lexemes) and lexemes[at].glued
