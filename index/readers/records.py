"""Articles as JSON: one object, a list of them, a list inside an object, or one object a line."""

import codecs
import json
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from index.decode import decode
from index.errors import UnreadableFile
from index.readers.columns import TEXTS, has_text, names_article, plain_name, record_article
from index.readers.extracted import Extracted
from index.types import Skipped

Record = dict[str, object]

# A longer line is no article but a dump: letters may take six bytes each, and pages have marks.
_MAX_LINE_BYTES = 5_000_000

_MAX_BAD_LINES = 1_000

# How deep a list of articles may lie in an object: {"response": {"docs": [...]}}.
_MAX_LIST_DEPTH = 3
# How many objects are looked at to tell whether a list is one of articles.
_SAMPLE = 50

# What holds the words where a key has an object for its value: {"name": ...}, {"rendered": ...}.
_INNER = ("name", "rendered", "text", "value", "title", "main", "html", "content", "#text", "$t")
_MAX_INNER_DEPTH = 4
_MAX_KEYS_NAMED = 12


def read_json(path: Path, data: bytes) -> Iterator[Extracted | Skipped]:
    """Read an article, or several: a list, or the list inside an object such as {"articles": []}.

    Each goes under its number; HTML in a text is cleaned. A file of one object a line is read as
    such, whatever its suffix.
    """
    try:
        value = _parse(decode(path, data))
    except ValueError as problem:
        if not isinstance(problem, json.JSONDecodeError) or problem.msg != "Extra data":
            raise UnreadableFile(path, f"is no valid JSON: {_worded(problem)}") from problem
        yield from read_json_lines(path, data)
        return
    records = None if _has_own_text(value) else _find_records(value)
    if records is None and isinstance(value, dict) and _is_article(value):
        yield record_article(path, _values(value), "key", "")
    elif records is None:
        raise UnreadableFile(path, _no_article(value))
    for number, record in enumerate(records or (), start=1):
        yield _read_record(path, record, f"#{number}")


def read_json_lines(path: Path, data: bytes) -> Iterator[Extracted | Skipped]:
    """Read a file of one object a line; a bad line is skipped, its number told.

    Raises:
        UnreadableFile: if it is empty, or its first 1,000 lines are all bad: it is something else.
    """
    bad: list[Skipped] = []
    any_good = False
    for found in _read_lines(path, data):
        if any_good:
            yield found
        elif isinstance(found, Skipped):
            bad.append(found)
            if len(bad) == _MAX_BAD_LINES:
                told = f"has no article in its first {_MAX_BAD_LINES} lines: the first one"
                raise UnreadableFile(path, f"{told} {bad[0].reason}")
        else:
            any_good = True
            yield from bad
            yield found
    if not any_good and not bad:
        raise UnreadableFile(path, "is empty")
    yield from () if any_good else bad


def _read_lines(path: Path, data: bytes) -> Iterator[Extracted | Skipped]:
    """Read the lines that are not blank."""
    number = 0
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data[:2]:
        data = decode(path, data).encode()
    for start, end in _lines(data):
        if line := data[start:end].removeprefix(codecs.BOM_UTF8).strip():
            number += 1
            yield _read_line(path, line, f"#{number}")


