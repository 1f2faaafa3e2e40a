"""What a sentence denies, and whether what it cites denies the same."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from qa.types import Span
from qa.written.negation_words import (
    AGREEING,
    ALONE,
    BEFORE_NE,
    NE_ALONE,
    ONLY,
    QUIET,
    SURE,
    SURE_NOT_BEHIND,
    WITH_NE,
)

_NE = re.compile(r"\b(?:ne\b|n['’])", re.IGNORECASE)
_WORD = re.compile(r"\w+(?:['’]\w+)?")

# words between "ne" and what it needs: "n'avait encore toujours pas", "personne ne", "aucun ... n'"
_REACH = 8
_REACH_BACK = 6

# "jamais rien", "no ... nor": negations so near to each other are one
_SAME = 2


# characters within which a negation agrees with the one before it, in one clause
_AGREEING_WITHIN = 60
_CLAUSE_ENDS = re.compile(r"[.;:!?]")


@dataclass(frozen=True, slots=True)
class Denial:
    """A word that denies.

    Attributes:
        span: where it stands.
        words: as it is written.
        sure: whether it denies in every text, or only may.
    """

    span: Span
    words: str
    sure: bool


def find_denials(text: str, language: str) -> list[Denial]:
    """Return the words of a text that deny, in order."""
    if language == "fr":
        sure = list(_in_french(text))
    elif language in SURE:
        sure = list(_sure(text, language))
    else:
        return []
    taken = {place for span in sure for place in range(*span)}
    quiet = [
        match.span() for match in _quiet(language).finditer(text) if match.start() not in taken
    ]
    found = [(span, True) for span in sure] + [(span, False) for span in quiet]
    return [Denial(span, text[slice(*span)], is_sure) for span, is_sure in sorted(found)]


def _sure(text: str, language: str) -> Iterator[Span]:
    """Yield the sure negations of a language that has them in one word."""
    behind = re.compile(SURE_NOT_BEHIND.get(language, "(?!)"), re.IGNORECASE)
    last = None
    for match in _one_word(language).finditer(text):
        if behind.search(text[max(0, match.start() - 8) : match.start()]):
            continue
        if language == "vi" and text[match.end() : match.end() + 1] in {"?", "."}:
            continue  # a question: "có đúng không?"
        if last is None or not _agrees(match[0], text[last : match.start()], language):
            yield match.span()
        last = match.end()


def _agrees(word: str, between: str, language: str) -> bool:
    """Whether a negation denies nothing more than the one before it: "no ... nada"."""
    if not re.fullmatch(AGREEING.get(language, "(?!)"), word, re.IGNORECASE):
        return False
    near = len(between) <= _AGREEING_WITHIN and not _CLAUSE_ENDS.search(between)
    return near or language == "en"


def _in_french(text: str) -> Iterator[Span]:
    """Yield the negations of a French text: "ne ... pas", "personne ne", "sans"."""
    words = [(match.start(), match.end(), match[0].lower()) for match in _WORD.finditer(text)]
    ends = [end for _start, end, _word in words]
    found = {place for place, word in enumerate(words) if _alone().match(text, word[0])}
    for mark in _NE.finditer(text):
        ne = bisect_right(ends, mark.start())
        second = _second_part(words, ne)
        if second is not None:
            found.add(second)
        elif _ne_alone().match(text, mark.start()):
            found.add(ne)
    last, before = -_SAME - 1, ""
    for place in sorted(found):
        start, end, word = words[place]
        if place - last > _SAME and not (word == before == "ni"):
            yield start, end
        last, before = place, word


def _second_part(words: Sequence[tuple[int, int, str]], ne: int) -> int | None:
    """Return the place of the word that "ne" denies with, behind it or before it; None if none."""
    for place in range(ne, min(ne + _REACH, len(words))):
        word = words[place][2].removeprefix("n'").removeprefix("n’")
        if word in ONLY or word.startswith(("qu'", "qu’")):
            return None
        if word in WITH_NE and place > ne:
            return place
    for place in range(ne - 1, max(-1, ne - _REACH_BACK), -1):
        if words[place][2] in BEFORE_NE:
            return place
    return None


@cache
def _one_word(language: str) -> re.Pattern[str]:
    """Return what denies in a language."""
    return re.compile(rf"\b(?:{SURE[language]})\b", re.IGNORECASE)


@cache
def _alone() -> re.Pattern[str]:
    """Return what denies in French without "ne"."""
    return re.compile(rf"(?:{ALONE})\b", re.IGNORECASE)


@cache
def _ne_alone() -> re.Pattern[str]:
    """Return "ne" before a verb that it denies by itself; nothing that it needs may follow."""
    needs = r"(?!(?:\W+\w+){0,5}\W+qu)"
    return re.compile(rf"(?:ne\s|n['’])(?:{NE_ALONE})\b{needs}", re.IGNORECASE)


@cache
def _quiet(language: str) -> re.Pattern[str]:
    """Return what may deny in a language."""
    return re.compile(rf"\b(?:{_joined(QUIET[language])})\b", re.IGNORECASE)


def _joined(pattern: str) -> str:
    """Take out the line breaks of a long pattern, but not the blanks between words."""
    return re.sub(r"\n\s*", "", pattern)
