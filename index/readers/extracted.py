"""What a reader returns: the text of an article, and what its file says about it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

from index.errors import UnreadableFile
from index.types import Skipped

Field = Literal["title", "date", "author", "source", "language", "url"]

FIELDS: Mapping[str, Field] = {
    **dict.fromkeys(("title", "titre", "headline"), "title"),
    **dict.fromkeys(("date", "published", "publication"), "date"),
    **dict.fromkeys(("author", "authors", "auteur", "auteurs", "autrice"), "author"),
    **dict.fromkeys(("source", "publisher", "agence"), "source"),
    **dict.fromkeys(("language", "lang", "langue"), "language"),
    **dict.fromkeys(("url", "link", "lien", "canonical"), "url"),
}
"""What the fields are called in headers, front matter, columns and keys, in small letters."""

MAX_VALUE_CHARS = 300
"""Longer than any headline: "Source : ..." in front of a whole paragraph is prose."""


MAX_ARTICLE_BYTES = 1_000_000
"""Of the text of one article, in UTF-8: two novels. A megabyte of nothing but dates or marks takes
four seconds to index, so that no file holds up those behind it."""


class Declared(NamedTuple):
    """A value that the file states about itself, and where: "header", "front matter", "heading"."""

    value: str
    origin: str


@dataclass(frozen=True, slots=True)
class Extracted:
    """What one file, or one record or member of it, says.

    Attributes:
        text: never blank; offsets will point into it.
        declared: the values it states about itself, not yet checked.
        name: what tells it from the others of its file, to be put behind the file's path; empty
            where the file is one article.
    """

    text: str
    declared: Mapping[Field, Declared] = field(default_factory=dict)
    name: str = ""


Reader = Callable[[Path, bytes], Iterable[Extracted | Skipped]]
"""Takes the path of a file, for messages, and its content.

It yields an article, or for a file of many each of them, and what it had to leave out: the name of
the record or member, as in `Extracted.name`, and the reason. It raises only `UnreadableFile`, for
the whole file.
"""


@dataclass(frozen=True, slots=True)
class Format:
    """How files of one kind are read.

    Attributes:
        read: the function.
        max_bytes: a larger file is skipped without being read.
        is_apart: whether it runs in a process of its own, with limits on time and memory: libraries
            that read the format can be made to loop, or to grow without bound.
    """

    read: Reader
    max_bytes: int = 20_000_000
    is_apart: bool = False


def body(path: Path, text: str) -> str:
    """Return `text` without the white space around it."""
    body = text.strip()
    if not body:
        raise UnreadableFile(path, "holds no text")
    return body
