"""What a page says about itself: JSON-LD, the tags of its head, and what it shows above the text.

A date counts only where it is declared as the day of publication: a day of change is another one.
"""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from html import unescape
from typing import Any
from urllib.parse import urljoin

from index.readers.extracted import Declared, Field
from index.readers.markup import Element
from index.readers.prose import one_line

_MAX_JSON_CHARS = 1_000_000
_MAX_AUTHORS = 10

# Patterns are slow on the endless ones of hostile pages.
_MAX_CLASS_CHARS = 200
_MAX_TYPE_CHARS = 100

# The pattern that parts the name of the site from a title is slow on longer ones.
_MAX_TITLE_CHARS = 500

# What schema.org calls an article: NewsArticle, BlogPosting, Report...
_ARTICLE_TYPE = re.compile(r"(?:.*[/:])?\w*(?:Article|Posting|Report|Review)", re.ASCII)

# Names of tags in the head, the surest first. What is another outlet's (twitter:site) is left out.
_META: dict[Field, tuple[str, ...]] = {
    "title": (
        *("og:title", "twitter:title", "headline", "dc.title", "dcterms.title", "citation_title"),
        *("parsely-title", "sailthru.title", "title"),
    ),
    "date": (
        *("article:published_time", "og:article:published_time", "og:published_time"),
        *("article:published", "datepublished", "rnews:datepublished", "dcterms.issued"),
        *("dc.date.issued", "dcterms.created", "dc.date.created", "parsely-pub-date"),
        *("sailthru.date", "cxenseparse:recs:publishtime", "citation_publication_date"),
        *("publication_date", "publish_date", "publish-date", "publishdate", "published_date"),
        *("published", "pubdate", "pub_date", "originalpublicationdate", "dc.date"),
        *("dcterms.date", "citation_date", "date"),
    ),
    "author": (
        *("author", "article:author", "og:article:author", "dc.creator", "dcterms.creator"),
        *("citation_author", "parsely-author", "sailthru.author", "byl", "authors", "creator"),
    ),
    "source": (
        *("og:site_name", "publisher", "dc.publisher", "dcterms.publisher", "article:publisher"),
        *("citation_journal_title", "application-name"),
    ),
    "language": ("dc.language", "dcterms.language", "content-language", "language", "og:locale"),
    "url": ("og:url", "twitter:url"),
}
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_PUBLISHED_CLASS = re.compile(
    r"(?:^|[\s_-])(?:entry-date|published|dt-published|pub-?date|date-?publi\w*|publi\w*-date)(?:$|[\s_-])",
    re.IGNORECASE,
)
_UPDATED_CLASS = re.compile(r"updat|modif|mise-a-jour|maj\b", re.IGNORECASE)
_SAVED_FROM = re.compile(
    r"<!--\s*(?:saved from url=\(\d+\)|Page saved with SingleFile\s+url:\s*)(https?://[^\s<>]+)"
)


def page_fields(tree: Element, markup: str, *, is_usual: bool) -> dict[Field, Declared]:
    """Return what a page declares.

    Args:
        tree: its root.
        markup: the same as text, with the comments that `tree` lacks.
        is_usual: whether it is small and flat enough to look for a heading and a byline in it.
    """
    found: dict[Field, Declared] = {}
    for origin, values in (
        ("JSON-LD", _linked_data(tree)),
        ("meta tag", _head(tree)),
        ("page", _headings(tree) if is_usual else ()),
        ("page", _shown(tree, markup)),
    ):
        for name, value in values:
            if value := one_line(value):
                found.setdefault(name, Declared(value, origin))
    return found


def _linked_data(tree: Element) -> Iterator[tuple[Field, str]]:
    """Yield what the first article of the page's JSON-LD says."""
    article = next(_articles(tree), {})
    titles = [article.get("headline"), article.get("name")]
    yield from (("title", title) for title in map(_name, titles))
    yield from (("date", _name(article.get(key))) for key in ("datePublished", "dateCreated"))
    yield "author", _names(article.get("author") or article.get("creator"))
    yield "source", _name(article.get("publisher"))
    yield "language", _name(article.get("inLanguage"))
    for key in ("url", "mainEntityOfPage", "@id"):
        if _ADDRESS.fullmatch(address := _name(article.get(key), "@id")):
            yield "url", address


def _articles(tree: Element) -> Iterator[dict[str, Any]]:
    """Yield the articles that the JSON-LD of a page describes as its own."""
    for script in tree.iterfind(".//script[@type='application/ld+json']"):
        try:
            data = json.loads((script.text or "")[:_MAX_JSON_CHARS].strip(" \n;"), strict=False)
        except (ValueError, RecursionError):  # one of the other blocks may be sound
            continue
        for node in _nodes(data):
            kinds = node.get("@type")
            kinds = kinds if isinstance(kinds, list) else [kinds]
            names = (kind[:_MAX_TYPE_CHARS] for kind in kinds if isinstance(kind, str))
            if any(map(_ARTICLE_TYPE.fullmatch, names)):
                yield node


