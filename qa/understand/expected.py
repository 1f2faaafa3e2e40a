"""What would answer a question: somebody's name, a date, a number, several things.

The question word that stands first decides ("where was he when the war began?" asks where). An open
"what happened?" has as many answers as there were events; "which agreement?" has one.
"""

import re
from functools import cache
from typing import cast

from index.language import detect_language
from qa.types import Expected
from qa.understand.expected_words import AMOUNTS, HEAD, QUESTION_WORDS, ROLES, WHICH


def find_expected(text: str, language: str | None = None) -> Expected:
    """Tell what kind of thing would answer `text`; its language is detected if left out."""
    return asked_kind(text, language or detect_language(text)) or "anything"


def asked_kind(text: str, language: str) -> Expected | None:
    """Return what the first question word of `text` asks for; None when it has none."""
    matches = ((pattern.search(text), expected) for expected, pattern in _patterns(language))
    found = [(match.start(), expected) for match, expected in matches if match is not None]
    return min(found, key=lambda at: at[0])[1] if found else None


@cache
def _patterns(language: str) -> list[tuple[Expected, re.Pattern[str]]]:
    """Return the question words of a language, in the order that decides between two at a place."""
    lines = QUESTION_WORDS.get(language, "").strip().splitlines()
    return [_pattern(line, language) for line in lines]


def _pattern(line: str, language: str) -> tuple[Expected, re.Pattern[str]]:
    """Read one line of the table of question words."""
    expected, pattern = line.split(maxsplit=1)
    for name, words in (
        ("WHICH", WHICH[language]),
        ("ROLE", _one_of(ROLES[language])),
        ("AMOUNT", _one_of(AMOUNTS[language])),
        ("HEAD", HEAD),
    ):
        pattern = pattern.replace(name, words)
    spaced = pattern.replace(" ", r"\s+")
    return cast(Expected, expected), re.compile(rf"(?<!\w)(?:{spaced})(?!\w)", re.IGNORECASE)


def _one_of(words: str) -> str:
    """Return a pattern for one word of a table; "_" joins the syllables of a Vietnamese one."""
    return f"(?:{'|'.join(words.split())})".replace("_", " ")
