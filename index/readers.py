r"""From the bytes of a file to its text and to what the file says about itself.

One function per format, in `READERS` by suffix. A new format is one function that takes the path
(for messages) and the bytes and returns an `Extracted`, and one line in that table.

The text of a `.txt` file is kept exactly: only line ends become "\n" and the white space around
the body goes. The text of a Markdown file is its prose, in paragraphs parted by a blank line.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

from index.decode import decode
from index.errors import UnreadableFile
from index.markdown import prose_blocks

Field = Literal["title", "date", "author", "source", "language"]

_FIELDS: Mapping[str, Field] = {
    **dict.fromkeys(("title", "titre", "headline"), "title"),
    **dict.fromkeys(("date", "published", "publication"), "date"),
    **dict.fromkeys(("author", "authors", "auteur", "auteurs", "autrice"), "author"),
    **dict.fromkeys(("source", "publisher", "agence"), "source"),
    **dict.fromkeys(("language", "lang", "langue"), "language"),
}

_DATE_LINE = re.compile(
    r"\s*date\s*:?\s*(?P<date>\d{4}(?:[-/.]\d{1,2}){0,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})"
    r"(?:[T ]\d{1,2}[:h]\d{2}\S*)?(?:\s+(?P<title>.*)|)",
    re.IGNORECASE,
)
_FIELD_LINE = re.compile(r"\s*(?P<name>\w+)\s*:\s(?P<value>.*)")

_FRONT_MATTER = re.compile(r"---[ \t]*\n(?P<yaml>.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_MAX_FRONT_MATTER_CHARS = 16_000

# Longer than any headline: "Source : ..." in front of a whole paragraph is prose.
_MAX_VALUE_CHARS = 300


class Declared(NamedTuple):
    """A value that the file states about itself, and where: "header", "front matter", "heading"."""

    value: str
    origin: str


@dataclass(frozen=True, slots=True)
class Extracted:
    """What one file holds: its text, never blank, and the values it declares, not yet checked."""

    text: str
    declared: Mapping[Field, Declared] = field(default_factory=dict)


def read_plain_text(path: Path, data: bytes) -> Extracted:
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
    return Extracted(_body(path, "\n".join(lines[taken:])), declared)


def read_markdown(path: Path, data: bytes) -> Extracted:
    """Read a Markdown file: optional front matter, an optional "# Heading" in front, then prose.

    The heading is the title if the front matter has none. It leaves the text unless it differs
    from the title. Marks of emphasis, links, images, quotations and HTML are dropped.
    """
    front_matter, markdown = _split_front_matter(decode(path, data))
    declared = {name: Declared(value, "front matter") for name, value in front_matter.items()}
    blocks = list(prose_blocks(markdown))
    if blocks and blocks[0].is_title:
        title = declared.setdefault("title", Declared(blocks[0].text, "heading"))
        if title.value == blocks[0].text:
            del blocks[0]
    return Extracted(_body(path, "\n\n".join(block.text for block in blocks)), declared)


Reader = Callable[[Path, bytes], Extracted]
"""Takes the path of a file, for messages, and its content; raises only `UnreadableFile`."""

READERS: Mapping[str, Reader] = {
    ".txt": read_plain_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
}


def find_reader(path: Path) -> Reader:
    """Return the function that reads files such as `path`.

    Raises:
        UnreadableFile: if there is none.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        formats = ", ".join(sorted(READERS))
        kind = path.suffix.lower() or "files without a suffix"
        raise UnreadableFile(path, f"no reader for {kind}: supported are {formats}")
    return reader


def _body(path: Path, text: str) -> str:
    """Return `text` without the white space around it."""
    body = text.strip()
    if not body:
        raise UnreadableFile(path, "holds no text")
    return body


def _header_values(line: str) -> dict[Field, str]:
    """Return what `line` declares if it is a line of a header, else nothing."""
    if len(line) > _MAX_VALUE_CHARS:
        return {}
    if dated := _DATE_LINE.fullmatch(line):
        title = (dated["title"] or "").lstrip(" \t:|–—-").rstrip()
        return {"date": dated["date"], "title": title} if title else {"date": dated["date"]}
    values = _field_value(line)
    # a sentence may begin with "Date :" too, without a number
    return values if any(map(str.isdigit, values.get("date", "0"))) else {}


def _field_value(line: str) -> dict[Field, str]:
    """Return the field and the value of a line "Titre : value", or nothing."""
    match = _FIELD_LINE.fullmatch(line)
    if match is None or match["name"].casefold() not in _FIELDS:
        return {}
    value = match["value"].strip().strip("\"'")
    return {_FIELDS[match["name"].casefold()]: value} if value else {}


def _split_front_matter(text: str) -> tuple[dict[Field, str], str]:
    """Part the front matter, the lines between two "---", from the Markdown below it.

    Where it is no valid YAML (often "title: Sommet : le bilan") its lines are read one by one.
    """
    match = _FRONT_MATTER.match(text.lstrip()[:_MAX_FRONT_MATTER_CHARS])
    if match is None:
        return {}, text
    values = _yaml_values(match["yaml"])
    if values is None:
        values = {}
        for line in match["yaml"].split("\n"):
            values = _field_value(line) | values
        if not values:  # two rules around a paragraph
            return {}, text
    return values, text.lstrip()[match.end() :]


def _yaml_values(block: str) -> dict[Field, str] | None:
    """Return the fields declared in a block of YAML; None if it is no valid mapping."""
    import yaml

    try:
        # The base loader makes only strings, lists and dicts: no objects, no date or number to
        # turn back ("2025-05"), no "no" for False, and no merge keys that grow without bound.
        mapping = yaml.load(block, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError, ValueError):
        return None
    if not isinstance(mapping, dict):
        return None
    values: dict[Field, str] = {}
    for key, value in mapping.items():
        name = _FIELDS.get(str(key).casefold())
        items = value if isinstance(value, list) else [value]
        joined = ", ".join(item.strip() for item in items if isinstance(item, str))
        if name and joined.strip():
            values.setdefault(name, joined.strip()[:_MAX_VALUE_CHARS])
    return values
