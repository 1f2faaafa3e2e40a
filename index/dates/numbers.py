"""Read what digits and their separators stand for: days, years, dates, or nothing of the kind."""

import calendar
import re
from functools import lru_cache

from index.dates.kinds import KINDS, Token

_DAY_FIRST = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})([./-])(\d{1,2})\2(\d{1,2})|(\d{4})年(\d{1,2})月(\d{1,2})日")
_DAYS_OF_MONTH = re.compile(r"(\d{1,2})[-–—](\d{1,2})/(\d{1,2})(?:/(\d{4}))?")
_DAY_TO_DAY = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}))?[-–—](\d{1,2})/(\d{1,2})(?:/(\d{4}))?")
_MONTH_YEAR = re.compile(r"(\d{4})-(\d{2})|(\d{1,2})[/.-](\d{4})")
_PAIR = re.compile(r"(\d{1,2})/(\d{1,2})")
_YEARS = re.compile(r"(\d{4})[-‐-―/](\d{2})")
_SPLIT = re.compile(
    r"\d{1,2}([-‐-―])\d{1,2}|\d{4}([-‐-―/])\d{4}|\d{1,2}(,)\d{4}|\d{1,2}([-‐-―])\d{4}"
)
_LONGEST_PERIOD = 30
"""Years between the two of "1939-45"; more is rather a number of some other kind."""

_PIECE = re.compile(r"\d+|\D")


def read_number(text: str, start: int) -> list[Token]:
    """Return the tokens of a number that may have separators; most are a single one."""
    if not text.isdecimal() and _splits(text):
        return [
            _token(piece.group(), start + piece.start(), *_plain_number(piece.group()))
            for piece in _PIECE.finditer(text)
        ]
    compact = None if text.isdecimal() else _compact(text)
    return [_token(text, start, *(compact or _plain_number(text)))]


def _token(text: str, start: int, kind: str, value: tuple[int, ...]) -> Token:
    """Return the token of a number."""
    return Token(start, start + len(text), KINDS[kind], value, text)


def _splits(text: str) -> bool:
    """Whether two numbers with a mark between them are days or years, each on its own."""
    if not _SPLIT.fullmatch(text):
        return False
    years = [int(number) for number in _PIECE.findall(text) if len(number) == 4]
    return all(1000 <= year <= 2199 for year in years)


def _compact(text: str) -> tuple[str, tuple[int, ...]] | None:
    """Return the kind and value of a date written in digits, or None when it is none."""
    if not 4 < len(text) + 2 <= 24:
        return None
    for read in (_full, _days, _month_and_year, _two_years, _pair):
        found = read(text)
        if found is not None:
            return found
    return None


def _full(text: str) -> tuple[str, tuple[int, ...]] | None:
    """Read "12/05/2025" or "2025-05-12"; month first only when day first is impossible."""
    text = "".join(text.split())
    if match := _YEAR_FIRST.fullmatch(text):
        year, month, day = (int(part) for part in match.groups() if part and part.isdigit())
        return ("numeric", (year, month, day)) if is_day(year, month, day) else ("number", ())
    match = _DAY_FIRST.fullmatch(text)
    if match is None:
        return None
    day, month, year = int(match[1]), int(match[3]), int(match[4])
    if month > 12:
        day, month = month, day
    short = len(match[4]) == 2
    year = _century(year) if short else year
    if not is_day(year, month, day) or (short and match[2] == "-"):
        return "number", ()
    return "faint" if short and match[2] == "." else "numeric", (year, month, day)


