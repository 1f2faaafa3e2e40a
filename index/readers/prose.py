"""Clean prose out of whatever a format calls text: no hidden characters, paragraphs parted."""

import re
import unicodedata

# Ends of lines and paragraphs of Unicode, and the tabs and feeds of printers.
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")

# Controls, marks of direction, soft hyphens, tags (words that only machines see), halves of pairs.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x9f\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffc\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)

# Joiners have a meaning between the letters of some scripts and in emoji; newsletters use them as
# padding.
_JOINED = "[^\x00-\u024f\u2000-\u206f\\s]"
_STRAY_JOINERS = re.compile(f"(?<!{_JOINED})[\u200c\u200d]+|[\u200c\u200d]+(?!{_JOINED})")

_PARAGRAPH_END = re.compile(r"\n{2,}")

# Lines of this length are no wrapped ones: each is a paragraph, even without a blank line between.
_MIN_PARAGRAPH_CHARS = 120

_MAX_VALUE_CHARS = 2_000
"""What an address may have; anything else is cut further by `index.metadata`."""


def prose(text: str) -> str:
    """Return `text` in composed characters that are seen, paragraphs parted by one blank line.

    Blanks at the ends of lines and double ones go. "" if nothing is left.
    """
    text = _visible(text)
    lines = [" ".join(line.split()) for line in text.split("\n")]
    text = _PARAGRAPH_END.sub("\n\n", "\n".join(lines).strip("\n"))
    return text if "\n\n" in text else _part(text)


def one_line(value: str) -> str:
    """Return a declared value on one line, without what is not seen."""
    return " ".join(_visible(value[:_MAX_VALUE_CHARS]).split())


def _visible(text: str) -> str:
    """Return `text` without characters that are not seen; lines end in a line feed."""
    text = _UNSEEN.sub("", _LINE_ENDS.sub("\n", text))
    return unicodedata.normalize("NFC", _STRAY_JOINERS.sub("", text))


def _part(text: str) -> str:
    """Return `text`, which has no blank line, with one between its lines if they are paragraphs."""
    lines = text.split("\n")
    long = sum(len(line) >= _MIN_PARAGRAPH_CHARS for line in lines)
    return "\n\n".join(lines) if 2 * long >= len(lines) else text
