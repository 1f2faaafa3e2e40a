"""What a name means in any of our languages: a nation, a city, a word of an office or a body."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from babel import Locale

from index.normal_form import normalise
from index.tokens import fold
from qa.written.name_tables import BODIES, NATIONS
from qa.written.name_tables_further import BODIES as FURTHER_BODIES
from qa.written.name_tables_further import NATIONS as FURTHER_NATIONS

# the languages of the columns of the tables
_COLUMNS = ("en", "fr", "vi")
_FURTHER_COLUMNS = ("de", "es")

LONGEST = 4
"""Words of the longest name that is looked up."""

_LETTERS = re.compile(r"[^\w]+")

# shorter beginnings of words begin too many others: they must be the whole word
_SHORTEST_STEM = 4
_MOST_MORE = 8
"""Letters that may follow the beginning of a word: "français-es", "Americ-ans"."""


@dataclass(slots=True)
class _Table:
    """The names of one language: whole ones, and beginnings of words."""

    whole: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    stems: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


def concepts(words: Sequence[str], language: str) -> frozenset[str]:
    """Return what a few words together mean; nothing if they are no known name."""
    return frozenset(_look_up(_key(words, language), len(words), language))


def all_concepts(words: Sequence[str], language: str) -> Mapping[str, tuple[int, ...]]:
    """Return what the words of a text mean, each with the places where it begins."""
    found: dict[str, list[int]] = {}
    for start in range(len(words)):
        for end in range(start + 1, min(start + LONGEST, len(words)) + 1):
            for concept in concepts(words[start:end], language):
                found.setdefault(concept, []).append(start)
    return {concept: tuple(places) for concept, places in found.items()}


def _look_up(key: str, count: int, language: str) -> Iterable[str]:
    """Return the concepts of a key: as it is, or as the beginning of a word."""
    table = _tables().get(language) or _tables()["en"]
    found = set(table.whole.get(key, ()))
    if language == "vi" and key.isascii():
        found.update(_tables()["en"].whole.get(key, ()))
    if count == 1 and language != "vi":
        for length in range(max(_SHORTEST_STEM, len(key) - _MOST_MORE), len(key) + 1):
            found.update(table.stems.get(key[:length], ()))
    return found


def _key(words: Sequence[str], language: str) -> str:
    """Return how words are looked up: accents matter in Vietnamese, where they make other words."""
    joined = normalise("NFC", "_".join(words)).lower()
    plain = _LETTERS.sub("_", joined.replace(".", ""))
    return plain if language == "vi" else fold(plain)


@cache
def _tables() -> dict[str, _Table]:
    """Read the tables, once."""
    tables = {language: _Table() for language in (*_COLUMNS, *_FURTHER_COLUMNS)}
    for line in NATIONS.strip().splitlines():
        code, _, entries = line.partition(":")
        _fill(tables, _COLUMNS, code if code.isupper() else f"name {code}", entries)
    for line in BODIES.strip().splitlines():
        _fill(tables, _COLUMNS, f"body {line.split()[0]}", line)
    for line in (FURTHER_NATIONS + FURTHER_BODIES).strip().splitlines():
        concept, _, entries = line.partition(":")
        _fill(tables, _FURTHER_COLUMNS, concept, entries)
    for language, table in tables.items():
        _add_babel(table, language)
    return tables


def _fill(tables: dict[str, _Table], languages: Sequence[str], concept: str, entries: str) -> None:
    """Add the words of one line, a part for each language."""
    for language, words in zip(languages, entries.split("|"), strict=False):
        for word in words.split():
            key = _key([word], language)
            tables[language].whole[key].add(concept)
            if len(key) >= _SHORTEST_STEM and "_" not in key:
                tables[language].stems[key].add(concept)
            if language == "vi" and word.isascii():
                tables["fr"].whole[key].add(concept)


def _add_babel(table: _Table, language: str) -> None:
    """Add countries, languages and the cities that time zones are named by."""
    locale = Locale(language)
    for code, name in locale.territories.items():
        table.whole[_key(str(name).split(), language)].add(code)
    for kind, widths in (("month", locale.months), ("weekday", locale.days)):
        for number, name in widths["format"]["wide"].items():
            table.whole[_key(str(name).split(), language)].add(f"{kind} {number}")
    for code, name in locale.languages.items():
        if len(code) == 2:
            table.whole[_key(str(name).split(), language)].add(f"language {code}")
    for zone, names in locale.time_zones.items():
        plain = str(zone).rpartition("/")[2].replace("_", " ")
        for city in (str(names.get("city") or plain), plain):
            table.whole[_key(city.split(), language)].add(f"city {zone}")
