"""The numbers of a text, by value: "1,2 million", "1 200 000" and "one million" are compared."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache

from index.normal_form import normalise
from qa.types import Span
from qa.written.number_words import (
    CUT_AT,
    MULTIPLIERS,
    ONE_HUNDRED,
    PERCENT,
    RANGE,
    WORDS,
    Words,
)

Value = Fraction | str
"""What a number stands for; what is too long to be one stands for its digits."""

_BLANK = "[ \u00a0\u202f\u2009]"
_DIGITS = re.compile(
    rf"(?<!\d)(?:\d{{1,3}}(?:{_BLANK}\d{{3}})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,'’]\d+)*)([½¼¾])?"
)
_MOST_DIGITS = 40
_FRACTIONS = {"½": Fraction(1, 2), "¼": Fraction(1, 4), "¾": Fraction(3, 4)}

_CLOCK = re.compile(
    rf"(?:[.:h]\d\d)?{_BLANK}?(?:([ap])\.?m\b\.?|giờ\b|Uhr\b)|(?:[.:h]\d\d){_BLANK}?(?:([ap])\.?m\b\.?)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+")
_WITHIN = re.compile(rf"(?:-|‐|{_BLANK}){{0,2}}")
_ROMAN = re.compile(r"\b(?=[IVXLC])(C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})(?:e|er|ème|th)?\b")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text.

    Attributes:
        span: where it stands.
        values: what it may stand for: "1.500" is read both ways.
        factor: by what a word behind its digits multiplies it.
        percent: whether it counts hundredths.
        unsure: whether it may be no number at all.
    """

    span: Span
    values: frozenset[Value]
    factor: int = 1
    percent: bool = False
    unsure: bool = False


def find_numbers(text: str, language: str) -> list[Number]:
    """Return the numbers of a text in digits and in words, in order."""
    digits = [_in_digits(text, match, language) for match in _DIGITS.finditer(text)]
    words = _in_words(text, language) if language in WORDS else iter(())
    taken = {place for number in digits for place in range(*number.span)}
    free = [number for number in words if taken.isdisjoint(range(*number.span))]
    return _spread(text, sorted([*digits, *free], key=lambda number: number.span), language)


def hidden_values(text: str, language: str) -> frozenset[Value]:
    """Return what other words stand for a number with: "both", "moitié", "XXI"."""
    values: set[Value] = set()
    hidden = WORDS[language].hidden if language in WORDS else {}
    for word in _WORD.findall(normalise("NFC", text).lower()):
        values.update(map(Fraction, hidden.get(word, ())))
    for match in _ROMAN.finditer(text):
        values.add(Fraction(_roman("".join(match.groups()))))
    return frozenset(values)


def missing_numbers(
    written: Iterable[Number], found: Sequence[Number], hidden: frozenset[Value]
) -> Iterator[Number]:
    """Yield the numbers that stand nowhere: not by value, or not as a percentage."""
    # an article is no proof of a 1: "un", "một"
    sure = [number for number in found if not (number.unsure and 1 in number.values)]
    plain = frozenset[Value]().union(*(number.values for number in sure)) | hidden
    percent = frozenset[Value]().union(*(number.values for number in found if number.percent))
    for number in written:
        known = percent | hidden if number.percent else plain
        if not number.unsure and known.isdisjoint(number.values):
            yield number


def _in_digits(text: str, match: re.Match[str], language: str) -> Number:
    """Read a number in digits, with the word that multiplies it."""
    end = match.end()
    values = _read(match[0].rstrip("½¼¾"))
    if match[1]:
        values = [*values, *(v + _FRACTIONS[match[1]] for v in values if isinstance(v, Fraction))]
    factor, letter = 1, False
    if following := _multiplier(language).match(text, end):
        name = next(name for name, found in following.groupdict().items() if found)
        factor, letter = 10 ** int(name[1:]), len(following[name]) == 1
        values = [v * factor if isinstance(v, Fraction) else v for v in values] + values * letter
        end = following.end()
    elif clock := _CLOCK.match(text, end):
        values = [*values, *_hours(values, clock)]
    unsure = text[match.start() - 1 : match.start()] in {":", "h", "."} and match[0] == "00"
    span = (match.start(), end)
    return Number(span, frozenset(values), factor, _percent().match(text, end) is not None, unsure)


