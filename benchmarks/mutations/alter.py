"""Alter a true sentence in one number, date, name or negation, by rules of its own.

The rules share nothing with the check: what it does not see is altered all the same.
"""

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from benchmarks.mutations.tables import WORDS
from benchmarks.mutations.truths import Truth
from index.tokens import fold
from index.types import Article
from qa.names import find_kinds, find_names
from qa.types import Span

Kind = Literal["number", "date", "name", "negation"]

_NUMBER = re.compile(r"(?<![\w.,/:-])\d+(?:[.,\u202f\u00a0 ]\d{3})*(?:[.,]\d+)?(?![\w/:-]|[.,]\d)")
_YEAR = re.compile(r"(?<![\w.,/-])(?:1[5-9]|20)\d\d(?![\w.,/-]*\d)(?!\w)")
_WORD = re.compile(r"\w+")
_ORDINAL = r"er|st|nd|rd|th|\."
_MOST_YEARS = 9
_MOST_DAY = 28


@dataclass(frozen=True, slots=True)
class Altered:
    """A sentence that is no longer true.

    Attributes:
        truth: what it was made of.
        text: the sentence.
        kind: what is altered.
        way: how: "new" (stands nowhere near), "article" (stands elsewhere in the article),
            "passage" (stands elsewhere in the very passage), "added", "removed".
        before: the words that were replaced.
        after: what stands in their place.
    """

    truth: Truth
    text: str
    kind: Kind
    way: str
    before: str
    after: str


def alter(truths: Sequence[Truth]) -> Iterator[Altered]:
    """Yield every alteration of some true sentences; the same for the same sentences."""
    names = Names(truths)
    for truth in truths:
        chance = random.Random(truth.id)
        seen = {truth.text}
        for altered in (
            *_numbers(truth, chance),
            *_dates(truth, chance),
            *names.alter(truth, chance),
            *_negations(truth, chance),
        ):
            if altered.text not in seen:
                seen.add(altered.text)
                yield altered


def _put(truth: Truth, span: Span, after: str, kind: Kind, way: str) -> Altered:
    """Put other words in the place of a stretch."""
    text = truth.text
    before = text[slice(*span)]
    if text[: span[0]].endswith(("d’", "d'")) and after[0] not in "aeiouéyhAEIOUÉ":
        span, before, after = (span[0] - 2, span[1]), text[span[0] - 2 : span[1]], f"de {after}"
    return Altered(truth, text[: span[0]] + after + text[span[1] :], kind, way, before, after)


def _numbers(truth: Truth, chance: random.Random) -> Iterator[Altered]:
    """Replace each number by a plausible one, by one of the article, by one of the passage."""
    source = truth.source
    dates = list(_date_spans(truth))
    near = set(_NUMBER.findall(source.text)) | set(_NUMBER.findall(truth.text))
    far = set(_NUMBER.findall(source.article.text)) - near
    for match in _NUMBER.finditer(truth.text):
        if any(start < match.end() and match.start() < end for start, end in dates):
            continue
        span, own = match.span(), match[0]
        yield _put(truth, span, _other_number(own, near, chance), "number", "new")
        if elsewhere := sorted(far - {own}):
            yield _put(truth, span, chance.choice(elsewhere), "number", "article")
        beside = sorted(set(_NUMBER.findall(source.text)) - {own} - _values_of(truth.text))
        if beside:
            yield _put(truth, span, chance.choice(beside), "number", "passage")
    yield from _worded(truth, chance, dates)


def _values_of(text: str) -> set[str]:
    """Return the numbers in digits of a sentence."""
    return set(_NUMBER.findall(text))


def _other_number(own: str, near: Iterable[str], chance: random.Random) -> str:
    """Change a digit of a number so that it stands nowhere near."""
    places = [place for place, letter in enumerate(own) if letter.isdigit()]
    digits = {re.sub(r"\D", "", number) for number in near}
    while True:
        place = chance.choice(places)
        lowest = 1 if place == places[0] else 0
        digit = str(chance.randint(lowest, 9))
        changed = own[:place] + digit + own[place + 1 :]
        if re.sub(r"\D", "", changed) not in digits:
            return changed
        if len(places) == 1 and chance.random() < 0.3:
            own, places = own + "0", [0, 1]


def _worded(truth: Truth, chance: random.Random, dates: Sequence[Span]) -> Iterator[Altered]:
    """Replace each number in words by another one."""
    numbers = WORDS[truth.language].numbers
    digits = {number: value for value, number in _digits_of(truth.language)}
    cited = {word.lower() for word in _WORD.findall(truth.source.text)}
    theirs = dict(_digits_of(truth.source.article.language))
    for match in re.finditer(rf"\b(?:{'|'.join(numbers)})\b", truth.text):
        if any(start < match.end() and match.start() < end for start, end in dates):
            continue
        others = [
            number
            for number in numbers
            if number != match[0]
            and theirs.get(digits[number], "-") not in cited
            and str(digits[number]) not in cited
            and not re.search(rf"\b{number}\b", truth.text)
        ]
        yield _put(truth, match.span(), chance.choice(others), "number", "new")


def _digits_of(language: str) -> Iterator[tuple[int, str]]:
    """Yield the numbers in words of a language with their values."""
    if language == "vi":
        values = [2, 3, 4, 6, 7, 8, 9, 10]
    elif language == "fr":
        values = [2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 20, 30, 40, 50, 60]
    else:
        values = [*range(2, 17), 20, 30, 40, 50, 60]
    yield from zip(values, WORDS[language].numbers, strict=True)


