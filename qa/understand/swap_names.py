"""The same question of another place or person: "And in Lyon?", "no, I meant Zurich"."""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from index.language import detect_language
from index.tokens import split_words
from qa.understand.message import Clauses, Message, blank, content_words, dates_of, find_names

# prepositions of five languages that take each other's place
_ROLES = {
    "place": "à au aux en dans in at im ở tại",
    "of": "de du des d' d’ of von vom del của",
    "for": "pour for für para cho",
    "source": "selon according_to laut según theo",
    "among": "chez among bei entre",
    "with": "avec with mit con với",
    "without": "sans without ohne sin",
    "against": "contre against gegen contra chống",
    "to": "vers to nach zu zum zur a al sang",
    "by": "par by durch por bởi",
    "about": "sur about on über sobre về",
}
_ROLE_OF = {
    preposition.replace("_", " "): role
    for role, prepositions in _ROLES.items()
    for preposition in prepositions.split()
}
_ARTICLE = r"(?:(?:le|la|les|the|el|los|las|der|die|das|den|dem)\s+|l['’])?"
_LEAD = rf"(?<!\w)({'|'.join(_ROLE_OF)})(?:\s+|(?<=['’])){_ARTICLE}"
_LEAD_AT_END = re.compile(rf"{_LEAD}$", re.IGNORECASE)
_LED_WORD = re.compile(rf"{_LEAD}(\w[\w-]*)", re.IGNORECASE)

# "celui de l'éducation" is "le budget de l'éducation"
_THE_ONE = re.compile(
    r"^\W*(?:celui|celle|ceux|celles|the one|der|die|das|el|la|lo)\s+(?=de|d['’]|of|von)"
)


class _Phrase(NamedTuple):
    """A name, or a noun after a preposition; `role` is "" for a name without one."""

    role: str
    start: int
    noun: int
    end: int


def with_names(clauses: Clauses, message: Message, today: date) -> Clauses:
    """Ask `clauses` again of the place, person or thing of `message`."""
    text = _THE_ONE.sub("", message.bare.text).rstrip(" ?!.…")
    new = None if message.bare.narrows else _first_phrase(text, message.language)
    for any_role in (False, True):
        if new is None or (any_role and not _fits_any(new, text, message, clauses)):
            break
        for place in reversed(range(len(clauses))):
            clause = _swap(clauses[place], text, new, today, any_role=any_role)
            if clause is not None:
                missing = set(message.content) - set(split_words(clause))
                clause = f"{clause} {text}" if missing else clause
                return (*clauses[:place], clause, *clauses[place + 1 :])
    return (*clauses[:-1], f"{clauses[-1]} {text}")


def _fits_any(new: _Phrase, text: str, message: Message, clauses: Clauses) -> bool:
    """Whether a phrase may take the place of a name with another preposition or none.

    So may a name alone, one that corrects, and one of the thing that was spoken of: "and the flight
    to Moscow?", asked after the flight between Hanoi and Minsk.
    """
    said = {word for clause in clauses for word in split_words(clause)}
    rest = set(message.content).difference(split_words(text[new.noun : new.end]))
    return not new.role or message.bare.corrects or (bool(rest) and rest <= said)


def _swap(clause: str, text: str, new: _Phrase, today: date, *, any_role: bool) -> str | None:
    """Put `new`, a phrase of `text`, in the place of the last phrase of its role in `clause`."""
    language = detect_language(clause)
    undated = blank(clause, dates_of(clause, language, today))
    found = list(_names(undated, language, first=True))
    if not any_role:
        found = [phrase for phrase in [*found, *_led(undated, language)] if phrase.role == new.role]
    if not found:
        return None
    old = max(found, key=lambda phrase: (phrase.noun, phrase.end))
    if old.role and new.role:
        return clause[: old.start] + text[new.start : new.end] + clause[old.end :]
    return clause[: old.noun] + text[new.noun : new.end] + clause[old.end :]


def _first_phrase(text: str, language: str) -> _Phrase | None:
    """Return what a message names first: a name, or a noun after a preposition."""
    names = list(_names(text, language, first=True))
    led = list(_led(text, language))
    return names[0] if names else led[0] if led else None


def _names(text: str, language: str, *, first: bool) -> Iterator[_Phrase]:
    """Yield the names of a text, each with its preposition."""
    for start, end in find_names(text, language, first=first):
        lead = _LEAD_AT_END.search(text[:start])
        if lead is None:
            yield _Phrase("", start, start, end)
        else:
            yield _Phrase(_ROLE_OF[lead[1].lower()], lead.start(), start, end)


def _led(text: str, language: str) -> Iterator[_Phrase]:
    """Yield the nouns of a text that follow a preposition."""
    for match in _LED_WORD.finditer(text):
        if content_words(match[2], language):
            yield _Phrase(_ROLE_OF[match[1].lower()], match.start(), match.start(2), match.end())
