"""A page of a PDF: its lines with their places, as PDFium finds them."""

import re
from collections.abc import Iterator
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from index.readers.heads import Page
from index.readers.lines import Line, is_beside

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage, PdfTextPage

# PDFium's sign for a hyphen at the end of a line.
_CUT = "\x02"

# No letters of any alphabet: controls, halves of characters, signs of a font of its own.
_NO_LETTERS = re.compile("[\x00\x01\x03-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd-\uffff]")

# A page with more of them has a font without a table of its letters.
_MAX_NO_LETTERS_SHARE = 0.3

# A hyphen that is printed, or one that is shown only at the end of a line.
_HYPHENS = ("-", "\xad", "\u2010")

# Columns are parted by more than this many heights of a line; justified words by less.
_GUTTER = 1.1

# How deep pictures are looked for in groups of pictures.
_DEPTH = 3


class Flaw(StrEnum):
    """Why the text of a page cannot be read, in a few words."""

    SCANNED = "scanned"
    DAMAGED = "damaged"
    NAMELESS = "its font does not name the letters"


class _Box(NamedTuple):
    """A place on a page that stands upright, in points from its left foot."""

    left: float
    bottom: float
    right: float
    top: float


def read_page(document: "PdfDocument", number: int) -> tuple[Page, Flaw | None]:
    """Return page `number` (from 1), and why it cannot be read, if it cannot.

    An empty page has no flaw; a picture without a text layer has.
    """
    from pypdfium2 import PdfiumError

    try:
        page = document[number - 1]
    except PdfiumError:
        return Page([], 0), Flaw.DAMAGED
    try:
        lines = _lines(page)
        if lines is None:
            return Page([], 0), Flaw.NAMELESS
        flaw = Flaw.SCANNED if not lines and _has_picture(page) else None
        return Page(lines, page.get_height()), flaw
    except PdfiumError:
        return Page([], 0), Flaw.DAMAGED
    finally:
        page.close()


def _has_picture(page: "PdfPage") -> bool:
    """Whether a picture stands on `page`."""
    from pypdfium2 import raw

    pictures = page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=_DEPTH)
    return next(iter(pictures), None) is not None


def _lines(page: "PdfPage") -> list[Line] | None:
    """Return the lines of `page`, or None where its font does not name the letters."""
    places = _Places(page)
    try:
        text = places.text()
        if len(_NO_LETTERS.findall(text)) > _MAX_NO_LETTERS_SHARE * len(text):
            return None
        return list(_placed(places, text))
    finally:
        places.close()


def _placed(places: "_Places", text: str) -> Iterator[Line]:
    """Yield the lines of `text`, that of a page, those beside each other with one number of row."""
    above: Line | None = None
    for match in re.finditer(rf"([^\r\n{_CUT}]+)({_CUT}?)", text):
        parts = list(_parts(places, text, *match.span(1)))
        for start, end in parts:
            is_cut = bool(match[2]) and end == parts[-1][1]
            line = _line(places, text[start:end], (start, end - 1), is_cut)
            if line.text:
                row = 0 if above is None else above.row + (not is_beside(above, line))
                above = line._replace(row=row)
                yield above


def _parts(places: "_Places", text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the spans of a line that wide gaps part."""
    words = list(re.finditer(r"\S+", text[start:end]))
    if not words:
        return
    begin = words[0].start()
    for word, following in pairwise(words):
        before, after = places.box(start + word.end() - 1), places.box(start + following.start())
        if after.left - before.right > _GUTTER * (before.top - before.bottom):
            yield start + begin, start + word.end()
            begin = following.start()
    yield start + begin, start + words[-1].end()


def _line(places: "_Places", text: str, edges: tuple[int, int], is_cut: bool) -> Line:
    """Return the line of these characters, the first and the last of which tell its place."""
    first, last = (places.box(edge) for edge in edges)
    text = _NO_LETTERS.sub("", text).strip()
    is_cut = is_cut or text.endswith(_HYPHENS)
    text = (text.rstrip("".join(_HYPHENS)) if is_cut else text).replace("\xad", "")
    top, bottom = max(first.top, last.top), min(first.bottom, last.bottom)
    return Line(text, first.left, last.right, bottom, top, is_cut=is_cut)


class _Places:
    """The characters of a page, and where each stands."""

    def __init__(self, page: "PdfPage") -> None:
        """Open the text of `page`."""
        from pypdfium2 import raw

        self._raw = raw
        self._page: PdfTextPage = page.get_textpage()
        self._edges = _Box(*page.get_bbox())
        self._rotation = page.get_rotation()
        self._buffer = raw.FS_RECTF()

    def close(self) -> None:
        """Close the text of the page."""
        self._page.close()

    def text(self) -> str:
        """Return the characters in the order of the file; one that cannot be is a zero."""
        code_of, handle = self._raw.FPDFText_GetUnicode, self._page.raw
        codes = (code_of(handle, at) for at in range(self._page.count_chars()))
        return "".join(
            chr(code) if code < 0xD800 or 0xDFFF < code <= 0x10FFFF else "\0" for code in codes
        )

    def box(self, at: int) -> _Box:
        """Return the place of character `at`, with the page turned upright."""
        self._raw.FPDFText_GetLooseCharBox(self._page.raw, at, self._buffer)
        found = self._buffer
        x = [found.left - self._edges.left, found.right - self._edges.left]
        y = [found.bottom - self._edges.bottom, found.top - self._edges.bottom]
        width = self._edges.right - self._edges.left
        height = self._edges.top - self._edges.bottom
        if self._rotation in (90, 180):
            x = [width - at for at in x]
        if self._rotation in (180, 270):
            y = [height - at for at in y]
        if self._rotation in (90, 270):
            x, y = y, x
        return _Box(min(x), min(y), max(x), max(y))
