"""Feeds as files: RSS, RDF and Atom; each entry is an article."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from index.decode import decode
from index.errors import UnreadableFile
from index.readers.extracted import Declared, Extracted, Field, body
from index.readers.markup import field_line, field_prose
from index.readers.needed import needs
from index.readers.page import declared_encoding
from index.readers.prose import one_line, prose
from index.types import Skipped

Entry = Any
"""A feed, or an entry of it, of feedparser, which has no types."""

_FEED_ROOTS = ("rss", "feed", "rdf", "channel")
# What may stand in front of the root: the declaration, comments, instructions, a document type.
_PROLOGUE = re.compile(
    r"\s*(?:<\?(?:(?!\?>).){0,2000}\?>\s*|<!--(?:(?!-->).){0,20000}-->\s*)*"
    r"(?P<doctype><!DOCTYPE[^<>\[]{0,2000}(?:\[(?:(?!\]\s*>).){0,20000}\]\s*)?>\s*)?"
    r"(?:<\?(?:(?!\?>).){0,2000}\?>\s*|<!--(?:(?!-->).){0,20000}-->\s*)*"
    r"<(?:[\w.-]{1,40}:)?(?P<root>[\w.-]{1,80})",
    re.DOTALL | re.IGNORECASE,
)
_MAX_AUTHORS = 10
_PLAIN = "text/plain"


def read_feed(path: Path, data: bytes) -> Iterator[Extracted | Skipped]:
    """Read a feed: the full content of each entry, else its summary, HTML cleaned.

    Raises:
        UnreadableFile: if it is XML of another kind, or no XML.
    """
    text = decode(path, data, declared=declared_encoding(data))
    feed = _parse(path, _checked(path, text))
    if not feed.entries:
        raise UnreadableFile(path, "is a feed without articles")
    for number, entry in enumerate(feed.entries, start=1):
        name = f"#{number}"
        try:
            yield Extracted(_text(path, entry), _declared(path, entry, feed), name)
        except UnreadableFile as problem:
            yield Skipped(name, problem.reason)


def _checked(path: Path, text: str) -> str:
    """Return the feed without its document type, whose entities could grow without bound.

    Raises:
        UnreadableFile: if it is none.
    """
    match = _PROLOGUE.match(text)
    if match is None:
        raise UnreadableFile(path, "is no feed, nor other XML")
    if match["root"].lower() not in _FEED_ROOTS:
        raise UnreadableFile(path, f"is XML but no feed: it begins with <{match['root']}>")
    start, end = match.span("doctype")
    return text[:start] + text[end:] if start >= 0 else text


def _parse(path: Path, text: str) -> Entry:
    """Return the feed, as far as it can be parsed; nothing is fetched: it is given bytes."""
    try:
        import feedparser
    except ImportError as missing:
        raise needs(path, "feedparser", "html") from missing
    try:
        return feedparser.parse(
            io.BytesIO(text.encode()),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except Exception as problem:  # its parser of broken XML raises what it likes
        raise UnreadableFile(path, "is a damaged feed") from problem


def _text(path: Path, entry: Entry) -> str:
    """Return the longest content of an entry, or else its summary.

    Raises:
        UnreadableFile: if it has none.
    """
    for contents in (entry.get("content") or (), [entry.get("summary_detail") or {}]):
        texts = [
            prose(value) if content.get("type") == _PLAIN else field_prose(path, value)
            for content in contents
            if (value := content.get("value") or "")
        ]
        if text := max(texts, key=len, default=""):
            return text
    return body(path, "")


def _declared(path: Path, entry: Entry, feed: Entry) -> dict[Field, Declared]:
    """Return what an entry, or its feed for it, says."""
    channel = feed.feed
    found: dict[Field, tuple[str, str]] = {
        "title": (field_line(path, entry.get("title", "")[:2_000]), "feed"),
        "author": (field_line(path, _authors(entry)), "feed"),
        "source": (field_line(path, _source(entry, channel)), "feed"),
        "url": (entry.get("link", ""), "feed"),
        "language": (_language(entry, channel), "feed"),
        "date": _date(entry, feed.version),
    }
    values = {name: Declared(one_line(value), origin) for name, (value, origin) in found.items()}
    return {name: declared for name, declared in values.items() if declared.value}


def _authors(entry: Entry) -> str:
    """Return the names of the authors of an entry."""
    names = [author.get("name", "") for author in entry.get("authors", ())]
    return ", ".join(list(filter(None, names))[:_MAX_AUTHORS]) or entry.get("author", "")


def _source(entry: Entry, feed: Entry) -> str:
    """Return the title of the feed, or of the one that an entry was taken over from."""
    return str((entry.get("source") or {}).get("title") or feed.get("title") or "")[:2_000]


def _language(entry: Entry, feed: Entry) -> str:
    """Return the language that an entry, or its feed, is said to be in."""
    contents = [*entry.get("content", ()), entry.get("title_detail") or {}]
    declared = (content.get("language") for content in contents)
    return next(filter(None, declared), None) or feed.get("language") or ""


def _date(entry: Entry, version: str) -> tuple[str, str]:
    """Return when an entry was published, else when it was last changed, and where that stands."""
    # what feedparser takes for a change is, in RSS, the date of Dublin Core
    change = "feed" if version.startswith("rss") else "feed update"
    # feedparser gives the one for the other where it is asked for it by name
    for key, origin in (("published", "feed"), ("created", "feed"), ("updated", change)):
        if value := dict.get(entry, key):
            return value, origin
    return "", "feed"
