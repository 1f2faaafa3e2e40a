"""Pages of the web that a browser saved with their pictures in one file (MHT, MHTML)."""

from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from dataclasses import replace
from email.message import Message
from pathlib import Path

from index.addresses import read_address
from index.decode import decode
from index.errors import UnreadableFile
from index.readers.extracted import Declared, Extracted, Field
from index.readers.page import declared_encoding, page_article, read_page
from index.readers.parts import parse_parts, payload
from index.readers.properties import ORIGIN
from index.readers.prose import one_line

# A page has fewer; each of those without text would be read in vain.
_MAX_FRAMES = 20

# As far as the first sign of a file is looked for.
_HEAD_BYTES = 1_000

_PAGES = ("text/html", "application/xhtml+xml")


def read_saved_page(path: Path, data: bytes) -> Iterator[Extracted]:
    """Read a saved page as any other; its frames only where it has no text itself.

    What the browser noted of it, its title, address and the day it was saved, counts only where the
    page itself does not tell.
    """
    if (
        data[:_HEAD_BYTES].removeprefix(BOM_UTF8).lstrip().startswith(b"<")
    ):  # a page of HTML under this name
        yield from read_page(path, data)
        return
    yield parse_parts(path, data, "saved web page", lambda message: _article(path, message))


def _article(path: Path, message: Message) -> Extracted:
    """Make an article of the first page of a message that holds text."""
    refused = UnreadableFile(path, "is no saved web page")
    pages = _pages(message)
    for number, part in enumerate(pages[:_MAX_FRAMES]):
        try:
            page = page_article(path, _markup(path, part))
        except UnreadableFile as problem:
            refused = refused if number else problem
        else:
            return replace(page, declared={**_noted(message, pages[0]), **_sure(page.declared)})
    raise refused


def _pages(message: Message) -> list[Message]:
    """Return the pages in a message, the one that the others are frames of first."""
    pages = [part for part in message.walk() if part.get_content_type() in _PAGES]
    root = str(message.get_param("start") or "")
    return sorted(pages, key=lambda part: not root or str(part.get("Content-ID", "")) != root)


def _markup(path: Path, part: Message) -> str:
    """Return the characters of a page."""
    data = payload(part)
    charset = str(part.get_content_charset() or "") or declared_encoding(data)
    return decode(path, data, declared=charset)


def _sure(declared: Mapping[Field, Declared]) -> dict[Field, Declared]:
    """Return what a page declares; an address only if it is a whole one."""
    return {
        name: value
        for name, value in declared.items()
        if name != "url" or read_address(value.value)
    }


def _noted(message: Message, root: Message) -> dict[Field, Declared]:
    """Return what the browser noted of a page when it was saved."""
    values: dict[Field, str] = {
        "title": str(message.get("Subject", "")),
        "date": str(message.get("Date", "")),
        "url": str(message.get("Snapshot-Content-Location") or root.get("Content-Location", "")),
    }
    clean = {name: one_line(value) for name, value in values.items()}
    return {name: Declared(value, ORIGIN) for name, value in clean.items() if value}