def _read(digits: str) -> list[Value]:
    """Return what digits with separators may stand for."""
    digits = "".join(
        str(unicodedata.decimal(letter)) if letter.isdecimal() else letter
        for letter in re.sub(_BLANK, "", digits)
    )
    if len(digits) > _MOST_DIGITS:
        return [digits]
    parts = re.split(r"[.,'’]", digits)
    if len(parts) == 1:
        return [Fraction(digits)]
    *groups, last = parts
    grouped = Fraction("".join(parts))
    decimal = Fraction(f"{''.join(groups)}.{last}")
    thousands = all(len(part) == 3 for part in parts[1:]) and len(parts[0]) <= 3
    if len(parts) == 2:
        return [grouped, decimal] if thousands else [decimal]
    if thousands:
        return [grouped]
    if all(len(part) == 3 for part in groups[1:]) and len({*re.sub(r"\d", "", digits)}) > 1:
        return [decimal]
    return [digits, *map(Fraction, parts)]


def _hours(values: Iterable[Value], clock: re.Match[str]) -> list[Value]:
    """Return what hours of the afternoon are on a clock of 24."""
    half = (clock[1] or clock[2] or "").lower()
    hours = [value for value in values if isinstance(value, Fraction) and value <= 24]
    parts = [Fraction(int(hour)) for hour in hours]
    minutes = [round((hour - int(hour)) * 100) for hour in hours]
    later = [] if half == "a" else [hour + 12 for hour in parts if hour <= 12]
    midnight = [Fraction(0)] if half == "a" and 12 in parts else []
    return [*parts, *later, *midnight, *(Fraction(minute) for minute in minutes if minute)]


def _spread(text: str, numbers: list[Number], language: str) -> list[Number]:
    """Let "5 à 6 millions" be five million and six, and "5 to 6 %" two percentages."""
    for place in range(len(numbers) - 2, -1, -1):
        first, second = numbers[place], numbers[place + 1]
        between = text[first.span[1] : second.span[0]]
        if len(between) > 8 or not _range(language).fullmatch(between):
            continue
        more = {v * second.factor for v in first.values if isinstance(v, Fraction)}
        numbers[place] = replace(
            first,
            values=first.values | (more if first.factor == 1 else set()),
            percent=first.percent or second.percent,
        )
    return numbers


def _in_words(text: str, language: str) -> Iterator[Number]:
    """Yield the numbers of a text in words."""
    words = WORDS[language]
    run: list[re.Match[str]] = []
    before = ""
    for match in _counting(language).finditer(text):
        word = _plain(match[0])
        near = bool(run) and bool(_WITHIN.fullmatch(text[run[-1].end() : match.start()]))
        if run and not (near and _goes_on(word, words)):
            yield from _read_run(text, run, before, language)
            before, run = _plain(run[-1][0]), []
        if word in words.small or word in words.large or (run and word in words.joins):
            run.append(match)
        else:
            before = word
    if run:
        yield from _read_run(text, run, before, language)


def _goes_on(word: str, words: Words) -> bool:
    """Whether a number in words may go on with this one."""
    return word in words.small or word in words.large or word in words.joins


def _read_run(text: str, run: list[re.Match[str]], before: str, language: str) -> Iterator[Number]:
    """Read number words that stand together; "two, three" are two numbers."""
    words = WORDS[language]
    sum_ = _Sum(language)
    first = 0
    for place, match in enumerate(run):
        if sum_.take(_plain(match[0])):
            continue
        yield from _number(text, run[first:place], sum_, before, language)
        before, first = _plain(run[place - 1][0]) if place else before, place
        sum_ = _Sum(language)
        if _plain(match[0]) not in words.joins:
            sum_.take(_plain(match[0]))
        else:
            first = place + 1
    yield from _number(text, run[first:], sum_, before, language)


