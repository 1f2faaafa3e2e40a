"""Articles as a table: CSV, or TSV, one a row, the first row naming the columns."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from index.decode import open_text
from index.errors import UnreadableFile
from index.readers.columns import count_known, has_text, plain_name, record_article
from index.readers.extracted import Extracted
from index.types import Skipped

_DELIMITERS = (",", ";", "\t", "|")
_SEPARATOR_LINE = re.compile(r"sep=(.)\s*", re.IGNORECASE)

# More than this between two quotes is a quote that was never closed.
_MAX_FIELD_CHARS = 2_000_000
_MAX_HEADER_CHARS = 20_000

# Longer lines are no rows: text without line ends, or a field that no reader of tables takes.
_MAX_LINE_CHARS = 5_000_000
_MAX_COLUMNS_NAMED = 12


class _Lines:
    """The lines of a table, of bearable length; whoever asks goes on behind one that was longer."""

    def __init__(self, text: io.TextIOBase) -> None:
        """Take the lines from where `text` stands."""
        self._text = text

    def __iter__(self) -> Self:
        """Return the lines."""
        return self

    def __next__(self) -> str:
        """Return the next line."""
        line = self._text.readline(_MAX_LINE_CHARS)
        if not line:
            raise StopIteration
        if len(line) == _MAX_LINE_CHARS and line[-1] not in "\r\n":
            while (rest := self._text.readline(_MAX_LINE_CHARS)) and rest[-1] not in "\r\n":
                pass
            raise csv.Error(f"a line of more than {_MAX_LINE_CHARS} characters")
        return line


def read_table(path: Path, data: bytes) -> Iterator[Extracted | Skipped]:
    """Read a table of articles; a row that holds no text is skipped, its number told.

    Rows count from 1 below the one that names the columns. What parts the columns (comma,
    semicolon, tab or bar) is what makes most of their names known ones.
    """
    lines = open_text(path, data)
    header, delimiter = _find_header(path, lines)
    csv.field_size_limit(_MAX_FIELD_CHARS)
    rows = csv.reader(_Lines(lines), delimiter=delimiter)
    number = 0
    while True:
        try:
            row = next(rows, None)
        except csv.Error as problem:
            number += 1
            yield Skipped(f"#{number}", f"is no row of the table: {problem}")
            continue
        if row is None:
            return
        if any(map(str.strip, row)):
            number += 1
            yield _read_row(path, header, row, f"#{number}")


def _read_row(path: Path, header: list[str], row: list[str], name: str) -> Extracted | Skipped:
    """Make an article of a row, which may be shorter or longer than its header."""
    values: dict[str, str] = {}
    for column, value in zip(header, row, strict=False):
        if value.strip():
            values.setdefault(column, value)
    try:
        return record_article(path, values, "column", name)
    except UnreadableFile as problem:
        return Skipped(name, problem.reason)


def _find_header(path: Path, lines: io.TextIOBase) -> tuple[list[str], str]:
    """Read the row that names the columns; return their plain names, and what parts them.

    Raises:
        UnreadableFile: if none of them is that of a text.
    """
    line, told = _first_line(path, lines)
    splits = {sign: _split(line, sign) for sign in ([told] if told else _DELIMITERS)}
    delimiter = max(splits, key=lambda sign: (count_known(splits[sign]), len(splits[sign])))
    header = splits[delimiter]
    if not has_text(header):
        named = ", ".join(" ".join(column.split())[:40] for column in header[:_MAX_COLUMNS_NAMED])
        more = ", ..." if len(header) > _MAX_COLUMNS_NAMED else ""
        raise UnreadableFile(path, f"has no text among its columns: {named}{more}")
    return [plain_name(column) for column in header], delimiter


def _first_line(path: Path, lines: io.TextIOBase) -> tuple[str, str]:
    """Return the first line that is not blank, and what parts columns if a line above says so.

    A quoted name of a column may run over two lines.
    """
    told = ""
    while line := lines.readline(_MAX_HEADER_CHARS):
        if match := _SEPARATOR_LINE.fullmatch(line):
            told = match[1]
            continue
        while line.count('"') % 2 and len(line) < _MAX_HEADER_CHARS:
            more = lines.readline(_MAX_HEADER_CHARS)
            if not more:
                break
            line += more
        if line.strip():
            return line, told
    raise UnreadableFile(path, "is empty")


def _split(line: str, delimiter: str) -> list[str]:
    """Return the names of the columns, as this `delimiter` parts them."""
    try:
        return next(csv.reader(io.StringIO(line, newline=""), delimiter=delimiter), [])
    except csv.Error:
        return []
