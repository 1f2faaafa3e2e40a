"""The kinds of token that the grammar speaks of, one character each.

A text becomes a string with one such character per token, so that the grammar is a table of
regular expressions over kinds: short, and the same for every language.
"""

from typing import NamedTuple

KINDS = {
    # marks
    "dot": ".",
    "comma": ",",
    "dash": "-",
    "slash": "/",
    "open": "(",
    "close": ")",
    "stop": "!",
    "money": "$",
    "mark": ";",
    "break": "|",
    # numbers
    "small": "d",
    "big": "D",
    "tail": "N",
    "year": "Y",
    "old": "y",
    "number": "n",
    "tens": "T",
    # numbers written together
    "numeric": "F",
    "faint": "G",
    "pair": "P",
    "month_year": "I",
    "seasonal": "R",
    "code": "K",
    # names
    "month": "M",
    "proper": "A",
    "verb": "v",
    "weekday": "W",
    "short": "a",
    "first": "o",
    "ordinal": "O",
    "count": "c",
    "roman": "i",
    "season": "S",
    # words that move or cut a period
    "before": "L",
    "after": "l",
    "around": "λ",
    "onward": "→",
    "this": "C",
    "that": "¢",
    "each": "∀",
    "regular": "∞",
    "part": "B",
    "mid": "µ",
    "offset": "H",
    "same": "=",
    "ago": "<",
    "back": ">",
    "ahead": "Z",
    "hence": "X",
    # words that link
    "to": "t",
    "till": "τ",
    "and": "&",
    "between": "b",
    "from": "f",
    "of_the": "ð",
    "onto": "ø",
    "of": "e",
    "the": "g",
    "in": "p",
    "on": "r",
    # nouns
    "day_lead": "h",
    "month_lead": "m",
    "year_lead": "J",
    "day_noun": "u",
    "week_noun": "k",
    "weekend_noun": "w",
    "month_noun": "z",
    "year_noun": "j",
    "quarter_noun": "q",
    "decade_noun": "E",
    "event": "V",
    "label": "#",
    "street": "s",
    "feast": "U",
    "law": "Q",
    "unit": "%",
    "word": "x",
}
"""The character of each kind, by name."""


def kinds(*names: str) -> frozenset[str]:
    """Return the characters of kinds."""
    return frozenset(KINDS[name] for name in names)


class Token(NamedTuple):
    """A word, number or mark of the text.

    Attributes:
        start: first character in the text.
        end: end in the text (excluded).
        kind: its character in `KINDS`.
        value: what it stands for, by kind: (12,), (year, month, day), ...
        text: as written.
    """

    start: int
    end: int
    kind: str
    value: tuple[int, ...]
    text: str