def _number(
    text: str, run: list[re.Match[str]], sum_: "_Sum", before: str, language: str
) -> Iterator[Number]:
    """Yield the number that a run of words is, unless it is a vague one: "dozens"."""
    words = WORDS[language]
    while run and _plain(run[-1][0]) in words.joins:
        run = run[:-1]
    if not run:
        return
    alone = _plain(run[0][0])
    if before in words.vague or (alone in words.vague and len(run) == 1):
        return
    if (before, alone) == ("pour", "cent") or before == "ngã":  # "ngã ba": a crossing
        return
    if language not in ONE_HUNDRED and alone in words.large and before not in {"a", "per", "one"}:
        return  # "several hundred", "vài nghìn"
    span = (run[0].start(), run[-1].end())
    if language == "vi" and _is_in_name(text, span):  # "Ba Lan": Poland
        return
    unsure = len(run) == 1 and alone in words.unsure
    percent = _percent().match(text, span[1]) is not None
    yield Number(span, frozenset([Fraction(sum_.value)]), sum_.factor, percent, unsure)


def _is_in_name(text: str, span: Span) -> bool:
    """Whether a word with a capital stands before another one."""
    following = text[span[1] : span[1] + 2]
    return text[span[0]].isupper() and following[:1] == " " and following[1:].isupper()


class _Sum:
    """A number that grows by a word at a time."""

    def __init__(self, language: str) -> None:
        """Begin with nothing."""
        self._language = language
        self._words = WORDS[language]
        self._total = 0
        self._current = 0
        self._begun = False
        self.factor = 1

    @property
    def value(self) -> int:
        """What the words up to here stand for."""
        return self._total + self._current

    def take(self, word: str) -> bool:
        """Take the next word; False if it cannot belong to the same number."""
        if word in self._words.joins:
            return self._begun
        fits = self._multiply(word) if word in self._words.large else self._add(word)
        self._begun = self._begun or fits
        return fits

    def _multiply(self, word: str) -> bool:
        """Take a word that multiplies: "hundred", "mille"."""
        factor = self._words.large[word]
        if factor == 10:
            self._current += self._current % 10 * 9 if self._current % 10 else 10
        elif factor == 100:
            if self._current >= 100:
                return False
            self._current = (self._current or 1) * 100
        elif self._total and factor > self.factor > 1:
            self._total = (self._total + self._current) * factor
            self._current = 0
        else:
            self._total += (self._current or 1) * factor
            self._current = 0
        self.factor = factor if factor >= 1000 else self.factor
        return True

    def _add(self, word: str) -> bool:
        """Take a word that is added: "vingt", "seven"."""
        value = self._words.small[word]
        if not self._begun:
            self._current = value
            return True
        rest, french = self._current % 100, self._language == "fr"
        if french and word.startswith("vingt") and rest == 4:
            self._current += 76
            return True
        if value < 10:
            # "mười năm" is ten years, "mười lăm" fifteen
            teens = (french and value > 6) or self._language == "vi"
            if word == "năm" and rest >= 10:
                return False
            fits = rest % 10 == 0 and value > 0 and (rest != 10 or teens)
        elif value < 20:
            fits = rest == 0 or (french and rest in {60, 80})
        else:
            fits = rest == 0
        self._current += value * fits
        return fits


def _roman(letters: str) -> int:
    """Return the value of a Roman number."""
    values = [_ROMAN_VALUES[letter] for letter in letters]
    return sum(
        -value if value < max(values[place:], default=0) else value
        for place, value in enumerate(values)
    )


def _plain(word: str) -> str:
    """Return a word in the form of the tables."""
    return normalise("NFC", word).lower()


@cache
def _counting(language: str) -> re.Pattern[str]:
    """Return what a word is where numbers in words are looked for: a part of a long German one."""
    cut = CUT_AT.get(language)
    if cut is None:
        return _WORD
    return re.compile(rf"{cut}|(?:(?!{cut})[^\W\d_])+", re.IGNORECASE)


@cache
def _multiplier(language: str) -> re.Pattern[str]:
    """Return what multiplies the digits before it."""
    return re.compile(rf"{_BLANK}?(?:{MULTIPLIERS.get(language, '(?P<m0>(?!))')})\b")


@cache
def _percent() -> re.Pattern[str]:
    """Return what makes a percentage of the number before it."""
    return re.compile(rf"{_BLANK}?(?:{PERCENT})", re.IGNORECASE)


@cache
def _range(language: str) -> re.Pattern[str]:
    """Return what joins the two numbers of a range."""
    return re.compile(rf"\s?(?:[-–—/]|{RANGE.get(language, '(?!)')})\s?")
