"""EPUB: a ZIP file of pages of XHTML, and a list that tells their order.

A short book is one article; of a longer one each chapter is, under the title of the book and its
own: an answer cites what somebody can find again.
"""

import posixpath
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote
from zipfile import ZipFile

from index.decode import decode
from index.errors import UnreadableFile
from index.readers.extracted import Declared, Extracted, Field, body
from index.readers.markup import parse_markup, tree_prose
from index.readers.needed import needs
from index.readers.page import declared_encoding
from index.readers.properties import ORIGIN, from_properties, iso_day
from index.readers.prose import one_line
from index.readers.zipped import open_zip, unpack
from index.types import Skipped

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

MAX_ARTICLE_CHARS = 20_000
"""A longer book is an article for each chapter: ten pages, as many as a long report has."""

_MAX_LIST_BYTES = 5_000_000
_MAX_CHAPTER_BYTES = 20_000_000

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_PAGES = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml")

# Events that a date is of when it is that of publication; "" is none, as in EPUB 3.
_PUBLISHED = ("publication", "original-publication", "issued", "")

_HEADING = re.compile(r"<h([1-3])\b[^<>]{0,500}>(.{1,1000}?)</h\1\s*>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,500}>")
_HEADING_WITHIN = 20_000


class _Chapter(NamedTuple):
    """A page of the book: its place in the order, heading and text."""

    number: int
    heading: str
    text: str


def read_epub(path: Path, data: bytes) -> Iterator[Extracted | Skipped]:
    """Read a book: one article, or of a longer one an article named "#3" for its third page.

    Yields:
        The articles, and the pages that could not be read.
    """
    with open_zip(path, data, "EPUB book") as archive:
        place = _package_place(path, archive)
        package = _parse(path, archive, place)
        chapters: list[_Chapter] = []
        for number, name in enumerate(_order(package, posixpath.dirname(place)), start=1):
            try:
                chapter = _chapter(path, archive, name, number)
            except UnreadableFile as problem:
                yield Skipped(f"#{number}", problem.reason)
                continue
            if chapter.text:
                chapters.append(chapter)
    yield from _articles(path, chapters, _properties(package))


def _articles(
    path: Path, chapters: list[_Chapter], declared: dict[Field, Declared]
) -> Iterator[Extracted]:
    """Yield the book as one article, or its chapters."""
    text = body(path, "\n\n".join(chapter.text for chapter in chapters))
    if len(text) <= MAX_ARTICLE_CHARS or len(chapters) == 1:
        yield Extracted(text, declared)
        return
    book = declared.get("title")
    for chapter in chapters:
        own = dict(declared)
        heading = chapter.heading or str(chapter.number)
        if book is not None:
            own["title"] = book._replace(value=f"{book.value} – {heading}")
        elif chapter.heading:
            own["title"] = Declared(heading, "heading")
        yield Extracted(chapter.text, own, f"#{chapter.number}")


def _chapter(path: Path, archive: ZipFile, name: str, number: int) -> _Chapter:
    """Read the page `name` of a book."""
    data = _member(path, archive, name, _MAX_CHAPTER_BYTES)
    markup = decode(path, data, declared=declared_encoding(data))
    found = _HEADING.search(markup[:_HEADING_WITHIN])
    heading = " ".join(unescape(_TAG.sub(" ", found[2])).split()) if found else ""
    tree = parse_markup(path, markup)
    return _Chapter(number, heading, tree_prose(tree) if tree is not None else "")


def _package_place(path: Path, archive: ZipFile) -> str:
    """Return the name of the list of the book's parts."""
    if _is_protected(archive):
        raise UnreadableFile(path, "is protected against copying (DRM)")
    for rootfile in _parse(path, archive, _CONTAINER).iterfind(".//{*}rootfile"):
        if place := rootfile.get("full-path"):
            return posixpath.normpath(unquote(place))
    raise UnreadableFile(path, "is a damaged EPUB book")


