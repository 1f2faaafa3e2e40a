"""Word processors: DOCX and ODT. Their paragraphs, headings and rows of tables, in order.

What is not on the page is left out: deleted and hidden words, comments, tables of contents. So are
notes and boxes beside the text, which would stand in the middle of a sentence.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import UnreadableFile
from index.readers.extracted import Declared, Extracted, Field, body
from index.readers.needed import needs
from index.readers.properties import from_properties
from index.readers.prose import prose
from index.readers.zipped import open_zip

if TYPE_CHECKING:
    from docx.document import Document as Docx
    from docx.oxml.xmlchemy import BaseOxmlElement
    from odfdo import Document as Odt
    from odfdo import Element

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

# What holds paragraphs or words of the text; everything else (drawings, fields, what was deleted)
# is not followed.
_DOCX_HOLDERS = frozenset(
    _WORD + name
    for name in (
        *("r", "hyperlink", "ins", "moveTo", "smartTag", "sdt", "sdtContent", "fldSimple"),
        *("customXml", "dir", "bdo"),
    )
)
_DOCX_SIGNS = {
    _WORD + "tab": " ",
    _WORD + "br": "\n",
    _WORD + "cr": "\n",
    _WORD + "noBreakHyphen": "-",
}
_TITLE_STYLES = ("Title", "Heading 1")

_ODT_SIGNS = {"text:s": " ", "text:tab": " ", "text:line-break": "\n"}
_ODT_SKIPPED = frozenset(
    ("text:note", "office:annotation", "draw:frame", "text:tracked-changes", "text:ruby-text")
)
_ODT_INDEXES = ("text:table-of-content", "text:illustration-index", "text:alphabetical-index")


def read_docx(path: Path, data: bytes) -> Iterator[Extracted]:
    """Read a document of Word; the title is its first heading, else the one of its properties."""
    try:
        from docx import Document
    except ImportError as error:
        raise needs(path, "python-docx", "office") from error
    with open_zip(path, data, "Word document"):  # refuses what would unpack without end
        pass
    with _refused(path, "Word document"):
        document = Document(BytesIO(data))
        declared = _docx_properties(document)
        blocks = _filled(_docx_blocks(document.element.body))
        if heading := _docx_heading(document):
            declared["title"] = Declared(heading, "heading")
    yield Extracted(body(path, prose("\n\n".join(blocks))), declared)


def read_odt(path: Path, data: bytes) -> Iterator[Extracted]:
    """Read an OpenDocument text; the title is its first heading, else the one of its properties."""
    try:
        from odfdo import Document
    except ImportError as error:
        raise needs(path, "odfdo", "office") from error
    kind = "OpenDocument text"
    with open_zip(path, data, kind) as archive, _refused(path, kind):
        if b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise UnreadableFile(path, "is encrypted: it opens with a password only")
        document = Document(BytesIO(data))
        declared = _odt_properties(document)
        blocks = _filled(_odt_blocks(document.body))
        first = next(_odt_prose(document.body), None)
        if first is not None and first.tag == "text:h":
            declared["title"] = Declared("".join(_odt_words(first)), "heading")
    yield Extracted(body(path, prose("\n\n".join(blocks))), declared)


@contextmanager
def _refused(path: Path, kind: str) -> Iterator[None]:
    """Turn whatever a library raises on a file that is not what it should be into a reason."""
    try:
        yield
    except (UnreadableFile, MemoryError):
        raise
    except Exception as error:
        raise UnreadableFile(path, f"is a damaged {kind}") from error


def _filled(blocks: Iterable[str]) -> list[str]:
    """Return the blocks that hold text, each line without the blanks around it."""
    lines = (
        "\n".join(filter(None, (" ".join(line.split()) for line in block.split("\n"))))
        for block in blocks
    )
    return [block for block in lines if block]


def _docx_blocks(holder: "BaseOxmlElement") -> Iterator[str]:
    """Yield the paragraphs of `holder` and the rows of its tables."""
    for child in holder:
        if child.tag == _WORD + "p":
            yield "".join(_docx_words(child))
        elif child.tag == _WORD + "tbl":
            for row in child.iterchildren(_WORD + "tr"):
                cells = row.iterchildren(_WORD + "tc")
                yield _row(_docx_blocks(cell) for cell in cells)
        elif child.tag in _DOCX_HOLDERS:
            yield from _docx_blocks(child)


def _docx_words(holder: "BaseOxmlElement") -> Iterator[str]:
    """Yield the words and breaks of a paragraph or run."""
    if holder.find(f"{_WORD}rPr/{_WORD}vanish") is not None:
        return
    for child in holder:
        if child.tag == _WORD + "t":
            yield child.text or ""
        elif child.tag in _DOCX_SIGNS:
            yield _DOCX_SIGNS[child.tag]
        elif child.tag in _DOCX_HOLDERS:
            yield from _docx_words(child)


def _row(cells: Iterable[Iterable[str]]) -> str:
    """Put the cells of a row of a table on one line."""
    texts = (" ".join(" ".join(cell).split()) for cell in cells)
    return " | ".join(filter(None, texts))


def _docx_heading(document: "Docx") -> str:
    """Return the first paragraph if it is a heading, else nothing."""
    first = next((it for it in document.paragraphs if it.text.strip()), None)
    style = first.style if first is not None else None
    is_heading = style is not None and style.name in _TITLE_STYLES
    return " ".join(first.text.split()) if first is not None and is_heading else ""


def _docx_properties(document: "Docx") -> dict[Field, Declared]:
    """Return what the properties of a document of Word declare."""
    core = document.core_properties
    return from_properties(
        title=_said(lambda: core.title),
        author=_said(lambda: core.author),
        date=_said(lambda: core.created),
        language=_said(lambda: core.language),
    )


def _odt_blocks(holder: "Element") -> Iterator[str]:
    """Yield the paragraphs of `holder` and the rows of its tables."""
    for child in _odt_prose(holder):
        if child.tag == "table:table":
            for row in child.get_elements("descendant::table:table-row"):
                yield _row(_odt_blocks(cell) for cell in row.children)
        else:
            yield "".join(_odt_words(child))


def _odt_prose(holder: "Element") -> Iterator["Element"]:
    """Yield the paragraphs, headings and tables of `holder`, in lists and sections too."""
    for child in holder.children:
        if child.tag in ("text:p", "text:h", "table:table"):
            yield child
        elif child.tag not in _ODT_SKIPPED and child.tag not in _ODT_INDEXES:
            yield from _odt_prose(child)


def _odt_words(holder: "Element") -> Iterator[str]:
    """Yield the words and breaks of a paragraph or a part of one."""
    yield holder.text or ""
    for child in holder.children:
        if child.tag in _ODT_SIGNS:
            yield _ODT_SIGNS[child.tag]
        elif child.tag not in _ODT_SKIPPED:
            yield from _odt_words(child)
        yield child.tail or ""


def _odt_properties(document: "Odt") -> dict[Field, Declared]:
    """Return what the properties of an OpenDocument text declare."""
    meta = document.meta
    return from_properties(
        title=_said(lambda: meta.title),
        author=_said(lambda: meta.initial_creator) or _said(lambda: meta.creator),
        date=_said(lambda: meta.creation_date),
        language=_said(lambda: meta.language),
    )


def _said(value: Callable[[], object]) -> str:
    """Return a property as text, or nothing where it is not set or not valid."""
    with suppress(Exception):
        found = value()
        return str(found) if found is not None else ""
    return ""
