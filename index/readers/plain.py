"""Plain text: an optional header, then the text, kept exactly but for line ends."""

import re
from collections.abc import Iterator
from pathlib import Path

from index.decode import decode
from index.readers.extracted import FIELDS, MAX_VALUE_CHARS, Declared, Extracted, Field, body

_DATE_LINE = re.compile(
    r"\s*date\s*:?\s*(?P<date>\d{4}(?:[-/.]\d{1,2}){0,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})"
    r"(?:[T ]\d{1,2}[:h]\d{2}\S*)?(?:\s+(?P<title>.*)|)",
    re.IGNORECASE,
)
_FIELD_LINE = re.compile(r"\s*(?P<name>\w+)\s*:\s(?P<value>.*)")


def read_plain_text(path: Path, data: bytes) -> Iterator[Extracted]:
    """Read a `.txt` file: an optional header, then the text.

    The header is a line "date 2025-05-12 Title" (a month or a year will do, the title may be
    missing), or lines such as "Titre : ...", "Date : ...", "Auteur : ..."; it is no part of the
    text.
    """
    lines = decode(path, data).lstrip().split("\n")
    declared: dict[Field, Declared] = {}
    taken = 0
    while taken < len(lines):
        values = _header_values(lines[taken])
        if lines[taken].strip() and not values:
            break
        for name, value in values.items():
            declared.setdefault(name, Declared(value, "header"))
        taken += 1
    yield Extracted(body(path, "\n".join(lines[taken:])), declared)


def _header_values(line: str) -> dict[Field, str]:
    """Return what `line` declares if it is a line of a header, else nothing."""
    if len(line) > MAX_VALUE_CHARS:
        return {}
    if dated := _DATE_LINE.fullmatch(line):
        title = (dated["title"] or "").lstrip(" \t:|–—-").rstrip()
        return {"date": dated["date"], "title": title} if title else {"date": dated["date"]}
    values = field_value(line)
    # a sentence may begin with "Date :" too, without a number
    return values if any(map(str.isdigit, values.get("date", "0"))) else {}


def field_value(line: str) -> dict[Field, str]:
    """Return the field and the value of a line "Titre : value", or nothing."""
    match = _FIELD_LINE.fullmatch(line)
    if match is None or match["name"].casefold() not in FIELDS:
        return {}
    value = match["value"].strip().strip("\"'")
    return {FIELDS[match["name"].casefold()]: value} if value else {}
