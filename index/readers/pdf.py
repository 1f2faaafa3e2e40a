"""PDF: the text layer, as PDFium gives it, put into paragraphs; and the document's properties.

PDFium is measured beside pypdf and pdfminer.six (115 pages: 0.6, 2.0 and 7.6 s): it keeps the order
of columns, spells ligatures out, does not double the blanks of justified lines and tells a hyphen
that ends a line. It is C++: its files are read apart (`index/apart.py`).
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import UnreadableFile
from index.readers.extracted import Declared, Extracted, Field, body
from index.readers.heads import Page
from index.readers.layout import read_pages
from index.readers.needed import needs
from index.readers.pdf_page import Flaw, read_page
from index.readers.properties import from_properties
from index.readers.prose import prose
from index.types import Skipped

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

# Ten thick books; hostile files promise a thousand million.
_MAX_PAGES = 20_000

# So many pages that cannot be read are named, then "...".
_NAMED = 10


def read_pdf(path: Path, data: bytes) -> Iterator[Extracted | Skipped]:
    """Read a PDF: its text in paragraphs, its title, author and day from its properties.

    Yields:
        The article, then what was left out: its pages that cannot be read.
    """
    try:
        import pypdfium2 as pdfium
    except ImportError as error:
        raise needs(path, "pypdfium2", "pdf") from error
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise UnreadableFile(path, _refusal(data, str(error))) from error
    try:
        yield from _read(path, document)
    finally:
        document.close()


def _refusal(data: bytes, message: str) -> str:
    """Say why a document was not opened."""
    if not data.strip():
        return "is empty"
    if "password" in message.lower():
        return "is encrypted: it opens with a password only"
    if "security" in message.lower():
        return "is encrypted in a way that is not known"
    return "is damaged" if b"%PDF-" in data[:1024] else "is no PDF document"


def _read(path: Path, document: "PdfDocument") -> Iterator[Extracted | Skipped]:
    """Read an open document."""
    pages: list[Page] = []
    flawed: dict[Flaw, list[int]] = {}
    total = len(document)
    if total > _MAX_PAGES:
        raise UnreadableFile(path, f"has {total} pages, at most {_MAX_PAGES} are read")
    for number in range(1, total + 1):
        page, flaw = read_page(document, number)
        pages.append(page)
        if flaw is not None:
            flawed.setdefault(flaw, []).append(number)
    text = prose("\n\n".join(read_pages(pages)))
    if not text:
        raise UnreadableFile(path, _without_text(total, flawed))
    yield Extracted(body(path, text), _declared(document))
    for flaw, numbers in flawed.items():
        yield Skipped("", f"{_named(numbers)} no text ({flaw})")


def _without_text(total: int, flawed: Mapping[Flaw, Sequence[int]]) -> str:
    """Say that a document of `total` pages holds no text."""
    if not flawed:
        return "holds no text"
    told = "; ".join(
        f"{len(pages)} of {total} pages have no text ({flaw})" for flaw, pages in flawed.items()
    )
    told = told if total > 1 else f"its only page has no text ({next(iter(flawed))})"
    if Flaw.DAMAGED in flawed:
        return told
    return f"{told}: make {'it' if total == 1 else 'them'} readable with OCR first"


def _named(pages: Sequence[int]) -> str:
    """Name the pages of these numbers, as the subject of a sentence with "have"."""
    numbers = ", ".join(map(str, pages[:_NAMED])) + (", ..." if len(pages) > _NAMED else "")
    return f"page {numbers} has" if len(pages) == 1 else f"pages {numbers} have"


def _declared(document: "PdfDocument") -> dict[Field, Declared]:
    """Return what the properties of a document declare."""
    from pypdfium2 import raw

    size = raw.FPDFCatalog_GetLanguage(document, None, 0)
    buffer = (raw.FPDF_WCHAR * max(size // 2, 1))()
    raw.FPDFCatalog_GetLanguage(document, buffer, size)
    return from_properties(
        title=document.get_metadata_value("Title"),
        author=document.get_metadata_value("Author"),
        date=document.get_metadata_value("CreationDate"),
        language=bytes(buffer).decode("utf-16-le", "ignore").rstrip("\0"),
    )