def _nodes(data: object) -> Iterator[dict[str, Any]]:
    """Yield the objects that JSON-LD describes: itself, those of its graph or list."""
    for node in data if isinstance(data, list) else [data]:
        if isinstance(node, dict):
            yield node
            inner = [node.get("@graph"), node.get("mainEntity")]
            for listed in inner:
                listed = listed if isinstance(listed, list) else [listed]
                yield from (item for item in listed if isinstance(item, dict))


def _name(value: object, key: str = "name") -> str:
    """Return a string, or the name of an object; of a list the first."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get(key) or value.get("name") or value.get("@value")
    return _plain(value) if isinstance(value, str) else ""


def _names(value: object) -> str:
    """Return the names of one or several people."""
    people = value if isinstance(value, list) else [value]
    names = (_name(person) for person in people[:_MAX_AUTHORS])
    return ", ".join(dict.fromkeys(name for name in names if name and not _ADDRESS.match(name)))


def _plain(value: str) -> str:
    """Return a value without the HTML that some sites leave in it."""
    return re.sub(r"<[^<>]{0,200}>", "", unescape(value[:2_000]))


def _head(tree: Element) -> Iterator[tuple[Field, str]]:
    """Yield what the tags of the head say, the surest name of each field first."""
    values = _meta_values(tree)
    for field, names in _META.items():
        for value in (value for name in names for value in values.get(name, [])):
            # Facebook's address of the author or the paper is no name
            if field in ("date", "language", "title", "url") or not _ADDRESS.match(value):
                yield field, value
        if field == "author" and len(authors := values.get("citation_author", [])) > 1:
            yield field, ", ".join(authors[:_MAX_AUTHORS])
    language = tree.get("lang") or tree.get("xml:lang") or ""
    yield "language", language
    yield from (("url", address) for address in _canonical(tree))


def _meta_values(tree: Element) -> dict[str, list[str]]:
    """Return what the tags "meta" hold, by their names in small letters."""
    values: dict[str, list[str]] = {}
    for tag in tree.iterfind(".//meta[@content]"):
        for key in ("property", "name", "itemprop", "http-equiv"):
            if (name := tag.get(key)) and (content := tag.get("content").strip()):
                values.setdefault(name.strip().lower(), []).append(_plain(content))
    return values


def _canonical(tree: Element) -> Iterator[str]:
    """Yield the address the page names as its own."""
    base = next((tag.get("href") for tag in tree.iterfind(".//base[@href]")), "")
    for link in tree.iterfind(".//link[@href]"):
        if (link.get("rel") or "").lower() == "canonical":
            try:
                yield urljoin(base, link.get("href").strip())
            except ValueError:
                continue


def _headings(tree: Element) -> Iterator[tuple[Field, str]]:
    """Yield the title and the author that the page shows."""
    from trafilatura.metadata import extract_author, extract_title

    found: dict[Field, str] = {}
    title = tree.find(".//title")
    with suppress(Exception):  # on broken pages trafilatura raises what it likes
        found["author"] = extract_author(tree) or ""
        if title is None or len(title.text or "") <= _MAX_TITLE_CHARS:
            found["title"] = extract_title(tree) or ""
    yield from found.items()


def _shown(tree: Element, markup: str) -> Iterator[tuple[Field, str]]:
    """Yield the time stamp that the page shows, and the address that it was saved from."""
    yield "date", _stamp(tree)
    if saved := _SAVED_FROM.search(markup[:4_000]):
        yield "url", saved[1]


def _stamp(tree: Element) -> str:
    """Return the machine's date beside the words, if the page says that it was published then."""
    for tag in tree.iterfind(".//*[@itemprop]"):
        if tag.get("itemprop").strip() == "datePublished":
            return str(tag.get("datetime") or tag.get("content") or tag.text_content())
    times = [tag for tag in tree.iterfind(".//time[@datetime]") if not _is_of_update(tag)]
    for tag in times:
        if tag.get("pubdate") is not None or _PUBLISHED_CLASS.search(_class(tag)):
            return str(tag.get("datetime"))
    days = {str(tag.get("datetime"))[:10]: str(tag.get("datetime")) for tag in times}
    return days.popitem()[1] if len(days) == 1 else ""


def _is_of_update(tag: Element) -> bool:
    """Whether a time stamp tells when the page was changed."""
    return _UPDATED_CLASS.search(f"{_class(tag)} {tag.get('itemprop') or ''}") is not None


def _class(tag: Element) -> str:
    """Return the classes of a tag, as far as real ones go."""
    return (tag.get("class") or "")[:_MAX_CLASS_CHARS]
