"""Whether two names are spellings of one: "Zelensky" and "Zelenskyy", "Poutine" and "Putin"."""

import re
from functools import lru_cache

_SOUNDS = (
    (re.compile("ph"), "f"),
    (re.compile("tch|tsh|ch|sh|sch|cz"), "c"),
    (re.compile("[ckq]|x"), "k"),
    (re.compile("[vw]|ou(?=[aeiou])"), "v"),
    (re.compile("[szç]"), "s"),
    (re.compile("[jg]|dj"), "j"),
    (re.compile("h"), ""),
    (re.compile("[aeiouy]"), ""),
    (re.compile(r"(.)\1+"), r"\1"),
)
_SHORTEST = 5
_SHORTEST_SOUNDS = 3
_MOST_MORE = 3
_COGNATE = 4


@lru_cache(maxsize=1 << 15)
def are_alike(first: str, second: str) -> bool:
    """Whether two names, in small letters without accents, are written nearly alike."""
    if min(len(first), len(second)) < _SHORTEST or abs(len(first) - len(second)) > _MOST_MORE:
        return False
    sounds, others = _sounds(first), _sounds(second)
    if len(sounds) >= _SHORTEST_SOUNDS and sounds == others:
        return True
    return first[0] == second[0] and _distance(first, second) <= max(len(first), len(second)) // 7


def are_cognate(first: str, second: str) -> bool:
    """Whether two words of two languages are one word: "assembly" and "assemblee"."""
    shared = 0
    for letter, other in zip(first, second, strict=False):
        if letter != other:
            break
        shared += 1
    most = max(len(first), len(second))
    return shared >= _COGNATE and shared * 2 > most


def are_letters_of(first: str, second: str) -> bool:
    """Whether two short names have the same letters: "ONU" and "UNO", "OTAN" and "NATO"."""
    return len(first) == len(second) <= 5 and sorted(first) == sorted(second)


@lru_cache(maxsize=1 << 15)
def _sounds(word: str) -> str:
    """Return the consonants of a word, those that sound alike as one."""
    head = word[:1] if word[:1] in "aeiouy" else ""
    for pattern, sound in _SOUNDS:
        word = pattern.sub(sound, word)
    return ("a" if head else "") + word


def _distance(first: str, second: str) -> int:
    """Count the letters to change, add or leave out between two words."""
    row = list(range(len(second) + 1))
    for place, letter in enumerate(first, start=1):
        before, row[0] = row[0], place
        for other in range(1, len(second) + 1):
            changed = before + (letter != second[other - 1])
            before = row[other]
            row[other] = min(changed, row[other] + 1, row[other - 1] + 1)
    return row[-1]