def _lines(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield the start and the end of each line, so that they are not all copied at once."""
    start = 0
    while start < len(data):
        end = data.find(b"\n", start)
        end = len(data) if end < 0 else end
        yield start, end
        start = end + 1


def _read_line(path: Path, line: bytes, name: str) -> Extracted | Skipped:
    """Read a line of JSON."""
    if len(line) > _MAX_LINE_BYTES:
        return Skipped(name, f"is too large: a line of {len(line) / 1e6:.1f} MB")
    try:
        record = _parse(decode(path, line))
    except UnreadableFile as problem:
        return Skipped(name, problem.reason)
    except ValueError as problem:
        return Skipped(name, f"is no valid JSON: {_worded(problem)}")
    return _read_record(path, record, name)


def _read_record(path: Path, record: object, name: str) -> Extracted | Skipped:
    """Make an article of a value of a list or a line."""
    if not isinstance(record, dict):
        return Skipped(name, "is no JSON object")
    if not _is_article(record):
        return Skipped(name, _no_article(record))
    try:
        return record_article(path, _values(record), "key", name)
    except UnreadableFile as problem:
        return Skipped(name, problem.reason)


def _parse(text: str) -> object:
    """Parse JSON; numbers stay as they are written: they are addresses and dates, if anything.

    Raises:
        ValueError: if it is none, or is nested too deeply.
    """
    try:
        return json.loads(
            text, strict=False, parse_int=str, parse_float=str, parse_constant=_nothing
        )
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _nothing(_constant: str) -> None:
    """Read NaN and Infinity as nothing."""


def _worded(problem: ValueError) -> str:
    """Return what is wrong, and where, in small letters."""
    if not isinstance(problem, json.JSONDecodeError):
        return str(problem)
    words = problem.msg[:1].lower() + problem.msg[1:]
    return f"{words} in line {problem.lineno}, column {problem.colno}"


def _is_article(record: Record) -> bool:
    """Whether an object has a text of its own, or in an object of its own."""
    return has_text(_values(record))


def _values(record: Record) -> dict[str, str]:
    """Return the words of an object by plain name, and those of objects in it if it has no text."""
    values: dict[str, str] = {}
    inner: dict[str, str] = {}
    for key, value in record.items():
        if words := _words(value):
            values.setdefault(plain_name(key), words)
        if isinstance(value, dict):
            for inner_key, inner_value in value.items():
                if isinstance(inner_value, str):
                    inner.setdefault(plain_name(inner_key), inner_value)
    return values if has_text(values) else inner | values


def _words(value: object, depth: int = 0) -> str:
    """Return a string, the paragraphs of a list of them, or the words that an object stands for."""
    if isinstance(value, str):
        return value
    if depth == _MAX_INNER_DEPTH:
        return ""
    if isinstance(value, dict):
        return next((words for key in _INNER if (words := _words(value.get(key), depth + 1))), "")
    if isinstance(value, list):
        return _joined(list(filter(None, (_words(item, depth + 1) for item in value))))
    return ""


def _joined(items: list[str]) -> str:
    """Return the items of a list as one text: names with commas, sentences as paragraphs."""
    are_names = all(len(item) <= 60 and not item.rstrip().endswith(".") for item in items)
    return ", ".join(items) if are_names else "\n\n".join(items)


def _has_own_text(value: object) -> bool:
    """Whether a value is an object whose text is right below it, not in a list of objects."""
    return isinstance(value, dict) and any(
        isinstance(inner, str) or (isinstance(inner, dict) and "rendered" in inner)
        for key, inner in value.items()
        if plain_name(key) in TEXTS
    )


def _find_records(value: object) -> list[object] | None:
    """Return the list of articles that a value is, or holds; None if there is none."""
    if isinstance(value, list):
        return value if _are_articles(value, is_titled=False) else None
    level = [value]
    for _ in range(_MAX_LIST_DEPTH):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict)
            for inner in (*outer.values(), list(outer.values()))  # {"2025-05-12-1": {...}, ...}
            if isinstance(inner, dict | list)
        ]
        for candidate in level:
            # paragraphs have a text too
            if isinstance(candidate, list) and _are_articles(candidate, is_titled=True):
                return candidate
    return None


def _are_articles(values: list[object], *, is_titled: bool) -> bool:
    """Whether one of the first objects of a list is an article, with a title, date or address."""
    objects: Iterable[Record] = (value for value in values if isinstance(value, dict))
    return any(
        _is_article(record) and (not is_titled or names_article(record))
        for record in islice(objects, _SAMPLE)
    )


def _no_article(value: object) -> str:
    """Say what was found where a text was looked for."""
    if isinstance(value, list):
        value = next((item for item in value if isinstance(item, dict)), None)
    if not isinstance(value, dict):
        return "is JSON that holds no article"
    if has_text(value):
        return "holds no text"
    keys = ", ".join(str(key)[:40] for key in islice(value, _MAX_KEYS_NAMED))
    more = ", ..." if len(value) > _MAX_KEYS_NAMED else ""
    return f"has no text among its keys: {keys}{more}" if keys else "has no keys"