def _is_protected(archive: ZipFile) -> bool:
    """Whether the pages of a book are encrypted; fonts alone may be."""
    try:
        listed = archive.read(_ENCRYPTION) if _ENCRYPTION in archive.namelist() else b""
    except (OSError, ValueError, RuntimeError):
        return True
    return re.search(rb"URI\s*=\s*[\"'][^\"'<>]{0,500}\.x?html?[\"']", listed) is not None


def _parse(path: Path, archive: ZipFile, name: str) -> "Element":
    """Return the root of a list in XML; nothing that it refers to is fetched or expanded."""
    try:
        from lxml import etree
    except ImportError as error:
        raise needs(path, "lxml", "office") from error
    data = _member(path, archive, name, _MAX_LIST_BYTES)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableFile(path, "is a damaged EPUB book") from error
    if root is None:
        raise UnreadableFile(path, "is a damaged EPUB book")
    return root


def _member(path: Path, archive: ZipFile, name: str, limit: int) -> bytes:
    """Return a part of a book."""
    try:
        info = archive.getinfo(name)
    except KeyError as error:
        raise UnreadableFile(path, f"lacks its part {name[:100]}") from error
    return unpack(path, archive, info, limit)


def _order(package: "Element", folder: str) -> list[str]:
    """Return the names of the pages of a book, in the order of reading, each once."""
    items = {item.get("id"): item for item in package.iterfind(".//{*}manifest/{*}item")}
    names: dict[str, None] = {}
    for reference in package.iterfind(".//{*}spine/{*}itemref"):
        item = items.get(reference.get("idref"))
        if item is None or item.get("media-type") not in _PAGES:
            continue
        if "nav" in (item.get("properties") or "").split() or reference.get("linear") == "no":
            continue
        place = posixpath.join(folder, unquote(item.get("href") or ""))
        names.setdefault(posixpath.normpath(place).lstrip("/"))
    return list(names)


def _properties(package: "Element") -> dict[Field, Declared]:
    """Return what a book declares."""

    def said(name: str) -> list[str]:
        """Return the values of a field of Dublin Core."""
        return [text for element in _core(package, name) if (text := _text(element))]

    date, origin = _date(package)
    declared = from_properties(
        title=next(iter(said("title")), ""),
        author=", ".join(said("creator")),
        language=next(iter(said("language")), ""),
        source=next(iter(said("publisher")), ""),
    )
    return declared | {"date": Declared(date, origin)} if date else declared


def _date(package: "Element") -> tuple[str, str]:
    """Return the date of a book and its origin; "" if it declares none.

    EPUB 3 has one date, by definition that of publication (`dc:date`), and a time stamp of the
    file (`dcterms:modified`); EPUB 2 has several dates, and says of what event each is.
    """
    dates = [(_event(element), _text(element)) for element in _core(package, "date")]
    of_event = {event: date for event, date in reversed(dates) if date}
    for event in _PUBLISHED:
        if date := of_event.get(event):
            return date, "book"
    changed = (
        _text(meta)
        for meta in package.iterfind(".//{*}metadata/{*}meta")
        if meta.get("property") == "dcterms:modified"
    )
    vague = next(filter(None, (*of_event.values(), *changed)), "")
    return iso_day(vague), ORIGIN


def _core(package: "Element", name: str) -> Iterator["Element"]:
    """Yield the elements of a field of Dublin Core."""
    yield from package.iterfind(f".//{{http://purl.org/dc/elements/1.1/}}{name}")


def _text(element: "Element") -> str:
    """Return the text of an element on one line."""
    return one_line(element.text or "")


def _event(element: "Element") -> str:
    """Return the event that a date of EPUB 2 is of, "" if it does not say."""
    found = element.get("{http://www.idpf.org/2007/opf}event") or element.get("event") or ""
    return found.strip().lower()
