"""The names of people and places in articles, told apart by the words around them.

No model: a name is a run of capitals that somewhere stands beside a role ("le président Macron",
"Tô Lâm, secrétaire général") or behind "à", "in", "tại". What is unsure is left alone: names are
used to write questions, and a question about nobody is worse than none.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from index.stopwords import STOP_WORDS
from index.types import Article
from qa.countries import country_code, no_names
from qa.name_words import ALSO_BEFORE_PEOPLE, HONORIFICS, OPENS_NO_NAME, PLACE_PREPOSITIONS
from qa.types import Span
from qa.understand.expected_words import ROLES

Kind = Literal["person", "place"]
Kinds = dict[str, Kind]
"""What names are, as far as their surroundings tell."""

_WORD = re.compile(r"[^\W\d_][\w-]*")

# what may stand between the words of one name
_WITHIN = re.compile(r"[ \u00a0]")

# longer runs are headings, or no words at all
_MAX_WORDS = 4
_MAX_CHARS = 60

# languages that write their words in syllables, and the most letters one has ("nghiêng")
_SYLLABLES = frozenset(["vi"])
_MAX_SYLLABLE = 7

# how far before and after a name a role is looked for, in characters
_REACH = 80


@dataclass(frozen=True, slots=True)
class Name:
    """A name in an article.

    Attributes:
        text: as it is written.
        span: its characters in `article.text`.
        kind: what it is.
        lead: the preposition in front of a place, as it is written; else empty.
    """

    text: str
    span: Span
    kind: Kind
    lead: str = ""


class _Clues(NamedTuple):
    """What tells the names of one language apart; patterns of the text before and after a name."""

    role_before: re.Pattern[str]
    role_after: re.Pattern[str]
    place_before: re.Pattern[str]


def find_kinds(articles: Sequence[Article]) -> Kinds:
    """Tell what the names in some articles are, by all places where each stands."""
    found: defaultdict[str, _Evidence] = defaultdict(_Evidence)
    lower: set[str] = set()
    for article in articles:
        clues = _clues(article.language)
        lower.update(word for word in _WORD.findall(article.text) if word.islower())
        for run in _runs(article.text, article.language) if clues else ():
            assert clues is not None
            before = _before(article.text, run.led)
            after = article.text[run.end : run.end + _REACH]
            found[article.text[run.start : run.end]].add(before, after, clues)
    common = lower | no_names()
    kinds = {name: _kind(name, found) for name in list(found) if name.lower() not in common}
    return {name: kind for name, kind in kinds.items() if kind is not None}


@dataclass(slots=True)
class _Evidence:
    """How often a name stood as somebody's, as a place's, and as what may be either: "à Paris"."""

    person: int = 0
    place: int = 0
    either: int = 0

    def add(self, before: str, after: str, clues: "_Clues") -> None:
        """Count one more place where a name stands."""
        self.person += bool(clues.role_before.search(before) or clues.role_after.match(after))
        lead = clues.place_before.search(before)
        self.place += lead is not None
        self.either += lead is not None and lead[1].lower() in ALSO_BEFORE_PEOPLE


def _kind(name: str, found: dict[str, _Evidence]) -> Kind | None:
    """Tell what a name is; None if unsure."""
    evidence = found[name]
    if country_code(name) is not None:
        return "place" if evidence.place else None
    if evidence.person == evidence.place:
        return None
    if evidence.person > evidence.place:
        return "person"
    last = found.get(name.split()[-1], _Evidence())
    if " " in name and evidence.either == evidence.place:
        # "à Anne Roux", of whom "Mme Roux" is told elsewhere; or once only
        if last.person > last.place:
            return "person"
        return "place" if evidence.place > 1 else None
    return "place"


def find_names(article: Article, span: Span, kinds: Kinds) -> list[Name]:
    """Return the names of known kind in a stretch of an article, in order."""
    clues = _clues(article.language)
    names = []
    for run in _runs(article.text[slice(*span)], article.language):
        start, end = span[0] + run.start, span[0] + run.end
        text = article.text[start:end]
        if text not in kinds:
            continue
        before = _before(article.text, start)
        lead = clues.place_before.search(before) if clues and kinds[text] == "place" else None
        names.append(Name(text, (start, end), kinds[text], lead[1] if lead else ""))
    return names


def _before(text: str, start: int) -> str:
    """Return the text before a name, as far as a role is looked for; nothing if none can end it."""
    return text[max(0, start - _REACH) : start] if text[start - 1 : start].isspace() else ""


class _Run(NamedTuple):
    """Capitals that may be a name: `text[start:end]`; `led` is where what leads to it ends."""

    led: int
    start: int
    end: int


def _runs(text: str, language: str) -> Iterator[_Run]:
    """Yield the runs of capitals of a text that may be names."""
    run: list[re.Match[str]] = []
    for word in _WORD.finditer(text):
        if run and not (
            word[0][0].isupper() and _WITHIN.fullmatch(text[run[-1].end() : word.start()])
        ):
            yield from _name(run, language)
            run = []
        if word[0][0].isupper():
            run.append(word)
    yield from _name(run, language)


def _name(run: list[re.Match[str]], language: str) -> Iterator[_Run]:
    """Yield a run without what opens a sentence or tells a role; nothing if it may be no name."""
    no_part = STOP_WORDS.get(language, frozenset()) | _addresses(language)
    while run and run[0][0].lower() in no_part:
        run = run[1:]
    roles = [place for place, word in enumerate(run) if _is_role(word[0], language)]
    run = run[roles[-1] + 1 :] if roles else run  # "Prime Minister Boris Johnson"
    led = run[0].start() if run else 0
    if language in _SYLLABLES and len(run) > 1 and country_code(run[0][0]) is not None:
        run = run[1:]  # "Tổng thống Chile Sebastián Piñera"
    if not run or len(run) > _MAX_WORDS or len(run[-1][0]) == 1:
        return
    start, end = run[0].start(), run[-1].end()
    if end - start <= _MAX_CHARS and not _opens_no_name([word[0] for word in run], language):
        yield _Run(led, start, end)


@lru_cache(maxsize=10_000)
def _is_role(word: str, language: str) -> bool:
    """Whether a word with a capital tells a role."""
    roles = ROLES.get(language, "").split()
    return any(re.fullmatch(role, word, re.IGNORECASE) for role in roles)


def _opens_no_name(words: list[str], language: str) -> bool:
    """Whether words may go on in lower case: "Conseil de sécurité", "Bệnh viện", the hospital."""
    if words[0].lower() in OPENS_NO_NAME.get(language, "").split():
        return True
    alone = language in _SYLLABLES and len(words) == 1 and len(words[0]) <= _MAX_SYLLABLE
    return alone and country_code(words[0]) is None


@cache
def _addresses(language: str) -> frozenset[str]:
    """Return the words in front of somebody's name that may have a capital themselves."""
    return frozenset(
        HONORIFICS.get(language, "").lower().replace(".", "").replace("?", "").split("|")
    )


@cache
def _clues(language: str) -> _Clues | None:
    """Return the clues of a language, or None where there are none."""
    if language not in HONORIFICS:
        return None
    roles = "|".join(ROLES[language].split()).replace("_", " ")
    # "le président vietnamien Tô Lâm", "le ministre de la Sécurité publique, Luong Tam Quang"
    before = rf"(?<!\w)(?i:(?:{roles})(?:[^.;:!?\n,]{{0,60}},)?|{HONORIFICS[language]})\s$"
    adjective = rf"(?<!\w)(?i:{roles})\s[^\W\d_A-ZÀ-Ý][\w-]{{4,}}\s$"
    return _Clues(
        re.compile(f"{before}|{adjective}"),
        re.compile(rf",\s(?:\w{{1,3}}['’\s]\s?)?(?:\w+\s)?(?:{roles})(?!\w)", re.IGNORECASE),
        re.compile(rf"(?:^|[\s(«“])({PLACE_PREPOSITIONS[language]})\s$", re.IGNORECASE),
    )
