"""The dates of a question as short texts, for records: "2025-05", "--05-12" of any year.

A period has a slash between its first and last day: "2025-05-01/2025-05-15", "--05-03/--05-05".
"""

import re
from datetime import date
from typing import get_args

from index.types import DateRange, YearlessRange
from qa.types import AskedDate, Relation
from ui.claims import Claim, ClaimInvalid, read_text

_YEARLESS = re.compile(r"--(\d{2})-(\d{2})")
_RELATIONS: tuple[Relation, ...] = get_args(Relation)
_MAX_TEXT_CHARS = 200


def write_date(asked: AskedDate) -> dict[str, str]:
    """Return a date of a question as it stands in a record."""
    value = str(asked.range) if asked.range is not None else _write_yearless(asked.yearless)
    return {"text": asked.text, "value": value, "relation": asked.relation}


def _write_yearless(days: YearlessRange | None) -> str:
    """Write days of any year."""
    assert days is not None
    ends = dict.fromkeys((days.first, days.last))
    return "/".join(f"--{month:02}-{day:02}" for month, day in ends)


def read_date(claim: Claim) -> AskedDate:
    """Read a date of a record.

    Raises:
        ClaimInvalid: if it is none.
    """
    text = read_text(claim, "text", _MAX_TEXT_CHARS)
    value = read_text(claim, "value", _MAX_TEXT_CHARS)
    relation = next((one for one in _RELATIONS if one == claim.get("relation")), None)
    if relation is None:
        raise ClaimInvalid("relation")
    try:
        if value.startswith("--"):
            return AskedDate(text, yearless=_read_yearless(value), relation=relation)
        return AskedDate(text, range=_read_range(value), relation=relation)
    except ValueError:
        raise ClaimInvalid("value") from None


def _read_range(value: str) -> DateRange:
    """Read days of a year; ValueError if they are none."""
    first, slash, last = value.partition("/")
    if not slash:
        return DateRange.parse(value)
    return DateRange(date.fromisoformat(first), date.fromisoformat(last))


def _read_yearless(value: str) -> YearlessRange:
    """Read days of any year; ValueError if they are none."""
    first, _, last = value.partition("/")
    return YearlessRange(_read_day(first), _read_day(last or first))


def _read_day(value: str) -> tuple[int, int]:
    """Read a day of any year; ValueError if no year has it."""
    match = _YEARLESS.fullmatch(value)
    if match is None:
        raise ValueError(value)
    month, day = int(match[1]), int(match[2])
    # a leap year has every day
    date(2024, month, day)
    return month, day
