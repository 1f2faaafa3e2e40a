"""Questions to ask: of the articles to begin with, and after an answer.

No model and no chance: the same snapshot gives the same questions. Each is written from a sentence
that names its day and its names, and is left out unless it is understood as it was meant.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from qa.event_words import LANGUAGES
from qa.facts import Fact, find_facts, mentions_of, questions_of
from qa.follow_ups import follow_ups
from qa.names import find_kinds
from qa.seam import Index
from qa.understand import understand

__all__ = ["choose", "follow_ups", "suggest"]

# the newest articles that name a day: reading them for names takes less than a second
_MOST_ARTICLES = 300
_MOST_CHARS = 200_000

# articles in which such are looked for
_MOST_LOOKED_AT = 2000

# so many facts to choose from
_MOST_FACTS = 200

# what was suggested lately, by snapshot, language and count
_REMEMBERED = 32
_remembered: OrderedDict[tuple[str, str, int], list[str]] = OrderedDict()
_lock = threading.Lock()


def suggest(store: Index, language: str, count: int = 4) -> list[str]:
    """Write questions that the articles answer, the most telling first.

    Args:
        store: what is searched; its questions are remembered by its name.
        language: of the questions: "fr", "en" or "vi"; English for another.
        count: how many at most; there are fewer where the articles name few days.

    Returns:
        Questions of different events, days and articles, as far as there are.
    """
    language = language if language in LANGUAGES else "en"
    key = store.name, language, count
    with _lock:
        if store.name and key in _remembered:
            _remembered.move_to_end(key)
            return list(_remembered[key])
    questions = choose(_newest_facts(store), language, count)
    with _lock:
        if store.name:
            _remembered[key] = questions
            while len(_remembered) > _REMEMBERED:
                _remembered.popitem(last=False)
    return list(questions)


def choose(facts: Sequence[Fact], language: str, count: int) -> list[str]:
    """Write questions of different facts: each of another kind, day and article, if possible."""
    asked = [
        _Asked(fact, place, kind, question, order)
        for place, fact in enumerate(facts)
        for order, (kind, question) in enumerate(questions_of(fact, language))
    ]
    chosen: list[_Asked] = []
    while asked and len(chosen) < count:
        best = min(asked, key=lambda one: _rank(one, chosen))
        if _is_understood(best, language):
            chosen.append(best)
            asked = [one for one in asked if one.fact is not best.fact]
        asked = [one for one in asked if one.question != best.question]
    return [one.question for one in chosen]


class _Asked(NamedTuple):
    """A question that could be suggested; `place` is that of its fact, `order` among its own."""

    fact: Fact
    place: int
    kind: str
    question: str
    order: int


def _rank(asked: _Asked, chosen: Sequence[_Asked]) -> tuple[int, ...]:
    """Return what orders questions: new things first, then those that tell most, then the newest.

    The same kind of question twice is worse than the same day or article twice.
    """
    repeats = (
        2 * any(asked.kind == one.kind for one in chosen)
        + any(asked.fact.days == one.fact.days for one in chosen)
        + any(asked.fact.article.id == one.fact.article.id for one in chosen)
    )
    newest = -asked.fact.days.first.toordinal()
    return repeats, asked.order, -asked.fact.weight, newest, asked.place


def _is_understood(asked: _Asked, language: str) -> bool:
    """Whether a question is understood as it was meant: its language, and its day alone."""
    understood = understand(asked.question)
    days = [found.range for found in understood.dates]
    return understood.language == language and days == [asked.fact.days]


def _newest_facts(store: Index) -> list[Fact]:
    """Return the facts of the newest articles, newest article first."""
    positions = _newest(store)
    kinds = find_kinds([store.articles[position] for position in positions])
    facts: list[Fact] = []
    for fact in find_facts(store, positions, kinds):
        facts.append(fact)
        if len(facts) == _MOST_FACTS:
            break
    return facts


def _newest(store: Index) -> list[int]:
    """Return the positions of the newest articles that name a day, no more than can be read."""
    # articles stand in order of id, and equal days keep their order
    order = np.argsort(-store.published[:, 1], kind="stable").tolist()
    positions: list[int] = []
    chars = 0
    for position in order[:_MOST_LOOKED_AT]:
        if len(positions) == _MOST_ARTICLES or chars > _MOST_CHARS:
            break
        if any(mention.range for mention in mentions_of(store, position)):
            positions.append(position)
            chars += int(store.columns.lengths[position])
    return positions
