"""Whether a message speaks of something that it does not name: "who signed it?", "son adjoint ?".

A pronoun may refer within its own sentence ("Le pape a-t-il annoncé sa visite ?"), which then needs
no history. Grammar helps: "it" after a verb is never that verb's subject, so "Does the company
operate it?" speaks of something else, while "he" and "his" take up the nearest name.
"""

import re
from functools import cache
from typing import NamedTuple

from index.stopwords import STOP_WORDS
from qa.understand.reference_words import ASKED_DETERMINERS, DETERMINERS, REFERENCE_WORDS

# how many things named before it a pronoun needs to be understood without the history
_NEEDED = {"subject": 1, "object": 2, "owner": 1}

# begins a name; in German every noun, which then needs no article
_CAPITAL = r"[A-ZÀ-ÖØ-ÝĐ]\w+"
_OF = r"(?:of|of the|de|du|des|de la|von|del)"
# "who lost his job" and "peut-on perdre son emploi" name an owner, "who is his wife" none
_NOT_IS = r"(?!(?:is|was|are|est|sont|ist|war|es|son)\b)"
_WHO = re.compile(rf"(?<!\w)(?:(?:who|qui|wer|quién)|(?<=-)on)\s+{_NOT_IS}\w", re.IGNORECASE)
_NEVER = r"(?!)"


class _Patterns(NamedTuple):
    """The tables of one language, compiled."""

    stop_words: frozenset[str]
    sorts: dict[str, re.Pattern[str]]
    things: re.Pattern[str]
    things_asked_for: re.Pattern[str]


def refers_back(text: str, language: str) -> bool:
    """Whether a pronoun of `text` means something that stands before `text`."""
    if language not in REFERENCE_WORDS:
        return False
    patterns = _compiled(language)
    text = patterns.sorts["nothing"].sub(lambda match: " " * len(match[0]), text)
    if patterns.sorts["pointer"].search(text):
        return True
    return any(
        _count_things(text[: match.start()], patterns, asked=sort == "owner") < needed
        for sort, needed in _NEEDED.items()
        for match in patterns.sorts[sort].finditer(text)
    )


def _count_things(before: str, patterns: _Patterns, *, asked: bool) -> int:
    """Count what is named before a pronoun; what the question is after only where `asked`."""
    rest, things_asked_for = patterns.things_asked_for.subn("_", before)
    things = len(patterns.things.findall(rest)) + _begins_with_name(rest, patterns.stop_words)
    return things + things_asked_for + len(_WHO.findall(before)) if asked else things


def _begins_with_name(text: str, stop_words: frozenset[str]) -> bool:
    """Whether a text begins with a name, and not just with the capital of any sentence."""
    first = re.match(rf"\W*({_CAPITAL})", text)
    return first is not None and first[1].lower() not in stop_words


@cache
def _compiled(language: str) -> _Patterns:
    """Return the patterns of a language."""
    sorts: dict[str, list[str]] = {sort: [] for sort in ("nothing", "pointer", *_NEEDED)}
    for line in REFERENCE_WORDS[language].strip().splitlines():
        sort, pattern = line.split(maxsplit=1)
        sorts[sort].append(pattern)
    thing = rf"(?i:{DETERMINERS[language]})\w+|(?<=[\w,:] ){_CAPITAL}"
    asked = rf"(?:{ASKED_DETERMINERS[language]}){_NOT_IS}\w+"
    return _Patterns(
        STOP_WORDS[language],
        {sort: _whole_words("|".join(found) or _NEVER) for sort, found in sorts.items()},
        re.compile(rf"(?<!\w)(?:{thing})(?: {_CAPITAL}| {_OF} \w+)*"),
        _whole_words(asked),
    )


def _whole_words(pattern: str) -> re.Pattern[str]:
    """Compile a pattern of whole words."""
    spaced = pattern.replace(" ", r"\s+")
    return re.compile(rf"(?<!\w)(?:{spaced})(?!\w)", re.IGNORECASE)