def _date_spans(truth: Truth) -> Iterator[Span]:
    """Yield where years, and days with their month, stand."""
    months = "|".join(WORDS[truth.language].months)
    yield from (match.span() for match in _YEAR.finditer(truth.text))
    day = rf"(?:\d+(?:{_ORDINAL})? (?:de )?)?\b(?:{months})\b(?: \d+)?"
    yield from (match.span() for match in re.finditer(day, truth.text))
    if truth.language == "vi":
        yield from (match.span() for match in re.finditer(r"\d+/\d+(?:/\d+)?", truth.text))


def _dates(truth: Truth, chance: random.Random) -> Iterator[Altered]:
    """Replace a year, a day, a month, a weekday."""
    words = WORDS[truth.language]
    cited = truth.source.text
    near = set(re.findall(r"\d+", cited)) | set(re.findall(r"\d+", truth.text))
    for match in _YEAR.finditer(truth.text):
        years = range(int(match[0]) - _MOST_YEARS, int(match[0]) + _MOST_YEARS)
        others = [str(year) for year in years if str(year) not in near]
        yield _put(truth, match.span(), chance.choice(others), "date", "new")
    months = "|".join(words.months)
    day = rf"(\d{{1,2}})(?:{_ORDINAL})?(?: (?:de )?(?:{months})|/\d)|(?:{months}) (\d{{1,2}})\b"
    for match in re.finditer(day, truth.text):
        group = 1 if match[1] else 2
        if truth.language == "vi" and group == 2:
            continue
        others = [str(n) for n in range(1, _MOST_DAY + 1) if str(n) not in near]
        yield _put(truth, match.span(group), chance.choice(others), "date", "new")
    for names in (words.months, words.weekdays):
        named = set(re.findall(rf"\b(?:{'|'.join(names)})\b", truth.text))
        for match in re.finditer(rf"\b(?:{'|'.join(names)})\b", truth.text):
            if _is_no_date(truth, match):
                continue
            others = [name for name in names if name not in named and not _stands(name, truth)]
            yield _put(truth, match.span(), chance.choice(others), "date", "new")


def _is_no_date(truth: Truth, match: re.Match[str]) -> bool:
    """Whether the name of a month is rather a verb, or a weekday an ordinal."""
    if truth.language == "vi":
        return match[0].startswith("thứ") or truth.text[match.end() :][:1].isdigit()
    return match[0] in {"May", "March", "mars"} and not re.search(
        r"\d", truth.text[max(0, match.start() - 5) : match.end() + 6]
    )


def _stands(name: str, truth: Truth) -> bool:
    """Whether the month or weekday of a name stands in the passage, in its language."""
    own, theirs = WORDS[truth.language], WORDS[truth.source.article.language]
    for names, others in ((own.months, theirs.months), (own.weekdays, theirs.weekdays)):
        if name in names:
            other = others[names.index(name)]
            return re.search(rf"\b{other}\b", truth.source.text, re.IGNORECASE) is not None
    return False


class Names:
    """The people and places that some sentences name, by language and kind."""

    def __init__(self, truths: Sequence[Truth]) -> None:
        """Find them, by the words around them."""
        self._of: dict[str, list[tuple[Span, str]]] = {}
        self._pools: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        self._beside: defaultdict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
        for language in sorted({truth.language for truth in truths}):
            own = [truth for truth in truths if truth.language == language]
            articles = [Article(truth.id, truth.id, truth.text, language=language) for truth in own]
            kinds = find_kinds(articles)
            for truth, article in zip(own, articles, strict=True):
                found = find_names(article, (0, len(truth.text)), kinds)
                self._of[truth.id] = [(name.span, name.kind) for name in found]
                for name in found:
                    self._pools[language, name.kind].add(name.text)
                    self._beside[truth.source.article.id, language].add((name.text, name.kind))

    def alter(self, truth: Truth, chance: random.Random) -> Iterator[Altered]:
        """Replace each name by one of the corpus, and by one of the same article."""
        words = {fold(word.lower()) for word in _WORD.findall(truth.source.text + truth.text)}
        for span, kind in self._of[truth.id]:
            pool = self._pools[truth.language, kind]
            others = [name for name in sorted(pool) if _is_new(name, words)]
            if others:
                yield _put(truth, span, chance.choice(others), "name", "new")
            beside = self._beside[truth.source.article.id, truth.language]
            same = [name for name, own in sorted(beside) if own == kind and _is_new(name, words)]
            if same:
                yield _put(truth, span, chance.choice(same), "name", "article")


def _is_new(name: str, words: Iterable[str]) -> bool:
    """Whether no word of a name stands in the passage."""
    return {fold(word.lower()) for word in _WORD.findall(name)}.isdisjoint(words)


def _negations(truth: Truth, chance: random.Random) -> Iterator[Altered]:
    """Put a negation in, and take each one out."""
    words = WORDS[truth.language]
    sides: Mapping[str, Sequence[tuple[re.Pattern[str], object]]] = {
        "added": words.deny,
        "removed": words.affirm,
    }
    for way, rules in sides.items():
        places = [(match, put) for pattern, put in rules for match in pattern.finditer(truth.text)]
        if places:
            match, put = chance.choice(places)
            after = put(match) if callable(put) else match.expand(str(put))
            yield _put(truth, match.span(), after, "negation", way)
