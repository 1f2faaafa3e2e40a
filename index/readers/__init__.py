r"""From the bytes of a file to its text and to what the file says about itself.

One function per format, in `FORMATS` by suffix. A new format is one function that takes the path
(for messages) and the bytes and yields an `Extracted` for each article, and one line in that table.

The text of a `.txt` file is kept exactly: only line ends become "\n" and the white space around
the body goes. The text of other formats is their prose, in paragraphs parted by a blank line.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from index.errors import UnreadableFile
from index.readers.archive import MAX_BYTES, read_zip
from index.readers.book import read_epub
from index.readers.extracted import (
    MAX_ARTICLE_BYTES,
    Declared,
    Extracted,
    Field,
    Format,
    Reader,
)
from index.readers.feed import read_feed
from index.readers.mail import read_letter, read_letters
from index.readers.marked import read_markdown
from index.readers.office import read_docx, read_odt
from index.readers.page import read_page
from index.readers.pdf import read_pdf
from index.readers.plain import read_plain_text
from index.readers.records import read_json, read_json_lines
from index.readers.saved import read_saved_page
from index.readers.tables import read_table
from index.types import Skipped

__all__ = [
    "FORMATS",
    "MAX_ARTICLE_BYTES",
    "Declared",
    "Extracted",
    "Field",
    "Format",
    "Reader",
    "find_format",
]

# Files of many articles, which are read one by one.
_MANY_BYTES = 200_000_000

_MARKDOWN = Format(read_markdown, max_bytes=MAX_ARTICLE_BYTES)
_PAGE = Format(read_page, is_apart=True)
_SAVED_PAGE = Format(read_saved_page, max_bytes=50_000_000, is_apart=True)
_FEED = Format(read_feed, max_bytes=10_000_000, is_apart=True)
_LINES = Format(read_json_lines, max_bytes=_MANY_BYTES)
_TABLE = Format(read_table, max_bytes=_MANY_BYTES)


def _read_zip(path: Path, data: bytes) -> Iterator[Extracted | Skipped]:
    """Read the members of an archive; `index.apart` reads them with more care."""
    return read_zip(path, data, find_format)


FORMATS: Mapping[str, Format] = {
    ".txt": Format(read_plain_text, max_bytes=MAX_ARTICLE_BYTES),
    **dict.fromkeys((".md", ".markdown"), _MARKDOWN),
    ".pdf": Format(read_pdf, max_bytes=100_000_000, is_apart=True),
    ".docx": Format(read_docx, max_bytes=50_000_000, is_apart=True),
    ".odt": Format(read_odt, max_bytes=50_000_000, is_apart=True),
    ".epub": Format(read_epub, max_bytes=50_000_000, is_apart=True),
    ".zip": Format(_read_zip, max_bytes=MAX_BYTES),
    **dict.fromkeys((".html", ".htm", ".xhtml"), _PAGE),
    **dict.fromkeys((".mht", ".mhtml"), _SAVED_PAGE),
    ".json": Format(read_json, max_bytes=50_000_000),
    **dict.fromkeys((".jsonl", ".ndjson"), _LINES),
    **dict.fromkeys((".csv", ".tsv"), _TABLE),
    **dict.fromkeys((".rss", ".atom", ".rdf", ".xml"), _FEED),
    ".eml": Format(read_letter, max_bytes=30_000_000, is_apart=True),
    ".mbox": Format(read_letters, max_bytes=_MANY_BYTES, is_apart=True),
}


def find_format(path: Path) -> Format:
    """Return how files such as `path` are read.

    Raises:
        UnreadableFile: if nothing reads them.
    """
    found = FORMATS.get(path.suffix.lower())
    if found is None:
        formats = ", ".join(sorted(FORMATS))
        kind = path.suffix.lower() or "files without a suffix"
        raise UnreadableFile(path, f"no reader for {kind}: supported are {formats}")
    return found
