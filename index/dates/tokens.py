"""Turn lexemes into tokens: each with the kind and value that a language gives it."""

from collections.abc import Sequence

from index.dates.kinds import KINDS, Token, kinds
from index.dates.numbers import read_number
from index.dates.scan import Lexeme
from index.dates.vocabulary import CODES, Vocabulary

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
    ("er", "re", "ere", "e", "eme", "nd", "nde", "st", "rd", "th", "º", "ª")
)
_SMALL, _BIG, _YEAR = KINDS["small"], KINDS["big"], KINDS["year"]
_NO_NUMBER_GLUED = kinds("word", "number", "label")
_DECADES = kinds("year", "old", "tail")
_MONTHS = kinds("month", "proper", "verb")


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
    return tokens


def _add_word(
    tokens: list[Token], lexemes: Sequence[Lexeme], at: int, vocabulary: Vocabulary
) -> int:
    """Add the token of a word or of several that belong together; return how many."""
    lexeme = lexemes[at]
    word = vocabulary.fold(lexeme.text)
    if word in CODES and _glued(lexemes, at + 1) and lexemes[at + 1].text in ("1", "2", "3", "4"):
        _add_code(tokens, lexeme.start, lexemes[at + 1].end, word, int(lexemes[at + 1].text))
        return 2
    found = vocabulary.read(lexemes, at)
    if found is None:
        tokens.append(Token(lexeme.start, lexeme.end, KINDS["word"], (), lexeme.text))
        return 1
    used, kind, value = found
    tokens.append(Token(lexeme.start, lexemes[at + used - 1].end, kind, value, lexeme.text))
    return used


def _add_code(tokens: list[Token], start: int, end: int, letter: str, number: int) -> None:
    """Add the token of "Q3" or "H1" as first month and number of months."""
    months = CODES[letter]
    good = number * months <= 12
    value = ((number - 1) * months + 1, months) if good else ()
    tokens.append(Token(start, end, KINDS["code" if good else "word"], value, letter))


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
    if mark.text == "." and vocabulary.language == "de":
        day = read_number(lexemes[at].text.replace(".", "/"), lexemes[at].start)
        if len(day) == 1 and day[0].kind == KINDS["pair"] and pieces[0].kind == KINDS["number"]:
            pieces[:] = [day[0]._replace(text=lexemes[at].text)]
    return 1


def _glue_word(
    pieces: list[Token], lexemes: Sequence[Lexeme], at: int, vocabulary: Vocabulary
) -> int:
    """Read the word glued to the end of a number: an ordinal's, a decade's, a month, or any."""
    last, word = pieces[-1], vocabulary.fold(lexemes[at + 1].text)
    end = lexemes[at + 1].end
    if word in _ORDINAL_ENDINGS and last.kind in (_SMALL, _BIG):
        pieces[-1] = last._replace(end=end)
        return 2
    if word in ("s", "er") and last.kind in _DECADES and last.value[0] % 10 == 0:
        pieces[-1] = last._replace(end=end, kind=KINDS["tens"])
        return 2
    if word in CODES and last.text in ("1", "2", "3", "4"):
        pieces.pop()
        _add_code(pieces, last.start, end, word, last.value[0])
        return 2
    found = vocabulary.read(lexemes, at + 1)
    keeps = found is not None and found[1] in _MONTHS
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