def _days(text: str) -> tuple[str, tuple[int, ...]] | None:
    """Read "12-15/5/2025" and "28/5-3/6": two days, the year 0 where none is written."""
    if match := _DAYS_OF_MONTH.fullmatch(text):
        day, last_day, month = (int(part) for part in match.groups()[:3])
        year = int(match[4] or 0)
        value = (year, month, day, year, month, last_day)
    elif match := _DAY_TO_DAY.fullmatch(text):
        day, month, last_day, last_month = (int(match[group]) for group in (1, 2, 4, 5))
        last_year = int(match[6] or match[3] or 0)
        value = (int(match[3] or last_year), month, day, last_year, last_month, last_day)
    else:
        return None
    good = all(is_day(value[at] or 2000, value[at + 1], value[at + 2]) for at in (0, 3))
    kind = "numeric" if value[0] else "pair"
    return (kind, value) if good else ("number", ())


def _month_and_year(text: str) -> tuple[str, tuple[int, ...]] | None:
    """Read "2025-05" and "05/2025"."""
    match = _MONTH_YEAR.fullmatch(text)
    if match is None:
        return None
    year, month = (int(match[1]), int(match[2])) if match[1] else (int(match[4]), int(match[3]))
    if not (1 <= month <= 12 and 1900 <= year <= 2099):
        return None
    if match[1] or "/" in text:
        return "month_year", (year, month)
    return None


def _two_years(text: str) -> tuple[str, tuple[int, ...]] | None:
    """Read "2024-25" and "1939-45", years of one century."""
    match = _YEARS.fullmatch(text)
    if match is None:
        return None
    year = int(match[1])
    last = year + (int(match[2]) - year) % 100
    near = last - year == 1 or ("/" not in text and year < last <= year + _LONGEST_PERIOD)
    return ("seasonal", (year, last)) if near and 1500 <= year <= 2099 else ("number", ())


def _pair(text: str) -> tuple[str, tuple[int, ...]] | None:
    """Read "12/05", a day and a month if the words beside it say so."""
    match = _PAIR.fullmatch(text)
    if match is None:
        return None
    day, month = int(match[1]), int(match[2])
    if month > 12:
        day, month = month, day
    return ("pair", (0, month, day)) if is_day(2000, month, day) else ("number", ())


def turn_round(tokens: list[Token]) -> list[Token]:
    """Read "05/12/2025" month first where the text's other dates can only be read that way."""
    written = [match for token in tokens if (match := _written(token))]
    first, second = (max((int(match[part]) for match in written), default=0) for part in (1, 3))
    if first > 12 or second <= 12:
        return tokens
    return [_month_first(token) if _written(token) else token for token in tokens]


def _written(token: Token) -> re.Match[str] | None:
    """Return the parts of a token such as "05/12/2025"."""
    if token.kind != KINDS["numeric"]:
        return None
    match = _DAY_FIRST.fullmatch("".join(token.text.split()))
    return match if match and match[2] != "." else None


def _month_first(token: Token) -> Token:
    """Return a date in digits with its first number as the month."""
    year = token.value[0]
    month, day = (int(part) for part in re.split("[/-]", token.text)[:2])
    return token._replace(value=(year, month, day))


@lru_cache(maxsize=1 << 12)
def _plain_number(text: str) -> tuple[str, tuple[int, ...]]:
    """Return the kind and value of digits alone, or of the mark between two numbers."""
    if text in {",", "/"}:
        return {",": "comma", "/": "slash"}[text], ()
    if not text.isdecimal():
        return ("dash" if len(text) == 1 else "number"), ()
    if len(text) == 4:
        return _year(int(text))
    if len(text) > 2:
        return "number", ()
    value = int(text)
    kind = "small" if 1 <= value <= 12 else "big" if 12 < value <= 31 else "tail"
    return kind, (value,)


def _year(value: int) -> tuple[str, tuple[int, ...]]:
    """Return the kind of a number of four digits."""
    if 1900 <= value <= 2099:
        return "year", (value,)
    return ("old", (value,)) if 1000 <= value <= 2199 else ("number", ())


def _century(year: int) -> int:
    """Return the full year of two digits: up to 50 in this century."""
    return year + (2000 if year <= 50 else 1900)


def is_day(year: int, month: int, day: int) -> bool:
    """Whether the calendar has this day."""
    return (
        1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]
    )
