"""Countries in any language, and how a place is said in a question. The names come from Babel."""

import re
import unicodedata
from functools import cache

from babel import Locale

from qa.name_words import MASCULINE, PLURAL

# the languages that names of countries are recognised in: those of articles; the first wins where
# one spelling means two
_LANGUAGES = ("fr", "en", "vi", "de", "es")


def country_code(name: str) -> str | None:
    """Return the code of the country that a name means in any of our languages, or None."""
    return _codes().get(_fold(name))


def say_place(name: str, lead: str, article_language: str, language: str) -> str:
    """Write a place behind its preposition, as " à Minsk", " in Vietnam", " ở Việt Nam".

    Args:
        name: as an article writes it.
        lead: the preposition in front of it there, or "".
        article_language: of the article.
        language: of the question: "fr", "en" or "vi".
    """
    if lead and article_language == language:
        return f" {lead.lower()} {name}"
    code = country_code(name)
    if code is not None:
        name = str(Locale.parse(language).territories[code])
    match language:
        case "fr":
            return f" {_french_lead(name) if code else 'à'} {name}"
        case "vi":
            return f" ở {name}"
        case _:
            return f" in {name}"


@cache
def no_names() -> frozenset[str]:
    """Return the words that have a capital and are no name: months, weekdays, languages."""
    words: set[str] = set()
    for language in _LANGUAGES:
        locale = Locale(language)
        for kinds in (locale.months, locale.days):
            for widths in kinds.values():
                words.update(name for names in widths.values() for name in names.values())
        words.update(locale.languages.values())
    return frozenset(word.lower() for word in words)


def _french_lead(country: str) -> str:
    """Return the preposition of a country in French: "en France", "au Vietnam", "aux Pays-Bas"."""
    if re.match(PLURAL, country):
        return "aux"
    feminine = country.endswith("e") and country.lower() not in MASCULINE.split()
    return "en" if feminine or _fold(country)[0] in "aeiou" else "au"


@cache
def _codes() -> dict[str, str]:
    """Return the codes of countries by their names, without accents and spaces."""
    codes: dict[str, str] = {}
    for language in _LANGUAGES:
        for code, name in Locale(language).territories.items():
            if len(code) == 2:
                codes.setdefault(_fold(str(name)), code)
    return codes


def _fold(name: str) -> str:
    """Return a name in lower case, its letters only, without accents: "Viêt Nam" is "Vietnam"."""
    letters = unicodedata.normalize("NFKD", name).lower().replace("đ", "d")
    return "".join(letter for letter in letters if letter.isalpha())
