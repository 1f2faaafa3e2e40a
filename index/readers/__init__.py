r"""From the bytes of a file to its text and to what the file says about itself.

One function per format, in `FORMATS` by suffix. A new format is one function that takes the path
(for messages) and the bytes and yields an `Extracted` for each article, and one line in that table.

The text of a `.txt` file is kept exactly: only line ends become "\n" and the white space around
the body goes. The text of other formats is their prose, in paragraphs parted by a blank line.
"""

from collections.abc import Mapping
from pathlib import Path

from index.errors import UnreadableFile
from index.readers.extracted import Declared, Extracted, Field, Format, Reader
from index.readers.marked import read_markdown
from index.readers.plain import read_plain_text

__all__ = ["FORMATS", "Declared", "Extracted", "Field", "Format", "Reader", "find_format"]

FORMATS: Mapping[str, Format] = {
    ".txt": Format(read_plain_text),
    ".md": Format(read_markdown),
    ".markdown": Format(read_markdown),
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
