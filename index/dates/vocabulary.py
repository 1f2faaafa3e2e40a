"""What each word of a language may stand for: names from CLDR, the rest from small tables."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from index.dates.kinds import KINDS, kinds
from index.dates.scan import Lexeme, accented, plain
from index.dates.tables_germanic import ENGLISH, GERMAN
from index.dates.tables_romance import FRENCH, SPANISH
from index.dates.tables_vietnamese import VIETNAMESE

LANGUAGES = ("fr", "en", "de", "es", "vi")
"""The languages whose every class of expression is known."""

_CODES = {"q": 3, "t": 3, "h": 6, "s": 6}
"""Letters that name a quarter or a half before or after its number: months in each."""

_OWN_CODES = {"vi": {"t": 1, "h": 6, "q": 3}}
"""The same in a language that uses them otherwise: Vietnamese T is "tháng"."""

_TABLES = {"fr": FRENCH, "en": ENGLISH, "de": GERMAN, "es": SPANISH, "vi": VIETNAMESE}

_OTHER = {"of": "de, del, di, do, da, d', van, of"}
"""All that is known of other languages beside their names."""

_WEEKDAYS = ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")
_TIMES_OF_DAY = {"de": ("morgen", "vormittag", "mittag", "nachmittag", "abend", "nacht")}
"""German writes "Mittwochabend" as one word."""

_CAPITAL_IS_NAME = {
    "fr": {"mars", "mai", "avril", "juin"},
    "en": {"may", "march"},
    "es": {"marzo", "abril", "mayo", "julio", "agosto"},
}
"""Months that are a planet or a person when a capital letter begins them."""

_SMALL_IS_VERB = {"en": {"may", "march", "august", "mar"}}
"""Months that are another word when no capital letter begins them."""

_PHRASE_WORD = re.compile(r"[^\s'’-]+['’]?|-")

_ACCENTS_COUNT = frozenset(("to", "in", "on", "of", "of_the", "from", "and", "the"))
"""Kinds of short words that accents tell apart ("dès", "des"), while months often lack theirs."""


class Entry(NamedTuple):
    """An expression of a vocabulary.

    Attributes:
        words: its words, folded.
        kind: its character in `KINDS`.
        value: what it stands for.
        exact: its first word with the accents it must have, "" when they do not matter.
    """

    words: tuple[str, ...]
    kind: str
    value: tuple[int, ...]
    exact: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of one language.

    Attributes:
        language: ISO 639-1 code.
        fold: makes a written word comparable.
        entries: the expressions that begin with a word, longest first.
        words: all words of all expressions.
        months: the first words of the names of months, without accents.
        codes: letters that name a part of the year before its number, and its length in months.
    """

    language: str
    fold: Callable[[str], str]
    entries: dict[str, list[Entry]]
    words: frozenset[str]
    months: frozenset[str]
    codes: Mapping[str, int]

    def read(self, lexemes: Sequence[Lexeme], at: int) -> tuple[int, str, tuple[int, ...]] | None:
        """Return how many lexemes from `at` on form an expression, its kind and its value."""
        for words, kind, value, exact in self.entries.get(self.fold(lexemes[at].text), ()):
            if exact and exact != accented(lexemes[at].text):
                continue
            following = lexemes[at + 1 : at + len(words)]
            if words[1:] == tuple(self.fold(lexeme.text) for lexeme in following):
                return len(words), self._by_case(kind, lexemes[at], words[-1], following), value
        return None

    def _by_case(self, kind: str, first: Lexeme, word: str, following: Sequence[Lexeme]) -> str:
        """Return the kind of an expression, which a capital letter may change."""
        capital = first.text[:1].isupper()
        if kind == KINDS["month"]:
            if capital and not first.text.isupper():
                names = _CAPITAL_IS_NAME.get(self.language, ())
                return KINDS["proper"] if word in names else kind
            small = not capital and word in _SMALL_IS_VERB.get(self.language, ())
            return KINDS["verb"] if small else kind
        if kind == KINDS["weekday"] and self.language == "vi" and first.text.lower() == "thứ":
            named = following[-1].text[:1].isupper()
            return kind if named else KINDS["short"]
        return kind


@lru_cache(maxsize=32)
def vocabulary(language: str) -> Vocabulary:
    """Return the words of `language`; only names of months and weekdays beyond `LANGUAGES`."""
    fold = accented if language == "vi" else plain
    known: dict[tuple[str, str], Entry] = {}
    for phrase, kind, value in (*_names(language), *_table(language)):
        words = _PHRASE_WORD.findall(phrase)
        folded = tuple(fold(word) for word in words)
        exact = accented(words[0]) if kind in _ACCENTS_COUNT else ""
        known[" ".join(folded), exact] = Entry(folded, KINDS[kind], value, exact)
    entries: dict[str, list[Entry]] = {}
    for entry in sorted(known.values(), key=lambda entry: (-len(entry.words), not entry.exact)):
        entries.setdefault(entry.words[0], []).append(entry)
    words_known = {word for entry in known.values() for word in entry.words} | _CODES.keys()
    lead = kinds("month", "proper", "verb", "month_lead")
    months = frozenset(plain(entry.words[0]) for entry in known.values() if entry.kind in lead)
    codes = _OWN_CODES.get(language, _CODES)
    return Vocabulary(language, fold, entries, frozenset(words_known), months, codes)


@lru_cache(maxsize=1 << 16)
def is_known(languages: tuple[str, ...], word: str) -> bool:
    """Whether a word, as written, stands in the vocabulary of one of `languages`."""
    return any(known.fold(word) in known.words for known in map(vocabulary, languages))


def _table(language: str) -> Iterator[tuple[str, str, tuple[int, ...]]]:
    """Yield phrase, kind and value of the language's own table."""
    for kind, listing in _TABLES.get(language, _OTHER).items():
        for entry in listing.split(", ") if listing else ():
            phrase, _, value = entry.partition("=")
            yield phrase, kind, tuple(int(part) for part in value.split("/")) if value else ()
    for time in _TIMES_OF_DAY.get(language, ()):
        for number, name in enumerate(_WEEKDAYS):
            yield name + time, "weekday", (number,)


def _names(language: str) -> Iterator[tuple[str, str, tuple[int, ...]]]:
    """Yield the names of months and weekdays that CLDR has, short forms first."""
    from babel import Locale, UnknownLocaleError  # loaded late: importing this must be quick

    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return
    for width, month, weekday in (("abbreviated", "proper", "short"), ("wide", "month", "weekday")):
        for context in ("format", "stand-alone"):
            for number, name in locale.months[context][width].items():
                if not any(letter.isdigit() for letter in name) and len(name) > 2:
                    yield name.strip("."), month, (number,)
            for number, name in locale.days[context][width].items():
                yield name.strip("."), weekday, (number,)
