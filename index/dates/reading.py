"""What a rule has matched, and what may come of it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from index.dates.kinds import KINDS, Token, kinds
from index.dates.numbers import is_day
from index.dates.scan import WIDEST_GAP
from index.types import DateRange, YearlessRange


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an expression names; with neither days nor days of any year, it is not reported."""

    days: DateRange | None = None
    yearless: YearlessRange | None = None
    weekday: int | None = None


SAME_DAY = Outcome()
"""The day named before, which only the order of the text tells."""

NOTHING = Outcome()
"""A date expression without a day to name: it is not reported, nor is any part of it."""

_NOUNS = kinds("word", "unit", "event")
_INTRODUCES = kinds("in", "on", "till", "to", "from", "of_the", "between", "mid")
_BETWEEN = kinds("between", "mid")
_LAST_WORD = re.compile(r"(\w+)\s*\Z")
_LONGEST_WORD = 20
_SINCE = frozenset(("since", "depuis", "seit", "desde", "kể"))

_LINKS = kinds("of", "from", "of_the")
_NAMED_AFTER = {"de": kinds("of"), "vi": frozenset[str]()}
"""What may link a street to the day in its name, where not both: "Straße des 17. Juni"."""

_PLACED = kinds("in", "on")

ENDS = kinds("dot", "comma", "stop", "close", "break", "mark")
"""What ends a phrase."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A match: tokens by role, all tokens, first and end of the match, language, anchor, text."""

    roles: Mapping[str, Token]
    tokens: Sequence[Token]
    first: int
    end: int
    language: str
    anchor: DateRange | None
    text: str = ""

    @property
    def matched(self) -> Sequence[Token]:
        """The tokens of the match."""
        return self.tokens[self.first : self.end]

    @property
    def following(self) -> Token | None:
        """The token behind the match, None at the end of the text."""
        return self.tokens[self.end] if self.end < len(self.tokens) else None

    @property
    def opens_line(self) -> bool:
        """Whether nothing stands before the match on its line."""
        start = self.tokens[self.first].start
        before = self.text[max(0, start - WIDEST_GAP) : start]
        return start == 0 or "\n" in before[len(before.rstrip()) :]

    @property
    def word_before(self) -> str:
        """The word before the match, in small letters; the tokens leave some words out."""
        start = self.tokens[self.first].start
        found = _LAST_WORD.search(self.text, max(0, start - _LONGEST_WORD), start)
        return found[1].lower() if found else ""

    @property
    def follows_since(self) -> bool:
        """Whether "since" stands before the match, an article aside: it tells of the past."""
        before = self.first - 1 - (self.kind(self.first - 1) == KINDS["the"])
        return before >= 0 and self.tokens[before].text.lower() in _SINCE

    def number(self, role: str) -> int | None:
        """Return the value in a role, or None when the match has it not."""
        token = self.roles.get(role)
        return token.value[0] if token and token.value else None

    def value(self, *roles: str) -> int:
        """Return the value in the first of these roles that is filled; one of them always is."""
        return next(self.roles[role].value[0] for role in roles if role in self.roles)

    def kind(self, at: int) -> str:
        """Return the kind of the token at a place, a break outside the text."""
        return self.tokens[at].kind if 0 <= at < len(self.tokens) else KINDS["break"]


Resolver = Callable[[Reading], Outcome | None]
"""Says what a match names, or None when it is no date expression after all."""


def joined(reading: Reading) -> bool:
    """Whether "and" stands in the match."""
    return any(token.kind == KINDS["and"] for token in reading.tokens[reading.first : reading.end])


def after_between(reading: Reading) -> bool:
    """Whether "between" stands before the match, an article aside."""
    before = reading.first - 1
    if reading.kind(before) == KINDS["the"]:
        before -= 1
    return reading.kind(before) in _BETWEEN


def is_preposition(reading: Reading) -> bool:
    """Whether a modifier is rather Vietnamese "before" or "after" what follows it."""
    return reading.language == "vi" and reading.kind(reading.end) not in ENDS


def between(*numbers: int) -> Outcome | None:
    """Return the days from one to another, both given as year, month, day."""
    if not is_day(*numbers[:3]) or not is_day(*numbers[3:]):
        return NOTHING
    first, last = date(*numbers[:3]), date(*numbers[3:])
    return Outcome(DateRange(first, last)) if first <= last else None


def is_title(reading: Reading) -> bool:
    """Whether an English word begins a name, as in "Sunday Times"; not after a preposition."""
    following = reading.following
    if reading.language != "en" or following is None or following.kind not in _NOUNS:
        return False
    introduced = reading.kind(reading.first - 1) in _INTRODUCES
    return following.text[:1].isupper() and not introduced and len(reading.matched) == 1


def is_proper(reading: Reading) -> bool:
    """Whether a capital letter within a sentence makes a word a name: "Plácido Domingo".

    English and German have such capitals for other reasons, Vietnamese for any.
    """
    word = reading.tokens[reading.first].text
    return (
        reading.language in ("fr", "es")
        and word[:1].isupper()
        and not word.isupper()
        and reading.kind(reading.first - 1) == KINDS["word"]
        and not reading.opens_line
    )


def is_street(reading: Reading) -> bool:
    """Whether a day is what a street is called after: "rue du 4-Septembre"."""
    before = reading.first - 1
    if reading.kind(before) in _NAMED_AFTER.get(reading.language, _LINKS):
        before -= 1
    placed = reading.kind(before - 1) in _PLACED  # "mise en place du 12 mai", "lên đường 12/5"
    return reading.kind(before) == KINDS["street"] and not placed


def is_span(reading: Reading) -> bool:
    """Whether "the last year", "el último año" are rather the twelve months before today."""
    mod = reading.roles.get("mod")
    if mod is None or mod is not reading.tokens[reading.first]:
        return False
    if reading.language == "es":
        return mod.text.lower().startswith("últim")
    return reading.language == "en" and reading.kind(reading.first - 1) == KINDS["the"]
